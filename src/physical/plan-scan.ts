/**
 * One scan from table to bytes: partitions (while listing), files, footers, row groups, ranges. A file is planned as soon
 * as its footer has come; there is no barrier over all files.
 */
import type { Discovery, Partition } from '#catalog/partitions/discovery'
import { formatLocation, parseLocation } from '#connectors/storage/location'
import type { Bucket } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import type { Column, ColumnId, Expr } from '#src/logical/expression'
import type { Scan } from '#src/logical/plan'
import type { ColumnRanges } from '#src/logical/predicate-outcome'
import { rangeOfValue, type ValueRange } from '#src/logical/value-range'
import type { Value } from '#src/types/value'
import { tableName } from './column-mapping.ts'
import { forEachConcurrently } from './concurrent.ts'
import type { FileLister } from './file-lister.ts'
import type { FooterSource } from './footer-source.ts'
import { hiddenValue } from './hidden-columns.ts'
import { certainRows, firstCertainRows } from './limit-files.ts'
import type { ObjectParts } from './object-parts.ts'
import { keyColumns, partitionFilter, partitionPredicate } from './partition-filter.ts'
import type { FileScan, PlanTotals, ScanPlan, Skipped } from './plan.ts'
import { planParquetFile } from './plan-parquet-file.ts'
import type { PredicateEvaluator } from './predicate-evaluator.ts'
import { type EvaluationFailure, TuplePredicate, type TupleVerdict } from './tuple-predicate.ts'
import { ValueFilters } from './value-filters.ts'

export interface PlanningSources {
  readonly lister: FileLister
  readonly footers: FooterSource
  readonly evaluator: PredicateEvaluator
  /** Without it (nothing but footers may be read yet) no bloom filters and dictionaries are looked at. */
  readonly parts?: ObjectParts | undefined
}

/** Footers asked for at once by one scan; the stores' own limits lie below. */
const FOOTERS_IN_FLIGHT = 64

export interface PlannedFile {
  readonly scan: FileScan
  /** For each kept row group of a Parquet file: every row is sure to satisfy the scan's predicate. */
  readonly certain: readonly boolean[]
}

/** A scan's plan with what metadata-only answers and hints want to know beside it. */
export interface PlannedScan {
  readonly scan: Scan
  readonly plan: ScanPlan
  readonly files: readonly PlannedFile[]
  readonly constrainedKeys: readonly boolean[]
  readonly failures: readonly EvaluationFailure[]
  readonly discoveryHints: readonly string[]
}

interface Candidate {
  readonly info: Discovery['files'][number]['info']
  readonly partition: number
  readonly unsettled: readonly Expr[]
}

/** Files that are listed first when a LIMIT needs only some; each further round lists as many times more. */
const FIRST_FILES = 8
const MORE_FILES = 64

/**
 * Throws what listing and footers throw (QueryError), and the mismatches of column-mapping.ts. A LIMIT that every row counts
 * for stops the listing, too, as soon as the files that were found have rows enough.
 */
export async function planScan(scan: Scan, sources: PlanningSources, signal: AbortSignal): Promise<PlannedScan> {
  const { limit } = scan
  if (limit !== undefined && scan.table.format === 'parquet' && scan.predicate.length === 0) {
    for (let mostFiles = FIRST_FILES; mostFiles <= MOST_PARTIAL_FILES; mostFiles *= MORE_FILES) {
      const { planned, partial, listed } = await planListed(scan, sources, signal, mostFiles)
      if (!partial || planned.files.reduce((rows, file) => rows + certainRows(file), 0) >= limit) return planned
      // A page may have brought more than was asked for.
      while (mostFiles * MORE_FILES <= listed) mostFiles *= MORE_FILES
    }
  }
  return (await planListed(scan, sources, signal, undefined)).planned
}

const MOST_PARTIAL_FILES = 100_000

