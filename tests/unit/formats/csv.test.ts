import { describe, expect, test } from 'vitest'
import { readHead } from '#connectors/formats/csv/head'
import { csvOptions } from '#connectors/formats/csv/options'
import { parseCsv } from '#connectors/formats/csv/records'
import { sniffCsv } from '#connectors/formats/csv/sniff'
import type { Sample } from '#connectors/formats/sample'
import { formatType } from '#src/types/format'

const sample = (text: string, complete = true): Sample => ({
  location: 's3://lake/t.csv',
  key: 't.csv',
  bytes: Buffer.from(text),
  complete,
})
const sniff = (texts: string | readonly string[], given: Record<string, string> = {}) => {
  const { columns, properties } = sniffCsv(
    (typeof texts === 'string' ? [texts] : texts).map((text) => sample(text)),
    given,
  )
  return { columns: columns.map(({ name, type }) => `${name} ${formatType(type)}`), properties }
}
const DIALECT = { delimiter: ',', quote: '"', escape: '"' }

describe('records', () => {
  const rows = (text: string, dialect = DIALECT, complete = true) =>
    parseCsv(text, dialect, complete).records.map((record) => record.map((field) => field.text))

  test.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a\rb\r', [['a'], ['b']]],
    ['"a,1","b\nc"\n', [['a,1', 'b\nc']]],
    ['"say ""hi""",x\n', [['say "hi"', 'x']]],
    [
      'a,,\n,,\n',
      [
        ['a', '', ''],
        ['', '', ''],
      ],
    ],
    ['\n\na,b\n\n', [['a', 'b']]],
    ['5" pipe,x\n', [['5" pipe', 'x']]],
  ])('%j', (text, expected) => expect(rows(text)).toEqual(expected))

  test('a backslash escapes', () => expect(rows('"a \\"b\\" \\\\",c\n', { ...DIALECT, escape: '\\' })).toEqual([['a "b" \\', 'c']]))
  test('a cut record at the end of a sample is left out', () => {
    expect(rows('a,b\n1,2', DIALECT, false)).toEqual([['a', 'b']])
    expect(rows('a,b\n"1,2\n3,4\n', DIALECT, false)).toEqual([['a', 'b']])
  })
  test.each(['"a"b,c\n', 'x,"open\n1,2\n'])('%j is malformed', (text) => expect(parseCsv(text, DIALECT, true).malformed).toBe(true))
})

