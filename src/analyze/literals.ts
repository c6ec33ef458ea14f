/** Constants as written → typed literals. */
import { QueryError } from '#src/common/errors'
import { literal } from '#src/logical/build'
import type { Literal } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { intervalLiteral as parseInterval } from '#src/types/interval'
import { decimalLiteral, integerLiteral, parseLiteral, type TypedValue, timeLiteral, timestampLiteral } from '#src/types/literal'
import { DOUBLE, varchar } from '#src/types/type'
import type { AnalysisSession } from './context.ts'
import { resolveType } from './type-name.ts'

const typed = ({ type, value }: TypedValue): Literal => literal(type, value)

export function numberLiteral(node: ast.NumberLiteral): Literal {
  const text = node.text.replaceAll('_', '')
  switch (node.form) {
    case 'double':
      return literal(DOUBLE, Number(text))
    case 'decimal':
      return typed(decimalLiteral(text, node.at))
    case 'integer': {
      const negative = text.startsWith('-')
      const value = BigInt(negative ? text.slice(1) : text)
      const found = integerLiteral(negative ? -value : value)
      if (!found) throw new QueryError('SYNTAX_ERROR', `Invalid numeric literal: ${node.text}`, { at: node.at })
      return typed(found)
    }
  }
}

/** varchar of its length in code points. */
export const stringLiteral = (value: string): Literal => literal(varchar([...value].length), value)

/** `date '…'`, `decimal '…'`, `bigint '…'`. */
export function genericLiteral(node: ast.GenericLiteral, session: AnalysisSession): Literal {
  const { type: name, value, at } = node
  if (name.kind === 'datetime-type' && name.precision === undefined && !name.withTimeZone) {
    return typed(name.base === 'timestamp' ? timestampLiteral(value, at) : timeLiteral(value, at))
  }
  if (name.kind === 'generic-type' && name.arguments.length === 0) {
    if (name.name === 'decimal' || name.name === 'dec' || name.name === 'numeric') return typed(decimalLiteral(value, at))
    if (name.name === 'char') return literal({ kind: 'char', length: [...value].length }, value.replace(/ +$/, ''))
  }
  const type = resolveType(name, at)
  if (type.kind === 'unknown') throw new QueryError('TYPE_NOT_FOUND', `Unknown type: ${formatType(type)}`, { at })
  return literal(type, parseLiteral(value, type, { at, zone: session.zone }))
}

export function intervalLiteral(node: ast.IntervalLiteral): Literal {
  return typed(parseInterval(node.value, node.sign, node.from, node.to, node.at))
}
