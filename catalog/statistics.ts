/**
 * What ANALYZE has counted of a table or of one partition. It is true of the files that were read then, whose fingerprint it
 * carries: statistics of other files, or of another definition of the columns, are stale and not used.
 */
import { createHash } from 'node:crypto'
import { formatType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import type { Value } from '#src/types/value'
import type { Table } from './model.ts'
import type { DiscoveredFile, Discovery } from './partitions/discovery.ts'

export interface AnalyzedColumn {
  /** About so many values other than NULL; absent for types whose values are not counted. */
  readonly distinct?: number
  /** Rows with NULL. */
  readonly nulls: number
  /** Of all values of text and binary columns. */
  readonly bytes?: number
  /** As CAST(… AS varchar) prints them; absent where there is none, or the type is not ordered by them. */
  readonly min?: string
  readonly max?: string
}

export interface AnalyzedScope {
  /** WHOLE_TABLE, or a partition's `partitionScope`. */
  readonly scope: string
  readonly fingerprint: string
  /** Milliseconds since the epoch. */
  readonly analyzedAt: number
  readonly rows: number
  /** Those that were analyzed. */
  readonly columns: Readonly<Record<string, AnalyzedColumn>>
}

export const WHOLE_TABLE = ''

/** The same text for the same values of the keys, however folders spell them. */
export const partitionScope = (table: Table, values: readonly Value[]): string =>
  JSON.stringify(
    table.partitionKeys.map(({ type }, level) => {
      const value = values[level] ?? null
      return value === null ? null : formatValue(value, type)
    }),
  )

/** Of what the table says of its files, and of these versions of them. */
export function fingerprint(table: Table, files: readonly DiscoveredFile[]): string {
  const hash = createHash('sha256')
  const columns = [...table.columns, ...table.partitionKeys].map(({ name, type }) => [name, formatType(type)])
  hash.update(JSON.stringify([table.format, columns, Object.entries(table.properties).sort(([a], [b]) => (a < b ? -1 : 1))]))
  for (const { info } of files.toSorted((a, b) => (a.info.key < b.info.key ? -1 : 1))) hash.update(`\n${info.key}\n${info.version}`)
  return hash.digest('hex')
}

/** Files by the scope of their partition. */
export const filesByScope = (table: Table, { partitions, files }: Discovery): ReadonlyMap<string, readonly DiscoveredFile[]> =>
  Map.groupBy(files, ({ partition }) => partitionScope(table, partitions[partition]?.values ?? []))

/** Statistics that are true of the files that there are now. */
export interface FreshStatistics {
  readonly table: AnalyzedScope | undefined
  /** By `partitionScope`. */
  readonly partitions: ReadonlyMap<string, AnalyzedScope>
  /** There are others, of files or columns that are not these; the newest. */
  readonly stale: AnalyzedScope | undefined
  /** Bytes of all files. */
  readonly bytes: number
}

export function freshStatistics(table: Table, discovery: Discovery, known: readonly AnalyzedScope[]): FreshStatistics {
  const byScope = filesByScope(table, discovery)
  const isFresh = ({ scope, fingerprint: of }: AnalyzedScope): boolean =>
    of === fingerprint(table, scope === WHOLE_TABLE ? discovery.files : (byScope.get(scope) ?? []))
  const [fresh, stale] = [known.filter(isFresh), known.filter((scope) => !isFresh(scope))]
  return {
    table: fresh.find(({ scope }) => scope === WHOLE_TABLE),
    partitions: new Map(fresh.flatMap((one) => (one.scope === WHOLE_TABLE ? [] : [[one.scope, one] as const]))),
    stale: stale.toSorted((a, b) => b.analyzedAt - a.analyzedAt)[0],
    bytes: discovery.files.reduce((sum, { info }) => sum + info.size, 0),
  }
}
