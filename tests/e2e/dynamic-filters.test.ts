/** Small sides of joins prune the partitions of the other side: by the store's request log, with the rows that a join gives anyway. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { startWeir, type WeirServer } from '#tests/support/weir'

let s3: S3TestServer
let weir: WeirServer
const DAYS = 60
const ROWS = 10
/** The day's number since 2024-01-01. */
const dayOf = (index: number): string => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10)

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ['lake'] })
  for (let day = 0; day < DAYS; day++) {
    const bytes = await copyBytes(`SELECT ${day} * 100 + i AS id, i % 3 AS kind FROM range(${ROWS}) t(i)`, 'FORMAT parquet')
    s3.put('lake', `sales/dt=${dayOf(day)}/part.parquet`, bytes)
  }
  const days = `SELECT DATE '2024-01-01' + i::INTEGER AS dt, i % 7 = 3 AS holiday, (DATE '2024-01-01' + i::INTEGER)::VARCHAR AS text FROM range(40, 80) t(i)`
  s3.put('lake', 'days/days.parquet', await copyBytes(days, 'FORMAT parquet'))
  s3.put('lake', 'loads/loads.csv', Buffer.from('dt,ok\n2024-02-20,true\n2024-02-25,true\n2024-02-28,false\n'))
  weir = await startWeir({ env: s3.env })
  for (const name of ['sales', 'days', 'loads']) {
    const added = await weir.request('/api/v1/tables', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ schema: 'default', name, location: `s3://lake/${name}/` }),
    })
    expect(added.status).toBe(201)
  }
})

afterAll(async () => {
  await weir?.stop()
  await s3?.close()
})

async function run(sql: string) {
  const before = s3.log.length
  const { json } = await weir.sql(sql)
  expect(json.error).toBeUndefined()
  const read = s3.log.slice(before).filter(({ key }) => key.startsWith('sales/'))
  return {
    rows: json.rows,
    sales: [...new Set(read.map(({ key }) => key.slice('sales/dt='.length, 'sales/dt=2024-01-01'.length)))].sort(),
    stats: json.stats,
  }
}

const clear = () => weir.request('/api/v1/cache', { method: 'DELETE' })
/** Holidays between day 40 and day 59. */
const HOLIDAYS = [45, 52, 59]
const holidays = HOLIDAYS.map(dayOf)
const sum = (days: readonly number[]): number => days.reduce((all, day) => all + day * 100 * ROWS + (ROWS * (ROWS - 1)) / 2, 0)

describe('dynamic filters', () => {
  for (const [what, sql] of Object.entries({
    'an inner join': 'SELECT sum(id) FROM sales JOIN days ON sales.dt = days.dt WHERE days.holiday',
    'a join written the other way round': 'SELECT sum(id) FROM days, sales WHERE holiday AND days.dt = sales.dt',
    'IN over a subquery': 'SELECT sum(id) FROM sales WHERE dt IN (SELECT dt FROM days WHERE holiday)',
    'a join below an aggregate': 'SELECT sum(s) FROM (SELECT dt, sum(id) AS s FROM sales GROUP BY dt) x JOIN days USING (dt) WHERE holiday',
    'a union':
      'SELECT sum(id) FROM (SELECT dt, id FROM sales WHERE kind = 0 UNION ALL SELECT dt, id FROM sales WHERE kind > 0) x JOIN days USING (dt) WHERE holiday',
    'keys that are compared as texts': 'SELECT sum(id) FROM sales JOIN days ON CAST(sales.dt AS varchar) = days.text WHERE holiday',
    'a chain of joins':
      'SELECT sum(s.id) FROM sales s JOIN days d ON s.dt = d.dt JOIN sales t ON t.dt = d.dt AND t.id = s.id WHERE d.holiday',
  })) {
    it(`${what} reads the matching partitions only`, async () => {
      await clear()
      const { rows, sales } = await run(sql)
      expect(rows).toEqual([[sum(HOLIDAYS)]])
      expect(sales).toEqual(holidays)
    })
  }

  it('a comparison with a subquery over files', async () => {
    await clear()
    const { rows, sales } = await run('SELECT sum(id) FROM sales WHERE dt > (SELECT max(dt) FROM loads WHERE ok)')
    expect(sales).toEqual([56, 57, 58, 59].map(dayOf))
    expect(rows).toEqual([[sum([56, 57, 58, 59])]])
    const equal = await run('SELECT sum(id) FROM sales WHERE dt = (SELECT max(dt) FROM loads WHERE ok)')
    expect(equal.rows).toEqual([[sum([55])]])
    expect(equal.sales).toEqual([dayOf(55)])
  })

  it('an empty small side reads nothing', async () => {
    await clear()
    const { rows, sales } = await run("SELECT count(*) FROM sales JOIN days USING (dt) WHERE holiday AND days.text = 'never'")
    expect(rows).toEqual([[0]])
    expect(sales).toEqual([])
  })

  it('keeps what a join keeps without a match', async () => {
    await clear()
    const left = await run('SELECT count(*), count(days.dt) FROM sales LEFT JOIN days ON sales.dt = days.dt AND holiday')
    expect(left.rows).toEqual([[DAYS * ROWS, HOLIDAYS.length * ROWS]])
    const anti = await run('SELECT count(*) FROM sales WHERE dt NOT IN (SELECT dt FROM days WHERE holiday)')
    expect(anti.rows).toEqual([[(DAYS - HOLIDAYS.length) * ROWS]])
    const either = await run('SELECT count(*) FROM sales WHERE dt IN (SELECT dt FROM days WHERE holiday) OR kind = 0')
    expect(either.rows).toEqual([[HOLIDAYS.length * ROWS + (DAYS - HOLIDAYS.length) * 4]])
  })

  it('a subquery of several rows stays the error that it is, and a failing small side too', async () => {
    const several = await weir.sql('SELECT sum(id) FROM sales WHERE dt = (SELECT dt FROM days WHERE holiday)')
    expect(several.json.error).toMatchObject({ name: 'SUBQUERY_MULTIPLE_ROWS' })
    const failing = await weir.sql(
      'SELECT sum(id) FROM sales JOIN days ON sales.dt = days.dt WHERE 1 / (day_of_month(days.dt) - day_of_month(days.dt)) = 1',
    )
    expect(failing.json.error).toMatchObject({ name: 'DIVISION_BY_ZERO' })
  })

  it('EXPLAIN ANALYZE tells of it; EXPLAIN and a dry run read no data', async () => {
    const sql = 'SELECT sum(id) FROM sales JOIN days ON sales.dt = days.dt WHERE days.holiday'
    const analyzed = await run(`EXPLAIN ANALYZE ${sql}`)
    expect(String(analyzed.rows[0])).toMatch(/Dynamic filter: .*dt.*: 5 values/)
    await clear()
    const before = s3.log.length
    await weir.sql(`EXPLAIN ${sql}`)
    expect(s3.log.slice(before).every(({ key, bytes }) => key === '' || bytes <= 64 * 1024)).toBe(true)
  })
})
