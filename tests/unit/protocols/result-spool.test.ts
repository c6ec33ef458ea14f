/** Segments of results on disk: found by their names only, bounded, and gone when nobody wants them any more. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ResultSpool, type Segment } from '#src/protocols/trino/result-spool'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'weir-spool-'))
  closing.push(() => rmSync(root, { recursive: true, force: true }))
  return root
}

async function openSpool(options: { readonly root?: string; readonly budgetBytes?: number; readonly expiryMs?: number } = {}) {
  const spool = await ResultSpool.open({ root: options.root ?? newRoot(), budgetBytes: 1000, ...options })
  closing.push(() => spool.close())
  return spool
}

const bytes = (size: number): Uint8Array => new Uint8Array(size).fill(7)

describe('ResultSpool', () => {
  it('keeps bytes in a file until the segment is removed', async () => {
    const spool = await openSpool()
    const segment = (await spool.store('q1', Buffer.from('[[1]]'))) as Segment
    expect(segment.id).toMatch(/^[0-9a-f]{48}$/)
    expect(spool.find(segment.id)).toEqual(segment)
    expect(readFileSync(segment.path, 'utf8')).toBe('[[1]]')
    expect(spool.usedBytes).toBe(5)
    spool.remove(segment)
    spool.remove(segment)
    expect(spool.find(segment.id)).toBeUndefined()
    expect(spool.usedBytes).toBe(0)
    await expect.poll(() => existsSync(segment.path)).toBe(false)
  })

  it('has room for so many bytes, and for a quarter of them of one statement', async () => {
    const spool = await openSpool({ budgetBytes: 400 })
    expect(await spool.store('q1', bytes(60))).toBeDefined()
    expect(await spool.store('q1', bytes(41))).toBeUndefined()
    expect(await spool.store('q1', bytes(40))).toBeDefined()
    for (const statement of ['q2', 'q3', 'q4']) expect(await spool.store(statement, bytes(100))).toBeDefined()
    expect(await spool.store('q5', bytes(1))).toBeUndefined()
    spool.removeStatement('q3')
    expect(spool.usedBytes).toBe(300)
    expect(await spool.store('q5', bytes(100))).toBeDefined()
  })

  it('forgets what is over its time', async () => {
    const spool = await openSpool({ expiryMs: 1000 })
    const segment = (await spool.store('q1', bytes(10))) as Segment
    expect(spool.find(segment.id)).toBeDefined()
    await expect.poll(() => spool.find(segment.id)).toBeUndefined()
    await expect.poll(() => spool.usedBytes).toBe(0)
    await expect.poll(() => existsSync(segment.path)).toBe(false)
  })

  it('keeps the segments of a statement that failed for a grace, those of others as long as before', async () => {
    const spool = await openSpool()
    const failed = (await spool.store('q1', bytes(10))) as Segment
    const other = (await spool.store('q2', bytes(10))) as Segment
    spool.removeStatement('q1', 1000)
    expect(spool.find(failed.id)).toBeDefined()
    await expect.poll(() => spool.find(failed.id)).toBeUndefined()
    expect(spool.find(other.id)).toBeDefined()
  })

  it('removes at start what a process that died has left, not what a living one has', async () => {
    const root = newRoot()
    const living = await openSpool({ root })
    const kept = (await living.store('q1', bytes(10))) as Segment
    mkdirSync(join(root, '999999-dead'))
    writeFileSync(join(root, '999999-dead', 'segment'), 'rows')
    const second = await openSpool({ root })
    expect(existsSync(join(root, '999999-dead'))).toBe(false)
    expect(readFileSync(kept.path)).toHaveLength(10)
    await second.close()
    await living.close()
    expect(readdirSync(root)).toEqual([])
  })

  it('stores nothing any more when it is closed', async () => {
    const spool = await openSpool()
    await spool.close()
    expect(await spool.store('q1', bytes(1))).toBeUndefined()
  })
})
