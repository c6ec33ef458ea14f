/** Statements that change the client's session: what they change is told to the client, who keeps it. */
import type { AnalysisContext } from '#src/analyze/context'
import { QueryError, unreachable } from '#src/common/errors'
import type { Expression, PreparedStatement, QualifiedName, SessionStatement } from '#src/sql/ast'
import type { ClientSession, SessionUpdate } from './client-session.ts'
import { checkPreparable, constantOf } from './prepared-statements.ts'
import { sessionZone } from './session.ts'
import { checkSessionProperty, sessionPropertyExists, TIME_ZONE_PROPERTY } from './session-properties.ts'
import type { Transactions } from './transactions.ts'

export interface SessionChange {
  readonly updateType: string
  readonly update: SessionUpdate
}

type ChangingStatement =
  | Extract<
      SessionStatement,
      { kind: 'set-session' | 'reset-session' | 'set-time-zone' | 'set-path' | 'start-transaction' | 'commit' | 'rollback' }
    >
  | Extract<PreparedStatement, { kind: 'prepare' | 'deallocate' }>

/** @throws QueryError of the property, zone, name or transaction that the statement is about */
export function sessionStatement(
  statement: ChangingStatement,
  session: ClientSession,
  transactions: Transactions,
  analysis: AnalysisContext['session'],
): SessionChange {
  switch (statement.kind) {
    case 'set-session': {
      const name = propertyName(statement.name)
      const value = constantText(statement.value, analysis)
      if (value === undefined)
        throw new QueryError('INVALID_SESSION_PROPERTY', `Session property '${name}' must be a varchar`, { at: statement.at })
      checkSessionProperty(name, value)
      return { updateType: 'SET SESSION', update: { kind: 'set-property', name, value } }
    }
    case 'reset-session':
      return { updateType: 'RESET SESSION', update: { kind: 'clear-property', name: propertyName(statement.name) } }
    case 'set-time-zone': {
      if (statement.zone === undefined) return { updateType: 'SET TIME ZONE', update: { kind: 'clear-property', name: TIME_ZONE_PROPERTY } }
      const zone = constantText(statement.zone, analysis)
      if (zone === undefined)
        throw new QueryError('NOT_SUPPORTED', 'SET TIME ZONE is supported with a varchar only, such as an offset', { at: statement.at })
      return { updateType: 'SET TIME ZONE', update: { kind: 'set-property', name: TIME_ZONE_PROPERTY, value: sessionZone(zone) } }
    }
    case 'set-path':
      return { updateType: 'SET PATH', update: { kind: 'set-path', path: statement.path.map(pathText).join(', ') } }
    case 'start-transaction': {
      const isolation = statement.isolation?.toUpperCase()
      // Nothing holds the files of a lake still between two statements.
      if (isolation !== undefined && isolation !== 'READ UNCOMMITTED' && isolation !== 'READ COMMITTED') {
        throw new QueryError('UNSUPPORTED_ISOLATION_LEVEL', `Isolation level ${isolation} is not supported`, { at: statement.at })
      }
      return {
        updateType: 'START TRANSACTION',
        update: { kind: 'start-transaction', id: transactions.start(session.transaction, statement.at) },
      }
    }
    case 'commit':
    case 'rollback':
      transactions.end(session.transaction, statement.kind)
      return { updateType: statement.kind.toUpperCase(), update: { kind: 'clear-transaction' } }
    case 'prepare':
      checkPreparable(statement.statement)
      return { updateType: 'PREPARE', update: { kind: 'add-prepared', name: statement.name.value, sql: statement.text } }
    case 'deallocate':
      if (!session.prepared.has(statement.name.value)) {
        throw new QueryError('NOT_FOUND', `Prepared statement not found: ${statement.name.value}`)
      }
      return { updateType: 'DEALLOCATE', update: { kind: 'remove-prepared', name: statement.name.value } }
    default:
      return unreachable(statement)
  }
}

/** @throws INVALID_SESSION_PROPERTY when there is no such property */
function propertyName({ parts, at }: QualifiedName): string {
  const name = parts.map((part) => part.value).join('.')
  if (sessionPropertyExists(name)) return name
  throw new QueryError('INVALID_SESSION_PROPERTY', `Session property '${name}' does not exist`, { at })
}

function constantText(value: Expression, analysis: AnalysisContext['session']): string | undefined {
  const constant = constantOf(value, analysis)
  return constant?.type.kind === 'varchar' && typeof constant.value === 'string' ? constant.value : undefined
}

const pathText = ({ parts }: QualifiedName): string => parts.map((part) => `"${part.value.replaceAll('"', '""')}"`).join('.')
