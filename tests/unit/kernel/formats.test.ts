import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ResultFormat } from '#src/kernel/kernel'
import { columnRef, literal } from '#src/logical/build'
import type { LogicalPlan } from '#src/logical/plan'
import {
  array,
  BIGINT,
  BOOLEAN,
  char,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  INTERVAL_DAY_TO_SECOND,
  INTERVAL_YEAR_TO_MONTH,
  map,
  REAL,
  row,
  SMALLINT,
  TINYINT,
  type Type,
  time,
  timestamp,
  timestampWithTimeZone,
  UUID,
  VARBINARY,
  VARCHAR,
} from '#src/types/type'
import type { Value } from '#src/types/value'
import { analyzeText } from '#tests/support/analysis'
import { ids, joinFrames, type Lake, openLake } from '#tests/support/kernel-lake'

const ROW = row([
  { name: 'a', type: INTEGER },
  { name: 'b', type: VARCHAR },
])

/** A column of every type with a value; Trino's types behind the values' columns of src/types/value.ts. */
const EVERY_TYPE: readonly (readonly [name: string, type: Type, value: Value])[] = [
  ['b', BOOLEAN, true],
  ['ti', TINYINT, -5n],
  ['si', SMALLINT, 300n],
  ['i', INTEGER, 7n],
  ['bi', BIGINT, 9223372036854775807n],
  ['r', REAL, Math.fround(0.1)],
  ['d', DOUBLE, 1e300],
  ['dec', decimal(3, 2), 150n],
  ['mid', decimal(7, 1), 1234567n],
  ['long', decimal(18, 0), -123456789012345678n],
  ['big', decimal(35, 3), -12345678901234567890123456789012345n],
  ['v', VARCHAR, 'é"x,'],
  ['c', char(4), 'ab'],
  ['bin', VARBINARY, Uint8Array.of(0, 255)],
  ['dt', DATE, -1n],
  ['tm', time(3), 3_723_123_000n],
  ['ts', timestamp(6), 1_709_251_199_123_456n],
  ['tz', timestampWithTimeZone(3), { micros: 1_704_182_645_123_000n, zone: 'America/New_York' }],
  ['ids', INTERVAL_DAY_TO_SECOND, 172_800_000n],
  ['iym', INTERVAL_YEAR_TO_MONTH, -3n],
  ['u', UUID, '12151fd2-7586-11e9-8f9e-2a86e4085a59'],
  ['arr', array(INTEGER), [1n, null, 3n]],
  ['sarr', array(VARCHAR), ['a', 'a string longer than twelve bytes']],
  ['m', map(VARCHAR, BIGINT), { entries: [['k', 5n]] }],
  ['rw', ROW, [1n, 'x']],
  ['nested', array(array(INTEGER)), [[1n], [], null]],
]

/** Row 1 with the values, row 2 with NULLs. */
function everyType(descending = false): LogicalPlan {
  const id = ids.column('id', INTEGER)
  const columns = [id, ...EVERY_TYPE.map(([name, type]) => ids.column(name, type))]
  const rows = [
    [literal(INTEGER, 1n), ...EVERY_TYPE.map(([, type, value]) => literal(type, value))],
    [literal(INTEGER, 2n), ...EVERY_TYPE.map(([, type]) => literal(type, null))],
  ]
  const keys = [{ value: columnRef(id), descending, nullsFirst: false }]
  return { kind: 'sort', input: { kind: 'values', columns, rows }, keys }
}

