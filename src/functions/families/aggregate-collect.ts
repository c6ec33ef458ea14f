/** Aggregates that give arrays, maps and texts. Their inputs are kept in memory by the kernel. */

import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import { array, type MapType, type Type } from '#src/types/type'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateClauses, AggregateForm, CallTypes, LambdaForm } from '../function.ts'
import { quote, raise } from '../kernel-error.ts'
import { withFilter } from './aggregate.ts'
import { distinct } from './array.ts'
import { reduce } from './array-lambda.ts'

/** Lists of one entry a key; `l` is a list of struct(k, v) without NULL keys. */
function entries([key, value]: readonly string[], clauses: AggregateClauses): string {
  const packed = `struct_pack(k := ${key}, v := ${value})`
  return kernelAggregate('list', [packed], { ...clauses, suffix: withFilter(`${key} IS NOT NULL`, clauses) })
}

const keysOf = (list: string, key: Type, { kernel }: CallTypes) => `list_transform(${list}, lambda e: ${kernel.equalityKey('e.k', key)})`

/** The first value of each key. */
const mapOfFirst: AggregateForm = (args, types, clauses) => {
  const { key } = types.result as MapType
  const first = `list_filter(l, lambda e, i: list_position(${keysOf('l', key, types)}, ${types.kernel.equalityKey('e.k', key)}) = i)`
  // The kernel finds no repetition of NaN, but of structs that hold one.
  const distinct =
    key.kind === 'double' || key.kind === 'real' ? `list_transform(l, lambda e: struct_pack(k := e.k))` : keysOf('l', key, types)
  return `list_transform([${entries(args, clauses)}], lambda l: CASE WHEN len(list_distinct(${distinct})) = len(l) THEN map_from_entries(l) ELSE map_from_entries(${first}) END)[1]`
}

/** All values of each key. */
const mapOfAll: AggregateForm = (args, types, clauses) => {
  const { key } = types.result as MapType
  const same = `list_filter(l, lambda o: ${types.kernel.equalityKey('o.k', key)} = ${types.kernel.equalityKey('e.k', key)})`
  const first = `list_filter(l, lambda e, i: list_position(${keysOf('l', key, types)}, ${types.kernel.equalityKey('e.k', key)}) = i)`
  return `list_transform([${entries(args, clauses)}], lambda l: map_from_entries(list_transform(${first}, lambda e: struct_pack(k := e.k, v := list_transform(${same}, lambda o: o.v)))))[1]`
}

const countOfEach: AggregateForm = ([value = ''], types, clauses) => {
  const { key } = types.result as MapType
  if (key.kind === 'double' || key.kind === 'real') {
    // The kernel's histogram takes NaN for the end of all numbers; their texts are exact, and + 0 makes one of the two zeros.
    const counts = kernelAggregate('histogram', [`CAST(${value} + 0 AS VARCHAR)`], clauses)
    return `CAST(${counts} AS ${types.kernel.stored(types.result)})`
  }
  if (types.kernel.isNative(key)) return `CAST(${kernelAggregate('histogram', [value], clauses)} AS ${types.kernel.stored(types.result)})`
  const list = kernelAggregate('list', [value], { ...clauses, suffix: withFilter(`${value} IS NOT NULL`, clauses) })
  const keys = `list_transform(l, lambda e: ${types.kernel.equalityKey('e', key)})`
  const first = `list_filter(l, lambda e, i: list_position(${keys}, ${types.kernel.equalityKey('e', key)}) = i)`
  return `list_transform([${list}], lambda l: map_from_entries(list_transform(${first}, lambda e: struct_pack(k := e, v := len(list_filter(l, lambda o: ${types.kernel.equalityKey('o', key)} = ${types.kernel.equalityKey('e', key)}))))))[1]`
}

/** The most frequent values, of equal ones the lesser; exact, so within the bound of any capacity. */
const mostFrequent: AggregateForm = ([buckets = '', value = ''], types, clauses) => {
  const few = raise('INVALID_FUNCTION_ARGUMENT', 'approx_most_frequent bucket count must be greater than one')
  const checked = `CASE WHEN any_value(${buckets})${clauses.suffix} < 2 THEN ${few} ELSE any_value(${buckets})${clauses.suffix} END`
  const ranked = `list_sort(list_transform(map_entries(h), lambda e: struct_pack(c := -CAST(e.value AS BIGINT), k := e.key)))`
  const top = `list_transform(list_slice(${ranked}, 1, ${checked}), lambda e: struct_pack(k := e.k, v := -e.c))`
  return `list_transform([${kernelAggregate('histogram', [value], clauses)}], lambda h: CAST(map_from_entries(${top}) AS ${types.kernel.stored(types.result)}))[1]`
}

/** Values and weights travel as texts to and from the function that makes buckets of them. */
const numericHistogram: AggregateForm = ([buckets = '', value = '', weight = '1'], types, clauses) => {
  const stored = types.kernel.stored((types.result as MapType).key)
  const given = withFilter([buckets, value, weight].map((text) => `${text} IS NOT NULL`).join(' AND '), clauses)
  const pair = `CAST(CAST(${value} AS DOUBLE) AS VARCHAR) || ' ' || CAST(CAST(${weight} AS DOUBLE) AS VARCHAR)`
  const pairs = kernelAggregate('list', [pair], { ...clauses, suffix: given })
  const entry = `struct_pack(k := CAST(string_split(e, ' ')[1] AS ${stored}), v := CAST(string_split(e, ' ')[2] AS ${stored}))`
  return `map_from_entries(list_transform(string_split(weir_numeric_histogram(any_value(${buckets})${given}, array_to_string(${pairs}, ',')), ','), lambda e: ${entry}))`
}

