/** Expressions in messages, in the form in which Trino prints them: operators in parentheses, keywords in upper case. */
import { unreachable } from '#src/common/errors'
import type * as ast from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { resolveType } from './type-name.ts'

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`

function identifier({ value, written, quoted }: ast.Identifier): string {
  return quoted ? `"${value.replaceAll('"', '""')}"` : (written ?? value)
}

/** One line; queries are shortened to `(...)`. */
export function expressionText(node: ast.Expression): string {
  const text = expressionText
  const list = (items: readonly ast.Expression[]): string => items.map(text).join(', ')
  switch (node.kind) {
    case 'identifier':
      return identifier(node)
    case 'dereference':
      return `${text(node.base)}.${identifier(node.field)}`
    case 'null':
      return 'null'
    case 'boolean-literal':
      return String(node.value)
    case 'number':
      return node.form === 'decimal' ? `DECIMAL '${node.text}'` : node.text
    case 'string':
      return quote(node.value)
    case 'binary':
      return `X'${node.hex}'`
    case 'generic-literal':
      return `${formatType(resolveType(node.type)).toUpperCase()} ${quote(node.value)}`
    case 'interval':
      return `INTERVAL ${node.sign === '-' ? '- ' : ''}${quote(node.value)} ${node.from.toUpperCase()}${node.to ? ` TO ${node.to.toUpperCase()}` : ''}`
    case 'parameter':
      return '?'
    case 'star':
      return '*'
    case 'arithmetic':
      return node.operator === '||'
        ? `concat(${list([node.left, node.right])})`
        : `(${text(node.left)} ${node.operator} ${text(node.right)})`
    case 'sign':
      return `${node.sign}${text(node.value)}`
    case 'comparison':
      return `(${text(node.left)} ${node.operator} ${text(node.right)})`
    case 'quantified':
      return `(${text(node.value)} ${node.operator} ${node.quantifier.toUpperCase()} (...))`
    case 'logical':
      return `(${node.terms.map(text).join(node.operator === 'and' ? ' AND ' : ' OR ')})`
    case 'not':
      return `(NOT ${text(node.value)})`
    case 'between':
      return negated(node.negated, `(${text(node.value)} BETWEEN ${text(node.low)} AND ${text(node.high)})`)
    case 'in-list':
      return negated(node.negated, `(${text(node.value)} IN (${list(node.items)}))`)
    case 'in-subquery':
      return negated(node.negated, `(${text(node.value)} IN (...))`)
    case 'like':
      return negated(node.negated, `(${text(node.value)} LIKE ${text(node.pattern)}${node.escape ? ` ESCAPE ${text(node.escape)}` : ''})`)
    case 'is-null':
      return `(${text(node.value)} IS ${node.negated ? 'NOT ' : ''}NULL)`
    case 'distinct-from':
      return `(${text(node.left)} IS ${node.negated ? 'NOT ' : ''}DISTINCT FROM ${text(node.right)})`
    case 'exists':
      return '(EXISTS (...))'
    case 'subquery':
      return '(...)'
    case 'case': {
      const whens = node.whens.map((branch) => `WHEN ${text(branch.when)} THEN ${text(branch.then)}`)
      const parts = [...(node.operand ? [text(node.operand)] : []), ...whens, ...(node.otherwise ? [`ELSE ${text(node.otherwise)}`] : [])]
      return `(CASE ${parts.join(' ')} END)`
    }
    case 'cast':
      return `${node.safe ? 'TRY_CAST' : 'CAST'}(${text(node.value)} AS ${formatType(resolveType(node.type))})`
    case 'extract':
      return `EXTRACT(${node.field.value.toUpperCase()} FROM ${text(node.value)})`
    case 'at-time-zone':
      return `${text(node.value)} AT TIME ZONE ${text(node.zone)}`
    case 'current':
      return node.precision === undefined ? node.name : `${node.name}(${node.precision})`
    case 'call':
      return callText(node)
    case 'lambda':
      return `(${node.parameters.map(identifier).join(', ')}) -> ${text(node.body)}`
    case 'row':
      return `ROW (${list(node.fields.map((field) => field.value))})`
    case 'array':
      return `ARRAY[${node.items.map(text).join(',')}]`
    case 'subscript':
      return `${text(node.base)}[${text(node.index)}]`
    case 'trim':
      return `trim(${node.side.toUpperCase()} ${node.characters ? `${text(node.characters)} ` : ''}FROM ${text(node.value)})`
    case 'json':
      return `${node.name.toUpperCase()}(...)`
    case 'grouping':
      return `GROUPING (${list(node.columns)})`
    case 'measure':
      return `${identifier(node.name)} OVER (...)`
    default:
      return unreachable(node)
  }
}

const negated = (negate: boolean, text: string): string => (negate ? `(NOT ${text})` : text)

function callText(node: ast.FunctionCall): string {
  const name = node.name.parts.map(identifier).join('.')
  const order = node.orderBy.length > 0 ? ` ORDER BY ${sortText(node.orderBy)}` : ''
  const args = `${node.distinct ? 'DISTINCT ' : ''}${node.arguments.map(expressionText).join(', ')}${order}`
  const filter = node.filter ? ` FILTER (WHERE ${expressionText(node.filter)})` : ''
  const nulls = node.nulls ? ` ${node.nulls.toUpperCase()} NULLS` : ''
  return `${name}(${args})${filter}${nulls}${node.over ? ` OVER ${windowText(node.over)}` : ''}`
}

function sortText(items: readonly ast.SortItem[]): string {
  return items
    .map((item) => {
      const nulls = item.nulls ? ` NULLS ${item.nulls.toUpperCase()}` : ''
      return `${expressionText(item.value)} ${item.descending ? 'DESC' : 'ASC'}${nulls}`
    })
    .join(', ')
}

function windowText(over: ast.WindowSpecification | ast.Identifier): string {
  if (over.kind === 'identifier') return identifier(over)
  const parts: string[] = []
  if (over.base) parts.push(identifier(over.base))
  if (over.partitionBy.length > 0) parts.push(`PARTITION BY ${over.partitionBy.map(expressionText).join(', ')}`)
  if (over.orderBy.length > 0) parts.push(`ORDER BY ${sortText(over.orderBy)}`)
  return `(${parts.join(' ')})`
}
