/** Statements about schemas, tables and views as canonical text. */
import { unreachable } from '#src/common/errors'
import type { AlterAction, CatalogStatement, ColumnDefinition, Expression, Identifier } from '../ast.ts'
import { printExpression } from './expressions.ts'
import { printHiveAction, printHiveString, printHiveTable, printPartitionSpec } from './hive.ts'
import { printIdentifier, printList, printName, printString, printTypeName } from './names.ts'
import { printQuery } from './queries.ts'
import { printLikeClause, printProperties, printPropertyList } from './statements.ts'

type Kind<K extends CatalogStatement['kind']> = Extract<CatalogStatement, { kind: K }>

const ifExists = (statement: { readonly ifExists: boolean }): string => (statement.ifExists ? 'IF EXISTS ' : '')
const ifNotExists = (statement: { readonly ifNotExists: boolean }): string => (statement.ifNotExists ? 'IF NOT EXISTS ' : '')
const orReplace = (statement: { readonly replace: boolean }): string => (statement.replace ? 'OR REPLACE ' : '')
export const printComment = (comment: string | undefined): string => (comment === undefined ? '' : ` COMMENT ${printString(comment)}`)

export function printCatalogStatement(statement: CatalogStatement): string {
  switch (statement.kind) {
    case 'create-schema':
      return printCreateSchema(statement)
    case 'drop-schema':
      return `DROP SCHEMA ${ifExists(statement)}${printName(statement.name)}${statement.cascade ? ' CASCADE' : ''}`
    case 'rename-schema':
      return `ALTER SCHEMA ${printName(statement.name)} RENAME TO ${printIdentifier(statement.to)}`
    case 'create-table': {
      const elements = printList(statement.elements, (item) => (item.kind === 'column' ? printColumn(item) : printLikeClause(item)))
      const head = `CREATE ${orReplace(statement)}TABLE ${ifNotExists(statement)}${printName(statement.name)}`
      return `${head} (${elements})${printComment(statement.comment)}${printProperties(statement.properties)}`
    }
    case 'hive-create-table':
      return printHiveTable(statement)
    case 'drop-table':
      return `DROP TABLE ${ifExists(statement)}${printName(statement.name)}`
    case 'create-view':
      return printCreateView(statement)
    case 'drop-view':
      return `DROP ${statement.materialized ? 'MATERIALIZED ' : ''}VIEW ${ifExists(statement)}${printName(statement.name)}`
    case 'refresh-view':
      return `REFRESH MATERIALIZED VIEW ${printName(statement.name)}`
    case 'alter':
      return `ALTER ${statement.object.toUpperCase()} ${ifExists(statement)}${printName(statement.name)} ${printAction(statement.action)}`
    case 'comment-on': {
      const comment = statement.comment === undefined ? 'NULL' : printString(statement.comment)
      return `COMMENT ON ${statement.object.toUpperCase()} ${printName(statement.name)} IS ${comment}`
    }
    case 'msck-repair':
      return `MSCK REPAIR TABLE ${printName(statement.table)}${statement.mode === 'add' ? '' : ` ${statement.mode.toUpperCase()} PARTITIONS`}${statement.partition === undefined ? '' : ` ${printPartitionSpec(statement.partition)}`}`
    case 'call-procedure':
      return `CALL ${printName(statement.name)}(${printArguments(statement.arguments)})`
    case 'analyze':
      return `ANALYZE ${printName(statement.table)}${printProperties(statement.properties)}`
  }
  return unreachable(statement)
}

function printCreateSchema(statement: Kind<'create-schema'>): string {
  const { name, authorization, comment, location, properties } = statement
  let text = `CREATE SCHEMA ${ifNotExists(statement)}${printName(name)}`
  if (authorization !== undefined) text += ` AUTHORIZATION ${authorization.text}`
  if (comment !== undefined) text += ` COMMENT ${printHiveString(comment)}`
  if (location !== undefined) text += ` LOCATION ${printHiveString(location)}`
  return text + printProperties(properties)
}

function printColumn(column: ColumnDefinition): string {
  const value = column.default === undefined ? '' : ` DEFAULT ${printExpression(column.default)}`
  const head = `${printIdentifier(column.name)} ${printTypeName(column.type)}${value}${column.nullable ? '' : ' NOT NULL'}`
  return head + printComment(column.comment) + printProperties(column.properties)
}

function printCreateView(view: Kind<'create-view'>): string {
  const { materialized, gracePeriod, security } = view
  let text = `CREATE ${orReplace(view)}${materialized ? 'MATERIALIZED ' : ''}VIEW ${ifNotExists(view)}${printName(view.name)}`
  if (gracePeriod !== undefined) text += ` GRACE PERIOD ${printExpression(gracePeriod)}`
  text += printComment(view.comment)
  if (security !== undefined) text += ` SECURITY ${security.toUpperCase()}`
  return `${text}${printProperties(view.properties)} AS ${printQuery(view.query)}`
}

const printArguments = (args: readonly { readonly name: Identifier | undefined; readonly value: Expression }[]): string =>
  printList(args, ({ name, value }) => (name === undefined ? '' : `${printIdentifier(name)} => `) + printExpression(value))

function printAction(action: AlterAction): string {
  switch (action.kind) {
    case 'rename':
      return `RENAME TO ${printName(action.to)}`
    case 'add-column':
      return `ADD COLUMN ${ifNotExists(action)}${printColumn(action.column)}${printPosition(action.position)}`
    case 'drop-column':
      return `DROP COLUMN ${ifExists(action)}${printName(action.column)}`
    case 'rename-column':
      return `RENAME COLUMN ${ifExists(action)}${printName(action.column)} TO ${printIdentifier(action.to)}`
    case 'set-column-type':
      return `ALTER COLUMN ${printName(action.column)} SET DATA TYPE ${printTypeName(action.type)}`
    case 'drop-not-null':
      return `ALTER COLUMN ${printIdentifier(action.column)} DROP NOT NULL`
    case 'set-not-null':
      return `ALTER COLUMN ${printIdentifier(action.column)} SET NOT NULL`
    case 'set-properties':
      return `SET PROPERTIES ${printPropertyList(action.properties)}`
    case 'set-authorization':
      return `SET AUTHORIZATION ${action.principal.text}`
    case 'execute': {
      const args = action.arguments.length === 0 ? '' : ` (${printArguments(action.arguments)})`
      return `EXECUTE ${printIdentifier(action.procedure)}${args}${action.where === undefined ? '' : ` WHERE ${printExpression(action.where)}`}`
    }
    case 'hive-add-columns':
    case 'hive-replace-columns':
    case 'set-tblproperties':
    case 'unset-tblproperties':
    case 'set-location':
    case 'add-partitions':
    case 'drop-partitions':
    case 'rename-partition':
      return printHiveAction(action)
  }
  return unreachable(action)
}

function printPosition(position: Extract<AlterAction, { kind: 'add-column' }>['position']): string {
  if (position === undefined) return ''
  return position.kind === 'after' ? ` AFTER ${printIdentifier(position.column)}` : ` ${position.kind.toUpperCase()}`
}
