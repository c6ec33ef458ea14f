/** Statistics of numbers. What has no answer for too few values is NULL. */
import { QueryError } from '#src/common/errors'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateForm } from '../function.ts'

const same = (trino: string, kernel: string, description: string) => aggregate(`${trino}(double) -> double`, description, kernel)

/** NaN and infinity, which the kernel gives where the deviation is zero or there is one row, are NULL. */
const finite =
  (name: string): AggregateForm =>
  (args, _types, clauses) =>
    `weir_finite(${kernelAggregate(name, args, clauses)})`

/** The population's skewness from the kernel's, which is the sample's. */
const skewness: AggregateForm = (args, _types, clauses) => {
  const sample = kernelAggregate('skewness', args, clauses)
  const count = `CAST(${kernelAggregate('count', args, clauses)} AS DOUBLE)`
  return `CASE WHEN ${count} >= 3 THEN ${sample} * (${count} - 2) / sqrt(${count} * (${count} - 1)) END`
}

/** Exact, so within every bound that the caller may ask for. */
const distinctCount: AggregateForm = ([value = ''], types, clauses) => {
  const type = types.arguments[0]
  const key = type === undefined ? value : types.kernel.equalityKey(value, type)
  return kernelAggregate('count', [key], { ...clauses, distinct: 'DISTINCT ' })
}

/** The exact percentile of the values themselves, without interpolation. */
const percentile: AggregateForm = ([value = '', fraction = ''], types, clauses) => {
  const constant = types.constants[1]
  const fractions = Array.isArray(constant) ? constant : [constant]
  if (constant !== undefined && fractions.some((part) => typeof part === 'number' && !(part >= 0 && part <= 1))) {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', 'Percentile must be between 0 and 1', { at: types.at })
  }
  if (constant === undefined || constant === null)
    throw new QueryError('NOT_SUPPORTED', 'approx_percentile needs a constant percentile', { at: types.at })
  return kernelAggregate('quantile_disc', [value, fraction], clauses)
}

const NUMBERS = ['bigint', 'double', 'real']

export const statisticalAggregates = [
  same('stddev', 'stddev_samp', 'Standard deviation of a sample'),
  same('stddev_samp', 'stddev_samp', 'Standard deviation of a sample'),
  same('stddev_pop', 'stddev_pop', 'Standard deviation of a population'),
  same('variance', 'var_samp', 'Variance of a sample'),
  same('var_samp', 'var_samp', 'Variance of a sample'),
  same('var_pop', 'var_pop', 'Variance of a population'),
  aggregate('skewness(double) -> double', 'Skewness', skewness),
  aggregate('kurtosis(double) -> double', 'Excess kurtosis', finite('kurtosis')),
  aggregate('covar_pop(double, double) -> double', 'Covariance of a population', 'covar_pop'),
  aggregate('covar_samp(double, double) -> double', 'Covariance of a sample', 'covar_samp'),
  aggregate('corr(double, double) -> double', 'Correlation', finite('corr')),
  aggregate('regr_slope(double, double) -> double', 'Slope of the regression line', finite('regr_slope')),
  aggregate('regr_intercept(double, double) -> double', 'Intercept of the regression line', finite('regr_intercept')),
  aggregate(
    'geometric_mean(double) -> double',
    'Geometric mean',
    ([value = ''], _types, clauses) => `exp(${kernelAggregate('avg', [`weir_logarithm(${value}, ln(${value}))`], clauses)})`,
  ),
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
    percentile,
  ),
  aggregate('bitwise_and_agg(bigint) -> bigint', 'Bits that all have', 'bit_and'),
  aggregate('bitwise_or_agg(bigint) -> bigint', 'Bits that any has', 'bit_or'),
  aggregate('bitwise_xor_agg(bigint) -> bigint', 'Bits that an odd number has', 'bit_xor'),
].flat()
