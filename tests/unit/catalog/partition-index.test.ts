import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeyDomain, PartitionFilter } from '#catalog/partitions/discovery'
import { inDomain } from '#catalog/partitions/key-domain'
import { parseKeyValue } from '#catalog/partitions/key-types'
import { PartitionIndex } from '#catalog/partitions/partition-index'
import { PartitionIndexes } from '#catalog/partitions/partition-indexes'
import { hiveSegment } from '#catalog/partitions/path'
import type { PartitionPageRequest, RegisteredPartition } from '#catalog/store/store'
import { INTEGER, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'

const KEYS = [
  { name: 'dt', type: VARCHAR },
  { name: 'h', type: INTEGER },
]
const nameOf = (dt: string | null, h: string | null) => `${hiveSegment('dt', dt)}/${hiveSegment('h', h)}`
const filterOf = (domains: readonly (KeyDomain | undefined)[]): PartitionFilter => ({
  constrained: domains.map((domain) => domain !== undefined),
  domains,
  keep: async (tuples) =>
    tuples.map((tuple) => tuple.every((value, level) => inDomain(domains[level], value, KEYS[level]?.type ?? VARCHAR))),
})

describe('PartitionIndex', () => {
  const bound = <T>(value: fc.Arbitrary<T>) => fc.option(fc.record({ value, inclusive: fc.boolean() }), { nil: undefined })
  const domain = (value: fc.Arbitrary<Value>) =>
    fc.option(
      fc.record({ nulls: fc.boolean(), ranges: fc.array(fc.record({ low: bound(value), high: bound(value) }), { maxLength: 1 }) }),
      { nil: undefined },
    )
  const dts = fc.option(fc.constantFrom('2024-01-01', '2024-01-02', 'a/b', 'ü', '%41'), { nil: null })
  const hours = fc.option(fc.constantFrom('0', '05', '5', '-3', '23'), { nil: null })

  it('selects what asking every partition would', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(dts, hours), { maxLength: 40 }),
        domain(fc.constantFrom<Value>('2024-01-01', '2024-01-02', 'b')),
        domain(fc.constantFrom<Value>(0n, 5n, 7n)),
        async (tuples, dt, h) => {
          const index = new PartitionIndex(KEYS)
          index.add(tuples.map(([day, hour]) => ({ name: nameOf(day, hour) })))
          const wanted = tuples.map(
            ([day, hour]) =>
              inDomain(dt, day, VARCHAR) && inDomain(h, hour === null ? null : (parseKeyValue(INTEGER, hour) as Value), INTEGER),
          )
          const rows = await index.select(filterOf([dt, h]))
          expect([...rows]).toEqual([...wanted.keys()].filter((row) => wanted[row]))
          for (const [row, [day, hour]] of tuples.entries()) {
            expect(index.partition(row)).toMatchObject({
              name: nameOf(day, hour),
              values: [day, hour === null ? null : parseKeyValue(INTEGER, hour)],
            })
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('says what is registered, however it is spelled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(dts, hours), { maxLength: 10 }), fc.tuple(dts, hours), async (tuples, [dt, hour]) => {
        const index = new PartitionIndex(KEYS)
        index.add(tuples.map(([day, h]) => ({ name: nameOf(day, h) })))
        const valuesOf = (day: string | null, h: string | null): readonly Value[] => [day, h === null ? null : BigInt(h)]
        const has = await index.has()
        for (const [day, h] of tuples) expect(has(valuesOf(day, h))).toBe(true)
        expect(has(valuesOf(dt, hour))).toBe(
          tuples.some(([day, h]) => day === dt && (h === hour || Number(h ?? '9') === Number(hour ?? '9'))),
        )
        expect(has(['none', 1n])).toBe(false)
      }),
    )
  })

  it('says what is registered where there are more combinations of values than numbers', async () => {
    const keys = ['a', 'b', 'c', 'd'].map((name) => ({ name, type: INTEGER }))
    const index = new PartitionIndex(keys)
    index.add(Array.from({ length: 10_000 }, (_, at) => ({ name: `a=${at}/b=${at}/c=${at}/d=${at}` })))
    const has = await index.has()
    expect(has([9999n, 9999n, 9999n, 9999n])).toBe(true)
    expect(has([9999n, 9999n, 9999n, 9998n])).toBe(false)
    const found: string[] = []
    for await (const { name } of index.all()) found.push(name)
    expect([found.length, found.at(-1)]).toEqual([10_000, 'a=9999/b=9999/c=9999/d=9999'])
  })

  it('finds a partition however its value is spelled, and tells names that do not fit', () => {
    const index = new PartitionIndex(KEYS)
    index.add([
      { name: 'dt=a/h=05' },
      { name: 'dt=a/h=x' },
      { name: 'dt=a' },
      { name: 'h=1/dt=a' },
      { name: 'dt=b/h=5', location: 's3://b/x/' },
    ])
    expect(index.count).toBe(2)
    expect(index.find(['a', 5n])).toEqual([0])
    expect(index.partition(1).location).toBe('s3://b/x/')
    expect(index.bad.map(({ name, key }) => `${name}: ${key}`)).toEqual(['dt=a/h=x: h', 'dt=a: h', 'h=1/dt=a: dt'])
    expect(index.newest()?.name).toBe('dt=b/h=5')
  })

  it('finds partitions among a million in milliseconds', async () => {
    const index = new PartitionIndex(KEYS)
    const days = Array.from({ length: 41_667 }, (_, day) => `d${String(day).padStart(6, '0')}`)
    for (const day of days) index.add(Array.from({ length: 24 }, (_, hour) => ({ name: `dt=${day}/h=${hour}` })))
    expect(index.count).toBe(1_000_008)
    const point = (value: Value): KeyDomain => ({
      nulls: false,
      ranges: [{ low: { value, inclusive: true }, high: { value, inclusive: true } }],
    })
    const times: number[] = []
    await index.select(filterOf([point('d000001'), undefined]))
    for (let round = 0; round < 40; round++) {
      const start = performance.now()
      const rows = await index.select(filterOf([point(days[round * 1000] as string), round % 2 === 0 ? point(7n) : undefined]))
      times.push(performance.now() - start)
      expect(rows.length).toBe(round % 2 === 0 ? 1 : 24)
    }
    // The least: what else the machine does is not measured. A look at every partition would take longer by far.
    expect(Math.min(...times)).toBeLessThan(60)
  })
})

