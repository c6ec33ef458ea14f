/** Names for arguments that the text of an expression would repeat. */
import { expansionOf } from '#src/functions/macros/expansion'
import { hasSubquery, isDeterministic } from '#src/logical/expr-properties'
import type { Expr } from '#src/logical/expression'

/**
 * Texts that are longer than this, macros expanded, are bound to a name instead of being repeated: forms and macros repeat
 * their arguments, and calls nest.
 */
export const MAX_REPEATED_LENGTH = 2000

/** Functions in JavaScript and macros whose expansion is long: repeating their calls is slow. */
const LONG_MACROS = /weir_(?:json_|is_json|instant|text_to_zoned|text_to_timestamp)\w*\(/

/** Whether an argument, `text` in SQL, must not be repeated. */
export function isCostly(arg: Expr, text: string): boolean {
  if (arg.kind === 'lambda') return false
  return (
    LONG_MACROS.test(text) ||
    text.length > MAX_REPEATED_LENGTH ||
    !isDeterministic(arg) ||
    hasSubquery(arg) ||
    expansionOf(text).length > MAX_REPEATED_LENGTH
  )
}

/**
 * SQL of a form that may repeat its arguments' `texts`. Those that `mustBind` and are used twice get a name by a list of one;
 * columns and short texts are repeated, and the kernel computes equal texts once.
 * @param around all texts that the form may hold, whose names must not be hidden
 * @param level of a binding around another one's form: 1, else 0
 */
export function bindOnce(
  texts: readonly string[],
  mustBind: readonly boolean[],
  form: (texts: readonly string[]) => string,
  around: readonly string[] = texts,
  level: 0 | 1 = 0,
): string {
  if (!mustBind.includes(true)) return form(texts)
  // A form that uses its arguments once needs no names.
  const marks = texts.map((_, index) => `weir_arg_${level}_${index}_`)
  const marked = form(texts.map((text, index) => (mustBind[index] ? (marks[index] as string) : text)))
  const { uses } = expansionOf(marked, marks)
  const repeated = mustBind.map((bind, index) => bind && (uses[index] as number) > 1)
  if (!repeated.includes(true)) return texts.reduce((sql, text, index) => sql.replaceAll(marks[index] as string, () => text), marked)
  const name = `o${nextName(around) + level}`
  const packed = texts.flatMap((text, index) => (repeated[index] ? [`a${index} := ${text}`] : []))
  const body = texts.reduce(
    (sql, text, index) => sql.replaceAll(marks[index] as string, () => (repeated[index] ? `(${name}.a${index})` : text)),
    marked,
  )
  return `list_transform([struct_pack(${packed.join(', ')})], lambda ${name}: ${body})[1]`
}

/** One more than the deepest name inside, so that names of nested bindings differ. */
function nextName(texts: readonly string[]): number {
  let deepest = 0
  for (const text of texts) for (const match of text.matchAll(/\blambda o(\d+):/g)) deepest = Math.max(deepest, Number(match[1]))
  return deepest + 1
}
