import { describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import type { KernelFrame } from '#src/kernel/kernel'
import { FrameReader, PAGE_BYTES } from '#src/protocols/trino/pages'
import { StatementRegistry } from '#src/protocols/trino/statement-registry'
import type { RunningQuery } from '#src/query/query'

const frame = (rows: number, bytes = rows): KernelFrame => ({ rows, bytes: new Uint8Array(bytes) })

async function* framesOf(frames: readonly KernelFrame[], error?: Error): AsyncGenerator<KernelFrame> {
  yield* frames
  if (error !== undefined) throw error
}

describe('FrameReader', () => {
  it('gathers small frames and the end into one page', async () => {
    const reader = new FrameReader(framesOf([frame(1), frame(2), frame(3)]))
    const page = await reader.gather(1000)
    expect(page.frames.map(({ rows }) => rows)).toEqual([1, 2, 3])
    expect(page.ended).toBe(true)
  })

  it('gives rows that came before a failure first, then the failure', async () => {
    const error = new QueryError('DIVISION_BY_ZERO', 'Division by zero')
    const reader = new FrameReader(framesOf([frame(1)], error))
    const first = await reader.gather(1000)
    expect([first.frames.length, first.ended, first.error]).toEqual([1, false, undefined])
    expect(await reader.gather(1000)).toEqual({ frames: [], ended: true, error })
  })

  it('a page ends at about a megabyte, and no more than one frame is read ahead', async () => {
    let given = 0
    async function* many(): AsyncGenerator<KernelFrame> {
      for (; given < 100; ) {
        given++
        yield frame(1, PAGE_BYTES)
      }
    }
    const reader = new FrameReader(many())
    expect((await reader.gather(1000)).frames).toHaveLength(1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(given).toBe(2)
  })

  it('waits no longer than it may', async () => {
    async function* never(): AsyncGenerator<KernelFrame> {
      await new Promise((resolve) => setTimeout(resolve, 5000).unref())
      yield frame(1)
    }
    const started = performance.now()
    expect(await new FrameReader(never()).gather(50)).toEqual({ frames: [], ended: false, error: undefined })
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('StatementRegistry', () => {
  it('what a client has canceled takes no place', () => {
    const registry = new StatementRegistry({ idleMs: 60_000, maxUnfinished: 1, keptBytes: 100 })
    const query = new Promise<RunningQuery>(() => undefined)
    const statement = registry.add({
      id: 'q1',
      slug: 'x1',
      sql: 'SELECT 1',
      parametricDatetime: true,
      query,
      info: () => undefined,
      abort: () => undefined,
    })
    expect(() => registry.checkRoom()).toThrow('Too many queries')
    statement.cancel()
    expect(() => registry.checkRoom()).not.toThrow()
    registry.close()
  })

  it('ends and forgets what no client asks for', async () => {
    const registry = new StatementRegistry({ idleMs: 40, maxUnfinished: 1, keptBytes: 100 })
    let reason: QueryError | undefined
    registry.add({
      id: 'q1',
      slug: 'x1',
      sql: 'SELECT 1',
      parametricDatetime: true,
      query: new Promise<RunningQuery>(() => undefined),
      info: () => undefined,
      abort: (why) => {
        reason = why
      },
    })
    expect(() => registry.checkRoom()).toThrow('Too many queries')
    expect(registry.find('q1')).toBeDefined()
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(reason?.errorName).toBe('ABANDONED_QUERY')
    expect(registry.find('q1')).toBeUndefined()
    expect(() => registry.checkRoom()).not.toThrow()
    registry.close()
  })
})