describe('sniffing', () => {
  test('types, header, defaults', () => {
    expect(
      sniff('id,price,day,at,ok,name\n1,2.5,2024-02-29,2024-01-01 10:00:00,true,x\n-2,1e3,2023-12-31,2024-01-01 10:00:00.123,FALSE,\n'),
    ).toEqual({
      columns: ['id bigint', 'price double', 'day date', 'at timestamp(3)', 'ok boolean', 'name varchar'],
      properties: { 'csv.header': 'true' },
    })
  })
  test.each([
    ['leading zeros stay text', 'zip\n01234\n99999\n', 'zip varchar'],
    ['beyond bigint stays text', 'n\n9223372036854775808\n', 'n varchar'],
    ['least bigint', 'n\n-9223372036854775808\n', 'n bigint'],
    ['integers that a double rounds stay text beside fractions', 'n\n9007199254740993\n0.5\n', 'n varchar'],
    ['integers and fractions', 'n\n1\n0.5\n', 'n double'],
    ['no such day', 'd\n2023-02-29\n', 'd varchar'],
    ['dates and timestamps', 'd\n2023-02-28\n2023-02-28 01:02:03\n', 'd timestamp(3)'],
    ['microseconds stay text', 'd\n2023-02-28 01:02:03.123456\n', 'd varchar'],
    ['plus sign stays text', 'phone\n+49123\n', 'phone varchar'],
    ['quoted empty is a value', 'n,m\n1,2\n"",3\n', 'n varchar'],
    ['unquoted empty is NULL', 'n,m\n1,2\n,3\n', 'n bigint'],
    ['NaN and infinities', 'n\nNaN\n-Infinity\n1.5\n', 'n double'],
    ['overflowing number stays text', 'n\n1e999\n', 'n varchar'],
    ['only NULLs', 'n,m\n,1\n,2\n', 'n varchar'],
  ])('%s', (_name, text, first) => expect(sniff(text).columns[0]).toBe(first))

  test.each([
    ['a;b\n1;2,5\n3;4,5\n', ';', ['a bigint', 'b varchar']],
    ['a\tb\n1\t2\n', '\t', ['a bigint', 'b bigint']],
    ['a|b|c\n1|x, y|3\n2|z|4\n', '|', ['a bigint', 'b varchar', 'c bigint']],
  ])('delimiter of %j', (text, delimiter, columns) =>
    expect(sniff(text)).toEqual({ columns, properties: { 'csv.delimiter': delimiter, 'csv.header': 'true' } }),
  )
  test('delimiters inside of quotes do not count', () => {
    expect(sniff('name,n\n"a;b;c",1\n"d;e;f",2\n').columns).toEqual(['name varchar', 'n bigint'])
  })
  test('one column of prose is one column', () => {
    expect(sniff('comment\nnice, really\nwell; so, so, so\nfine\n').columns).toEqual(['comment varchar'])
  })
  test('single quotes', () => {
    expect(sniff("name,n\n'a, b',1\n'c',2\n")).toEqual({
      columns: ['name varchar', 'n bigint'],
      properties: { 'csv.quote': "'", 'csv.header': 'true' },
    })
  })
  test('backslash escapes', () => {
    expect(sniff('name,n\n"a \\"b\\", c",1\n"d",2\n').properties).toEqual({ 'csv.escape': '\\', 'csv.header': 'true' })
  })
  test('no header', () => {
    expect(sniff('1,x\n2,y\n')).toEqual({ columns: ['column_1 bigint', 'column_2 varchar'], properties: { 'csv.header': 'false' } })
  })
  test('all text: a header unless a name is a value as well', () => {
    expect(sniff('city,land\nrome,italy\n').properties['csv.header']).toBe('true')
    expect(sniff('rome,italy\nparis,france\nrome,italy\n').properties['csv.header']).toBe('false')
  })
  test("fields without a name: a header where other columns' types tell, and over pandas' row numbers", () => {
    expect(sniff(',a,b\n0,1,x\n1,2,y\n')).toEqual({
      columns: ['column_1 bigint', 'a bigint', 'b varchar'],
      properties: { 'csv.header': 'true' },
    })
    expect(sniff('a,,c\n1,2,3\n').columns).toEqual(['a bigint', 'column_2 bigint', 'c bigint'])
    expect(sniff(',city,land\n0,rome,italy\n1,paris,france\n').columns).toEqual(['column_1 bigint', 'city varchar', 'land varchar'])
  })
  test('a missing value in the first row is no nameless header', () => {
    expect(sniff('john,,rome\nmary,35,paris\n').properties['csv.header']).toBe('false')
    expect(sniff(',x\nu,y\n').properties['csv.header']).toBe('false')
    expect(sniff(',\n1,2\n').properties['csv.header']).toBe('false')
  })
  test('several files: names in another order, and more of them', () => {
    expect(sniff(['a,b\n1,x\n', 'b,a\nz,3\n', 'a,b,c\n4,w,9\n'])).toEqual({
      columns: ['a bigint', 'b varchar', 'c bigint'],
      properties: { 'csv.header': 'true' },
    })
  })
  test('all text in several files: a header if all begin alike', () => {
    expect(sniff(['a,b\nx,y\n', 'a,b\nz,w\n']).properties['csv.header']).toBe('true')
    expect(sniff(['a,b\nx,y\n', 'c,d\nz,w\n']).properties['csv.header']).toBe('false')
  })
  test('files with different columns', () => {
    expect(sniff(['a,b\n1,2\n', 'b,c\n2.5,x\n']).columns).toEqual(['a bigint', 'b double', 'c varchar'])
  })
  test('null texts', () => {
    expect(sniff('a,b\n1,\\N\n\\N,x\n')).toEqual({
      columns: ['a bigint', 'b varchar'],
      properties: { 'csv.null': '\\N', 'csv.header': 'true' },
    })
    expect(sniff('a,b\n1,x\nNA,y\n')).toEqual({
      columns: ['a bigint', 'b varchar'],
      properties: { 'csv.null': 'NA', 'csv.header': 'true' },
    })
    expect(sniff('a,b\n1,NA\n2,y\n').properties).toEqual({ 'csv.header': 'true' })
  })
  test('a null text that would cost another column its type is not taken', () => {
    expect(sniff('a,b\n1,1\nNA,\n').columns).toEqual(['a varchar', 'b bigint'])
  })
  test('given properties are kept', () => {
    expect(sniff('a;b\n1;2\n', { 'csv.delimiter': ',', 'csv.header': 'false' })).toEqual({
      columns: ['column_1 varchar'],
      properties: { 'csv.delimiter': ',', 'csv.header': 'false' },
    })
    expect(sniff('junk line\n1,2\n', { 'skip.header.line.count': '1' })).toEqual({
      columns: ['column_1 bigint', 'column_2 bigint'],
      properties: { 'skip.header.line.count': '1' },
    })
  })
  test('byte order mark, names with blanks and upper case, empty name', () => {
    expect(sniff('\ufeffUser ID, Name\n1,x\n').columns).toEqual(['user id bigint', 'name varchar'])
    expect(sniff('a,,c\n1,2,3\n', { 'csv.header': 'true' }).columns).toEqual(['a bigint', 'column_2 bigint', 'c bigint'])
  })
  test('names that differ only by case', () => {
    expect(() => sniff('id,ID\n1,2\n')).toThrow(
      expect.objectContaining({
        errorName: 'DUPLICATE_COLUMN_NAME',
        message: "The header of s3://lake/t.csv names one column twice: 'id' and 'ID'",
      }),
    )
  })
  test('UTF-16 and other bytes are refused', () => {
    const utf16 = { ...sample(''), bytes: Buffer.from('\ufeffa,b\n', 'utf16le') }
    expect(() => sniffCsv([utf16])).toThrow(
      expect.objectContaining({ errorName: 'HIVE_UNSUPPORTED_FORMAT', message: 'File s3://lake/t.csv is UTF-16, which is not supported' }),
    )
    const latin1 = { ...sample(''), bytes: Buffer.from('name\ncafé\n', 'latin1') }
    expect(() => sniffCsv([latin1])).toThrow(
      expect.objectContaining({ errorName: 'HIVE_BAD_DATA', message: 'File s3://lake/t.csv is not UTF-8 text' }),
    )
  })
  test('an empty file', () => {
    expect(() => sniff('\n\n')).toThrow(
      expect.objectContaining({ errorName: 'HIVE_BAD_DATA', message: 'CSV file s3://lake/t.csv has no records' }),
    )
  })
})

