/** Function calls, and the two that have syntax of their own. */
import type { Expression, FunctionCall } from '../ast.ts'
import { printAfterQuantifier, printExpression, printExpressions, printOrderBy, printValue } from './expressions.ts'
import { printName, printString } from './names.ts'
import { printOver } from './windows.ts'

export function printCall(call: FunctionCall): string {
  const [name] = call.name.parts
  const keyword = call.name.parts.length === 1 && name?.quoted === false ? name.value : ''
  if (keyword === 'listagg') return printListagg(call)
  if (keyword === 'normalize') return printNormalize(call)
  const processing = call.processing === undefined ? '' : `${call.processing.toUpperCase()} `
  const args = call.distinct ? `DISTINCT ${printExpressions(call.arguments)}` : printAfterQuantifier(call.arguments)
  const orderBy = printOrderBy(call.orderBy)
  const inside = [args, orderBy].filter((part) => part !== '').join(' ')
  return `${processing}${printName(call.name)}(${inside})${printTail(call)}`
}

function printTail({ filter, nulls, over }: FunctionCall): string {
  let tail = filter === undefined ? '' : ` FILTER (WHERE ${printExpression(filter)})`
  if (nulls !== undefined) tail += ` ${nulls.toUpperCase()} NULLS`
  if (over !== undefined) tail += ` ${printOver(over)}`
  return tail
}

function printListagg(call: FunctionCall): string {
  const args = `${call.distinct ? 'DISTINCT ' : ''}${printExpressions(call.arguments)}`
  const [name] = call.name.parts
  return `${name?.written ?? 'listagg'}(${args}${printOverflow(call)}) WITHIN GROUP (${printOrderBy(call.orderBy)})${printTail(call)}`
}

function printOverflow({ overflow }: FunctionCall): string {
  if (overflow === undefined) return ''
  if (overflow.kind === 'error') return ' ON OVERFLOW ERROR'
  const filler = overflow.filler === undefined ? '' : ` ${printString(overflow.filler)}`
  return ` ON OVERFLOW TRUNCATE${filler} ${overflow.withCount ? 'WITH' : 'WITHOUT'} COUNT`
}

function printNormalize(call: FunctionCall): string {
  const [value, form] = call.arguments as readonly [Expression, Extract<Expression, { kind: 'string' }>]
  return `NORMALIZE(${printValue(value)}, ${form.value})`
}
