/** Maps. The kernel's own lambdas around a lambda's body have its suffix in their names. */
import { type MapType, type Type, VARCHAR } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { raise } from '../kernel-error.ts'
import { mapEntry } from '../operators.ts'
import { allGiven } from './array.ts'
import { lambdaOf } from './array-lambda.ts'

const mapOf = ({ arguments: types }: CallTypes, index = 0) => types[index] as MapType
const isNested = (type: Type) => type.kind === 'array' || type.kind === 'row' || type.kind === 'map'

/** A map made of a list of struct(k, v); a key that comes twice is an error that names it. */
function fromEntries(list: string, key: Type, types: CallTypes): string {
  const keys = `list_transform(l, lambda e: ${types.kernel.equalityKey('e.k', key)})`
  const repeated = `list_filter(l, lambda e, i: list_position(${keys}, ${types.kernel.equalityKey('e.k', key)}) <> i)[1].k`
  const hasText = !isNested(key) && key.kind !== 'varbinary'
  const twice = hasText ? `' (' || ${types.kernel.cast(repeated, key, VARCHAR)} || ')'` : `''`
  return `list_transform([${list}], lambda l: CASE
    WHEN l IS NULL THEN NULL
    WHEN len(list_filter(l, lambda e: e.k IS NULL)) > 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'map key cannot be null')}
    WHEN len(list_distinct(${keys})) < len(l) THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Duplicate map keys' || ${twice} || ' are not allowed')
    ELSE map_from_entries(l) END)[1]`
}

/** Whether a NULL inside a value, which is not NULL itself, leaves its equality open; undefined where there cannot be one. */
function indeterminate(value: string, type: Type): string | undefined {
  const part = (text: string, inner: Type) => {
    const deeper = indeterminate(text, inner)
    return deeper === undefined ? `${text} IS NULL` : `(${text} IS NULL OR ${deeper})`
  }
  switch (type.kind) {
    case 'array':
      return `list_contains(list_transform(${value}, lambda d: ${part('d', type.element)}), true)`
    case 'map':
      return `list_contains(list_transform(map_values(${value}), lambda d: ${part('d', type.value)}), true)`
    case 'row':
      return `(${type.fields.map((field, index) => part(`(${value}).f${index + 1}`, field.type)).join(' OR ')})`
    default:
      return undefined
  }
}

const entries = (map: string) => `map_entries(${map})`

const build: ScalarForm = ([keys = '', values = ''], types) => {
  const list = `list_transform(list_zip(${keys}, ${values}), lambda z: struct_pack(k := z[1], v := z[2]))`
  const key = (types.arguments[0] as { element: Type }).element
  const open = indeterminate('k', key)
  const checks = [
    `WHEN len(${keys}) <> len(${values}) THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Key and value arrays must be the same length')}`,
    ...(open === undefined
      ? []
      : [
          `WHEN len(list_filter(${keys}, lambda k: k IS NOT NULL AND ${open})) > 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'map key cannot be indeterminate')}`,
        ]),
  ]
  return `CASE WHEN ${keys} IS NULL OR ${values} IS NULL THEN NULL ${checks.join(' ')} ELSE ${fromEntries(list, key, types)} END`
}

interface EntryList {
  readonly element: { readonly fields: readonly { readonly type: Type }[] }
}
const entryKey = (types: CallTypes): Type => ((types.arguments[0] as unknown as EntryList).element.fields[0] as { type: Type }).type

/** A list of rows of key and value as struct(k, v). */
const asEntries = (list: string) =>
  `list_transform(${list}, lambda e: CASE WHEN e IS NULL THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'map entry cannot be null')} ELSE struct_pack(k := e.f1, v := e.f2) END)`

/** The values of equal keys as arrays, in their order. `list` holds struct(k, v). */
function multimap(list: string, key: Type, types: CallTypes): string {
  const { equalityKey } = types.kernel
  const keys = `list_transform(l, lambda e: ${equalityKey('e.k', key)})`
  const first = `list_filter(l, lambda e, i: list_position(${keys}, ${equalityKey('e.k', key)}) = i)`
  const values = `list_transform(list_filter(l, lambda e: ${equalityKey('e.k', key)} = ${equalityKey('f.k', key)}), lambda e: e.v)`
  return `list_transform([${list}], lambda l: CASE
    WHEN l IS NULL THEN NULL
    WHEN len(list_filter(l, lambda e: e.k IS NULL)) > 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'map key cannot be null')}
    ELSE map_from_entries(list_transform(${first}, lambda f: struct_pack(k := f.k, v := ${values}))) END)[1]`
}

