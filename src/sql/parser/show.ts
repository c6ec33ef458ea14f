/** SHOW and DESCRIBE, Trino's and Hive's. */
import type { Position } from '#src/common/errors'
import type { ShowStatement, Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseHiveString, parsePartitionSpec } from './hive.ts'
import { parseString } from './literals.ts'
import { parseRootQuery } from './queries.ts'
import { parseGrantObject } from './security.ts'

type Like = { readonly pattern: string; readonly escape: string | undefined; readonly hive?: true } | undefined

/** [LIKE 'pattern' [ESCAPE 'c']] */
function parseLike(cursor: Cursor): Like {
  if (!cursor.accept('LIKE')) return undefined
  const pattern = parseString(cursor)
  return { pattern, escape: cursor.accept('ESCAPE') ? parseString(cursor) : undefined }
}

/** Hive's ['pattern'] of SHOW TABLES, which has no LIKE before it. */
function parsePattern(cursor: Cursor): Like {
  return cursor.token.type === 'string' ? { pattern: parseHiveString(cursor), escape: undefined, hive: true } : parseLike(cursor)
}

const accepted = (cursor: Cursor, ...words: readonly ('FROM' | 'IN')[]): boolean => cursor.acceptAny(...words) !== undefined

export function parseShow(cursor: Cursor): Statement {
  const { at } = cursor.expect('SHOW')
  const hive = parseHiveShow(cursor, at)
  if (hive !== undefined) return hive
  const word = cursor.expectAny(
    'CATALOGS',
    'COLUMNS',
    'CREATE',
    'CURRENT',
    'FUNCTIONS',
    'GRANTS',
    'ROLE',
    'ROLES',
    'SCHEMAS',
    'SESSION',
    'STATS',
    'TABLES',
  )
  switch (word) {
    case 'CATALOGS':
      return { kind: 'show-catalogs', like: parseLike(cursor), at }
    case 'COLUMNS': {
      cursor.expectAny('FROM', 'IN')
      const table = cursor.inHive(() => cursor.qualifiedName())
      return { kind: 'show-columns', table, like: parseLike(cursor), detail: undefined, at }
    }
    case 'CREATE':
      return parseShowCreate(cursor, at)
    case 'FUNCTIONS': {
      const schema = accepted(cursor, 'FROM', 'IN') ? cursor.qualifiedName() : undefined
      return { kind: 'show-functions', schema, like: parseLike(cursor), at }
    }
    case 'SCHEMAS': {
      const catalog = accepted(cursor, 'FROM', 'IN') ? cursor.identifier() : undefined
      return { kind: 'show-schemas', catalog, like: parseLike(cursor), at }
    }
    case 'SESSION':
      return { kind: 'show-session', like: parseLike(cursor), at }
    case 'STATS':
      return parseShowStats(cursor, at)
    case 'TABLES': {
      const schema = accepted(cursor, 'FROM', 'IN') ? cursor.inHive(() => cursor.qualifiedName()) : undefined
      return { kind: 'show-tables', schema, like: parsePattern(cursor), at }
    }
    case 'GRANTS':
      return { kind: 'show-grants', object: cursor.accept('ON') ? parseGrantObject(cursor) : undefined, at }
    case 'CURRENT':
      cursor.expect('ROLES')
      return parseShowRoles(cursor, 'CURRENT ROLES', at)
    case 'ROLE':
      cursor.expect('GRANTS')
      return parseShowRoles(cursor, 'ROLE GRANTS', at)
    case 'ROLES':
      return parseShowRoles(cursor, 'ROLES', at)
  }
}

function parseShowRoles(cursor: Cursor, which: 'ROLES' | 'CURRENT ROLES' | 'ROLE GRANTS', at: Position): ShowStatement {
  return { kind: 'show-roles', which, catalog: accepted(cursor, 'FROM', 'IN') ? cursor.identifier() : undefined, at }
}

function parseShowCreate(cursor: Cursor, at: Position): ShowStatement {
  const word = cursor.expectAny('FUNCTION', 'MATERIALIZED', 'SCHEMA', 'TABLE', 'VIEW')
  if (word === 'MATERIALIZED') cursor.expect('VIEW')
  const object = word === 'MATERIALIZED' ? 'materialized view' : (word.toLowerCase() as 'function' | 'schema' | 'table' | 'view')
  return { kind: 'show-create', object, name: cursor.inHive(() => cursor.qualifiedName()), at }
}

function parseShowStats(cursor: Cursor, at: Position): ShowStatement {
  cursor.expect('FOR')
  if (!cursor.accept('(')) return { kind: 'show-stats', target: cursor.qualifiedName(), at }
  const target = parseRootQuery(cursor)
  cursor.expect(')')
  return { kind: 'show-stats', target, at }
}

/** SHOW PARTITIONS, SHOW TBLPROPERTIES, SHOW DATABASES */
function parseHiveShow(cursor: Cursor, at: Position): ShowStatement | undefined {
  if (cursor.isWord('PARTITIONS')) {
    cursor.next()
    return cursor.inHive(() => {
      const table = cursor.qualifiedName()
      return { kind: 'show-partitions', table, partition: cursor.at('PARTITION') ? parsePartitionSpec(cursor) : undefined, at }
    })
  }
  if (cursor.isWord('TBLPROPERTIES')) {
    cursor.next()
    const table = cursor.inHive(() => cursor.qualifiedName())
    const property = cursor.at('(') ? cursor.parenthesized(() => parseHiveString(cursor))[0] : undefined
    return { kind: 'show-tblproperties', table, property, at }
  }
  if (!cursor.isWord('DATABASES')) return undefined
  cursor.next()
  // Athena's and Hive's alone, so the pattern is theirs behind LIKE too.
  cursor.accept('LIKE')
  return { kind: 'show-schemas', catalog: undefined, like: parsePattern(cursor), at }
}

/** DESCRIBE t, DESC t, DESCRIBE INPUT | OUTPUT name, Hive's DESCRIBE [EXTENDED | FORMATTED] t */
export function parseDescribe(cursor: Cursor): Statement {
  const { at, type } = cursor.next()
  const named = cursor.peekName(1)
  if (type === 'DESCRIBE') {
    if (cursor.at('INPUT') && named) {
      cursor.next()
      return { kind: 'describe-input', name: cursor.identifier(), at }
    }
    if (cursor.at('OUTPUT') && named) {
      cursor.next()
      return { kind: 'describe-output', name: cursor.identifier(), at }
    }
  }
  let detail: 'extended' | 'formatted' | undefined
  if (named && cursor.isWord('EXTENDED')) detail = 'extended'
  else if (named && cursor.isWord('FORMATTED')) detail = 'formatted'
  if (detail !== undefined) cursor.next()
  return { kind: 'show-columns', table: cursor.inHive(() => cursor.qualifiedName()), like: undefined, detail, at }
}
