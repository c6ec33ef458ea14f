import { describe, expect, test } from 'vitest'
import { inferJson } from '#connectors/formats/json/infer'
import type { Sample } from '#connectors/formats/sample'
import { formatType } from '#src/types/format'

const sample = (text: string, complete = true): Sample => ({
  location: 's3://lake/t.json',
  key: 't.json',
  bytes: Buffer.from(text),
  complete,
})
const infer = (...texts: readonly string[]) =>
  inferJson(texts.map((text) => sample(text))).columns.map(({ name, type }) => `${name} ${formatType(type)}`)

describe('JSON lines', () => {
  test.each([
    ['{"a":1,"b":1.5,"c":true,"d":"x","e":null}', ['a bigint', 'b double', 'c boolean', 'd varchar', 'e varchar']],
    ['{"d":"2024-01-31","t":"2024-01-31 10:00:00"}', ['d date', 't timestamp(3)']],
    ['{"n":"1","b":"true"}', ['n varchar', 'b varchar']],
    ['{"a":9223372036854775807}', ['a bigint']],
    ['{"a":9223372036854775808}', ['a double']],
    ['{"a":1e2}', ['a double']],
    ['{"a":[1,2.5,null]}', ['a array(double)']],
    ['{"a":[]}', ['a array(varchar)']],
    ['{"a":{"X":1,"y":{"z":"q"}}}', ['a row(x bigint, y row(z varchar))']],
    ['{"a":[{"x":1},{"y":"s"}]}', ['a array(row(x bigint, y varchar))']],
    ['{"a":{}}', ['a varchar']],
  ])('%s', (line, columns) => expect(infer(line)).toEqual(columns))

  test('lines are put together, missing keys and all', () => {
    expect(infer('{"a":1}\n{"b":"x"}\n\n{"a":2.5,"c":[1]}\n', '{"d":true}')).toEqual([
      'a double',
      'b varchar',
      'c array(bigint)',
      'd boolean',
    ])
  })
  test.each([
    ['{"a":1}\n{"a":"x"}'],
    ['{"a":1}\n{"a":{"b":1}}'],
    ['{"a":[1]}\n{"a":1}'],
    ['{"a":{"b":1}}\n{"a":[1]}'],
    ['{"a":true}\n{"a":1}'],
  ])('values without a common type are text: %j', (text) => expect(infer(text)).toEqual(['a varchar']))
  test('an integer beyond 2^53 beside fractions keeps its digits', () =>
    expect(infer('{"a":9007199254740993}\n{"a":0.5}')).toEqual(['a varchar']))

  test('spelling of keys', () => {
    expect(inferJson([sample('{"userId":1,"name":"x"}')]).properties).toEqual({ 'mapping.userid': 'userId' })
    expect(() => infer('{"id":1}\n{"ID":2}')).toThrow(
      expect.objectContaining({
        errorName: 'DUPLICATE_COLUMN_NAME',
        message: "Keys 'id' and 'ID' in s3://lake/t.json differ only by case",
      }),
    )
  })
  test('a cut last line and bad lines further down are passed over', () => {
    expect(inferJson([sample('{"a":1}\noops\n{"b', false)]).columns.map(({ name }) => name)).toEqual(['a'])
  })
  test('a byte order mark and CRLF', () => expect(infer('\ufeff{"a":1}\r\n{"a":2}\r\n')).toEqual(['a bigint']))
  test.each([['[{"a":1}]'], ['{\n  "a": 1\n}'], ['"text"']])('%j is refused', (text) => {
    expect(() => infer(text)).toThrow(
      expect.objectContaining({ errorName: 'HIVE_BAD_DATA', message: 'Malformed JSON file s3://lake/t.json: line 1 is not a JSON object' }),
    )
  })
})
