/** Aggregates with a plain meaning; those over arrays and maps are in aggregate-collect.ts, statistics in aggregate-statistics.ts. */
import { type DecimalType, decimal, type Type } from '#src/types/type'
import { averageBelowOne, decimalAverage, unscaled } from '../decimal-form.ts'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateClauses, AggregateForm } from '../function.ts'
import { raise } from '../kernel-error.ts'

const kernel =
  (name: string, result: string): AggregateForm =>
  (args, _types, clauses) =>
    `CAST(${kernelAggregate(name, args, clauses)} AS ${result})`

/** Rows that a sum may have before it leaves 38 digits, as a power of ten: more than any table has. */
const MOST_ROWS_DIGITS = 18

const MAX_SCALE = 38

/** Exact sum divided by the count, rounded half away from zero at the argument's scale. */
const averageOfDecimals: AggregateForm = ([value = ''], types, clauses) => {
  const result = types.result as DecimalType
  const count = kernelAggregate('count', [value], clauses)
  if (result.scale === MAX_SCALE) return averageBelowOne(kernelAggregate('sum', [unscaled({ sql: value, ...result })], clauses), count)
  const sum = kernelAggregate('sum', [value], clauses)
  const digits = (types.digitsOf(0) ?? result.precision) + MOST_ROWS_DIGITS
  return decimalAverage(sum, count, digits, result)
}

/** The kernel adds up beyond 38 digits, as far as 128 bits go. */
const sumOfDecimals: AggregateForm = (args, types, clauses) => {
  const sum = kernelAggregate('sum', args, clauses)
  const { precision, scale } = types.arguments[0] as DecimalType
  if ((types.digitsOf(0) ?? precision) + MOST_ROWS_DIGITS <= 38) return sum
  const most = `CAST('${'9'.repeat(38 - scale)}.${'9'.repeat(scale)}' AS DECIMAL(38, ${scale}))`
  return `CASE WHEN ${sum} > ${most} OR ${sum} < -${most} THEN ${raise('NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow')} ELSE ${sum} END`
}

/** Intervals are integers; a half is rounded up. */
const averageOfIntervals =
  (stored: string): AggregateForm =>
  (args, _types, clauses) =>
    `CAST(floor(${kernelAggregate('avg', args, clauses)} + 0.5) AS ${stored})`

/** Adds a condition to a call's FILTER clause. */
export function withFilter(condition: string, { suffix }: AggregateClauses): string {
  const mark = ' FILTER (WHERE '
  return suffix.startsWith(mark) ? `${mark}(${condition}) AND ${suffix.slice(mark.length)}` : `${mark}${condition})${suffix}`
}

const sumType = (args: readonly Type[]) => decimal(38, (args[0] as DecimalType).scale)

export const aggregateFunctions = [
  aggregate('count() -> bigint', 'Counts the rows', (_args, _types, { suffix }) => `count(*)${suffix}`),
  aggregate('count(T) -> bigint', 'Counts the non-null values', 'count'),
  aggregate('count_if(boolean) -> bigint', 'Counts the true values', ([value], _types, clauses) =>
    kernelAggregate('count', [`CASE WHEN ${value} THEN 1 END`], clauses),
  ),
  aggregate(['sum(bigint) -> bigint'], 'Sum of the values', kernel('sum', 'BIGINT')),
  aggregate('sum(double) -> double', 'Sum of the values', 'sum'),
  aggregate('sum(real) -> real', 'Sum of the values', kernel('sum', 'FLOAT')),
  aggregate('sum(decimal(p,s)) -> decimal(38,s)', 'Sum of the values', sumOfDecimals, { resultType: sumType }),
  aggregate(['sum(interval day to second) -> interval day to second'], 'Sum of the values', kernel('sum', 'BIGINT')),
  aggregate(['sum(interval year to month) -> interval year to month'], 'Sum of the values', kernel('sum', 'INTEGER')),
  aggregate('avg(interval day to second) -> interval day to second', 'Arithmetic mean of the values', averageOfIntervals('BIGINT')),
  aggregate('avg(interval year to month) -> interval year to month', 'Arithmetic mean of the values', averageOfIntervals('INTEGER')),
  aggregate(['avg(bigint) -> double', 'avg(double) -> double'], 'Arithmetic mean of the values', 'avg'),
  aggregate('avg(real) -> real', 'Arithmetic mean of the values', kernel('avg', 'FLOAT')),
  aggregate('avg(decimal(p,s)) -> decimal(p,s)', 'Arithmetic mean of the values', averageOfDecimals),
  aggregate(['bool_and(boolean) -> boolean', 'every(boolean) -> boolean'], 'True when no value is false', (args, _types, clauses) =>
    kernelAggregate('bool_and', args, clauses),
  ),
  aggregate('bool_or(boolean) -> boolean', 'True when a value is true', 'bool_or'),
  aggregate(['arbitrary(T) -> T', 'any_value(T) -> T'], 'A value that is not null, if there is one', (args, _types, clauses) =>
    kernelAggregate('any_value', args, clauses),
  ),
].flat()
