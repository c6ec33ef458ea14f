/** ANALYZE: counts what a table's columns hold, and keeps it in the catalog together with the fingerprint of the files it is true of. */
import type { Table } from '#catalog/model'
import type { CatalogService } from '#catalog/service'
import { type AnalyzedColumn, type AnalyzedScope, filesByScope, fingerprint, partitionScope, WHOLE_TABLE } from '#catalog/statistics'
import { QueryError } from '#src/common/errors'
import type { PlanRunner } from '#src/query/plan-runner'
import type { QueryRequest } from '#src/query/query'
import type { QueryRecord } from '#src/query/query-record'
import type { AnalyzedCount, WriteStatement } from '#src/query/write-statement'

type Analyze = Extract<WriteStatement, { kind: 'analyze' }>

export interface AnalyzeDeps {
  readonly runner: PlanRunner
  readonly catalog: Pick<CatalogService, 'discover' | 'keepStatistics' | 'statistics'>
  readonly now: () => number
}

/** Files may come and go while they are counted: then it is done again, so many times. */
const MOST_ATTEMPTS = 3

/**
 * Rows that were counted. Throws HIVE_PARTITION_DROPPED_DURING_QUERY for a partition that is not there, TRANSACTION_CONFLICT
 * for a table whose files change all the time, and what the queries throw; then nothing is kept.
 */
export async function analyzeTable(
  { table, scopes, counts }: Analyze,
  deps: AnalyzeDeps,
  request: QueryRequest,
  record: QueryRecord,
  signal: AbortSignal,
): Promise<number> {
  const names = scopes.map(({ values }) => (values === undefined ? WHOLE_TABLE : partitionScope(table, values)))
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const before = await prints(table, names, deps, signal)
    const missing = scopes.find((_, index) => before[index] === undefined)
    if (missing !== undefined)
      throw new QueryError(
        'HIVE_PARTITION_DROPPED_DURING_QUERY',
        `Partition ${missing.name} no longer exists for ${table.schema}.${table.name}`,
      )
    const known = await deps.catalog.statistics(table, signal)
    const analyzed: AnalyzedScope[] = []
    for (const [index, { query }] of scopes.entries()) {
      const row = await onlyRow(deps.runner, query, request, record, signal)
      const scope = names[index] as string
      const others = scope === WHOLE_TABLE ? known?.table?.columns : known?.partitions.get(scope)?.columns
      analyzed.push({
        scope,
        fingerprint: before[index] as string,
        analyzedAt: deps.now(),
        rows: Number(row[0]),
        columns: { ...others, ...columnsOf(counts, row) },
      })
    }
    const after = await prints(table, names, deps, signal)
    if (after.every((print, index) => print === before[index])) {
      if (analyzed.length > 0) await deps.catalog.keepStatistics(table, analyzed)
      return analyzed.reduce((sum, { rows }) => sum + rows, 0)
    }
  }
  throw new QueryError('TRANSACTION_CONFLICT', `Files of ${table.schema}.${table.name} changed while they were analyzed`, {
    retryable: true,
  })
}

/** Fingerprints of the scopes; undefined for a partition without files. */
async function prints(
  table: Table,
  scopes: readonly string[],
  { catalog }: AnalyzeDeps,
  signal: AbortSignal,
): Promise<readonly (string | undefined)[]> {
  const discovery = await catalog.discover(table, signal)
  const byScope = filesByScope(table, discovery)
  return scopes.map((scope) => {
    const files = scope === WHOLE_TABLE ? discovery.files : byScope.get(scope)
    return files && fingerprint(table, files)
  })
}

type Row = readonly (string | number | null)[]

async function onlyRow(
  runner: PlanRunner,
  query: Analyze['scopes'][number]['query'],
  request: QueryRequest,
  record: QueryRecord,
  signal: AbortSignal,
): Promise<Row> {
  const { frames } = await runner.run(query, { ...request, format: 'json-rows', reuseResults: false }, record, signal)
  const texts: string[] = []
  for await (const { bytes, rows } of frames) if (rows > 0) texts.push(Buffer.from(bytes).toString('utf8'))
  const [row] = JSON.parse(`[${texts.join(',')}]`) as readonly Row[]
  if (row === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'ANALYZE has counted nothing')
  return row
}

/** The first value is the number of rows. */
function columnsOf(counts: readonly AnalyzedCount[], [, ...values]: Row): Readonly<Record<string, AnalyzedColumn>> {
  const columns: Record<string, { -readonly [K in keyof AnalyzedColumn]?: AnalyzedColumn[K] }> = {}
  for (const [index, { column, what }] of counts.entries()) {
    columns[column] ??= {}
    const value = values[index] ?? null
    if (what === 'min' || what === 'max') {
      if (value !== null) columns[column][what] = String(value)
    } else columns[column][what] = Number(value ?? 0)
  }
  return columns as Readonly<Record<string, AnalyzedColumn>>
}