interface Listed {
  readonly planned: PlannedScan
  readonly partial: boolean
  /** Files that were found. */
  readonly listed: number
}

async function planListed(scan: Scan, sources: PlanningSources, signal: AbortSignal, mostFiles: number | undefined): Promise<Listed> {
  const { bucket } = parseLocation(scan.table.location)
  const onPartitions = partitionPredicate(scan, sources.evaluator, signal)
  requirePartitionFilter(scan, onPartitions)
  const discovery = await sources.lister.discover(scan.table, partitionFilter(scan, onPartitions), signal, mostFiles)
  const verdicts = await onPartitions.judge(discovery.partitions.map(({ values }) => values))

  const { candidates, failures } = await selectFiles(scan, discovery, verdicts, bucket, sources.evaluator, signal)
  const opened =
    scan.table.format === 'parquet' ? await openParquet(scan, discovery, candidates, bucket, sources, signal) : readWhole(candidates)
  const settled = candidates.every(({ unsettled }) => unsettled.length === 0)
  const planned: PlannedScan = {
    scan,
    plan: {
      id: scan.id,
      table: scan.table,
      format: scan.table.format,
      bucket,
      columns: scan.columns,
      partitions: discovery.partitions,
      files: opened.files.map((file) => file.scan),
      // Rows of files may only be counted against the limit where each of them passes.
      limit: settled ? scan.limit : undefined,
      ...measure(scan, discovery, verdicts, candidates, opened),
      method: discovery.method,
    },
    files: opened.files,
    constrainedKeys: onPartitions.constrained,
    failures: [...onPartitions.failures, ...failures],
    discoveryHints: discovery.hints,
  }
  return { planned, partial: discovery.partial ?? false, listed: discovery.files.length }
}

/** `require_partition_filter`: a scan without any predicate on a key is a mistake. Trino's error and words. */
function requirePartitionFilter({ table, at }: Scan, predicate: TuplePredicate): void {
  if (table.properties.require_partition_filter !== 'true' || table.partitionKeys.length === 0 || predicate.constrained.some(Boolean))
    return
  const keys = table.partitionKeys.map((key) => key.name).join(', ')
  throw new QueryError('QUERY_REJECTED', `Filter required on ${tableName(table)} for at least one of the partition columns: ${keys}`, {
    at,
  })
}

/** Files of kept partitions that the predicate on hidden columns (`"$path" LIKE '%part-0%'`) does not exclude. */
async function selectFiles(
  scan: Scan,
  discovery: Discovery,
  verdicts: readonly TupleVerdict[],
  bucket: Bucket,
  evaluator: PredicateEvaluator,
  signal: AbortSignal,
): Promise<{ candidates: readonly Candidate[]; failures: readonly EvaluationFailure[] }> {
  const files = discovery.files.filter(({ partition }) => verdicts[partition]?.keep ?? true)
  const hidden = scan.columns.flatMap(({ column, source }) => (source.kind === 'hidden' ? [{ column, name: source.name }] : []))
  if (hidden.length === 0 || scan.predicate.length === 0) {
    return {
      candidates: files.map(({ info, partition }) => ({ info, partition, unsettled: verdicts[partition]?.unsettled ?? [] })),
      failures: [],
    }
  }
  const columns: readonly Column[] = [...keyColumns(scan), ...hidden.map(({ column }) => column)]
  const onFiles = new TuplePredicate(columns, scan.predicate, evaluator, signal)
  const fileVerdicts = await onFiles.judge(
    files.map(({ info, partition }) => {
      const home = discovery.partitions[partition]
      return [...(home?.values ?? []), ...hidden.map(({ name }) => hiddenValue(name, bucket, info, home))]
    }),
  )
  const candidates = files.flatMap(({ info, partition }, place) => {
    const verdict = fileVerdicts[place]
    return verdict?.keep === false ? [] : [{ info, partition, unsettled: verdict?.unsettled ?? scan.predicate }]
  })
  return { candidates, failures: onFiles.failures }
}

