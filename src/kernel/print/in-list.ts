/** IN over a list of items. */
import { hasSubquery, isDeterministic } from '#src/logical/expr-properties'
import type { Expr, InList } from '#src/logical/expression'
import type { Type } from '#src/types/type'
import { nullWhere, once } from './argument-order.ts'
import { printEqual } from './compare.ts'
import { constantOf } from './constant.ts'
import type { ExpressionContext, PrintExpr } from './expression-context.ts'
import { askedNull, holdsTry, mayBeNull, mayRaise } from './operand-order.ts'

/** Types that the kernel's IN and simple CASE compare as Trino does. */
function comparesNatively(type: Type): boolean {
  return printEqual('a', 'b', type) === '(a = b)'
}

export function printInList(expr: InList, context: ExpressionContext, print: PrintExpr): string {
  const sql = printInItems(expr, context, print)
  // Over VALUES a list of NULLs decides before the value is computed.
  const decides = (item: Expr): boolean => mayBeNull(item) && !holdsTry(item) && isDeterministic(item) && !hasSubquery(item)
  if (context.order !== 'any' || !mayRaise(expr.value, context) || !expr.items.every(decides)) return sql
  const nulls = expr.items.map((item) => askedNull(item, print(item, context), context))
  return nullWhere([nulls.join(' AND ')], sql)
}

function printInItems(expr: InList, context: ExpressionContext, print: PrintExpr): string {
  const { type } = expr.value
  const numbers = (type.kind === 'double' || type.kind === 'real') && expr.items.every((item) => constantOf(item) !== undefined)
  const raising = expr.items.filter((item) => context.order !== 'none' && mayRaise(item, context))
  if ((comparesNatively(type) || numbers) && raising.length === 0) {
    return `(${print(expr.value, context)} IN (${expr.items.map((item) => print(item, context)).join(', ')}))`
  }
  if (raising.length > 0 && expr.items.every((item) => isDeterministic(item) && !hasSubquery(item)))
    return printRaisingInList(expr, raising, context, print)
  return once([expr.value, ...expr.items], context, print, ([value = '', ...items]) => {
    const found = `(${items.map((item) => printEqual(value, item, type)).join(' OR ')})`
    return raising.length > 0 ? nullWhere([`${value} IS NULL`], found) : found
  })
}

/** Trino asks constants first, then the other items from the last to the first; over VALUES it computes all. */
function printRaisingInList(expr: InList, raising: readonly Expr[], context: ExpressionContext, print: PrintExpr): string {
  const { type } = expr.value
  return once([expr.value], context, print, ([value = '']) => {
    const equal = (item: Expr): string => printEqual(value, print(item, context), type)
    const constants = expr.items.filter((item) => item.kind === 'literal')
    const others = expr.items.filter((item) => item.kind !== 'literal').reverse()
    const joined = (items: readonly Expr[]): string => `(${items.map(equal).join(' OR ')})`
    const from = (groups: readonly (readonly Expr[])[]): string => {
      const [first = [], ...rest] = groups
      return rest.length === 0 ? joined(first) : `CASE WHEN ${joined(first)} THEN true ELSE (${joined(first)} OR ${from(rest)}) END`
    }
    const found =
      context.order === 'any'
        ? `CASE WHEN list_contains([${raising.map(equal).join(', ')}], true) THEN true ELSE ${joined(expr.items)} END`
        : from([...(constants.length > 0 ? [constants] : []), ...others.map((item) => [item])])
    return nullWhere([`${value} IS NULL`], found)
  })
}
