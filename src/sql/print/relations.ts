/** Relations as canonical text. */
import { unreachable } from '#src/common/errors'
import type { Expression, Join, MatchRecognize, Relation, TableFunction, TableFunctionArgument } from '../ast.ts'
import { printExpression, printExpressions, printOrderBy, printSortItem, printValue } from './expressions.ts'
import { printJsonTable } from './json.ts'
import { printColumns, printIdentifier, printList, printName, printTypeName } from './names.ts'
import { printQuery } from './queries.ts'
import { printMeasures, printPartitionBy, printPattern } from './windows.ts'

/** Where a relation stands: alone, between commas, beside JOIN, under a sample, a pattern or an alias; the later the simpler it must be. */
type Place = 'any' | 'joined' | 'operand' | 'sampled' | 'pattern' | 'primary'

export function printRelation(relation: Relation): string {
  return print(relation, 'any')
}

const RANK: Readonly<Record<Place, number>> = { any: 0, joined: 1, operand: 2, sampled: 3, pattern: 4, primary: 5 }

/** The simplest place that takes the relation without parentheses. */
function rank(relation: Relation): number {
  switch (relation.kind) {
    case 'join':
      return relation.type === 'implicit' ? RANK.any : RANK.joined
    case 'sampled':
      return RANK.operand
    case 'aliased':
      return relation.relation.kind === 'match-recognize' ? RANK.sampled : RANK.pattern
    case 'match-recognize':
      return RANK.sampled
  }
  return RANK.primary
}

function print(relation: Relation, place: Place): string {
  const text = printBare(relation)
  return rank(relation) < RANK[place] ? `(${text})` : text
}

function printBare(relation: Relation): string {
  switch (relation.kind) {
    case 'table-reference': {
      const { version } = relation
      return (
        printName(relation.name) + (version === undefined ? '' : ` FOR ${version.kind.toUpperCase()} AS OF ${printValue(version.value)}`)
      )
    }
    case 'subquery-relation':
      return `(${printQuery(relation.query)})`
    case 'lateral':
      return `LATERAL (${printQuery(relation.query)})`
    case 'unnest':
      return `UNNEST(${printExpressions(relation.items)})${relation.ordinality ? ' WITH ORDINALITY' : ''}`
    case 'join':
      return printJoin(relation)
    case 'aliased':
      return printAliased(relation)
    case 'sampled':
      return `${print(relation.relation, 'sampled')} TABLESAMPLE ${relation.method.toUpperCase()} (${printExpression(relation.percentage)})`
    case 'table-function':
      return printTableFunction(relation)
    case 'match-recognize':
      return printMatchRecognize(relation)
    case 'json-table':
      return printJsonTable(relation)
  }
  return unreachable(relation)
}

function printAliased({ relation, alias, columns }: Extract<Relation, { kind: 'aliased' }>): string {
  const text = relation.kind === 'match-recognize' ? printBare(relation) : print(relation, 'primary')
  return `${text} AS ${printIdentifier(alias)}${printColumns(columns)}`
}

/** Long chains lean to the left: they are walked in a loop. */
function printJoin(join: Join): string {
  const parts: string[] = []
  let left: Relation = join
  while (left.kind === 'join' && (left === join || left.type !== 'implicit' || join.type === 'implicit')) {
    parts.push(printRight(left))
    left = left.left
  }
  return [print(left, 'operand'), ...parts.reverse()].join('')
}

/** A join on the right side needs no parentheses where its own condition precedes the outer one; they are kept for the reader. */
function printRight({ type, right, criteria }: Join): string {
  switch (criteria?.kind) {
    case undefined:
      return type === 'implicit' ? `, ${print(right, 'joined')}` : ` CROSS JOIN ${print(right, 'operand')}`
    case 'natural':
      return ` NATURAL ${type.toUpperCase()} JOIN ${print(right, 'operand')}`
    case 'on':
      return ` ${type.toUpperCase()} JOIN ${print(right, 'operand')} ON ${printExpression(criteria.condition)}`
    case 'using':
      return ` ${type.toUpperCase()} JOIN ${print(right, 'operand')} USING${printColumns(criteria.columns)}`
  }
  return unreachable(criteria)
}

function printMatchRecognize({ relation, partitionBy, orderBy, rows, pattern }: MatchRecognize): string {
  const parts = [printPartitionBy(partitionBy), printOrderBy(orderBy), printMeasures(pattern), printRows(rows), printPattern(pattern)]
  return `${print(relation, 'pattern')} MATCH_RECOGNIZE (${parts.filter((part) => part !== '').join(' ')})`
}

function printRows(rows: MatchRecognize['rows']): string {
  switch (rows) {
    case undefined:
      return ''
    case 'one row':
      return 'ONE ROW PER MATCH'
    case 'all rows':
      return 'ALL ROWS PER MATCH'
    case 'all rows show empty':
      return 'ALL ROWS PER MATCH SHOW EMPTY MATCHES'
    case 'all rows omit empty':
      return 'ALL ROWS PER MATCH OMIT EMPTY MATCHES'
    case 'all rows with unmatched':
      return 'ALL ROWS PER MATCH WITH UNMATCHED ROWS'
  }
  return unreachable(rows)
}

function printTableFunction({ name, arguments: args, copartition }: TableFunction): string {
  const tables = printList(copartition, (names) => `(${printList(names, printName)})`)
  const inside = [printList(args, printArgument), tables === '' ? '' : `COPARTITION ${tables}`].filter((part) => part !== '').join(' ')
  return `TABLE(${printName(name)}(${inside}))`
}

function printArgument({ name, value }: TableFunctionArgument): string {
  return (name === undefined ? '' : `${printIdentifier(name)} => `) + printArgumentValue(value)
}

function printArgumentValue(value: TableFunctionArgument['value']): string {
  switch (value.kind) {
    case 'expression':
      return printExpression(value.value)
    case 'descriptor':
      if (value.columns === undefined) return 'CAST(NULL AS DESCRIPTOR)'
      return `DESCRIPTOR(${printList(value.columns, ({ name, type }) => printIdentifier(name) + (type === undefined ? '' : ` ${printTypeName(type)}`))})`
    case 'table': {
      const parts = [printTableArgument(value.relation)]
      if (value.partitionBy !== undefined) parts.push(`PARTITION BY ${printSet(value.partitionBy)}`)
      if (value.prune !== undefined) parts.push(`${value.prune.toUpperCase()} WHEN EMPTY`)
      if (value.orderBy.length > 0) parts.push(`ORDER BY (${printList(value.orderBy, printSortItem)})`)
      return parts.join(' ')
    }
  }
  return unreachable(value)
}

const printSet = (columns: readonly Expression[]): string =>
  columns.length === 1 ? printExpressions(columns) : `(${printExpressions(columns)})`

function printTableArgument(relation: Relation): string {
  if (relation.kind === 'aliased') {
    return `${printTableArgument(relation.relation)} AS ${printIdentifier(relation.alias)}${printColumns(relation.columns)}`
  }
  return relation.kind === 'subquery-relation' ? `TABLE(${printQuery(relation.query)})` : `TABLE(${printBare(relation)})`
}
