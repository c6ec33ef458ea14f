/**
 * Text files under Athena's DDL. Expected values follow Hive's LazySimpleSerDe (LazyUtils, LazyMap: the first of equal keys counts,
 * what does not parse is NULL), opencsv's CSVParser, and the OpenX JSON SerDe's documented properties.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'

let folder: string
let weir: WeirServer
let next = 0
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-hive-text-'))
  weir = await startWeir({ args: ['--allow', `${folder}/`] })
})
afterAll(async () => {
  await weir?.stop()
  rmSync(folder, { recursive: true })
})

/** Rows of a file under a definition, with what reading it told. */
async function read(text: string, definition: string): Promise<{ rows: unknown; hints: readonly string[] }> {
  const name = `t${++next}`
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'f.txt'), text)
  const created = await weir.sql(
    `CREATE EXTERNAL TABLE IF NOT EXISTS \`default\`.\`${name}\` ${definition.replace('LOCATION', `LOCATION 'file://${folder}/${name}/'`)}`,
  )
  if (created.json.error !== undefined) return { rows: `${created.json.error.name}: ${created.json.error.message}`, hints: [] }
  const { json } = await weir.sql(`SELECT * FROM ${name}`)
  return { rows: json.error === undefined ? json.rows : `${json.error.name}: ${json.error.message}`, hints: json.stats?.hints ?? [] }
}
const rows = async (text: string, definition: string): Promise<unknown> => (await read(text, definition)).rows

const LAZY = "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'"

it('LazySimple: delimiters, escapes, nulls, nested values', async () => {
  const definition = `(id int, name string, tags array<string>, m map<string,int>, s struct<a:int,b:string>)
    ${LAZY} WITH SERDEPROPERTIES ('serialization.format' = ',', 'field.delim' = ',', 'escape.delim' = '\\\\', 'collection.delim' = '|', 'mapkey.delim' = ':')
    LOCATION TBLPROPERTIES ('skip.header.line.count' = '1', 'has_encrypted_data' = 'false')`
  expect(
    await rows('id,name\n1,a\\,b\\\\c\\nd,x|y\\|z||\\N,k1:1|k2:\\N|k1:9,5|q\n\\N,\\N,,,\n3\n4,d,e,f:1,6|b|c,extra\n', definition),
  ).toEqual([
    [1, 'a,b\\c\nd', ['x', 'y|z', '', null], { k1: 1, k2: null }, [5, 'q']],
    [null, null, [], {}, [null, null]],
    [3, null, null, null, null],
    [4, 'd', ['e'], { f: 1 }, [6, 'b']],
  ])
})

it("LazySimple's own delimiters are control characters; quotes are text", async () => {
  expect(await rows('"a"\u0001b\u0002c\u0001k\u0003v\n', '(a string, l array<string>, m map<string,string>) LOCATION')).toEqual([
    ['"a"', ['b', 'c'], { k: 'v' }],
  ])
  expect(await rows('1\t2\n', "(a int, b int) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' STORED AS TEXTFILE LOCATION")).toEqual([
    [1, 2],
  ])
  expect(await rows('1;NA\n', "(a int, b string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ';' NULL DEFINED AS 'NA' LOCATION")).toEqual([
    [1, null],
  ])
})

it('LazySimple: what does not fit its column is NULL, and told', async () => {
  const { rows: found, hints } = await read(
    'x,true,2024-02-30,1.005\n7,1,2024-02-29,2\n',
    `(a int, b boolean, d date, n decimal(5,2)) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION`,
  )
  expect(found).toEqual([
    [null, true, null, '1.01'],
    [7, null, '2024-02-29', '2.00'],
  ])
  expect(hints[0]).toMatch(/^2 rows of default\.t\d+ were rejected; the first is line 1 /)
  const strict = "(a int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION TBLPROPERTIES ('on_error' = 'fail')"
  expect(await rows('x\n', strict)).toMatch(/^HIVE_BAD_DATA: .*f\.txt, line 1: 'x' in column 'a' is not a valid integer$/)
})

it('OpenCSV: quotes, escapes, ragged rows, numbers as dates', async () => {
  const definition = `(id int, n string, x double, d date, t timestamp) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    WITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '"', 'escapeChar' = '\\\\')
    STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat' OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
    LOCATION TBLPROPERTIES ('classification' = 'csv', 'skip.header.line.count' = '1')`
  const text =
    'id,n,x,d,t\n"1","a ""q"" \\"z\\" \\\\","1.5","19782","1564610311000"\n2,"x,y",,2024-01-01,"2024-01-01 00:00:01"\n3,b\\c\n4,,1,,,more\n'
  expect(await rows(text, definition)).toEqual([
    [1, 'a "q" "z" \\', 1.5, '2024-02-29', '2019-07-31 21:58:31.000'],
    [2, 'x,y', null, '2024-01-01', '2024-01-01 00:00:01.000'],
    [3, 'bc', null, null, null],
    [4, '', 1, null, null],
  ])
  expect(await rows('id,n\n1,"open\n', definition)).toMatch(/^HIVE_BAD_DATA: .*line 2: malformed record$/)
  expect(await rows('1\n', "(a array<int>) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION")).toMatch(
    /^NOT_SUPPORTED: line 1:1: Column 'a': type array\(integer\) is not supported by OpenCSVSerde/,
  )
})

