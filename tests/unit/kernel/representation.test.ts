/** The forms of stored values: what groups, sorts, joins and prints as Trino says. */
import { describe, expect, test } from 'vitest'
import { printExpr } from '#src/kernel/print/expression'
import { arrowForm, csvForm, equalityKey, jsonForm, literalText, orderKey, textForm } from '#src/kernel/representation'
import type { Expr } from '#src/logical/expression'
import { formatType, parseType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import { parseLiteral } from '#src/types/literal'
import { cmp, column, dec, op, openExpressionKernel } from '#tests/support/kernel-expressions'

const kernel = await openExpressionKernel()

const scalar = async (sql: string) => (await kernel.sql(`SELECT ${sql}`))[0]?.[0]

/** The values as a FROM item with one column x. */
const values = (type: string, texts: readonly (string | null)[]) =>
  `(VALUES ${texts.map((text) => `(${literalText(text === null ? null : parseLiteral(text, parseType(type)), parseType(type))})`).join(', ')}) AS v(x)`

describe('literals and texts agree with the types layer', () => {
  test.each([
    ['boolean', 'true'],
    ['tinyint', '-128'],
    ['integer', '-5'],
    ['bigint', '-9223372036854775808'],
    ['real', '0.1'],
    ['real', '-3.4028235e38'],
    ['double', '1e7'],
    ['double', '-1.23e-8'],
    ['double', '9007199254740993'],
    ['double', '-0'],
    ['double', 'NaN'],
    ['double', '-Infinity'],
    ['double', '5e-324'],
    ['decimal(38,2)', '-123456789012345678901234567890123456.78'],
    ['decimal(1,1)', '0.5'],
    ['decimal(2,2)', '-0.05'],
    ['decimal(37,37)', '-0.1234567890123456789012345678901234567'],
    ['decimal(38,38)', '0.12345678901234567890123456789012345678'],
    ['decimal(38,38)', '-0.99999999999999999999999999999999999999'],
    ['varchar', "it's é 😀"],
    ['char(5)', 'ab'],
    ['date', '2020-02-29'],
    ['date', '-0001-01-01'],
    ['date', '302020-01-01'],
    ['time(0)', '01:02:03'],
    ['time(2)', '23:59:59.99'],
    ['time(3) with time zone', '01:02:03.123+05:30'],
    ['timestamp(0)', '2020-01-01 00:00:00'],
    ['timestamp(1)', '1969-12-31 23:59:59.9'],
    ['timestamp(6)', '0001-01-01 00:00:00.000001'],
    ['timestamp(3) with time zone', '2020-07-01 00:00:00.123 America/New_York'],
    ['timestamp(0) with time zone', '2020-07-01 00:00:00 +05:30'],
    ['timestamp(6) with time zone', '1900-01-01 00:00:00.000001 UTC'],
    ['json', '{"a":1}'],
    ['uuid', '12151fd2-7586-11e9-8f9e-2a86e4085a59'],
  ])('%s %s', async (typeText, text) => {
    const type = parseType(typeText)
    const value = parseLiteral(text, type)
    expect(await scalar(textForm(literalText(value, type), type))).toBe(formatValue(value, type))
  })

  test.each([
    ['interval day to second', -5_400_000n],
    ['interval year to month', -3n],
  ] as const)('%s', async (kind, value) => {
    expect(await scalar(textForm(literalText(value, { kind }), { kind }))).toBe(formatValue(value, { kind }))
  })

  test('a NUL in a text', async () => {
    expect(await scalar(`length(${literalText('a\0b', parseType('varchar'))})`)).toBe('3')
  })
})

describe('timestamp with time zone', () => {
  const type = parseType('timestamp(0) with time zone')
  const texts = ['2020-01-01 09:00:00 Asia/Tokyo', '2020-01-01 00:00:00 UTC', '2020-01-01 00:00:01 UTC', null]

  test('groups by the instant', async () => {
    expect(await scalar(`count(DISTINCT ${equalityKey('x', type)}) FROM ${values(formatType(type), texts)}`)).toBe('2')
  })
  test('sorts by the instant', async () => {
    const rows = await kernel.sql(
      `SELECT ${textForm('x', type)} FROM ${values(formatType(type), ['2020-01-01 00:00:01 UTC', '2020-01-01 09:00:00 Asia/Tokyo', '2019-12-31 23:00:00 -01:00'])} ORDER BY ${orderKey('x', type)} DESC, x.z`,
    )
    expect(rows.flat()).toEqual(['2020-01-01 00:00:01 UTC', '2019-12-31 23:00:00 -01:00', '2020-01-01 09:00:00 Asia/Tokyo'])
  })
  test('is the instant in Arrow', async () => {
    expect(await scalar(`CAST(${arrowForm('x', type)} AS VARCHAR) FROM ${values(formatType(type), texts.slice(0, 1))}`)).toBe(
      '2020-01-01 00:00:00+00',
    )
  })
})

describe('char(n)', () => {
  const type = parseType('char(3)')

  test('blanks at the end do not count', async () => {
    expect(await scalar(`count(DISTINCT ${equalityKey('x', type)}) FROM ${values('char(3)', ['a', 'a ', 'b'])}`)).toBe('2')
  })
  test('sorts padded: a control character comes before the end', async () => {
    const rows = await kernel.sql(
      `SELECT ${textForm('x', type)} FROM ${values('char(3)', ['a', 'a\u0001', 'a!'])} ORDER BY ${orderKey('x', type)}`,
    )
    expect(rows.flat()).toEqual(['a\u0001 ', 'a  ', 'a! '])
  })
})

test('maps group in any order of their entries', async () => {
  const type = parseType('map(varchar, integer)')
  const maps = `(VALUES (map {'a': 1, 'b': 2}), (map {'b': 2, 'a': 1}), (map {'a': 1})) AS v(x)`
  expect(await scalar(`count(DISTINCT ${equalityKey('x', type)}) FROM ${maps}`)).toBe('2')
})

describe('JSON', () => {
  test.each([
    ['bigint', '9223372036854775807', '9223372036854775807'],
    ['double', '1', '1.0'],
    ['double', 'NaN', '"NaN"'],
    ['double', '-Infinity', '"-Infinity"'],
    ['double', '-0', '-0.0'],
    ['real', '0.1', '0.1'],
    ['decimal(2,2)', '0.05', '"0.05"'],
    ['decimal(9,4)', '12345.67', '"12345.6700"'],
    ['varbinary', 'a', '"YQ=="'],
    ['char(5)', 'ab', '"ab   "'],
    ['date', '2024-02-29', '"2024-02-29"'],
    ['timestamp(3)', '2024-01-02 03:04:05.1', '"2024-01-02 03:04:05.100"'],
    ['timestamp(0)', '2024-01-02 03:04:05', '"2024-01-02 03:04:05"'],
    ['timestamp(3) with time zone', '2024-01-02 03:04:05.123 America/New_York', '"2024-01-02 03:04:05.123 America/New_York"'],
    ['time(3) with time zone', '01:02:03.123+05:30', '"01:02:03.123+05:30"'],
    ['json', '{"a": 1}', '"{\\"a\\":1}"'],
  ])('%s %s', async (typeText, text, expected) => {
    const type = parseType(typeText)
    expect(await scalar(`CAST(json_array(${jsonForm(literalText(parseLiteral(text, type), type), type)}) AS VARCHAR)`)).toBe(
      `[${expected}]`,
    )
  })

  test('rows are arrays, maps objects with keys as text', async () => {
    const type = parseType('row(a map(integer, date), b array(decimal(3,1)), c row(d double))')
    const value = [{ entries: [[1n, 18262n]] }, [15n, null], [Number.NaN]] as const
    expect(await scalar(`CAST(json_array(${jsonForm(literalText(value, type), type)}) AS VARCHAR)`)).toBe(
      '[[{"1":"2020-01-01"},["1.5",null],["NaN"]]]',
    )
  })
  test('a NULL row is null', async () => {
    const type = parseType('row(a integer)')
    expect(await scalar(`CAST(json_array(${jsonForm(literalText(null, type), type)}) AS VARCHAR)`)).toBe('[null]')
  })
  test('CSV shows a double as JSON does', async () => {
    expect(await scalar(csvForm(literalText(1e7, parseType('double')), parseType('double')))).toBe('10000000.0')
  })
})

describe('what is printed', () => {
  const print = (expr: Expr, bounds?: (id: number) => { min: bigint; max: bigint } | undefined) =>
    printExpr(expr, { ...kernel.context, bounds })
  const price = column(1, 'decimal(15,2)')
  const discount = column(2, 'decimal(15,2)')
  const revenue = op('multiply', price, op('subtract', 1n, discount))

  test('comparisons stay bare', () => {
    expect(print(cmp('=', column(1, 'integer'), column(2, 'integer')))).toBe('(c1 = c2)')
    expect(print(cmp('<', column(1, 'date'), column(2, 'date')))).toBe('(c1 < c2)')
    expect(print(cmp('>=', price, dec('1.50')))).toContain('c1 >= ')
    expect(print(cmp('<', column(1, 'double'), 5))).toBe('(c1 < CAST(5e0 AS DOUBLE))')
  })
  test('a product is widened unless its bounds are known', () => {
    expect(print(revenue)).toBe('(CAST(c1 AS DECIMAL(19, 2)) * (CAST(1 AS DECIMAL(1, 0)) - c2))')
    expect(print(revenue, () => ({ min: 0n, max: 10_494_950n }))).toBe('(c1 * (CAST(1 AS DECIMAL(1, 0)) - c2))')
    expect(print(revenue, () => ({ min: 0n, max: 10n ** 12n }))).toContain('DECIMAL(19, 2)')
  })
  test('a divisor that is a literal has no guard', () => {
    expect(print(op('divide', column(1, 'integer'), 2n))).toBe('(c1 // 2)')
    expect(print(op('modulus', column(1, 'integer'), column(2, 'integer')))).toContain('CASE WHEN c2 = 0')
  })
  test('casts of constants are constants', () => {
    expect(
      print({
        kind: 'cast',
        type: parseType('date'),
        safe: false,
        value: { kind: 'literal', type: parseType('varchar(10)'), value: '2024-03-01' },
      }),
    ).toBe("DATE '2024-03-01'")
  })
  test('a random argument is drawn once', async () => {
    const random: Expr = { ...(op('add', 1n, 1n) as Expr & { kind: 'call' }) }
    const volatile: Expr = {
      ...random,
      function: { ...(random as Expr & { kind: 'call' }).function, deterministic: false, form: () => 'random()' },
      type: parseType('double'),
    } as Expr
    const between: Expr = {
      kind: 'between',
      type: { kind: 'boolean' },
      value: volatile,
      low: column(1, 'double'),
      high: column(2, 'double'),
    }
    expect(print(between).match(/random\(\)/g)).toHaveLength(1)
  })
})
