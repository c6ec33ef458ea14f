import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { QueryError } from '#src/common/errors'
import { ResultSpool } from '#src/protocols/trino/result-spool'
import type { StatementSource } from '#src/protocols/trino/statement'
import { StatementRegistry } from '#src/protocols/trino/statement-registry'
import type { RunningQuery } from '#src/query/query'

const root = mkdtempSync(join(tmpdir(), 'weir-statement-'))
const spool = await ResultSpool.open({ root, budgetBytes: 1e6 })
afterAll(async () => {
  await spool.close()
  rmSync(root, { recursive: true, force: true })
})

const source = (user: string, id = 'q1', abort: (why: QueryError) => void = () => undefined): StatementSource => ({
  id,
  slug: 'x1',
  user,
  sql: 'SELECT 1',
  parametricDatetime: true,
  coding: undefined,
  spool,
  query: new Promise<RunningQuery>(() => undefined),
  info: () => undefined,
  abort,
})

describe('StatementRegistry', () => {
  it('what a client has canceled takes no place', () => {
    const registry = new StatementRegistry({ idleMs: 60_000, maxUnfinished: 1, keptBytes: 100 })
    const statement = registry.add(source('alice'))
    expect(() => registry.checkRoom('bob')).toThrow('Too many queries: the results of 1 have not been fetched')
    statement.cancel()
    expect(() => registry.checkRoom('bob')).not.toThrow()
    registry.close()
  })

  it('drains until clients have been told how their statements ended, and at once when it is closed', async () => {
    const registry = new StatementRegistry({ idleMs: 60_000, maxUnfinished: 16, keptBytes: 100 })
    const [told, left] = [registry.add(source('alice', 'q1')), registry.add(source('alice', 'q2'))]
    let drained = false
    const drain = registry.drain().then(() => {
      drained = true
    })
    told.cancel()
    expect(await told.page(1, 0, 'http://x')).toMatchObject({ headers: {} })
    expect([told.wanted, left.wanted, drained]).toEqual([false, true, false])
    registry.close()
    await drain
    expect(left.ended).toBe(true)
  })

  it('a drain ends what no client has asked for in the last 15 s', async () => {
    const registry = new StatementRegistry({ idleMs: 60_000, maxUnfinished: 16, keptBytes: 100 })
    const reasons: string[] = []
    registry.add(source('alice', 'q1', ({ errorName }) => reasons.push(errorName)))
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 15_001)
    await registry.drain()
    now.mockRestore()
    expect(reasons).toEqual(['SERVER_SHUTTING_DOWN'])
    registry.close()
  })

  it('a user who fetches nothing leaves places for others, and is told what to do', () => {
    const registry = new StatementRegistry({ idleMs: 60_000, maxUnfinished: 16, keptBytes: 100 })
    let count = 0
    const takeAll = (user: string): number => {
      for (let taken = 0; ; taken++) {
        try {
          registry.checkRoom(user)
        } catch (error) {
          expect(error).toMatchObject({
            errorName: 'QUERY_QUEUE_FULL',
            status: 503,
            message: `Too many queries of user ${user}: the results of ${taken} have not been fetched`,
            hint: 'Fetch results to their end, or cancel them by DELETE of their nextUri. Those that nobody asks for are ended after 60 s.',
          })
          return taken
        }
        registry.add(source(user, `q${count++}`))
      }
    }
    expect(['alice', 'bob', 'carol', 'dora'].map(takeAll)).toEqual([8, 4, 2, 1])
    // The last place is for somebody who holds none.
    expect(() => registry.checkRoom('alice')).toThrow('of user alice')
    expect(() => registry.checkRoom('eve')).not.toThrow()
    registry.find('q0')?.cancel()
    registry.find('q1')?.cancel()
    expect(() => registry.checkRoom('bob')).toThrow('of user bob')
    expect(() => registry.checkRoom('dora')).not.toThrow()
    registry.close()
  })

  it('ends and forgets what no client asks for', async () => {
    await spool.store('q1', new Uint8Array(10))
    expect(spool.usedBytes).toBe(10)
    const registry = new StatementRegistry({ idleMs: 40, maxUnfinished: 1, keptBytes: 100 })
    let reason: QueryError | undefined
    registry.add(
      source('alice', 'q1', (why) => {
        reason = why
      }),
    )
    expect(() => registry.checkRoom('alice')).toThrow('Too many queries')
    expect(registry.find('q1')).toBeDefined()
    await expect.poll(() => reason?.errorName).toBe('ABANDONED_QUERY')
    await expect.poll(() => spool.usedBytes).toBe(0)
    expect(registry.find('q1')).toBeUndefined()
    expect(() => registry.checkRoom('alice')).not.toThrow()
    registry.close()
  })
})
