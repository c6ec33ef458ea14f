/**
 * Distributions of probability, by the algorithms of the library that Trino uses (Apache Commons Math), so that the same
 * digits come out but for the last ones.
 */
import { computed, fail } from './computed-function.ts'

const EPSILON = 1e-15
const BETA_EPSILON = 1e-14
const MAX_ITERATIONS = 10_000
const SMALLEST = 1e-50

/** Lentz's evaluation of a continued fraction. */
function continuedFraction(a: (n: number) => number, b: (n: number) => number, epsilon: number): number {
  const nonzero = (value: number) => (Math.abs(value) <= SMALLEST ? SMALLEST : value)
  let h = nonzero(a(0))
  let c = h
  let d = 0
  for (let n = 1; n < MAX_ITERATIONS; n++) {
    d = 1 / nonzero(a(n) + b(n) * d)
    c = nonzero(a(n) + b(n) / c)
    const delta = c * d
    h *= delta
    if (Math.abs(delta - 1) < epsilon) break
  }
  return h
}

// ---------------------------------------------------------------- gamma

const LANCZOS_G = 607 / 128
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202, 3.399464998481189e-5,
  4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265,
  -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
]
const GAMMA_A = [6.116095104481416e-9, 6.247308301164655e-9]
const GAMMA_B = [
  1, 0.203610414066807, 0.026620534842894922, 0.0004939449793824468, -8.514194324403149e-6, -6.4304548177935305e-6, 9.926418406727737e-7,
  -6.077618957228252e-8, 1.9575583661463974e-10,
]
const GAMMA_P = [
  6.116095104481416e-9, 6.8716741130671986e-9, 6.820161668496171e-10, 4.686843322948848e-11, 1.5728330277104463e-12,
  -1.2494415722763663e-13, 4.343529937408594e-15,
]
const GAMMA_Q = [1, 0.3056961078365221, 0.054642130860422966, 0.004956830093825887, 0.00026923694661863613]
const GAMMA_C = [
  -0.6558780715202539, -0.04200263503409524, 0.16653861138229148, -0.04219773455554433, -0.009621971527876973, 0.0072189432466631,
  -0.0011651675918590652, -0.00021524167411495098, 0.0001280502823881162, -2.013485478078824e-5, -1.2504934821426706e-6,
  1.133027231981696e-6, -2.056338416977607e-7,
]
const GAMMA_C_NEGATIVE = -0.42278433509846713
const EULER = 0.5772156649015329

const polynomial = (coefficients: readonly number[], x: number): number => coefficients.reduceRight((sum, value) => value + x * sum, 0)

/** 1 / gamma(1 + x) - 1 for x from -0.5 to 1.5. */
function inverseGammaPlus1(x: number): number {
  const t = x <= 0.5 ? x : x - 0.5 - 0.5
  const tail = t < 0 ? t * (polynomial(GAMMA_A, t) / polynomial(GAMMA_B, t)) : (polynomial(GAMMA_P, t) / polynomial(GAMMA_Q, t)) * t
  const last = GAMMA_C.length - 1
  const c = polynomial([...GAMMA_C.slice(0, last), (GAMMA_C[last] as number) + tail], t)
  if (t < 0) {
    const whole = GAMMA_C_NEGATIVE + t * c
    return x > 0.5 ? (t * whole) / x : x * (whole + 0.5 + 0.5)
  }
  const whole = EULER + t * c
  return x > 0.5 ? (t / x) * (whole - 0.5 - 0.5) : x * whole
}

const logGammaPlus1 = (x: number): number => -Math.log1p(inverseGammaPlus1(x))

