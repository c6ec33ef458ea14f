/** `weir lint`: looks at a table's listing and footers, and says what makes queries of it slow, dear or wrong. */
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { fullName } from '../ddl.ts'
import type { Drift } from '../drift.ts'
import type { Table } from '../model.ts'
import type { DiscoveredFile, Discovery } from '../partitions/discovery.ts'
import type { Repair } from '../partitions/repair.ts'
import type { AnalyzedScope } from '../statistics.ts'
import { COSTS, type Finding, formatSize, LIMITS, plural, requestsTake } from './finding.ts'
import { lintRowGroups } from './lint-row-groups.ts'
import { optimizeStatement, rewriteStatement } from './statements.ts'

export interface LintedTable {
  readonly table: Table
  readonly discovery: Discovery
  /** Of the files whose footers were read; undefined: not Parquet, not looked at, or not readable. */
  readonly footers: readonly (ParquetFooter | undefined)[]
  /** Files that Weir wrote. */
  readonly isOwn: (file: DiscoveredFile) => boolean
  readonly drift: readonly Drift[]
  /** Of a table that registers its partitions. */
  readonly repair: Repair | undefined
  /** What ANALYZE counted of files that have changed since. */
  readonly stale: AnalyzedScope | undefined
}

/** In the order of what they cost: rows that are not seen, errors, then time. */
export function lintTable(linted: LintedTable): readonly Finding[] {
  const findings = [...unregistered(linted), ...drifted(linted), ...stray(linted)]
  const costly = [...smallFiles(linted), ...lintRowGroups(linted), ...overPartitioned(linted), ...largeGzip(linted)]
  return [...findings, ...costly.sort((a, b) => (b.savedMs ?? 0) - (a.savedMs ?? 0)), ...staleStatistics(linted)]
}

const nothingSaved = { savedBytes: null, savedRequests: null, savedMs: null }

function unregistered({ table, repair }: LintedTable): readonly Finding[] {
  const finding = (name: string, partitions: readonly string[], what: string, mode: string): readonly Finding[] =>
    partitions.length === 0
      ? []
      : [
          {
            finding: name,
            detail: `${plural(partitions.length, 'folder')} ${what}: ${partitions[0]}${partitions.length > 1 ? ', …' : ''}`,
            files: 0,
            ...nothingSaved,
            statement: `MSCK REPAIR TABLE ${fullName(table)} ${mode} PARTITIONS`,
          },
        ]
  return [
    ...finding('unregistered_partitions', repair?.missing ?? [], 'whose rows no query sees, for they are not registered', 'ADD'),
    ...finding('missing_partitions', repair?.gone ?? [], 'of registered partitions that are not there', 'DROP'),
  ]
}

const DRIFT_DETAILS: Readonly<Record<Drift['problem'], (drift: Drift) => string>> = {
  type: ({ column, declared, found }) => `queries of column '${column}' fail: it is ${found} in the files, ${declared} in the table`,
  unreadable: ({ found }) => `cannot be read: ${found}`,
  extra: ({ column, found }) => `column '${column}' (${found}) of the files is not in the table, and not read`,
  missing: ({ column }) => `column '${column}' of the table is not in the files, and reads as NULL`,
  widened: ({ column, declared, found }) => `column '${column}' is ${found} in the files and cast to ${declared}`,
}

/** One a column and kind, however many files it is in. What is widened costs nothing. */
function drifted({ drift }: LintedTable): readonly Finding[] {
  const told = drift.filter(({ problem }) => problem !== 'widened')
  const groups = Map.groupBy(told, ({ column, problem, found }) => JSON.stringify([column, problem, problem === 'unreadable' ? '' : found]))
  return [...groups.values()].flatMap((same): readonly Finding[] => {
    const [first] = same
    if (first === undefined) return []
    return [
      {
        finding: 'drift',
        detail: `${DRIFT_DETAILS[first.problem](first)} (${plural(same.length, 'file')}, such as ${first.path})`,
        files: same.length,
        ...nothingSaved,
        statement: first.statement,
      },
    ]
  })
}

/** What listing found that is no part of the table. */
const stray = ({ discovery, repair }: LintedTable): readonly Finding[] =>
  // Those of a table that registers its partitions speak of folders that are findings already.
  (repair === undefined ? discovery.hints : []).map((detail) => ({
    finding: 'not_read',
    detail,
    files: 0,
    ...nothingSaved,
    statement: null,
  }))

