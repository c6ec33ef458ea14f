/** Texts. */
import { computed, fail } from './computed-function.ts'

const SOUNDEX = '01230120022455012623010202'

function soundex(text: string): string {
  const upper = [...text.toUpperCase()].filter((character) => /\p{L}/u.test(character))
  if (upper.length === 0) return ''
  const code = (character: string): string => {
    const index = character.charCodeAt(0) - 0x41
    if (index < 0 || index > 25) fail(`The character is not mapped: ${character} (index=${index})`)
    return SOUNDEX[index] as string
  }
  let result = upper[0] as string
  let last = code(result)
  for (const character of upper.slice(1)) {
    if (result.length >= 4) break
    // H and W stand between two letters of one code without parting them.
    if (character === 'H' || character === 'W') continue
    const next = code(character)
    if (next !== '0' && next !== last) result += next
    last = next
  }
  return result.padEnd(4, '0')
}

function levenshtein(left: string, right: string): bigint {
  const from = [...left]
  const to = [...right]
  if (from.length * to.length >= 1_000_000) fail(`The combined inputs for Levenshtein distance are too large`)
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, character] of from.entries()) {
    const next = [index + 1]
    for (let at = 0; at < to.length; at++) {
      const changed = (row[at] as number) + (character === to[at] ? 0 : 1)
      next.push(Math.min(changed, (row[at + 1] as number) + 1, (next[at] as number) + 1))
    }
    row = next
  }
  return BigInt(row[to.length] as number)
}

function hamming(left: string, right: string): bigint {
  const from = [...left]
  const to = [...right]
  if (from.length !== to.length) fail('The input strings to hamming_distance function must have the same length')
  return BigInt(from.filter((character, index) => character !== to[index]).length)
}

const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

function humanReadableSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) fail(`Invalid argument found: ${Number.isNaN(seconds) ? 'NaN' : seconds > 0 ? 'Infinity' : '-Infinity'}`)
  const parts: string[] = []
  let rest = BigInt(Math.abs(Math.round(seconds)))
  for (const [name, size] of UNITS) {
    const count = rest / BigInt(size)
    rest -= count * BigInt(size)
    if (count > 0n) parts.push(`${count} ${name}${count === 1n ? '' : 's'}`)
  }
  return parts.length === 0 ? '0 seconds' : parts.join(', ')
}

function luhn(text: string): boolean {
  if (!/^[0-9]*$/.test(text)) fail('Input contains non-digit character')
  if (text === '') return false
  const sum = [...text].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

/** UTF-8 with each malformed byte sequence replaced. */
function fromUtf8(bytes: Uint8Array, replacement: string): string {
  const characters = [...replacement]
  if (characters.length > 1) fail('Replacement character string must empty or a single character')
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const size = sequenceLength(bytes, at)
    if (size > 0) text += Buffer.from(bytes.subarray(at, at + size)).toString('utf8')
    else text += replacement
    at += Math.abs(size)
  }
  return text
}

/** Bytes of the character at a place; negative: so many bytes are malformed. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number
  const expected = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0
  if (expected === 0) return -1
  let code = expected === 1 ? lead : lead & (0xff >> (expected + 1))
  for (let index = 1; index < expected; index++) {
    const next = bytes[at + index]
    if (next === undefined || (next & 0xc0) !== 0x80) return -index
    code = code * 64 + (next & 0x3f)
  }
  const malformed =
    (expected === 3 && (code < 0x800 || (code >= 0xd800 && code <= 0xdfff))) || (expected === 4 && (code < 0x10000 || code > 0x10ffff))
  return malformed ? -expected : expected
}

/** Where `part` occurs the n-th time, by code points from 1; 0 when it does not. Occurrences may overlap. */
function occurrence(text: string, part: string, n: bigint): bigint {
  if (n === 0n) fail("'instance' must be a positive or negative number.")
  if (part === '') return 1n
  let at = n > 0n ? -1 : text.length
  for (let missing = n > 0n ? n : -n; missing > 0n; missing--) {
    if (n < 0n && at === 0) return 0n
    at = n > 0n ? text.indexOf(part, at + 1) : text.lastIndexOf(part, at - 1)
    if (at < 0) return 0n
  }
  return BigInt([...text.slice(0, at)].length + 1)
}

const FORMS = ['NFD', 'NFC', 'NFKD', 'NFKC']

export const TEXTS = [
  computed('weir_soundex', ['VARCHAR'], 'VARCHAR', soundex),
  computed('weir_levenshtein', ['VARCHAR', 'VARCHAR'], 'BIGINT', levenshtein),
  computed('weir_hamming', ['VARCHAR', 'VARCHAR'], 'BIGINT', hamming),
  computed('weir_human_readable_seconds', ['DOUBLE'], 'VARCHAR', humanReadableSeconds),
  computed('weir_luhn_check', ['VARCHAR'], 'BOOLEAN', luhn),
  computed('weir_from_utf8', ['BLOB', 'VARCHAR'], 'VARCHAR', fromUtf8),
  computed('weir_from_utf8_code', ['BLOB', 'BIGINT'], 'VARCHAR', (bytes, code) => {
    if (code < 0n || code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn)) fail('Invalid replacement character')
    return fromUtf8(bytes, String.fromCodePoint(Number(code)))
  }),
  computed('weir_strpos', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'BIGINT', occurrence),
  computed('weir_normalize', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, form) => {
    if (!FORMS.includes(form)) fail('Normalization form must be one of [NFD, NFC, NFKD, NFKC]')
    return text.normalize(form)
  }),
]
