/** A folder of data files made by DuckDB, scans over them as the kernel receives them, and a kernel to run plans on. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

import type { FileFormat } from '#catalog/model'
import { createKernel } from '#src/kernel/duckdb-kernel'
import type { Kernel, KernelQuery, KernelResult, ResultFormat } from '#src/kernel/kernel'
import type { KernelOptions } from '#src/kernel/kernel-options'
import { createIds } from '#src/logical/build'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan, OutputColumn, Scan, ScanColumn, ScanSource } from '#src/logical/plan'
import { outputOf, walkPlan } from '#src/logical/plan-walk'
import type { PhysicalPlan, ScanPlan } from '#src/physical/plan'
import type { CsvReaderOptions, PreparedScan, UnitColumn } from '#src/scan/units'
import { type Type, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'

interface TestColumn {
  readonly name: string
  readonly type: Type
  readonly source?: ScanSource
  /** How the files have it; default: the same name and type. */
  readonly file?: UnitColumn
}

export interface TestFile {
  readonly path: string
  /** Partition values, in the order of the keys. */
  readonly values?: readonly Value[]
}

export interface TestScan {
  readonly format?: FileFormat
  readonly columns: readonly TestColumn[]
  readonly files: readonly TestFile[]
  readonly csv?: CsvReaderOptions
  readonly fileColumns?: readonly string[]
  readonly onError?: 'fail' | 'null' | 'skip'
}

export interface Lake {
  readonly folder: string
  readonly kernel: Kernel
  /** DuckDB itself over the same folder. */
  readonly oracle: DuckDBConnection
  scan(options: TestScan): { readonly plan: Scan; readonly prepared: PreparedScan }
  query(root: LogicalPlan, scans: readonly PreparedScan[], options?: Partial<KernelQuery>): KernelQuery
  run(root: LogicalPlan, scans?: readonly PreparedScan[], format?: ResultFormat): Promise<Buffer>
  rows(root: LogicalPlan, scans?: readonly PreparedScan[]): Promise<unknown[][]>
  close(): Promise<void>
}

export const ids = createIds()
const NO_TOTALS = { total: 0, kept: 0 }
const TOTALS = { partitions: NO_TOTALS, files: NO_TOTALS, rowGroups: NO_TOTALS, bytes: NO_TOTALS, prefixesSkipped: 0 }

export async function openLake(options: Partial<KernelOptions> = {}): Promise<Lake> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-lake-'))
  const spillFolder = join(folder, 'spill')
  mkdirSync(spillFolder)
  const kernel = createKernel({ cacheFolder: folder, spillFolder, ...options })
  const instance = await DuckDBInstance.create(':memory:')
  const oracle = await instance.connect()
  const query = (root: LogicalPlan, scans: readonly PreparedScan[], extra: Partial<KernelQuery> = {}): KernelQuery => {
    const output: OutputColumn[] = outputOf(root).map((column) => ({ name: column.name, column }))
    const plan: PhysicalPlan = { root, output, scans: new Map(scans.map((scan) => [scan.plan.id, scan.plan])), totals: TOTALS, hints: [] }
    return {
      queryId: `q${ids.next()}`,
      plan,
      scans: new Map(scans.map((scan) => [scan.plan.id, scan])),
      output,
      format: 'json-rows',
      zone: 'UTC',
      signal: new AbortController().signal,
      ...extra,
    }
  }
  const run = async (root: LogicalPlan, scans: readonly PreparedScan[] = [], format: ResultFormat = 'json-rows') =>
    joinFrames(await kernel.execute(query(root, scans, { format })), format)
  return {
    folder,
    kernel,
    oracle,
    scan: prepareTestScan,
    query,
    run,
    rows: async (root, scans) => JSON.parse(`[${(await run(root, scans)).toString('utf8')}]`) as unknown[][],
    async close() {
      await kernel.close()
      oracle.closeSync()
      instance.closeSync()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function joinFrames(result: KernelResult, format: ResultFormat = 'json-rows'): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const frame of result.frames) {
    if (format === 'json-rows' && parts.length > 0) parts.push(Buffer.from(',\n'))
    parts.push(frame.bytes)
  }
  return Buffer.concat(parts)
}

export function prepareTestScan({ format = 'parquet', columns, files, csv, fileColumns = [], onError = 'fail' }: TestScan) {
  const id = ids.next()
  const scanColumns: ScanColumn[] = columns.map(({ name, type, source }) => ({
    column: ids.column(name, type),
    source: source ?? { kind: 'data', name },
  }))
  const keys = columns.flatMap(({ name, type, source }) => (source?.kind === 'key' ? [{ name, type }] : []))
  const table = {
    schema: 'default',
    name: 't',
    format,
    location: 's3://lake/t/',
    columns: [],
    partitionKeys: keys,
    properties: {},
    version: 1,
  }
  const plan: ScanPlan = {
    id,
    table,
    format,
    bucket: { scheme: 's3', name: 'lake' },
    columns: scanColumns,
    partitions: files.map((file, index) => ({ path: `p=${index}`, values: file.values ?? [] })),
    files: files.map((file, index) => ({
      info: { key: `t/${file.path.slice(file.path.lastIndexOf('/') + 1)}`, size: 100 + index, version: 'v', modified: 1_700_000_000_123 },
      partition: index,
      parquet: undefined,
    })),
    limit: undefined,
    totals: TOTALS,
    skipped: [],
    method: 'test',
  }
  const unitColumns = columns.map(
    ({ name, type, source, file }): UnitColumn =>
      file ?? (source === undefined || source.kind === 'data' ? { kind: 'file', name, type, physical: '' } : { kind: 'from-plan' }),
  )
  const prepared: PreparedScan = {
    plan,
    groups: [{ format, columns: unitColumns, fileColumns, csv, units: files.map((file, index) => ({ path: file.path, file: index })) }],
    onError,
    bytesFromStore: 0,
    bytesFromCache: 0,
    release() {},
    verify: async () => false,
  }
  const node: Scan = { kind: 'scan', id, table, columns: scanColumns, predicate: [], limit: undefined, at: undefined }
  return { plan: node, prepared }
}

/** Prepared scans for all of a plan's scans, over files that hold the tables' columns as they are declared. */
export function prepareScans(plan: LogicalPlan, filesOf: (table: string) => readonly TestFile[]): PreparedScan[] {
  const scans = new Map<number, Scan>()
  walkPlan(plan, (node) => {
    if (node.kind === 'scan') scans.set(node.id, node)
  })
  return [...scans.values()].map((node) => {
    const { prepared } = prepareTestScan({
      columns: node.columns.map(({ column: { name, type }, source }) =>
        // Files have no char.
        type.kind === 'char'
          ? { name, type, source, file: { kind: 'file', name, type: VARCHAR, physical: 'string' } }
          : { name, type, source },
      ),
      files: filesOf(node.table.name),
    })
    return { ...prepared, plan: { ...prepared.plan, id: node.id, table: node.table, columns: node.columns } }
  })
}

/** A reference to a scan's or node's n-th output column. */
export function column(plan: LogicalPlan, index: number): Expr & { kind: 'column' } {
  const found = outputOf(plan)[index]
  if (found === undefined) throw new TypeError(`no output column ${index}`)
  return { kind: 'column', type: found.type, id: found.id, name: found.name }
}
