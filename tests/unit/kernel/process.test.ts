import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { bindFunction } from '#src/functions/bind'
import { columnRef, comparison, literal } from '#src/logical/build'
import type { Column } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { BIGINT, DATE, DOUBLE, decimal, INTEGER, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'
import { ids, type Lake, openLake } from '#tests/support/kernel-lake'

const never = () => new AbortController().signal

/** `rows` rows of one bigint column, without any file. */
function numbers(rows: number): LogicalPlan {
  const length = Math.ceil(Math.cbrt(rows))
  const side = (): LogicalPlan => {
    const column = ids.column('n', BIGINT)
    return { kind: 'values', columns: [column], rows: Array.from({ length }, (_, i) => [literal(BIGINT, BigInt(i))]) }
  }
  const cross = (left: LogicalPlan, right: LogicalPlan): LogicalPlan => ({
    kind: 'join',
    type: 'cross',
    left,
    right,
    condition: undefined,
    lateral: false,
  })
  return cross(cross(side(), side()), side())
}

/** A query that runs for minutes and gives one row. */
function endless(): LogicalPlan {
  const input = numbers(1e11)
  const total = bindFunction('sum', [BIGINT])
  if (total.kind === 'scalar') throw new TypeError('sum is an aggregate')
  const args = outputOf(input).slice(0, 1).map(columnRef)
  return {
    kind: 'aggregate',
    input,
    keys: [],
    groupingSets: [[]],
    groupings: [],
    aggregates: [{ column: ids.column('s', total.type), call: { function: total, args, distinct: false, filter: undefined, orderBy: [] } }],
  }
}

const one = (): LogicalPlan => ({ kind: 'values', columns: [ids.column('x', INTEGER)], rows: [[literal(INTEGER, 1n)]] })

/** Kernel processes that this test's process has started. */
function kernelPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('kernel/process/entry')
      } catch {
        return false
      }
    })
}

const residentMegabytes = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** Long enough for a reader that is only slow because the machine is. */
const STALL_MS = 4000

