/** CURRENT_TIMESTAMP and its relatives as constants: all of a query mean the instant at which it started. */
import { type Position, QueryError, unreachable } from '#src/common/errors'
import { literal } from '#src/logical/build'
import type { Literal } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { floorDiv, MICROS_PER_DAY } from '#src/types/calendar'
import { DATE, time, timestamp, timestampWithTimeZone, timeWithTimeZone, VARCHAR } from '#src/types/type'
import { wallOf, zoneOffsetSeconds } from '#src/types/zone'
import type { AnalysisContext, AnalysisSession } from './context.ts'

const DEFAULT_PRECISION = 3
const MAX_PRECISION = 6

export function currentValue(node: ast.CurrentValue, { session, catalogName, defaultSchema }: AnalysisContext): Literal {
  const precision = node.precision ?? DEFAULT_PRECISION
  checkPrecision(node.name, precision, node.at)
  switch (node.name) {
    case 'current_date':
      return literal(DATE, floorDiv(wall(session), MICROS_PER_DAY))
    case 'current_time':
      return literal(timeWithTimeZone(precision), { micros: clock(session, precision), zone: offsetText(session) })
    case 'current_timestamp':
      return currentTimestamp(session, precision)
    case 'localtime':
      return literal(time(precision), clock(session, precision))
    case 'localtimestamp':
      return literal(timestamp(precision), truncate(wall(session), precision))
    case 'current_user':
      return literal(VARCHAR, session.user)
    case 'current_catalog':
      return literal(VARCHAR, catalogName)
    case 'current_schema':
      return literal(VARCHAR, defaultSchema ?? null)
    case 'current_path':
      return literal(VARCHAR, session.path ?? '')
    default:
      return unreachable(node.name)
  }
}

/** now() and current_timezone(), which are written as calls; undefined for every other name. */
export function currentCall(name: string, session: AnalysisSession): Literal | undefined {
  if (name === 'now') return currentTimestamp(session, DEFAULT_PRECISION)
  return name === 'current_timezone' ? literal(VARCHAR, session.zone) : undefined
}

function checkPrecision(name: string, precision: number, at: Position): void {
  if (precision <= MAX_PRECISION) return
  throw new QueryError('NOT_SUPPORTED', `${name}(${precision}) is not supported: the highest precision is ${MAX_PRECISION}`, { at })
}

const currentTimestamp = (session: AnalysisSession, precision: number): Literal =>
  literal(timestampWithTimeZone(precision), { micros: truncate(session.startMicros, precision), zone: session.zone })

const wall = (session: AnalysisSession): bigint => wallOf(session.startMicros, session.zone)

function truncate(micros: bigint, precision: number): bigint {
  const unit = 10n ** BigInt(MAX_PRECISION - precision)
  return floorDiv(micros, unit) * unit
}

function clock(session: AnalysisSession, precision: number): bigint {
  const now = wall(session)
  return truncate(now - floorDiv(now, MICROS_PER_DAY) * MICROS_PER_DAY, precision)
}

function offsetText(session: AnalysisSession): string {
  const minutes = Math.round(zoneOffsetSeconds(session.zone, session.startMicros) / 60)
  const pad = (part: number): string => String(part).padStart(2, '0')
  const absolute = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`
}
