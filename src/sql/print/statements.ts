/** Statements as canonical text. */
import { unreachable } from '#src/common/errors'
import type { Explain, LikeClause, Property, SessionStatement, ShowStatement, Statement } from '../ast.ts'
import { printCatalogStatement } from './catalog-statements.ts'
import { printExpression, printExpressions } from './expressions.ts'
import { printHiveString, printPartitionSpec } from './hive.ts'
import { printIdentifier, printList, printName, printString } from './names.ts'
import { printQuery } from './queries.ts'
import { printWriteStatement } from './write-statements.ts'

/** Canonical text of a statement, on one line. */
export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'query-statement': {
      const session = printList(statement.session, ({ name, value }) => `${printName(name)} = ${printExpression(value)}`)
      return (session === '' ? '' : `WITH SESSION ${session} `) + printQuery(statement.query)
    }
    case 'explain':
      return printExplain(statement)
    case 'prepare':
      return `PREPARE ${printIdentifier(statement.name)} FROM ${printStatement(statement.statement)}`
    case 'execute':
      return `EXECUTE ${printIdentifier(statement.name)}${printUsing(statement.arguments)}`
    case 'execute-immediate':
      return `EXECUTE IMMEDIATE ${printString(statement.text.value)}${printUsing(statement.arguments)}`
    case 'deallocate':
      return `DEALLOCATE PREPARE ${printIdentifier(statement.name)}`
    case 'describe-input':
      return `DESCRIBE INPUT ${printIdentifier(statement.name)}`
    case 'describe-output':
      return `DESCRIBE OUTPUT ${printIdentifier(statement.name)}`
    case 'change-roles':
    case 'change-privileges':
    case 'unsupported-statement':
      return statement.text
    case 'show-catalogs':
    case 'show-schemas':
    case 'show-tables':
    case 'show-columns':
    case 'show-create':
    case 'show-stats':
    case 'show-functions':
    case 'show-session':
    case 'show-partitions':
    case 'show-tblproperties':
    case 'show-roles':
    case 'show-grants':
      return printShow(statement)
    case 'use':
    case 'set-session':
    case 'reset-session':
    case 'set-time-zone':
    case 'set-path':
    case 'start-transaction':
    case 'commit':
    case 'rollback':
    case 'set-role':
    case 'set-session-authorization':
    case 'reset-session-authorization':
      return printSession(statement)
    case 'create-table-as':
    case 'insert':
    case 'delete':
    case 'update':
    case 'merge':
    case 'truncate':
    case 'unload':
      return printWriteStatement(statement)
    default:
      return printCatalogStatement(statement)
  }
}

const printUsing = (args: Parameters<typeof printExpressions>[0]): string => (args.length === 0 ? '' : ` USING ${printExpressions(args)}`)

function printExplain({ analyze, verbose, type, format, statement }: Explain): string {
  const inner = printStatement(statement)
  if (analyze) return `EXPLAIN ANALYZE ${verbose ? 'VERBOSE ' : ''}${inner}`
  const options = []
  if (type !== undefined) options.push(`TYPE ${type.toUpperCase()}`)
  if (format !== undefined) options.push(`FORMAT ${format.toUpperCase()}`)
  return `EXPLAIN ${options.length === 0 ? '' : `(${options.join(', ')}) `}${inner}`
}

function printLike(like: { readonly pattern: string; readonly escape: string | undefined; readonly hive?: true } | undefined): string {
  if (like === undefined) return ''
  if (like.hive === true) return ` ${printHiveString(like.pattern)}`
  return ` LIKE ${printString(like.pattern)}${like.escape === undefined ? '' : ` ESCAPE ${printString(like.escape)}`}`
}