interface FilteredCounts {
  readonly rowGroups: number
  readonly files: number
}
const NONE_FILTERED: FilteredCounts = { rowGroups: 0, files: 0 }

interface Opened {
  readonly files: readonly PlannedFile[]
  /** Row groups of the files whose footers were read. */
  readonly rowGroups: number
  readonly prunedRowGroups: number
  readonly prunedFiles: number
  /** By bloom filters and dictionaries, not counted above. */
  readonly byBloomFilter: FilteredCounts
  readonly byDictionary: FilteredCounts
  /** Files that the limit made unnecessary. */
  readonly beyondLimit: number
  readonly footersRead: number
}

function readWhole(candidates: readonly Candidate[]): Opened {
  const files = candidates.map(({ info, partition, unsettled }) => ({
    scan: { info, partition, parquet: undefined },
    certain: [unsettled.length === 0],
  }))
  return {
    files,
    rowGroups: 0,
    prunedRowGroups: 0,
    prunedFiles: 0,
    byBloomFilter: NONE_FILTERED,
    byDictionary: NONE_FILTERED,
    beyondLimit: 0,
    footersRead: 0,
  }
}

async function openParquet(
  scan: Scan,
  discovery: Discovery,
  candidates: readonly Candidate[],
  bucket: Bucket,
  sources: PlanningSources,
  signal: AbortSignal,
): Promise<Opened> {
  const planned: (PlannedFile | undefined)[] = candidates.map(() => undefined)
  const counts = { rowGroups: 0, pruned: 0, prunedFiles: 0, footersRead: 0 }
  const byBloomFilter = { rowGroups: 0, files: 0 }
  const byDictionary = { rowGroups: 0, files: 0 }
  const filters = sources.parts && new ValueFilters(scan, bucket, sources.parts)
  const open = async (place: number): Promise<void> => {
    const { info, partition, unsettled } = candidates[place] as Candidate
    const footer = await sources.footers.footer(bucket, info, signal)
    const known = fileRanges(scan, info, discovery.partitions[partition], bucket)
    const byBounds = planParquetFile(scan, footer, unsettled, known, formatLocation({ bucket, key: info.key }))
    const filtered = await filters?.prune(byBounds, info, unsettled, known, signal)
    const { parquet, certain } = filtered ?? byBounds
    planned[place] = { scan: { info, partition, parquet }, certain }
    counts.footersRead++
    counts.rowGroups += footer.rowGroups.length
    counts.pruned += footer.rowGroups.length - byBounds.certain.length
    byBloomFilter.rowGroups += filtered?.byBloomFilter ?? 0
    byDictionary.rowGroups += filtered?.byDictionary ?? 0
    if (byBounds.certain.length === 0) counts.prunedFiles++
    else if (certain.length === 0) (filtered?.byDictionary ? byDictionary : byBloomFilter).files++
  }
  const done = scan.limit === undefined ? undefined : limitReached(scan.limit, planned)
  await openInOrder(candidates.length, open, signal, done)

  const present = planned.filter((file) => file !== undefined)
  const files = present.filter((file) => file.certain.length > 0)
  const limited = (scan.limit === undefined ? undefined : firstCertainRows(files, scan.limit)) ?? files
  return {
    files: limited,
    rowGroups: counts.rowGroups,
    prunedRowGroups: counts.pruned,
    prunedFiles: counts.prunedFiles,
    byBloomFilter,
    byDictionary,
    beyondLimit: candidates.length - (present.length - files.length) - limited.length,
    footersRead: counts.footersRead,
  }
}

function limitReached(limit: number, planned: readonly (PlannedFile | undefined)[]): () => boolean {
  return () => planned.reduce((sum, file) => sum + (file === undefined ? 0 : certainRows(file)), 0) >= limit
}

