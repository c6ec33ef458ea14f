import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDictionary } from '#connectors/formats/parquet/dictionary-page'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { plainForms } from '#connectors/formats/parquet/plain-value'
import type { Value } from '#src/types/value'
import { duck } from '#tests/support/duck'
import { footerOf } from '#tests/support/scan-plans'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-dictionary-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Undefined: the footer tells of no dictionary that holds all values, or it cannot be read. */
async function dictionaryOf(bytes: Uint8Array, footer: ParquetFooter, group: number, name: string) {
  const index = footer.columns.findIndex((column) => column.name === name)
  const [page, column] = [footer.rowGroups[group]?.chunks[index]?.dictionary, footer.columns[index]]
  if (page === undefined || column?.primitive === undefined) return undefined
  const dictionary = await readDictionary(bytes.subarray(page.start, page.start + page.length), page.codec, column.primitive)
  return dictionary && ((value: Value) => plainForms(value, column)?.some((form) => dictionary.has(form)))
}

const COPIED = "i % 50 AS a, (i % 40)::INTEGER AS n, 'k' || (i % 30) AS s, (i % 20)::DOUBLE AS d, random() AS r"

test.each(['uncompressed', 'gzip', 'zstd', 'brotli'])('DuckDB, %s: exactly the values that occur', async (codec) => {
  const path = join(folder, `${codec}.parquet`)
  await duck(`COPY (SELECT ${COPIED} FROM range(6000) t(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048, CODEC ${codec})`)
  const bytes = await readFile(path)
  const footer = footerOf(bytes)
  for (const group of footer.rowGroups.keys()) {
    const [a, n, s, d, r] = await Promise.all(['a', 'n', 's', 'd', 'r'].map((name) => dictionaryOf(bytes, footer, group, name)))
    for (let value = -10; value < 60; value++) {
      expect(a?.(BigInt(value))).toBe(value >= 0 && value < 50)
      expect(n?.(BigInt(value))).toBe(value >= 0 && value < 40)
      expect(s?.(`k${value}`)).toBe(value >= 0 && value < 30)
      expect(d?.(value)).toBe(value >= 0 && value < 20)
    }
    expect(s?.('')).toBe(false)
    expect(r).toBeUndefined()
  }
})

test.each(['snappy', 'lz4_raw'])('%s pages are left to the kernel', async (codec) => {
  const path = join(folder, `${codec}.parquet`)
  await duck(`COPY (SELECT ${COPIED} FROM range(3000) t(i)) TO '${path}' (FORMAT parquet, CODEC ${codec})`)
  const { rowGroups } = footerOf(await readFile(path))
  expect(rowGroups.flatMap(({ chunks }) => chunks.flatMap(({ dictionary }) => dictionary ?? []))).toEqual([])
})

test('pyarrow: a dictionary that filled up does not hold all values', async () => {
  const bytes = await readFile(join(import.meta.dirname, '../../fixtures/parquet/fallback.parquet'))
  const footer = footerOf(bytes)
  expect(footer.rowGroups).toHaveLength(3)
  for (const group of footer.rowGroups.keys()) {
    expect(await dictionaryOf(bytes, footer, group, 'filled')).toBeUndefined()
    expect(await dictionaryOf(bytes, footer, group, 'plain')).toBeUndefined()
    const whole = await dictionaryOf(bytes, footer, group, 'whole')
    for (let value = 0; value < 20; value++) expect(whole?.(`v${value}`)).toBe(value < 11)
  }
})

test('what is no whole dictionary page is not used', async () => {
  const path = join(folder, 'cut.parquet')
  await duck(`COPY (SELECT i % 7 AS a FROM range(3000) t(i)) TO '${path}' (FORMAT parquet, CODEC zstd)`)
  const bytes = await readFile(path)
  const footer = footerOf(bytes)
  const page = footer.rowGroups[0]?.chunks[0]?.dictionary
  const primitive = footer.columns[0]?.primitive
  if (page === undefined || primitive === undefined) throw new Error('no dictionary')
  const whole = bytes.subarray(page.start, page.start + page.length)
  expect(await readDictionary(whole, 'zstd', primitive)).toBeDefined()
  for (let length = 0; length < whole.length; length++)
    expect(await readDictionary(whole.subarray(0, length), 'zstd', primitive)).toBeUndefined()
  expect(await readDictionary(whole, 'gzip', primitive)).toBeUndefined()
  expect(await readDictionary(whole, 'zstd', { type: 'INT32', length: 0 })).toBeUndefined()
  // The first data page is no dictionary.
  expect(await readDictionary(bytes.subarray(page.start + page.length), 'zstd', primitive)).toBeUndefined()
})
