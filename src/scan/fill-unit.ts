/**
 * Makes a Parquet unit hold the chunks that a query needs: those on disk are checked (once after a restart), those of
 * other units of the same object are copied, those on their way to another query are waited for, the rest is fetched.
 * A chunk counts as present only when all of its pieces are written.
 */
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import type { ByteRange } from '#connectors/formats/parquet/footer'
import { coalesce, pieces, type Request } from '#connectors/formats/parquet/ranges'
import { type CachedUnit, objectOf, type StoredChunk } from './cached-unit.ts'
import { withDiskSpace } from './disk-full.ts'
import { ReadBuffers } from './read-buffers.ts'
import { allOrFirstError, PoisonedUnit, type ScanRun, waitForOther } from './scan-run.ts'

const MAGIC = Buffer.from('PAR1')

/** One for the process: the bytes that wait in it are idle whoever used them. */
const buffers = new ReadBuffers()

/** `needed`: whole chunk ranges. `footer`: the unit's, for a file that is not there yet. Throws PoisonedUnit, store and disk errors. */
export async function fillUnit(
  run: ScanRun,
  unit: CachedUnit,
  end: number,
  footer: () => Uint8Array,
  needed: readonly ByteRange[],
): Promise<void> {
  await prepareFile(run, unit, end, footer)
  let missing: readonly ByteRange[] = needed.filter((range) => !unit.chunks.get(range.start)?.trusted)
  for (const range of needed) if (unit.chunks.has(range.start)) run.bytes.fromCache += range.length
  if (missing.length === 0) return
  await using file = await openUnit(unit)
  await checkChunks(file, unit, missing)
  missing = missing.filter((range) => !unit.chunks.has(range.start))
  try {
    while (missing.length > 0) {
      run.signal.throwIfAborted()
      await fillRound(run, unit, file, missing)
      missing = missing.filter((range) => !unit.chunks.has(range.start))
    }
  } finally {
    // What was written before a failure stays, too.
    run.cache.account(unit, (await file.stat()).blocks * 512, run.reservation)
  }
}

/** Whether the unit's chunks need any work: a cached scan of 20,000 units must not await each. */
export function isFilled(unit: CachedUnit, needed: readonly ByteRange[]): boolean {
  return unit.state === 'ready' && needed.every((range) => unit.chunks.get(range.start)?.trusted === true)
}

/** Reads everything that the unit is said to hold and compares; false when it is not that. */
export async function isSound(unit: CachedUnit): Promise<boolean> {
  try {
    await using file = await openUnit(unit)
    for (const chunk of unit.chunks.values()) chunk.trusted = false
    await checkFooter(file, unit)
    await checkChunks(file, unit, [...unit.chunks.values()])
    return true
  } catch (error) {
    if (error instanceof PoisonedUnit) return false
    throw error
  }
}

async function prepareFile(run: ScanRun, unit: CachedUnit, end: number, footer: () => Uint8Array): Promise<void> {
  while (unit.busy !== undefined) await waitForOther(unit.busy, run.signal)
  if (unit.state === 'ready') return
  if (unit.state === 'gone') throw new PoisonedUnit()
  unit.busy = unit.state === 'new' ? makeFile(run, unit, end, footer()) : checkFile(unit)
  try {
    await unit.busy
  } finally {
    unit.busy = undefined
  }
}

async function makeFile(run: ScanRun, unit: CachedUnit, end: number, footer: Uint8Array): Promise<void> {
  await withDiskSpace(run.cache, footer.length, async () => {
    await mkdir(dirname(unit.path), { recursive: true })
    await using file = await open(unit.path, 'w', 0o600)
    await file.write(MAGIC, 0, MAGIC.length, 0)
    await file.write(footer, 0, footer.length, end)
    run.cache.account(unit, (await file.stat()).blocks * 512, run.reservation)
  })
  unit.end = end
  unit.crc = crc32(footer)
  unit.state = 'ready'
  run.cache.record({ op: 'unit', id: unit.id, object: unit.object.key, unit: unit.name, end, crc: unit.crc })
}

async function checkFile(unit: CachedUnit): Promise<void> {
  await using file = await openUnit(unit)
  await checkFooter(file, unit)
  unit.state = 'ready'
}

async function openUnit(unit: CachedUnit): Promise<FileHandle> {
  try {
    return await open(unit.path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new PoisonedUnit()
    throw error
  }
}

async function checkFooter(file: FileHandle, unit: CachedUnit): Promise<void> {
  const { size } = await file.stat()
  if (size <= unit.end) throw new PoisonedUnit()
  if (crc32(await readRange(file, unit.end, size - unit.end)) !== unit.crc) throw new PoisonedUnit()
}

/** Compares chunks that are on disk but were not written by this process. */
async function checkChunks(file: FileHandle, unit: CachedUnit, ranges: readonly ByteRange[]): Promise<void> {
  for (const range of ranges) {
    const chunk = unit.chunks.get(range.start)
    if (chunk === undefined || chunk.trusted) continue
    if (chunk.length !== range.length) throw new PoisonedUnit()
    for (const [index, piece] of pieces(chunk).entries())
      if (crc32(await readRange(file, piece.start, piece.length)) !== chunk.crcs[index]) throw new PoisonedUnit()
    chunk.trusted = true
  }
}

async function readRange(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled)
    if (bytesRead === 0) throw new PoisonedUnit()
    filled += bytesRead
  }
  return bytes
}

