import { describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import { type JsonParameter, parseSqlBody, typedParameters } from '#src/protocols/rest/parameters'
import { formatType } from '#src/types/format'

const typed = (body: string) =>
  typedParameters((parseSqlBody(`{"parameters":${body}}`) as { parameters: JsonParameter[] }).parameters).map(({ type, value }) => [
    formatType(type),
    value,
  ])

describe('parameters', () => {
  it('take their types from JSON', () => {
    expect(typed('[null, true, "añ", 1, -2147483648, 2147483648, 1.5]')).toEqual([
      ['unknown', null],
      ['boolean', true],
      ['varchar(2)', 'añ'],
      ['integer', 1n],
      ['integer', -2147483648n],
      ['bigint', 2147483648n],
      ['double', 1.5],
    ])
  })

  it('keep every digit of integers and the form of doubles', () => {
    expect(typed('[9007199254740993, -9223372036854775808, 1.0, 1e3]')).toEqual([
      ['bigint', 9007199254740993n],
      ['bigint', -9223372036854775808n],
      ['double', 1],
      ['double', 1000],
    ])
  })

  it('take typed literals', () => {
    expect(
      typed(
        '[{"type":"date","value":"2024-02-29"},{"type":"decimal(5,2)","value":"1.50"},{"type":"bigint","value":7},{"type":"varchar","value":null}]',
      ),
    ).toEqual([
      ['date', 19782n],
      ['decimal(5,2)', 150n],
      ['bigint', 7n],
      ['varchar', null],
    ])
  })

  it('keep every digit of typed numbers', () => {
    expect(
      typed(
        '[{"type":"bigint","value":9007199254740993},{"type":"decimal(22,20)","value":1.23456789012345678901},{"type":"double","value":1e300}]',
      ),
    ).toEqual([
      ['bigint', 9007199254740993n],
      ['decimal(22,20)', 123456789012345678901n],
      ['double', 1e300],
    ])
  })

  it.each(['[1, "\\ud83d"]', '[1, {"type":"varchar","value":"a\\udc00"}]'])('refuse %s, which is no text', (body) => {
    expect(() => typed(body)).toThrow('Parameter 2: a surrogate stands alone, which is no valid text')
  })

  it.each(['[1, {"type":"date","value":"2024-02-30"}]', '[1, {"type":"no_such","value":"x"}]', '[1, 99999999999999999999]'])(
    'refuse %s by its place',
    (body) => {
      expect(() => typed(body)).toThrow(QueryError)
      expect(() => typed(body)).toThrow(/^Parameter 2: /)
    },
  )
})
