/** Two servers that share one catalog on PostgreSQL and one bucket of MinIO: what they change at the same time, and what the other sees of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '#tests/support/postgres-server'
import { MissingTool } from '#tests/support/tools'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { LAKES, type Lake } from '../writes/lakes.ts'

const postgres = await startPostgres().catch((error: unknown) => {
  if (error instanceof MissingTool) return error
  throw error
})
const minio = LAKES.find(({ name }) => name === 'MinIO')
const missing = postgres instanceof MissingTool ? postgres.message : minio?.missing

if (missing !== undefined) {
  console.warn(`SKIPPED: ${missing}`)
  it(`SKIPPED: ${missing}`, ({ skip }) => {
    if (process.env.CI) throw new Error(missing)
    skip(missing)
  })
} else twoServers(postgres as PostgresServer)

type Answer = Awaited<ReturnType<WeirServer['sql']>>['json']

function twoServers(database: PostgresServer): void {
  describe('two servers on one catalog', () => {
    let lake: Lake
    let servers: readonly [WeirServer, WeirServer]
    beforeAll(async () => {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      await client.query("create database shared template template0 locale 'C.UTF-8'").finally(() => client.end())
      lake = await (minio as (typeof LAKES)[number]).open()
      const options = {
        env: { ...lake.env, WEIR_CATALOG_STORE: database.url.replace(/\/postgres$/, '/shared') },
        args: ['--warehouse', `${lake.location}warehouse/`, '--allow', lake.location, '--write-grace', '1', '--memory', '500MB'],
      }
      servers = await Promise.all([startWeir(options), startWeir(options)])
    })
    afterAll(async () => {
      for (const server of servers ?? []) await server.stop()
      await lake?.close()
      await database.close()
    })

    const ask = async (who: 0 | 1, sql: string, headers = {}): Promise<Answer> => (await servers[who].sql(sql, {}, headers)).json
    const rows = async (who: 0 | 1, sql: string): Promise<Answer['rows']> => {
      const { error, rows: found } = await ask(who, sql)
      if (error !== undefined) throw new Error(`${sql}: ${error.name}: ${error.message}`)
      return found
    }
    const both = [0, 1] as const
    /** `count` statements of each server at the same time; the names of their errors, undefined for those that succeeded. */
    const storm = async (
      count: number,
      sql: (who: 0 | 1, number: number) => string,
    ): Promise<readonly (readonly (string | undefined)[])[]> =>
      Promise.all(
        both.map(async (who) => {
          const outcomes: (string | undefined)[] = []
          for (let number = 0; number < count; number++) outcomes.push((await ask(who, sql(who, number))).error?.name)
          return outcomes
        }),
      )

    it('sees at once what the other has done', async () => {
      await rows(0, "CREATE TABLE seen WITH (partitioned_by = ARRAY['k']) AS SELECT x, x % 2 AS k FROM UNNEST(sequence(1, 4)) t(x)")
      expect(await rows(1, 'SELECT sum(x) FROM seen')).toEqual([[10]])
      await rows(1, 'INSERT INTO seen VALUES (100, 3)')
      expect(await rows(0, 'SELECT sum(x) FROM seen')).toEqual([[110]])
      await rows(0, 'INSERT OVERWRITE TABLE seen PARTITION (k = 0) SELECT 1000')
      expect(await rows(1, 'SELECT sum(x) FROM seen')).toEqual([[1104]])
      await rows(1, 'DELETE FROM seen WHERE k = 3')
      expect(await rows(0, 'SELECT sum(x) FROM seen')).toEqual([[1004]])
      await rows(0, 'ALTER TABLE seen ADD COLUMN note varchar')
      await rows(1, "INSERT INTO seen (x, note, k) VALUES (5, 'n', 5)")
      expect(await rows(0, 'SELECT x, note FROM seen WHERE k = 5')).toEqual([[5, 'n']])
      await rows(1, 'CREATE VIEW of_seen AS SELECT sum(x) AS s FROM seen')
      expect(await rows(0, 'SELECT s FROM of_seen')).toEqual([[1009]])
      await rows(0, 'ALTER TABLE seen RENAME TO renamed')
      expect(await rows(1, 'SELECT count(*) FROM renamed')).toEqual([[4]])
      expect((await ask(1, 'SELECT * FROM seen')).error?.name).toBe('TABLE_NOT_FOUND')
      await rows(1, 'DROP TABLE renamed')
      expect((await ask(0, 'SELECT * FROM renamed')).error?.name).toBe('TABLE_NOT_FOUND')
    })

    it('one partition overwritten by both: readers of either see one whole write or another', async () => {
      await rows(
        0,
        "CREATE TABLE fought WITH (partitioned_by = ARRAY['k']) AS SELECT -1 AS x, i AS n, 1 AS k FROM UNNEST(sequence(1, 500)) t(i)",
      )
      const wrong: string[] = []
      let stop = false
      let reads = 0
      const readers = both.map(async (who) => {
        while (!stop) {
          const [[count, least, most] = []] = await rows(who, 'SELECT count(*), min(x), max(x) FROM fought')
          reads++
          if (count !== 500 || least !== most) wrong.push(`server ${who} saw ${count} rows of ${least} to ${most}`)
        }
      })
      const value = (who: 0 | 1, number: number): number => who * 1000 + number
      const outcomes = await storm(
        8,
        (who, number) =>
          `INSERT OVERWRITE TABLE fought PARTITION (k = 1) SELECT ${value(who, number)}, i FROM UNNEST(sequence(1, 500)) t(i)`,
      ).finally(() => {
        stop = true
      })
      await Promise.all(readers)
      expect(wrong).toEqual([])
      expect(reads).toBeGreaterThan(4)
      expect(new Set(outcomes.flat())).toEqual(
        outcomes.flat().includes('TRANSACTION_CONFLICT') ? new Set([undefined, 'TRANSACTION_CONFLICT']) : new Set([undefined]),
      )
      const won = both.flatMap((who) => (outcomes[who] ?? []).flatMap((error, number) => (error === undefined ? [value(who, number)] : [])))
      const [[last] = []] = await rows(1, 'SELECT max(x) FROM fought')
      expect(won).toContain(last)
    })

    it('rows that both add are all there, once', async () => {
      await rows(0, 'CREATE TABLE added (x bigint)')
      const outcomes = await storm(6, (who, number) => `INSERT INTO added VALUES ${who * 1000 + number}`)
      expect(outcomes.flat()).toEqual(Array.from({ length: 12 }, () => undefined))
      expect(await rows(1, 'SELECT count(*), count(DISTINCT x), sum(x) FROM added')).toEqual([[12, 12, 6000 + 15 + 15]])
      const key = { 'idempotency-key': 'the-same' }
      const same = await Promise.all(both.map((who) => ask(who, 'INSERT INTO added VALUES 9', key)))
      expect(same.map(({ error }) => error)).toEqual([undefined, undefined])
      expect(await rows(0, 'SELECT count(*) FROM added WHERE x = 9')).toEqual([[1]])
    })

    it('no column is lost that either adds to a table at the same time', async () => {
      await rows(0, 'CREATE TABLE altered (x bigint)')
      const outcomes = await storm(8, (who, number) => `ALTER TABLE altered ADD COLUMN c_${who}_${number} bigint`)
      const expected = both.flatMap((who) =>
        (outcomes[who] ?? []).flatMap((error, number) => (error === undefined ? [`c_${who}_${number}`] : [])),
      )
      const found = (await rows(1, 'SHOW COLUMNS FROM altered')).map(([name]) => String(name))
      expect(found.toSorted()).toEqual(['x', ...expected].toSorted())
      // One that comes between is tried again, or told.
      expect(outcomes.flat().filter((error) => error !== undefined && error !== 'TRANSACTION_CONFLICT')).toEqual([])
      expect(expected.length).toBeGreaterThan(8)
    })

    it('partitions that both register are all there, and those that one drops are gone for both', async () => {
      await rows(0, "CREATE TABLE parts (x bigint, k integer) WITH (partitioned_by = ARRAY['k'], partition_discovery = 'registered')")
      const outcomes = await storm(6, (who, number) => `ALTER TABLE parts ADD IF NOT EXISTS PARTITION (k = ${who * 3 + number})`)
      expect(outcomes.flat()).toEqual(Array.from({ length: 12 }, () => undefined))
      const names = async (who: 0 | 1) => (await rows(who, 'SHOW PARTITIONS parts')).flat()
      const all = Array.from({ length: 9 }, (_, k) => `k=${k}`)
      expect([await names(0), await names(1)]).toEqual([all, all])
      await Promise.all(both.map((who) => rows(who, `ALTER TABLE parts DROP PARTITION (k = ${who})`)))
      expect([await names(0), await names(1)]).toEqual([all.slice(2), all.slice(2)])
      await Promise.all(both.map((who) => rows(who, `INSERT INTO parts VALUES (${who}, 1), (${who}, 8)`)))
      expect(await rows(0, 'SELECT k, count(*) FROM parts GROUP BY k ORDER BY k')).toEqual([
        [1, 2],
        [8, 2],
      ])
      await rows(1, 'DROP TABLE parts')
    })

    it('of both that create one table one succeeds, again and again; what the other wrote is swept', async () => {
      for (let round = 0; round < 4; round++) {
        const made = await Promise.all(
          both.map((who) => ask(who, `CREATE TABLE raced AS SELECT ${who} AS x FROM UNNEST(sequence(1, 100)) t(i)`)),
        )
        const errors = made.map(({ error }) => error?.name)
        expect(errors.toSorted()).toEqual(['TABLE_ALREADY_EXISTS', undefined])
        expect(await rows(0, 'SELECT count(*), sum(x) FROM raced')).toEqual([[100, errors[0] === undefined ? 0 : 100]])
        const dropped = await Promise.all(both.map((who) => ask(who, 'DROP TABLE raced')))
        expect(dropped.map(({ error }) => error?.name).toSorted()).toEqual(['TABLE_NOT_FOUND', undefined])
      }
    })

    it('a table that one drops while the other writes to it is gone, with all its files', async () => {
      for (let round = 0; round < 4; round++) {
        await rows(0, 'CREATE TABLE doomed (x bigint)')
        const [dropped, written] = await Promise.all([
          sleep(round * 40).then(() => ask(0, 'DROP TABLE doomed')),
          ask(1, 'INSERT INTO doomed SELECT x FROM UNNEST(sequence(1, 5000)) t(x)'),
        ])
        expect(dropped.error).toBeUndefined()
        expect(['TABLE_NOT_FOUND', 'TRANSACTION_CONFLICT', undefined]).toContain(written.error?.name)
        expect((await ask(1, 'SELECT * FROM doomed')).error?.name).toBe('TABLE_NOT_FOUND')
      }
      // What is left are the files of the tables that are there.
      const tables = (await rows(1, 'SHOW TABLES')).flat().map(String)
      expect(tables).toEqual(['added', 'altered', 'fought', 'of_seen'])
      const wanted = async () =>
        (await rows(1, 'SELECT DISTINCT "$path" FROM added UNION ALL SELECT DISTINCT "$path" FROM fought')).flat().map(String).sort()
      const deadline = Date.now() + 300_000
      while (Date.now() < deadline && (await lake.files()).length !== (await wanted()).length) await sleep(1000)
      expect([...(await lake.files())].sort()).toEqual(await wanted())
    })
  })
}
