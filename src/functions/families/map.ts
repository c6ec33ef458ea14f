/** Maps. */
import { type MapType, type Type, VARCHAR } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { CallTypes, LambdaForm, ScalarForm } from '../function.ts'
import { raise } from '../kernel-error.ts'
import { mapEntry } from '../operators.ts'

const lambdaOf = (types: CallTypes, index: number): LambdaForm => types.lambdas[index] ?? (() => 'NULL')
const mapOf = ({ arguments: types }: CallTypes) => types[0] as MapType

/** A map made of a list of struct(k, v); a key that comes twice is an error that names it. */
function fromEntries(list: string, key: Type, types: CallTypes): string {
  const keys = `list_transform(l, lambda e: ${types.kernel.equalityKey('e.k', key)})`
  const repeated = `list_filter(l, lambda e, i: list_position(${keys}, ${types.kernel.equalityKey('e.k', key)}) <> i)[1].k`
  const hasText = key.kind !== 'array' && key.kind !== 'row' && key.kind !== 'map' && key.kind !== 'varbinary'
  const twice = hasText ? `' (' || ${types.kernel.cast(repeated, key, VARCHAR)} || ')'` : `''`
  return `list_transform([${list}], lambda l: CASE
    WHEN l IS NULL THEN NULL
    WHEN len(list_filter(l, lambda e: e.k IS NULL)) > 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'map key cannot be null')}
    WHEN len(list_distinct(${keys})) < len(l) THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Duplicate map keys' || ${twice} || ' are not allowed')
    ELSE map_from_entries(l) END)[1]`
}

const entries = (map: string) => `map_entries(${map})`

const build: ScalarForm = ([keys = '', values = ''], types) => {
  const list = `list_transform(list_zip(${keys}, ${values}), lambda z: struct_pack(k := z[1], v := z[2]))`
  const key = (types.arguments[0] as { element: Type }).element
  return `CASE WHEN ${keys} IS NULL OR ${values} IS NULL THEN NULL WHEN len(${keys}) <> len(${values}) THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Key and value arrays must be the same length')} ELSE ${fromEntries(list, key, types)} END`
}

const concatenated: ScalarForm = (args, types) => {
  const { key } = mapOf(types)
  const together = args.reduce((left, right) =>
    types.kernel.isNative(key) ? `map_concat(${left}, ${right})` : mergeByKey(left, right, key, types),
  )
  return `CASE WHEN ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN ${together} END`
}

/** Entries of the left map whose keys the right has not, then the right's. */
function mergeByKey(left: string, right: string, key: Type, types: CallTypes): string {
  const keys = `list_transform(${entries(right)}, lambda o: ${types.kernel.equalityKey('o.key', key)})`
  return `map_from_entries(list_concat(list_filter(${entries(left)}, lambda e: NOT list_contains(${keys}, ${types.kernel.equalityKey('e.key', key)})), ${entries(right)}))`
}

const options = { strict: false }

export const mapFunctions = [
  scalar('map(array(K), array(V)) -> map(K, V)', 'Map of keys and values', build),
  scalar('map() -> map(unknown, unknown)', 'Empty map', 'CAST(map() AS MAP(BOOLEAN, BOOLEAN))'),
  scalar('cardinality(map(K, V)) -> bigint', 'Number of entries', 'CAST(cardinality($1) AS BIGINT)'),
  scalar(
    'element_at(map(K, V), K) -> V',
    'Value of a key, or NULL',
    ([map = '', key = ''], types) => `${mapEntry(map, key, mapOf(types), types.kernel)}[1]`,
  ),
  scalar('map_keys(map(K, V)) -> array(K)', 'Keys', 'map_keys($1)'),
  scalar('map_values(map(K, V)) -> array(V)', 'Values', 'map_values($1)'),
  scalar(
    'map_entries(map(K, V)) -> array(row(K, V))',
    'Entries',
    'list_transform(map_entries($1), lambda e: struct_pack(f1 := e.key, f2 := e.value))',
  ),
  scalar('map_from_entries(array(row(K, V))) -> map(K, V)', 'Map of entries', ([list = ''], types) => {
    const item = (types.arguments[0] as { element: { fields: readonly { type: Type }[] } }).element
    return fromEntries(
      `list_transform(${list}, lambda e: struct_pack(k := e.f1, v := e.f2))`,
      (item.fields[0] as { type: Type }).type,
      types,
    )
  }),
  scalar('map_concat(map(K, V)...) -> map(K, V)', 'Maps put together; later entries win', concatenated),
  scalar(
    'map_filter(map(K, V), function(K,V,boolean)) -> map(K, V)',
    'Entries for which a function is true',
    ([map = ''], types) => `map_from_entries(list_filter(${entries(map)}, lambda e: ${lambdaOf(types, 1)(['e.key', 'e.value'])}))`,
    options,
  ),
  scalar(
    'transform_values(map(K, V), function(K,V,W)) -> map(K, W)',
    'Applies a function to each value',
    ([map = ''], types) =>
      `map_from_entries(list_transform(${entries(map)}, lambda e: struct_pack(k := e.key, v := ${lambdaOf(types, 1)(['e.key', 'e.value'])})))`,
    options,
  ),
  scalar(
    'transform_keys(map(L, V), function(L,V,K)) -> map(K, V)',
    'Applies a function to each key',
    ([map = ''], types) =>
      fromEntries(
        `list_transform(${entries(map)}, lambda e: struct_pack(k := ${lambdaOf(types, 1)(['e.key', 'e.value'])}, v := e.value))`,
        (types.result as MapType).key,
        types,
      ),
    options,
  ),
].flat()
