/** Type texts, coercions, literals and the order of values, by Trino's documentation. */
import { describe, expect, test } from 'vitest'
import { canCast, canCoerce, commonSuperType } from '#src/types/coercion'
import { compareValues } from '#src/types/compare'
import { formatType, parseType, typeSignature, wireType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import { intervalLiteral } from '#src/types/interval'
import { decimalLiteral, parseLiteral, timeLiteral, timestampLiteral, tryParseLiteral } from '#src/types/literal'
import { normalizeZone } from '#src/types/zone'
import { failureOf } from '#tests/support/kernel-expressions'

const common = (a: string, b: string) => {
  const type = commonSuperType(parseType(a), parseType(b))
  return type && formatType(type)
}

describe('type texts', () => {
  test.each([
    ['decimal(9,4)', 'decimal(9,4)', 'decimal(9, 4)'],
    ['DECIMAL(9, 4)', 'decimal(9,4)', 'decimal(9, 4)'],
    ['map(varchar, decimal(3,1))', 'map(varchar, decimal(3,1))', 'map(varchar, decimal(3, 1))'],
    ['row(a bigint, "odd Name" varchar(3))', 'row(a bigint, "odd Name" varchar(3))', 'row(a bigint, "odd Name" varchar(3))'],
    ['row(bigint, double precision)', 'row(bigint, double)', 'row(bigint, double)'],
    ['row(day interval day to second)', 'row(day interval day to second)', 'row(day INTERVAL DAY TO SECOND)'],
    ['timestamp with time zone', 'timestamp(3) with time zone', 'timestamp(3) with time zone'],
    [
      'array<struct<a:int,b:map<string,float>>>',
      'array(row(a integer, b map(varchar, real)))',
      'array(row(a integer, b map(varchar, real)))',
    ],
    ['interval year to month', 'interval year to month', 'INTERVAL YEAR TO MONTH'],
  ])('%s', (text, shown, wire) => {
    const type = parseType(text)
    expect(formatType(type)).toBe(shown)
    expect(wireType(type)).toBe(wire)
    expect(formatType(parseType(shown))).toBe(shown)
  })

  test.each([
    ['nope', 'TYPE_NOT_FOUND: Unknown type: nope'],
    ['decimal(39,0)', 'TYPE_NOT_FOUND: Unknown type: decimal(39,0)'],
    ['array(integer', 'TYPE_NOT_FOUND: Unknown type: array(integer'],
    ['timestamp(9)', 'NOT_SUPPORTED: timestamp(9) is not supported: the highest precision is 6'],
  ])('%s is refused', async (text, error) => {
    expect(await failureOf(() => parseType(text))).toBe(error)
  })

  test('signatures', () => {
    expect(typeSignature(parseType('decimal(9,4)'))).toEqual({
      rawType: 'decimal',
      arguments: [
        { kind: 'LONG', value: 9 },
        { kind: 'LONG', value: 4 },
      ],
    })
    expect(typeSignature(parseType('varchar')).arguments).toEqual([{ kind: 'LONG', value: 2147483647 }])
    expect(typeSignature(parseType('row(a bigint, varchar(3))')).arguments).toEqual([
      { kind: 'NAMED_TYPE', value: { fieldName: { name: 'a' }, typeSignature: { rawType: 'bigint', arguments: [] } } },
      { kind: 'NAMED_TYPE', value: { typeSignature: { rawType: 'varchar', arguments: [{ kind: 'LONG', value: 3 }] } } },
    ])
  })
})

describe('coercions', () => {
  test.each([
    ['tinyint', 'bigint', 'bigint'],
    ['integer', 'decimal(12,2)', 'decimal(12,2)'],
    ['integer', 'decimal(3,2)', 'decimal(12,2)'],
    ['bigint', 'real', 'real'],
    ['decimal(38,0)', 'double', 'double'],
    ['decimal(5,2)', 'decimal(4,3)', 'decimal(6,3)'],
    ['varchar(2)', 'varchar(5)', 'varchar(5)'],
    ['varchar(2)', 'char(5)', 'char(5)'],
    ['date', 'timestamp(3)', 'timestamp(3)'],
    ['timestamp(0)', 'timestamp(3) with time zone', 'timestamp(3) with time zone'],
    ['unknown', 'date', 'date'],
    ['array(integer)', 'array(bigint)', 'array(bigint)'],
    ['row(a integer)', 'row(b double)', 'row(double)'],
    ['varchar', 'integer', undefined],
    ['date', 'varchar', undefined],
    ['interval day to second', 'interval year to month', undefined],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(common(a, b)).toBe(expected)
    expect(common(b, a)).toBe(expected)
  })

  test.each([
    ['integer', 'bigint', true],
    ['bigint', 'integer', false],
    ['varchar(3)', 'varchar', true],
    ['varchar', 'varchar(3)', false],
    ['char(3)', 'varchar', false],
    ['decimal(5,2)', 'decimal(4,2)', false],
    ['unknown', 'map(varchar, integer)', true],
  ])('%s to %s: %s', (from, to, expected) => {
    expect(canCoerce(parseType(from), parseType(to))).toBe(expected)
  })

  test.each([
    ['array(integer)', 'varchar', false],
    ['varchar', 'date', true],
    ['date', 'integer', false],
    ['row(a integer)', 'row(b varchar)', true],
    ['json', 'map(varchar, bigint)', true],
    ['double', 'timestamp(3)', false],
  ])('CAST(%s AS %s): %s', (from, to, expected) => {
    expect(canCast(parseType(from), parseType(to))).toBe(expected)
  })
})

describe('literals', () => {
  test.each([
    ['date', '2020-1-5', '2020-01-05'],
    ['date', '-0001-01-01', '-0001-01-01'],
    ['date', '302020-01-01', '+302020-01-01'],
    ['timestamp(3)', '2020-01-01 00:00:00.1235', '2020-01-01 00:00:00.124'],
    ['timestamp(0)', '1969-12-31 23:59:59.5', '1970-01-01 00:00:00'],
    ['timestamp(0) with time zone', '2020-03-08 02:30:00 America/New_York', '2020-03-08 03:30:00 America/New_York'],
    ['timestamp(0) with time zone', '2020-11-01 01:30:00 America/New_York', '2020-11-01 01:30:00 America/New_York'],
    ['timestamp(0) with time zone', '2020-01-01 00:00:00 +0530', '2020-01-01 00:00:00 +05:30'],
    ['time(3)', '01:02:03.456', '01:02:03.456'],
    ['decimal(10,2)', '1.005', '1.01'],
    ['decimal(10,2)', '1e2', '100.00'],
    ['double', '1e7', '1.0E7'],
    ['real', '16777216', '1.677722E7'],
    ['boolean', 'T', 'true'],
    ['char(4)', 'ab', 'ab  '],
    ['json', '{"b":1,"a":[1.50,{"d":2,"c":1}]}', '{"a":[1.5,{"c":1,"d":2}],"b":1}'],
    ['uuid', '12151FD2-7586-11E9-8F9E-2A86E4085A59', '12151fd2-7586-11e9-8f9e-2a86e4085a59'],
  ])('%s %s', (type, text, expected) => {
    const parsed = parseType(type)
    expect(formatValue(parseLiteral(text, parsed), parsed)).toBe(expected)
  })

  test.each([
    ['date', '2020/01/01'],
    ['date', '2020-02-30'],
    ['date', 'infinity'],
    ['timestamp(3)', '2020-01-01T00:00:00'],
    ['timestamp(3)', '2020-01-01 24:00:00'],
    ['integer', '1.5'],
    ['integer', '99999999999'],
    ['boolean', 'yes'],
    ['decimal(3,2)', '10'],
    ['json', '{bad'],
  ])('%s %s is none', (type, text) => {
    expect(tryParseLiteral(text, parseType(type))).toBeUndefined()
  })

  test('a literal has the type of its digits', () => {
    expect(formatType(timestampLiteral('2020-01-01 00:00:00.12').type)).toBe('timestamp(2)')
    expect(formatType(timestampLiteral('2020-01-01 00:00 Asia/Tokyo').type)).toBe('timestamp(0) with time zone')
    expect(formatType(timeLiteral('01:02:03').type)).toBe('time(0)')
    expect(formatType(decimalLiteral('1.50').type)).toBe('decimal(3,2)')
    expect(formatType(decimalLiteral('0.1').type)).toBe('decimal(1,1)')
  })

  test('failures name the text', async () => {
    expect(await failureOf(() => parseLiteral('x', parseType('date'), { at: { line: 1, column: 8 } }))).toBe(
      "INVALID_LITERAL: line 1:8: 'x' is not a valid DATE literal",
    )
    expect(await failureOf(() => timestampLiteral('2020-01-01 00:00:00.1234567'))).toBe(
      'NOT_SUPPORTED: timestamp(7) is not supported: the highest precision is 6',
    )
  })

  test.each([
    ['1', '+', 'day', undefined, '1 00:00:00.000'],
    ['36', '+', 'hour', undefined, '1 12:00:00.000'],
    ['1 02:03:04.5', '-', 'day', 'second', '-1 02:03:04.500'],
    ['2', '+', 'month', undefined, '0-2'],
    ['1-2', '+', 'year', 'month', '1-2'],
  ] as const)("interval '%s' %s %s", (text, sign, from, to, expected) => {
    const { type, value } = intervalLiteral(text, sign, from, to)
    expect(formatValue(value, type)).toBe(expected)
  })
})

describe('order of values', () => {
  test.each([
    ['double', 'NaN', 'Infinity', 1],
    ['varchar', '\u{1f600}', '\uffee', 1],
    ['varchar', 'a', 'ab', -1],
    ['char(2)', 'a\u0001', 'a', -1],
    ['timestamp(0) with time zone', '2020-01-01 09:00:00 Asia/Tokyo', '2020-01-01 00:00:00 UTC', 0],
    ['time(0) with time zone', '00:30:00+01:00', '00:00:00+00:00', 1],
    ['decimal(5,2)', '-1.50', '1.00', -1],
  ])('%s: %s and %s', (type, a, b, sign) => {
    const parsed = parseType(type)
    expect(Math.sign(compareValues(parseLiteral(a, parsed), parseLiteral(b, parsed), parsed))).toBe(sign)
  })
})

test.each([
  ['UTC', 'UTC'],
  ['utc', undefined],
  ['Z', 'UTC'],
  ['UTC+5', '+05:00'],
  ['Asia/Tokyo', 'Asia/Tokyo'],
  ['asia/tokyo', undefined],
  ['EST', undefined],
  ['+15:00', undefined],
  ['Mars/Base', undefined],
])('zone %s is %s', (text, expected) => {
  expect(normalizeZone(text)).toBe(expected)
})
