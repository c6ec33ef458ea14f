/**
 * Kills a server again and again while it writes, and looks at what is left: a table that is overwritten as a whole holds
 * either all ones or all twos at any time, a statement under an idempotency key has run once, and behind the sweep there
 * are just the files that queries read and those that others wrote.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWeir, type WeirServer } from '#tests/support/weir'
import type { Lake } from './lakes.ts'

export interface KillReport {
  readonly kills: number
  readonly overwrites: number
  readonly reads: number
  /** What must be empty. */
  readonly wrong: readonly string[]
}

const ROWS = 3000
const GRACE_SECONDS = 2
const BEGIN_MS = 120_000
/** A file of somebody else in a partition that is overwritten: never deleted, and not read behind the first overwrite. */
const FOREIGN = 'switched/k=1/part-00000.parquet'

export async function killLoop(lake: Lake, kills: number, random: () => number): Promise<KillReport> {
  const data = await mkdtemp(join(tmpdir(), 'weir-kill-'))
  const options = { data, env: lake.env, args: ['--write-grace', String(GRACE_SECONDS), '--memory', '600MB', '--allow', lake.location] }
  const wrong: string[] = []
  let server = await startWeir(options)
  const run = async (sql: string, key?: string): Promise<readonly (readonly unknown[])[] | undefined> => {
    const answer = await server.sql(sql, {}, key === undefined ? {} : { 'idempotency-key': key }).catch(() => undefined)
    if (answer?.json?.error !== undefined) {
      // What a dying server answers is no finding; a wrong answer is.
      if (!RETRYABLE.has(answer.json.error.name)) wrong.push(`${sql}: ${answer.json.error.message}`)
      return undefined
    }
    return answer?.json?.rows
  }
  let overwrites = 0
  let reads = 0
  try {
    await must(server, `CREATE TABLE foreign_rows WITH (external_location = '${lake.location}foreign/') AS SELECT 1 x`)
    await must(
      server,
      `CREATE TABLE switched (x bigint, k integer) WITH (external_location = '${lake.location}switched/', partitioned_by = ARRAY['k'])`,
    )
    await must(server, `CREATE TABLE log (id bigint) WITH (external_location = '${lake.location}log/')`)
    await must(server, overwrite(1))
    await lake.put(`${lake.location}${FOREIGN}`, Buffer.from('not even Parquet: whoever reads it fails'))
    await must(server, overwrite(2))
    const keys: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      let stop = false
      const writer = (async () => {
        for (let value = 1 + (kill % 2); !stop; value = 3 - value) if ((await run(overwrite(value))) !== undefined) overwrites++
      })()
      const appender = (async () => {
        for (let id = kill * 1000; !stop; id++) {
          keys.push(id)
          await run(`INSERT INTO log VALUES ${id}`, `log-${id}`)
        }
      })()
      const reader = (async () => {
        while (!stop) {
          const rows = await run('SELECT sum(x), count(*) FROM switched')
          if (rows === undefined) continue
          reads++
          if (!isWhole(rows[0])) wrong.push(`a reader saw ${JSON.stringify(rows)}`)
        }
      })()
      // A busy machine is slow to begin; what is to be killed is a server at work.
      const begun = overwrites
      for (const deadline = Date.now() + BEGIN_MS; overwrites === begun && Date.now() < deadline; ) await sleep(20)
      await sleep(random() * 1500)
      server.process.kill('SIGKILL')
      stop = true
      await Promise.all([writer, appender, reader])
      server = await startWeir(options)
      const rows = await mustRows(server, 'SELECT sum(x), count(*) FROM switched')
      if (!isWhole(rows[0])) wrong.push(`behind kill ${kill}: ${JSON.stringify(rows)}`)
    }
    // Whatever became of them: sent again they have run once.
    for (const id of keys) await until(() => run(`INSERT INTO log VALUES ${id}`, `log-${id}`))
    const [counted] = await mustRows(server, 'SELECT count(*), count(DISTINCT id) FROM log')
    if (counted?.[0] !== keys.length || counted?.[1] !== keys.length) wrong.push(`${keys.length} keys have run ${JSON.stringify(counted)}`)
    const expected = async () => {
      const paths = await mustRows(
        server,
        'SELECT DISTINCT "$path" FROM switched UNION ALL SELECT DISTINCT "$path" FROM log UNION ALL SELECT DISTINCT "$path" FROM foreign_rows',
      )
      return [...paths.map(([path]) => String(path)), `${lake.location}${FOREIGN}`].sort()
    }
    const deadline = Date.now() + 300_000
    let left = ''
    do {
      await sleep(1000)
      left = difference([...(await lake.files())].sort(), await expected())
    } while (left !== '' && Date.now() < deadline)
    if (left !== '') wrong.push(`behind the sweep: ${left}`)
    const uploads = await lake.openUploads()
    if (uploads > 0) wrong.push(`${uploads} multipart uploads are left`)
    return { kills, overwrites, reads, wrong }
  } finally {
    server.process.kill('SIGKILL')
    await rm(data, { recursive: true, force: true })
  }
}

/** Of a server that is being killed, or of two writes that met. */
const RETRYABLE: ReadonlySet<string> = new Set(['TRANSACTION_CONFLICT', 'KERNEL_LOST', 'SERVER_SHUTTING_DOWN'])

const overwrite = (value: number): string => `INSERT OVERWRITE TABLE switched SELECT ${value}, i % 5 FROM unnest(sequence(1, ${ROWS})) t(i)`

const isWhole = (row: readonly unknown[] | undefined): boolean => row?.[1] === ROWS && (row[0] === ROWS || row[0] === 2 * ROWS)

async function must(server: WeirServer, sql: string): Promise<void> {
  await mustRows(server, sql)
}

async function mustRows(server: WeirServer, sql: string): Promise<readonly (readonly unknown[])[]> {
  const { json } = await server.sql(sql)
  if (json.error !== undefined) throw new Error(`${sql}: ${json.error.message}`)
  return json.rows
}

async function until(work: () => Promise<unknown>): Promise<void> {
  while ((await work()) === undefined) await sleep(100)
}

/** What only one of two sorted lists has. */
function difference(found: readonly string[], expected: readonly string[]): string {
  const orphans = found.filter((file) => !expected.includes(file))
  const lost = expected.filter((file) => !found.includes(file))
  return [...orphans.map((file) => `orphan ${file}`), ...lost.map((file) => `lost ${file}`)].join(', ')
}
