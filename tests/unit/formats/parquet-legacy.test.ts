/** Schemas of old writers: what Weir calls their columns is what the kernel's reader makes of them, or they are refused. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatType } from '#src/types/format'
import { duck } from '#tests/support/duck'
import { footerOf } from '#tests/support/scan-plans'
import { byteArrays, int32s, type TinyColumn, type TinyElement, tinyParquet } from '#tests/support/tiny-parquet'

const [INT32, BYTE_ARRAY] = [1, 6]
const [OPTIONAL, REPEATED] = [1, 2]
const [MAP, MAP_KEY_VALUE, LIST, DECIMAL] = [1, 2, 3, 5]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-legacy-'))
})
afterAll(() => rm(folder, { recursive: true }))

let files = 0
async function file(elements: readonly TinyElement[], columns: readonly TinyColumn[], rows: number) {
  const topLevel = elements.filter((_, index) => !isNested(elements, index)).length
  const bytes = tinyParquet([{ name: 'schema', children: topLevel }, ...elements], columns, rows)
  const path = join(folder, `${files++}.parquet`)
  await writeFile(path, bytes)
  return { path, footer: footerOf(bytes) }
}

/** Whether the element lies below another one of the list. */
function isNested(elements: readonly TinyElement[], index: number): boolean {
  let open = 0
  for (const element of elements.slice(0, index)) open += (element.children ?? 0) - (open > 0 ? 1 : 0)
  return open > 0
}

// Rows [1, 2], [], NULL, [3] of an optional list of required elements.
const REQUIRED_IN_OPTIONAL = { repetition: [0, 1, 0, 0, 0], definition: [2, 2, 1, 0, 2], count: 5 }
const values = int32s(1, 2, 3)

describe('lists', () => {
  test('two levels: a repeated primitive in a LIST group', async () => {
    const { path, footer } = await file(
      [
        { name: 'l', repetition: OPTIONAL, children: 1, converted: LIST },
        { name: 'array', type: INT32, repetition: REPEATED },
      ],
      [{ path: ['l', 'array'], type: INT32, values, ...REQUIRED_IN_OPTIONAL }],
      4,
    )
    expect(formatType(footer.columns[0]?.type ?? { kind: 'unknown' })).toBe('array(integer)')
    expect(await duck(`SELECT l FROM '${path}'`)).toEqual([[[1, 2]], [[]], [null], [[3]]])
  })
  test('two levels: a repeated group of several fields is a row', async () => {
    const levels = REQUIRED_IN_OPTIONAL
    const { path, footer } = await file(
      [
        { name: 'l', repetition: OPTIONAL, children: 1, converted: LIST },
        { name: 'array', repetition: REPEATED, children: 2 },
        { name: 'x', type: INT32, repetition: 0 },
        { name: 'y', type: INT32, repetition: 0 },
      ],
      ['x', 'y'].map((name) => ({ path: ['l', 'array', name], type: INT32, values, ...levels })),
      4,
    )
    expect(formatType(footer.columns[0]?.type ?? { kind: 'unknown' })).toBe('array(row(x integer, y integer))')
    expect(await duck(`SELECT l::VARCHAR FROM '${path}'`)).toEqual([
      ["[{'x': 1, 'y': 1}, {'x': 2, 'y': 2}]"],
      ['[]'],
      [null],
      ["[{'x': 3, 'y': 3}]"],
    ])
  })
  test('a repeated primitive without annotation', async () => {
    const { path, footer } = await file(
      [{ name: 'l', type: INT32, repetition: REPEATED }],
      [{ path: ['l'], type: INT32, values, repetition: [0, 1, 0, 0], definition: [1, 1, 0, 1], count: 4 }],
      3,
    )
    expect(formatType(footer.columns[0]?.type ?? { kind: 'unknown' })).toBe('array(integer)')
    expect(await duck(`SELECT l FROM '${path}'`)).toEqual([[[1, 2]], [[]], [[3]]])
  })
  test.each([
    ['array', "'l' is a list of one-field rows in the old two-level form"],
    ['l_tuple', "'l' is a list of one-field rows in the old two-level form"],
  ])('two levels: a one-field group called %s, which the kernel takes for its field, is refused', async (name, reason) => {
    const { path, footer } = await file(
      [
        { name: 'l', repetition: OPTIONAL, children: 1, converted: LIST },
        { name, repetition: REPEATED, children: 1 },
        { name: 'x', type: INT32, repetition: 0 },
      ],
      [{ path: ['l', name, 'x'], type: INT32, values, ...REQUIRED_IN_OPTIONAL }],
      4,
    )
    expect(footer.columns[0]).toEqual({ name: 'l', type: undefined, physical: '', unsupported: reason })
    // The reason why: by the format's rules these are rows.
    expect(await duck(`SELECT typeof(l) FROM '${path}' LIMIT 1`)).toEqual([['INTEGER[]']])
  })
  test('three levels whatever the names', async () => {
    const { path, footer } = await file(
      [
        { name: 'l', repetition: OPTIONAL, children: 1, converted: LIST },
        { name: 'bag', repetition: REPEATED, children: 1 },
        { name: 'array_element', type: INT32, repetition: OPTIONAL },
      ],
      [
        {
          path: ['l', 'bag', 'array_element'],
          type: INT32,
          values: int32s(1, 3),
          repetition: [0, 1, 0, 0, 0],
          definition: [3, 2, 1, 0, 3],
          count: 5,
        },
      ],
      4,
    )
    expect(formatType(footer.columns[0]?.type ?? { kind: 'unknown' })).toBe('array(integer)')
    expect(await duck(`SELECT l FROM '${path}'`)).toEqual([[[1, null]], [[]], [null], [[3]]])
  })
})

