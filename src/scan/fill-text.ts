/** CSV and JSON objects: decompressed while they come in, one plain text file an object version. */
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { decompress } from '#connectors/formats/codec'
import { formatLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'
import { bufferPassed } from '#src/common/external-memory'
import { blocksOf } from './block-cache.ts'
import { type CachedUnit, objectOf } from './cached-unit.ts'
import { withDiskSpace } from './disk-full.ts'
import { PoisonedUnit, type ScanRun, waitForOther } from './scan-run.ts'

/** Disk space is asked for in steps while the size of the text is not known: as much again as there is, within these. */
const LEAST_STEP = 64 * 1024
const LARGEST_STEP = 16 * 1024 * 1024
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Makes the unit hold the object's text. Throws PoisonedUnit, store and disk errors, HIVE_BAD_DATA, HIVE_UNSUPPORTED_FORMAT. */
export async function fillText(run: ScanRun, unit: CachedUnit): Promise<void> {
  while (unit.busy !== undefined) await waitForOther(unit.busy, run.signal)
  if (unit.state === 'ready') {
    run.bytes.fromCache += unit.end
    return
  }
  if (unit.state === 'gone') throw new PoisonedUnit()
  unit.busy = unit.state === 'new' ? download(run, unit) : checkText(run, unit)
  try {
    await unit.busy
  } finally {
    unit.busy = undefined
  }
}

/** False when the file is not what was written. */
export async function isSoundText(unit: CachedUnit): Promise<boolean> {
  const bytes = await readFile(unit.path).catch(() => undefined)
  return bytes !== undefined && bytes.length === unit.end && crc32(bytes) === unit.crc
}

async function checkText(run: ScanRun, unit: CachedUnit): Promise<void> {
  if (!(await isSoundText(unit))) throw new PoisonedUnit()
  unit.state = 'ready'
  run.bytes.fromCache += unit.end
}

async function download(run: ScanRun, unit: CachedUnit): Promise<void> {
  const { key, version } = objectOf(unit.object)
  const location = formatLocation({ bucket: run.store.bucket, key })
  const source = counted(run, run.store.stream({ key, ifVersion: version, signal: run.signal }))
  await mkdir(dirname(unit.path), { recursive: true })
  await using file = await open(unit.path, 'w', 0o600)
  let size = 0
  let crc = 0
  try {
    for await (const bytes of withoutMark(decompress(source, location), location)) {
      reserveAhead(run, unit, size + bytes.length)
      const at = size
      await withDiskSpace(run.cache, bytes.length, async () => {
        for (let written = 0; written < bytes.length; )
          written += (await file.write(bytes, written, bytes.length - written, at + written)).bytesWritten
      })
      size += bytes.length
      crc = crc32(bytes, crc)
      bufferPassed(bytes.length)
    }
  } catch (error) {
    run.fail(error)
    throw error
  }
  run.cache.account(unit, (await file.stat()).blocks * 512, run.reservation)
  unit.end = size
  unit.crc = crc
  unit.state = 'ready'
  run.cache.record({ op: 'unit', id: unit.id, object: unit.object.key, unit: unit.name, end: size, crc })
}

function reserveAhead(run: ScanRun, unit: CachedUnit, size: number): void {
  if (size <= unit.bytes) return
  const step = blocksOf(Math.max(size - unit.bytes, Math.min(LARGEST_STEP, Math.max(LEAST_STEP, unit.bytes))))
  if (run.reservation.remaining < step) run.cache.extend(run.reservation, step - run.reservation.remaining)
  run.cache.account(unit, unit.bytes + step, run.reservation)
}

async function* counted(run: ScanRun, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    run.bytes.fromStore += bytes.length
    yield bytes
  }
}

/** UTF-8's mark is dropped; UTF-16 and UTF-32 are refused: read as UTF-8 they would be nonsense. */
async function* withoutMark(source: AsyncIterable<Uint8Array>, location: string): AsyncGenerator<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const bytes of source) {
    if (head === undefined) {
      yield bytes
      continue
    }
    head = Buffer.concat([head, bytes])
    if (head.length < BYTE_ORDER_MARK.length) continue
    yield head.subarray(markLength(head, location))
    head = undefined
  }
  if (head !== undefined && head.length > 0) yield head.subarray(markLength(head, location))
}

/** Length of the byte order mark that the text begins with. */
export function markLength(head: Uint8Array, location: string): number {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new QueryError('HIVE_UNSUPPORTED_FORMAT', `File ${location} is UTF-16, which is not supported`, { hint: 'Convert it to UTF-8.' })
  return BYTE_ORDER_MARK.equals(head.subarray(0, BYTE_ORDER_MARK.length)) ? BYTE_ORDER_MARK.length : 0
}
