/** Aggregates that give arrays, maps and texts. Their inputs are kept in memory by the kernel. */

import { QueryError } from '#src/common/errors'
import type { MapType, Type } from '#src/types/type'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateClauses, AggregateForm, CallTypes } from '../function.ts'
import { quote } from '../kernel-error.ts'
import { withFilter } from './aggregate.ts'

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
  return `list_transform([${entries(args, clauses)}], lambda l: CASE WHEN len(list_distinct(${keysOf('l', key, types)})) = len(l) THEN map_from_entries(l) ELSE map_from_entries(${first}) END)[1]`
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
  if (types.kernel.isNative(key)) return `CAST(${kernelAggregate('histogram', [value], clauses)} AS ${types.kernel.stored(types.result)})`
  const list = kernelAggregate('list', [value], { ...clauses, suffix: withFilter(`${value} IS NOT NULL`, clauses) })
  const keys = `list_transform(l, lambda e: ${types.kernel.equalityKey('e', key)})`
  const first = `list_filter(l, lambda e, i: list_position(${keys}, ${types.kernel.equalityKey('e', key)}) = i)`
  return `list_transform([${list}], lambda l: map_from_entries(list_transform(${first}, lambda e: struct_pack(k := e, v := len(list_filter(l, lambda o: ${types.kernel.equalityKey('o', key)} = ${types.kernel.equalityKey('e', key)}))))))[1]`
}

export const collectingAggregates = [
  aggregate('array_agg(T) -> array(T)', 'All values, NULLs included', 'list'),
  aggregate(
    ['listagg(varchar(x)) -> varchar', 'listagg(varchar(x), varchar(y)) -> varchar'],
    'Texts put together with a separator',
    ([value = ''], { constants, at }, clauses) => {
      const separator = constants.length < 2 ? '' : constants[1]
      if (typeof separator !== 'string') throw new QueryError('NOT_SUPPORTED', 'listagg needs a constant separator', { at })
      return kernelAggregate('string_agg', [value, quote(separator)], clauses)
    },
  ),
  aggregate('<K:comparable> map_agg(K, V) -> map(K, V)', 'Map of keys and values', mapOfFirst),
  aggregate('<K:comparable> multimap_agg(K, V) -> map(K, array(V))', 'Map of keys and all their values', mapOfAll),
  aggregate('<K:comparable> histogram(K) -> map(K, bigint)', 'How often each value occurs', countOfEach),
].flat()
