/** Arrays made of values, of other arrays, or of parts of them. */
import type { Type } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { ScalarForm } from '../function.ts'
import { raise } from '../kernel-error.ts'
import { allGiven, each } from './array.ts'

const DAY_SECOND = 'interval day to second'
const YEAR_MONTH = 'interval year to month'

const ZIP_LETTERS = ['A', 'B', 'C', 'D', 'F']

const zipSignature = (count: number) => {
  const letters = ZIP_LETTERS.slice(0, count)
  return `zip(${letters.map((letter) => `array(${letter})`).join(', ')}) -> array(row(${letters.join(', ')}))`
}

const zip: ScalarForm = (args) => {
  const fields = args.map((_, index) => `f${index + 1} := z[${index + 1}]`).join(', ')
  return allGiven(args, each(`list_zip(${args.join(', ')})`, 'z', `struct_pack(${fields})`))
}

/** Combinations by their places, then the elements there. */
const combinations: ScalarForm = ([list = '', size = '']) =>
  allGiven([list, size], each(`weir_combinations(len(${list}), ${size})`, 'c', each('c', 'i', `${list}[i]`)))

const shuffled: ScalarForm = ([list = '']) => each(`list_sort(${each(list, 'x', 'struct_pack(r := random(), v := x)')})`, 's', 's.v')

const MOST_REPEATED_BYTES = 1_000_000
/** Bytes of an element in an array as Trino has it, its NULL mark included. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  boolean: 2,
  tinyint: 2,
  smallint: 3,
  integer: 5,
  real: 5,
  date: 5,
  bigint: 9,
  double: 9,
}
/** Those of an offset, and of the NULL mark. */
const ENTRY_BYTES = 5

/** A branch that refuses what Trino does not repeat so often; what it holds in words of fixed size is never too large. */
function tooLarge(value: string, type: Type | undefined, count: string): string {
  const bytes = type && bytesOf(value, type)
  if (bytes === undefined) return ''
  const message = `result of repeat function must not take more than ${MOST_REPEATED_BYTES} bytes`
  return `WHEN ${count} > 0 AND ${bytes} > (${MOST_REPEATED_BYTES} + ${count}) // ${count} THEN ${raise('INVALID_FUNCTION_ARGUMENT', message)}`
}

function bytesOf(value: string, type: Type): string | undefined {
  if (type.kind === 'varchar' || type.kind === 'char' || type.kind === 'json') return `strlen(${value}) + ${ENTRY_BYTES}`
  if (type.kind === 'varbinary') return `octet_length(${value}) + ${ENTRY_BYTES}`
  if (type.kind !== 'array') return undefined
  const each = ELEMENT_BYTES[type.element.kind]
  return each === undefined ? undefined : `len(${value}) * ${each} + ${ENTRY_BYTES}`
}

export const arrayBuildingFunctions = [
  scalar('flatten(array(array(E))) -> array(E)', 'Arrays put together', `flatten($1)`),
  scalar('reverse(array(E)) -> array(E)', 'In reverse order', 'list_reverse($1)'),
  scalar('slice(array(E), bigint, bigint) -> array(E)', 'Part of an array', 'weir_slice($1, $2, $3)'),
  scalar(
    'repeat(T, bigint) -> array(T)',
    'A value many times',
    ([value = '', count = ''], { arguments: types }) =>
      `CASE WHEN ${count} < 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be greater than or equal to 0')} WHEN ${count} > 10000 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be less than or equal to 10000')} ${tooLarge(value, types[0], count)} WHEN ${count} IS NOT NULL THEN list_transform(range(${count}), lambda i: ${value}) END`,
    { strict: false },
  ),
  scalar(
    'ngrams(array(T), integer) -> array(array(T))',
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
  scalar('concat(array(E), E) -> array(E)', 'Adds an element', ([list = '', value = '']) =>
    allGiven([list, value], `list_append(${list}, ${value})`),
  ),
  scalar('concat(E, array(E)) -> array(E)', 'Adds an element in front', ([value = '', list = '']) =>
    allGiven([value, list], `list_prepend(${value}, ${list})`),
  ),
  scalar('concat(array(E)...) -> array(E)', 'Puts arrays together', (args) =>
    args.length === 1
      ? `CASE WHEN true THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'There must be two or more arguments to concat')} ELSE ${args[0]} END`
      : allGiven(
          args,
          args.reduce((left, right) => `list_concat(${left}, ${right})`),
        ),
  ),
  scalar([2, 3, 4, 5].map(zipSignature), 'Rows of the elements at the same place', zip),
  scalar('trim_array(array(E), bigint) -> array(E)', 'Without the last elements', 'weir_trim_array($1, $2)'),
  scalar('combinations(array(T), integer) -> array(array(T))', 'All subsets of n elements', combinations),
  scalar('shuffle(array(E)) -> array(E)', 'In random order', shuffled, { deterministic: false }),
  scalar('dot_product(array(double), array(double)) -> double', 'Dot product of two vectors', 'weir_dot_product($1, $2)'),
  scalar('euclidean_distance(array(double), array(double)) -> double', 'Distance of two points', 'weir_euclidean_distance($1, $2)'),
  scalar(
    'cosine_similarity(array(double), array(double)) -> double',
    'Cosine of the angle of two vectors',
    'weir_cosine_similarity($1, $2)',
  ),
  scalar('cosine_distance(array(double), array(double)) -> double', '1 - cosine_similarity', '(1 - weir_cosine_similarity($1, $2))'),
  scalar(
    'cosine_similarity(map(varchar, double), map(varchar, double)) -> double',
    'Cosine of the angle of two sparse vectors',
    'weir_sparse_cosine_similarity($1, $2)',
  ),
  scalar(
    'cosine_distance(map(varchar, double), map(varchar, double)) -> double',
    '1 - cosine_similarity',
    '(1 - weir_sparse_cosine_similarity($1, $2))',
  ),
].flat()