test('maps with the old names', async () => {
  const keys = byteArrays(Buffer.from('a'), Buffer.from('b'), Buffer.from('c'))
  const { path, footer } = await file(
    [
      { name: 'm', repetition: OPTIONAL, children: 1, converted: MAP },
      { name: 'map', repetition: REPEATED, children: 2, converted: MAP_KEY_VALUE },
      { name: 'key', type: BYTE_ARRAY, repetition: 0, converted: 0 },
      { name: 'value', type: INT32, repetition: 0 },
    ],
    [
      { path: ['m', 'map', 'key'], type: BYTE_ARRAY, values: keys, ...REQUIRED_IN_OPTIONAL },
      { path: ['m', 'map', 'value'], type: INT32, values, ...REQUIRED_IN_OPTIONAL },
    ],
    4,
  )
  expect(formatType(footer.columns[0]?.type ?? { kind: 'unknown' })).toBe('map(varchar, integer)')
  expect(await duck(`SELECT m::VARCHAR FROM '${path}'`)).toEqual([['{a=1, b=2}'], ['{}'], [null], ['{c=3}']])
})

test('decimals in BINARY of different lengths: values and bounds', async () => {
  const texts = [Uint8Array.of(0x01), Uint8Array.of(0xff, 0x6a), Uint8Array.of(0x00, 0xfa)]
  const { path, footer } = await file(
    [{ name: 'd', type: BYTE_ARRAY, repetition: 0, converted: DECIMAL, scale: 2, precision: 9 }],
    [
      {
        path: ['d'],
        type: BYTE_ARRAY,
        values: byteArrays(...texts),
        count: 3,
        statistics: { 5: texts[2] as Uint8Array, 6: texts[1] as Uint8Array },
      },
    ],
    3,
  )
  expect(formatType(footer.columns[0]?.type ?? { kind: 'unknown' })).toBe('decimal(9,2)')
  expect(await duck(`SELECT d::VARCHAR FROM '${path}'`)).toEqual([['0.01'], ['-1.50'], ['2.50']])
  expect(footer.rowGroups[0]?.chunks[0]?.statistics).toEqual({
    nullCount: undefined,
    min: -150n,
    max: 250n,
    minExact: true,
    maxExact: true,
  })
})

test('text without annotation is bytes', async () => {
  const { path, footer } = await file(
    [{ name: 's', type: BYTE_ARRAY, repetition: 0 }],
    [{ path: ['s'], type: BYTE_ARRAY, values: byteArrays(Buffer.from('x')), count: 1 }],
    1,
  )
  expect(footer.columns[0]?.type).toEqual({ kind: 'varbinary' })
  expect(await duck(`SELECT typeof(s) FROM '${path}'`)).toEqual([['BLOB']])
})
