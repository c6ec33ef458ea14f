/** ALTER TABLE, VIEW, MATERIALIZED VIEW, SCHEMA; Trino's actions and Hive's. */
import type { AlterAction, PartitionSpec, Statement } from '../ast.ts'
import { parseColumnDefinition } from './create.ts'
import type { Cursor } from './cursor.ts'
import { parseIfExists } from './drop.ts'
import { parseHiveProperties, parseHiveString, parsePartitionSpec } from './hive.ts'
import { hiveColumn } from './hive-table.ts'
import { parseProperty } from './properties.ts'
import { parsePrincipal, unsupported } from './security.ts'
import { parseTypeName } from './types.ts'
import { parseCallArguments, parseWhere } from './write.ts'

export function parseAlter(cursor: Cursor): Statement {
  const start = cursor.expect('ALTER')
  const { at } = start
  cursor.expecting('<identifier>')
  switch (cursor.acceptAny('MATERIALIZED', 'SCHEMA', 'TABLE', 'VIEW')) {
    case 'TABLE':
      return parseAlterTable(cursor, at)
    case 'MATERIALIZED': {
      cursor.expect('VIEW')
      const ifExists = parseIfExists(cursor)
      const name = cursor.qualifiedName()
      const action = !ifExists && cursor.accept('SET') ? parseSetProperties(cursor) : parseRename(cursor)
      return { kind: 'alter', object: 'materialized view', name, ifExists, action, at }
    }
    case 'SCHEMA': {
      const name = cursor.qualifiedName()
      if (cursor.accept('SET')) return { kind: 'alter', object: 'schema', name, ifExists: false, action: parseSetAuthorization(cursor), at }
      cursor.expect('RENAME')
      cursor.expect('TO')
      return { kind: 'rename-schema', name, to: cursor.identifier(), at }
    }
    case 'VIEW': {
      const name = cursor.qualifiedName()
      const action = cursor.accept('SET') ? parseSetAuthorization(cursor) : parseRename(cursor)
      return { kind: 'alter', object: 'view', name, ifExists: false, action, at }
    }
    case undefined:
      cursor.identifier()
      cursor.qualifiedName()
      cursor.expect('SET')
      parseSetAuthorization(cursor)
      return unsupported(cursor, start, 'SET AUTHORIZATION')
  }
}

function parseAlterTable(cursor: Cursor, at: Statement['at']): Statement {
  const ifExists = parseIfExists(cursor)
  const name = cursor.inHive(() => cursor.qualifiedName())
  const quoted = cursor.hiveOnly
  const action = parseTableAction(cursor, ifExists)
  if (quoted !== undefined && !HIVE_ACTIONS.has(action.kind)) throw quoted
  return { kind: 'alter', object: 'table', name, ifExists, action, at }
}

/** Actions that Trino does not have, or that Athena gives to Hive: backquotes are allowed in their table's name. */
const HIVE_ACTIONS: ReadonlySet<AlterAction['kind']> = new Set([
  'hive-add-columns',
  'hive-replace-columns',
  'set-tblproperties',
  'unset-tblproperties',
  'set-location',
  'add-partitions',
  'drop-partitions',
  'rename-partition',
] as const)

function parseTableAction(cursor: Cursor, ifExists: boolean): AlterAction {
  if (!ifExists && cursor.token.type === 'PARTITION') return cursor.inHive(() => parsePartitionAction(cursor))
  if (!ifExists && cursor.isWord('REPLACE') && cursor.peek(1) === 'COLUMNS') {
    cursor.next()
    return cursor.inHive(() => ({ kind: 'hive-replace-columns', columns: parseHiveColumns(cursor) }))
  }
  if (!ifExists && cursor.isWord('UNSET')) return parseUnset(cursor)
  const words = ['ADD', 'ALTER', 'DROP', 'RENAME'] as const
  switch (ifExists ? cursor.expectAny(...words) : cursor.expectAny(...words, 'EXECUTE', 'SET')) {
    case 'ADD':
      return parseAdd(cursor)
    case 'ALTER':
      return parseAlterColumn(cursor)
    case 'DROP':
      return parseDropAction(cursor)
    case 'RENAME':
      return parseTableRename(cursor)
    case 'EXECUTE':
      return parseExecute(cursor)
    case 'SET':
      return parseSet(cursor)
  }
}

function parseRename(cursor: Cursor): AlterAction {
  cursor.expect('RENAME')
  cursor.expect('TO')
  return { kind: 'rename', to: cursor.qualifiedName() }
}

function parseTableRename(cursor: Cursor): AlterAction {
  if (cursor.accept('TO')) return { kind: 'rename', to: cursor.qualifiedName() }
  cursor.expect('COLUMN')
  const ifExists = parseIfExists(cursor)
  const column = cursor.qualifiedName()
  cursor.expect('TO')
  return { kind: 'rename-column', column, to: cursor.identifier(), ifExists }
}

