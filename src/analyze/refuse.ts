/** Statements that parse but are not executed: refused with their position and their name in SQL. */
import { QueryError, unreachable } from '#src/common/errors'
import type { CatalogStatement, SessionStatement, Statement, WriteStatement } from '#src/sql/ast'

/** NOT_SUPPORTED `CREATE TABLE is not supported` at the statement. */
export function refuseStatement(statement: Statement): QueryError {
  return new QueryError('NOT_SUPPORTED', `${statementName(statement)} is not supported`, { at: statement.at })
}

/** What a statement is called in SQL. */
function statementName(statement: Statement): string {
  switch (statement.kind) {
    case 'query-statement':
      return 'SELECT'
    case 'explain':
      return statement.analyze ? 'EXPLAIN ANALYZE' : 'EXPLAIN'
    case 'show-catalogs':
    case 'show-schemas':
    case 'show-tables':
    case 'show-columns':
    case 'show-stats':
    case 'show-functions':
    case 'show-session':
    case 'show-partitions':
    case 'show-tblproperties':
    case 'show-roles':
    case 'show-grants':
      return statement.kind.replace('-', ' ').toUpperCase()
    case 'show-create':
      return `SHOW CREATE ${statement.object.toUpperCase()}`
    case 'prepare':
    case 'execute':
      return statement.kind.toUpperCase()
    case 'execute-immediate':
      return 'EXECUTE IMMEDIATE'
    case 'deallocate':
      return 'DEALLOCATE PREPARE'
    case 'describe-input':
      return 'DESCRIBE INPUT'
    case 'describe-output':
      return 'DESCRIBE OUTPUT'
    case 'change-roles':
    case 'change-privileges':
      return statement.change
    case 'unsupported-statement':
      return statement.name
    default:
      return otherName(statement)
  }
}

function otherName(statement: SessionStatement | CatalogStatement | WriteStatement): string {
  switch (statement.kind) {
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
    case 'create-schema':
    case 'drop-schema':
    case 'create-table':
    case 'drop-table':
    case 'create-table-as':
    case 'insert':
    case 'delete':
    case 'update':
    case 'merge':
    case 'unload':
    case 'analyze':
      return statement.kind.replaceAll('-', ' ').toUpperCase()
    case 'truncate':
      return 'TRUNCATE TABLE'
    case 'rename-schema':
      return 'ALTER SCHEMA'
    case 'hive-create-table':
      return statement.external ? 'CREATE EXTERNAL TABLE' : 'CREATE TABLE'
    case 'create-view':
      return statement.materialized ? 'CREATE MATERIALIZED VIEW' : 'CREATE VIEW'
    case 'drop-view':
      return statement.materialized ? 'DROP MATERIALIZED VIEW' : 'DROP VIEW'
    case 'refresh-view':
      return 'REFRESH MATERIALIZED VIEW'
    case 'alter':
      return `ALTER ${statement.object.toUpperCase()}`
    case 'comment-on':
      return 'COMMENT'
    case 'msck-repair':
      return 'MSCK REPAIR TABLE'
    case 'call-procedure':
      return 'CALL'
    default:
      return unreachable(statement)
  }
}