const concatenated: ScalarForm = (args, types) => {
  const [only] = args
  if (args.length === 1)
    return `CASE WHEN true THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'There must be two or more concatenation arguments to map_concat')} ELSE ${only} END`
  const { key } = mapOf(types)
  return allGiven(
    args,
    args.reduce((left, right) => mergeByKey(left, right, key, types)),
  )
}

/** The right map's entries, then those of the left one whose keys the right has not. */
function mergeByKey(left: string, right: string, key: Type, types: CallTypes): string {
  const keys = `list_transform(${entries(right)}, lambda o: ${types.kernel.equalityKey('o.key', key)})`
  return `map_from_entries(list_concat(${entries(right)}, list_filter(${entries(left)}, lambda e: NOT list_contains(${keys}, ${types.kernel.equalityKey('e.key', key)}))))`
}

const filtered: ScalarForm = ([map = ''], types) => {
  const { body, suffix } = lambdaOf(types, 1)
  const e = `e${suffix}`
  return `map_from_entries(list_filter(${entries(map)}, lambda ${e}: ${body([`${e}.key`, `${e}.value`])}))`
}

const withValues: ScalarForm = ([map = ''], types) => {
  const { body, suffix } = lambdaOf(types, 1)
  const e = `e${suffix}`
  return `map_from_entries(list_transform(${entries(map)}, lambda ${e}: struct_pack(k := ${e}.key, v := ${body([`${e}.key`, `${e}.value`])})))`
}

const withKeys: ScalarForm = ([map = ''], types) => {
  const { body, suffix } = lambdaOf(types, 1)
  const e = `e${suffix}`
  const list = `list_transform(${entries(map)}, lambda ${e}: struct_pack(k := ${body([`${e}.key`, `${e}.value`])}, v := ${e}.value))`
  return fromEntries(list, (types.result as MapType).key, types)
}

/** The keys of both, those of the left first, with the value that each map has for them. */
const zippedWith: ScalarForm = ([left = '', right = ''], types) => {
  const { body, suffix } = lambdaOf(types, 2)
  const { key } = mapOf(types)
  const k = `k${suffix}`
  const found = (map: string, index: number) => `${mapEntry(map, k, mapOf(types, index), types.kernel)}[1]`
  const known = `list_transform(map_keys(${left}), lambda o: ${types.kernel.equalityKey('o', key)})`
  const rest = `list_filter(map_keys(${right}), lambda e: NOT list_contains(${known}, ${types.kernel.equalityKey('e', key)}))`
  const zipped = `list_transform(list_concat(map_keys(${left}), ${rest}), lambda ${k}: struct_pack(k := ${k}, v := ${body([k, found(left, 0), found(right, 1)])}))`
  return allGiven([left, right], `map_from_entries(${zipped})`)
}

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
  scalar('map_from_entries(array(row(K, V))) -> map(K, V)', 'Map of entries', ([list = ''], types) =>
    fromEntries(asEntries(list), entryKey(types), types),
  ),
  scalar(
    'multimap_from_entries(array(row(K, V))) -> map(K, array(V))',
    'Map of entries, with arrays of the values of a key',
    ([list = ''], types) => multimap(asEntries(list), entryKey(types), types),
  ),
  scalar('map_concat(map(K, V)...) -> map(K, V)', 'Maps put together; later entries win', concatenated),
  scalar('map_filter(map(K, V), function(K,V,boolean)) -> map(K, V)', 'Entries for which a function is true', filtered),
  scalar('transform_values(map(K, V), function(K,V,W)) -> map(K, W)', 'Applies a function to each value', withValues),
  scalar('transform_keys(map(L, V), function(L,V,K)) -> map(K, V)', 'Applies a function to each key', withKeys),
  scalar(
    'map_zip_with(map(K, V), map(K, W), function(K,V,W,R)) -> map(K, R)',
    'Applies a function to the values that two maps have for a key',
    zippedWith,
  ),
  scalar(
    'split_to_map(varchar, varchar, varchar) -> map(varchar, varchar)',
    'Cuts into entries, and these into key and value',
    ([text = '', entryEnd = '', keyEnd = ''], types) => fromEntries(`weir_split_entries(${text}, ${entryEnd}, ${keyEnd})`, VARCHAR, types),
  ),
  scalar(
    'split_to_multimap(varchar, varchar, varchar) -> map(varchar, array(varchar))',
    'Cuts into entries, and these into key and value, with arrays of the values of a key',
    ([text = '', entryEnd = '', keyEnd = ''], types) => multimap(`weir_split_entries(${text}, ${entryEnd}, ${keyEnd})`, VARCHAR, types),
  ),
].flat()
