/** What a scan takes of the cache, known before anything is read. */
import { stat } from 'node:fs/promises'
import type { ObjectStore } from '#connectors/storage/object-store'
import type { FileScan, ScanPlan } from '#src/physical/plan'
import { blocksOf } from './block-cache.ts'
import { unitsOf } from './parquet-units.ts'

/** Compressed text is kept decompressed; logs and exports of tables shrink four to ten times by gzip. */
const TEXT_GROWS = 8

/** Bytes that a file takes of the cache where nothing of it is there: of Parquet an upper bound, of compressed text a guess. */
export function neededBytes(file: FileScan): number {
  const { parquet } = file
  if (parquet === undefined) return file.info.size * (isCompressed(file) ? TEXT_GROWS : 1)
  return unitsOf(parquet).reduce((sum, { ranges }) => sum + unitSpace(parquet.footer.footerSize) + rangeSpace(ranges), 0)
}

/** Disk space of a unit beside its chunks: the footer, and the blocks before and behind. */
export const unitSpace = (footerSize: number): number => blocksOf(footerSize) + 2 * blocksOf(1)

/** Disk space of chunks, in whole blocks. */
export const rangeSpace = (ranges: readonly { readonly length: number }[]): number =>
  ranges.reduce((sum, { length }) => sum + blocksOf(length) + blocksOf(1), 0)

const isCompressed = ({ info }: FileScan): boolean => /\.(gz|zst|zstd)$/i.test(info.key)

/** Bytes of the cache that the scan holds while the kernel reads; whole files of the cache's own device are linked and need none. */
export async function cacheNeed({ files }: ScanPlan, store: ObjectStore, folder: string): Promise<number> {
  const [first] = files
  if (first === undefined) return 0
  const linked = await onSameDevice(store.localPath?.(first.info.key), folder)
  return files.reduce((sum, file) => sum + (linked && isWhole(file) ? 0 : neededBytes(file)), 0)
}

async function onSameDevice(path: string | undefined, folder: string): Promise<boolean> {
  if (path === undefined) return false
  const [file, cache] = await Promise.all([path, folder].map((at) => stat(at).catch(() => undefined)))
  return file !== undefined && file.dev === cache?.dev
}

/** Parquet with all its row groups, and text as it is. */
const isWhole = (file: FileScan): boolean =>
  file.parquet === undefined ? !isCompressed(file) : file.parquet.rowGroups.length === file.parquet.footer.rowGroups.length
