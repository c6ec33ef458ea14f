/** SHOW STATS FOR t | (query): planned like a query, answered from what planning has found and from what ANALYZE has counted. */
import type { Table } from '#catalog/model'
import type { CatalogService } from '#catalog/service'
import type { FreshStatistics } from '#catalog/statistics'
import type { VirtualTable } from '#src/analyze/context'
import { planVirtualTable, showStats as statsTable } from '#src/analyze/show'
import { type Position, QueryError } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import { type ColumnEstimate, estimateScan } from '#src/physical/scan-statistics'
import { boundText } from '#src/physical/statistics-values'
import type { Query, ShowStatement } from '#src/sql/ast'
import { noFrames, type PlanRunner, type RunningPlan } from './plan-runner.ts'
import type { QueryRequest } from './query.ts'
import type { QueryRecord } from './query-record.ts'
import { withoutProperties } from './scan-properties.ts'
import { selectAll } from './select-all.ts'

export interface StatsRequest {
  readonly plan: QueryPlan
  readonly at: Position
  readonly catalog: Pick<CatalogService, 'statistics'>
}

/** The query whose rows SHOW STATS is about. */
export const statsQuery = ({ target, at }: Extract<ShowStatement, { kind: 'show-stats' }>): Query =>
  'kind' in target ? target : selectAll(target, undefined, at)

/** @throws NOT_SUPPORTED for a query that is more than SELECT … FROM one table WHERE …, and what planning throws */
export async function showStats(
  { plan, at, catalog }: StatsRequest,
  runner: PlanRunner,
  request: QueryRequest,
  record: QueryRecord,
  signal: AbortSignal,
): Promise<RunningPlan> {
  // Nothing is read: what the table asks of queries that read is no concern here.
  const free: QueryPlan = { ...plan, root: withoutProperties(plan.root, ['require_partition_filter', 'max_bytes']) }
  const physical = await runner.plan(free, { ...request, maxBytes: undefined }, record, signal, { willRun: false })
  // Hints on what a query of these rows would read are not asked for.
  record.planned(physical.totals, [])
  const [scan] = physical.scans.values()
  const fresh = scan === undefined || request.dryRun ? undefined : await catalog.statistics(scan.table, signal)
  const estimate = estimateScan(physical, fresh)
  if (estimate === undefined)
    throw new QueryError('NOT_SUPPORTED', 'SHOW STATS FOR (query) is only supported for SELECT … FROM one table of files WHERE …', { at })
  if (scan !== undefined && fresh !== undefined) tellStale(scan.table, fresh, record)
  const columns = plan.output.map(({ name }, index) => ({ name, ...texts(estimate.columns[index]) }))
  const table: VirtualTable = statsTable(columns, estimate.rows ?? null)
  const answer = planVirtualTable(table)
  if (request.dryRun) return { columns: answer.output.map(({ name, column }) => ({ name, type: column.type })), frames: noFrames() }
  return runner.runConstants(answer, request, record, signal)
}

function tellStale({ schema, name }: Table, { table, stale }: FreshStatistics, record: QueryRecord): void {
  if (stale === undefined || table !== undefined) return
  const when = new Date(stale.analyzedAt).toISOString()
  record.addHint(
    `What ANALYZE counted at ${when} is left out: files or columns of ${schema}.${name} have changed since. ANALYZE ${schema}.${name} counts again`,
  )
}

const UNKNOWN = { dataSize: null, distinctValues: null, nullsFraction: null, low: null, high: null }

function texts(column: ColumnEstimate | undefined) {
  if (column === undefined) return UNKNOWN
  return {
    dataSize: column.bytes ?? null,
    distinctValues: column.distinct ?? null,
    nullsFraction: column.nulls ?? null,
    low: boundText(column.type, column.low) ?? null,
    high: boundText(column.type, column.high) ?? null,
  }
}
