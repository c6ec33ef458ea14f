import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ParquetFooter, RowGroup } from '#connectors/formats/parquet/footer'
import { readFooter } from '#connectors/formats/parquet/read-footer'
import { spliceFooter } from '#connectors/formats/parquet/splice'
import { createStores, newRequestCounter } from '#connectors/storage/registry'
import { formatType } from '#src/types/format'
import { duck } from '#tests/support/duck'
import { startS3Server } from '#tests/support/s3-server'
import { footerOf } from '#tests/support/scan-plans'

const FIXTURES = join(import.meta.dirname, '../../fixtures/parquet')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-footer-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fixture = async (name: string) => {
  const path = join(FIXTURES, `${name}.parquet`)
  const bytes = await readFile(path)
  return { path, bytes, footer: footerOf(bytes) }
}
const typesOf = (footer: ParquetFooter) =>
  footer.columns.map(
    (column) => `${column.name}: ${column.type === undefined ? column.unsupported : formatType(column.type)} (${column.physical})`,
  )

const withoutFilters = (group: RowGroup | undefined) =>
  group && { ...group, chunks: group.chunks.map(({ bloomFilter: _, ...chunk }) => chunk) }

describe('types', () => {
  test.each([
    ['int96', ['t: timestamp(6) (int96)']],
    ['nanoseconds', ['t: timestamp(6) (timestamp-nanos)', 'u: timestamp(6) (timestamp-nanos-utc)', 'c: time(6) (time-nanos)']],
    [
      'times',
      [
        'ms: timestamp(3) (timestamp-millis)',
        'us_utc: timestamp(6) (timestamp-micros-utc)',
        'c_ms: time(3) (time-millis)',
        'c_us: time(6) (time-micros)',
        'd: date (date)',
      ],
    ],
    [
      'unsigned',
      [
        'u8: smallint (uint8)',
        'u16: integer (uint16)',
        'u32: bigint (uint32)',
        'u64: decimal(20,0) (uint64)',
        'i8: tinyint (int8)',
        'i16: smallint (int16)',
      ],
    ],
    ['decimals-fixed', ['d5: decimal(5,2) (decimal)', 'd18: decimal(18,4) (decimal)', 'd38: decimal(38,2) (decimal)']],
    ['decimals-integer', ['d5: decimal(5,2) (decimal)', 'd18: decimal(18,4) (decimal)', 'd38: decimal(38,2) (decimal)']],
    [
      'nested',
      [
        'l: array(integer) (array(int32))',
        's: row(a bigint, b row(c varchar)) (row("a":int64,"b":row("c":string)))',
        'm: map(varchar, bigint) (map(string,int64))',
        'ls: array(row(x bigint, y array(varchar))) (array(row("x":int64,"y":array(string))))',
        'one: array(row(x bigint)) (array(row("x":int64)))',
        'r: array(integer) (array(int32))',
        'after: integer (int32)',
      ],
    ],
    [
      'others',
      [
        'nul: unknown (null)',
        'f16: real (float16)',
        'f: real (float)',
        'g: double (double)',
        'b: varbinary (binary)',
        'fixed: varbinary (binary)',
        'uu: uuid (uuid)',
        'j: varchar (string)',
        's: varchar (string)',
        'long: varchar (string)',
        'flag: boolean (boolean)',
        'dict: varchar (string)',
      ],
    ],
  ])('%s', async (name, types) => expect(typesOf((await fixture(name)).footer)).toEqual(types))
})

/** DuckDB's expression for a column's values in the form of src/types/value.ts, as text. */
function oracleForm(column: string, type: string, physical: string): string {
  if (type.startsWith('decimal') && physical === 'decimal') return `replace(CAST(${column} AS VARCHAR), '.', '')::HUGEINT::VARCHAR`
  if (type === 'date') return `(${column} - DATE '1970-01-01')::VARCHAR`
  if (type.startsWith('timestamp')) return `epoch_us(CAST(${column} AS TIMESTAMP))::VARCHAR`
  if (type.startsWith('time')) return `(epoch_us(DATE '1970-01-01' + CAST(${column} AS TIME)))::VARCHAR`
  if (type === 'real' || type === 'double') return `${column}::DOUBLE::VARCHAR`
  return `${column}::VARCHAR`
}