/** The entries of all maps; of equal keys one stays. Without any entry there is no map, as in Trino. */
const unionOfMaps: AggregateForm = ([value = ''], types, clauses) => {
  const { key } = types.result as MapType
  const lists = kernelAggregate('list', [`map_entries(${value})`], { ...clauses, suffix: withFilter(`${value} IS NOT NULL`, clauses) })
  const all = `list_transform(flatten(${lists}), lambda e: struct_pack(k := e.key, v := e.value))`
  const first = `list_filter(l, lambda e, i: list_position(${keysOf('l', key, types)}, ${types.kernel.equalityKey('e.k', key)}) = i)`
  return `list_transform([${all}], lambda l: CASE WHEN len(l) > 0 THEN CAST(map_from_entries(${first}) AS ${types.kernel.stored(types.result)}) END)[1]`
}

/** array_agg(DISTINCT x): where equal values look different, one of them is kept. */
const collected: AggregateForm = ([value = ''], types, clauses) => {
  const type = types.arguments[0] as Type
  if (clauses.distinct === '' || types.kernel.isNative(type)) return kernelAggregate('list', [value], clauses)
  const all = kernelAggregate('list', [value], { ...clauses, distinct: '' })
  return distinct(all, type, types)
}

/** Fails beyond Trino's megabyte. */
const joined: AggregateForm = ([value = ''], { constants, at }, clauses) =>
  `weir_listagg(${kernelAggregate('string_agg', [value, quote(separatorOf(constants, at))], clauses)})`

function separatorOf(constants: CallTypes['constants'], at: CallTypes['at']): string {
  const separator = constants.length < 2 ? '' : constants[1]
  if (typeof separator !== 'string') throw new QueryError('NOT_SUPPORTED', 'listagg needs a constant separator', { at })
  return separator
}

/** listagg's ON OVERFLOW TRUNCATE: whole values as far as a megabyte goes, then what stands for the rest. */
export function truncatedListagg(filler: string, withCount: boolean): AggregateForm {
  return ([value = ''], { constants, at }, clauses) => {
    const list = kernelAggregate('list', [value], { ...clauses, suffix: withFilter(`${value} IS NOT NULL`, clauses) })
    return `weir_listagg_truncated(CAST(to_json(${list}) AS VARCHAR), ${quote(separatorOf(constants, at))}, ${quote(filler)}, ${withCount})`
  }
}

/** The values as a list, folded at the end: there are no partial results that the second function would have to combine. */
const folded: AggregateForm = ([value = '', initial = ''], types, clauses) => {
  const state = types.arguments[1] as Type
  if (!SIMPLE_STATES.has(state.kind) || (state.kind === 'decimal' && state.precision > 18))
    throw new QueryError('NOT_SUPPORTED', `State type not supported for reduce_agg: ${formatType(state)}`)
  const list = kernelAggregate('list', [value], { ...clauses, suffix: withFilter(`${value} IS NOT NULL`, clauses) })
  const start = types.constants[1] === undefined ? `any_value(${initial})${clauses.suffix}` : initial
  const identity: LambdaForm = { body: ([result = '']) => result, captures: [], suffix: 'fold' }
  return reduce([list, start], {
    ...types,
    arguments: [array(types.arguments[0] as Type), state],
    lambdas: [undefined, undefined, types.lambdas[2], identity],
  })
}

const SIMPLE_STATES: ReadonlySet<Type['kind']> = new Set([
  ...(['boolean', 'tinyint', 'smallint', 'integer', 'bigint', 'real', 'double', 'decimal', 'varchar', 'char', 'varbinary'] as const),
  ...(['date', 'time', 'timestamp', 'interval day to second', 'interval year to month', 'json'] as const),
])

export const collectingAggregates = [
  aggregate('array_agg(T) -> array(T)', 'All values, NULLs included', collected),
  aggregate('<K:comparable> map_union(map(K, V)) -> map(K, V)', 'The entries of all maps', unionOfMaps),
  aggregate(
    [
      'approx_most_frequent(bigint, bigint, bigint) -> map(bigint, bigint)',
      'approx_most_frequent(bigint, varchar, bigint) -> map(varchar, bigint)',
    ],
    'The most frequent values',
    mostFrequent,
  ),
  aggregate('reduce_agg(T, S, function(S,T,S), function(S,S,S)) -> S', 'Folds the values into one', folded),
  aggregate(
    ['listagg(varchar(x)) -> varchar', 'listagg(varchar(x), varchar(y)) -> varchar'],
    'Texts put together with a separator',
    joined,
  ),
  aggregate('<K:comparable> map_agg(K, V) -> map(K, V)', 'Map of keys and values', mapOfFirst),
  aggregate('<K:comparable> multimap_agg(K, V) -> map(K, array(V))', 'Map of keys and all their values', mapOfAll),
  aggregate(
    [
      'numeric_histogram(bigint, double) -> map(double, double)',
      'numeric_histogram(bigint, double, double) -> map(double, double)',
      'numeric_histogram(bigint, real) -> map(real, real)',
      'numeric_histogram(bigint, real, double) -> map(real, real)',
    ],
    'Histogram of a number of buckets',
    numericHistogram,
  ),
  aggregate('<K:comparable> histogram(K) -> map(K, bigint)', 'How often each value occurs', countOfEach),
].flat()
