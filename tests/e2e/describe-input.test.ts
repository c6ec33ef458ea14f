/** Types of parameters as DESCRIBE INPUT tells them: the answers were recorded from Trino 476 over its table tpch.tiny.orders. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trinoStatement } from '#tests/support/trino-statement'
import { startWeir, type WeirServer } from '#tests/support/weir'

/** The columns of tpch.tiny.orders that are used. */
const ORDERS =
  "(SELECT BIGINT '1' AS orderkey, BIGINT '1' AS custkey, CAST('a' AS varchar(1)) AS orderstatus, 1e0 AS totalprice, DATE '2024-01-01' AS orderdate)"

let weir: WeirServer
beforeAll(async () => {
  weir = await startWeir()
})
afterAll(async () => {
  await weir?.stop()
})

const describeInput = async (sql: string) => {
  const prepared = encodeURIComponent(sql.replaceAll('ORDERS', ORDERS))
  return trinoStatement(weir.url, 'DESCRIBE INPUT p', { 'x-trino-prepared-statement': `p=${prepared}` })
}

describe('DESCRIBE INPUT', () => {
  it.each([
    ['SELECT ?', 'unknown'],
    ['SELECT ? AS a, ?', 'unknown, unknown'],
    ['SELECT orderkey FROM ORDERS WHERE orderkey = ?', 'bigint'],
    ['SELECT orderkey FROM ORDERS WHERE ? = orderkey', 'bigint'],
    ['SELECT orderkey FROM ORDERS WHERE ? < totalprice', 'double'],
    ['SELECT orderkey FROM ORDERS WHERE orderdate BETWEEN ? AND ?', 'date, date'],
    ['SELECT orderkey FROM ORDERS WHERE ? BETWEEN orderkey AND custkey', 'bigint'],
    ['SELECT orderkey FROM ORDERS WHERE orderkey IN (?, ?, 3)', 'bigint, bigint'],
    ['SELECT orderkey FROM ORDERS WHERE ? IN (1, 2)', 'integer'],
    ['SELECT orderkey FROM ORDERS WHERE orderstatus LIKE ?', 'varchar'],
    ["SELECT orderkey FROM ORDERS WHERE ? LIKE 'a%'", 'varchar'],
    ['SELECT orderkey FROM ORDERS WHERE orderstatus LIKE ? ESCAPE ?', 'varchar, varchar'],
    ['SELECT orderkey FROM ORDERS WHERE ?', 'boolean'],
    ['SELECT orderkey FROM ORDERS WHERE ? AND orderkey > 1', 'boolean'],
    ['SELECT orderkey FROM ORDERS WHERE NOT ?', 'boolean'],
    ['SELECT orderkey FROM ORDERS WHERE ? IS NULL', 'unknown'],
    ['SELECT orderkey + ? FROM ORDERS', 'bigint'],
    ['SELECT orderstatus || ? FROM ORDERS', 'array(varchar(1))'],
    ['SELECT substr(orderstatus, ?) FROM ORDERS', 'bigint'],
    ['SELECT round(totalprice, ?) FROM ORDERS', 'integer'],
    ['SELECT abs(?)', 'tinyint'],
    ['SELECT lower(?)', 'varchar(0)'],
    ['SELECT date_trunc(?, orderdate) FROM ORDERS', 'varchar(0)'],
    ['SELECT coalesce(?, orderkey) FROM ORDERS', 'bigint'],
    ['SELECT nullif(orderkey, ?) FROM ORDERS', 'unknown'],
    ['SELECT if(?, 1, 2)', 'boolean'],
    ['SELECT if(true, ?, 2)', 'integer'],
    ['SELECT CASE WHEN ? THEN 1 ELSE ? END', 'boolean, integer'],
    ["SELECT CASE orderkey WHEN ? THEN 'a' ELSE ? END FROM ORDERS", 'bigint, varchar(1)'],
    ['SELECT CAST(? AS double)', 'unknown'],
    ['SELECT TRY_CAST(? AS date)', 'unknown'],
    ['SELECT ARRAY[1, ?]', 'integer'],
    ['SELECT ARRAY[1, 2][?]', 'bigint'],
    ["SELECT MAP(ARRAY['a'], ARRAY[1])[?]", 'varchar(1)'],
    ['SELECT ROW(?, 1)', 'unknown'],
    ['SELECT count(?) FROM ORDERS', 'unknown'],
    ['SELECT max(?) FROM ORDERS', 'unknown'],
    ['SELECT sum(orderkey) FILTER (WHERE ?) FROM ORDERS', 'boolean'],
    ['SELECT custkey FROM ORDERS GROUP BY custkey HAVING count(*) > ?', 'bigint'],
    ['SELECT custkey FROM ORDERS ORDER BY ?', 'unknown'],
    ['SELECT custkey FROM ORDERS LIMIT ?', 'bigint'],
    ['SELECT custkey FROM ORDERS OFFSET ? ROWS FETCH FIRST ? ROWS ONLY', 'bigint, bigint'],
    ['SELECT a.custkey FROM ORDERS a JOIN ORDERS b ON a.orderkey = b.orderkey AND b.custkey = ?', 'bigint'],
    ['SELECT a.custkey FROM ORDERS a JOIN ORDERS b ON ?', 'boolean'],
    ["VALUES (1, ?), (?, 'a')", 'varchar(1), integer'],
    ['SELECT ? UNION SELECT 1', 'unknown'],
    ['SELECT * FROM (VALUES ?, 2) t(x)', 'integer'],
    ['SELECT x FROM (SELECT ? AS x) WHERE x = 1', 'unknown'],
    ['SELECT orderkey FROM ORDERS WHERE orderkey = (SELECT ?)', 'unknown'],
    ['SELECT orderkey FROM ORDERS WHERE orderkey IN (SELECT custkey FROM ORDERS WHERE custkey = ?)', 'bigint'],
    ['SELECT orderkey FROM ORDERS WHERE orderkey = ANY (VALUES ?, 2)', 'integer'],
    ['SELECT orderkey FROM ORDERS WHERE (orderkey, custkey) = (?, ?)', 'unknown, unknown'],
    ['SELECT orderkey FROM ORDERS WHERE (orderkey, ?) IN ((1, 2))', 'unknown'],
    ['SELECT ? = ?', 'unknown, unknown'],
    ['SELECT orderkey IS DISTINCT FROM ? FROM ORDERS', 'bigint'],
    ['SELECT filter(ARRAY[1, 2], x -> x > ?)', 'integer'],
    ['SELECT transform(?, x -> x)', 'array(unknown)'],
    ['SELECT row_number() OVER (ORDER BY ?) FROM ORDERS', 'unknown'],
    ['SELECT lag(orderkey, ?) OVER (ORDER BY orderkey) FROM ORDERS', 'bigint'],
    ['WITH t AS (SELECT ? AS y) SELECT y + 1 FROM t', 'unknown'],
    ['SELECT orderkey FROM ORDERS WHERE totalprice > ? AND orderstatus IN (?) AND orderdate >= ?', 'double, varchar(1), date'],
    ['SELECT x FROM UNNEST(sequence(1, ?)) t(x)', 'bigint'],
    ['SELECT orderkey FROM ORDERS WHERE orderkey = ? + 1', 'integer'],
    ['SELECT orderkey FROM ORDERS WHERE orderstatus = lower(?)', 'varchar(0)'],
    ['SELECT orderkey FROM ORDERS WHERE date(?) = orderdate', 'varchar(0)'],
    ['SELECT greatest(?, 1.5)', 'decimal(2,1)'],
  ])('%s: %s', async (sql, types) => {
    const { rows } = await describeInput(sql)
    expect(rows.map(([, type]) => type).join(', ')).toBe(types)
    expect(rows.map(([position]) => position)).toEqual(rows.map((_, index) => index))
  })

  it.each([
    ['INSERT INTO w VALUES (?, ?)', 'unknown, unknown'],
    ['INSERT INTO w (b, a) VALUES (?, ?)', 'unknown, unknown'],
    ["INSERT INTO w SELECT ?, 'x'", 'unknown'],
    ['INSERT INTO w SELECT a, b FROM w WHERE a = ? AND b LIKE ?', 'bigint, varchar'],
    ["INSERT INTO w VALUES (1, ?), (?, 'a')", 'varchar(1), integer'],
    ['CREATE TABLE v AS SELECT a + ? AS x FROM w', 'bigint'],
  ])('%s: %s, and nothing is written', async (sql, types) => {
    const schema = { 'x-trino-schema': 'default' }
    await trinoStatement(weir.url, 'CREATE TABLE IF NOT EXISTS w (a bigint, b varchar)', schema)
    const prepared = { ...schema, 'x-trino-prepared-statement': `p=${encodeURIComponent(sql)}` }
    const { rows } = await trinoStatement(weir.url, 'DESCRIBE INPUT p', prepared)
    expect(rows.map(([, type]) => type).join(', ')).toBe(types)
    expect((await trinoStatement(weir.url, 'SELECT count(*) FROM w', schema)).rows).toEqual([[0]])
    expect((await trinoStatement(weir.url, 'SHOW TABLES', schema)).rows).toEqual([['w']])
  })

  it('fails as the statement itself would', async () => {
    const { last } = await describeInput('SELECT orderkey FROM lake."default".nope WHERE orderkey = ?')
    expect(last.error).toMatchObject({
      errorName: 'TABLE_NOT_FOUND',
      message: expect.stringMatching(/^line 1:22: Table 'lake.default.nope' does not exist/),
    })
  })
})