describe('statistics against the data themselves', () => {
  test.each(['nanoseconds', 'times', 'unsigned', 'decimals-fixed', 'decimals-integer', 'others', 'nulls'])('%s', async (name) => {
    const { path, footer } = await fixture(name)
    expect(footer.rowGroups.map((group) => group.rows)).toEqual([100, 100, 100])
    for (const [index, column] of footer.columns.entries()) {
      const type = formatType(column.type ?? { kind: 'unknown' })
      if (type === 'unknown' || type === 'varbinary' || type === 'uuid') continue
      for (const [group, { chunks }] of footer.rowGroups.entries()) {
        const statistics = chunks[index]?.statistics
        const form = (what: string) => oracleForm(what, type, column.physical)
        const from = `FROM '${path}' WHERE file_row_number BETWEEN ${group * 100} AND ${group * 100 + 99}`
        const [[min, max, nulls]] = (await duck(
          `SELECT ${form(`min("${column.name}")`)}, ${form(`max("${column.name}")`)}, count(*) - count("${column.name}") ${from}`,
        )) as [[string | null, string | null, string]]
        const where = `${column.name}, row group ${group}`
        expect(statistics?.nullCount, where).toBe(Number(nulls))
        if (['float16', 'string', 'float'].includes(column.physical)) continue
        const nanos = column.physical.includes('nanos')
        if (nanos) {
          // Bounds are rounded outwards, the oracle's cast towards zero.
          expect([0, 1], where).toContain(Number(min) - Number(statistics?.min))
          expect([0, 1], where).toContain(Number(statistics?.max) - Number(max))
        } else expect([text(statistics?.min), text(statistics?.max)], where).toEqual([min, max])
        expect(statistics?.minExact, where).toBe(min !== null && column.physical !== 'double' && !nanos)
      }
    }
  })
  const text = (value: unknown) => {
    if (value === undefined) return null
    if (typeof value === 'number') return Object.is(value, -0) ? '-0.0' : Number.isInteger(value) ? value.toFixed(1) : String(value)
    return String(value)
  }

  test('INT96, NaN and 16-bit floats have no bounds', async () => {
    const int96 = await fixture('int96')
    expect(int96.footer.rowGroups.map(({ chunks }) => chunks[0]?.statistics)).toEqual([undefined, undefined, undefined])
    const { footer } = await fixture('others')
    const of = (name: string) =>
      footer.rowGroups.map(({ chunks }) => chunks[footer.columns.findIndex((column) => column.name === name)]?.statistics)
    expect(of('f16').map((statistics) => statistics?.min)).toEqual([undefined, undefined, undefined])
    expect(of('uu').map((statistics) => statistics?.min)).toEqual([undefined, undefined, undefined])
  })
  test('strings are bounded in code point order', async () => {
    const { footer } = await fixture('others')
    const s = footer.rowGroups[0]?.chunks[footer.columns.findIndex((column) => column.name === 's')]?.statistics
    // U+E000 sorts before U+10001 by code point, though its UTF-16 unit is greater than a surrogate.
    expect(s).toEqual({ nullCount: 0, min: '\ue000', max: String.fromCodePoint(0x10000 + 99), minExact: true, maxExact: true })
  })
  test('bytes are bounds', async () => {
    const { footer } = await fixture('others')
    const fixed = footer.rowGroups[1]?.chunks[footer.columns.findIndex((column) => column.name === 'fixed')]?.statistics
    expect(fixed).toMatchObject({ min: new Uint8Array([0, 0, 0, 100]), max: new Uint8Array([0, 0, 0, 199]) })
  })
})

