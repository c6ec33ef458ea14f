/** Texts. */
import { computed, fail } from './computed-function.ts'
import { englishStem } from './english-stem.ts'

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

const LARGEST_DISTANCE_TABLE = 1_000_000

function levenshtein(left: string, right: string): bigint {
  const from = [...left]
  const to = [...right]
  if (from.length * (to.length - 1) > LARGEST_DISTANCE_TABLE) fail(`The combined inputs for Levenshtein distance are too large`)
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

const LONGEST = 2n ** 63n - 1n

function humanReadableSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) fail(`Invalid argument found: ${Number.isNaN(seconds) ? 'NaN' : seconds > 0 ? 'Infinity' : '-Infinity'}`)
  const parts: string[] = []
  const rounded = BigInt(Math.round(Math.abs(seconds)))
  // Java's rounding ends at the greatest long.
  let rest = rounded > LONGEST ? LONGEST : rounded
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

/** Bytes of the character at a place; negative: so many bytes are malformed together. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number
  if (lead < 0x80) return 1
  const expected = lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : lead < 0xfc ? 5 : lead < 0xfe ? 6 : 0
  if (expected === 0) return -1
  let code = lead & (0xff >> (expected + 1))
  for (let index = 1; index < expected; index++) {
    const next = bytes[at + index]
    if (next === undefined || (next & 0xc0) !== 0x80) return -index
    code = code * 64 + (next & 0x3f)
  }
  const least = [0x80, 0x800, 0x10000][expected - 2]
  const malformed = least === undefined || code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)
  return malformed ? -expected : expected
}

/**
 * Where `part` occurs the n-th time, from 1, or 0. Occurrences may overlap. From the start places are code points, from the
 * end Trino counts UTF-16 units.
 */
function occurrence(text: string, part: string, n: bigint): bigint {
  if (n === 0n) fail("'instance' must be a positive or negative number.")
  if (part === '') return 1n
  let at = n > 0n ? -1 : text.length
  for (let missing = n > 0n ? n : -n; missing > 0n; missing--) {
    if (n < 0n && at === 0) return 0n
    at = n > 0n ? text.indexOf(part, at + 1) : text.lastIndexOf(part, at - 1)
    if (at < 0) return 0n
  }
  return BigInt(n > 0n ? [...text.slice(0, at)].length + 1 : at + 1)
}

const SIZE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
const LARGEST_SIZE = 10n ** 38n - 1n

/** Digits of a number of bytes. */
function dataSize(text: string): string {
  const [, whole = '', part = '', unit = ''] = /^(\d+)(?:\.(\d*))?([A-Za-z]+)$/.exec(text) ?? []
  const power = SIZE_UNITS.indexOf(unit)
  if (whole === '' || power < 0) fail(`Invalid data size: '${text}'`)
  const bytes = (BigInt(whole + part) * 1024n ** BigInt(power)) / 10n ** BigInt(part.length)
  if (bytes > LARGEST_SIZE) fail(`Value out of range: '${text}' ('${bytes}B')`, 'NUMERIC_VALUE_OUT_OF_RANGE')
  return bytes.toString()
}

/** Three digits and a letter for the power of a thousand. */
function shortNumber(value: bigint): string {
  let shown = Number(value)
  let unit = ''
  for (const next of ['K', 'M', 'B', 'T', 'Q']) {
    if (Math.abs(shown) < 1000) break
    shown /= 1000
    unit = next
  }
  const digits = shown < 10 ? 2 : shown < 100 ? 1 : 0
  return `${halfEven(shown, digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')}${unit}`
}

/** The value rounded to some digits; a tie goes to the even digit. All digits of a double are known to toFixed. */
function halfEven(value: number, digits: number): string {
  const exact = value.toFixed(80)
  const cut = exact.length - 80 + digits - (digits === 0 ? 1 : 0)
  const isTie = /^5?0*$/.test(exact.slice(exact.length - 80 + digits)) && exact[exact.length - 80 + digits] === '5'
  const last = Number(exact.slice(0, cut).replace('.', '').at(-1))
  return isTie && last % 2 === 0 ? exact.slice(0, cut) : value.toFixed(digits)
}

/** Languages of Trino's stemmers. */
const STEMMED = ['ca', 'da', 'de', 'en', 'es', 'eu', 'fi', 'fr', 'hu', 'hy', 'ir', 'it', 'lt', 'nl', 'no', 'pt', 'ro', 'ru', 'sv', 'tr']

function wordStem(word: string, language: string): string {
  if (!STEMMED.includes(language)) fail(`Unknown stemmer language: ${language}`)
  if (language !== 'en') fail(`word_stem of language '${language}' is not supported; 'en' is`, 'NOT_SUPPORTED')
  return englishStem(word)
}

/** Milliseconds of a unit of time. */
const TIME_UNITS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 }

function duration(text: string): bigint {
  const [, value = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*$/.exec(text) ?? []
  const size = TIME_UNITS[unit]
  if (value === '' || size === undefined) fail(`duration is not a valid data duration string: ${text}`)
  return BigInt(Math.round(Number(value) * size))
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
    if (code < 0n) fail(`Invalid code point 0x${BigInt.asUintN(32, code).toString(16).toUpperCase()}`, 'GENERIC_INTERNAL_ERROR')
    if (code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn)) fail('Invalid replacement character')
    return fromUtf8(bytes, String.fromCodePoint(Number(code)))
  }),
  computed('weir_strpos', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'BIGINT', occurrence),
  computed('weir_parse_data_size', ['VARCHAR'], 'VARCHAR', dataSize),
  computed('weir_parse_duration', ['VARCHAR'], 'BIGINT', duration),
  computed('weir_format_number', ['BIGINT'], 'VARCHAR', shortNumber),
  computed('weir_word_stem', ['VARCHAR', 'VARCHAR'], 'VARCHAR', wordStem),
  computed('weir_normalize', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, form) => {
    if (!FORMS.includes(form)) fail('Normalization form must be one of [NFD, NFC, NFKD, NFKC]')
    return text.normalize(form)
  }),
]
