import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decompress } from '#connectors/formats/codec'
import { detectSample } from '#connectors/formats/detect'

const TEXT = Buffer.from(Array.from({ length: 50_000 }, (_, index) => `${index},${(index * 7919) % 1000}\n`).join(''))

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return Buffer.concat(parts)
}

async function run(bytes: Uint8Array, pieceSize = 1000): Promise<Buffer> {
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize)
  })()
  return collect(decompress(source, 's3://lake/t.csv'))
}
const same = async (bytes: Uint8Array, expected: Uint8Array, pieceSize?: number) =>
  expect((await run(bytes, pieceSize)).equals(expected)).toBe(true)
const zstd = (bytes: Uint8Array, checksum = false) =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 } })
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

describe('decompression', () => {
  test('plain text, empty input, one byte', async () => {
    await same(TEXT, TEXT)
    await same(Buffer.alloc(0), Buffer.alloc(0))
    await same(Buffer.from('x'), Buffer.from('x'))
  })
  test('gzip of one and of several members', async () => {
    await same(gzipSync(TEXT), TEXT)
    await same(Buffer.concat([gzipSync(TEXT), gzipSync('tail\n')]), Buffer.concat([TEXT, Buffer.from('tail\n')]), 7)
  })
  test.each([1, 7, 1000, 1_000_000])('zstd of several frames, in pieces of %d bytes', async (pieceSize) => {
    const frames = [
      zstd(TEXT.subarray(0, 5000), true),
      skippable,
      zstd(Buffer.alloc(300_000, 'a')),
      zstd(Buffer.alloc(0)),
      zstd(Buffer.from('tail\n'), true),
    ]
    await same(Buffer.concat(frames), Buffer.concat([TEXT.subarray(0, 5000), Buffer.alloc(300_000, 'a'), Buffer.from('tail\n')]), pieceSize)
  })
  test('a skippable frame first', () => same(Buffer.concat([skippable, zstd(TEXT)]), TEXT))
  test.each([
    ['gzip cut off', gzipSync(TEXT).subarray(0, 5000), 'unexpected end of file'],
    ['gzip with foreign bytes behind it', Buffer.concat([gzipSync(TEXT), Buffer.from('garbage!')]), 'incorrect header check'],
    ['zstd cut off in a frame', zstd(TEXT).subarray(0, 5000), 'unexpected end of file'],
    ['zstd cut off in a second frame', Buffer.concat([zstd(TEXT), zstd(TEXT).subarray(0, 50)]), 'unexpected end of file'],
    ['zstd cut off in a header', Buffer.concat([zstd(TEXT), zstd(TEXT).subarray(0, 3)]), 'unexpected end of file'],
    ['zstd with foreign bytes behind it', Buffer.concat([zstd(TEXT), Buffer.from('garbage!')]), 'unknown frame'],
  ])('%s', async (_name, bytes, why) => {
    await expect(run(bytes)).rejects.toMatchObject({ errorName: 'HIVE_BAD_DATA', message: `Cannot decompress s3://lake/t.csv: ${why}` })
  })
  test('a wrong checksum', async () => {
    const bytes = Buffer.from(zstd(TEXT, true))
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1
    await expect(run(bytes)).rejects.toMatchObject({ errorName: 'HIVE_BAD_DATA' })
  })
  test("the source's own error passes through", async () => {
    const broken = (async function* () {
      yield gzipSync(TEXT).subarray(0, 4000)
      throw new Error('connection lost')
    })()
    await expect(collect(decompress(broken, 'x'))).rejects.toThrow('connection lost')
  })
  test('leaving early ends the source', async () => {
    let ended = false
    const source = (async function* () {
      try {
        for (;;) yield gzipSync(TEXT)
      } finally {
        ended = true
      }
    })()
    for await (const _ of decompress(source, 'x')) break
    await expect.poll(() => ended).toBe(true)
  })
  test('other compressions are named', async () => {
    await expect(run(Buffer.from('BZh91AY&SY....'))).rejects.toMatchObject({
      errorName: 'HIVE_UNSUPPORTED_FORMAT',
      message: 'File s3://lake/t.csv is compressed with bzip2, which is not supported',
    })
    await same(Buffer.from('BZh,a text\n'), Buffer.from('BZh,a text\n'))
  })
})

describe('format detection', () => {
  const detect = (key: string, content: string | Uint8Array) =>
    detectSample({ location: `s3://lake/${key}`, key, bytes: typeof content === 'string' ? Buffer.from(content) : content, complete: true })

  test.each([
    ['a.bin', 'PAR1....', 'parquet'],
    ['a.csv', '{"a":1}', 'csv'],
    ['dir.json/a.CSV.gz', 'a,b\n', 'csv'],
    ['part-0000', '{"a":1}\n', 'json'],
    ['part-0000', ' {}\n', 'json'],
    ['part-0000', 'a,b\n', 'csv'],
    ['a.ndjson.zst', '{"a":1}\n', 'json'],
    ['a.txt', '{x},y\n', 'csv'],
    ['a.txt', 'ORC is,a word\n', 'csv'],
  ])('%s beginning with %j is %s', (key, content, format) => expect(detect(key, content)).toBe(format))

  test.each([
    ['a.orc', Buffer.from('ORC\0\x01'), 'File s3://lake/a.orc is ORC, which is not supported'],
    ['a.avro', 'Obj\u0001xx', 'File s3://lake/a.avro is Avro, which is not supported'],
    ['a.dat', Buffer.from([1, 0, 2, 0]), 'File s3://lake/a.dat is binary and of no format that Weir reads, which is not supported'],
    ['a.json', '[{"a":1}]', 'File s3://lake/a.json is one JSON array, which is not supported'],
  ])('%s is refused', (key, content, message) =>
    expect(() => detect(key, content)).toThrow(expect.objectContaining({ errorName: 'HIVE_UNSUPPORTED_FORMAT', message })),
  )
})
