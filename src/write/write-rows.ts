/**
 * A query's rows as files of a table. The rows are computed once, into the kernel's own files; the files of the table are
 * made of those piece by piece, and leave for the store while the next piece is made:
 *
 *   query ──kernel──▶ stored rows ──sorted by partition──▶ piece 1 ─▶ uploads
 *                                                          piece 2 ─▶ uploads …      at most two pieces on the disk
 */
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileVersion } from '#catalog/store/write-store'
import { writtenFileName } from '#catalog/writes/file-name'
import { bucketName } from '#catalog/writes/visible-store'
import type { Bucket, ObjectStore } from '#connectors/storage/object-store'
import type { Kernel } from '#src/kernel/kernel'
import type { RowsOfPartition, StoredColumns } from '#src/kernel/table-files'
import type { TableFiles } from './encoding.ts'
import { type StagedFile, stagedFiles, uploadFile } from './staging.ts'
import { partitionFolder, partitionName, type WriteTarget } from './target.ts'
import type { OpenWrite } from './write-transaction.ts'

export interface RowsToWrite {
  /** Files that the kernel has stored rows in, and how many each holds. */
  readonly stored: StoredColumns & { readonly rows: readonly number[] }
  readonly files: TableFiles
  /** The partitions' places are known once the partitions are. */
  readonly target: (partitions: readonly NamedPartition[]) => Promise<WriteTarget>
  readonly keys: readonly string[]
  /** Of this write alone; removed by its giver. */
  readonly folder: string
}

export interface NamedPartition {
  /** `dt=2024-01-01/h=5`, escaped as Hive does. */
  readonly name: string
  /** Texts of the keys. */
  readonly values: readonly (string | null)[]
}

export interface WrittenRows {
  readonly files: readonly (FileVersion & { readonly bytes: number })[]
  readonly partitions: readonly (NamedPartition & { readonly folder: string })[]
}

export interface WriteRowsDeps {
  readonly kernel: Pick<Kernel, 'partitionRows' | 'copyFiles'>
  readonly storeFor: (bucket: Bucket) => ObjectStore
}

/** Partitions of one piece, each of which the kernel keeps a file open for. */
const MOST_PARTITIONS = 64
/** Bytes of stored rows in one piece. */
const PIECE_BYTES = 512 * 1024 * 1024
const UPLOADS_AT_ONCE = 8

interface Piece {
  /** Partitions by number. */
  readonly first: number
  readonly last: number
  /** Some rows of a stored file. */
  readonly rows?: { readonly file: string; readonly first: number; readonly last: number }
  /** A single partition of more than one file. */
  readonly large: boolean
}

export async function writeRows(write: RowsToWrite, open: OpenWrite, deps: WriteRowsDeps, signal: AbortSignal): Promise<WrittenRows> {
  const { partitions, stored, pieces } = await divide(write, deps, signal)
  const names = partitions.map(({ values }) => partitionName(write.keys, values))
  const target = await write.target(partitions.map(({ values }, index) => ({ name: names[index] as string, values })))
  const folders = names.map((name) => partitionFolder(target, name))
  const files: (FileVersion & { bytes: number })[] = []
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  const isOrdered = write.files.order.length > 0
  let number = 0
  let sending: Promise<void> = Promise.resolve()
  const send = async (folder: string, piece: Piece, made: readonly StagedFile[]): Promise<void> => {
    const placed = made.map((file) => {
      const place = folders[file.partition ?? piece.first] as (typeof folders)[number]
      const store = deps.storeFor(place.bucket)
      return {
        file,
        store,
        bucket: bucketName(store),
        key: place.key + writtenFileName(open.transaction.id, ++number, write.files.extension),
      }
    })
    await open.record(placed.map(({ bucket, key }) => ({ bucket, key })))
    await forEach(placed, UPLOADS_AT_ONCE, async ({ file, store, bucket, key }) => {
      const { version } = await uploadFile(file, key, store, either)
      files.push({ bucket, key, version, bytes: file.bytes })
    })
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (const [index, piece] of pieces.entries()) {
      const folder = join(write.folder, `piece-${index}`)
      if (piece.large) await mkdir(folder, { recursive: true })
      await deps.kernel.copyFiles({
        stored,
        keys: write.keys.length,
        partitions: write.keys.length === 0 || isOrdered ? undefined : { first: piece.first, last: piece.last },
        rows: piece.rows,
        encoding: write.files.encoding,
        order: write.files.order,
        folder,
        fileBytes: piece.large && !isOrdered ? write.files.fileBytes : undefined,
        signal: either,
      })
      const made = await stagedFiles(folder)
      await sending
      sending = send(folder, piece, made)
      // Whoever waits for it next sees its failure; the kernel need not go on.
      sending.catch((error: unknown) => failure.abort(error))
    }
    await sending
  } catch (error) {
    failure.abort(error)
    await sending.catch(() => undefined)
    throw signal.aborted ? signal.reason : failure.signal.reason
  }
  return {
    files,
    partitions: partitions.map(({ values }, index) => {
      const place = folders[index] as (typeof folders)[number]
      return { name: names[index] as string, values, folder: `${bucketName(deps.storeFor(place.bucket))}/${place.key}` }
    }),
  }
}

