/**
 * Digits of doubles where Trino does not give the shortest text that means the value.
 *
 * Its casts to varchar go by Java's DecimalFormat:
 *
 *   2^53 … 2^63   the whole number, less the decimal digits that its last bits cannot tell
 *   2^63 … 10^40  the shortest number that lies strictly between the halfway points to the value's neighbours. The shortest
 *                 text may lie on such a point; beyond, no number of 17 digits does
 *   powers of two  those nearer than a quarter of the distance to the next value, on both sides
 *
 * Its JSON goes by Double.toString: two digits at least, even of the least values.
 */

const MANTISSA_BITS = 53
const LONG_LIMIT = 2 ** 63
/** Two numbers of so many digits are further apart than the halfway points of any double. */
const FEWEST_DIGITS = 16

export const LEAST_LARGE_DOUBLE = 2 ** 53
export const LARGE_DOUBLES_END = 1e40

/** A positive double from LEAST_LARGE_DOUBLE to LARGE_DOUBLES_END as a whole number, of which the last digits may be zeros. */
export function largeDoubleDigits(value: number): string {
  const exact = BigInt(value)
  const exponent = exact.toString(2).length - 1
  if (value < LONG_LIMIT) return rounded(exact, Math.floor(Math.max(exponent - MANTISSA_BITS - 1, 0) * Math.log10(2))).toString()
  const candidate = wholeOf(value.toExponential())
  // A power of two is nearer to the neighbour below it.
  const half = 2n ** BigInt(exponent - MANTISSA_BITS) / (exact === 2n ** BigInt(exponent) ? 2n : 1n)
  const distance = candidate > exact ? candidate - exact : exact - candidate
  if (distance < half) return candidate.toString()
  const length = exact.toString().length
  const places = length - FEWEST_DIGITS
  const unit = 10n ** BigInt(places)
  const rest = exact % unit
  return rounded(exact, rest < half || rest + half > unit ? places : places - 1).toString()
}

/** `2.369e+21` as a whole number. */
function wholeOf(text: string): bigint {
  const [, first = '', rest = '', power = '0'] = /^(\d)(?:\.(\d+))?e\+(\d+)$/.exec(text) ?? []
  return BigInt(first + rest) * 10n ** BigInt(Number(power) - rest.length)
}

/** Half up, to a multiple of 10^places. */
function rounded(value: bigint, places: number): bigint {
  const unit = 10n ** BigInt(places)
  return ((value + unit / 2n) / unit) * unit
}

/** Its fewest digits, but two at least. */
export function twoDigitsAtLeast(value: number): string {
  const text = value.toExponential()
  return /^-?\de/.test(text) ? value.toExponential(1) : text
}

export const isPowerOfTwo = (size: number): boolean => 2 ** Math.round(Math.log2(size)) === size

/**
 * The digits of a power of two that Trino's casts give: the fewest that are as near to it as its nearer neighbour's halfway point
 * lies, also above it, where the other neighbour is twice as far off; so too of the least values, whose neighbours are equally far.
 */
export function powerOfTwoDigits(value: number): string {
  const exponent = Math.round(Math.log2(value))
  const [exact, near] = [exponent, Math.max(exponent, LEAST_EXPONENT) - MANTISSA_BITS - 1].map((power) => 2n ** BigInt(power + SHIFT))
  const first = Math.max(2, value.toExponential().split('e')[0]?.replace('.', '').length ?? 2)
  // Seventeen digits always are.
  for (let digits = first; ; digits++) {
    const text = value.toExponential(digits - 1)
    const [mantissa = '', power = ''] = text.split('e')
    const places = Number(power) - digits + 1
    const unit = 10n ** BigInt(Math.max(-places, 0))
    const step = 10n ** BigInt(Math.max(places, 0)) * 2n ** BigInt(SHIFT)
    const distance = BigInt(mantissa.replace('.', '')) * step - (exact as bigint) * unit
    if ((distance < 0n ? -distance : distance) >= (near as bigint) * unit) continue
    // A half goes to the even digit.
    return 2n * distance === step ? text.replace(/[13579](?=e)/, (odd) => String(Number(odd) - 1)) : text
  }
}

/** Of the least double of all 53 bits. */
const LEAST_EXPONENT = -1022
export const LEAST_NORMAL_DOUBLE = 2 ** LEAST_EXPONENT
/** Bits that make whole numbers of all doubles and a quarter of their distances. */
const SHIFT = 1080

/** `1.0E22`, `9.9E-324`: the shortest text, of two digits at least, that means a double. */
export function javaScientific(value: number): string {
  const [mantissa = '0', exponent = '0'] = twoDigitsAtLeast(value).split('e')
  return `${mantissa}E${Number(exponent)}`
}

/** As Java's Double.toString: `100.0`, `1.5E-7`; plain from 10^-3 to 10^7, scientific outside. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  return javaScientific(value)
}
