/** Gathers what `weir lint` judges: footers, who wrote the files, drift. */
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { readFooter } from '#connectors/formats/parquet/read-footer'
import type { ObjectStore } from '#connectors/storage/object-store'
import { type FooterReader, findDrift } from '../drift.ts'
import type { Table } from '../model.ts'
import type { Discovery } from '../partitions/discovery.ts'
import type { Repair } from '../partitions/repair.ts'
import type { FreshStatistics } from '../statistics.ts'
import type { FileVersion } from '../store/write-store.ts'
import { bucketName } from '../writes/visible-store.ts'
import type { Finding } from './finding.ts'
import { lintTable } from './lint-table.ts'

/** Of larger tables so many footers are read, spread evenly over the files. */
const MOST_FOOTERS = 2000

export interface LintRequest {
  readonly table: Table
  readonly discovery: Discovery
  readonly repair: Repair | undefined
  readonly statistics: FreshStatistics | undefined
}

export interface LintSources {
  readonly store: ObjectStore
  readonly ownFiles: (files: readonly FileVersion[]) => Promise<readonly FileVersion[]>
}

/** Throws what listing and reading footers throw, but for files that are no Parquet: those are findings. */
export async function lint(
  { table, discovery, repair, statistics }: LintRequest,
  { store, ownFiles }: LintSources,
  signal: AbortSignal | undefined,
): Promise<readonly Finding[]> {
  const { files } = discovery
  const step = Math.max(1, Math.ceil(files.length / MOST_FOOTERS))
  const looked = table.format === 'parquet' ? files.filter((_, index) => index % step === 0) : []
  const footers = new Map<string, ParquetFooter>()
  const remember: FooterReader = async (from, info, at) => {
    const footer = await readFooter(from, info, at)
    footers.set(info.key, footer)
    return footer
  }
  const drift = looked.length === 0 ? [] : await findDrift(table, { ...discovery, files: looked }, store, signal, remember)
  const bucket = bucketName(store)
  const own = await ownFiles(files.map(({ info }) => ({ bucket, key: info.key, version: info.version })))
  const ownKeys = new Set(own.map(({ key }) => key))
  const findings = lintTable({
    table,
    discovery,
    footers: looked.map(({ info }) => footers.get(info.key)),
    isOwn: ({ info }) => ownKeys.has(info.key),
    drift,
    repair,
    stale: statistics?.table === undefined ? statistics?.stale : undefined,
  })
  if (step === 1) return findings
  const detail = `of ${files.length.toLocaleString('en-US')} files the footers of ${looked.length.toLocaleString('en-US')} were read: what is said of row groups, statistics and drift is of those`
  return [
    ...findings,
    { finding: 'sampled', detail, files: looked.length, savedBytes: null, savedRequests: null, savedMs: null, statement: null },
  ]
}
