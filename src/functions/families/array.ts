/** Arrays. Elements compare by Trino's `=`; where it groups (distinct, union …) by equality keys, in which NULL is a value. */
import { QueryError } from '#src/common/errors'
import { canCast } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { type ArrayType, type Type, VARCHAR } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { raise } from '../kernel-error.ts'

export const elementOf = ({ arguments: types }: CallTypes, index = 0): Type => (types[index] as ArrayType).element
const isFloat = (type: Type) => type.kind === 'double' || type.kind === 'real'
const isNested = (type: Type) => type.kind === 'array' || type.kind === 'row' || type.kind === 'map'

/** list_transform(list, x -> body). */
export const each = (list: string, name: string, body: string) => `list_transform(${list}, lambda ${name}: ${body})`

export const allGiven = (args: readonly string[], text: string) =>
  `CASE WHEN ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN ${text} END`

/** How each element relates to a value that is not NULL: 0 it is NULL, 1 equal, 2 a NULL inside leaves it open, 3 different. */
const relations = (list: string, value: string, types: CallTypes) => {
  const equal = types.kernel.equal('x', value, elementOf(types))
  return each(list, 'x', `CASE WHEN x IS NULL THEN 0 WHEN ${equal} THEN 1 WHEN (${equal}) IS NULL THEN 2 ELSE 3 END`)
}

/** Whether an element equals the value: NULL when none does and a NULL leaves it open. */
const contains: ScalarForm = ([list = '', value = ''], types) => {
  const element = elementOf(types)
  if (types.kernel.equal('a', 'b', element) === '(a = b)') return `weir_contains(${list}, ${value})`
  if (isNested(element)) return `CASE WHEN ${value} IS NOT NULL THEN weir_relations_contain(${relations(list, value, types)}) END`
  return `CASE WHEN ${value} IS NOT NULL THEN weir_any(${each(list, 'x', types.kernel.equal('x', value, element))}) END`
}

const position: ScalarForm = ([list = '', value = ''], types) => {
  if (isNested(elementOf(types))) return allGiven([list, value], `weir_relations_position(${relations(list, value, types)})`)
  const found = `list_position(${each(list, 'x', `coalesce(${types.kernel.equal('x', value, elementOf(types))}, false)`)}, true)`
  return allGiven([list, value], `CAST(coalesce(${found}, 0) AS BIGINT)`)
}

const removed: ScalarForm = ([list = '', value = ''], types) => {
  const equal = types.kernel.equal('x', value, elementOf(types))
  const open = raise('NOT_SUPPORTED', 'array_remove does not support arrays with elements that are null or contain null')
  const same = isNested(elementOf(types))
    ? `CASE WHEN x IS NULL THEN false WHEN (${equal}) IS NULL THEN ${open} ELSE ${equal} END`
    : `coalesce(${equal}, false)`
  return `CASE WHEN ${value} IS NOT NULL THEN list_filter(${list}, lambda x: NOT ${same}) END`
}

/** Keys of a list's elements, each in a struct, in which NULL can be found. */
const keysOf = (list: string, element: Type, types: CallTypes) =>
  each(list, 'x', `struct_pack(k := ${types.kernel.equalityKey('x', element)})`)

/** The first of each group of equal elements, in order. */
export function distinct(list: string, element: Type, types: CallTypes): string {
  return `list_transform([${list}], lambda l: list_filter(l, lambda x, i: list_position(${keysOf('l', element, types)}, struct_pack(k := ${types.kernel.equalityKey('x', element)})) = i))[1]`
}

const member = (list: string, element: Type, types: CallTypes) =>
  `list_contains(${keysOf(list, element, types)}, struct_pack(k := ${types.kernel.equalityKey('y', element)}))`

/** Elements of the longer array, of the first when they are as long, that the other has too. */
const intersection: ScalarForm = ([a = '', b = ''], types) => {
  const element = elementOf(types)
  const common = `list_filter(p.l, lambda y: ${member('p.s', element, types)})`
  const ordered = `CASE WHEN len(${a}) < len(${b}) THEN struct_pack(l := ${b}, s := ${a}) ELSE struct_pack(l := ${a}, s := ${b}) END`
  return allGiven([a, b], `list_transform([${ordered}], lambda p: ${distinct(common, element, types)})[1]`)
}

