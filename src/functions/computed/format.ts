/** format(): java.util.Formatter over Trino's values. */
import { javaDouble } from '#src/types/double-digits'
import { shortestReal } from '#src/types/real-digits'
import { computed, fail } from './computed-function.ts'
import { formatMoment, isoText } from './format-moment.ts'

/** How Java sees an argument: boolean, Long, Float and Double, BigDecimal, String, or a date or time by its ISO text. */
export type FormatKind = 'boolean' | 'long' | 'float' | 'double' | 'decimal' | 'string' | 'moment'

interface Argument {
  readonly kind: FormatKind
  /** NULL is null. */
  readonly text: string | null
}

interface Specifier {
  readonly flags: string
  readonly width: number
  /** -1: none. */
  readonly precision: number
  readonly conversion: string
}

const JAVA_TYPES: Readonly<Record<FormatKind, string>> = {
  boolean: 'java.lang.Boolean',
  long: 'java.lang.Long',
  float: 'java.lang.Float',
  double: 'java.lang.Double',
  decimal: 'java.math.BigDecimal',
  string: 'java.lang.String',
  moment: 'java.time.LocalDateTime',
}

const SPECIFIER = /%(\d+\$|<)?([-#+ 0,(]*)([1-9]\d*)?(?:\.(\d+))?([tT]?[a-zA-Z%])/y

/** `values` is a JSON array: the kind and the text of each argument in turn. */
function format(pattern: string, values: string): string {
  const parts = JSON.parse(values) as (string | null)[]
  const args: Argument[] = []
  for (let index = 0; index < parts.length; index += 2) args.push({ kind: parts[index] as FormatKind, text: parts[index + 1] ?? null })
  const invalid = (why: string): never => fail(`Invalid format string: ${pattern} (${why})`)
  let result = ''
  let next = 0
  let last = -1
  for (let at = 0; at < pattern.length; ) {
    if (pattern[at] !== '%') {
      result += pattern[at++]
      continue
    }
    SPECIFIER.lastIndex = at
    const match = SPECIFIER.exec(pattern)
    if (match === null) return invalid(`UnknownFormatConversion: Conversion = '${pattern[at + 1] ?? '%'}'`)
    at += match[0].length
    const [, index, flags = '', width, precision, conversion = ''] = match
    const specifier: Specifier = {
      flags,
      width: width === undefined ? -1 : Number(width),
      precision: precision === undefined ? -1 : Number(precision),
      conversion,
    }
    checkFlags(specifier, invalid)
    if (conversion === 'n') {
      result += '\n'
      continue
    }
    if (conversion === '%') {
      result += justify('%', specifier)
      continue
    }
    if (index === '<') {
      if (last < 0) return invalid(`MissingFormatArgument: Format specifier '${match[0]}'`)
    } else last = index === undefined ? next++ : Number(index.slice(0, -1)) - 1
    const argument = args[last]
    if (argument === undefined) return invalid(`MissingFormatArgument: Format specifier '${match[0]}'`)
    result += formatArgument(argument, specifier, invalid)
  }
  return result
}

function checkFlags({ flags, width, precision, conversion }: Specifier, invalid: (why: string) => never): void {
  if (new Set(flags).size < flags.length) invalid(`DuplicateFormatFlags: Flags = '${flags}'`)
  const has = (flag: string) => flags.includes(flag)
  if ((has('-') || has('0')) && width < 0 && conversion !== 'n') invalid(`MissingFormatWidth: %${flags}${conversion}`)
  if ((has('-') && has('0')) || (has('+') && has(' '))) invalid(`IllegalFormatFlags: Flags = '${flags}'`)
  const lower = conversion[0]?.toLowerCase() ?? ''
  const allowed: Readonly<Record<string, string>> = {
    s: '-',
    b: '-',
    h: '-',
    c: '-',
    d: '-+ 0,(',
    o: '-#0',
    x: '-#0',
    e: '-#+ 0(',
    f: '-#+ 0,(',
    g: '-+ 0,(',
    t: '-',
    '%': '-',
    n: '',
  }
  const known = allowed[lower]
  if (known === undefined || (/[DOFTN]/.test(conversion[0] as string) && conversion[0] !== 'T'))
    invalid(`UnknownFormatConversion: Conversion = '${conversion}'`)
  for (const flag of flags)
    if (!known?.includes(flag)) invalid(`FormatFlagsConversionMismatch: Conversion = ${conversion}, Flags = ${flag}`)
  if (precision >= 0 && /^[cdoxt%n]$/.test(lower)) invalid(`IllegalFormatPrecision: ${precision}`)
  if (lower === 'n' && width >= 0) invalid(`IllegalFormatWidth: ${width}`)
}

function formatArgument(argument: Argument, specifier: Specifier, invalid: (why: string) => never): string {
  const { conversion, precision } = specifier
  const lower = conversion[0]?.toLowerCase() as string
  const cased = (text: string) => (/[A-Z]/.test(conversion[0] as string) ? text.toUpperCase() : text)
  // Half of a character outside of the basic plane is no text.
  const cut = (text: string) => (precision >= 0 ? text.slice(0, precision).replace(/\p{Surrogate}/gu, '?') : text)
  const { kind, text } = argument
  if (lower === 'b') return justify(cased(cut(text === null ? 'false' : kind === 'boolean' ? text : 'true')), specifier)
  if (text === null) return justify(cased(cut('null')), specifier)
  const mismatch = (): never => invalid(`IllegalFormatConversion: ${conversion} != ${JAVA_TYPES[kind]}`)
  switch (lower) {
    case 's':
      return justify(cased(cut(shownText(argument.kind, text))), specifier)
    case 'a':
      return kind === 'double' || kind === 'float' ? fail(`format with %${conversion} is not supported`, 'NOT_SUPPORTED') : mismatch()
    case 'h': {
      const hash = hashCode(kind, text)
      return hash === undefined
        ? fail('format with %h of this type is not supported', 'NOT_SUPPORTED')
        : justify(cased(cut((hash >>> 0).toString(16))), specifier)
    }
    case 'd':
      return kind === 'long' ? signed(text.replace(/^-/, ''), text.startsWith('-'), specifier) : mismatch()
    case 'o':
    case 'x':
      return kind === 'long' ? cased(unsigned(BigInt(text), lower === 'x' ? 16 : 8, specifier)) : mismatch()
    case 'e':
    case 'f':
    case 'g':
      return kind === 'double' || kind === 'float' || kind === 'decimal' ? cased(fraction(text, lower, specifier, kind)) : mismatch()
    case 't':
      return kind === 'moment' || kind === 'long'
        ? justify(cased(formatMoment(text, kind === 'long', conversion[1] as string, invalid)), specifier)
        : mismatch()
    default:
      return mismatch()
  }
}

function justify(text: string, { flags, width }: Specifier): string {
  const missing = width - text.length
  if (missing <= 0) return text
  return flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text
}

function unsigned(value: bigint, radix: number, specifier: Specifier): string {
  const digits = BigInt.asUintN(64, value).toString(radix)
  const prefix = specifier.flags.includes('#') ? (radix === 16 ? '0x' : '0') : ''
  const zeros = specifier.flags.includes('0') ? '0'.repeat(Math.max(0, specifier.width - prefix.length - digits.length)) : ''
  return justify(prefix + zeros + digits, specifier)
}

/** Puts sign, grouping and zeros around the digits of an absolute value. */
function signed(digits: string, negative: boolean, specifier: Specifier): string {
  const { flags, width } = specifier
  const [whole = '', ...rest] = digits.split(/(?=[.eE])/)
  const grouped = flags.includes(',') ? whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') : whole
  const body = grouped + rest.join('')
  const before = negative ? (flags.includes('(') ? '(' : '-') : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const after = negative && flags.includes('(') ? ')' : ''
  const zeros = flags.includes('0') ? '0'.repeat(Math.max(0, width - before.length - body.length - after.length)) : ''
  return justify(before + zeros + body + after, specifier)
}

const DEFAULT_PRECISION = 6

function fraction(text: string, conversion: 'e' | 'f' | 'g', specifier: Specifier, kind: FormatKind): string {
  if (text === 'NaN' || text.endsWith('Infinity')) {
    const plus = specifier.flags.includes('+') && text === 'Infinity' ? '+' : ''
    const shown = text === '-Infinity' && specifier.flags.includes('(') ? '(Infinity)' : plus + text
    return justify(shown, { ...specifier, flags: specifier.flags.replace('0', '') })
  }
  const negative = text.startsWith('-')
  const number = decimalOf(text.replace(/^-/, ''), kind)
  const precision = specifier.precision < 0 ? DEFAULT_PRECISION : specifier.precision
  if (conversion === 'f') return signed(plain(number, precision), negative, specifier)
  if (conversion === 'e') return signed(scientific(number, precision), negative, specifier)
  const significant = precision === 0 ? 1 : precision
  const rounded = roundTo(number, exponentOf(number) - significant + 1)
  const exponent = exponentOf(rounded)
  const isPlain = rounded.digits === 0n || (exponent >= -4 && exponent < significant)
  const decimals = rounded.digits === 0n ? significant - 1 : significant - exponent - 1
  return signed(isPlain ? plain(number, decimals) : scientific(number, significant - 1), negative, specifier)
}

/** digits · 10^power. */
interface Decimal {
  readonly digits: bigint
  readonly power: number
}

/** Zero has a power only as a decimal. */
function decimalOf(text: string, kind: FormatKind): Decimal {
  const [, whole = '', part = '', exponent = '0'] = /^(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? []
  const digits = BigInt(whole + part)
  return { digits, power: digits === 0n && kind !== 'decimal' ? 0 : Number(exponent) - part.length }
}

const exponentOf = ({ digits, power }: Decimal): number => (digits === 0n ? 0 : digits.toString().length - 1 + power)

/** Half up to a multiple of 10^power. */
function roundTo(number: Decimal, power: number): Decimal {
  if (number.power >= power) return { digits: number.digits * 10n ** BigInt(number.power - power), power }
  const unit = 10n ** BigInt(power - number.power)
  const down = number.digits / unit
  return { digits: down + ((number.digits % unit) * 2n >= unit ? 1n : 0n), power }
}

function plain(number: Decimal, precision: number): string {
  const digits = roundTo(number, -precision)
    .digits.toString()
    .padStart(precision + 1, '0')
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`
}

function scientific(number: Decimal, precision: number): string {
  if (number.digits === 0n)
    return `0${precision === 0 ? '' : `.${'0'.repeat(precision)}`}e${number.power < 0 ? '-' : '+'}${String(Math.abs(number.power)).padStart(2, '0')}`
  let rounded = roundTo(number, exponentOf(number) - precision)
  // 9.99 may have become 10.0.
  if (rounded.digits.toString().length > precision + 1) rounded = { digits: rounded.digits / 10n, power: rounded.power + 1 }
  const digits = rounded.digits.toString()
  const exponent = rounded.power + precision
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits[0]}${precision === 0 ? '' : `.${digits.slice(1)}`}e${exponent < 0 ? '-' : '+'}${size}`
}

/** java.math.BigDecimal writes small numbers with an exponent. */
function shownText(kind: FormatKind, text: string): string {
  if (kind === 'moment') return isoText(text)
  if (kind === 'float') return javaDouble(shortestReal(Number(text)))
  if (kind !== 'decimal') return text
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text) ?? []
  const digits = (whole + part).replace(/^0+(?=\d)/, '')
  const exponent = digits.length - 1 - part.length
  if (part === '' || exponent >= -6) return text
  return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}E${exponent}`
}

/** Java's hash of a value; undefined for types whose hash is not known here. */
function hashCode(kind: FormatKind, text: string): number | undefined {
  switch (kind) {
    case 'boolean':
      return text === 'true' ? 1231 : 1237
    case 'long': {
      const bits = BigInt.asUintN(64, BigInt(text))
      return Number((bits ^ (bits >> 32n)) & 0xffffffffn)
    }
    case 'double': {
      const view = new DataView(new ArrayBuffer(8))
      view.setFloat64(0, Number(text))
      return view.getInt32(0) ^ view.getInt32(4)
    }
    case 'string': {
      let hash = 0
      for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
      return hash
    }
    case 'float':
    case 'decimal':
    case 'moment':
      return undefined
  }
}

export const FORMATS = [computed('weir_format', ['VARCHAR', 'VARCHAR'], 'VARCHAR', format)]