function printShow(statement: ShowStatement): string {
  switch (statement.kind) {
    case 'show-catalogs':
      return `SHOW CATALOGS${printLike(statement.like)}`
    case 'show-schemas':
      if (statement.like?.hive === true) return `SHOW DATABASES${printLike(statement.like)}`
      return `SHOW SCHEMAS${statement.catalog === undefined ? '' : ` FROM ${printIdentifier(statement.catalog)}`}${printLike(statement.like)}`
    case 'show-tables':
    case 'show-functions': {
      const what = statement.kind === 'show-tables' ? 'TABLES' : 'FUNCTIONS'
      return `SHOW ${what}${statement.schema === undefined ? '' : ` FROM ${printName(statement.schema)}`}${printLike(statement.like)}`
    }
    case 'show-columns':
      if (statement.detail !== undefined) return `DESCRIBE ${statement.detail.toUpperCase()} ${printName(statement.table)}`
      return `SHOW COLUMNS FROM ${printName(statement.table)}${printLike(statement.like)}`
    case 'show-create':
      return `SHOW CREATE ${statement.object.toUpperCase()} ${printName(statement.name)}`
    case 'show-stats': {
      const { target } = statement
      return `SHOW STATS FOR ${'parts' in target ? printName(target) : `(${printQuery(target)})`}`
    }
    case 'show-session':
      return `SHOW SESSION${printLike(statement.like)}`
    case 'show-partitions':
      return `SHOW PARTITIONS ${printName(statement.table)}${statement.partition === undefined ? '' : ` ${printPartitionSpec(statement.partition)}`}`
    case 'show-tblproperties':
      return `SHOW TBLPROPERTIES ${printName(statement.table)}${statement.property === undefined ? '' : ` (${printString(statement.property)})`}`
    case 'show-roles':
      return `SHOW ${statement.which}${statement.catalog === undefined ? '' : ` FROM ${printIdentifier(statement.catalog)}`}`
    case 'show-grants': {
      const { object } = statement
      if (object === undefined) return 'SHOW GRANTS'
      return `SHOW GRANTS ON ${object.entity === undefined ? '' : `${object.entity.toUpperCase()} `}${printName(object.name)}`
    }
  }
  return unreachable(statement)
}

function printSession(statement: SessionStatement): string {
  switch (statement.kind) {
    case 'use':
      return `USE ${statement.catalog === undefined ? '' : `${printIdentifier(statement.catalog)}.`}${printIdentifier(statement.schema)}`
    case 'set-session':
      return `SET SESSION ${printName(statement.name)} = ${printExpression(statement.value)}`
    case 'reset-session':
      return `RESET SESSION ${printName(statement.name)}`
    case 'set-time-zone':
      return `SET TIME ZONE ${statement.zone === undefined ? 'LOCAL' : printExpression(statement.zone)}`
    case 'set-path':
      return `SET PATH ${printList(statement.path, printName)}`
    case 'start-transaction': {
      const modes = []
      if (statement.isolation !== undefined) modes.push(`ISOLATION LEVEL ${statement.isolation.toUpperCase()}`)
      if (statement.access !== undefined) modes.push(statement.access.toUpperCase())
      return ['START TRANSACTION', modes.join(', ')].filter((part) => part !== '').join(' ')
    }
    case 'commit':
      return 'COMMIT'
    case 'rollback':
      return 'ROLLBACK'
    case 'set-role': {
      const role = typeof statement.role === 'string' ? statement.role.toUpperCase() : printIdentifier(statement.role)
      return `SET ROLE ${role}${statement.catalog === undefined ? '' : ` IN ${printIdentifier(statement.catalog)}`}`
    }
    case 'set-session-authorization':
      return `SET SESSION AUTHORIZATION ${printString(statement.user)}`
    case 'reset-session-authorization':
      return 'RESET SESSION AUTHORIZATION'
  }
  return unreachable(statement)
}

export function printPropertyList(properties: readonly Property[]): string {
  return printList(
    properties,
    ({ name, value }) => `${printIdentifier(name)} = ${value === undefined ? 'DEFAULT' : printExpression(value)}`,
  )
}

/** ` WITH (…)`, or nothing. */
export const printProperties = (properties: readonly Property[]): string =>
  properties.length === 0 ? '' : ` WITH (${printPropertyList(properties)})`

export function printLikeClause({ table, properties }: LikeClause): string {
  return `LIKE ${printName(table)}${properties === undefined ? '' : ` ${properties.toUpperCase()} PROPERTIES`}`
}
