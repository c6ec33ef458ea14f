/** EXPLAIN: plans (and with ANALYZE runs) the inner statement, and gives the text as a result of one row. */
import type { VirtualTable } from '#src/analyze/context'
import { planVirtualTable } from '#src/analyze/show'
import { QueryError } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import { explainPlan } from '#src/physical/explain'
import type { PhysicalPlan } from '#src/physical/plan'
import type { Explain } from '#src/sql/ast'
import { BOOLEAN, VARCHAR } from '#src/types/type'
import type { PlanRunner, RunningPlan } from './plan-runner.ts'
import type { QueryRequest } from './query.ts'
import type { QueryRecord } from './query-record.ts'

/** A dry run of an EXPLAIN is the dry run of what it explains. */
export async function explainStatement(
  explain: Explain,
  plan: QueryPlan,
  runner: PlanRunner,
  request: QueryRequest,
  record: QueryRecord,
  signal: AbortSignal,
): Promise<RunningPlan> {
  if (request.dryRun) return runner.run(plan, request, record, signal)
  const table = await explanation(explain, plan, runner, request, record, signal)
  return runner.runConstants(planVirtualTable(table), request, record, signal)
}

async function explanation(
  explain: Explain,
  plan: QueryPlan,
  runner: PlanRunner,
  request: QueryRequest,
  record: QueryRecord,
  signal: AbortSignal,
): Promise<VirtualTable> {
  const { type = 'distributed', format = 'text', analyze } = explain
  if (type === 'validate') return { kind: 'virtual', columns: [{ name: 'Valid', type: BOOLEAN }], rows: [[true]] }
  if (analyze && format !== 'text')
    throw new QueryError('NOT_SUPPORTED', 'EXPLAIN ANALYZE only supports the TEXT format', { at: explain.at })
  const physical = await runner.plan(plan, request, record, signal, { willRun: analyze })
  const run = analyze ? await runToItsEnd(plan, physical, runner, request, record, signal) : undefined
  return { kind: 'virtual', columns: [{ name: 'Query Plan', type: VARCHAR }], rows: [[explainPlan(physical, { type, format, run })]] }
}

async function runToItsEnd(
  plan: QueryPlan,
  physical: PhysicalPlan,
  runner: PlanRunner,
  request: QueryRequest,
  record: QueryRecord,
  signal: AbortSignal,
) {
  let rows = 0
  for await (const frame of runner.frames(plan, physical, { ...request, format: 'json-rows', reuseResults: false }, record, signal))
    rows += frame.rows
  const stats = record.stats()
  return { ...stats, rows }
}