async function writeRange(run: ScanRun, file: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  await withDiskSpace(run.cache, bytes.length, async () => {
    for (let written = 0; written < bytes.length; )
      written += (await file.write(bytes, written, bytes.length - written, start + written)).bytesWritten
  })
}

/** Fetches what nobody else fetches, then takes over what others have brought meanwhile; what others failed at stays missing. */
async function fillRound(run: ScanRun, unit: CachedUnit, file: FileHandle, missing: readonly ByteRange[]): Promise<void> {
  const { flights } = unit.object
  const own: ByteRange[] = []
  const others: { readonly range: ByteRange; readonly source: Promise<CachedUnit> }[] = []
  for (const range of missing) {
    const sibling = siblingWith(unit, range)
    const flight = flights.get(range.start)
    if (sibling !== undefined) others.push({ range, source: Promise.resolve(sibling) })
    else if (flight !== undefined) others.push({ range, source: flight })
    else own.push(range)
  }
  await fetchChunks(run, unit, file, own)
  for (const { range, source } of others) {
    const from = await waitForOther(source, run.signal)
    if (from !== undefined && from !== unit && !unit.chunks.has(range.start)) await copyChunk(run, from, unit, file, range)
  }
}

function siblingWith(unit: CachedUnit, range: ByteRange): CachedUnit | undefined {
  for (const other of unit.object.units.values())
    if (other !== unit && other.state === 'ready' && other.chunks.get(range.start)?.length === range.length) return other
  return undefined
}

interface Pending {
  readonly range: ByteRange
  readonly crcs: number[]
  left: number
  readonly resolve: (unit: CachedUnit) => void
  readonly reject: (error: unknown) => void
}

async function fetchChunks(run: ScanRun, unit: CachedUnit, file: FileHandle, ranges: readonly ByteRange[]): Promise<void> {
  const pending = new Map<ByteRange, Pending>()
  const owners = new Map<ByteRange, { readonly chunk: Pending; readonly index: number }>()
  for (const range of ranges) {
    const { promise, resolve, reject } = Promise.withResolvers<CachedUnit>()
    promise.catch(() => {})
    const cut = pieces(range)
    const chunk: Pending = { range, crcs: new Array(cut.length), left: cut.length, resolve, reject }
    pending.set(range, chunk)
    unit.object.flights.set(range.start, promise)
    for (const [index, piece] of cut.entries()) owners.set(piece, { chunk, index })
  }
  const done: StoredChunk[] = []
  const take = async (request: Request) => {
    for (const { part, crc } of await fetchRequest(run, unit, file, request)) {
      const { chunk, index } = owners.get(part) as { chunk: Pending; index: number }
      chunk.crcs[index] = crc
      if (--chunk.left > 0) continue
      const { start, length } = chunk.range
      const stored: StoredChunk = { start, length, crcs: chunk.crcs, trusted: true }
      unit.chunks.set(start, stored)
      done.push(stored)
      unit.object.flights.delete(start)
      chunk.resolve(unit)
    }
  }
  try {
    await allOrFirstError(coalesce([...owners.keys()]).map(take))
  } finally {
    // One line a query and unit; before the error, for what has arrived is good.
    if (done.length > 0)
      run.cache.record({ op: 'chunks', id: unit.id, chunks: done.map(({ start, length, crcs }) => [start, length, crcs] as const) })
    for (const chunk of pending.values()) {
      if (chunk.left === 0) continue
      unit.object.flights.delete(chunk.range.start)
      chunk.reject(new Error('not fetched'))
    }
  }
}

async function fetchRequest(
  run: ScanRun,
  unit: CachedUnit,
  file: FileHandle,
  request: Request,
): Promise<{ readonly part: ByteRange; readonly crc: number }[]> {
  return run.requests
    .run(async () => {
      run.signal.throwIfAborted()
      const { key, version } = objectOf(unit.object)
      const range = { start: request.start, length: request.length }
      const { bytes } = await run.store.get({ key, range, ifVersion: version, signal: run.signal, allocate: buffers.take })
      run.bytes.fromStore += bytes.length
      const written: { part: ByteRange; crc: number }[] = []
      for (const part of request.parts) {
        const piece = bytes.subarray(part.start - request.start, part.start - request.start + part.length)
        await writeRange(run, file, piece, part.start)
        written.push({ part, crc: crc32(piece) })
      }
      buffers.give(bytes)
      return written
    })
    .catch((error: unknown) => {
      run.fail(error)
      throw error
    })
}

async function copyChunk(run: ScanRun, from: CachedUnit, unit: CachedUnit, file: FileHandle, range: ByteRange): Promise<void> {
  const chunk = from.chunks.get(range.start)
  if (chunk === undefined || chunk.length !== range.length) return
  from.pins++
  try {
    await using source = await openUnit(from)
    await checkChunks(source, from, [range])
    for (const piece of pieces(range)) await writeRange(run, file, await readRange(source, piece.start, piece.length), piece.start)
    run.bytes.fromCache += range.length
    unit.chunks.set(range.start, { start: range.start, length: range.length, crcs: chunk.crcs, trusted: true })
    run.cache.record({ op: 'chunks', id: unit.id, chunks: [[range.start, range.length, chunk.crcs]] })
  } catch (error) {
    if (!(error instanceof PoisonedUnit)) throw error
    run.cache.poison(from)
  } finally {
    run.cache.release(from)
  }
}