/** Nested elements are compared once more in their order: that fails where a NULL inside decides. */
const sorted: ScalarForm = ([list = ''], types) => {
  const element = elementOf(types)
  const key = types.kernel.orderKey('x', element)
  const plain = key === 'x' ? `list_sort(${list}, 'ASC', 'NULLS LAST')` : sortedByKey(list, key)
  if (!isNested(element)) return plain
  const compared = `list_filter(list_zip(s[1:len(s) - 1], s[2:]), lambda n: (${types.kernel.less('n[1]', 'n[2]', element)}) IS NULL)`
  return `list_transform([${plain}], lambda s: CASE WHEN len(${compared}) >= 0 THEN s END)[1]`
}

function sortedByKey(list: string, key: string): string {
  const pairs = each(list, 'x', `struct_pack(n := x IS NULL, k := ${key}, v := x)`)
  return each(`list_sort(${pairs})`, 'p', 'p.v')
}

function hasFloat(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return hasFloat(type.element)
    case 'row':
      return type.fields.some((field) => hasFloat(field.type))
    default:
      return isFloat(type)
  }
}

/** An order key in which NaN, also inside, comes before every number. */
function nanFirst(value: string, type: Type, types: CallTypes): string {
  switch (type.kind) {
    case 'real':
    case 'double':
      return `struct_pack(n := NOT isnan(${value}), v := ${value})`
    case 'array':
      return `list_transform(${value}, lambda k: ${nanFirst('k', type.element, types)})`
    case 'row': {
      const fields = type.fields.map((field, index) => `f${index + 1} := ${nanFirst(`(${value}).f${index + 1}`, field.type, types)}`)
      return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
    }
    default:
      return types.kernel.orderKey(value, type)
  }
}

/** Null as soon as an element is; NaN loses to every number. */
const extreme =
  (name: 'list_min' | 'list_max'): ScalarForm =>
  ([list = ''], types) => {
    const element = elementOf(types)
    if (name === 'list_max' && isNested(element) && hasFloat(element)) {
      // sorted() fails where a NULL inside decides.
      const last = `${sortedByKey(list, nanFirst('x', element, types))}[-1]`
      return `CASE WHEN weir_has_null(${list}) OR ${sorted([list], types)} IS NULL THEN NULL ELSE ${last} END`
    }
    if (types.kernel.orderKey('x', element) !== 'x' || isNested(element)) {
      return `CASE WHEN weir_has_null(${list}) THEN NULL ELSE ${sorted([list], types)}[${name === 'list_min' ? 1 : -1}] END`
    }
    const best =
      name === 'list_max' && isFloat(element)
        ? `coalesce(list_max(list_filter(${list}, lambda x: NOT isnan(x))), list_max(${list}))`
        : `${name}(${list})`
    return `CASE WHEN weir_has_null(${list}) THEN NULL ELSE ${best} END`
  }

const joined: ScalarForm = ([list = '', separator = '', replacement], types) => {
  const element = elementOf(types)
  if (!canCast(element, VARCHAR)) throw new QueryError('OPERATOR_NOT_FOUND', `Cannot cast ${formatType(element)} to varchar`)
  const text = types.kernel.cast('x', element, VARCHAR)
  // The kernel's function wants a constant between the texts.
  const join = (texts: string) =>
    typeof types.constants[1] === 'string' ? `array_to_string(${texts}, ${separator})` : `weir_join(${texts}, ${separator})`
  if (replacement === undefined) {
    return allGiven([list, separator], join(`list_filter(${each(list, 'x', text)}, lambda x: x IS NOT NULL)`))
  }
  return allGiven([list, separator, replacement], join(each(list, 'x', `coalesce(${text}, ${replacement})`)))
}

const containsSequence: ScalarForm = ([a = '', b = ''], types) => {
  const element = elementOf(types)
  const keys = `struct_pack(a := ${keysOf(a, element, types)}, b := ${keysOf(b, element, types)})`
  const found = 'len(list_filter(range(1, len(k.a) - len(k.b) + 2), lambda i: k.a[i:i + len(k.b) - 1] = k.b)) > 0'
  return allGiven([a, b], `list_transform([${keys}], lambda k: len(k.b) = 0 OR ${found})[1]`)
}

