/** A table held in memory: listing that asks the partition filter level by level, footers made from rows. Counts what is asked of it. */
import type { Table, TableColumn } from '#catalog/model'
import type { Discovery, PartitionFilter } from '#catalog/partitions/discovery'
import type { ParquetColumn, ParquetFooter, RowGroup } from '#connectors/formats/parquet/footer'
import type { Column, ColumnId } from '#src/logical/expression'
import type { Scan, ScanColumn } from '#src/logical/plan'
import type { PlanningSources } from '#src/physical/plan-scan'
import type { PredicateEvaluator } from '#src/physical/predicate-evaluator'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { truth } from './reference-predicate.ts'
import { statisticsOf } from './row-statistics.ts'

export interface FakeFile {
  readonly path: string
  readonly keys: readonly Value[]
  /** Each row group's rows; values in the order of `columns`. */
  readonly rowGroups: readonly (readonly (readonly Value[])[])[]
  /** The file's own columns, when they are not the table's. */
  readonly columns?: readonly { readonly name: string; readonly type: Type }[]
  readonly withoutStatistics?: boolean
}

export interface FakeLake {
  readonly table: Table
  readonly sources: PlanningSources
  readonly asked: { footers: string[]; tuples: number; evaluations: number }
}

export const CHUNK_BYTES = 100
export const FILE_BYTES = 10_000

export function fakeTable(
  columns: readonly TableColumn[],
  partitionKeys: readonly TableColumn[] = [],
  format: Table['format'] = 'parquet',
  name = 't',
): Table {
  return { schema: 'default', name, format, location: `s3://lake/${name}/`, columns, partitionKeys, properties: {}, version: 1 }
}

export function fakeLake(table: Table, files: readonly FakeFile[], evaluator: PredicateEvaluator = referenceEvaluator()): FakeLake {
  const asked = { footers: [] as string[], tuples: 0, evaluations: 0 }
  const lister = {
    discover: async (_table: Table, filter: PartitionFilter): Promise<Discovery> => {
      const tuples = new Map(files.map((file) => [file.keys.map((key) => `${key}`).join('/'), file.keys]))
      let kept = [...tuples]
      for (let level = 1; level <= table.partitionKeys.length; level++) {
        const verdicts = await filter.keep(kept.map(([, values]) => values.slice(0, level)))
        asked.tuples += kept.length
        kept = kept.filter((_tuple, place) => verdicts[place])
      }
      const partitions = kept.map(([, values]) => ({
        path: values.map((value, place) => `${table.partitionKeys[place]?.name}=${value ?? '__HIVE_DEFAULT_PARTITION__'}`).join('/'),
        values,
      }))
      const names = kept.map(([key]) => key)
      return {
        partitions,
        files: files.flatMap((file) => {
          const partition = names.indexOf(file.keys.map((key) => `${key}`).join('/'))
          return partition < 0 ? [] : [{ partition, info: { key: file.path, size: FILE_BYTES, version: '1', modified: 0 } }]
        }),
        partitionsTotal: tuples.size,
        filesTotal: files.length,
        bytesTotal: files.length * FILE_BYTES,
        prefixesSkipped: 0,
        method: 'flat',
        hints: [],
      }
    },
  }
  const footers = {
    footer: async (_bucket: unknown, info: { readonly key: string }): Promise<ParquetFooter> => {
      asked.footers.push(info.key)
      const file = files.find(({ path }) => path === info.key)
      if (file === undefined) throw new Error(`no file ${info.key}`)
      return footerOf(file, file.columns ?? table.columns)
    },
  }
  const counting: PredicateEvaluator = {
    evaluate: (...args) => {
      asked.evaluations++
      return evaluator.evaluate(...args)
    },
  }
  return { table, asked, sources: { lister, footers, evaluator: counting } }
}

function footerOf(file: FakeFile, fileColumns: readonly { readonly name: string; readonly type: Type }[]): ParquetFooter {
  const columns: readonly ParquetColumn[] = fileColumns.map(({ name, type }) => ({ name, type, unsupported: undefined, physical: '' }))
  const rowGroups = file.rowGroups.map(
    (rows, group): RowGroup => ({
      rows: rows.length,
      chunks: columns.map((_column, place) => ({
        ranges: [{ start: 4 + (group * columns.length + place) * CHUNK_BYTES, length: CHUNK_BYTES }],
        statistics: file.withoutStatistics ? undefined : statisticsOf(rows.map((row) => row[place] ?? null)),
      })),
    }),
  )
  const rows = file.rowGroups.reduce((sum, group) => sum + group.length, 0)
  return { fileSize: FILE_BYTES, footerSize: 64, rows, createdBy: 'test', columns, rowGroups, metadata: new Uint8Array() }
}

/** Runs predicates by the reference evaluator, as the kernel would. */
export function referenceEvaluator(): PredicateEvaluator {
  return {
    evaluate: async (predicate, columns, rows) =>
      rows.map((row) => truth(predicate, new Map(columns.map((column, place) => [column.id, row[place] ?? null]))) === true),
  }
}

/** A scan of all columns and keys; ids from `first` on, in that order. */
export function scanOf(table: Table, first: ColumnId = 1, id = 1000): Scan & { readonly column: (name: string) => Column } {
  const sources = [
    ...table.columns.map(({ name, type }) => ({ name, type, kind: 'data' as const })),
    ...table.partitionKeys.map(({ name, type }) => ({ name, type, kind: 'key' as const })),
  ]
  const columns: readonly ScanColumn[] = sources.map(({ name, type, kind }, place) => ({
    column: { id: first + place, name, type },
    source: { kind, name },
  }))
  const column = (name: string): Column => {
    const entry = columns.find((candidate) => candidate.column.name === name)
    if (entry === undefined) throw new Error(`no column ${name}`)
    return entry.column
  }
  return { kind: 'scan', id, table, columns, predicate: [], limit: undefined, at: undefined, column }
}
