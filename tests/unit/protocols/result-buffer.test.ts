/** Rows on their way to a client: in memory, then in the spool, then held back in the kernel. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { decompress } from 'lz4-wasm-nodejs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import type { KernelFrame } from '#src/kernel/kernel'
import { type Chunk, PAGE_BYTES, ResultBuffer, type Taken } from '#src/protocols/trino/result-buffer'
import { ResultSpool } from '#src/protocols/trino/result-spool'
import type { RowCoding } from '#src/protocols/trino/row-coding'

const root = mkdtempSync(join(tmpdir(), 'weir-buffer-'))
let spool: ResultSpool
let full: ResultSpool
beforeAll(async () => {
  spool = await ResultSpool.open({ root, budgetBytes: 1e9 })
  full = await ResultSpool.open({ root, budgetBytes: 0 })
})
afterEach(() => spool.removeStatement('q'))
afterAll(async () => {
  await spool.close()
  await full.close()
  rmSync(root, { recursive: true, force: true })
})

const frame = (rows: number, bytes = rows): KernelFrame => ({ rows, bytes: new Uint8Array(bytes) })

async function* framesOf(frames: readonly KernelFrame[], error?: Error): AsyncGenerator<KernelFrame> {
  yield* frames
  if (error !== undefined) throw error
}

const plain = (frames: AsyncIterable<KernelFrame>, where = spool) =>
  new ResultBuffer(frames, { statement: 'q', spool: where, coding: undefined })
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const rowsOf = ({ chunks }: Taken): readonly number[] => chunks.map(({ rows }) => rows)

/** Gives megabytes as fast as they are taken and counts them. */
function megabytes(count: number): { readonly given: () => number; readonly frames: AsyncGenerator<KernelFrame> } {
  let given = 0
  async function* many(): AsyncGenerator<KernelFrame> {
    while (given < count) {
      given++
      yield frame(1, PAGE_BYTES)
    }
  }
  return { given: () => given, frames: many() }
}