const histogram: ScalarForm = ([list = ''], types) => {
  const element = elementOf(types)
  const { equalityKey } = types.kernel
  const count = `len(list_filter(g, lambda x: ${equalityKey('x', element)} = ${equalityKey('y', element)}))`
  const entries = each(distinct('g', element, types), 'y', `struct_pack(k := y, v := CAST(${count} AS BIGINT))`)
  return `list_transform([list_filter(${list}, lambda x: x IS NOT NULL)], lambda g: map_from_entries(${entries}))[1]`
}

export const arrayFunctions = [
  scalar('cardinality(array(E)) -> bigint', 'Number of elements', 'len($1)'),
  scalar(
    'element_at(array(E), bigint) -> E',
    'Element at a place, from the end if negative; NULL where there is none',
    ([list, index], { constants }) =>
      typeof constants[1] === 'bigint' && constants[1] !== 0n
        ? `${list}[${index}]`
        : `${list}[CASE WHEN ${index} = 0 AND ${list} IS NOT NULL THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')} ELSE ${index} END]`,
  ),
  scalar('<T:comparable> contains(array(T), T) -> boolean', 'Whether an element equals a value', contains),
  scalar('<T:comparable> array_position(array(T), T) -> bigint', 'Place of the first element that equals a value, or 0', position),
  scalar('<T:comparable> array_remove(array(T), T) -> array(T)', 'Without the elements that equal a value', removed),
  scalar('<E:comparable> array_distinct(array(E)) -> array(E)', 'Without repetitions', ([list = ''], types) =>
    distinct(list, elementOf(types), types),
  ),
  scalar('<E:comparable> array_intersect(array(E), array(E)) -> array(E)', 'Elements of both, without repetitions', intersection),
  scalar(
    '<E:comparable> array_union(array(E), array(E)) -> array(E)',
    'Elements of either, without repetitions',
    ([a = '', b = ''], types) => allGiven([a, b], distinct(`list_concat(${a}, ${b})`, elementOf(types), types)),
  ),
  scalar(
    '<E:comparable> array_except(array(E), array(E)) -> array(E)',
    'Elements of the first only, without repetitions unless the second is empty',
    ([a = '', b = ''], types) => {
      const element = elementOf(types)
      const rest = distinct(`list_filter(${a}, lambda y: NOT ${member(b, element, types)})`, element, types)
      return allGiven([a, b], `CASE WHEN len(${b}) = 0 THEN ${a} ELSE ${rest} END`)
    },
  ),
  scalar(
    '<E:comparable> arrays_overlap(array(E), array(E)) -> boolean',
    'Whether they share an element that is not NULL',
    ([a = '', b = ''], types) => {
      const element = elementOf(types)
      const shared = `len(list_filter(${a}, lambda y: y IS NOT NULL AND ${member(b, element, types)})) > 0`
      return allGiven(
        [a, b],
        `CASE WHEN len(${a}) = 0 OR len(${b}) = 0 THEN false WHEN ${shared} THEN true WHEN weir_has_null(${a}) OR weir_has_null(${b}) THEN NULL ELSE false END`,
      )
    },
  ),
  scalar('<T:comparable> contains_sequence(array(T), array(T)) -> boolean', 'Whether one array is a part of another', containsSequence),
  scalar('<T:comparable> array_histogram(array(T)) -> map(T, bigint)', 'How often each element occurs', histogram),
  scalar('<T:orderable> array_sort(array(T)) -> array(T)', 'In ascending order, NULLs last', sorted),
  scalar('<T:orderable> array_min(array(T)) -> T', 'Least element', extreme('list_min')),
  scalar('<T:orderable> array_max(array(T)) -> T', 'Greatest element', extreme('list_max')),
  scalar(['array_join(array(T), varchar) -> varchar', 'array_join(array(T), varchar, varchar) -> varchar'], 'Elements as one text', joined),
].flat()
