/** The arguments of an expression, computed once each and in Trino's order. */
import type { Expr } from '#src/logical/expression'
import { bindOnce, isCostly, MAX_REPEATED_LENGTH } from './bind-once.ts'
import type { ExpressionContext, PrintExpr } from './expression-context.ts'
import { askedNull, decidingOperands } from './operand-order.ts'

/** Prints with arguments that `form` may repeat: what is random, runs a subquery or is long gets a name. */
export function once(
  args: readonly Expr[],
  context: ExpressionContext,
  print: PrintExpr,
  form: (texts: readonly string[]) => string,
): string {
  const texts = args.map((arg) => print(arg, context))
  return bindOnce(
    texts,
    args.map((arg, index) => isCostly(arg, texts[index] as string)),
    form,
  )
}

/** Over VALUES longer texts are bound before they are asked, as everywhere else. */
const MAX_ASKED_LENGTH = 8 * MAX_REPEATED_LENGTH

/** As `once`, where the arguments with these indices are asked for NULL, which makes the whole NULL, before the others are computed. */
export function inOrder(
  args: readonly Expr[],
  asked: readonly number[],
  context: ExpressionContext,
  print: PrintExpr,
  form: (texts: readonly string[]) => string,
): string {
  if (asked.length === 0) return once(args, context, print, form)
  const texts = args.map((arg) => print(arg, context))
  const costly = args.map((arg, index) => isCostly(arg, texts[index] as string))
  // Over VALUES, whose rows are few, what is asked for may fail, and is not computed before the others are asked.
  const bound = costly.map((bind, index) => bind && (context.order !== 'any' || (texts[index] as string).length > MAX_ASKED_LENGTH))
  const inner = (given: readonly string[]): string => {
    const all = texts.map((text, index) => given[asked.indexOf(index)] ?? text)
    const rest = costly.map((bind, index) => bind && !(bound[index] && asked.includes(index)))
    const nulls = asked.map((index, place) => {
      const text = given[place] as string
      return bound[index] ? `${text} IS NULL` : askedNull(args[index] as Expr, text, context)
    })
    return nullWhere(nulls, bindOnce(all, rest, form, texts))
  }
  return bindOnce(
    asked.map((index) => texts[index] as string),
    asked.map((index) => bound[index] as boolean),
    inner,
    texts,
    1,
  )
}

/** NULL where one of the conditions holds, which are asked in their order. */
export function nullWhere(asked: readonly string[], sql: string): string {
  return asked.length === 0 ? sql : `CASE ${asked.map((condition) => `WHEN ${condition} THEN NULL`).join(' ')} ELSE ${sql} END`
}

/** NULL where an operand that decides is NULL, else `sql`, which computes all. */
export function askedFirst(args: readonly Expr[], context: ExpressionContext, print: PrintExpr, sql: string): string {
  const texts = decidingOperands(args, context).map((index) => {
    const arg = args[index] as Expr
    const text = print(arg, context)
    return isCostly(arg, text) ? undefined : askedNull(arg, text, context)
  })
  return nullWhere(
    texts.filter((text) => text !== undefined),
    sql,
  )
}
