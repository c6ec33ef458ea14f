import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseFooter, readFooter } from '#connectors/formats/parquet/read-footer'
import { spliceFooter } from '#connectors/formats/parquet/splice'
import type { ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import { footerOf } from '#tests/support/scan-plans'

const FIXTURES = join(import.meta.dirname, '../../fixtures/parquet')

/** A store of one object, enough for readFooter. */
function storeOf(bytes: Uint8Array): { readonly store: ObjectStore; readonly info: ObjectInfo } {
  const info = { key: 'x.parquet', size: bytes.length, version: 'v', modified: 0 }
  const store = {
    bucket: { scheme: 's3', name: 'lake' },
    get: async ({ range }: { range: { start: number; length: number } }) => ({
      info,
      bytes: bytes.subarray(range.start, range.start + range.length),
    }),
  } as unknown as ObjectStore
  return { store, info }
}
const read = (bytes: Uint8Array) => {
  const { store, info } = storeOf(bytes)
  return readFooter(store, info)
}
const malformed = (why: string) => ({ errorName: 'HIVE_BAD_DATA', message: `Malformed Parquet file s3://lake/x.parquet: ${why}` })

describe('files that are refused', () => {
  test('too short, cut off, no Parquet', async () => {
    const bytes = await readFile(join(FIXTURES, 'int96.parquet'))
    await expect(read(Buffer.alloc(0))).rejects.toMatchObject(malformed('it has 0 bytes, less than any Parquet file'))
    await expect(read(bytes.subarray(0, bytes.length - 5))).rejects.toMatchObject(
      malformed("it does not end with 'PAR1'; it may be cut off or no Parquet file"),
    )
    await expect(read(Buffer.from('a,b\n1,2\n3,4\n'))).rejects.toMatchObject(
      malformed("it does not end with 'PAR1'; it may be cut off or no Parquet file"),
    )
    const long = Buffer.from(bytes)
    long.writeUInt32LE(0x7fffffff, long.length - 8)
    await expect(read(long)).rejects.toMatchObject(malformed('its footer cannot have 2147483647 bytes'))
    // The front is missing: chunks would lie before the file's beginning.
    await expect(read(bytes.subarray(bytes.length - 900))).rejects.toMatchObject({ errorName: 'HIVE_BAD_DATA' })
  })
  test('encrypted', async () => {
    await expect(read(await readFile(join(FIXTURES, 'encrypted.parquet')))).rejects.toMatchObject({
      errorName: 'HIVE_UNSUPPORTED_FORMAT',
      message: 'Parquet file s3://lake/x.parquet cannot be read: it is encrypted',
    })
    await expect(read(await readFile(join(FIXTURES, 'encrypted-column.parquet')))).rejects.toMatchObject({
      errorName: 'HIVE_UNSUPPORTED_FORMAT',
    })
  })
  test('damaged footers end in a clear error or in a footer within the file, never otherwise', async () => {
    let state = 12345
    const random = (below: number) => {
      state = (state * 1103515245 + 12345) & 0x7fffffff
      return state % below
    }
    for (const name of ['others', 'nested', 'decimals-fixed']) {
      const bytes = await readFile(join(FIXTURES, `${name}.parquet`))
      const { metadata, fileSize, footerSize } = footerOf(bytes)
      let refused = 0
      for (let round = 0; round < 3000; round++) {
        const damaged = Uint8Array.from(metadata)
        for (let count = random(4); count >= 0; count--) damaged[random(damaged.length)] = random(256)
        const cut = random(4) === 0 ? damaged.subarray(0, random(damaged.length)) : damaged
        try {
          const footer = parseFooter(cut, fileSize, 's3://lake/x.parquet')
          for (const { chunks } of footer.rowGroups)
            for (const { ranges } of chunks)
              for (const range of ranges) expect(range.start >= 4 && range.start + range.length <= fileSize - (cut.length + 8)).toBe(true)
          spliceFooter(footer, footer.rowGroups.map((_, index) => index).slice(0, 1))
        } catch (error) {
          if (!(error instanceof QueryError)) throw error
          expect(['HIVE_BAD_DATA', 'HIVE_UNSUPPORTED_FORMAT']).toContain(error.errorName)
          refused++
        }
      }
      expect(refused).toBeGreaterThan(100)
      expect(footerSize).toBe(metadata.length + 8)
    }
  })
})
