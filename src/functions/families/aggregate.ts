/** Aggregates with a plain meaning; those over arrays and maps are in aggregate-collect.ts, statistics in aggregate-statistics.ts. */
import { type DecimalType, decimal, type Type } from '#src/types/type'
import { scaled, unscaled } from '../decimal-form.ts'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateClauses, AggregateForm, CallTypes } from '../function.ts'

const kernel =
  (name: string, result: string): AggregateForm =>
  (args, _types, clauses) =>
    `CAST(${kernelAggregate(name, args, clauses)} AS ${result})`

/** Exact sum divided by the count, rounded half away from zero at the argument's scale. */
const averageOfDecimals: AggregateForm = ([value = ''], types, clauses) => {
  const { precision, scale } = types.result as DecimalType
  const sum = kernelAggregate('sum', [value], clauses)
  const count = kernelAggregate('count', [value], clauses)
  return scaled(
    `weir_div_half_up(${unscaled({ sql: sum, precision: 38, scale })}, CAST(nullif(${count}, 0) AS HUGEINT), 1::HUGEINT)`,
    precision,
    scale,
  )
}

/**
 * min and max: the kernel's own where the stored value sorts by itself, else the value of the least key. NaN is the
 * kernel's greatest number but loses to every other in Trino.
 */
const extreme =
  (name: 'min' | 'max'): AggregateForm =>
  ([value = ''], types, clauses) => {
    const type = types.arguments[0] as Type
    if (name === 'max' && (type.kind === 'double' || type.kind === 'real')) {
      const numbers = kernelAggregate('max', [`CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END`], clauses)
      return `coalesce(${numbers}, ${kernelAggregate('max', [value], clauses)})`
    }
    if (types.kernel.orderKey(value, type) === value) return kernelAggregate(name, [value], clauses)
    return kernelAggregate(name === 'min' ? 'arg_min' : 'arg_max', [value, types.kernel.orderKey(value, type)], clauses)
  }

/** min_by and max_by keep a NULL value of the least or greatest key, which the kernel's plain arg_min skips. */
const extremeBy =
  (name: 'arg_min' | 'arg_max'): AggregateForm =>
  ([value = '', key = ''], types, clauses) =>
    kernelAggregate(`${name}_null`, [value, sortable(key, types, name)], { ...clauses, suffix: withFilter(`${key} IS NOT NULL`, clauses) })

const extremesBy =
  (name: 'arg_min' | 'arg_max'): AggregateForm =>
  ([value = '', key = '', count = ''], types, clauses) =>
    // In a struct a NULL value is kept.
    `list_transform(${kernelAggregate(name, [`struct_pack(v := ${value})`, sortable(key, types, name), count], clauses)}, lambda s: s.v)`

/** NaN is the greatest key of min_by and the least of max_by: no other loses to it. */
function sortable(key: string, types: CallTypes, name: 'arg_min' | 'arg_max'): string {
  const type = types.arguments[1] as Type
  if (name === 'arg_max' && (type.kind === 'double' || type.kind === 'real'))
    return `CASE WHEN ${key} IS NOT NULL THEN struct_pack(a := NOT isnan(${key}), b := ${key}) END`
  return types.kernel.orderKey(key, type)
}

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
  aggregate('sum(decimal(p,s)) -> decimal(38,s)', 'Sum of the values', 'sum', { resultType: sumType }),
  aggregate(['sum(interval day to second) -> interval day to second'], 'Sum of the values', kernel('sum', 'BIGINT')),
  aggregate(['sum(interval year to month) -> interval year to month'], 'Sum of the values', kernel('sum', 'INTEGER')),
  aggregate(['avg(bigint) -> double', 'avg(double) -> double'], 'Arithmetic mean of the values', 'avg'),
  aggregate('avg(real) -> real', 'Arithmetic mean of the values', kernel('avg', 'FLOAT')),
  aggregate('avg(decimal(p,s)) -> decimal(p,s)', 'Arithmetic mean of the values', averageOfDecimals),
  aggregate('<T:orderable> min(T) -> T', 'Least of the values', extreme('min')),
  aggregate('<T:orderable> max(T) -> T', 'Greatest of the values', extreme('max')),
  aggregate('<K:orderable> min_by(V, K) -> V', 'Value of the row with the least key', extremeBy('arg_min')),
  aggregate('<K:orderable> max_by(V, K) -> V', 'Value of the row with the greatest key', extremeBy('arg_max')),
  aggregate('<K:orderable> min_by(V, K, bigint) -> array(V)', 'Values of the n rows with the least keys', extremesBy('arg_min')),
  aggregate('<K:orderable> max_by(V, K, bigint) -> array(V)', 'Values of the n rows with the greatest keys', extremesBy('arg_max')),
  aggregate(['bool_and(boolean) -> boolean', 'every(boolean) -> boolean'], 'True when no value is false', (args, _types, clauses) =>
    kernelAggregate('bool_and', args, clauses),
  ),
  aggregate('bool_or(boolean) -> boolean', 'True when a value is true', 'bool_or'),
  aggregate(['arbitrary(T) -> T', 'any_value(T) -> T'], 'A value that is not null, if there is one', (args, _types, clauses) =>
    kernelAggregate('any_value', args, clauses),
  ),
].flat()
