/** Scan plans without a planner: files of a bucket, some of their columns and row groups. */
import type { FileFormat, Table } from '#catalog/model'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { parseFooter } from '#connectors/formats/parquet/read-footer'
import type { Bucket, ObjectInfo } from '#connectors/storage/object-store'
import type { FileScan, ScanPlan } from '#src/physical/plan'
import type { Type } from '#src/types/type'

/** The footer of a whole file's bytes. */
export function footerOf(file: Uint8Array): ParquetFooter {
  const length = new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(file.length - 8, true)
  return parseFooter(Uint8Array.from(file.subarray(file.length - 8 - length, file.length - 8)), file.length, 'test')
}

export interface PlannedFile {
  readonly info: ObjectInfo
  readonly footer?: ParquetFooter
  /** Default: all. */
  readonly rowGroups?: readonly number[]
}

export interface PlanOptions {
  readonly format?: FileFormat
  readonly bucket: Bucket
  /** The table's columns, all of them scanned unless `scanned` says fewer. */
  readonly columns: readonly (readonly [name: string, type: Type])[]
  readonly scanned?: readonly string[]
  readonly properties?: Readonly<Record<string, string>>
  readonly files: readonly PlannedFile[]
}

export function scanPlan(options: PlanOptions): ScanPlan {
  const { format = 'parquet', bucket, columns, properties = {} } = options
  const table: Table = {
    schema: 'default',
    name: 't',
    format,
    location: 's3://lake/t/',
    columns: columns.map(([name, type]) => ({ name, type })),
    partitionKeys: [],
    properties,
    version: 1,
  }
  const names = options.scanned ?? columns.map(([name]) => name)
  const scanned = table.columns.filter(({ name }) => names.includes(name))
  const files = options.files.map(({ info, footer, rowGroups }): FileScan => {
    if (footer === undefined) return { info, partition: 0, parquet: undefined }
    const kept = rowGroups ?? footer.rowGroups.map((_, index) => index)
    const columnIndexes = scanned.map(({ name }) => footer.columns.findIndex((column) => column.name.toLowerCase() === name))
    const ranges = kept.flatMap((group) => columnIndexes.flatMap((column) => footer.rowGroups[group]?.chunks[column]?.ranges ?? []))
    return { info, partition: 0, parquet: { footer, rowGroups: kept, columnIndexes, ranges } }
  })
  const none = { total: 0, kept: 0 }
  return {
    id: 1,
    table,
    format,
    bucket,
    columns: scanned.map(({ name, type }, index) => ({ column: { id: index, name, type }, source: { kind: 'data', name } })),
    partitions: [{ path: '', values: [] }],
    files,
    limit: undefined,
    totals: { partitions: none, files: none, rowGroups: none, bytes: none, prefixesSkipped: 0 },
    skipped: [],
    method: 'test',
  }
}
