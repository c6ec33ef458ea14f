/** Digits of reals as Java's Float.toString has them: the fewest that mean the value, of those the nearest, a half to the even one. */
import { isPowerOfTwo } from './double-digits.ts'

const LEAST_NORMAL = 2 ** -126
/** Any decimal of so many digits is told by the real next to it. */
const SAFE_DIGITS = 6
/** Enough for every real. */
const MOST_DIGITS = 9

/** The double of these digits, of which the least values have two at least; zeros, NaN and infinities as they are. */
export function shortestReal(value: number): number {
  const size = Math.abs(value)
  if (size === 0 || !Number.isFinite(size)) return value
  for (let digits = size < LEAST_NORMAL ? 2 : SAFE_DIGITS; digits < MOST_DIGITS; digits++) {
    const found = withDigits(size, digits)
    if (found !== undefined) return value < 0 ? -found : found
  }
  return Number(value.toExponential(MOST_DIGITS - 1))
}

/** Undefined where no number of so many digits means the real. */
function withDigits(size: number, digits: number): number | undefined {
  const text = size.toExponential(digits - 1)
  const nearest = Number(text)
  if (Math.fround(nearest) !== size) {
    // A power of two is nearer to the neighbour below it, so that what lies further off above may mean it.
    const above = nearest < size && isPowerOfTwo(size) ? stepped(text, 1) : undefined
    return above !== undefined && Math.fround(above) === size ? above : undefined
  }
  if (nearest <= size || !isHalf(size, digits) || !/[13579]e/.test(text)) return nearest
  const below = stepped(text, -1)
  return Math.fround(below) === size ? below : nearest
}

/** Whether it lies in the middle between two numbers of so many digits. */
function isHalf(size: number, digits: number): boolean {
  const text = size.toExponential(digits)
  return text.includes('5e') && Number(text) === size
}

/** `1.25e+3` with another last digit. */
function stepped(text: string, by: number): number {
  const [mantissa = '', exponent = ''] = text.split('e')
  const places = mantissa.length - '1.'.length
  return Number(`${Number(mantissa.replace('.', '')) + by}e${Number(exponent) - places}`)
}

/** The real next to a decimal text, whose double is `value`: where that lies in the middle of two reals, the text's own digits decide. */
export function nearestReal(value: number, text: string): number {
  const real = Math.fround(value)
  if (!Number.isFinite(value) || real === value || !isMiddle(Math.abs(value), Math.abs(real))) return real
  return Math.fround(value + (Math.abs(value) / 2 ** 40) * excess(text, value))
}

/** The middle of the greatest real and what would follow. */
const GREATEST_MIDDLE = 2 ** 128 - 2 ** 103

function isMiddle(size: number, real: number): boolean {
  const other = 2 * size - real
  return real === Number.POSITIVE_INFINITY ? size === GREATEST_MIDDLE : Math.fround(other) === other
}

/** 1 where a text of a number says more than the double, -1 where less, 0 where the same. */
function excess(text: string, value: number): -1 | 0 | 1 {
  const [, mantissa = '', power = '0'] = /^(.*?)(?:[eE]([+-]?\d+))?[dDfF]?$/.exec(text) ?? []
  const point = mantissa.indexOf('.')
  const places = Number(power) - (point < 0 ? 0 : mantissa.length - point - 1)
  const digits = BigInt(mantissa.replace(/[+.]/g, '')) * 10n ** BigInt(Math.max(places, 0))
  const written = digits << BigInt(MIDDLE_BITS)
  const meant = BigInt(value * 2 ** MIDDLE_BITS) * 10n ** BigInt(Math.max(-places, 0))
  if (written === meant) return 0
  return written > meant ? 1 : -1
}

/** Bits that make whole numbers of all middles. */
const MIDDLE_BITS = 150
