/** Statements that change the client's session: what they change is told to the client, who keeps it. */
import type { AnalysisContext } from '#src/analyze/context'
import { expressionText } from '#src/analyze/expression-text'
import { positionOf } from '#src/analyze/positions'
import { type Position, QueryError, unreachable } from '#src/common/errors'
import type { Expression, Identifier, PreparedStatement, QualifiedName, SessionStatement } from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { normalizeZone } from '#src/types/zone'
import { refuseCatalogRoles, roleMissing } from './access-statements.ts'
import type { ClientSession, SessionUpdate } from './client-session.ts'
import { checkPreparable, constantOf } from './prepared-statements.ts'
import { propertyName, propertyValue } from './property-setting.ts'
import { sessionZone } from './session.ts'
import { TIME_ZONE_PROPERTY } from './session-properties.ts'
import { hasCatalog } from './table-lookup.ts'
import type { Transactions } from './transactions.ts'

export interface SessionChange {
  readonly updateType: string
  readonly update: SessionUpdate
}

type ChangingStatement =
  | Extract<
      SessionStatement,
      {
        kind:
          | 'set-role'
          | 'set-session-authorization'
          | 'reset-session-authorization'
          | 'set-session'
          | 'reset-session'
          | 'set-time-zone'
          | 'set-path'
          | 'start-transaction'
          | 'commit'
          | 'rollback'
      }
    >
  | Extract<PreparedStatement, { kind: 'prepare' | 'deallocate' }>

/** Clients keep prepared statements and send them with every request, whose headers have 64 KB. */
const LONGEST_PREPARED = 60_000

/** @throws QueryError of the property, zone, name or transaction that the statement is about */
export function sessionStatement(
  statement: ChangingStatement,
  session: ClientSession,
  transactions: Transactions,
  analysis: AnalysisContext['session'],
): SessionChange {
  switch (statement.kind) {
    case 'set-session': {
      const name = propertyName(statement.name, positionOf(statement.value), undefined)
      const value = propertyValue(name, statement.value, analysis)
      return { updateType: 'SET SESSION', update: { kind: 'set-property', name, value } }
    }
    case 'reset-session':
      return {
        updateType: 'RESET SESSION',
        update: { kind: 'clear-property', name: propertyName(statement.name, statement.at, statement.at) },
      }
    case 'set-time-zone': {
      if (statement.zone === undefined) return { updateType: 'SET TIME ZONE', update: { kind: 'clear-property', name: TIME_ZONE_PROPERTY } }
      const value = zoneOf(statement.zone, analysis)
      return { updateType: 'SET TIME ZONE', update: { kind: 'set-property', name: TIME_ZONE_PROPERTY, value } }
    }
    case 'set-role':
      return { updateType: 'SET ROLE', update: { kind: 'set-role', role: systemRole(statement) } }
    case 'set-session-authorization': {
      needCapability(session, 'SESSION_AUTHORIZATION', 'SET SESSION AUTHORIZATION')
      if (session.transaction.kind === 'open')
        throw new QueryError('GENERIC_USER_ERROR', "Can't set authorization user in the middle of a transaction")
      const { user } = statement
      if (!session.mayBecome(user))
        throw new QueryError('PERMISSION_DENIED', `Access Denied: User ${analysis.user} cannot impersonate user ${user}`)
      return { updateType: 'SET SESSION AUTHORIZATION', update: { kind: 'set-user', user } }
    }
    case 'reset-session-authorization':
      needCapability(session, 'SESSION_AUTHORIZATION', 'RESET SESSION AUTHORIZATION')
      if (session.transaction.kind === 'open')
        throw new QueryError('GENERIC_USER_ERROR', "Can't reset authorization user in the middle of a transaction")
      return { updateType: 'RESET SESSION AUTHORIZATION', update: { kind: 'reset-user' } }
    case 'set-path':
      needCapability(session, 'PATH', 'SET PATH')
      for (const { parts } of statement.path) if (parts.length > 1) checkCatalog((parts[0] as Identifier).value.toLowerCase(), statement.at)
      return { updateType: 'SET PATH', update: { kind: 'set-path', path: statement.path.map(pathText).join(', ') } }
    case 'start-transaction': {
      const isolation = statement.isolation?.toUpperCase()
      // Nothing holds the files of a lake still between two statements.
      if (isolation !== undefined && isolation !== 'READ UNCOMMITTED' && isolation !== 'READ COMMITTED') {
        throw new QueryError('UNSUPPORTED_ISOLATION_LEVEL', `Isolation level ${isolation} is not supported`, { at: statement.at })
      }
      return {
        updateType: 'START TRANSACTION',
        update: { kind: 'start-transaction', id: transactions.start(session.transaction) },
      }
    }
    case 'commit':
    case 'rollback':
      transactions.end(session.transaction, statement.kind)
      return { updateType: statement.kind.toUpperCase(), update: { kind: 'clear-transaction' } }
    case 'prepare': {
      checkPreparable(statement.statement)
      const { length } = encodeURIComponent(statement.text)
      if (length > LONGEST_PREPARED) {
        throw new QueryError(
          'QUERY_TEXT_TOO_LARGE',
          `The statement to prepare has ${length} bytes in a header, the most are ${LONGEST_PREPARED}`,
          {
            hint: 'EXECUTE IMMEDIATE takes statements of any length.',
          },
        )
      }
      return { updateType: 'PREPARE', update: { kind: 'add-prepared', name: statement.name.value, sql: statement.text } }
    }
    case 'deallocate':
      if (!session.prepared.has(statement.name.value)) {
        throw new QueryError('NOT_FOUND', `Prepared statement not found: ${statement.name.value}`)
      }
      return { updateType: 'DEALLOCATE', update: { kind: 'remove-prepared', name: statement.name.value } }
    default:
      return unreachable(statement)
  }
}

