/** Addresses and networks of the Internet. */
import { scalar } from '../definition.ts'

export const ipAddressFunctions = scalar(
  'contains(varchar(x), ipaddress) -> boolean',
  'Whether a network such as 10.0.0.0/8 contains the address',
  'weir_ip_contains($1, $2)',
)
