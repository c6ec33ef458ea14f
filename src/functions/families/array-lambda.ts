/** Functions of arrays that take lambdas. The kernel's own lambdas around a body have the lambda's suffix in their names. */
import type { Type } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { CallTypes, LambdaForm, ScalarForm } from '../function.ts'
import { raise } from '../kernel-error.ts'
import { allGiven, each, elementOf } from './array.ts'

export const lambdaOf = (types: CallTypes, index: number): LambdaForm =>
  types.lambdas[index] ?? { body: () => 'NULL', captures: [], suffix: '' }

/**
 * A state that is folded with each element; the kernel wants both of one type, so they travel in a struct. So does what the
 * step captures: the kernel mixes up captured columns of rows whose lists differ in length.
 */
export const reduce: ScalarForm = ([list = '', initial = ''], types) => {
  const [step, finish] = [lambdaOf(types, 2), lambdaOf(types, 3)]
  const [x, a, b, r] = [`x${step.suffix}`, `a${step.suffix}`, `b${step.suffix}`, `r${finish.suffix}`]
  const state = types.kernel.stored(types.arguments[1] as Type)
  const element = types.kernel.stored(elementOf(types))
  const packed = (s: string, value: string, captured: readonly string[]) =>
    `struct_pack(${[`s := ${s}`, `x := ${value}`, ...captured.map((text, index) => `c${index} := ${text}`)].join(', ')})`
  const carried = step.captures.map((_, index) => `${b}.c${index}`)
  const steps = each(list, x, packed(`CAST(NULL AS ${state})`, x, step.captures))
  const body = packed(`CAST(${step.body([`${a}.s`, `${b}.x`], carried)} AS ${state})`, `CAST(NULL AS ${element})`, carried)
  const start = packed(`CAST(${initial} AS ${state})`, `CAST(NULL AS ${element})`, step.captures)
  const folded = `list_reduce(${steps}, lambda ${a}, ${b}: ${body}, ${start})`
  return `CASE WHEN ${list} IS NOT NULL THEN ${each(`[(${folded}).s]`, r, finish.body([r]))}[1] END`
}

const zipWith: ScalarForm = ([a = '', b = ''], types) => {
  const { body, suffix } = lambdaOf(types, 2)
  const z = `z${suffix}`
  return allGiven([a, b], each(`list_zip(${a}, ${b})`, z, body([`${z}[1]`, `${z}[2]`])))
}

const matches =
  (combine: (list: string) => string): ScalarForm =>
  ([list = '', body = '']) =>
    combine(`list_transform(${list}, ${body})`)

/**
 * Sorts by a comparator: an element's place is the number of those that the comparator puts before it, ties keep their
 * order. That is what any stable sort gives as long as the comparator is an order.
 */
const sortedBy: ScalarForm = ([list = ''], types) => {
  const { body, suffix } = lambdaOf(types, 1)
  const [l, x, i, y, j, p] = [`l${suffix}`, `x${suffix}`, `i${suffix}`, `y${suffix}`, `j${suffix}`, `p${suffix}s`]
  const wrong = raise('INVALID_FUNCTION_ARGUMENT', 'Lambda comparator must return either -1, 0, or 1')
  const compared = `list_transform([${body([y, x])}], lambda c: CASE WHEN c IN (-1, 0, 1) THEN c ELSE ${wrong} END)[1]`
  const before = `list_filter(${l}, lambda ${y}, ${j}: CASE WHEN ${j} = ${i} THEN false ELSE ${compared} < 0 END)`
  const placed = `list_transform(${l}, lambda ${x}, ${i}: struct_pack(r := len(${before}), i := ${i}, v := ${x}))`
  return `list_transform([${list}], lambda ${l}: ${each(`list_sort(${placed})`, p, `${p}.v`)})[1]`
}

const options = { strict: false }

export const arrayLambdaFunctions = [
  scalar('transform(array(T), function(T,U)) -> array(U)', 'Applies a function to each element', 'list_transform($1, $2)'),
  scalar('filter(array(T), function(T,boolean)) -> array(T)', 'Elements for which a function is true', 'list_filter($1, $2)'),
  scalar('reduce(array(T), S, function(S,T,S), function(S,R)) -> R', 'Folds the elements into one value', reduce, options),
  scalar(
    'any_match(array(T), function(T,boolean)) -> boolean',
    'Whether a function is true for an element',
    matches((list) => `weir_any(${list})`),
    options,
  ),
  scalar(
    'all_match(array(T), function(T,boolean)) -> boolean',
    'Whether a function is true for all elements',
    matches((list) => `weir_all(${list})`),
    options,
  ),
  scalar(
    'none_match(array(T), function(T,boolean)) -> boolean',
    'Whether a function is true for no element',
    matches((list) => `(NOT weir_any(${list}))`),
    options,
  ),
  scalar('zip_with(array(T), array(U), function(T,U,R)) -> array(R)', 'Applies a function to pairs of elements', zipWith),
  scalar('array_sort(array(T), function(T,T,integer)) -> array(T)', 'In the order of a comparator', sortedBy),
].flat()