function smallFiles({ table, discovery, isOwn }: LintedTable): readonly Finding[] {
  const partitions = [...Map.groupBy(discovery.files, ({ partition }) => partition).values()]
  const several = partitions.filter((files) => {
    const small = files.filter(({ info }) => info.size < LIMITS.smallFileBytes)
    return small.length > 1 && wanted(small) < small.length
  })
  if (several.length === 0) return []
  const files = several.flat().filter(({ info }) => info.size < LIMITS.smallFileBytes)
  const saved = several.reduce((sum, own) => {
    const small = own.filter(({ info }) => info.size < LIMITS.smallFileBytes)
    return sum + small.length - wanted(small)
  }, 0)
  const requests = saved * (table.format === 'parquet' ? COSTS.requestsPerParquetFile : COSTS.requestsPerTextFile)
  const mean = files.reduce((sum, { info }) => sum + info.size, 0) / files.length
  const places = table.partitionKeys.length === 0 ? '' : ` in ${plural(several.length, 'partition')}`
  return [
    {
      finding: 'small_files',
      detail: `${plural(files.length, 'file')} of ${formatSize(mean)} on average${places}, which could be ${plural(files.length - saved, 'file')}`,
      files: files.length,
      savedBytes: null,
      savedRequests: requests,
      savedMs: requestsTake(requests),
      statement: compactStatement(table, several, partitions.length, discovery, isOwn),
    },
  ]
}

/** Files that so many bytes should be. */
const wanted = (files: readonly DiscoveredFile[]): number =>
  Math.max(1, Math.ceil(files.reduce((sum, { info }) => sum + info.size, 0) / LIMITS.targetFileBytes))

/** optimize takes only what Weir wrote, and no table whose folders wait for somebody's mark. */
function compactStatement(
  table: Table,
  several: readonly (readonly DiscoveredFile[])[],
  partitions: number,
  discovery: Discovery,
  isOwn: LintedTable['isOwn'],
): string {
  const isMarked = table.properties.visible_when !== undefined
  if (isMarked || !several.flat().every(isOwn)) return rewriteStatement(table)
  const valuesOf = (files: readonly DiscoveredFile[]) => discovery.partitions[files[0]?.partition ?? 0]?.values ?? []
  const named = several.length < partitions ? optimizeStatement(table, several.map(valuesOf)) : undefined
  return named ?? optimizeStatement(table, undefined) ?? rewriteStatement(table)
}

function overPartitioned({ table, discovery }: LintedTable): readonly Finding[] {
  const { files, partitions } = discovery
  const keys = table.partitionKeys.length
  const filled = new Set(files.map(({ partition }) => partition)).size
  const bytes = files.reduce((sum, { info }) => sum + info.size, 0)
  if (keys === 0 || filled < LIMITS.manyPartitions || bytes / filled >= LIMITS.smallPartitionBytes) return []
  // Without the last key the folders above hold everything.
  const above = new Set(partitions.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))).size
  const fewer = Math.max(above, Math.ceil(bytes / LIMITS.targetFileBytes))
  const requests =
    Math.max(0, files.length - fewer) * (table.format === 'parquet' ? COSTS.requestsPerParquetFile : COSTS.requestsPerTextFile)
  return [
    {
      finding: 'over_partitioned',
      detail: `${plural(filled, 'partition')} of ${formatSize(bytes / filled)} on average; without the key '${table.partitionKeys.at(-1)?.name}' there would be ${plural(above, 'partition')}`,
      files: files.length,
      savedBytes: null,
      savedRequests: requests,
      savedMs: requestsTake(requests),
      statement: rewriteStatement(table, keys - 1),
    },
  ]
}

/** One gunzip and one parser read such a file from its beginning to its end. */
function largeGzip({ table, discovery }: LintedTable): readonly Finding[] {
  if (table.format === 'parquet') return []
  const large = discovery.files.filter(({ info }) => /\.gz$/i.test(info.key) && info.size >= LIMITS.largeGzipBytes)
  if (large.length === 0) return []
  const sizes = large.map(({ info }) => info.size)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  // The cores share the files, but the largest keeps one of them busy to the end.
  const serial = Math.max(Math.max(...sizes), bytes / COSTS.cores) * COSTS.gzipRatio
  const shared = (bytes * COSTS.gzipRatio) / COSTS.cores
  return [
    {
      finding: 'unsplittable_gzip',
      detail: `${plural(large.length, 'gzip file')} of ${formatSize(bytes / large.length)} on average, each read by one core from its beginning, and whole even for one column`,
      files: large.length,
      savedBytes: null,
      savedRequests: null,
      savedMs: (serial - shared) / COSTS.gunzipBytesPerMs,
      statement: rewriteStatement(table),
    },
  ]
}

function staleStatistics({ table, stale }: LintedTable): readonly Finding[] {
  if (stale === undefined) return []
  return [
    {
      finding: 'stale_statistics',
      detail: `what ANALYZE counted at ${new Date(stale.analyzedAt).toISOString()} is of files or columns that have changed since, and not shown`,
      files: 0,
      ...nothingSaved,
      statement: `ANALYZE ${fullName(table)}`,
    },
  ]
}
