/** CREATE …: schemas, tables, views; catalogs, roles and functions are read and kept as text. */
import type { Position } from '#src/common/errors'
import type { ColumnDefinition, Expression, LikeClause, Property, QualifiedName, Query, Statement } from '../ast.ts'
import type { Token } from '../lexer.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { parseFunction } from './functions.ts'
import { parseHiveProperties, parseHiveString } from './hive.ts'
import { atHiveClause, parseHiveTable } from './hive-table.ts'
import { parseInterval, parseString } from './literals.ts'
import { parseProperties, parseWithProperties } from './properties.ts'
import { parseColumnAliases, parseRootQuery } from './queries.ts'
import { parseGrantor, parsePrincipal, roleStatement, unsupported } from './security.ts'
import { parseTypeName } from './types.ts'
import { atColumnAliases } from './write.ts'

export function parseCreate(cursor: Cursor): Statement {
  const start = cursor.expect('CREATE')
  if (cursor.accept('OR')) {
    cursor.expect('REPLACE')
    return parseReplaceable(cursor, start, true)
  }
  if (cursor.isWord('EXTERNAL') && cursor.peek(1) === 'TABLE') {
    cursor.next()
    cursor.next()
    return cursor.inHive(() => {
      const ifNotExists = parseIfNotExists(cursor)
      const name = cursor.qualifiedName()
      const columns = cursor.at('(') ? cursor.parenthesized(() => parseColumnDefinition(cursor)) : []
      return parseHiveTable(cursor, { name, external: true, ifNotExists, columns, at: start.at })
    })
  }
  if (cursor.isWord('DATABASE')) {
    cursor.next()
    return parseCreateSchema(cursor, start.at)
  }
  switch (cursor.acceptAny('CATALOG', 'ROLE', 'SCHEMA')) {
    case 'CATALOG':
      return parseCreateCatalog(cursor, start)
    case 'ROLE':
      return parseCreateRole(cursor, start)
    case 'SCHEMA':
      return parseCreateSchema(cursor, start.at)
    case undefined:
  }
  return parseReplaceable(cursor, start, false)
}

function parseReplaceable(cursor: Cursor, start: Token, replace: boolean): Statement {
  switch (cursor.acceptAny('MATERIALIZED', 'TABLE', 'VIEW')) {
    case 'MATERIALIZED':
      cursor.expect('VIEW')
      return parseView(cursor, start.at, replace, true)
    case 'TABLE':
      return parseCreateTable(cursor, start.at, replace)
    case 'VIEW':
      return parseView(cursor, start.at, replace, false)
    case undefined:
  }
  if (!cursor.at('FUNCTION')) throw cursor.mismatch()
  parseFunction(cursor)
  return unsupported(cursor, start, 'CREATE FUNCTION')
}

function parseIfNotExists(cursor: Cursor): boolean {
  return cursor.acceptAll('IF', 'NOT', 'EXISTS')
}

function parseCreateCatalog(cursor: Cursor, start: Token): Statement {
  parseIfNotExists(cursor)
  cursor.identifier()
  cursor.expect('USING')
  cursor.identifier()
  parseOptionalComment(cursor)
  if (cursor.accept('AUTHORIZATION')) parsePrincipal(cursor)
  parseWithProperties(cursor)
  return unsupported(cursor, start, 'CREATE CATALOG')
}

function parseCreateRole(cursor: Cursor, start: Token): Statement {
  const role = cursor.identifier()
  if (cursor.accept('WITH')) {
    cursor.expect('ADMIN')
    parseGrantor(cursor)
  }
  const catalog = cursor.accept('IN') ? cursor.identifier() : undefined
  return roleStatement(cursor, start, { change: 'CREATE ROLE', roles: [role], catalog })
}

/** Trino's [AUTHORIZATION …] [WITH (…)], Hive's [COMMENT …] [LOCATION …] [WITH DBPROPERTIES (…)]. */
function parseCreateSchema(cursor: Cursor, at: Position): Statement {
  const ifNotExists = parseIfNotExists(cursor)
  const name = cursor.inHive(() => cursor.qualifiedName())
  const authorization = cursor.accept('AUTHORIZATION') ? parsePrincipal(cursor) : undefined
  let comment: string | undefined
  let location: string | undefined
  if (authorization === undefined) {
    if (cursor.isWord('COMMENT')) {
      cursor.next()
      comment = parseHiveString(cursor)
    }
    if (cursor.isWord('LOCATION')) {
      cursor.next()
      location = parseHiveString(cursor)
    }
  }
  let properties: readonly Property[] = []
  if (cursor.accept('WITH')) {
    if (cursor.isWord('DBPROPERTIES')) properties = parseDatabaseProperties(cursor)
    else properties = parseProperties(cursor)
  }
  return { kind: 'create-schema', name, ifNotExists, authorization, properties, location, comment, at }
}

function parseDatabaseProperties(cursor: Cursor): readonly Property[] {
  const { at } = cursor.next()
  return parseHiveProperties(cursor).map(({ key, value }) => ({
    name: { kind: 'identifier', value: key, quoted: true, at },
    value: { kind: 'string', value, at },
    at,
  }))
}