async function divide(
  write: RowsToWrite,
  deps: WriteRowsDeps,
  signal: AbortSignal,
): Promise<{ readonly partitions: readonly RowsOfPartition[]; readonly stored: StoredColumns; readonly pieces: readonly Piece[] }> {
  const { stored, keys, files } = write
  const rows = stored.rows.reduce((sum, count) => sum + count, 0)
  if (rows === 0) return { partitions: [], stored: write.stored, pieces: [] }
  if (keys.length === 0 && files.order.length === 0) {
    return { partitions: [{ values: [], rows }], stored: write.stored, pieces: await windows(write.stored) }
  }
  const file = join(write.folder, 'sorted.parquet')
  const partitions = await deps.kernel.partitionRows({ stored: write.stored, keys: keys.length, order: files.order, file, signal })
  for (const path of write.stored.files) await rm(path, { force: true })
  const bytesPerRow = (await stat(file)).size / rows
  return {
    partitions,
    stored: { files: [file], columns: write.stored.columns },
    pieces:
      files.order.length > 0
        ? filesInOrder(file, partitions, bytesPerRow, files.fileBytes)
        : piecesOf(partitions, bytesPerRow, files.fileBytes),
  }
}

/** Stored files in parts of about PIECE_BYTES; the kernel passes over the row groups of the others. */
async function windows({ files, rows: counts }: RowsToWrite['stored']): Promise<readonly Piece[]> {
  const sized = await Promise.all(files.map(async (file, index) => ({ file, bytes: (await stat(file)).size, rows: counts[index] ?? 0 })))
  const total = sized.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total <= PIECE_BYTES) return [{ first: 0, last: 0, large: true }]
  return sized.flatMap(({ file, bytes, rows }) => {
    const size = Math.max(1, Math.ceil(rows / Math.max(1, Math.ceil(bytes / PIECE_BYTES))))
    return Array.from({ length: Math.ceil(rows / size) }, (_, index) => ({
      first: 0,
      last: 0,
      large: true,
      rows: { file, first: index * size, last: (index + 1) * size - 1 },
    }))
  })
}

/** Each file of a partition whose rows are in an order is a piece of its own: only then does the kernel keep the order. */
function filesInOrder(file: string, partitions: readonly RowsOfPartition[], bytesPerRow: number, fileBytes: number): readonly Piece[] {
  const most = Math.max(1, Math.floor(fileBytes / Math.max(1, bytesPerRow)))
  let before = 0
  return partitions.flatMap(({ rows }, partition) => {
    const start = before
    before += rows
    return Array.from({ length: Math.ceil(rows / most) }, (_, index) => {
      const first = start + index * most
      return { first: partition, last: partition, large: true, rows: { file, first, last: Math.min(first + most, before) - 1 } }
    })
  })
}

/** Neighbouring partitions together; one that gives several files alone. */
export function piecesOf(partitions: readonly RowsOfPartition[], bytesPerRow: number, fileBytes: number): readonly Piece[] {
  const pieces: Piece[] = []
  let first = 0
  let bytes = 0
  const close = (end: number): void => {
    if (end > first) pieces.push({ first, last: end - 1, large: false })
    first = end
    bytes = 0
  }
  for (const [index, { rows }] of partitions.entries()) {
    const own = rows * bytesPerRow
    if (own > fileBytes) {
      close(index)
      pieces.push({ first: index, last: index, large: true })
      first = index + 1
      continue
    }
    if (index - first === MOST_PARTITIONS || bytes + own > PIECE_BYTES) close(index)
    bytes += own
  }
  close(partitions.length)
  return pieces
}

async function forEach<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  let failed = false
  const run = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const item = items[next++] as T
      await work(item).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  }
  const runs = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, run))
  const broken = runs.find((one) => one.status === 'rejected')
  if (broken !== undefined) throw broken.reason
}
