import { describe, expect, it } from 'vitest'
import { addUnits, datePattern } from '#catalog/partitions/date-pattern'
import type { KeyDomain } from '#catalog/partitions/discovery'
import { projectionOf } from '#catalog/partitions/projection'
import { BIGINT, DATE, type Type, timestamp, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'

const NOW = new Date('2024-03-31T13:45:10.123Z')

/** The texts of a key's values under Athena's settings. */
function texts(type: Type, settings: Readonly<Record<string, string>>, domain?: KeyDomain): readonly string[] {
  return values(type, settings, domain).map(({ text }) => text)
}
function values(type: Type, settings: Readonly<Record<string, string>>, domain?: KeyDomain) {
  const properties = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`projection.k.${name}`, value]))
  const { keys } = projectionOf({ schema: 's', name: 't', location: 's3://bu/t/', partitionKeys: [{ name: 'k', type }], properties })
  return keys[0]?.values(domain, NOW) ?? []
}
const between = (low: Value, high: Value): KeyDomain => ({
  nulls: false,
  ranges: [{ low: { value: low, inclusive: true }, high: { value: high, inclusive: false } }],
})

describe('date patterns', () => {
  it('write and read what partition folders hold', () => {
    const instant = NOW.getTime()
    const cases: readonly (readonly [string, string])[] = [
      ['yyyy-MM-dd', '2024-03-31'],
      ['yyyy/MM/dd/HH', '2024/03/31/13'],
      ['yyyyMMdd', '20240331'],
      ["'day'=dd'_'MM-y", 'day=31_03-2024'],
      ['M/d/yyyy', '3/31/2024'],
      ['yyyy-MM-dd HH:mm:ss.SSS', '2024-03-31 13:45:10.123'],
    ]
    for (const [pattern, text] of cases) {
      expect(datePattern(pattern).format(instant)).toBe(text)
      expect(datePattern(pattern).format(datePattern(pattern).parse(text) as number)).toBe(text)
    }
    expect(datePattern('yyyy-MM-dd').parse('2023-02-29')).toBeUndefined()
    expect(datePattern('yyyy-MM-dd').parse('2023-2-9')).toBeUndefined()
    for (const bad of ['MM-dd', 'yyyy-EEE', 'yyy', 'YYYY-ww']) expect(() => datePattern(bad)).toThrow(/Invalid date format/)
  })

  it('months are of the calendar', () => {
    const day = (text: string) => Date.parse(`${text}T00:00:00Z`)
    expect(addUnits(day('2024-01-31'), 1, 'MONTHS')).toBe(day('2024-02-29'))
    expect(addUnits(day('2024-03-31'), -1, 'MONTHS')).toBe(day('2024-02-29'))
    expect(addUnits(day('2024-02-29'), -1, 'YEARS')).toBe(day('2023-02-28'))
    expect(addUnits(day('2024-02-29'), 2, 'WEEKS')).toBe(day('2024-03-14'))
  })
})

describe('projected values', () => {
  it('enum', () => {
    expect(texts(VARCHAR, { type: 'enum', values: 'b, a ,b' })).toEqual(['b', 'a'])
  })

  it('integer: digits, interval, and only what a predicate leaves', () => {
    expect(texts(VARCHAR, { type: 'integer', range: '8,11', digits: '3' })).toEqual(['008', '009', '010', '011'])
    expect(texts(BIGINT, { type: 'integer', range: '-10,10', interval: '5' })).toEqual(['-10', '-5', '0', '5', '10'])
    const huge = { type: 'integer', range: '0,9223372036854775807', interval: '7' }
    expect(texts(BIGINT, huge, between(14n, 29n))).toEqual(['14', '21', '28'])
    const one = { value: 700_000_000_000_000n, inclusive: true }
    expect(texts(BIGINT, huge, { nulls: false, ranges: [{ low: one, high: one }] })).toEqual(['700000000000000'])
    expect(() => texts(BIGINT, huge)).toThrow(/More than 2,000,000 values of k/)
  })

  it('date: bounds, NOW, intervals, types', () => {
    expect(texts(VARCHAR, { type: 'date', range: 'NOW-2DAYS,NOW', format: 'yyyy-MM-dd' })).toEqual([
      '2024-03-29',
      '2024-03-30',
      '2024-03-31',
    ])
    expect(texts(VARCHAR, { type: 'date', range: '2023-12,NOW', format: 'yyyy-MM' })).toEqual(['2023-12', '2024-01', '2024-02', '2024-03'])
    const hours = { type: 'date', range: 'NOW-1DAY, NOW', format: 'yyyy-MM-dd-HH', interval: '12', 'interval.unit': 'HOURS' }
    expect(texts(VARCHAR, hours)).toEqual(['2024-03-30-13', '2024-03-31-01', '2024-03-31-13'])
    expect(values(DATE, { type: 'date', range: '2024-01-01,2024-01-02', format: 'yyyy-MM-dd' })).toEqual([
      { value: 19723n, text: '2024-01-01' },
      { value: 19724n, text: '2024-01-02' },
    ])
    expect(values(timestamp(3), { type: 'date', range: '2024,2024', format: 'yyyy', interval: '1', 'interval.unit': 'YEARS' })).toEqual([
      { value: 1_704_067_200_000_000n, text: '2024' },
    ])
    expect(texts(VARCHAR, { type: 'date', range: '2024/01/01,NOW', format: 'yyyy/MM/dd' }, between('2024/02/28', '2024/03/02'))).toEqual([
      '2024/02/28',
      '2024/02/29',
      '2024/03/01',
    ])
  })

  it('folders by template, or as Hive names them', () => {
    const table = {
      schema: 's',
      name: 't',
      location: 's3://bu/t/',
      partitionKeys: [
        { name: 'dt', type: VARCHAR },
        { name: 'r', type: VARCHAR },
      ],
    }
    const keys = { 'projection.dt.type': 'injected', 'projection.r.type': 'injected' }
    expect(projectionOf({ ...table, properties: keys }).location(['a:b', 'c'])).toBe('s3://bu/t/dt=a%3Ab/r=c/')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is Athena's
    const template = { ...keys, 'storage.location.template': 's3://bu/x/${R}/${dt}' }
    expect(projectionOf({ ...table, properties: template }).location(['1', 'eu'])).toBe('s3://bu/x/eu/1/')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is Athena's
    const elsewhere = { ...keys, 'storage.location.template': 's3://other/${dt}/${r}/' }
    expect(() => projectionOf({ ...table, properties: elsewhere })).toThrow(/leaves the table's bucket/)
  })
})
