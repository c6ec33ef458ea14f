/** What is behind a lake table, as tables beside it: `"t$partitions"` and `"t$properties"` (those of Trino's Hive connector), `"t$files"`, `"t$drift"`, `"t$lint"`. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { Table } from '#catalog/model'
import { parseLocation } from '#connectors/storage/location'
import type { RowFilter, SystemTable, SystemTableColumn } from '#src/logical/system-table'
import { hiddenValue } from '#src/physical/hidden-columns'
import { BIGINT, DOUBLE, timestampWithTimeZone, VARCHAR } from '#src/types/type'
import { FOOTER_COLUMNS, footerValues } from './file-statistics.ts'
import { type Row, type SystemSources, text } from './source.ts'

/** Undefined when `name` is no such table, for one thing because the table itself is missing, or has no partitions. */
export async function tableDetails(schema: string, name: string, sources: SystemSources): Promise<SystemTable | undefined> {
  const [, base, detail] = /^(.+)\$(partitions|properties|files|drift|lint)$/.exec(name) ?? []
  if (base === undefined) return undefined
  const table = await sources.catalog.getTable(schema, base)
  if (table === undefined) return undefined
  const as = (
    columns: readonly SystemTableColumn[],
    rows: (keeps: RowFilter, signal: AbortSignal, wanted: ReadonlySet<string>) => Promise<readonly Row[]>,
  ): SystemTable => ({
    kind: 'system',
    catalog: CATALOG_NAME,
    schema,
    name,
    columns,
    load: async (keeps, signal, wanted) => (await rows(keeps, signal, wanted)).map((row) => [row]),
  })
  if (detail === 'partitions') {
    if (table.partitionKeys.length === 0) return undefined
    return as([...table.partitionKeys, ...PARTITION_SIZES], (_keeps, signal) => partitionRows(table, sources, signal))
  }
  if (detail === 'files') return as(FILE_COLUMNS, (_keeps, signal, wanted) => fileRows(table, sources, signal, wanted))
  if (detail === 'drift') {
    if (table.format !== 'parquet') return undefined
    return as(['path', 'column', 'problem', 'declared', 'found', 'statement'].map(text), async (_keeps, signal) =>
      (await sources.catalog.drift(table, signal)).map((drift) => [
        drift.path,
        drift.column,
        drift.problem,
        drift.declared,
        drift.found,
        drift.statement,
      ]),
    )
  }
  if (detail === 'lint')
    return as(LINT_COLUMNS, async (_keeps, signal) =>
      (await sources.catalog.lint(table, signal)).map((found) => [
        found.finding,
        found.detail,
        BigInt(found.files),
        found.savedBytes === null ? null : BigInt(found.savedBytes),
        found.savedRequests === null ? null : BigInt(found.savedRequests),
        found.savedMs,
        found.statement,
      ]),
    )
  const properties = propertiesOf(table)
  return as(
    properties.map(([property]) => text(property)),
    async () => [properties.map(([, value]) => value)],
  )
}

const LINT_COLUMNS: readonly SystemTableColumn[] = [
  text('finding'),
  text('detail'),
  { name: 'files', type: BIGINT },
  { name: 'saved_bytes', type: BIGINT },
  { name: 'saved_requests', type: BIGINT },
  { name: 'saved_ms', type: DOUBLE },
  text('statement'),
]

function propertiesOf(table: Table): readonly (readonly [string, string])[] {
  const fixed = { format: table.format.toUpperCase(), external_location: table.location }
  const comment = table.comment === undefined ? {} : { comment: table.comment }
  return Object.entries({ ...fixed, ...comment, ...table.properties }).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Beside the keys, which are all that `*` shows: clients learn the names of the keys from it. */
const PARTITION_SIZES: readonly SystemTableColumn[] = [
  { name: '$file_count', type: BIGINT, hidden: true },
  { name: '$bytes', type: BIGINT, hidden: true },
  { name: '$partition', type: VARCHAR, hidden: true },
]
/** Beyond so many registered partitions their files are not listed: sizes are NULL. */
const MOST_LISTED = 10_000

/** Registered partitions that are empty are rows as well. */
async function partitionRows(table: Table, sources: SystemSources, signal: AbortSignal): Promise<readonly Row[]> {
  const { partitions } = await sources.catalog.knownPartitions(table, signal)
  const listed = partitions.length <= MOST_LISTED ? await sources.catalog.discover(table, signal) : undefined
  const sizes = new Map<string, { files: bigint; bytes: bigint }>()
  for (const { info, partition } of listed?.files ?? []) {
    const path = listed?.partitions[partition]?.path ?? ''
    const size = sizes.get(path) ?? { files: 0n, bytes: 0n }
    sizes.set(path, { files: size.files + 1n, bytes: size.bytes + BigInt(info.size) })
  }
  return partitions.map(({ path, values }) => {
    const size = listed === undefined ? undefined : (sizes.get(path) ?? { files: 0n, bytes: 0n })
    return [...table.partitionKeys.map((_key, level) => values[level] ?? null), size?.files ?? null, size?.bytes ?? null, path]
  })
}

const HIDDEN = ['$path', '$file_size', '$file_modified_time', '$partition'] as const
/** The hidden columns of a lake table, without the dollar; then what footers tell. */
const FILE_COLUMNS: readonly SystemTableColumn[] = [
  { name: 'path', type: VARCHAR },
  { name: 'file_size', type: BIGINT },
  { name: 'file_modified_time', type: timestampWithTimeZone(3) },
  { name: 'partition', type: VARCHAR },
  ...FOOTER_COLUMNS,
]

/** Footers are read only where something of them is wanted. */
async function fileRows(table: Table, sources: SystemSources, signal: AbortSignal, wanted: ReadonlySet<string>): Promise<readonly Row[]> {
  const discovery = await sources.catalog.discover(table, signal)
  const { partitions, files } = discovery
  const { bucket } = parseLocation(table.location)
  const footers = FOOTER_COLUMNS.some(({ name }) => wanted.has(name)) ? await sources.catalog.footers(table, files, signal) : []
  return files.map(({ info, partition }, index) => [
    ...HIDDEN.map((name) => hiddenValue(name, bucket, info, partitions[partition])),
    ...footerValues(footers[index]),
  ])
}
