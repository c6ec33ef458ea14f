/** Statistics of numbers. What has no answer for too few values is NULL. */
import { QueryError } from '#src/common/errors'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateClauses, AggregateForm, CallTypes } from '../function.ts'
import { raise } from '../kernel-error.ts'
import { withFilter } from './aggregate.ts'

/** Whether an argument of a row that counts is NaN or infinite. */
function endless(args: readonly string[], clauses: AggregateClauses): string {
  const given = args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')
  const infinite = `NOT (${args.map((arg) => `isfinite(${arg})`).join(' AND ')})`
  const condition = args.length === 1 ? infinite : `CASE WHEN ${given} THEN ${infinite} END`
  return kernelAggregate('bool_or', [condition], { ...clauses, distinct: '' })
}

/** The arguments, NULL in rows that have no finite numbers. */
const finiteOnly = (args: readonly string[]): readonly string[] =>
  args.map((arg) => `CASE WHEN ${args.map((each) => `isfinite(${each})`).join(' AND ')} THEN ${arg} END`)

/** How many rows count. */
const countOf = (args: readonly string[], clauses: AggregateClauses): string =>
  args.length === 1
    ? kernelAggregate('count', args, clauses)
    : kernelAggregate('count', [`CASE WHEN ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN 1 END`], clauses)

/** The kernel fails on NaN and infinity, of which Trino makes NaN; `least` values must be there for any answer. */
const spread =
  (name: string, least: number): AggregateForm =>
  (args, _types, clauses) =>
    `CASE WHEN ${endless(args, clauses)} THEN CASE WHEN ${countOf(args, clauses)} >= ${least} THEN CAST('NaN' AS DOUBLE) END ELSE ${kernelAggregate(name, finiteOnly(args), clauses)} END`

const same = (trino: string, kernel: string, description: string) =>
  aggregate(`${trino}(double) -> double`, description, spread(kernel, kernel.endsWith('samp') ? 2 : 1))

/** Of two doubles; of two reals, a real. */
const pairwise = (name: string, description: string, form: AggregateForm) => [
  ...aggregate(`${name}(double, double) -> double`, description, form),
  ...aggregate(`${name}(real, real) -> real`, description, (args, types, clauses) => `CAST(${form(args, types, clauses)} AS FLOAT)`),
]

/** NaN and infinity, which the kernel gives where the deviation is zero or there is one row, are NULL. */
const finite =
  (name: string): AggregateForm =>
  (args, _types, clauses) =>
    `CASE WHEN NOT coalesce(${endless(args, clauses)}, false) THEN weir_finite(${kernelAggregate(name, finiteOnly(args), clauses)}) END`

/** Values that are all equal have none: NaN. */
const shape =
  (name: 'skewness' | 'kurtosis', least: number): AggregateForm =>
  (args, _types, clauses) => {
    const found = clauses.suffix.includes(' OVER (') ? shapeOfWindow(name, args, clauses) : `weir_${name}(${centered(args, clauses)})`
    return `CASE WHEN ${countOf(args, clauses)} >= ${least} THEN CASE WHEN ${endless(args, clauses)} THEN CAST('NaN' AS DOUBLE) ELSE coalesce(${found}, CAST('NaN' AS DOUBLE)) END END`
  }

/** How far the values lie from their mean. The kernel's own statistics are made of sums of powers, in which it drowns. */
const centered = (args: readonly string[], clauses: AggregateClauses): string =>
  `weir_centered(${kernelAggregate('list', args, { ...clauses, suffix: withFilter(`isfinite(${args[0]})`, clauses) })})`

/** Frames are not kept as lists; variances and covariances of values and their squares lose fewer digits than sums of powers. */
function shapeOfWindow(name: string, args: readonly string[], clauses: AggregateClauses): string {
  const [value = ''] = finiteOnly(args)
  const of = (kernel: string, ...values: readonly string[]): string => kernelAggregate(kernel, values, clauses)
  const square = `${value} * ${value}`
  const parts = `n := ${of('count', value)}, m := ${of('avg', value)}, v := ${of('var_pop', value)}, c := ${of('covar_pop', value, square)}, w := ${of('var_pop', square)}`
  return `CASE WHEN ${of('min', value)} < ${of('max', value)} THEN list_transform([struct_pack(${parts})], lambda s: weir_${name}_of(s))[1] END`
}

const geometricMean: AggregateForm = ([value = ''], _types, clauses) =>
  `exp(${kernelAggregate('avg', [`weir_logarithm(${value}, ln(${value}))`], clauses)})`

const LEAST_ERROR = 0.0040625
const GREATEST_ERROR = 0.26

/** Exact, so within every bound that the caller may ask for. */
const distinctCount: AggregateForm = ([value = '', error], types, clauses) => {
  const type = types.arguments[0]
  const plainKey = type === undefined ? value : types.kernel.equalityKey(value, type)
  const bound = types.constants[1]
  const fine = error === undefined || (typeof bound === 'number' && bound >= LEAST_ERROR && bound <= GREATEST_ERROR)
  const message = `'WEIR|INVALID_FUNCTION_ARGUMENT|Max standard error must be in [${LEAST_ERROR}, ${GREATEST_ERROR}]: ' || weir_java_double(${error})`
  const key = fine
    ? plainKey
    : `CASE WHEN ${error} >= ${LEAST_ERROR} AND ${error} <= ${GREATEST_ERROR} THEN ${plainKey} WHEN ${error} IS NOT NULL THEN error(${message}) END`
  return kernelAggregate('count', [key], { ...clauses, distinct: 'DISTINCT ' })
}

