/** EXPLAIN: plans (and with ANALYZE runs) the inner statement, and gives the text as a result of one row. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { VirtualTable } from '#src/analyze/context'
import { oneText, planVirtualTable } from '#src/analyze/show'
import { QueryError } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import { explainPlan } from '#src/physical/explain'
import type { PhysicalPlan } from '#src/physical/plan'
import type { Explain } from '#src/sql/ast'
import { BOOLEAN, VARCHAR } from '#src/types/type'
import { noFrames, type PlanRunner, type RunningPlan } from './plan-runner.ts'
import type { QueryRequest } from './query.ts'
import type { QueryRecord } from './query-record.ts'
import type { StatementWriter, WriteStatement } from './write-statement.ts'

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
  const text = explainPlan(physical, { type, format, run })
  // What was not known before it had run is no constant.
  return analyze ? { kind: 'virtual', columns: [{ name: 'Query Plan', type: VARCHAR }], rows: [[text]] } : oneText('Query Plan', text)
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

/** Statements whose rows are computed by a query. */
export type ExplainedWrite = Extract<WriteStatement, { kind: 'insert' | 'create' | 'unload' }>

/** @throws NOT_SUPPORTED for CREATE TABLE IF NOT EXISTS, which may have nothing to be explained */
export function isExplained(write: WriteStatement): write is ExplainedWrite {
  if (write.kind === 'create' && write.ifNotExists)
    throw new QueryError('NOT_SUPPORTED', 'CREATE TABLE IF NOT EXISTS is not supported in EXPLAIN ANALYZE', { at: write.at })
  return write.kind === 'insert' || write.kind === 'create' || write.kind === 'unload'
}

/** EXPLAIN ANALYZE of a statement that writes: it is executed, as in Trino. */
export async function explainWrite(
  explain: Explain,
  write: ExplainedWrite,
  deps: { readonly runner: PlanRunner; readonly writer: StatementWriter },
  request: QueryRequest,
  record: QueryRecord,
  signal: AbortSignal,
): Promise<RunningPlan> {
  const { type = 'distributed', format = 'text' } = explain
  if (format !== 'text' || type === 'io' || type === 'validate')
    throw new QueryError('NOT_SUPPORTED', 'EXPLAIN ANALYZE only supports the TEXT format', { at: explain.at })
  let ran: PhysicalPlan | undefined
  const onPlan = (plan: PhysicalPlan): void => {
    ran = plan
    request.onPlan?.(plan)
  }
  const { updateType, updateCount } = await deps.writer.write(write, { ...request, onPlan }, record, signal)
  const target = write.kind === 'unload' ? write.location : `${CATALOG_NAME}.${write.table.schema}.${write.table.name}`
  // A statement that had run under the same key before is not run, and has no plan; nor has one WITH NO DATA.
  const plan = ran ?? (await deps.runner.plan(write.query, request, record, signal, { willRun: false }))
  const run = { ...record.stats(), rows: updateCount ?? 0 }
  const text = `TableWriter[target = ${target}, ${updateType}]\n${explainPlan(plan, { type, format, run })}`
  const answer = planVirtualTable({ kind: 'virtual', columns: [{ name: 'Query Plan', type: VARCHAR }], rows: [[text]] })
  if (request.dryRun) return { columns: answer.output.map(({ name, column }) => ({ name, type: column.type })), frames: noFrames() }
  return { ...deps.runner.runConstants(answer, request, record, signal), updateType }
}