describe('the head of a file in a scan', () => {
  const head = (text: string, properties: Record<string, string>, columns = ['id', 'name']) =>
    readHead(text, true, csvOptions(properties), columns, 's3://lake/t.csv')

  test('names', () =>
    expect(head('Name,extra,ID\nx,y,1\n', { 'csv.header': 'true' })).toEqual({ columns: ['name', 'extra', 'id'], skip: 1 }))
  test('places', () => expect(head('1,x,y\n', { 'csv.header': 'false' })).toEqual({ columns: ['id', 'name', '#3'], skip: 0 }))
  test('places behind skipped lines', () =>
    expect(head('foo,bar\n1,x\n', { 'skip.header.line.count': '1' })).toEqual({ columns: ['id', 'name'], skip: 1 }))
  test('auto', () => {
    expect(head('id,name\n1,x\n', {})).toEqual({ columns: ['id', 'name'], skip: 1 })
    expect(head('1,x\n', {})).toEqual({ columns: ['id', 'name'], skip: 0 })
  })
  test('no records', () => expect(head('', { 'csv.header': 'true' })).toBeUndefined())
  test('a header of another table', () => {
    expect(() => head('x,y\n1,2\n', { 'csv.header': 'true' })).toThrow(
      expect.objectContaining({
        errorName: 'HIVE_BAD_DATA',
        message: "Malformed CSV file s3://lake/t.csv: its header names none of the table's columns (x, y)",
      }),
    )
  })
})