it('OpenX JSON: keys in any case, mappings, broken lines', async () => {
  const serde = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
  const text = '{"Id":1,"userName":"x","n":{"a":1},"ts":"t1"}\nnot json\n{"id":2,"USERNAME":null,"ts":"t2"}\n'
  expect(
    await rows(
      text,
      `(id int, username string, n struct<a:int>, ts1 string) ${serde} WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true', 'mapping.ts1' = 'ts') LOCATION`,
    ),
  ).toEqual([
    [1, 'x', [1], 't1'],
    [null, null, null, null],
    [2, null, null, 't2'],
  ])
  expect(await rows(text, `(id int) ${serde} LOCATION`)).toMatch(/^HIVE_BAD_DATA: .*line 2: the line is not a JSON object$/)
  expect(await rows('{"Id":1}\n', `(id int) ${serde} WITH SERDEPROPERTIES ('case.insensitive' = 'false') LOCATION`)).toEqual([[null]])
  expect(await rows('{"ID":1}\n', "(id int) ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' LOCATION")).toEqual([[1]])
})

it('what Weir does not read is refused', async () => {
  const refused = async (definition: string) => rows('x\n', definition)
  const supported =
    'is not supported; supported are Parquet, text (LazySimpleSerDe, OpenCSVSerde) and JSON (org.openx.data.jsonserde.JsonSerDe, org.apache.hive.hcatalog.data.JsonSerDe)'
  expect(
    await refused(
      "(a string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' WITH SERDEPROPERTIES ('input.regex' = '(.*)') LOCATION",
    ),
  ).toBe(`NOT_SUPPORTED: line 1:1: SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' ${supported}`)
  expect(await refused('(a string) STORED AS ORC LOCATION')).toBe(`NOT_SUPPORTED: line 1:1: STORED AS ORC ${supported}`)
  expect(await refused("(a string) LOCATION TBLPROPERTIES ('serialization.encoding' = 'windows-1252')")).toBe(
    "NOT_SUPPORTED: line 1:1: Table property 'serialization.encoding' = 'windows-1252' is not supported",
  )
})

it("CSV whose NULL is spelled with the escape, quote or delimiter is refused by name; Hive's text takes it", async () => {
  const create = async (name: string, properties: string) => {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'f.csv'), '1,\\N\n2,x\n')
    const { json } = await weir.sql(
      `CREATE TABLE "default".${name} (a int, b varchar) WITH (external_location = 'file://${folder}/${name}/', ${properties})`,
    )
    return json.error === undefined ? 'created' : `${json.error.name}: ${json.error.message}`
  }
  const header = `format = 'CSV', "csv.header" = 'false'`
  expect(await create('n1', `${header}, "csv.null" = '\\N', "csv.escape" = '\\'`)).toMatch(
    /^INVALID_TABLE_PROPERTY: .*Invalid value for table property 'csv\.null': '\\N' contains '\\', which is csv\.escape$/,
  )
  expect(await create('n2', `${header}, "csv.null" = '""'`)).toMatch(/contains '"', which is csv\.quote$/)
  expect(await create('n3', `${header}, "csv.null" = 'a;b', "csv.delimiter" = ';'`)).toMatch(/contains ';', which is csv\.delimiter$/)
  expect(await create('n4', `${header}, "csv.null" = '\\N'`)).toBe('created')
  expect((await weir.sql('SELECT * FROM n4 ORDER BY a')).json.rows).toEqual([
    [1, null],
    [2, 'x'],
  ])
})

it('JSON files: nested decimals keep their digits, dates are read, and what is too wide is refused with its file', async () => {
  const serde = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
  const definition = `(r struct<D:decimal(38,18),at:timestamp>, days array<date>) ${serde} LOCATION`
  const text = '{"R":{"d":12345678901234567890.123456789012345678,"at":"2024-02-29 01:02:03.5"},"days":["2024-02-29"]}\n'
  expect(await rows(text, definition)).toEqual([[['12345678901234567890.123456789012345678', '2024-02-29 01:02:03.500'], ['2024-02-29']]])
  expect(await rows('{"r":{"d":123456789012345678901234567890.5}}\n', definition)).toMatch(/^HIVE_BAD_DATA: .*f\.txt, line 1/)
})

it('JSON files: rows within rows cost their depth, not a power of it', async () => {
  const serde = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
  const depth = 6
  const nested = (inner: string, level: number): string => (level === 0 ? inner : `struct<f:${nested(inner, level - 1)},n:int>`)
  const value = (level: number): string => (level === 0 ? '1.5' : `{"f":${value(level - 1)},"n":${level}}`)
  const read = (level: number): unknown => (level === 0 ? '1.5' : [read(level - 1), level])
  expect(await rows(`{"r":${value(depth)}}\n`, `(r ${nested('decimal(3,1)', depth)}) ${serde} LOCATION`)).toEqual([[read(depth)]])
})
