/** Arrays. Elements compare by Trino's `=`; where it groups (distinct, union …) by equality keys, in which NULL is a value. */
import { type ArrayType, type Type, VARCHAR } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { CallTypes, LambdaForm, ScalarForm } from '../function.ts'
import { raise } from '../kernel-error.ts'

const elementOf = ({ arguments: types }: CallTypes, index = 0): Type => (types[index] as ArrayType).element
const isFloat = (type: Type) => type.kind === 'double' || type.kind === 'real'
const lambdaOf = (types: CallTypes, index: number): LambdaForm => types.lambdas[index] ?? (() => 'NULL')

/** list_transform(list, x -> body). */
const each = (list: string, name: string, body: string) => `list_transform(${list}, lambda ${name}: ${body})`

/** Whether an element equals the value: NULL when none does and a NULL leaves it open. */
const contains: ScalarForm = ([list = '', value = ''], types) => {
  const element = elementOf(types)
  if (types.kernel.equal('a', 'b', element) === '(a = b)') return `weir_contains(${list}, ${value})`
  return `CASE WHEN ${value} IS NOT NULL THEN weir_any(${each(list, 'x', types.kernel.equal('x', value, element))}) END`
}

/** Keys of a list's elements, each in a struct, in which NULL can be found. */
const keysOf = (list: string, element: Type, types: CallTypes) =>
  each(list, 'x', `struct_pack(k := ${types.kernel.equalityKey('x', element)})`)

/** The first of each group of equal elements, in order. */
function distinct(list: string, element: Type, types: CallTypes): string {
  return `list_transform([${list}], lambda l: list_filter(l, lambda x, i: list_position(${keysOf('l', element, types)}, struct_pack(k := ${types.kernel.equalityKey('x', element)})) = i))[1]`
}

const member = (list: string, element: Type, types: CallTypes) =>
  `list_contains(${keysOf(list, element, types)}, struct_pack(k := ${types.kernel.equalityKey('y', element)}))`

const sorted: ScalarForm = ([list = ''], types) => {
  const element = elementOf(types)
  const key = types.kernel.orderKey('x', element)
  if (key === 'x') return `list_sort(${list}, 'ASC', 'NULLS LAST')`
  const pairs = each(list, 'x', `struct_pack(n := x IS NULL, k := ${key}, v := x)`)
  return each(`list_sort(${pairs})`, 'p', 'p.v')
}

/** Null as soon as an element is; NaN loses to every number. */
const extreme =
  (name: 'list_min' | 'list_max'): ScalarForm =>
  ([list = ''], types) => {
    const element = elementOf(types)
    const key = types.kernel.orderKey('x', element)
    if (key !== 'x') {
      const ordered = sorted([list], types)
      return `CASE WHEN weir_has_null(${list}) THEN NULL ELSE ${ordered}[${name === 'list_min' ? 1 : -1}] END`
    }
    const best =
      name === 'list_max' && isFloat(element)
        ? `coalesce(list_max(list_filter(${list}, lambda x: NOT isnan(x))), list_max(${list}))`
        : `${name}(${list})`
    return `CASE WHEN weir_has_null(${list}) THEN NULL ELSE ${best} END`
  }

const joined: ScalarForm = ([list = '', separator = '', replacement], types) => {
  const text = types.kernel.cast('x', elementOf(types), VARCHAR)
  if (replacement === undefined) return `array_to_string(list_filter(${each(list, 'x', text)}, lambda x: x IS NOT NULL), ${separator})`
  return `array_to_string(${each(list, 'x', `coalesce(${text}, ${replacement})`)}, ${separator})`
}

/** A state that is folded with each element; the kernel wants both of one type, so they travel in a struct. */
const reduce: ScalarForm = ([list = '', initial = ''], types) => {
  const state = types.kernel.stored(types.arguments[1] as Type)
  const element = types.kernel.stored(elementOf(types))
  const steps = each(list, 'x', `struct_pack(s := CAST(NULL AS ${state}), x := x)`)
  const body = `struct_pack(s := CAST(${lambdaOf(types, 2)(['a.s', 'b.x'])} AS ${state}), x := CAST(NULL AS ${element}))`
  const start = `struct_pack(s := CAST(${initial} AS ${state}), x := CAST(NULL AS ${element}))`
  const folded = `list_reduce(${steps}, lambda a, b: ${body}, ${start})`
  return `CASE WHEN ${list} IS NOT NULL THEN ${each(`[(${folded}).s]`, 'r', lambdaOf(types, 3)(['r']))}[1] END`
}

const zipWith: ScalarForm = ([a = '', b = ''], types) =>
  `CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${each(`list_zip(${a}, ${b})`, 'z', lambdaOf(types, 2)(['z[1]', 'z[2]']))} END`