function logGamma(x: number): number {
  if (Number.isNaN(x) || x <= 0) return Number.NaN
  if (x < 0.5) return logGammaPlus1(x) - Math.log(x)
  if (x <= 2.5) return logGammaPlus1(x - 0.5 - 0.5)
  if (x <= 8) {
    const n = Math.floor(x - 1.5)
    let product = 1
    for (let index = 1; index <= n; index++) product *= x - index
    return logGammaPlus1(x - (n + 1)) + Math.log(product)
  }
  let sum = 0
  for (let index = LANCZOS.length - 1; index > 0; index--) sum += (LANCZOS[index] as number) / (x + index)
  const shifted = x + LANCZOS_G + 0.5
  return (x + 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + Math.log((sum + (LANCZOS[0] as number)) / x)
}

function regularizedGammaP(a: number, x: number): number {
  if (x === 0) return 0
  if (x >= a + 1) return 1 - regularizedGammaQ(a, x)
  let term = 1 / a
  let sum = term
  for (let n = 1; Math.abs(term / sum) > EPSILON && n < MAX_ITERATIONS; n++) {
    term *= x / (a + n)
    sum += term
  }
  return Math.exp(-x + a * Math.log(x) - logGamma(a)) * sum
}

function regularizedGammaQ(a: number, x: number): number {
  if (x === 0) return 1
  if (x < a + 1) return 1 - regularizedGammaP(a, x)
  const fraction = continuedFraction(
    (n) => 2 * n + 1 - a + x,
    (n) => n * (a - n),
    EPSILON,
  )
  return Math.exp(-x + a * Math.log(x) - logGamma(a)) * (1 / fraction)
}

function error(x: number): number {
  if (Math.abs(x) > 40) return x > 0 ? 1 : -1
  const value = regularizedGammaP(0.5, x * x)
  return x < 0 ? -value : value
}

// ---------------------------------------------------------------- the inverse of the error function (M. Giles)

const CENTRAL = [
  1.6536545626831027, 0.24015818242558962, -0.006033670871430149, -0.000740702534166267, 0.00018673420803405714, -1.3882523362786469e-5,
  -1.3654692000834679e-6, 4.2347877827932404e-7, -2.9070369957882005e-8, -4.112633980346984e-9, 1.0512122733215323e-9,
  -5.415412054294628e-11, -1.2975133253453532e-11, 2.6335093153082323e-12, -8.151934197605472e-14, -4.054566272975207e-14,
  6.637638134358324e-15, 2.0972767875968562e-17, -1.333171662854621e-16, 1.1157877678025181e-17, 1.28584807152564e-18,
  -1.6850591381820166e-19, -3.64441206401782e-21,
]
const MIDDLE = [
  3.0838856104922208, 1.0052589676941592, 0.005370914553590064, -0.003751208507569241, 0.002491442096107851, -0.0016882755560235047,
  0.0009532893797373805, -0.0003550375203628475, 2.4031110387097894e-5, 6.828485145957318e-5, -4.7318229009055734e-5, 1.2475304481671779e-5,
  2.9234449089955446e-6, -4.013867526981546e-6, 1.5027403968909828e-6, 1.8239629214389228e-8, -2.7517406297064545e-7, 9.075656193888539e-8,
  2.2137376921775787e-9,
]
const OUTER = [
  4.849906401408584, 1.0103004648645344, -0.00013871931833623122, -0.00021503011930044477, 7.599527703001776e-5, -1.968177810553167e-5,
  4.526062597223154e-6, -9.9298272942317e-7, 2.2900482228026655e-7, -6.771199775845234e-8, 2.914795345090108e-8, -1.496002662714924e-8,
  7.61570120807834e-9, -3.789465440126737e-9, 1.5076572693500548e-9, -2.555641816996525e-10, -2.7109920616438573e-11,
]

function inverseError(x: number): number {
  const w = -Math.log((1 - x) * (1 + x))
  if (w < 6.25) return polynomial(CENTRAL, w - 3.125) * x
  if (w < 16) return polynomial(MIDDLE, Math.sqrt(w) - 3.25) * x
  return (Number.isFinite(w) ? polynomial(OUTER, Math.sqrt(w) - 5) : Number.POSITIVE_INFINITY) * x
}

// ---------------------------------------------------------------- beta

function regularizedBeta(x: number, a: number, b: number): number {
  if (x > (a + 1) / (2 + b + a) && 1 - x <= (b + 1) / (2 + b + a)) return 1 - regularizedBeta(1 - x, b, a)
  const fraction = continuedFraction(
    () => 1,
    (n) => {
      if (n % 2 === 0) {
        const m = n / 2
        return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      }
      const m = (n - 1) / 2
      return -((a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    },
    BETA_EPSILON,
  )
  const logBeta = logGamma(a) + (logGamma(b) - logGamma(a + b))
  return (Math.exp(a * Math.log(x) + b * Math.log1p(-x) - Math.log(a) - logBeta) * 1) / fraction
}

const betaCumulative = (a: number, b: number, x: number): number => (x <= 0 ? 0 : x >= 1 ? 1 : regularizedBeta(x, a, b))

const ROOT_ACCURACY = 1e-9
const RELATIVE_ACCURACY = 1e-14
const VALUE_ACCURACY = 1e-15

/** Brent's method, from the middle of the interval. */
function root(f: (x: number) => number, low: number, high: number): number {
  const middle = 0.5 * (low + high)
  const atMiddle = f(middle)
  if (Math.abs(atMiddle) <= VALUE_ACCURACY) return middle
  const atLow = f(low)
  if (Math.abs(atLow) <= VALUE_ACCURACY) return low
  if (atMiddle * atLow < 0) return brent(f, low, middle, atLow, atMiddle)
  const atHigh = f(high)
  if (Math.abs(atHigh) <= VALUE_ACCURACY) return high
  return brent(f, middle, high, atMiddle, atHigh)
}

function brent(f: (x: number) => number, low: number, high: number, atLow: number, atHigh: number): number {
  let [a, fa, b, fb] = [low, atLow, high, atHigh]
  let [c, fc] = [a, fa]
  let d = b - a
  let e = d
  for (;;) {
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b
      b = c
      c = a
      fa = fb
      fb = fc
      fc = fa
    }
    const tolerance = 2 * RELATIVE_ACCURACY * Math.abs(b) + ROOT_ACCURACY
    const m = 0.5 * (c - b)
    if (Math.abs(m) <= tolerance || fb === 0) return b
    if (Math.abs(e) < tolerance || Math.abs(fa) <= Math.abs(fb)) {
      d = m
      e = d
    } else {
      let s = fb / fa
      let p: number
      let q: number
      if (a === c) {
        p = 2 * m * s
        q = 1 - s
      } else {
        q = fa / fc
        const r = fb / fc
        p = s * (2 * m * q * (q - r) - (b - a) * (r - 1))
        q = (q - 1) * (r - 1) * (s - 1)
      }
      if (p > 0) q = -q
      else p = -p
      s = e
      e = d
      if (p >= 1.5 * m * q - Math.abs(tolerance * q) || p >= Math.abs(0.5 * s * q)) {
        d = m
        e = d
      } else d = p / q
    }
    a = b
    fa = fb
    if (Math.abs(d) > tolerance) b += d
    else b += m > 0 ? tolerance : -tolerance
    fb = f(b)
    if ((fb > 0 && fc > 0) || (fb <= 0 && fc <= 0)) {
      c = a
      fc = fa
      d = b - a
      e = d
    }
  }
}

// ---------------------------------------------------------------- functions

const require = (holds: boolean, message: string): void => {
  if (!holds) fail(message)
}

function checkBeta(a: number, b: number): void {
  require(a > 0, 'a must be > 0')
  require(b > 0, 'b must be > 0')
}

const wilson = (sign: 1 | -1) => (successes: bigint, trials: bigint, z: number) => {
  require(successes >= 0n, 'number of successes must not be negative')
  require(trials > 0n, 'number of trials must be positive')
  require(successes <= trials, 'number of successes must not be larger than number of trials')
  require(z >= 0, 'z-score must not be negative')
  const n = Number(trials)
  const p = Number(successes) / n
  return (p + (z * z) / (2 * n) + sign * z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n)
}

export const DISTRIBUTIONS = [
  computed('weir_normal_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', (mean, deviation, value) => {
    require(deviation > 0, 'standardDeviation must be > 0')
    return 0.5 * (1 + error((value - mean) / (deviation * Math.SQRT2)))
  }),
  computed('weir_inverse_normal_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', (mean, deviation, p) => {
    require(p > 0 && p < 1, 'p must be 0 > p > 1')
    require(deviation > 0, 'sd must be > 0')
    return mean + deviation * Math.SQRT2 * inverseError(2 * p - 1)
  }),
  computed('weir_beta_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', (a, b, value) => {
    require(value >= 0 && value <= 1, 'value must be in the interval [0, 1]')
    checkBeta(a, b)
    return betaCumulative(a, b, value)
  }),
  computed('weir_inverse_beta_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', (a, b, p) => {
    require(p >= 0 && p <= 1, 'p must be in the interval [0, 1]')
    checkBeta(a, b)
    if (p === 0 || p === 1) return p
    return root((x) => betaCumulative(a, b, x) - p, 0, 1)
  }),
  computed('weir_t_cdf', ['DOUBLE', 'DOUBLE'], 'DOUBLE', (x, degrees) => {
    require(degrees > 0, 'df must be greater than 0')
    if (x === 0) return 0.5
    const t = betaCumulative(0.5 * degrees, 0.5, degrees / (degrees + x * x))
    return x < 0 ? 0.5 * t : 1 - 0.5 * t
  }),
  computed('weir_t_pdf', ['DOUBLE', 'DOUBLE'], 'DOUBLE', (x, degrees) => {
    require(degrees > 0, 'df must be greater than 0')
    const half = (degrees + 1) / 2
    const factor = logGamma(half) - 0.5 * (Math.log(Math.PI) + Math.log(degrees)) - logGamma(degrees / 2)
    return Math.exp(factor - half * Math.log(1 + (x * x) / degrees))
  }),
  computed('weir_wilson_interval_lower', ['BIGINT', 'BIGINT', 'DOUBLE'], 'DOUBLE', wilson(-1)),
  computed('weir_wilson_interval_upper', ['BIGINT', 'BIGINT', 'DOUBLE'], 'DOUBLE', wilson(1)),
]
