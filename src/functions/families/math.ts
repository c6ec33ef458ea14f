/** Numbers. Where Java answers NaN or infinity the kernel fails, so those arguments are answered before it sees them. */
import { type DecimalType, decimal, type Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { scalar } from '../definition.ts'
import type { ScalarForm } from '../function.ts'
import { raise } from '../kernel-error.ts'
import { remainders } from '../operators.ts'

const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint']
const FLOATS = ['real', 'double']
const DECIMAL = 'decimal(p,s)'

const unary = (name: string, types: readonly string[]) => types.map((type) => `${name}(${type}) -> ${type}`)
const doubles = (name: string) => `${name}(double) -> double`
const first = (args: readonly Type[]) => args[0] as DecimalType

/** ceil, floor, round of a decimal: one digit more before the point, none behind it. */
const wholeDecimal = (args: readonly Type[]) => {
  const { precision, scale } = first(args)
  return decimal(Math.min(38, precision - scale + Math.min(scale, 1)), 0)
}
const truncatedDecimal = (args: readonly Type[]) => decimal(Math.max(first(args).precision - first(args).scale, 1), 0)
const roundedDecimal = (args: readonly Type[]) => decimal(Math.min(38, first(args).precision + 1), first(args).scale)

/** The kernel's function, cast to exactly the result's type. */
const exactly =
  (text: (arg: string) => string): ScalarForm =>
  ([arg = ''], { result, kernel }) =>
    `CAST(${text(arg)} AS ${kernel.stored(result)})`

/**
 * round(x, n) and truncate(x, n) of a decimal: moves the point by whole powers of ten, so that n needs not be constant.
 * Beyond 18 places nothing is left of, or to do for, a value of 38 digits at the scales in use.
 */
const placesOfDecimal =
  (name: 'round' | 'trunc'): ScalarForm =>
  ([given = '', places = ''], { constants, arguments: types, result, kernel }) => {
    const { scale, precision } = types[0] as DecimalType
    const constant = constants[1]
    const stored = kernel.stored(result)
    // The kernel's sums of 18 digits fail where they would need one more, and printed arithmetic may be narrower than its type.
    const value = precision >= 18 && name === 'round' ? `CAST(${given} AS ${stored})` : given
    if (typeof constant === 'bigint') {
      if (constant >= BigInt(scale)) return `CAST(${value} AS ${stored})`
      if (constant >= 0n) {
        if (name === 'round') return withinDigits(`round(${value}, ${constant})`, value, result, stored)
        // What stands behind the last kept digit goes.
        return `CAST(${value} - ${value} % CAST(${unit(Number(constant))} AS DECIMAL(${Number(constant) + 1}, ${constant})) AS ${stored})`
      }
      const digits = Number(-constant)
      if (digits > precision - scale) return `CASE WHEN ${value} IS NOT NULL THEN CAST(0 AS ${stored}) END`
      const power = `CAST(1${'0'.repeat(digits)} AS DECIMAL(${digits + 1}, 0))`
      const down = `(${value} - ${value} % ${power})`
      if (name === 'trunc') return `CAST(${down} AS ${stored})`
      const up = `CASE WHEN abs(${value} % ${power}) >= ${power} - abs(${value} % ${power}) THEN CASE WHEN ${value} < 0 THEN -${power} ELSE ${power} END ELSE 0 END`
      return withinDigits(`(${down} + ${up})`, value, result, stored)
    }
    const rounded = `weir_round_text(CAST(${value} AS VARCHAR), ${places}, ${name === 'trunc'})`
    return withinDigits(rounded, `CASE WHEN ${places} IS NOT NULL THEN ${value} END`, result, stored)
  }

/** What was rounded up may need a digit more than 38. */
function withinDigits(sql: string, value: string, result: Type, stored: string): string {
  if (result.kind !== 'decimal' || result.precision < 38) return `CAST(${sql} AS ${stored})`
  const overflow = `CASE WHEN ${value} IS NOT NULL THEN error('WEIR|NUMERIC_VALUE_OUT_OF_RANGE|decimal overflow: ' || ${value}) END`
  return `coalesce(TRY_CAST(${sql} AS ${stored}), ${overflow})`
}

const unit = (places: number) => (places === 0 ? '1' : `0.${'0'.repeat(places - 1)}1`)

const finite = (name: string) => `CASE WHEN isfinite($1) THEN ${name}($1) WHEN $1 IS NOT NULL THEN CAST('NaN' AS DOUBLE) END`

const randomBelow =
  (type: string): ScalarForm =>
  ([bound = ''], { constants }) => {
    const constant = constants[0]
    const guarded =
      typeof constant === 'bigint' && constant > 0n
        ? bound
        : `CASE WHEN ${bound} <= 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'bound must be positive')} ELSE ${bound} END`
    return `CAST(floor(random() * (${guarded})) AS ${type})`
  }
const RANDOM = { deterministic: false, strict: true }

const DISTRIBUTIONS = [
  ['normal_cdf', 'double, double, double', 'Probability below a value of a normal distribution'],
  ['inverse_normal_cdf', 'double, double, double', 'Value of a normal distribution below which a probability lies'],
  ['beta_cdf', 'double, double, double', 'Probability below a value of a beta distribution'],
  ['inverse_beta_cdf', 'double, double, double', 'Value of a beta distribution below which a probability lies'],
  ['t_cdf', 'double, double', "Probability below a value of Student's distribution"],
  ['t_pdf', 'double, double', "Density of Student's distribution"],
  ['wilson_interval_lower', 'bigint, bigint, double', 'Lower bound of the Wilson score interval'],
  ['wilson_interval_upper', 'bigint, bigint, double', 'Upper bound of the Wilson score interval'],
] as const

/** Powers of ten end at 18 places. */
function roundedPlaces(value: string, places: string, constant: Value | undefined): string {
  const rounded = `weir_round_integer(${value}, ${places})`
  if (typeof constant === 'bigint' && constant >= -18n) return rounded
  const failure = `error('WEIR|NUMERIC_VALUE_OUT_OF_RANGE|numerical overflow: ' || ${value})`
  return `CASE WHEN ${value} IS NULL THEN NULL WHEN ${places} < -18 THEN ${failure} ELSE ${rounded} END`
}

/** What does not fit fails with the name that Trino gives it for the type. */
function roundedInteger(sql: string, { kind }: Type): string {
  const [name, message] =
    kind === 'integer'
      ? (['GENERIC_INTERNAL_ERROR', 'integer overflow'] as const)
      : (['NUMERIC_VALUE_OUT_OF_RANGE', `Out of range for ${kind}`] as const)
  return `list_transform([${sql}], lambda r: CASE WHEN r IS NOT NULL THEN coalesce(TRY_CAST(r AS ${kind}), ${raise(name, message)}) END)[1]`
}

export const mathFunctions = [
  scalar(unary('abs', [...INTEGERS, ...FLOATS, DECIMAL]), 'Absolute value', 'abs($1)'),
  ...['ceil', 'ceiling'].map((name) => [
    scalar(unary(name, INTEGERS), 'Rounds up to an integer', '$1'),
    scalar(
      unary(name, FLOATS),
      'Rounds up to an integer',
      exactly((arg) => `ceil(${arg})`),
    ),
    scalar(
      `${name}(${DECIMAL}) -> decimal(rp,0)`,
      'Rounds up to an integer',
      exactly((arg) => `ceil(${arg})`),
      { resultType: wholeDecimal },
    ),
  ]),
  scalar(unary('floor', INTEGERS), 'Rounds down to an integer', '$1'),
  scalar(
    unary('floor', FLOATS),
    'Rounds down to an integer',
    exactly((arg) => `floor(${arg})`),
  ),
  scalar(
    `floor(${DECIMAL}) -> decimal(rp,0)`,
    'Rounds down to an integer',
    exactly((arg) => `floor(${arg})`),
    { resultType: wholeDecimal },
  ),
  scalar(unary('round', INTEGERS), 'Rounds to an integer', '$1'),
  scalar(
    unary('round', FLOATS),
    'Rounds to an integer',
    // Java's rounding has no negative zero of a zero.
    exactly((arg) => `CASE WHEN ${arg} = 0 THEN 0 ELSE round(${arg}) END`),
  ),
  scalar(
    `round(${DECIMAL}) -> decimal(rp,0)`,
    'Rounds to an integer',
    exactly((arg) => `round(${arg})`),
    { resultType: wholeDecimal },
  ),
  scalar(
    INTEGERS.map((type) => `round(${type}, integer) -> ${type}`),
    'Rounds to a number of digits',
    ([value, places], { result, constants }) =>
      typeof constants[1] === 'bigint' && constants[1] >= 0n
        ? `${value}`
        : roundedInteger(roundedPlaces(`${value}`, `${places}`, constants[1]), result),
  ),
  scalar(
    FLOATS.map((type) => `round(${type}, integer) -> ${type}`),
    'Rounds to a number of digits',
    ([value, places], { result, kernel }) =>
      // To a negative number of digits the kernel gives 0 for what is not finite.
      // Java's rounding has no negative zero of a zero.
      `CASE WHEN ${value} = 0 AND ${places} IS NOT NULL THEN 0 WHEN isfinite(${value}) AND ${places} < -323 THEN CAST('NaN' AS ${kernel.stored(result)}) WHEN isfinite(${value}) OR ${places} IS NULL THEN CAST(round(${value}, ${places}) AS ${kernel.stored(result)}) ELSE ${value} END`,
  ),
  scalar(`round(${DECIMAL}, integer) -> decimal(rp,s)`, 'Rounds to a number of digits', placesOfDecimal('round'), {
    resultType: roundedDecimal,
  }),
  scalar(
    unary('truncate', FLOATS),
    'Drops the fraction',
    exactly((arg) => `trunc(${arg})`),
  ),
  scalar(
    `truncate(${DECIMAL}) -> decimal(rp,0)`,
    'Drops the fraction',
    exactly((arg) => `trunc(${arg})`),
    { resultType: truncatedDecimal },
  ),
  scalar(`truncate(${DECIMAL}, integer) -> decimal(p,s)`, 'Drops digits', placesOfDecimal('trunc'), { resultType: first }),
  scalar(
    unary('sign', INTEGERS),
    'Sign',
    exactly((arg) => `sign(${arg})`),
  ),
  scalar(
    unary('sign', FLOATS),
    'Sign',
    ([arg], { result, kernel }) =>
      `CAST(CASE WHEN isnan(${arg}) OR ${arg} = 0 THEN ${arg} ELSE sign(${arg}) END AS ${kernel.stored(result)})`,
  ),
  scalar(
    `sign(${DECIMAL}) -> decimal(1,0)`,
    'Sign',
    exactly((arg) => `sign(${arg})`),
  ),
  scalar(doubles('sqrt'), 'Square root', `CASE WHEN $1 >= 0 THEN sqrt($1) WHEN $1 IS NOT NULL THEN CAST('NaN' AS DOUBLE) END`),
  scalar(doubles('cbrt'), 'Cube root', 'weir_cbrt($1)'),
  scalar(doubles('exp'), 'Power of e', 'exp($1)'),
  scalar(doubles('ln'), 'Natural logarithm', 'weir_logarithm($1, ln($1))'),
  scalar(doubles('log2'), 'Logarithm to base 2', 'weir_logarithm($1, ln($1) / ln(CAST(2 AS DOUBLE)))'),
  scalar(doubles('log10'), 'Logarithm to base 10', 'weir_log10($1)'),
  scalar('log(double, double) -> double', 'Logarithm to a base', '(weir_logarithm($2, ln($2)) / weir_logarithm($1, ln($1)))'),
  scalar(
    ['power(double, double) -> double', 'pow(double, double) -> double'],
    'Power',
    `CASE WHEN $1 IS NOT NULL AND (isnan($2) OR (isinf($2) AND abs($1) = 1)) THEN CAST('NaN' AS DOUBLE) ELSE pow($1, $2) END`,
  ),
  ...[doubles('sin'), doubles('cos'), doubles('tan')].map((signature) =>
    scalar(signature, 'Trigonometric function', finite(signature.slice(0, 3))),
  ),
  scalar(doubles('asin'), 'Arc sine', 'weir_asin($1)'),
  scalar(doubles('acos'), 'Arc cosine', 'weir_acos($1)'),
  scalar(doubles('atan'), 'Arc tangent', 'weir_atan($1)'),
  scalar('atan2(double, double) -> double', 'Arc tangent of a quotient', 'weir_atan2($1, $2)'),
  scalar(doubles('sinh'), 'Hyperbolic function', 'sinh($1)'),
  ...['cosh', 'tanh'].map((name) => scalar(doubles(name), 'Hyperbolic function', `weir_${name}($1)`)),
  scalar(doubles('degrees'), 'Radians to degrees', 'degrees($1)'),
  scalar(doubles('radians'), 'Degrees to radians', 'radians($1)'),
  scalar('e() -> double', "Euler's number", 'exp(CAST(1 AS DOUBLE))'),
  scalar('pi() -> double', 'Pi', 'pi()'),
  scalar('infinity() -> double', 'Infinity', `CAST('Infinity' AS DOUBLE)`),
  scalar('nan() -> double', 'Not a number', `CAST('NaN' AS DOUBLE)`),
  scalar(['is_nan(double) -> boolean', 'is_nan(real) -> boolean'], 'Whether it is not a number', 'isnan($1)'),
  scalar('is_finite(double) -> boolean', 'Whether it is finite', 'isfinite($1)'),
  scalar('is_infinite(double) -> boolean', 'Whether it is infinite', 'isinf($1)'),
  ...remainders('mod', 'Remainder'),
  ...['random', 'rand'].flatMap((name) => [
    scalar(`${name}() -> double`, 'Random number from 0 up to 1', 'random()', RANDOM),
    scalar(`${name}(tinyint) -> tinyint`, 'Random number below n', randomBelow('TINYINT'), RANDOM),
    scalar(`${name}(smallint) -> smallint`, 'Random number below n', randomBelow('SMALLINT'), RANDOM),
    scalar(`${name}(integer) -> integer`, 'Random number below n', randomBelow('INTEGER'), RANDOM),
    scalar(`${name}(bigint) -> bigint`, 'Random number below n', randomBelow('BIGINT'), RANDOM),
    scalar(
      INTEGERS.map((type) => `${name}(${type}, ${type}) -> ${type}`),
      'Random number from m up to n',
      ([low, high], { result, kernel }) =>
        `CAST(CASE WHEN ${low} >= ${high} THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'start value must be less than stop value')} ELSE ${low} + floor(random() * (CAST(${high} AS DOUBLE) - ${low})) END AS ${kernel.stored(result)})`,
      RANDOM,
    ),
  ]),
  scalar('width_bucket(double, double, double, bigint) -> bigint', 'Number of the histogram bucket', 'weir_width_bucket($1, $2, $3, $4)'),
  scalar(
    'width_bucket(double, array(double)) -> bigint',
    'Number of the histogram bucket',
    'weir_width_bucket_of($1, CAST(to_json(list_transform($2, lambda b: CAST(b AS VARCHAR))) AS VARCHAR))',
  ),
  ...DISTRIBUTIONS.map(([name, parameters, description]) => scalar(`${name}(${parameters}) -> double`, description, `weir_${name}($*)`)),
  scalar('to_base(bigint, bigint) -> varchar(64)', 'Text of a number to a radix', 'weir_to_base($1, $2)'),
  scalar('from_base(varchar(x), bigint) -> bigint', 'Number of a text to a radix', 'weir_from_base($1, $2)'),
].flat(2)
