import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readBloomFilter } from '#connectors/formats/parquet/bloom-filter'
import type { ByteRange, ParquetFooter } from '#connectors/formats/parquet/footer'
import { plainForms } from '#connectors/formats/parquet/plain-value'
import { parseFooter } from '#connectors/formats/parquet/read-footer'
import { xxh64 } from '#connectors/formats/parquet/xxh64'
import type { Value } from '#src/types/value'
import { duck } from '#tests/support/duck'
import { footerOf } from '#tests/support/scan-plans'

/** Written by pyarrow: three row groups of a hundred rows; fixtures/parquet/make.py has the same formulas. */
const bytes = await readFile(join(import.meta.dirname, '../../fixtures/parquet/bloom.parquet'))
const footer = footerOf(bytes)

/** What a column holds for v, a multiple of three below 900 in the file. */
const VALUES: Readonly<Record<string, (v: number) => Value>> = {
  i32: (v) => BigInt(v),
  i64: (v) => BigInt(v) * 10_000_000_000n,
  u32: (v) => 4_294_967_295n - BigInt(v),
  f: (v) => v / 8,
  d: (v) => v / 8,
  s: (v) => `k${String(v).padStart(4, '0')}`,
  long: (v) => `k${String(v).padStart(4, '0')}`.repeat(8),
  b: (v) => Buffer.from(`k${String(v).padStart(4, '0')}`),
  dec9: (v) => BigInt(v - 100),
  dec30: (v) => BigInt(v - 100),
  day: (v) => BigInt(v - 300),
  ms: (v) => BigInt(v - 300) * 1000n,
  us: (v) => BigInt(v - 300),
  c: (v) => BigInt(v) * 1000n,
  id: (v) =>
    v
      .toString(16)
      .padStart(32, '0')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
}
const GROUP = 100
const STEP = 3

const cut = ({ start, length }: ByteRange): Uint8Array => bytes.subarray(start, start + length)
const filterOf = (from: ParquetFooter, group: number, column: number) => {
  const range = from.rowGroups[group]?.chunks[column]?.bloomFilter
  const filter = range && readBloomFilter(cut(range))
  if (filter === undefined) throw new Error('no bloom filter')
  return filter
}
const hashesOf = (column: number, value: Value): readonly bigint[] => {
  const schema = footer.columns[column]
  const forms = schema && plainForms(value, schema)
  if (forms === undefined) throw new Error(`no forms of ${value}`)
  return forms.map(xxh64)
}

test.each([
  // Of xxHash's own tests and of its ports' (ClickHouse, xxhash for Python).
  ['', 0xef46db3751d8e999n],
  ['a', 0xd24ec4f1a98c6e5bn],
  ['abc', 0x44bc2cf5ad770999n],
  ['ABC', 0xe66ae7354fcfee98n],
  ['xxhash', 0x32dd38952c4bc720n],
  ['message digest', 0x066ed728fceeb3ben],
  ['\0', 0xe934a84adb052768n],
  ['abcdefghijklmnopqrstuvwxyz', 0xcfe1f278fa89835cn],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 0xaaa46907d3047814n],
  ['1234567890'.repeat(8), 0xe04a477f19ee145dn],
])('XXH64 of %j', (text, hash) => {
  expect(xxh64(Buffer.from(text))).toBe(hash)
})

test.each(footer.columns.map(({ name }, column) => ({ name, column })))('pyarrow: $name', ({ name, column }) => {
  const value = VALUES[name] as (v: number) => Value
  let mistaken = 0
  for (const group of footer.rowGroups.keys()) {
    const filter = filterOf(footer, group, column)
    for (let row = 0; row < footer.rowGroups.length * GROUP; row++) {
      const inGroup = Math.floor(row / GROUP) === group
      const [hash] = hashesOf(column, value(row * STEP))
      const found = filter.mayContain(hash as bigint)
      if (inGroup) expect(found, `row ${row}`).toBe(true)
      else if (found) mistaken++
    }
  }
  // Written for one in a hundred, of 600 that are not there.
  expect(mistaken).toBeLessThan(30)
})

