/** Row groups that are too small, too large, or that nothing is known of. */
import type { ParquetFooter, RowGroup } from '#connectors/formats/parquet/footer'
import { COSTS, type Finding, formatSize, LIMITS, plural } from './finding.ts'
import type { LintedTable } from './lint-table.ts'
import { rewriteStatement } from './statements.ts'

/** Types whose chunks can have bounds. */
const BOUNDED: ReadonlySet<string> = new Set([
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'decimal',
  'date',
  'time',
  'timestamp',
  'varchar',
])

export function lintRowGroups({ table, footers }: Pick<LintedTable, 'table' | 'footers'>): readonly Finding[] {
  const known = footers.filter((footer) => footer !== undefined)
  if (known.length === 0) return []
  const statement = rewriteStatement(table)
  return [...tiny(known, statement), ...huge(known, statement), ...withoutBounds(known, statement)]
}

const bytesOf = ({ chunks }: RowGroup): number =>
  chunks.reduce((sum, { ranges }) => sum + ranges.reduce((all, { length }) => all + length, 0), 0)

const allBytes = (footers: readonly ParquetFooter[]): number =>
  footers.reduce((sum, { rowGroups }) => sum + rowGroups.reduce((all, group) => all + bytesOf(group), 0), 0)

/** Every query decodes the footer; chunks of a few rows compress badly, too. */
function tiny(footers: readonly ParquetFooter[], statement: string): readonly Finding[] {
  const files = footers.filter(
    (footer) => footer.rowGroups.length > 1 && allBytes([footer]) / footer.rowGroups.length < LIMITS.tinyRowGroupBytes,
  )
  if (files.length === 0) return []
  const groups = files.reduce((sum, { rowGroups }) => sum + rowGroups.length, 0)
  const bytes = allBytes(files)
  const wanted = files.reduce((sum, file) => sum + Math.max(1, Math.ceil(allBytes([file]) / LIMITS.goodRowGroupBytes)), 0)
  const footerBytes = files.reduce((sum, { footerSize }) => sum + footerSize, 0)
  const saved = Math.round(footerBytes * (1 - wanted / groups))
  if (saved < LIMITS.leastFooterBytes) return []
  return [
    {
      finding: 'tiny_row_groups',
      detail: `${plural(groups, 'row group')} of ${formatSize(bytes / groups)} on average in ${plural(files.length, 'file')}, which could be ${wanted.toLocaleString('en-US')}; their footers have ${formatSize(footerBytes)}`,
      files: files.length,
      savedBytes: saved,
      savedRequests: null,
      savedMs: saved / COSTS.bytesPerMs,
      statement,
    },
  ]
}

/** A predicate that wants a few rows reads whole row groups. */
function huge(footers: readonly ParquetFooter[], statement: string): readonly Finding[] {
  const files = footers.filter(({ rowGroups }) => rowGroups.some((group) => bytesOf(group) > LIMITS.hugeRowGroupBytes))
  const groups = files.flatMap(({ rowGroups }) => rowGroups.map(bytesOf)).filter((bytes) => bytes > LIMITS.hugeRowGroupBytes)
  const largest = groups.reduce((most, bytes) => Math.max(most, bytes), 0)
  if (groups.length === 0) return []
  const saved = largest - LIMITS.goodRowGroupBytes
  return [
    {
      finding: 'huge_row_groups',
      detail: `${plural(groups.length, 'row group')} of more than ${formatSize(LIMITS.hugeRowGroupBytes)}, the largest of ${formatSize(largest)}: the least that a query of one row reads`,
      files: files.length,
      savedBytes: saved,
      savedRequests: null,
      savedMs: saved / COSTS.bytesPerMs,
      statement,
    },
  ]
}

/** Nothing can be skipped by what is not known. */
function withoutBounds(footers: readonly ParquetFooter[], statement: string): readonly Finding[] {
  const columns = new Set<string>()
  let bytes = 0
  const files = footers.filter((footer) => {
    const bare = footer.rowGroups.filter((group) => {
      const missing = footer.columns.filter(({ type }, index) => type !== undefined && BOUNDED.has(type.kind) && !hasBounds(group, index))
      for (const { name } of missing) columns.add(name.toLowerCase())
      return missing.length > 0
    })
    bytes += bare.reduce((sum, group) => sum + bytesOf(group), 0)
    return bare.length > 0
  })
  if (files.length === 0) return []
  const names = [...columns].sort()
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  return [
    {
      finding: 'missing_statistics',
      detail: `no bounds of ${shown} in ${plural(files.length, 'file')}: predicates on them skip none of ${formatSize(bytes)}`,
      files: files.length,
      savedBytes: bytes,
      savedRequests: null,
      savedMs: bytes / COSTS.bytesPerMs,
      statement,
    },
  ]
}

/** A column of nothing but NULLs needs none. */
function hasBounds(group: RowGroup, column: number): boolean {
  const statistics = group.chunks[column]?.statistics
  if (statistics === undefined) return false
  return statistics.nullCount === group.rows || (statistics.min !== undefined && statistics.max !== undefined)
}
