/**
 * Plans that only scan, filter, project and limit need not have all their bytes at once: they run in waves of files, so
 * that first rows come before the last bytes, LIMIT stops opening files, and no wave is larger than the cache bears.
 */

import type { LogicalPlan } from '#src/logical/plan'
import type { FileScan, PhysicalPlan, ScanPlan } from '#src/physical/plan'
import { withRowGroups } from '#src/physical/plan-parquet-file'
import { neededBytes } from '#src/scan/cache-need'

export interface WavePlan {
  readonly scan: ScanPlan
  /** Rows wanted in all; undefined = every row. */
  readonly limit: number | undefined
  /** The plan over these files, giving at most `limit` rows. */
  over(files: readonly FileScan[], limit: number | undefined): PhysicalPlan
}

/** Undefined when the plan needs all its input before its first row, or has none. */
export function wavePlan(plan: PhysicalPlan): WavePlan | undefined {
  if (plan.scans.size !== 1) return undefined
  const limit = plan.root.kind === 'limit' ? plan.root : undefined
  if (limit !== undefined && (limit.offset > 0 || limit.withTies)) return undefined
  if (!isRowByRow(limit?.input ?? plan.root)) return undefined
  const scan = [...plan.scans.values()][0] as ScanPlan
  return {
    scan,
    limit: limit?.count,
    over: (files, count) => ({
      ...plan,
      root: limit === undefined || count === undefined ? plan.root : { ...limit, count },
      scans: new Map([[scan.id, { ...scan, files }]]),
    }),
  }
}

/** Each output row comes of one row of the one scan. */
function isRowByRow(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'scan':
      return true
    case 'filter':
      return !hasSubquery(plan.predicate) && isRowByRow(plan.input)
    case 'project':
      return plan.assignments.every(({ value }) => !hasSubquery(value)) && isRowByRow(plan.input)
    case 'system-scan':
    case 'values':
    case 'aggregate':
    case 'window':
    case 'join':
    case 'set-operation':
    case 'sort':
    case 'limit':
    case 'sample':
    case 'unnest':
    case 'with':
    case 'cte-ref':
    case 'recursive-cte':
      return false
  }
}

const SUBQUERIES: ReadonlySet<string> = new Set(['scalar-subquery', 'exists', 'in-subquery', 'quantified'])

/** With one scan in the whole plan a subquery can only be over constants; it is not worth telling those apart. */
function hasSubquery(expr: unknown): boolean {
  if (Array.isArray(expr)) return expr.some(hasSubquery)
  if (expr === null || typeof expr !== 'object') return false
  const { kind } = expr as { readonly kind?: unknown }
  if (typeof kind === 'string' && SUBQUERIES.has(kind)) return true
  return Object.values(expr).some(hasSubquery)
}

/** A file of more than `most` bytes in parts of whole row groups; others, and text files, are one part. */
function parts(file: FileScan, most: number): readonly FileScan[] {
  const { parquet } = file
  if (parquet === undefined || neededBytes(file) <= most) return [file]
  const groups: number[][] = []
  let bytes = 0
  for (const rowGroup of parquet.rowGroups) {
    const size = neededBytes({ ...file, parquet: withRowGroups(parquet.footer, parquet.columnIndexes, [rowGroup]) })
    if (groups.length === 0 || bytes + size > most) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)?.push(rowGroup)
    bytes += size
  }
  return groups.map((rowGroups) => ({ ...file, parquet: withRowGroups(parquet.footer, parquet.columnIndexes, rowGroups) }))
}

/** Bytes of the largest piece that cannot be read in parts: a row group, or a file of text (at least its own size). */
export function largestPiece({ files }: ScanPlan): number {
  const pieces = files.flatMap((file) => (file.parquet === undefined ? file.info.size : parts(file, 0).map(neededBytes)))
  return pieces.reduce((largest, bytes) => Math.max(largest, bytes), 0)
}

/**
 * Files in order, in waves that grow from `first` bytes twofold up to `most`: a LIMIT that the first files satisfy reads
 * little, and a long scan soon has waves long enough to keep all connections busy. Every wave has a file at least, or a
 * row group of one that is larger than a wave.
 */
export function* waves(scan: ScanPlan, first: number, most: number): Generator<readonly FileScan[]> {
  let target = first
  let wave: FileScan[] = []
  let bytes = 0
  for (const file of scan.files.flatMap((whole) => parts(whole, most))) {
    const size = neededBytes(file)
    if (wave.length > 0 && bytes + size > target) {
      yield wave
      target = Math.min(target * 2, most)
      wave = []
      bytes = 0
    }
    wave.push(file)
    bytes += size
  }
  if (wave.length > 0) yield wave
}
