/** Numbers: radices, histogram buckets, rounding to a number of digits that is no constant, texts with exponents. */
import { javaScientific } from '#src/types/double-digits'
import { doubleText, realText } from '#src/types/format-value'
import { shortestReal } from '#src/types/real-digits'
import { computed, fail } from './computed-function.ts'

const LEAST = -(2n ** 63n)
const GREATEST = 2n ** 63n - 1n
const MOST_DIGITS = 64

function checkRadix(radix: bigint): number {
  if (radix < 2n || radix > 36n) fail('Radix must be between 2 and 36')
  return Number(radix)
}

function toBase(value: bigint, radix: bigint): string {
  const text = value.toString(checkRadix(radix))
  if (text.length > MOST_DIGITS) fail(`Character count exceeds length limit ${MOST_DIGITS}`, 'GENERIC_INTERNAL_ERROR')
  return text
}

function fromBase(text: string, radix: bigint): bigint {
  const base = checkRadix(radix)
  const invalid = () => fail(`Not a valid base-${radix} number: ${text}`)
  // Full-width digits and letters count as well.
  const plain = text.replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  const [, sign = '', digits = ''] = /^([+-]?)([0-9A-Za-z]+)$/.exec(plain) ?? []
  if (digits === '') invalid()
  let value = 0n
  for (const character of digits) {
    const digit = Number.parseInt(character, 36)
    if (digit >= base) invalid()
    value = value * radix + BigInt(digit)
  }
  if (sign === '-') value = -value
  if (value < LEAST || value > GREATEST) invalid()
  return value
}

/** Trino searches by halves, and looks at the order only as far as it comes. */
function widthBucket(operand: number, bins: string): bigint {
  const values = JSON.parse(bins) as (number | string | null)[]
  if (values.length === 0) fail('Bins cannot be an empty array')
  if (Number.isNaN(operand)) fail('Operand cannot be NaN')
  const at = (index: number) => Number(values[index] ?? 0)
  let lower = 0
  let upper = values.length
  while (lower < upper) {
    if (at(lower) > at(upper - 1)) fail('Bin values are not sorted in ascending order')
    const middle = Math.floor((lower + upper) / 2)
    if (!Number.isFinite(at(middle))) fail(`Bin value must be finite, got ${at(middle)}`)
    if (operand < at(middle)) upper = middle
    else lower = middle + 1
  }
  return BigInt(lower)
}

/** A decimal's text rounded half up, or cut, to a number of digits behind the point; a negative one counts before it. */
function roundText(text: string, places: number, cut: boolean): string {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text) ?? []
  if (places >= part.length) return text
  const digits = BigInt(whole + part)
  const dropped = part.length - places
  if (dropped > whole.length + part.length) return '0'
  const unit = 10n ** BigInt(dropped)
  const rounded = ((digits + (cut ? 0n : unit / 2n)) / unit) * unit
  const result = rounded.toString().padStart(part.length + 1, '0')
  const at = result.length - part.length
  return `${sign}${result.slice(0, at)}${part === '' ? '' : `.${result.slice(at)}`}`
}

/** Places before and behind the point that no decimal has. */
const BEYOND_DECIMALS = 40

/**
 * A number's text without its exponent, for the kernel reads decimals with exponents wrong; NULL for what is too large for
 * every decimal.
 */
function plainDecimal(text: string): string | null {
  const [, sign = '', whole = '', part = '', exponent = ''] = /^([+-]?)(\d*)\.?(\d*)[eE]([+-]?\d+)$/.exec(text) ?? []
  const digits = (whole + part).replace(/^0+/, '')
  // Digits before the point.
  const places = digits.length - part.length + Number(exponent)
  if (digits === '' || places < -BEYOND_DECIMALS) return '0'
  if (places > BEYOND_DECIMALS) return null
  if (places <= 0) return `${sign}0.${'0'.repeat(-places)}${digits}`
  return `${sign}${digits.slice(0, places).padEnd(places, '0')}.${digits.slice(places)}`
}

/** a / b of decimals' texts, rounded half away from zero to `scale` digits behind the point. */
function quotient(a: string, b: string, scale: number): string {
  const [dividend, divisor] = [unscaledOf(a), unscaledOf(b)]
  const shift = scale - dividend.scale + divisor.scale
  const [n, d] =
    shift >= 0 ? [dividend.value * 10n ** BigInt(shift), divisor.value] : [dividend.value, divisor.value * 10n ** BigInt(-shift)]
  const negative = n < 0n !== d < 0n
  const [size, by] = [n < 0n ? -n : n, d < 0n ? -d : d]
  const rounded = (2n * size + by) / (2n * by)
  if (rounded >= DECIMALS_END) fail('Decimal overflow', 'NUMERIC_VALUE_OUT_OF_RANGE')
  const digits = rounded.toString().padStart(scale + 1, '0')
  const at = digits.length - scale
  return `${negative ? '-' : ''}${digits.slice(0, at)}${scale === 0 ? '' : `.${digits.slice(at)}`}`
}

const DECIMALS_END = 10n ** 38n

function unscaledOf(text: string): { readonly value: bigint; readonly scale: number } {
  const point = text.indexOf('.')
  return { value: BigInt(text.replace('.', '')), scale: point < 0 ? 0 : text.length - point - 1 }
}

export const NUMBERS = [
  computed('weir_to_base', ['BIGINT', 'BIGINT'], 'VARCHAR', toBase),
  computed('weir_from_base', ['VARCHAR', 'BIGINT'], 'BIGINT', fromBase),
  computed('weir_width_bucket_of', ['DOUBLE', 'VARCHAR'], 'BIGINT', widthBucket),
  computed('weir_round_text', ['VARCHAR', 'INTEGER', 'BOOLEAN'], 'VARCHAR', roundText),
  computed('weir_quotient', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'VARCHAR', quotient),
  computed('weir_plain_decimal', ['VARCHAR'], 'VARCHAR', plainDecimal),
  computed('weir_real_text', ['FLOAT'], 'VARCHAR', realText, { isCheap: true }),
  computed('weir_real_shortest', ['FLOAT'], 'DOUBLE', shortestReal, { isCheap: true }),
  computed('weir_double_text', ['DOUBLE'], 'VARCHAR', doubleText, { isCheap: true }),
  computed('weir_double_shortest', ['DOUBLE'], 'VARCHAR', (value) => (Number.isFinite(value) ? javaScientific(value) : String(value)), {
    isCheap: true,
  }),
]
