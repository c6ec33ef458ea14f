/** Addresses of the Internet as 16 bytes: IPv4 as ::ffff:a.b.c.d, as RFC 4291 maps it. Texts are read and printed as RFC 5952 has them. */

/** The 16 bytes as 32 hexadecimal digits; undefined for a text that is no address. IPv4's parts have no leading zeros. */
export function parseIpAddress(text: string): string | undefined {
  const short = ipv4Digits(text)
  if (short !== undefined) return `${'0'.repeat(20)}ffff${short}`
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (tail === null) return groupDigits(text)
  const digits = ipv4Digits(tail[2] as string)
  return digits === undefined ? undefined : groupDigits(`${tail[1]}${digits.slice(0, 4)}:${digits.slice(4)}`)
}

function ipv4Digits(text: string): string | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined
  return parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')
}

const GROUPS = 8

function groupDigits(text: string): string | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const known = head.length + tail.length
  if (halves.length === 1 ? known !== GROUPS : known >= GROUPS) return undefined
  const groups = [...head, ...Array<string>(GROUPS - known).fill('0'), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.map((group) => group.toLowerCase().padStart(4, '0')).join('')
}

/** The shortest text: `10.0.0.1`, `2001:db8::1`. */
export function formatIpAddress(digits: string): string {
  if (digits.startsWith(`${'0'.repeat(20)}ffff`)) {
    return (digits.slice(24).match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.')
  }
  const groups = (digits.match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16).toString(16))
  const joined = `:${groups.join(':')}:`
  for (let length = GROUPS; length > 1; length--) {
    const zeros = `:${'0:'.repeat(length)}`
    if (joined.includes(zeros)) return joined.replace(zeros, '::').replace(/^:(?!:)|(?<!:):$/g, '')
  }
  return groups.join(':')
}