function parseOptionalComment(cursor: Cursor): string | undefined {
  return cursor.accept('COMMENT') ? parseString(cursor) : undefined
}

/**
 * CREATE TABLE of Trino (with columns or AS query) or of Hive; only what stands behind the columns tells. Names and types of Hive are
 * let through until then.
 */
function parseCreateTable(cursor: Cursor, at: Position, replace: boolean): Statement {
  const ifNotExists = parseIfNotExists(cursor)
  const name = cursor.inHive(() => cursor.qualifiedName())
  let elements: readonly (ColumnDefinition | LikeClause)[] | undefined
  let columns: ReturnType<typeof parseColumnAliases> | undefined
  if (atColumnAliases(cursor)) columns = parseColumnAliases(cursor)
  else if (cursor.at('(')) elements = cursor.inHive(() => cursor.parenthesized(() => parseTableElement(cursor)))
  if (!replace && columns === undefined && atHiveClause(cursor)) {
    return cursor.inHive(() => parseHiveTable(cursor, { name, external: false, ifNotExists, columns: hiveColumns(cursor, elements), at }))
  }
  if (cursor.hiveOnly !== undefined) throw cursor.hiveOnly
  const comment = parseOptionalComment(cursor)
  if (!replace && columns === undefined && atHiveClause(cursor)) {
    const table = cursor.inHive(() =>
      parseHiveTable(cursor, { name, external: false, ifNotExists, columns: hiveColumns(cursor, elements), at }),
    )
    return { ...table, comment }
  }
  const properties = parseWithProperties(cursor)
  if (elements !== undefined) return { kind: 'create-table', name, replace, ifNotExists, elements, comment, properties, at }
  cursor.expect('AS')
  const query = parseTableQuery(cursor)
  return { kind: 'create-table-as', name, replace, ifNotExists, columns, comment, properties, query, withData: parseWithData(cursor), at }
}

function hiveColumns(cursor: Cursor, elements: readonly (ColumnDefinition | LikeClause)[] = []): readonly ColumnDefinition[] {
  return elements.map((element) => {
    if (element.kind === 'like-clause') throw cursor.error('LIKE is not allowed in a Hive table definition', element.at)
    return element
  })
}

/** A query, or a whole one in parentheses: there it may have a WITH of its own. */
function parseTableQuery(cursor: Cursor): Query {
  if (cursor.token.type !== '(' || cursor.afterParentheses() !== 'WITH' || cursor.peek(1) !== 'WITH') return parseRootQuery(cursor)
  cursor.next()
  const query = parseRootQuery(cursor)
  cursor.expect(')')
  return query
}

function parseWithData(cursor: Cursor): boolean {
  if (!cursor.accept('WITH')) return true
  const without = cursor.accept('NO')
  cursor.expect('DATA')
  return !without
}

function parseTableElement(cursor: Cursor): ColumnDefinition | LikeClause {
  const { at } = cursor.token
  if (!cursor.accept('LIKE')) return parseColumnDefinition(cursor)
  const table = cursor.qualifiedName()
  const properties = cursor.acceptAny('INCLUDING', 'EXCLUDING')?.toLowerCase() as LikeClause['properties']
  if (properties !== undefined) cursor.expect('PROPERTIES')
  return { kind: 'like-clause', table, properties, at }
}

/** name type [DEFAULT value] [NOT NULL] [COMMENT …] [WITH (…)] */
export function parseColumnDefinition(cursor: Cursor): ColumnDefinition {
  const name = simpleName(cursor, cursor.qualifiedName())
  const type = parseTypeName(cursor)
  let value: Expression | undefined
  if (cursor.token.type === 'DEFAULT') {
    cursor.next()
    value = parseExpression(cursor)
  }
  const nullable = !cursor.accept('NOT')
  if (!nullable) cursor.expect('NULL')
  const comment = parseOptionalComment(cursor)
  return { kind: 'column', name, type, nullable, default: value, comment, properties: parseWithProperties(cursor), at: name.at }
}

function simpleName(cursor: Cursor, { parts, at }: QualifiedName): ColumnDefinition['name'] {
  const [name] = parts
  if (name === undefined || parts.length > 1) throw cursor.error('Fields of a column cannot be defined on their own', at, 'NOT_SUPPORTED')
  return name
}

function parseView(cursor: Cursor, at: Position, replace: boolean, materialized: boolean): Statement {
  const ifNotExists = materialized && parseIfNotExists(cursor)
  const name = cursor.qualifiedName()
  const gracePeriod = materialized && cursor.acceptAll('GRACE', 'PERIOD') ? parseInterval(cursor) : undefined
  const comment = parseOptionalComment(cursor)
  let security: 'definer' | 'invoker' | undefined
  if (!materialized && cursor.accept('SECURITY')) {
    security = cursor.expectAny('DEFINER', 'INVOKER') === 'DEFINER' ? 'definer' : 'invoker'
  }
  const properties = parseWithProperties(cursor)
  cursor.expect('AS')
  const start = cursor.token
  const query = parseRootQuery(cursor)
  const queryText = cursor.textFrom(start)
  const base = { kind: 'create-view', name, replace, materialized, ifNotExists, columns: undefined } as const
  return { ...base, comment, security, gracePeriod, properties, query, queryText, at }
}
