/** A result that is kept and read again is, in every format, the bytes that the query itself would have given. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKernel } from '#src/kernel/duckdb-kernel'
import type { Kernel, ResultFormat } from '#src/kernel/kernel'
import { analyzeText } from '#tests/support/analysis'
import { joinFrames, type Lake, openLake } from '#tests/support/kernel-lake'

type Format = Exclude<ResultFormat, 'stored'>
const FORMATS: readonly Format[] = ['json-rows', 'ndjson', 'csv', 'arrow', 'parquet']
/** A row with the values, a row of NULLs. */
const nullable = (values: readonly string[]): string =>
  `SELECT ${values.map((value, at) => `IF(n = 1, ${value}) AS "Column ${at}"`).join(', ')} FROM (VALUES 1, 2) AS t(n) ORDER BY n`

const QUERIES: Readonly<Record<string, string>> = {
  numbers: nullable([
    'true',
    "tinyint '-128'",
    "smallint '32767'",
    '-2147483648',
    '9223372036854775807',
    "real '0.1'",
    '1e300',
    'nan()',
    '-infinity()',
    "double '-0.0'",
  ]),
  decimals: nullable([
    "decimal '1.50'",
    "decimal '-0.00000000000000000000000000000000000001'",
    "decimal '99999999999999999999999999999999999999'",
    "decimal '12345678901234567.8' * decimal '2.50'",
    'CAST(0 AS decimal(38, 38))',
  ]),
  texts: nullable(["'é\"x,'", "''", "CAST('ab' AS char(5))", "CAST('' AS char(3))", "X'00ff'", "X''", 'chr(0) || chr(128512)', "'a\nb'"]),
  times: nullable([
    "date '-0001-01-01'",
    "date '9999-12-31'",
    "time '23:59:59.999999'",
    "time '01:02:03'",
    "timestamp '2024-02-29 23:59:59.123456'",
    "timestamp '1969-12-31 23:59:59'",
    "timestamp '2024-01-02 03:04:05.123 America/New_York'",
    "timestamp '2024-07-02 03:04:05 +05:30'",
    "time '01:02:03.123+05:30'",
    "interval '2' day",
    "interval '-3' month",
  ]),
  others: nullable(['json \'{"b": [1, null], "a": 1.50}\'', "json 'null'", "uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'", 'null']),
  nested: nullable([
    'ARRAY[1, null, 3]',
    'CAST(ARRAY[] AS array(varchar))',
    'ARRAY[ARRAY[1], ARRAY[], null]',
    "MAP(ARRAY['k', 'l'], ARRAY[5, null])",
    'MAP()',
    "MAP(ARRAY[date '2020-01-01'], ARRAY[ROW(decimal '1.0', 'x')])",
    'CAST(ROW(null, null) AS row(a integer, b varchar))',
    "CAST(ROW(1, ARRAY[ROW('x')]) AS row(a integer, b array(row(c varchar))))",
    "ARRAY[timestamp '2024-01-02 03:04:05.123 America/New_York', null]",
    "ARRAY[CAST('a' AS char(3)), null]",
    "ARRAY[uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59']",
    'ARRAY[null, nan()]',
  ]),
  'repeated names': 'SELECT 1 AS a, 2 AS a, 3 AS "A"',
  'no rows': "SELECT 1 AS a, 'x' AS b WHERE false",
  'many rows in order':
    'SELECT x, CAST(x % 7 AS varchar) AS y FROM UNNEST(sequence(1, 9999)) AS a(i) CROSS JOIN UNNEST(sequence(i, 20 * 9999, 9999)) AS b(x) ORDER BY (x * 7919) % 200003',
}

function arrowText(bytes: Uint8Array): string {
  const table = tableFromIPC(bytes)
  const exact = (_key: string, value: unknown) =>
    typeof value === 'bigint' || typeof value === 'number' ? `${Object.is(value, -0) ? '-0' : value} ${typeof value}` : value
  return `${table.schema} ${JSON.stringify(table.toArray(), exact)}`
}

describe('stored results', () => {
  let lake: Lake
  let kernel: Kernel
  let spill: string
  beforeAll(async () => {
    lake = await openLake()
    spill = mkdtempSync(join(tmpdir(), 'weir-stored-'))
    mkdirSync(join(spill, 'results'))
    kernel = createKernel({ cacheFolder: lake.folder, spillFolder: spill })
  })
  afterAll(async () => {
    await kernel.close()
    await lake.close()
    rmSync(spill, { recursive: true })
  })

  const { signal } = new AbortController()

  it.each(Object.keys(QUERIES))('%s', async (name) => {
    const { root, output } = analyzeText(QUERIES[name] as string)
    const file = join(spill, 'results', `${name}.parquet`)
    const stored = await kernel.execute(lake.query(root, [], { output, format: 'stored', file }))
    let rows = 0
    for await (const frame of stored.frames) {
      rows += frame.rows
      expect(frame.bytes.length).toBe(0)
    }
    const columns = output.map(({ name: column, column: { type } }) => ({ name: column, type }))
    for (const format of FORMATS) {
      const query = lake.query(root, [], { output, format })
      const direct = await joinFrames(await kernel.execute(query), format)
      const { frames } = await kernel.read({ files: [file], columns, format, signal })
      const again = await joinFrames({ frames, rejects: async () => ({ count: 0, first: undefined }) }, format)
      // What lies under a NULL and where record batches end may differ; values may not.
      if (format === 'arrow') expect(arrowText(again)).toBe(arrowText(direct))
      else expect(again.equals(direct), `${format} of ${name}`).toBe(true)
      if (format === 'json-rows') expect(direct.toString('utf8').split(',\n').filter(Boolean).length).toBe(rows)
    }
  })

  it('reads files in their order, and nothing is left of a query that failed', async () => {
    const files: string[] = []
    for (const at of [3, 1, 2]) {
      const { root, output } = analyzeText(`SELECT x FROM UNNEST(sequence(${at * 100}, ${at * 100 + 50})) AS t(x) ORDER BY x DESC`)
      const file = join(spill, 'results', `part-${at}.parquet`)
      files.push(file)
      for await (const _frame of (await kernel.execute(lake.query(root, [], { output, format: 'stored', file }))).frames);
    }
    const columns = analyzeText('SELECT 1 AS x').output.map(({ name, column: { type } }) => ({ name, type }))
    const { frames } = await kernel.read({ files, columns, format: 'csv', signal })
    const lines: string[] = []
    for await (const { bytes } of frames) lines.push(Buffer.from(bytes).toString('utf8'))
    const downFrom = (top: number) => Array.from({ length: 51 }, (_, at) => String(top - at))
    expect(lines.join('').trim().split('\n')).toEqual([...downFrom(350), ...downFrom(150), ...downFrom(250)])

    const { root, output } = analyzeText('SELECT 1 / (x - 5000) AS x FROM UNNEST(sequence(1, 9999)) AS t(x)')
    const file = join(spill, 'results', 'failed.parquet')
    const failed = (async () => {
      for await (const _frame of (await kernel.execute(lake.query(root, [], { output, format: 'stored', file }))).frames);
    })()
    await expect(failed).rejects.toMatchObject({ errorName: 'DIVISION_BY_ZERO' })
    expect(existsSync(file)).toBe(false)
  })
})
