/** Lengths that results are calculated to have. */
import { type VarcharType, varchar } from '#src/types/type'

/** The length that means none. */
const UNBOUNDED = 2_147_483_647

/** varchar(length), or varchar where no length is that large. */
export function boundedVarchar(length: number): VarcharType {
  return varchar(length >= UNBOUNDED ? undefined : length)
}
