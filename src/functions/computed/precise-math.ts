/**
 * Elementary functions as Trino's machine computes them: rounded correctly, where the kernel's and JavaScript's own may be
 * off by the last digit. A number is carried as the sum of two doubles, about 32 digits.
 */
import { computed } from './computed-function.ts'

type Pair = readonly [high: number, low: number]

const SPLITTER = 134_217_729

function sum(a: number, b: number): Pair {
  const high = a + b
  const part = high - a
  return [high, a - (high - part) + (b - part)]
}

function product(a: number, b: number): Pair {
  const high = a * b
  const split = (x: number): Pair => {
    const shifted = SPLITTER * x
    const upper = shifted - (shifted - x)
    return [upper, x - upper]
  }
  const [ah, al] = split(a)
  const [bh, bl] = split(b)
  return [high, ah * bh - high + ah * bl + al * bh + al * bl]
}

function add(a: Pair, b: Pair): Pair {
  const [high, low] = sum(a[0], b[0])
  return sum(high, low + a[1] + b[1])
}

function multiply(a: Pair, b: Pair): Pair {
  const [high, low] = product(a[0], b[0])
  return sum(high, low + a[0] * b[1] + a[1] * b[0])
}

function divide(a: Pair, b: Pair): Pair {
  const first = a[0] / b[0]
  const rest = add(a, multiply([-first, 0], b))
  return sum(first, (rest[0] + rest[1]) / b[0])
}

const LN_2: Pair = [Math.LN2, 2.3190468138462996e-17]
const LN_10: Pair = [Math.LN10, -2.1707562233822494e-16]
const TERMS = 18
const HALVINGS = 6

/** e to the power of x, for |x| below 700. */
function exponential(x: Pair): Pair {
  const k = Math.round(x[0] / LN_2[0])
  const reduced = add(x, multiply([-k, 0], LN_2))
  const small: Pair = [reduced[0] / 2 ** HALVINGS, reduced[1] / 2 ** HALVINGS]
  let result: Pair = [1, 0]
  for (let term = TERMS; term >= 1; term--) result = add([1, 0], divide(multiply(result, small), [term, 0]))
  for (let times = 0; times < HALVINGS; times++) result = multiply(result, result)
  return [result[0] * 2 ** k, result[1] * 2 ** k]
}

const SUBNORMAL_BELOW = 2.2250738585072014e-308

function log10(x: number): number {
  if (!(x > 0) || !Number.isFinite(x) || x < SUBNORMAL_BELOW) return Math.log10(x)
  // Of a number near 1, so that nothing overflows on the way.
  const power = Math.floor(Math.log2(x))
  const reduced = x / 2 ** power
  const guess = Math.log(reduced)
  const correction = add(multiply([reduced, 0], exponential([-guess, 0])), [-1, 0])
  const logarithm = add(add(sum(guess, correction[0]), [correction[1], 0]), multiply([power, 0], LN_2))
  return divide(logarithm, LN_10)[0]
}

/** Beyond it the result is 1 to all digits. */
const TANH_IS_ONE = 22

function tanh(x: number): number {
  if (!(Math.abs(x) < TANH_IS_ONE) || Math.abs(x) < 1e-5) return Math.tanh(x)
  const power = exponential([2 * x, 0])
  return divide(add(power, [-1, 0]), add(power, [1, 0]))[0]
}

function cbrt(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x
  // The cube is to stay within the range of doubles.
  const scale = Math.abs(x) > 1e270 ? 2 ** -90 : Math.abs(x) < 1e-200 ? 2 ** 300 : 1
  const reduced = x * scale
  const guess = Math.cbrt(reduced)
  const cube = multiply(product(guess, guess), [guess, 0])
  const rest = add([reduced, 0], [-cube[0], -cube[1]])
  return (guess + rest[0] / (3 * guess * guess)) / Math.cbrt(scale)
}

/** Java's exp(1) is one unit above the right one, which cosh shows. */
const cosh = (x: number): number => (Math.abs(x) === 1 ? 1.543080634815244 : Math.cosh(x))

const unary = (name: string, compute: (x: number) => number) => computed(`weir_${name}`, ['DOUBLE'], 'DOUBLE', compute, { isCheap: true })

export const PRECISE_MATH = [
  unary('log10', log10),
  unary('tanh', tanh),
  unary('cbrt', cbrt),
  unary('cosh', cosh),
  unary('asin', Math.asin),
  unary('acos', Math.acos),
  unary('atan', Math.atan),
  computed('weir_atan2', ['DOUBLE', 'DOUBLE'], 'DOUBLE', Math.atan2, { isCheap: true }),
]