describe('rows as they are', () => {
  it('small frames and the end are one page', async () => {
    const page = await plain(framesOf([frame(1), frame(2), frame(3)])).take(1000)
    expect(rowsOf(page)).toEqual([1, 2, 3])
    expect(page.chunks.map(({ offset }) => offset)).toEqual([0, 1, 3])
    expect(page.ended).toBe(true)
  })

  it('rows that came before a failure are given first, then the failure', async () => {
    const error = new QueryError('DIVISION_BY_ZERO', 'Division by zero')
    const buffer = plain(framesOf([frame(1)], error))
    const first = await buffer.take(1000)
    expect([first.chunks.length, first.ended, first.error]).toEqual([1, false, undefined])
    expect(await buffer.take(1000)).toEqual({ chunks: [], ended: true, error })
  })

  it('wait no longer than they may', async () => {
    async function* never(): AsyncGenerator<KernelFrame> {
      await new Promise(() => undefined)
      yield frame(1)
    }
    expect(await plain(never()).take(50)).toEqual({ chunks: [], ended: false, error: undefined })
  })

  it('a page ends at about a megabyte; for a client that keeps asking, little is read ahead and nothing goes to the disk', async () => {
    const { given, frames } = megabytes(100)
    const buffer = plain(frames)
    expect((await buffer.take(1000)).chunks).toHaveLength(1)
    await sleep(100)
    expect(given()).toBeLessThanOrEqual(5)
    expect(spool.usedBytes).toBe(0)
    await buffer.leave()
  })

  it('go to the spool when the client pauses, so that the query can end, and come back in order', async () => {
    async function* numbered(): AsyncGenerator<KernelFrame> {
      for (let n = 0; n < 20; n++) yield { rows: 1, bytes: Buffer.alloc(PAGE_BYTES, n) }
    }
    const buffer = plain(numbered())
    await expect.poll(() => spool.usedBytes).toBe(18 * PAGE_BYTES)
    const seen: number[] = []
    for (let ended = false; !ended; ) {
      const taken = await buffer.take(1000)
      for (const { content } of taken.chunks) {
        const bytes = content.kind === 'memory' ? content.bytes : readFileSync(content.segment.path)
        seen.push(bytes[0] as number)
        if (content.kind === 'file') spool.remove(content.segment)
      }
      ended = taken.ended
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(spool.usedBytes).toBe(0)
  })

  it('are held back when the spool has no room, and all come when the client asks', async () => {
    const { given, frames } = megabytes(12)
    const buffer = plain(frames, full)
    await sleep(1500)
    expect(given()).toBeLessThanOrEqual(3)
    let rows = 0
    for (let ended = false; !ended; ) {
      const taken = await buffer.take(5000)
      rows += taken.chunks.length
      ended = taken.ended
    }
    expect(rows).toBe(12)
  })

  it('leaving drops what waits in the spool', async () => {
    const buffer = plain(megabytes(10).frames)
    await expect.poll(() => spool.usedBytes).toBe(8 * PAGE_BYTES)
    await buffer.leave()
    // The last file may still be in the writing.
    await expect.poll(() => spool.usedBytes).toBe(0)
  })
})

describe('coded rows', () => {
  const text = (from: number, count: number): string =>
    Array.from({ length: count }, (_, n) => `[${from + n},"name ${(from + n) % 97}"]`).join(',\n')
  const textFrames = (frames: number, rows: number): KernelFrame[] =>
    Array.from({ length: frames }, (_, n) => ({ rows, bytes: Buffer.from(text(n * rows, rows)) }))

  function decoded({ content, uncompressedSize, size }: Chunk, coding: RowCoding): unknown[] {
    const bytes = Buffer.from(content.kind === 'memory' ? content.bytes : readFileSync(content.segment.path))
    expect(bytes.length).toBe(size)
    if (uncompressedSize === undefined) return JSON.parse(bytes.toString())
    const length = Buffer.alloc(4)
    length.writeUInt32LE(uncompressedSize)
    const plainBytes = coding === 'json+zstd' ? zstdDecompressSync(bytes) : Buffer.from(decompress(Buffer.concat([length, bytes])))
    expect(plainBytes.length).toBe(uncompressedSize)
    return JSON.parse(plainBytes.toString())
  }

  it.each(['json', 'json+zstd', 'json+lz4'] as const)('%s: all rows in order, inline and in files', async (coding) => {
    const buffer = new ResultBuffer(framesOf(textFrames(40, 40_000)), { statement: 'q', spool, coding })
    const chunks: Chunk[] = []
    for (let ended = false; !ended; ) {
      const taken = await buffer.take(5000)
      chunks.push(...taken.chunks)
      ended = taken.ended
    }
    expect(chunks.some(({ content }) => content.kind === 'file')).toBe(true)
    let next = 0
    for (const chunk of chunks) {
      expect(chunk.offset).toBe(next)
      const rows = decoded(chunk, coding)
      expect(rows.length).toBe(chunk.rows)
      expect(rows[0]).toEqual([next, `name ${next % 97}`])
      next += chunk.rows
    }
    expect(next).toBe(1_600_000)
  })

  it('few rows are inline and not compressed', async () => {
    const { chunks, ended } = await new ResultBuffer(framesOf(textFrames(1, 3)), { statement: 'q', spool, coding: 'json+zstd' }).take(1000)
    expect(ended).toBe(true)
    expect(chunks.map(({ uncompressedSize, content }) => [uncompressedSize, content.kind])).toEqual([[undefined, 'memory']])
    expect(decoded(chunks[0] as Chunk, 'json+zstd')).toEqual([
      [0, 'name 0'],
      [1, 'name 1'],
      [2, 'name 2'],
    ])
  })

  it('without room on the disk all rows are inline', async () => {
    const buffer = new ResultBuffer(framesOf(textFrames(10, 40_000)), { statement: 'q', spool: full, coding: 'json' })
    let next = 0
    for (let ended = false; !ended; ) {
      const taken = await buffer.take(5000)
      for (const chunk of taken.chunks) {
        expect([chunk.content.kind, chunk.offset]).toEqual(['memory', next])
        next += decoded(chunk, 'json').length
      }
      ended = taken.ended
    }
    expect(next).toBe(400_000)
  })

  it('rows before a failure come first', async () => {
    const error = new QueryError('DIVISION_BY_ZERO', 'Division by zero')
    const buffer = new ResultBuffer(framesOf(textFrames(1, 3), error), { statement: 'q', spool, coding: 'json+zstd' })
    expect(rowsOf(await buffer.take(1000))).toEqual([3])
    expect(await buffer.take(1000)).toEqual({ chunks: [], ended: true, error })
  })
})
