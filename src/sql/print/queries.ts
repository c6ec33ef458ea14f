/** Queries as canonical text, on one line. */
import { unreachable } from '#src/common/errors'
import type { Expression, GroupBy, GroupingElement, Limit, Query, QueryBody, Select, SelectItem, SetOperation, With } from '../ast.ts'
import { printExpression, printExpressions, printOrderBy } from './expressions.ts'
import { printColumns, printIdentifier, printList, printName } from './names.ts'
import { printRelation } from './relations.ts'
import { printWindow } from './windows.ts'

/** Canonical text of a query. */
export function printQuery(query: Query): string {
  const parts = [
    query.functions.length === 0 ? '' : `WITH ${query.functions.map((item) => item.text).join(', ')}`,
    query.with === undefined ? '' : printWith(query.with),
    printBody(query.body),
    printOrderBy(query.orderBy),
    query.offset === undefined ? '' : `OFFSET ${printExpression(query.offset)} ROWS`,
    query.limit === undefined ? '' : printLimit(query.limit),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function printWith({ recursive, queries }: With): string {
  const items = printList(
    queries,
    ({ name, columns, query }) => `${printIdentifier(name)}${printColumns(columns)} AS (${printQuery(query)})`,
  )
  return `WITH ${recursive ? 'RECURSIVE ' : ''}${items}`
}

function printLimit(limit: Limit): string {
  switch (limit.kind) {
    case 'limit':
      return `LIMIT ${printExpression(limit.count)}`
    case 'limit all':
      return 'LIMIT ALL'
    case 'fetch': {
      const count = limit.count === undefined ? '' : ` ${printExpression(limit.count)}`
      return `FETCH FIRST${count} ROWS ${limit.withTies ? 'WITH TIES' : 'ONLY'}`
    }
  }
  return unreachable(limit)
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case 'select':
      return printSelect(body)
    case 'set-operation':
      return printSetOperation(body)
    case 'values':
      return `VALUES ${printExpressions(body.rows)}`
    case 'table':
      return `TABLE ${printName(body.name)}`
    case 'subquery-body':
      return `(${printQuery(body.query)})`
  }
  return unreachable(body)
}

/** Long chains lean to the left: they are walked in a loop. Operands that lean elsewhere are subquery bodies with their parentheses. */
function printSetOperation(operation: SetOperation): string {
  const parts: string[] = []
  let body: QueryBody = operation
  while (body.kind === 'set-operation') {
    parts.push(`${printOperator(body)} ${printBody(body.right)}`)
    body = body.left
  }
  return [printBody(body), ...parts.reverse()].join(' ')
}

function printOperator({ operator, all, corresponding }: SetOperation): string {
  const columns = corresponding === 'all' || corresponding === undefined ? '' : ` BY${printColumns(corresponding)}`
  return operator.toUpperCase() + (all ? ' ALL' : '') + (corresponding === undefined ? '' : ` CORRESPONDING${columns}`)
}

function printSelect(select: Select): string {
  const items = printList(select.items, printItem)
  const parts = [
    select.distinct ? 'SELECT DISTINCT' : /^all\b(?!$)/i.test(items) ? 'SELECT ALL' : 'SELECT',
    items,
    select.from === undefined ? '' : `FROM ${printRelation(select.from)}`,
    select.where === undefined ? '' : `WHERE ${printExpression(select.where)}`,
    select.groupBy === undefined ? '' : printGroupBy(select.groupBy),
    select.having === undefined ? '' : `HAVING ${printExpression(select.having)}`,
    select.windows.length === 0
      ? ''
      : `WINDOW ${printList(select.windows, ({ name, window }) => `${printIdentifier(name)} AS (${printWindow(window)})`)}`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function printItem(item: SelectItem): string {
  if (item.kind === 'expression')
    return printExpression(item.value) + (item.alias === undefined ? '' : ` AS ${printIdentifier(item.alias)}`)
  if (item.target === undefined) return '*'
  return `${printStarTarget(item.target)}.*${item.aliases.length === 0 ? '' : ` AS${printColumns(item.aliases)}`}`
}

/** Only names, calls and the like may stand before `.*` bare. */
function printStarTarget(target: Expression): string {
  switch (target.kind) {
    case 'identifier':
    case 'dereference':
    case 'subscript':
    case 'call':
    case 'row':
    case 'subquery':
      return printExpression(target)
  }
  return `(${printExpression(target)})`
}

function printGroupBy({ quantifier, auto, elements }: GroupBy): string {
  const items = elements.map(printElement)
  if (auto) items.push('AUTO')
  const list = items.join(', ')
  const all = /^all\b(?!$)/i.test(list)
  return `GROUP BY ${quantifier === 'distinct' ? 'DISTINCT ' : all ? 'ALL ' : ''}${list}`
}

function printElement(element: GroupingElement): string {
  switch (element.kind) {
    case 'simple':
      return printSet(element.columns)
    case 'rollup':
    case 'cube':
      return `${element.kind.toUpperCase()} (${printList(element.sets, printSet)})`
    case 'sets':
      return `GROUPING SETS (${printList(element.sets, printSet)})`
  }
  return unreachable(element)
}

function printSet(columns: readonly Expression[]): string {
  return columns.length === 1 ? printExpressions(columns) : `(${printExpressions(columns)})`
}
