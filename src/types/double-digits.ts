/**
 * Digits of doubles where Trino does not give the shortest text that means the value.
 *
 * Its casts to varchar go by Java's DecimalFormat:
 *
 *   2^53 … 2^63   the whole number, less the decimal digits that its last bits cannot tell
 *   2^63 … 10^40  the shortest number that lies strictly between the halfway points to the value's neighbours. The shortest
 *                 text may lie on such a point; beyond, no number of 17 digits does
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

/** `1.0E22`, `9.9E-324`: the shortest text, of two digits at least, that means a double. */
export function javaScientific(value: number): string {
  const [mantissa = '0', exponent = '0'] = (/^-?\de/.test(value.toExponential()) ? value.toExponential(1) : value.toExponential()).split(
    'e',
  )
  return `${mantissa}E${Number(exponent)}`
}
