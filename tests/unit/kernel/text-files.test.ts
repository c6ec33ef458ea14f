import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { array, BIGINT, BOOLEAN, DATE, DOUBLE, decimal, INTEGER, map, row, timestamp, VARCHAR } from '#src/types/type'
import { column, joinFrames, type Lake, openLake, type TestScan } from '#tests/support/kernel-lake'

const CSV = { delimiter: ',', quote: '"', escape: '"', nullText: '', skip: 1 }
const HOSTILE = 'id,name,n\n1,x,2\n2,"q\nq",3\n3,y\n4,z,1,9\n5,"",\n6,v,oops\n7,ok,"8"\n'

describe('CSV and JSON units', () => {
  let lake: Lake
  beforeAll(async () => {
    lake = await openLake()
  })
  afterAll(() => lake.close())

  const write = (name: string, text: string) => {
    const path = join(lake.folder, name)
    writeFileSync(path, text)
    return { path }
  }
  /** Rows in order of the first column, and the rejects. */
  const read = async (options: TestScan) => {
    const { plan, prepared } = lake.scan(options)
    const root = { kind: 'sort' as const, input: plan, keys: [{ value: column(plan, 0), descending: false, nullsFirst: false }] }
    const result = await lake.kernel.execute(lake.query(root, [prepared]))
    const rows = JSON.parse(`[${(await joinFrames(result)).toString('utf8')}]`) as unknown[][]
    return { rows, rejects: await result.rejects() }
  }
  const hostile = (onError: 'fail' | 'null' | 'skip', text = HOSTILE, n = 0): TestScan => ({
    format: 'csv',
    csv: CSV,
    fileColumns: ['id', 'name', 'n'],
    columns: [
      { name: 'id', type: BIGINT },
      { name: 'name', type: VARCHAR },
      { name: 'n', type: INTEGER },
    ],
    files: [write(`hostile-${onError}-${n}.csv`, text)],
    onError,
  })

  it('reads typed columns with quoted newlines, NULL and empty text', async () => {
    const { rows, rejects } = await read({
      format: 'csv',
      csv: CSV,
      fileColumns: ['i', 't', 'd', 'ts', 'f', 'b', 'm'],
      columns: [
        { name: 'i', type: BIGINT },
        { name: 't', type: VARCHAR },
        { name: 'd', type: DATE },
        { name: 'ts', type: timestamp(3) },
        { name: 'f', type: DOUBLE },
        { name: 'b', type: BOOLEAN },
        { name: 'm', type: decimal(10, 2) },
      ],
      files: [
        write(
          'typed.csv',
          'i,t,d,ts,f,b,m\r\n1,"a\r\n""b""",2024-02-29,2024-02-29 01:02:03.5,1e3,true,1.25\r\n2,"",,,,,\r\n3,,,,NaN,false,-7\r\n',
        ),
      ],
    })
    expect(rows).toEqual([
      [1, 'a\r\n"b"', '2024-02-29', '2024-02-29 01:02:03.500', 1000, true, '1.25'],
      [2, '', null, null, null, null, null],
      [3, null, null, null, 'NaN', false, '-7.00'],
    ])
    expect(rejects).toEqual({ count: 0, first: undefined })
  })

  it('names the object and line of a ragged row', async () => {
    await expect(read(hostile('fail'))).rejects.toMatchObject({
      errorName: 'HIVE_BAD_DATA',
      message: 'Cannot read s3://lake/t/hostile-fail-0.csv, line 5: expected 3 columns, found 2',
    })
  })

  it('names the object, line, column and value that does not fit', async () => {
    await expect(read(hostile('fail', 'id,name,n\n1,"two\nlines",2\n6,v,oops\n', 1))).rejects.toMatchObject({
      errorName: 'HIVE_BAD_DATA',
      message: "Cannot read s3://lake/t/hostile-fail-1.csv, line 4: 'oops' in column 'n' is not a valid integer",
    })
  })

  it('reads values that do not fit as NULL and leaves broken records out, counting both', async () => {
    const { rows, rejects } = await read(hostile('null'))
    expect(rows).toEqual([
      [1, 'x', 2],
      [2, 'q\nq', 3],
      [5, '', null],
      [6, 'v', null],
      [7, 'ok', 8],
    ])
    expect(rejects).toMatchObject({ count: 3, first: { file: 0, line: 5, message: 'expected 3 columns, found 2' } })
  })

  it('skips bad rows, counting them', async () => {
    const { rows, rejects } = await read(hostile('skip', 'id,name,n\n1,x,2\n6,v,oops\nx,y,z\n7,ok,8\n', 1))
    expect(rows).toEqual([
      [1, 'x', 2],
      [7, 'ok', 8],
    ])
    expect(rejects).toEqual({
      count: 2,
      first: { file: 0, scan: expect.any(Number), line: 3, message: 'a value does not fit its column' },
    })
  })

  it('counts every one of many bad rows in several files, and names the first file', async () => {
    const bad = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i},a,${i % 2 ? 'x' : '1'}`).join('\n')
    const options = hostile('skip', `id,name,n\n${bad(0, 5000)}\n`, 2)
    const files = [...options.files, write('more.csv', `id,name,n\n${bad(5000, 30_000)}\n`)]
    const { rows, rejects } = await read({ ...options, files })
    expect(rows).toHaveLength(15_000)
    expect(rejects).toMatchObject({ count: 15_000, first: { file: 0, line: 3 } })
  })

  const json = (text: string, onError: 'fail' | 'null' | 'skip', name: string): TestScan => ({
    format: 'json',
    columns: [
      { name: 'a', type: BIGINT },
      { name: 'b', type: VARCHAR },
      { name: 'c', type: array(row([{ name: 'd', type: DOUBLE }])) },
      { name: 'e', type: decimal(20, 3) },
    ],
    files: [write(name, text)],
    onError,
  })

  it('reads JSON lines: strings, numbers, nested values, null and missing members', async () => {
    const text =
      '{"a":1,"b":"x\\n\\u00e9","c":[{"d":1.5},null],"e":"12345678901234567.125"}\n\n{"b":{"k":[1]},"a":"2","e":null}\n{"a":3,"extra":true}\n'
    const { rows } = await read(json(text, 'fail', 'good.json'))
    expect(rows).toEqual([
      [1, 'x\né', [[1.5], null], '12345678901234567.125'],
      [2, '{"k":[1]}', null, null],
      [3, null, null, null],
    ])
  })

  it('reads over lines of spaces, and numbers in nested texts as they are', async () => {
    const nested: TestScan = {
      format: 'json',
      columns: [{ name: 'a', type: row([{ name: 'x', type: VARCHAR }]) }],
      files: [write('nested.json', '{"a":{"x":1.5}}\n  \t\n{"a":{"x":"s"}}\n{"a":{"x":100.0}}\n')],
      onError: 'fail',
    }
    expect((await read(nested)).rows).toEqual([[['1.5']], [['100.0']], [['s']]])
  })

  it('reads decimals of JSON with all their digits, at the top and nested', async () => {
    const wide = decimal(38, 20)
    const exact: TestScan = {
      format: 'json',
      columns: [
        { name: 'd', type: wide },
        { name: 'l', type: array(wide) },
        {
          name: 'r',
          type: row([
            { name: 'x', type: wide },
            { name: 'n', type: BIGINT },
            { name: 's', type: VARCHAR },
            { name: 'f', type: DOUBLE },
            { name: 'b', type: BOOLEAN },
          ]),
        },
        { name: 'm', type: map(VARCHAR, decimal(38, 0)) },
        { name: 't', type: VARCHAR },
      ],
      files: [
        write(
          'exact.json',
          [
            String.raw`{"d":0.10000000000000000555,"l":[1.12345678901234567891,-2,"3.5",null],"r":{"x":123456789012345678.125,"n":9007199254740991,"s":"a \" 1.5, \\","f":1.5,"b":2},"m":{"1.5 \"k":12345678901234567890123456789012345678},"t":"7 \"-1.00000000000000000001\" x"}`,
            '{ "d" : 1.5 , "l": [ ] , "r": {"x": 1234567890123456.5e1, "s": 1.10, "n": 2.5}, "m": {}, "t": 12345678901234567890 }',
          ].join('\n'),
        ),
      ],
      onError: 'fail',
    }
    expect((await read(exact)).rows.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      [
        '0.10000000000000000555',
        ['1.12345678901234567891', '-2.00000000000000000000', '3.50000000000000000000', null],
        ['123456789012345678.12500000000000000000', 9007199254740991, 'a " 1.5, \\', 1.5, true],
        { '1.5 "k': '12345678901234567890123456789012345678' },
        '7 "-1.00000000000000000001" x',
      ],
      ['1.50000000000000000000', [], ['12345678901234565.00000000000000000000', 3, '1.10', null, null], {}, expect.anything()],
    ])
  })

  it('reads dates and timestamps nested in JSON, and refuses what is none', async () => {
    const moments = (text: string, name: string): TestScan => ({
      format: 'json',
      columns: [
        {
          name: 'r',
          type: row([
            { name: 'd', type: DATE },
            { name: 't', type: array(timestamp(6)) },
          ]),
        },
      ],
      files: [write(name, text)],
      onError: 'fail',
    })
    const good = '{"r":{"d":"2024-02-29","t":["2024-02-29 01:02:03.123456","1969-12-31 23:59:59",null]}}\n{"r":{"d":null}}\n'
    expect((await read(moments(good, 'moments.json'))).rows).toEqual([
      [['2024-02-29', ['2024-02-29 01:02:03.123456', '1969-12-31 23:59:59.000000', null]]],
      [[null, null]],
    ])
    for (const bad of ['{"r":{"d":"2024-02-30"}}\n', '{"r":{"d":19782}}\n', '{"r":{"t":[{}]}}\n'])
      await expect(read(moments(bad, 'moments-bad.json'))).rejects.toMatchObject({
        errorName: 'HIVE_BAD_DATA',
        message: expect.stringContaining('moments-bad.json, line 1'),
      })
  })

  it('names the line that is no JSON object', async () => {
    await expect(read(json('{"a":1}\n[1]\n', 'fail', 'bad.json'))).rejects.toMatchObject({
      errorName: 'HIVE_BAD_DATA',
      message: 'Cannot read s3://lake/t/bad.json, line 2: the line is not a JSON object',
    })
  })

  it('skips bad JSON lines, counting them', async () => {
    const { rows, rejects } = await read(json('{"a":1}\nbad\n{"a":"x"}\n{"a":4}\n', 'skip', 'skip.json'))
    expect(rows.map(([a]) => a)).toEqual([1, 4])
    expect(rejects).toMatchObject({ count: 2, first: { file: 0, line: 2 } })
  })

  it('shows only ours where file names and texts try to be SQL', async () => {
    const evil = "x'); COPY (SELECT 1) TO 'pwned.csv'; --.csv"
    const { rows } = await read({
      format: 'csv',
      csv: { ...CSV, skip: 0 },
      fileColumns: ["a'b"],
      columns: [
        { name: "a'b", type: VARCHAR },
        { name: '$path', type: VARCHAR, source: { kind: 'hidden', name: '$path' } },
      ],
      files: [write(evil, `'; DROP TABLE t; --\n`)],
    })
    expect(rows).toEqual([["'; DROP TABLE t; --", `s3://lake/t/${evil}`]])
  })
})
