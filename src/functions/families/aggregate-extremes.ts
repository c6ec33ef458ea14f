/** min, max and their relatives: least and greatest values, and the values of rows with the least and greatest keys. */
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateClauses, AggregateForm, CallTypes } from '../function.ts'
import { raise } from '../kernel-error.ts'
import { withFilter } from './aggregate.ts'

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
    // Repetitions change nothing, and DISTINCT would tell apart what Trino takes for equal.
    const all = { ...clauses, distinct: '' }
    if (types.kernel.orderKey(value, type) === value) return kernelAggregate(name, [value], all)
    return kernelAggregate(name === 'min' ? 'arg_min' : 'arg_max', [value, types.kernel.orderKey(value, type)], all)
  }

/** min_by and max_by keep a NULL value of the least or greatest key, which the kernel's plain arg_min skips. */
const extremeBy =
  (name: 'arg_min' | 'arg_max'): AggregateForm =>
  ([value = '', key = ''], types, clauses) =>
    kernelAggregate(`${name}_null`, [value, sortable(key, types.arguments[1] as Type, types, name)], {
      ...clauses,
      suffix: withFilter(`${key} IS NOT NULL`, clauses),
    })

const extremesBy =
  (name: 'arg_min' | 'arg_max'): AggregateForm =>
  ([value = '', key = '', count = ''], types, clauses) => {
    const trino = name === 'arg_min' ? 'min_by' : 'max_by'
    const sort = sortable(key, types.arguments[1] as Type, types, name)
    return topOf(name, value, sort, count, types.constants[2], clauses, {
      tooFew: `third argument of ${trino} must be a positive integer`,
      what: `third argument of ${trino}`,
    })
  }

/** min(x, n) and max(x, n): the n least or greatest values, the first of them first. */
const extremes =
  (name: 'min' | 'max'): AggregateForm =>
  ([value = '', count = ''], types, clauses) => {
    const kernel = name === 'min' ? 'arg_min' : 'arg_max'
    const sort = sortable(value, types.arguments[0] as Type, types, kernel)
    return topOf(kernel, value, sort, count, types.constants[1], clauses, {
      tooFew: `second argument of ${name}_n must be positive`,
      what: `second argument of ${name}_n`,
    })
  }

const MOST_EXTREMES = 10_000n

/** Rows without a number take no part, and those without a key say nothing of theirs, as in Trino. In a struct a NULL value is kept. */
function topOf(
  name: 'arg_min' | 'arg_max',
  value: string,
  key: string,
  count: string,
  constant: Value | undefined,
  clauses: AggregateClauses,
  { tooFew, what }: { readonly tooFew: string; readonly what: string },
): string {
  const fine = typeof constant === 'bigint' && constant > 0n && constant <= MOST_EXTREMES
  const tooMany = `error('WEIR|INVALID_FUNCTION_ARGUMENT|${what} must be less than or equal to ${MOST_EXTREMES}; found ' || ${count})`
  const checked = `CASE WHEN ${key} IS NULL THEN 1 WHEN ${count} <= 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', tooFew)} WHEN ${count} > ${MOST_EXTREMES} THEN ${tooMany} ELSE coalesce(${count}, 1) END`
  const given = fine ? clauses : { ...clauses, suffix: withFilter(`${count} IS NOT NULL`, clauses) }
  return `list_transform(${kernelAggregate(name, [`struct_pack(v := ${value})`, key, fine ? count : checked], given)}, lambda s: s.v)`
}

/** NaN is the greatest key of min_by and the least of max_by: no other loses to it. */
function sortable(key: string, type: Type, types: CallTypes, name: 'arg_min' | 'arg_max'): string {
  if (name === 'arg_max' && (type.kind === 'double' || type.kind === 'real'))
    return `CASE WHEN ${key} IS NOT NULL THEN struct_pack(a := NOT isnan(${key}), b := ${key}) END`
  return types.kernel.orderKey(key, type)
}

export const extremeAggregates = [
  aggregate('<T:orderable> min(T) -> T', 'Least of the values', extreme('min')),
  aggregate('<T:orderable> max(T) -> T', 'Greatest of the values', extreme('max')),
  aggregate('<T:orderable> min(T, bigint) -> array(T)', 'The n least values', extremes('min')),
  aggregate('<T:orderable> max(T, bigint) -> array(T)', 'The n greatest values', extremes('max')),
  aggregate('<K:orderable> min_by(V, K) -> V', 'Value of the row with the least key', extremeBy('arg_min')),
  aggregate('<K:orderable> max_by(V, K) -> V', 'Value of the row with the greatest key', extremeBy('arg_max')),
  aggregate('<K:orderable> min_by(V, K, bigint) -> array(V)', 'Values of the n rows with the least keys', extremesBy('arg_min')),
  aggregate('<K:orderable> max_by(V, K, bigint) -> array(V)', 'Values of the n rows with the greatest keys', extremesBy('arg_max')),
].flat()