describe('PartitionIndexes', () => {
  const table = {
    schema: 's',
    name: 't',
    format: 'csv' as const,
    location: 's3://b/t/',
    columns: [],
    partitionKeys: KEYS,
    properties: {},
    id: 7,
    version: 1,
  }

  /** A store whose pages hold two partitions. */
  function storeOf(state: { version: number; removed: number; partitions: (RegisteredPartition & { readonly version: number })[] }) {
    const requests: PartitionPageRequest[] = []
    return {
      requests,
      readPartitions: async (_id: number, request: PartitionPageRequest) => {
        requests.push(request)
        const partitions = state.partitions
          .filter(({ name, version }) => version > request.since && version <= (request.until ?? version) && name > (request.after ?? ''))
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .slice(0, 2)
        return { version: state.version, removed: state.removed, partitions }
      },
    }
  }

  it('reads only what was added, until something is removed', async () => {
    const state = { version: 5, removed: 0, partitions: ['a', 'b', 'c'].map((dt) => ({ name: `dt=${dt}/h=1`, version: 5 })) }
    const store = storeOf(state)
    const indexes = new PartitionIndexes(store)
    expect((await indexes.get({ ...table, partitionsVersion: 5 })).count).toBe(3)
    const first = store.requests.length
    await indexes.get({ ...table, partitionsVersion: 5 })
    expect(store.requests.length).toBe(first)
    state.partitions.push({ name: 'dt=0/h=1', version: 6 })
    state.version = 6
    expect((await indexes.get({ ...table, partitionsVersion: 6 })).count).toBe(4)
    expect(store.requests.slice(first).map(({ since }) => since)).toEqual([5, 5])
    state.partitions.shift()
    Object.assign(state, { version: 8, removed: 8 })
    const index = await indexes.get({ ...table, partitionsVersion: 8 })
    expect(Array.from({ length: index.count }, (_, row) => index.partition(row).name).sort()).toEqual(['dt=0/h=1', 'dt=b/h=1', 'dt=c/h=1'])
  })
})
