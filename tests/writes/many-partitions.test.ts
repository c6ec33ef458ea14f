/** 10,000 partitions in one statement, in bounded memory: Athena and Trino stop at 100. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startWeir } from '#tests/support/weir'

const PARTITIONS = 10_000
const ROWS = 300_000

it('CREATE TABLE AS with 10,000 partitions stays below 2 GB', async () => {
  const server = await startWeir({ args: ['--memory', '800MB'] })
  let peak = 0
  const measure = (): void => {
    const children = spawnSync('pgrep', ['-P', String(server.process.pid)], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean)
    const kilobytes = [String(server.process.pid), ...children].map((pid) => Number(/VmRSS:\s+(\d+)/.exec(statusOf(pid))?.[1] ?? 0))
    peak = Math.max(peak, kilobytes.reduce((sum, one) => sum + one, 0) / 1024)
  }
  const timer = setInterval(measure, 250)
  try {
    const started = performance.now()
    const { json } = await server.sql(`CREATE TABLE p WITH (partitioned_by = ARRAY['k']) AS
      SELECT x, cast(x AS varchar) || ' text' t, x % ${PARTITIONS} k FROM unnest(sequence(0, 299)) a(i) CROSS JOIN unnest(sequence(0, 999)) b(j)
      CROSS JOIN LATERAL (SELECT i * 1000 + j) c(x)`)
    console.info(`${PARTITIONS} partitions: ${((performance.now() - started) / 1000).toFixed(1)} s, at most ${peak.toFixed(0)} MB`)
    expect([json.error, (json as { updateCount?: number }).updateCount]).toEqual([undefined, ROWS])
    const { json: read } = await server.sql('SELECT count(*), sum(x), count(DISTINCT k), count(DISTINCT "$path") FROM p')
    expect(read.rows).toEqual([[ROWS, (ROWS * (ROWS - 1)) / 2, PARTITIONS, PARTITIONS]])
    expect(peak).toBeLessThan(2000)
    expect(peak).toBeGreaterThan(50)
  } finally {
    clearInterval(timer)
    await server.stop()
  }
})

/** Empty for a process that has ended since it was listed. */
function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
