import { describe, expect, it } from 'vitest'
import { inferKeyType, parseKeyValue } from '#catalog/partitions/key-types'
import { decodePathName, parseKeySegment, placeFolder } from '#catalog/partitions/path'
import { formatType } from '#src/types/format'
import { parseType } from '#src/types/parse'
import { duck } from '#tests/support/duck'

describe('values of key folders', () => {
  it.each([
    ['integer', '2147483647', 2147483647n],
    ['integer', '2147483648', undefined],
    ['integer', '-2147483648', -2147483648n],
    ['integer', '007', 7n],
    ['integer', '1.0', undefined],
    ['integer', '', undefined],
    ['integer', ' 1', undefined],
    ['tinyint', '128', undefined],
    ['bigint', '9223372036854775807', 9223372036854775807n],
    ['bigint', '9223372036854775808', undefined],
    ['varchar', '', ''],
    ['varchar(2)', '😀é', '😀é'],
    ['varchar(2)', 'abc', undefined],
    ['char(3)', 'ab  ', 'ab'],
    ['boolean', 'TRUE', true],
    ['boolean', '1', undefined],
    ['double', '1e3', 1000],
    ['double', '-Infinity', Number.NEGATIVE_INFINITY],
    ['double', '0x10', undefined],
    ['real', '0.1', Math.fround(0.1)],
    ['decimal(5,2)', '-1.5', -150n],
    ['decimal(5,2)', '1.500', 150n],
    ['decimal(5,2)', '1.505', undefined],
    ['decimal(5,2)', '1000', undefined],
    ['decimal(5,2)', '.', undefined],
    ['date', '2024-02-29', 19782n],
    ['date', '2023-02-29', undefined],
    ['date', '1969-12-31', -1n],
    ['date', '2024-1-1', undefined],
    ['timestamp(3)', '2024-01-01 10:00:00', 1704103200000000n],
    ['timestamp(3)', '2024-01-01 10:00:00.1230', 1704103200123000n],
    ['timestamp(3)', '2024-01-01 10:00:00.1234', undefined],
    ['timestamp(6)', '1969-12-31 23:59:59.999999', -1n],
    ['timestamp(0)', '2024-01-01', 1704067200000000n],
    ['timestamp(0)', '2024-01-01 24:00:00', undefined],
  ])('%s of %j', (type, text, value) => {
    expect(parseKeyValue(parseType(type), text)).toEqual(value)
  })

  it('are the days and microseconds that DuckDB counts', async () => {
    for (const text of ['0001-01-01', '1582-10-15', '1900-03-01', '2000-02-29', '9999-12-31']) {
      const [[days, micros]] = (await duck(`SELECT DATE '${text}' - DATE '1970-01-01', epoch_us(TIMESTAMP '${text} 12:34:56.789')`)) as [
        [string, string],
      ]
      expect(parseKeyValue(parseType('date'), text)).toBe(BigInt(days))
      expect(parseKeyValue(parseType('timestamp(3)'), `${text} 12:34:56.789`)).toBe(BigInt(micros))
    }
  })

  it('give a type to all of them together', () => {
    const inferred = (...texts: string[]) => formatType(inferKeyType(texts))
    expect(inferred()).toBe('varchar')
    expect(inferred('2024-01-01')).toBe('date')
    expect(inferred('2024-01-01', '20240101')).toBe('varchar')
    expect(inferred('20240101', '1')).toBe('integer')
    expect(inferred('20241301')).toBe('integer')
    expect(inferred('+1')).toBe('varchar')
    expect(inferred('-0', '0001')).toBe('integer')
    expect(inferred('3000000000', '-1')).toBe('bigint')
    expect(inferred('3000000000', 'a')).toBe('varchar')
  })
})

describe('key folders', () => {
  it('decode percent signs as Hive, Spark and Arrow write them', () => {
    expect(decodePathName('a%2Fb')).toBe('a/b')
    expect(decodePathName('2024-01-01 10%3A00%3A00')).toBe('2024-01-01 10:00:00')
    expect(decodePathName('100%')).toBe('100%')
    expect(decodePathName('%zz%4')).toBe('%zz%4')
    expect(decodePathName('S%C3%A3o')).toBe('São')
    expect(decodePathName('%F0%9F%98%80%3D')).toBe('😀=')
    expect(decodePathName('%E9')).toBe('é')
    expect(decodePathName('%EF%BB%BFx')).toBe('\ufeffx')
  })

  it('are read and placed', () => {
    expect(parseKeySegment('Year=2024')).toEqual({ key: 'year', value: '2024' })
    expect(parseKeySegment('a=b=c')).toEqual({ key: 'a', value: 'b=c' })
    expect(parseKeySegment('a=__HIVE_DEFAULT_PARTITION__')).toEqual({ key: 'a', value: null })
    expect(parseKeySegment('a=')).toEqual({ key: 'a', value: '' })
    expect(parseKeySegment('=a')).toBeUndefined()
    expect(parseKeySegment('data')).toBeUndefined()
    const keys = ['a', 'b']
    expect(placeFolder('A=1/b=2/', keys)).toEqual({ kind: 'partition', path: 'A=1/b=2', values: ['1', '2'] })
    expect(placeFolder('a=1/b=2/c=3/x/', keys)).toEqual({ kind: 'partition', path: 'a=1/b=2', values: ['1', '2'] })
    expect(placeFolder('b=2/a=1/', keys)).toEqual({ kind: 'misplaced' })
    expect(placeFolder('a=1/', keys)).toEqual({ kind: 'misplaced' })
    expect(placeFolder('', keys)).toEqual({ kind: 'misplaced' })
    expect(placeFolder('a=1/_tmp/b=2/', keys)).toEqual({ kind: 'hidden' })
    expect(placeFolder('_a=1/', ['_a'])).toEqual({ kind: 'partition', path: '_a=1', values: ['1'] })
    expect(placeFolder('', [])).toEqual({ kind: 'partition', path: '', values: [] })
  })
})