/** With `done`, in rounds of 1, 2, 4 … files, so that a small limit opens few of them. */
async function openInOrder(
  count: number,
  open: (place: number) => Promise<void>,
  signal: AbortSignal,
  done?: () => boolean,
): Promise<void> {
  if (done === undefined) return forEachConcurrently(0, count, FOOTERS_IN_FLIGHT, open, signal)
  for (let start = 0, size = 1; start < count; start += size, size = Math.min(size * 2, FOOTERS_IN_FLIGHT)) {
    await forEachConcurrently(start, Math.min(start + size, count), FOOTERS_IN_FLIGHT, open, signal)
    if (done()) return
  }
}

/** Ranges of the columns that are the same for the whole file. */
function fileRanges(scan: Scan, info: Candidate['info'], partition: Partition | undefined, bucket: Bucket): ColumnRanges {
  const known = new Map<ColumnId, ValueRange>()
  for (const { column, source } of scan.columns) {
    if (source.kind === 'data') continue
    const at = scan.table.partitionKeys.findIndex((key) => key.name === source.name)
    const value: Value | undefined = source.kind === 'key' ? partition?.values[at] : hiddenValue(source.name, bucket, info, partition)
    if (value !== undefined) known.set(column.id, rangeOfValue(column.type, value))
  }
  return (id) => known.get(id)
}

function measure(
  scan: Scan,
  discovery: Discovery,
  verdicts: readonly TupleVerdict[],
  candidates: readonly Candidate[],
  opened: Opened,
): { readonly totals: PlanTotals; readonly skipped: readonly Skipped[] } {
  const partitions = verdicts.filter(({ keep }) => keep).length
  const inPartitions = discovery.files.filter(({ partition }) => verdicts[partition]?.keep ?? true).length
  const keptRowGroups = opened.files.reduce((sum, file) => sum + (file.scan.parquet?.rowGroups.length ?? 0), 0)
  const bytes = opened.files.reduce(
    (sum, { scan: { parquet, info } }) => sum + (parquet?.ranges.reduce((all, range) => all + range.length, 0) ?? info.size),
    0,
  )
  // Row groups are seen in footers only: unless every file of the table was opened, their number is not known.
  const allOpened = discovery.filesTotal !== undefined && (scan.table.format !== 'parquet' || opened.footersRead === discovery.filesTotal)
  const rows = (reason: string, what: Skipped['what'], count: number): readonly Skipped[] => (count > 0 ? [{ reason, what, count }] : [])
  return {
    totals: {
      partitions: { total: discovery.partitionsTotal ?? null, kept: partitions },
      files: { total: discovery.filesTotal ?? null, kept: opened.files.length },
      rowGroups: { total: allOpened ? opened.rowGroups : null, kept: keptRowGroups },
      bytes: { total: discovery.bytesTotal ?? null, kept: bytes },
      prefixesSkipped: discovery.prefixesSkipped,
    },
    skipped: [
      ...rows('partition predicate', 'partitions', (discovery.partitionsTotal ?? partitions) - partitions),
      ...rows('partition predicate', 'files', (discovery.filesTotal ?? inPartitions) - inPartitions),
      ...rows('file predicate', 'files', inPartitions - candidates.length),
      ...rows('statistics', 'files', opened.prunedFiles),
      ...rows('statistics', 'row groups', opened.prunedRowGroups),
      ...rows('bloom filter', 'files', opened.byBloomFilter.files),
      ...rows('bloom filter', 'row groups', opened.byBloomFilter.rowGroups),
      ...rows('dictionary', 'files', opened.byDictionary.files),
      ...rows('dictionary', 'row groups', opened.byDictionary.rowGroups),
      ...rows('limit', 'files', opened.beyondLimit),
      ...rows(
        'limit',
        'row groups',
        opened.rowGroups - opened.prunedRowGroups - opened.byBloomFilter.rowGroups - opened.byDictionary.rowGroups - keptRowGroups,
      ),
    ],
  }
}
