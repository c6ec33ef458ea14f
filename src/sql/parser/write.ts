/** Statements that change data, and their neighbours: INSERT, DELETE, UPDATE, MERGE, TRUNCATE, ANALYZE, CALL, COMMENT, REFRESH. */
import type { Position } from '#src/common/errors'
import type { Expression, Identifier, MergeCase, Relation, Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { parsePartitionSpec } from './hive.ts'
import { parseString } from './literals.ts'
import { parseWithProperties } from './properties.ts'
import { parseColumnAliases, parseRootQuery } from './queries.ts'
import { parseRelation } from './relations.ts'

export function parseWriteStatement(cursor: Cursor): Statement | undefined {
  const { at } = cursor.token
  switch (cursor.acceptAny('ANALYZE', 'CALL', 'COMMENT', 'DELETE', 'INSERT', 'MERGE', 'REFRESH', 'TRUNCATE', 'UPDATE')) {
    case 'ANALYZE':
      return { kind: 'analyze', table: cursor.qualifiedName(), properties: parseWithProperties(cursor), at }
    case 'CALL': {
      const name = cursor.qualifiedName()
      return { kind: 'call-procedure', name, arguments: parseCallArguments(cursor), at }
    }
    case 'COMMENT':
      return parseComment(cursor, at)
    case 'DELETE':
      cursor.expect('FROM')
      return { kind: 'delete', table: cursor.qualifiedName(), where: parseWhere(cursor), at }
    case 'INSERT':
      return parseInsert(cursor, at)
    case 'MERGE':
      return parseMerge(cursor, at)
    case 'REFRESH':
      cursor.expect('MATERIALIZED')
      cursor.expect('VIEW')
      return { kind: 'refresh-view', name: cursor.qualifiedName(), at }
    case 'TRUNCATE':
      cursor.expect('TABLE')
      return { kind: 'truncate', table: cursor.qualifiedName(), at }
    case 'UPDATE': {
      const table = cursor.qualifiedName()
      cursor.expect('SET')
      const assignments = cursor.list(() => parseAssignment(cursor))
      return { kind: 'update', table, assignments, where: parseWhere(cursor), at }
    }
    case undefined:
      return undefined
  }
}

export function parseWhere(cursor: Cursor): Expression | undefined {
  return cursor.accept('WHERE') ? parseExpression(cursor) : undefined
}

/** `( [name =>] value, … )` */
export function parseCallArguments(cursor: Cursor): readonly { readonly name: Identifier | undefined; readonly value: Expression }[] {
  cursor.expect('(')
  if (cursor.accept(')')) return []
  const args = cursor.list(() => {
    let name: Identifier | undefined
    if (cursor.token.name && cursor.peek(1) === '=>') {
      name = cursor.identifier()
      cursor.next()
    }
    return { name, value: parseExpression(cursor) }
  })
  cursor.expect(')')
  return args
}

function parseComment(cursor: Cursor, at: Position): Statement {
  cursor.expect('ON')
  const object = cursor.expectAny('COLUMN', 'TABLE', 'VIEW').toLowerCase() as 'column' | 'table' | 'view'
  const name = cursor.qualifiedName()
  cursor.expect('IS')
  const comment = cursor.accept('NULL') ? undefined : parseString(cursor)
  return { kind: 'comment-on', object, name, comment, at }
}

/** INSERT INTO t [(columns)] query, Hive's INSERT OVERWRITE [TABLE] t [PARTITION (…)] [(columns)] query. */
function parseInsert(cursor: Cursor, at: Position): Statement {
  const overwrite = cursor.isWord('OVERWRITE')
  if (overwrite) {
    cursor.next()
    cursor.accept('TABLE')
  } else {
    cursor.expect('INTO')
  }
  const name = () => cursor.qualifiedName()
  const table = overwrite ? cursor.inHive(name) : name()
  const partition = overwrite && cursor.at('PARTITION') ? cursor.inHive(() => parsePartitionSpec(cursor)) : undefined
  const columns = cursor.at('(') && cursor.peekName(1) ? parseColumnAliases(cursor) : undefined
  return { kind: 'insert', table, overwrite, partition, columns, query: parseRootQuery(cursor), at }
}

/** `(a, …)`, and no query in parentheses. */
export function atColumnAliases(cursor: Cursor): boolean {
  return cursor.at('(') && cursor.peekName(1) && (cursor.peek(2) === ',' || cursor.peek(2) === ')')
}

function parseAssignment(cursor: Cursor): { readonly column: Identifier; readonly value: Expression } {
  const column = cursor.identifier()
  cursor.expect('=')
  return { column, value: parseExpression(cursor) }
}

function parseMerge(cursor: Cursor, at: Position): Statement {
  cursor.expect('INTO')
  const name = cursor.qualifiedName()
  let target: Relation = { kind: 'table-reference', name, version: undefined, at: name.at }
  const as = cursor.accept('AS')
  if (as || !cursor.at('USING')) target = { kind: 'aliased', relation: target, alias: cursor.identifier(), columns: undefined, at: name.at }
  cursor.expect('USING')
  const source = parseRelation(cursor)
  cursor.expect('ON')
  const on = parseExpression(cursor)
  const cases: MergeCase[] = []
  do cases.push(parseMergeCase(cursor))
  while (cursor.at('WHEN'))
  return { kind: 'merge', target, source, on, cases, at }
}

function parseMergeCase(cursor: Cursor): MergeCase {
  cursor.expect('WHEN')
  const matched = !cursor.accept('NOT')
  cursor.expect('MATCHED')
  const condition = cursor.accept('AND') ? parseExpression(cursor) : undefined
  cursor.expect('THEN')
  if (!matched) return parseMergeInsert(cursor, condition)
  if (cursor.expectAny('DELETE', 'UPDATE') === 'DELETE') return { kind: 'delete', condition }
  cursor.expect('SET')
  return { kind: 'update', condition, assignments: cursor.list(() => parseAssignment(cursor)) }
}

function parseMergeInsert(cursor: Cursor, condition: Expression | undefined): MergeCase {
  cursor.expect('INSERT')
  const columns = cursor.at('(') ? parseColumnAliases(cursor) : undefined
  cursor.expect('VALUES')
  return { kind: 'insert', condition, columns, values: cursor.parenthesized(() => parseExpression(cursor)) }
}
