import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { QueryError } from '#src/common/errors'
import { ResultSpool } from '#src/protocols/trino/result-spool'
import { StatementRegistry } from '#src/protocols/trino/statement-registry'
import type { RunningQuery } from '#src/query/query'

const root = mkdtempSync(join(tmpdir(), 'weir-statement-'))
const spool = await ResultSpool.open({ root, budgetBytes: 1e6 })
afterAll(async () => {
  await spool.close()
  rmSync(root, { recursive: true, force: true })
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
      coding: undefined,
      spool,
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
      coding: undefined,
      spool,
      query: new Promise<RunningQuery>(() => undefined),
      info: () => undefined,
      abort: (why) => {
        reason = why
      },
    })
    expect(() => registry.checkRoom()).toThrow('Too many queries')
    expect(registry.find('q1')).toBeDefined()
    await spool.store('q1', new Uint8Array(10))
    expect(spool.usedBytes).toBe(10)
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(reason?.errorName).toBe('ABANDONED_QUERY')
    expect(spool.usedBytes).toBe(0)
    expect(registry.find('q1')).toBeUndefined()
    expect(() => registry.checkRoom()).not.toThrow()
    registry.close()
  })
})
