/** TABLE(function(argument, …)): polymorphic table functions. */
import type { Expression, Relation, SortItem, TableFunction, TableFunctionArgument } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { isQueryStart, parseQuery, parseSortItem } from './queries.ts'
import { parseAliased } from './relations.ts'
import { parseTypeName } from './types.ts'

export function parseTableFunction(cursor: Cursor): TableFunction {
  const { at } = cursor.expect('TABLE')
  cursor.expect('(')
  const name = cursor.qualifiedName()
  cursor.expect('(')
  const empty = cursor.at(')') || atCopartition(cursor)
  const args = empty ? [] : cursor.list(() => parseArgument(cursor))
  const copartition = cursor.accept('COPARTITION') ? cursor.list(() => parseCopartition(cursor)) : []
  cursor.expect(')')
  cursor.expect(')')
  return { kind: 'table-function', name, arguments: args, copartition, at }
}

const atCopartition = (cursor: Cursor): boolean => cursor.at('COPARTITION') && cursor.peek(1) === '(' && cursor.peekName(2)

function parseCopartition(cursor: Cursor) {
  cursor.expect('(')
  const tables = [cursor.qualifiedName()]
  cursor.expect(',')
  tables.push(...cursor.list(() => cursor.qualifiedName()))
  cursor.expect(')')
  return tables
}

function parseArgument(cursor: Cursor): TableFunctionArgument {
  const { at } = cursor.token
  let name: TableFunctionArgument['name']
  if (cursor.token.name && cursor.peek(1) === '=>') {
    name = cursor.identifier()
    cursor.next()
  }
  return { name, value: parseArgumentValue(cursor), at }
}

function parseArgumentValue(cursor: Cursor): TableFunctionArgument['value'] {
  if (cursor.at('TABLE')) return parseTableArgument(cursor)
  if (cursor.at('DESCRIPTOR') && atDescriptor(cursor)) {
    cursor.next()
    const columns = cursor.parenthesized(() => {
      const name = cursor.identifier()
      return { name, type: cursor.token.type === ',' || cursor.at(')') ? undefined : parseTypeName(cursor) }
    })
    return { kind: 'descriptor', columns }
  }
  if (['CAST', '(', 'NULL', 'AS', 'DESCRIPTOR', ')'].every((type, distance) => cursor.peek(distance) === type)) {
    for (let count = 0; count < 6; count++) cursor.next()
    return { kind: 'descriptor', columns: undefined }
  }
  return { kind: 'expression', value: parseExpression(cursor) }
}

/** `DESCRIPTOR (name [type], …)` and no more; anything else is a call of a function of that name. */
function atDescriptor(cursor: Cursor): boolean {
  if (cursor.peek(1) !== '(') return false
  for (let place = 2; ; place++) {
    if (!cursor.peekName(place)) return false
    const typed = cursor.peekName(place + 1)
    place += 1
    for (let depth = 0; depth > 0 || (cursor.peek(place) !== ',' && cursor.peek(place) !== ')'); place++) {
      if (!typed || cursor.peek(place) === 'end') return false
      if (cursor.peek(place) === '(') depth++
      if (cursor.peek(place) === ')') depth--
    }
    if (cursor.peek(place) === ')') return [',', ')', 'COPARTITION'].includes(cursor.peek(place + 1))
  }
}

function parseTableArgument(cursor: Cursor): TableFunctionArgument['value'] {
  const relation = parseTableArgumentRelation(cursor)
  let partitionBy: readonly Expression[] | undefined
  if (cursor.accept('PARTITION')) {
    cursor.expect('BY')
    partitionBy = parsePartitionColumns(cursor)
  }
  const prune = cursor.acceptAny('PRUNE', 'KEEP')?.toLowerCase() as 'prune' | 'keep' | undefined
  if (prune !== undefined) {
    cursor.expect('WHEN')
    cursor.expect('EMPTY')
  }
  const orderBy = cursor.accept('ORDER') ? parseArgumentOrder(cursor) : []
  return { kind: 'table', relation, partitionBy, prune, orderBy }
}

/** TABLE(name) or TABLE(query), with an alias; the parts of the argument begin with words that could be aliases. */
function parseTableArgumentRelation(cursor: Cursor): Relation {
  const { at } = cursor.expect('TABLE')
  cursor.expect('(')
  let relation: Relation
  if (isQueryStart(cursor.token.type) || cursor.token.type === '(') {
    relation = { kind: 'subquery-relation', query: parseQuery(cursor), at }
  } else {
    cursor.expecting('<query>')
    const name = cursor.qualifiedName()
    relation = { kind: 'table-reference', name, version: undefined, at: name.at }
  }
  cursor.expect(')')
  return atArgumentClause(cursor) ? relation : parseAliased(cursor, relation)
}

function atArgumentClause(cursor: Cursor): boolean {
  const next = cursor.peek(1)
  switch (cursor.token.type) {
    case 'PARTITION':
      return next === 'BY'
    case 'PRUNE':
    case 'KEEP':
      return next === 'WHEN'
    case 'COPARTITION':
      return next === '('
  }
  return false
}

/** A list in parentheses, or one expression. */
function parsePartitionColumns(cursor: Cursor): readonly Expression[] {
  const { at } = cursor.token
  if (cursor.token.type !== '(') return [parseExpression(cursor)]
  if (cursor.peek(1) === ')' && cursor.peek(2) !== '->') {
    cursor.next()
    cursor.next()
    return []
  }
  const value = parseExpression(cursor)
  return value.kind === 'row' && value.at === at ? value.fields.map((field) => field.value) : [value]
}

/** What follows a parenthesis that only begins the item. */
const AFTER_EXPRESSION: ReadonlySet<string> = new Set(
  '. [ + - * / % || = <> < <= > >= -> AT AND OR IS IN NOT BETWEEN LIKE ASC DESC NULLS'.split(' '),
)

/** Items in parentheses, or one item; that one may begin with a parenthesis, but then something follows the closing one. */
function parseArgumentOrder(cursor: Cursor): readonly SortItem[] {
  cursor.expect('BY')
  if (cursor.token.type !== '(' || AFTER_EXPRESSION.has(cursor.afterMatching())) return [parseSortItem(cursor)]
  return cursor.parenthesized(() => parseSortItem(cursor))
}