describe('result formats', () => {
  let lake: Lake
  beforeAll(async () => {
    lake = await openLake()
  })
  afterAll(() => lake.close())

  const run = async (sql: string, format: ResultFormat) => {
    const { root, output } = analyzeText(sql)
    return joinFrames(await lake.kernel.execute(lake.query(root, [], { output, format })), format)
  }

  it('json-rows: values as Trino writes them', async () => {
    expect((await lake.run(everyType())).toString('utf8').split(',\n')).toEqual([
      '[1,true,-5,300,7,9223372036854775807,0.1,1e300,"1.50","123456.7","-123456789012345678","-12345678901234567890123456789012.345","é\\"x,","ab  ","AP8=",' +
        '"1969-12-31","01:02:03.123","2024-02-29 23:59:59.123456","2024-01-02 03:04:05.123 America/New_York",' +
        '"2 00:00:00.000","-0-3","12151fd2-7586-11e9-8f9e-2a86e4085a59",' +
        '[1,null,3],["a","a string longer than twelve bytes"],{"k":5},[1,"x"],[[1],[],null]]',
      `[2${',null'.repeat(EVERY_TYPE.length)}]`,
    ])
  })

  it('ndjson: objects by column name, repeated names numbered', async () => {
    expect((await run('SELECT 1 AS a, \'x\ny\' AS b, 3 AS a, NULL AS "c""d"', 'ndjson')).toString('utf8')).toBe(
      '{"a":1,"b":"x\\ny","a_2":3,"c\\"d":null}\n',
    )
  })

  it('ndjson: names that differ by case are different, Parquet columns are not', async () => {
    const sql = 'SELECT a, b AS "A" FROM (VALUES (1, 2)) AS t(a, b)'
    expect((await run(sql, 'ndjson')).toString('utf8')).toBe('{"a":1,"A":2}\n')
    const path = join(lake.folder, 'case.parquet')
    writeFileSync(path, await run(sql, 'parquet'))
    expect((await lake.oracle.runAndReadAll(`SELECT * FROM '${path}'`)).columnNames()).toEqual(['a', 'A_2'])
  })

  it.each(['json-rows', 'ndjson', 'csv'] as const)('%s: two thousand columns', async (format) => {
    const numbers = Array.from({ length: 2000 }, (_, index) => index)
    const text = (await run(`SELECT ${numbers.join(', ')}`, format)).toString()
    const expected = {
      'json-rows': `[${numbers}]`,
      ndjson: `{${numbers.map((number) => `"_col${number}":${number}`)}}\n`,
      csv: `${numbers}\n`,
    }
    expect(text).toBe(expected[format])
  })

  it('csv: RFC 4180 lines, NULL empty, empty text quoted', async () => {
    expect(
      (await run("SELECT 1, '', CAST(NULL AS varchar), 'a,b', 'say \"hi\"', 'two\nlines', 1.5, DOUBLE 'NaN', ARRAY[1,2]", 'csv')).toString(
        'utf8',
      ),
    ).toBe('1,"",,"a,b","say ""hi""","two\nlines",1.5,NaN,"[1,2]"\n')
  })

  it('arrow: types and values of CONTRACT.md', async () => {
    const bytes = await lake.run(everyType(), [], 'arrow')
    const table = tableFromIPC(bytes)
    expect(table.numRows).toBe(2)
    expect(Object.fromEntries(table.schema.fields.map((field) => [field.name, String(field.type)]))).toMatchObject({
      b: 'Bool',
      ti: 'Int8',
      bi: 'Int64',
      r: 'Float32',
      dec: 'Decimal[3e+2]',
      v: 'Utf8',
      c: 'Utf8',
      bin: 'Binary',
      dt: 'Date32<DAY>',
      tm: 'Time64<MICROSECOND>',
      ts: 'Timestamp<MICROSECOND>',
      tz: 'Timestamp<MICROSECOND, UTC>',
      u: 'Utf8',
      arr: 'List<Int32>',
    })
    expect(table.schema.fields.find((field) => field.name === 'c')?.metadata.get('trino.type')).toBe('char(4)')
    expect(table.schema.fields.find((field) => field.name === 'v')?.metadata.size).toBe(0)
    const at = (name: string, row = 0) => table.getChild(name)?.get(row) as unknown
    expect(at('bi')).toBe(9223372036854775807n)
    expect(at('v')).toBe('é"x,')
    expect(at('c')).toBe('ab  ')
    expect(Buffer.from(at('bin') as Uint8Array)).toEqual(Buffer.from([0, 255]))
    expect(String(at('dec'))).toBe('150')
    expect(String(at('big'))).toBe('-12345678901234567890123456789012345')
    expect([...(at('arr') as Iterable<unknown>)]).toEqual([1, null, 3])
    expect([...(at('sarr') as Iterable<unknown>)]).toEqual(['a', 'a string longer than twelve bytes'])
    expect(JSON.stringify(at('rw'))).toBe('{"a":1,"b":"x"}')
    for (const field of table.schema.fields) if (field.name !== 'id') expect(at(field.name, 1)).toBeNull()
  })

  it('arrow: many batches hold every row in order, NULLs and long texts included', async () => {
    const list = (length: number) => `(VALUES ${Array.from({ length }, (_, i) => i).join(', ')})`
    const numbers = `(SELECT a.x * 1000 + b.x AS n FROM ${list(100)} AS a(x) CROSS JOIN ${list(1000)} AS b(x))`
    const sql = `SELECT n, CASE WHEN n % 3 = 0 THEN NULL ELSE 'text of some length ' || CAST(n AS varchar) END AS t,
      CAST(n AS decimal(9,2)) AS m, n % 2 = 0 AS b, ARRAY[n, n + 1] AS l FROM ${numbers} t ORDER BY n`
    const table = tableFromIPC(await run(sql, 'arrow'))
    expect(table.numRows).toBe(100_000)
    const [n, t, m, b, l] = ['n', 't', 'm', 'b', 'l'].map((name) => table.getChild(name))
    for (let row = 0; row < 100_000; row += 37) {
      expect(Number(n?.get(row))).toBe(row)
      expect(t?.get(row)).toBe(row % 3 === 0 ? null : `text of some length ${row}`)
      expect(String(m?.get(row))).toBe(String(row * 100))
      expect(b?.get(row)).toBe(row % 2 === 0)
      expect(Array.from(l?.get(row) as unknown as Iterable<unknown>, Number)).toEqual([row, row + 1])
    }
  })

  it('parquet: a file that DuckDB reads back, rows in order', async () => {
    const path = join(lake.folder, 'out.parquet')
    writeFileSync(path, await lake.run(everyType(true), [], 'parquet'))
    const types = (await lake.oracle.runAndReadAll(`DESCRIBE FROM '${path}'`)).getRowsJson().map((row) => [row[0], row[1]])
    expect(Object.fromEntries(types as [string, string][])).toMatchObject({
      i: 'INTEGER',
      big: 'DECIMAL(35,3)',
      c: 'VARCHAR',
      tz: 'TIMESTAMP WITH TIME ZONE',
      m: 'MAP(VARCHAR, BIGINT)',
      rw: 'STRUCT(a INTEGER, b VARCHAR)',
    })
    const rows = (await lake.oracle.runAndReadAll(`SELECT id, v, big, rw FROM '${path}'`)).getRowsJson()
    expect(rows).toEqual([
      [2, null, null, null],
      [1, 'é"x,', '-12345678901234567890123456789012.345', { a: 1, b: 'x' }],
    ])
  })

  it('an empty result is empty in every format, with its schema where there is one', async () => {
    const none = 'SELECT 1 AS a, 2 AS A WHERE false'
    expect((await run(none, 'json-rows')).length).toBe(0)
    expect((await run(none, 'ndjson')).length).toBe(0)
    expect((await run(none, 'csv')).length).toBe(0)
    expect(tableFromIPC(await run(none, 'arrow')).schema.fields).toHaveLength(2)
    const path = join(lake.folder, 'none.parquet')
    writeFileSync(path, await run(none, 'parquet'))
    expect((await lake.oracle.runAndReadAll(`SELECT count(*) FROM '${path}'`)).getRowsJson()).toEqual([['0']])
  })

  it('rows far longer than a frame arrive whole', async () => {
    const half = `(VALUES ('${'ab'.repeat(200_000)}')) AS x(t)`
    const sql = `SELECT t || t || t || t || t || t || t AS t, 1 AS n FROM ${half} UNION ALL VALUES ('short', 2) UNION ALL SELECT t || t || t, 3 FROM ${half} ORDER BY 2`
    const rows = JSON.parse(`[${(await run(sql, 'json-rows')).toString('utf8')}]`) as [string, number][]
    expect(rows.map(([text, n]) => [text.length, n])).toEqual([
      [2_800_000, 1],
      [5, 2],
      [1_200_000, 3],
    ])
  })

  it('text and names are data, whatever they hold', async () => {
    const evil = `'); DROP TABLE x; -- \\' " \u0000 $1 :a {{}} \u2028`
    const sql = `SELECT '${evil.replaceAll("'", "''")}' AS "a""; SELECT 1; --"`
    expect(JSON.parse((await run(sql, 'ndjson')).toString('utf8'))).toEqual({ 'a"; SELECT 1; --': evil })
    expect(JSON.parse((await run(sql, 'json-rows')).toString('utf8'))).toEqual([evil])
  })
})