/** What the rank of a percentile is moved by, so that the kernel's, which begins at ⌈pn⌉, is Trino's ⌊pn⌋ + 1. */
const NEXT_RANK = 1e-12

/**
 * A value of the input: that at the rank ⌊pn⌋, counted from 0, which is what Trino's digest gives as long as it keeps every
 * value. `position` is the percentile's argument; a weight that is the same for all rows changes nothing.
 */
const percentile =
  (position: 1 | 2): AggregateForm =>
  (args, types, clauses) => {
    const [value = ''] = args
    const fraction = args[position] ?? ''
    const constant = types.constants[position]
    if (position === 2) checkWeight(types)
    if (constant === null) return `CASE WHEN false THEN ${kernelAggregate('any_value', [value], clauses)} END`
    if (constant === undefined) {
      if (types.result.kind === 'array') {
        throw new QueryError('NOT_SUPPORTED', 'approx_percentile needs constant percentiles', { at: types.at })
      }
      const sorted = kernelAggregate('list', [value], {
        ...clauses,
        distinct: '',
        orderBy: ` ORDER BY ${value}`,
        suffix: withFilter(`${value} IS NOT NULL`, clauses),
      })
      return `list_transform([struct_pack(l := ${sorted}, p := any_value(${fraction})${clauses.suffix})], lambda s: weir_percentile(s.l, s.p))[1]`
    }
    const fractions = Array.isArray(constant) ? constant : [constant]
    if (fractions.some((part) => typeof part === 'number' && !(part >= 0 && part <= 1))) {
      throw new QueryError('INVALID_FUNCTION_ARGUMENT', 'Percentile must be between 0 and 1')
    }
    const moved = fractions.map((part) => String(Math.min(1, Number(part) + NEXT_RANK)))
    const list = Array.isArray(constant) ? `[${moved.join(', ')}]` : moved.join('')
    const found = kernelAggregate('quantile_disc', [value, list], clauses)
    const type = types.arguments[0]?.kind
    if (type !== 'double' && type !== 'real') return found
    return `CASE WHEN ${endless([value], clauses)} THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'value must be finite')} ELSE ${found} END`
  }

function checkWeight({ constants, at }: CallTypes): void {
  const weight = constants[1]
  if (typeof weight !== 'number') throw new QueryError('NOT_SUPPORTED', 'approx_percentile needs a constant weight', { at })
  if (weight < 1) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `weight must be >= 1, was ${weight}`)
}

const NUMBERS = ['bigint', 'double', 'real']

export const statisticalAggregates = [
  same('stddev', 'stddev_samp', 'Standard deviation of a sample'),
  same('stddev_samp', 'stddev_samp', 'Standard deviation of a sample'),
  same('stddev_pop', 'stddev_pop', 'Standard deviation of a population'),
  same('variance', 'var_samp', 'Variance of a sample'),
  same('var_samp', 'var_samp', 'Variance of a sample'),
  same('var_pop', 'var_pop', 'Variance of a population'),
  aggregate('skewness(double) -> double', 'Skewness', shape('skewness', 3)),
  aggregate('kurtosis(double) -> double', 'Excess kurtosis', shape('kurtosis', 4)),
  pairwise('covar_pop', 'Covariance of a population', spread('covar_pop', 1)),
  pairwise('covar_samp', 'Covariance of a sample', spread('covar_samp', 2)),
  pairwise('corr', 'Correlation', finite('corr')),
  pairwise('regr_slope', 'Slope of the regression line', finite('regr_slope')),
  pairwise('regr_intercept', 'Intercept of the regression line', finite('regr_intercept')),
  aggregate(['geometric_mean(bigint) -> double', 'geometric_mean(double) -> double'], 'Geometric mean', geometricMean),
  aggregate('geometric_mean(real) -> real', 'Geometric mean', (...call) => `CAST(${geometricMean(...call)} AS FLOAT)`),
  aggregate(
    ['<T:comparable> approx_distinct(T) -> bigint', '<T:comparable> approx_distinct(T, double) -> bigint'],
    'Number of different values',
    distinctCount,
  ),
  aggregate(
    NUMBERS.flatMap((type) => [
      `approx_percentile(${type}, double) -> ${type}`,
      `approx_percentile(${type}, array(double)) -> array(${type})`,
    ]),
    'Percentile',
    percentile(1),
  ),
  aggregate(
    NUMBERS.flatMap((type) => [
      `approx_percentile(${type}, double, double) -> ${type}`,
      `approx_percentile(${type}, double, double, double) -> ${type}`,
      `approx_percentile(${type}, double, array(double)) -> array(${type})`,
    ]),
    'Percentile of weighted values',
    percentile(2),
  ),
  aggregate('bitwise_and_agg(bigint) -> bigint', 'Bits that all have', 'bit_and'),
  aggregate('bitwise_or_agg(bigint) -> bigint', 'Bits that any has', 'bit_or'),
  aggregate('bitwise_xor_agg(bigint) -> bigint', 'Bits that an odd number has', 'bit_xor'),
].flat()