function parseAdd(cursor: Cursor): AlterAction {
  if (cursor.token.type === 'PARTITION' || (cursor.token.type === 'IF' && cursor.peek(3) === 'PARTITION')) {
    const ifNotExists = cursor.acceptAll('IF', 'NOT', 'EXISTS')
    return cursor.inHive(() => {
      const partitions = []
      do partitions.push({ spec: parsePartitionSpec(cursor), location: parseOptionalLocation(cursor) })
      while (cursor.at('PARTITION'))
      return { kind: 'add-partitions', ifNotExists, partitions }
    })
  }
  if (cursor.token.type === 'COLUMNS' && cursor.peek(1) === '(') {
    return cursor.inHive(() => ({ kind: 'hive-add-columns', columns: parseHiveColumns(cursor) }))
  }
  cursor.expect('COLUMN')
  const ifNotExists = cursor.acceptAll('IF', 'NOT', 'EXISTS')
  const column = parseColumnDefinition(cursor)
  switch (cursor.acceptAny('AFTER', 'FIRST', 'LAST')) {
    case 'AFTER':
      return { kind: 'add-column', column, ifNotExists, position: { kind: 'after', column: cursor.identifier() } }
    case 'FIRST':
      return { kind: 'add-column', column, ifNotExists, position: { kind: 'first' } }
    case 'LAST':
      return { kind: 'add-column', column, ifNotExists, position: { kind: 'last' } }
    case undefined:
      return { kind: 'add-column', column, ifNotExists, position: undefined }
  }
}

/** COLUMNS ( … ) */
function parseHiveColumns(cursor: Cursor) {
  cursor.expect('COLUMNS')
  return cursor.parenthesized(() => hiveColumn(cursor, parseColumnDefinition(cursor)))
}

function parseOptionalLocation(cursor: Cursor): string | undefined {
  return cursor.acceptWord('LOCATION') ? parseHiveString(cursor) : undefined
}

function parseAlterColumn(cursor: Cursor): AlterAction {
  cursor.expect('COLUMN')
  const column = cursor.qualifiedName()
  const single = column.parts.length === 1 ? column.parts[0] : undefined
  if (single !== undefined && cursor.accept('DROP')) {
    cursor.expect('NOT')
    cursor.expect('NULL')
    return { kind: 'drop-not-null', column: single }
  }
  cursor.expect('SET')
  cursor.expect('DATA')
  cursor.expect('TYPE')
  return { kind: 'set-column-type', column, type: parseTypeName(cursor) }
}

function parseDropAction(cursor: Cursor): AlterAction {
  if (cursor.token.type === 'PARTITION' || (cursor.token.type === 'IF' && cursor.peek(2) === 'PARTITION')) {
    const ifExists = parseIfExists(cursor)
    return cursor.inHive(() => ({ kind: 'drop-partitions', ifExists, partitions: cursor.list(() => parsePartitionSpec(cursor, true)) }))
  }
  cursor.expect('COLUMN')
  const ifExists = parseIfExists(cursor)
  return { kind: 'drop-column', column: cursor.qualifiedName(), ifExists }
}

function parseExecute(cursor: Cursor): AlterAction {
  const procedure = cursor.identifier()
  const args = cursor.at('(') ? parseCallArguments(cursor) : []
  return { kind: 'execute', procedure, arguments: args, where: parseWhere(cursor) }
}

/** SET AUTHORIZATION | PROPERTIES, Hive's SET LOCATION | TBLPROPERTIES */
function parseSet(cursor: Cursor): AlterAction {
  if (cursor.isWord('LOCATION')) return parseSetLocation(cursor, undefined)
  if (cursor.isWord('TBLPROPERTIES')) {
    cursor.next()
    return { kind: 'set-tblproperties', properties: parseHiveProperties(cursor) }
  }
  return cursor.at('PROPERTIES') ? parseSetProperties(cursor) : parseSetAuthorization(cursor)
}

function parseSetProperties(cursor: Cursor): AlterAction {
  cursor.expect('PROPERTIES')
  return { kind: 'set-properties', properties: cursor.list(() => parseProperty(cursor)) }
}

function parseSetAuthorization(cursor: Cursor): AlterAction {
  cursor.expect('AUTHORIZATION')
  return { kind: 'set-authorization', principal: parsePrincipal(cursor) }
}

function parseSetLocation(cursor: Cursor, partition: PartitionSpec | undefined): AlterAction {
  cursor.expectWord('LOCATION')
  return { kind: 'set-location', location: parseHiveString(cursor), partition }
}

/** PARTITION (…) RENAME TO PARTITION (…) | SET LOCATION '…' */
function parsePartitionAction(cursor: Cursor): AlterAction {
  const partition = parsePartitionSpec(cursor)
  if (cursor.expectAny('RENAME', 'SET') === 'SET') return parseSetLocation(cursor, partition)
  cursor.expect('TO')
  return { kind: 'rename-partition', from: partition, to: parsePartitionSpec(cursor) }
}

/** UNSET TBLPROPERTIES [IF EXISTS] ('name', …) */
function parseUnset(cursor: Cursor): AlterAction {
  cursor.expectWord('UNSET')
  cursor.expectWord('TBLPROPERTIES')
  const ifExists = parseIfExists(cursor)
  return { kind: 'unset-tblproperties', names: cursor.parenthesized(() => parseHiveString(cursor)), ifExists }
}