function needCapability({ capabilities }: ClientSession, name: string, statement: string): void {
  if (!capabilities.has(name)) throw new QueryError('NOT_SUPPORTED', `${statement} not supported by client`)
}

function checkCatalog(name: string, at: Position): void {
  if (!hasCatalog(name)) throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${name}' not found`, { at })
}

/** There are no roles: all of them and none are the same. @throws ROLE_NOT_FOUND, CATALOG_NOT_FOUND, NOT_SUPPORTED */
function systemRole({ role, catalog, at }: Extract<SessionStatement, { kind: 'set-role' }>): 'ALL' | 'NONE' {
  refuseCatalogRoles(catalog, at)
  if (typeof role !== 'string') throw roleMissing(role, at)
  return role === 'all' ? 'ALL' : 'NONE'
}

const MINUTE_MS = 60_000n
const MOST_MINUTES = 14n * 60n

/** SET TIME ZONE's zone: a name or an offset, as a text or as an interval. */
function zoneOf(expression: Expression, analysis: AnalysisContext['session']): string {
  const constant = constantOf(expression, analysis)
  if (constant?.type.kind === 'varchar' && typeof constant.value === 'string') {
    const zone = normalizeZone(constant.value)
    if (zone === undefined) throw new QueryError('NOT_SUPPORTED', `Time zone not supported: ${constant.value}`)
    return zone
  }
  if (constant?.type.kind === 'interval day to second' && typeof constant.value === 'bigint') {
    if (constant.value % MINUTE_MS !== 0n)
      throw new QueryError('INVALID_LITERAL', 'Invalid TIME ZONE offset interval: interval contains seconds')
    const minutes = constant.value / MINUTE_MS
    const size = minutes < 0n ? -minutes : minutes
    if (size > MOST_MINUTES) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid offset minutes ${minutes}`)
    const digits = (number: bigint): string => String(number).padStart(2, '0')
    return sessionZone(`${minutes < 0n ? '-' : '+'}${digits(size / 60n)}:${digits(size % 60n)}`)
  }
  const text = expressionText(expression)
  if (constant === undefined)
    throw new QueryError('NOT_SUPPORTED', `SET TIME ZONE needs a constant: ${text}`, { at: positionOf(expression) })
  throw new QueryError(
    'TYPE_MISMATCH',
    `Expected expression of varchar or interval day-time type, but '${text}' has ${formatType(constant.type)} type`,
  )
}

/** As it was written. */
const pathText = ({ parts }: QualifiedName): string =>
  parts.map(({ value, written, quoted }) => (quoted ? `"${value.replaceAll('"', '""')}"` : (written ?? value))).join('.')