describe('the kernel process', () => {
  let lake: Lake
  const output: string[] = []
  beforeAll(async () => {
    lake = await openLake({ stallMs: STALL_MS, cancelMs: 60_000, onOutput: (text) => output.push(text) })
    await lake.kernel.ping(never())
  })
  afterAll(() => lake.close())

  it('ends a canceled query with its error, and answers the next', async () => {
    const controller = new AbortController()
    const root = endless()
    const result = await lake.kernel.execute(lake.query(root, [], { signal: controller.signal }))
    setTimeout(() => controller.abort(), 200)
    await expect(result.frames[Symbol.asyncIterator]().next()).rejects.toMatchObject({ errorName: 'USER_CANCELED' })
    const pids = kernelPids()
    expect(await lake.rows(one())).toEqual([[1]])
    expect(kernelPids()).toEqual(pids)
  })

  it('stops the query when the reader leaves', async () => {
    const result = await lake.kernel.execute(lake.query(numbers(1e9), []))
    const pids = kernelPids()
    for await (const frame of result.frames) {
      expect(frame.rows).toBeGreaterThan(0)
      break
    }
    const [pid] = pids as [number]
    const busy = () => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[13])
    const usedInASecond = async (): Promise<number> => {
      const before = busy()
      await sleep(1000)
      return busy() - before
    }
    // Ticks of 10 ms: a query that goes on would use 100 a core.
    await expect.poll(usedInASecond).toBeLessThan(5)
    expect(kernelPids()).toEqual(pids)
  })

  it('ends a query whose reader takes nothing for the stall time', async () => {
    const result = await lake.kernel.execute(lake.query(numbers(1e8), []))
    const frames = result.frames[Symbol.asyncIterator]()
    await frames.next()
    await sleep(STALL_MS + 1000)
    await expect(frames.next()).rejects.toMatchObject({
      errorName: 'ABANDONED_QUERY',
      message: 'Query was ended because the client did not read for 4 s',
    })
  })

  it('runs queries side by side', async () => {
    const slow = await lake.kernel.execute(lake.query(endless(), []))
    const pending = slow.frames[Symbol.asyncIterator]()
    const first = pending.next().catch((error: unknown) => error)
    const answers = await Promise.all(Array.from({ length: 8 }, () => lake.rows(one())))
    expect(answers).toEqual(Array.from({ length: 8 }, () => [[1]]))
    await pending.return?.()
    expect(await first).toMatchObject({ errorName: 'USER_CANCELED' })
  })

  it('holds the kernel back while its reader is slow, and stays small', async () => {
    const result = await lake.kernel.execute(lake.query(numbers(5e6), []))
    const [pid] = kernelPids() as [number]
    let rows = 0
    let largest = 0
    let frames = 0
    for await (const frame of result.frames) {
      rows += frame.rows
      if (++frames % 8 === 0) {
        await sleep(20)
        largest = Math.max(largest, residentMegabytes(pid))
      }
    }
    expect(rows).toBe(171 ** 3)
    expect(largest).toBeGreaterThan(20)
    expect(largest).toBeLessThan(450)
  })

  it('is started again when it is killed; running queries fail as retryable, the next works', async () => {
    const result = await lake.kernel.execute(lake.query(endless(), []))
    const failed = result.frames[Symbol.asyncIterator]().next()
    await sleep(100)
    const pids = kernelPids()
    expect(pids).toHaveLength(1)
    process.kill(pids[0] as number, 'SIGKILL')
    await expect(failed).rejects.toMatchObject({
      errorName: 'KERNEL_LOST',
      retryable: true,
      message: 'The execution kernel was restarted; send the query again',
    })
    expect(await lake.rows(one())).toEqual([[1]])
    expect(kernelPids()).not.toEqual(pids)
  })

  it('is killed and started again when a canceled query does not end in time', async () => {
    const impatient = await openLake({ cancelMs: 1 })
    try {
      const controller = new AbortController()
      const result = await impatient.kernel.execute(impatient.query(endless(), [], { signal: controller.signal }))
      const other = await impatient.kernel.execute(impatient.query(endless(), []))
      const [canceled, lost] = [result, other].map(({ frames }) =>
        frames[Symbol.asyncIterator]()
          .next()
          .catch((error: unknown) => error),
      )
      await sleep(200)
      controller.abort()
      expect(await canceled).toMatchObject({ errorName: 'USER_CANCELED' })
      expect(await lost).toMatchObject({ errorName: 'KERNEL_LOST', retryable: true })
      expect(await impatient.rows(one())).toEqual([[1]])
    } finally {
      await impatient.close()
    }
  })

  it('is started again when its socket is gone', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'weir-t-'))
    vi.stubEnv('TMPDIR', temporary)
    const cleaned = await openLake()
    try {
      expect(await cleaned.rows(one())).toEqual([[1]])
      const [folder] = readdirSync(temporary).filter((name) => name.startsWith('weir-k-'))
      rmSync(join(temporary, folder as string, 's'))
      expect(await cleaned.rows(one())).toEqual([[1]])
    } finally {
      await cleaned.close()
      vi.unstubAllEnvs()
      rmSync(temporary, { recursive: true, force: true })
    }
  })

  it('reads no file outside of its folders', async () => {
    const secret = join(tmpdir(), `weir-secret-${process.pid}.csv`)
    writeFileSync(secret, 'secret\n')
    for (const path of [secret, join(lake.folder, '..', `weir-secret-${process.pid}.csv`), '/etc/passwd']) {
      const { plan, prepared } = lake.scan({
        format: 'csv',
        csv: { delimiter: ',', quote: '"', escape: '"', nullText: '', skip: 0 },
        fileColumns: ['a'],
        columns: [{ name: 'a', type: VARCHAR }],
        files: [{ path }],
      })
      await expect(lake.rows(plan, [prepared])).rejects.toMatchObject({ name: 'QueryError' })
    }
    rmSync(secret)
  })

  it('never shows the kernel’s words or paths', async () => {
    const { plan, prepared } = lake.scan({ columns: [{ name: 'a', type: BIGINT }], files: [{ path: join(lake.folder, 'gone.parquet') }] })
    const error = (await lake.rows(plan, [prepared]).catch((thrown: unknown) => thrown)) as Error
    expect(error.name).toBe('QueryError')
    expect(error.message).not.toContain(lake.folder)
    expect(error.message).not.toMatch(/duckdb|IO Error|No files found/i)
  })

  const evaluate = (columns: readonly Column[], rows: readonly (readonly Value[])[], index: number, value: Value) =>
    lake.kernel.evaluate(
      comparison('=', columnRef(columns[index] as Column), literal((columns[index] as Column).type, value)),
      columns,
      rows,
      never(),
    )

  it('evaluates predicates over tuples of every key type, NULL being false', async () => {
    const columns = [ids.column('v', VARCHAR), ids.column('d', DATE), ids.column('m', decimal(20, 2)), ids.column('f', DOUBLE)]
    const rows: Value[][] = [
      ['it\'s \u0000 " \\ ü', 19_782n, -150n, -0],
      ['', -1n, 5n, Number.NaN],
      [null, null, null, null],
      ['x', 0n, 12345678901234567890n, Number.NEGATIVE_INFINITY],
    ]
    for (const [index] of columns.entries()) {
      for (const [at, row] of rows.entries()) {
        const value = row[index] as Value
        const expected = rows.map((_, other) => other === at && value !== null && !Number.isNaN(value))
        expect(await evaluate(columns, rows, index, value)).toEqual(expected)
      }
    }
  })

  it('evaluates 100,000 tuples, and a thousand in milliseconds', async () => {
    const columns = [ids.column('y', INTEGER), ids.column('s', VARCHAR)]
    const rows: Value[][] = Array.from({ length: 100_000 }, (_, i) => [BigInt(i % 100), `s${i}`])
    const kept = await evaluate(columns, rows, 0, 7n)
    expect(kept.filter(Boolean)).toHaveLength(1000)
    expect(kept[107]).toBe(true)
    const times: number[] = []
    for (let run = 0; run < 10; run++) {
      const started = performance.now()
      await evaluate(columns, rows.slice(0, 1000), 0, 7n)
      times.push(performance.now() - started)
    }
    // 10 ms on a quiet machine.
    expect(Math.min(...times)).toBeLessThan(400)
  })

  it('printed nothing', () => {
    expect(output).toEqual([])
  })
})