test('values that a column cannot hold have no form, and both zeros have one', () => {
  const column = (name: string) => footer.columns.findIndex((one) => one.name === name)
  expect(hashesOf(column('i32'), 2n ** 31n)).toEqual([])
  expect(hashesOf(column('u32'), -1n)).toEqual([])
  expect(hashesOf(column('ms'), 1500n)).toEqual([])
  expect(hashesOf(column('f'), 0.1)).toEqual([])
  expect(hashesOf(column('dec9'), 2n ** 31n)).toEqual([])
  expect(hashesOf(column('d'), -0)).toEqual(hashesOf(column('d'), 0))
  expect(new Set(hashesOf(column('d'), 0)).size).toBe(2)
  expect(plainForms(Number.NaN, footer.columns[column('d')] as (typeof footer.columns)[number])).toBeUndefined()
})

test('where a writer tells no length, a filter ends before the next one', () => {
  const metadata = Buffer.from(footer.metadata)
  const zigzag = (value: number): Buffer => {
    const digits: number[] = []
    for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
      digits.push(rest < 128 ? rest : (rest % 128) | 128)
      if (rest < 128) return Buffer.from(digits)
    }
  }
  let changed = 0
  for (const group of footer.rowGroups)
    for (const { bloomFilter } of group.chunks) {
      if (bloomFilter === undefined) continue
      // Field 14, an i64, then field 15, an i32: the length becomes a zero of as many bytes.
      const length = zigzag(bloomFilter.length)
      const at = metadata.indexOf(Buffer.concat([zigzag(bloomFilter.start), Buffer.from([0x15]), length]))
      expect(at).toBeGreaterThan(0)
      const zero = Buffer.alloc(length.length, 0x80)
      zero[zero.length - 1] = 0
      zero.copy(metadata, at + zigzag(bloomFilter.start).length + 1)
      changed++
    }
  expect(changed).toBe(footer.columns.length * footer.rowGroups.length)
  expect(parseFooter(metadata, bytes.length, 'test').rowGroups).toEqual(footer.rowGroups)
})

test.each([
  ['parquet-mr-trino version 464', 0],
  ['parquet-mr-trino version 476', footer.columns.length],
  ['parquet-mr version 1.13.1', footer.columns.length],
])('filters of %s', (createdBy, filters) => {
  const metadata = Buffer.from(footer.metadata)
  const writer = footer.createdBy ?? ''
  const at = metadata.indexOf(writer)
  expect(at).toBeGreaterThan(0)
  metadata.write(createdBy.padEnd(writer.length), at)
  const [group] = parseFooter(metadata, bytes.length, 'test').rowGroups
  expect(group?.chunks.flatMap(({ bloomFilter }) => bloomFilter ?? [])).toHaveLength(filters)
})

test('filters lie where DuckDB says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bloom-'))
  const path = join(folder, 'file.parquet')
  try {
    await duck(
      `COPY (SELECT i % 50 AS a, 'k' || (i % 70) AS s, random() AS r FROM range(6000) t(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    )
    const expected = await duck(
      `SELECT bloom_filter_offset::INTEGER, bloom_filter_length::INTEGER FROM parquet_metadata('${path}') ORDER BY row_group_id, column_id`,
    )
    const found = footerOf(await readFile(path)).rowGroups.flatMap(({ chunks }) =>
      chunks.map(({ bloomFilter }) => [bloomFilter?.start ?? null, bloomFilter?.length ?? null]),
    )
    expect(found).toEqual(expected)
    expect(found.filter(([start]) => start === null)).toHaveLength(3)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what is no whole filter of the known kind is not used', () => {
  const whole = Uint8Array.from(cut(footer.rowGroups[0]?.chunks[0]?.bloomFilter as ByteRange))
  expect(readBloomFilter(whole)).toBeDefined()
  for (let length = 0; length < whole.length; length++) expect(readBloomFilter(whole.subarray(0, length))).toBeUndefined()
  // The three unions: another member of any of them is another algorithm, hash or compression.
  const unions = [...whole.keys()].filter((at) => at < 16 && whole[at] === 0x1c && whole[at + 1] === 0x1c)
  expect(unions).toHaveLength(3)
  for (const at of unions) {
    const other = Uint8Array.from(whole)
    other[at + 1] = 0x2c
    expect(readBloomFilter(other)).toBeUndefined()
  }
})