describe('files of DuckDB', () => {
  test.each(['snappy', 'zstd', 'gzip', 'brotli', 'lz4_raw', 'uncompressed'])(
    '%s: ranges and bounds as parquet_metadata says',
    async (codec) => {
      const path = join(folder, `${codec}.parquet`)
      await duck(`COPY (SELECT i AS big, i::INTEGER AS small, (i % 7)::UTINYINT AS u8, i::DECIMAL(9, 3) AS d, 's' || (i % 50) AS s, i % 2 = 0 AS flag,
      DATE '2020-01-01' + (i % 900)::INTEGER AS day, CASE WHEN i % 3 = 0 THEN NULL ELSE i * 1000 END AS maybe FROM range(50000) r(i))
      TO '${path}' (FORMAT parquet, CODEC '${codec}', ROW_GROUP_SIZE 8192)`)
      const footer = footerOf(await readFile(path))
      const rows =
        (await duck(`SELECT row_group_id, column_id, least(coalesce(nullif(dictionary_page_offset, 0), data_page_offset), data_page_offset),
      total_compressed_size, stats_null_count, stats_min_value, stats_max_value, row_group_num_rows FROM parquet_metadata('${path}') ORDER BY ALL`)) as [
          string,
          string,
          string,
          string,
          string,
          string,
          string,
          string,
        ][]
      expect(rows).toHaveLength(footer.rowGroups.length * footer.columns.length)
      for (const [group, column, start, length, nulls, min, max, count] of rows) {
        const chunk = footer.rowGroups[Number(group)]?.chunks[Number(column)]
        expect(footer.rowGroups[Number(group)]?.rows).toBe(Number(count))
        expect(chunk?.ranges).toEqual([{ start: Number(start), length: Number(length) }])
        expect(chunk?.statistics?.nullCount).toBe(Number(nulls))
        const { name } = footer.columns[Number(column)] as { name: string }
        if (['big', 'small', 'u8', 'flag', 's', 'maybe'].includes(name))
          expect([String(chunk?.statistics?.min), String(chunk?.statistics?.max)]).toEqual([min, max])
      }
    },
  )

  test('a spliced unit holds exactly its row groups; bloom filters are gone', async () => {
    const path = join(folder, 'bloom.parquet')
    await duck(
      `COPY (SELECT i, 'k' || (i % 300) AS k, [i, i + 1] AS l, {'a': i} AS s FROM range(40000) r(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 4096, KV_METADATA {note: 'kept'})`,
    )
    const bytes = await readFile(path)
    const footer = footerOf(bytes)
    expect(await duck(`SELECT count(*) > 0 FROM parquet_metadata('${path}') WHERE bloom_filter_offset IS NOT NULL`)).toEqual([[true]])
    for (const kept of [[0], [3], [9], [0, 9], [1, 2, 7], footer.rowGroups.map((_, index) => index), []]) {
      const unit = join(folder, 'unit.parquet')
      await writeFile(unit, Buffer.concat([bytes.subarray(0, footer.fileSize - footer.footerSize), spliceFooter(footer, kept)]))
      const where = kept.length === 0 ? 'false' : `i // 4096 IN (${kept.join()})`
      const digest = 'count(*), sum(i), min(k), max(k), sum(l[2]), sum(s.a)'
      expect(await duck(`SELECT ${digest} FROM '${unit}'`)).toEqual(await duck(`SELECT ${digest} FROM '${path}' WHERE ${where}`))
      expect(await duck(`SELECT count(*) FROM '${unit}' WHERE k = 'k7'`)).toEqual(
        await duck(`SELECT count(*) FROM '${path}' WHERE k = 'k7' AND ${where}`),
      )
      expect(await duck(`SELECT count(*) FROM parquet_metadata('${unit}') WHERE bloom_filter_offset IS NOT NULL`)).toEqual([['0']])
      expect(await duck(`SELECT decode(key), decode(value) FROM parquet_kv_metadata('${unit}') WHERE decode(key) = 'note'`)).toEqual([
        ['note', 'kept'],
      ])
      const spliced = footerOf(await readFile(unit))
      expect(spliced.rowGroups).toEqual(kept.map((index) => withoutFilters(footer.rowGroups[index])))
    }
  })

  test('pyarrow files with page indexes and nested columns can be spliced', async () => {
    for (const name of ['others', 'nested', 'decimals-fixed']) {
      const { path, bytes, footer } = await fixture(name)
      const unit = join(folder, 'unit2.parquet')
      await writeFile(unit, Buffer.concat([bytes.subarray(0, footer.fileSize - footer.footerSize), spliceFooter(footer, [1])]))
      expect(await duck(`SELECT * FROM '${unit}'`)).toEqual(await duck(`SELECT * FROM '${path}' WHERE file_row_number BETWEEN 100 AND 199`))
    }
  })
})

describe('reading footers from a store', () => {
  test('one GET for a short footer, two for a long one, under the version', async () => {
    const path = join(folder, 'wide.parquet')
    const columns = Array.from({ length: 800 }, (_, index) => `i + ${index} AS column_with_a_long_name_${index}`)
    await duck(`COPY (SELECT ${columns.join()} FROM range(5000) r(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`)
    const wide = await readFile(path)
    const server = await startS3Server({ buckets: ['lake'] })
    server.put('lake', 'wide.parquet', wide)
    server.put('lake', 'small.parquet', (await fixture('int96')).bytes)
    const counter = newRequestCounter()
    const stores = createStores({ env: server.env, counter })
    const store = stores.storeFor({ scheme: 's3', name: 'lake' })
    const read = async (key: string) => {
      const info = await store.head(key)
      counter.get = 0
      const footer = await readFooter(store, info)
      return { footer, gets: counter.get, info }
    }
    expect(await read('small.parquet')).toMatchObject({ gets: 1, footer: { rows: 300 } })
    const { footer, gets, info } = await read('wide.parquet')
    expect(footer.footerSize).toBeGreaterThan(64 * 1024)
    expect(gets).toBe(2)
    expect(footer).toEqual(footerOf(wide))
    server.put('lake', 'wide.parquet', wide.subarray(1))
    await expect(readFooter(store, info)).rejects.toMatchObject({ kind: 'changed' })
    await stores.close()
    await server.close()
  })
})