const zip: ScalarForm = (args) => {
  const fields = args.map((_, index) => `f${index + 1} := z[${index + 1}]`).join(', ')
  return `CASE WHEN ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN ${each(`list_zip(${args.join(', ')})`, 'z', `struct_pack(${fields})`)} END`
}

const matches =
  (combine: (list: string) => string): ScalarForm =>
  ([list = '', body = '']) =>
    combine(`list_transform(${list}, ${body})`)

const allGiven = (args: readonly string[], text: string) =>
  `CASE WHEN ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN ${text} END`

const strictWithLambdas = { strict: false }
const DAY_SECOND = 'interval day to second'
const YEAR_MONTH = 'interval year to month'

export const arrayFunctions = [
  scalar('cardinality(array(E)) -> bigint', 'Number of elements', 'len($1)'),
  scalar(
    'element_at(array(E), bigint) -> E',
    'Element at a place, from the end if negative; NULL where there is none',
    ([list, index], { constants }) =>
      typeof constants[1] === 'bigint' && constants[1] !== 0n
        ? `${list}[${index}]`
        : `${list}[CASE WHEN ${index} = 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')} ELSE ${index} END]`,
  ),
  scalar('<T:comparable> contains(array(T), T) -> boolean', 'Whether an element equals a value', contains),
  scalar(
    '<T:comparable> array_position(array(T), T) -> bigint',
    'Place of the first element that equals a value, or 0',
    ([list = '', value = ''], types) => {
      const found = `list_position(${each(list, 'x', `coalesce(${types.kernel.equal('x', value, elementOf(types))}, false)`)}, true)`
      return `CASE WHEN ${list} IS NOT NULL AND ${value} IS NOT NULL THEN CAST(coalesce(${found}, 0) AS BIGINT) END`
    },
  ),
  scalar(
    '<T:comparable> array_remove(array(T), T) -> array(T)',
    'Without the elements that equal a value',
    ([list = '', value = ''], types) =>
      `CASE WHEN ${value} IS NOT NULL THEN list_filter(${list}, lambda x: NOT coalesce(${types.kernel.equal('x', value, elementOf(types))}, false)) END`,
  ),
  scalar('<E:comparable> array_distinct(array(E)) -> array(E)', 'Without repetitions', ([list = ''], types) =>
    distinct(list, elementOf(types), types),
  ),
  scalar(
    '<E:comparable> array_intersect(array(E), array(E)) -> array(E)',
    'Elements of both, without repetitions',
    ([a = '', b = ''], types) => {
      const element = elementOf(types)
      return allGiven([a, b], distinct(`list_filter(${a}, lambda y: ${member(b, element, types)})`, element, types))
    },
  ),
  scalar(
    '<E:comparable> array_union(array(E), array(E)) -> array(E)',
    'Elements of either, without repetitions',
    ([a = '', b = ''], types) => allGiven([a, b], distinct(`list_concat(${a}, ${b})`, elementOf(types), types)),
  ),
  scalar(
    '<E:comparable> array_except(array(E), array(E)) -> array(E)',
    'Elements of the first only, without repetitions',
    ([a = '', b = ''], types) => {
      const element = elementOf(types)
      return allGiven([a, b], distinct(`list_filter(${a}, lambda y: NOT ${member(b, element, types)})`, element, types))
    },
  ),
  scalar(
    '<E:comparable> arrays_overlap(array(E), array(E)) -> boolean',
    'Whether they share an element that is not NULL',
    ([a = '', b = ''], types) => {
      const element = elementOf(types)
      const shared = `len(list_filter(${a}, lambda y: y IS NOT NULL AND ${member(b, element, types)})) > 0`
      return allGiven([a, b], `CASE WHEN ${shared} THEN true WHEN weir_has_null(${a}) OR weir_has_null(${b}) THEN NULL ELSE false END`)
    },
  ),
  scalar('<T:orderable> array_sort(array(T)) -> array(T)', 'In ascending order, NULLs last', sorted),
  scalar('<T:orderable> array_min(array(T)) -> T', 'Least element', extreme('list_min')),
  scalar('<T:orderable> array_max(array(T)) -> T', 'Greatest element', extreme('list_max')),
  scalar(['array_join(array(T), varchar) -> varchar', 'array_join(array(T), varchar, varchar) -> varchar'], 'Elements as one text', joined),
  scalar('flatten(array(array(E))) -> array(E)', 'Arrays put together', `flatten($1)`),
  scalar('reverse(array(E)) -> array(E)', 'In reverse order', 'list_reverse($1)'),
  scalar('slice(array(E), bigint, bigint) -> array(E)', 'Part of an array', 'weir_slice($1, $2, $3)'),
  scalar(
    'repeat(T, bigint) -> array(T)',
    'A value many times',
    ([value = '', count = '']) =>
      `CASE WHEN ${count} > 10000 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be less than or equal to 10000')} WHEN ${count} IS NOT NULL THEN list_transform(range(greatest(${count}, 0)), lambda i: ${value}) END`,
    { strict: false },
  ),
  scalar(
    'ngrams(array(T), bigint) -> array(array(T))',
    'All runs of n elements',
    ([list = '', n = '']) =>
      `CASE WHEN ${n} <= 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'N must be positive')} WHEN ${n} > len(${list}) THEN [${list}] ELSE list_transform(range(1, len(${list}) - ${n} + 2), lambda i: ${list}[i:i + ${n} - 1]) END`,
  ),
  scalar(
    'sequence(bigint, bigint) -> array(bigint)',
    'Numbers from one to another',
    'weir_sequence($1, $2, CAST(CASE WHEN $1 <= $2 THEN 1 ELSE -1 END AS BIGINT))',
  ),
  scalar('sequence(bigint, bigint, bigint) -> array(bigint)', 'Numbers from one to another', 'weir_sequence($1, $2, $3)'),
  scalar(
    'sequence(date, date) -> array(date)',
    'Days from one to another',
    `list_transform(weir_sequence(weir_day($1), weir_day($2), CAST(CASE WHEN $1 <= $2 THEN 1 ELSE -1 END AS BIGINT)), lambda d: DATE '1970-01-01' + CAST(d AS INTEGER))`,
  ),
  scalar(
    `sequence(date, date, ${DAY_SECOND}) -> array(date)`,
    'Days from one to another',
    `list_transform(weir_sequence(weir_day($1), weir_day($2), CASE WHEN $3 % 86400000 <> 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'sequence step must be a day interval if start and end values are dates')} ELSE $3 // 86400000 END), lambda d: DATE '1970-01-01' + CAST(d AS INTEGER))`,
  ),
  scalar(
    `sequence(date, date, ${YEAR_MONTH}) -> array(date)`,
    'Days from one to another',
    'list_transform(weir_month_steps(CAST($1 AS TIMESTAMP), CAST($2 AS TIMESTAMP), $3), lambda t: CAST(t AS DATE))',
  ),
  scalar(
    `sequence(timestamp(p), timestamp(p), ${DAY_SECOND}) -> array(timestamp(p))`,
    'Times from one to another',
    'list_transform(weir_sequence(epoch_us($1), epoch_us($2), $3 * 1000), lambda u: make_timestamp(u))',
  ),
  scalar(
    `sequence(timestamp(p), timestamp(p), ${YEAR_MONTH}) -> array(timestamp(p))`,
    'Times from one to another',
    'weir_month_steps($1, $2, $3)',
  ),
  scalar(
    'concat(array(E), E) -> array(E)',
    'Adds an element',
    ([list = '', value = '']) => `CASE WHEN ${list} IS NOT NULL THEN list_append(${list}, ${value}) END`,
    { strict: false },
  ),
  scalar(
    'concat(E, array(E)) -> array(E)',
    'Adds an element in front',
    ([value = '', list = '']) => `CASE WHEN ${list} IS NOT NULL THEN list_prepend(${value}, ${list}) END`,
    { strict: false },
  ),
  scalar('concat(array(E)...) -> array(E)', 'Puts arrays together', (args) =>
    allGiven(
      args,
      args.reduce((left, right) => `list_concat(${left}, ${right})`),
    ),
  ),
  scalar(
    'transform(array(T), function(T,U)) -> array(U)',
    'Applies a function to each element',
    'list_transform($1, $2)',
    strictWithLambdas,
  ),
  scalar(
    'filter(array(T), function(T,boolean)) -> array(T)',
    'Elements for which a function is true',
    'list_filter($1, $2)',
    strictWithLambdas,
  ),
  scalar('reduce(array(T), S, function(S,T,S), function(S,R)) -> R', 'Folds the elements into one value', reduce, strictWithLambdas),
  scalar(
    'any_match(array(T), function(T,boolean)) -> boolean',
    'Whether a function is true for an element',
    matches((list) => `weir_any(${list})`),
    strictWithLambdas,
  ),
  scalar(
    'all_match(array(T), function(T,boolean)) -> boolean',
    'Whether a function is true for all elements',
    matches((list) => `weir_all(${list})`),
    strictWithLambdas,
  ),
  scalar(
    'none_match(array(T), function(T,boolean)) -> boolean',
    'Whether a function is true for no element',
    matches((list) => `(NOT weir_any(${list}))`),
    strictWithLambdas,
  ),
  scalar(
    'zip_with(array(T), array(U), function(T,U,R)) -> array(R)',
    'Applies a function to pairs of elements',
    zipWith,
    strictWithLambdas,
  ),
  scalar(
    [
      'zip(array(A), array(B)) -> array(row(A, B))',
      'zip(array(A), array(B), array(C)) -> array(row(A, B, C))',
      'zip(array(A), array(B), array(C), array(D)) -> array(row(A, B, C, D))',
    ],
    'Rows of the elements at the same place',
    zip,
  ),
].flat()
