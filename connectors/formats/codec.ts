/** Compression of text files, told by their first bytes: an extension may be missing or wrong. */
import { Readable, type Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { QueryError, unreachable } from '#src/common/errors'
import { type FramePiece, ZstdError, ZstdFrames } from './zstd-frames.ts'

export type Codec = 'plain' | 'gzip' | 'zstd'

interface Magic {
  readonly bytes: readonly number[]
  readonly codec: Codec | { readonly unsupported: string }
}

const MAGICS: readonly Magic[] = [
  { bytes: [0x1f, 0x8b], codec: 'gzip' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], codec: 'zstd' },
  // A skippable frame first, as pzstd writes.
  { bytes: [0x50, 0x2a, 0x4d, 0x18], codec: 'zstd' },
  { bytes: [0x42, 0x5a, 0x68], codec: { unsupported: 'bzip2' } },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], codec: { unsupported: 'xz' } },
  { bytes: [0x04, 0x22, 0x4d, 0x18], codec: { unsupported: 'lz4' } },
  { bytes: [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x50, 0x59], codec: { unsupported: 'framed snappy' } },
  { bytes: [0x50, 0x4b, 0x03, 0x04], codec: { unsupported: 'zip' } },
]

/** First bytes that `detectCodec` looks at. */
export const CODEC_BYTES = 10

/** Throws HIVE_UNSUPPORTED_FORMAT naming the file for a compression that Weir does not have. */
export function detectCodec(head: Uint8Array, location: string): Codec {
  for (const { bytes, codec } of MAGICS) {
    // 'BZh' alone could begin a text: bzip2 has its block size as a digit and pi's digits after it.
    if (!bytes.every((byte, index) => head[index] === byte)) continue
    if (bytes[0] === 0x42 && !(head[4] === 0x31 && head[5] === 0x41 && head[6] === 0x59)) continue
    if (typeof codec === 'string') return codec
    throw new QueryError('HIVE_UNSUPPORTED_FORMAT', `File ${location} is compressed with ${codec.unsupported}, which is not supported`, {
      hint: 'Supported are gzip, zstd and no compression.',
    })
  }
  return 'plain'
}

/**
 * The text of a compressed stream, with backpressure. Throws HIVE_BAD_DATA (`Cannot decompress <location>: …`) for a
 * broken or cut-off stream, else what the source throws.
 */
export async function* decompress(source: AsyncIterable<Uint8Array>, location: string): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(source)
  const codec = detectCodec(head, location)
  switch (codec) {
    case 'plain':
      yield* all
      return
    case 'gzip':
      yield* through(all, createGunzip({ chunkSize: CHUNK }), location)
      return
    case 'zstd':
      yield* zstd(all, location)
      return
    default:
      unreachable(codec)
  }
}

const CHUNK = 256 * 1024

/** The first bytes without taking them off the stream. */
async function peek(source: AsyncIterable<Uint8Array>): Promise<{ readonly head: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  while (length < CODEC_BYTES) {
    const next = await iterator.next()
    if (next.done) break
    first.push(next.value)
    length += next.value.length
  }
  const all = (async function* () {
    try {
      yield* first
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  })()
  return { head: Buffer.concat(first).subarray(0, CODEC_BYTES), all }
}

async function* zstd(source: AsyncIterable<Uint8Array>, location: string): AsyncGenerator<Uint8Array> {
  const pieces = framePieces(source, location)
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    const first = next.value
    const frame = (async function* () {
      yield first.bytes
      for (let piece = first; !piece.last; ) {
        const more = await pieces.next()
        if (more.done) return
        piece = more.value
        yield piece.bytes
      }
    })()
    yield* through(frame, createZstdDecompress({ chunkSize: CHUNK }), location)
  }
}

async function* framePieces(source: AsyncIterable<Uint8Array>, location: string): AsyncGenerator<FramePiece> {
  const frames = new ZstdFrames()
  try {
    for await (const chunk of source) yield* frames.push(chunk)
    frames.end()
  } catch (error) {
    if (error instanceof ZstdError)
      throw new QueryError('HIVE_BAD_DATA', `Cannot decompress ${location}: ${error.message}`, { cause: error })
    throw error
  }
}

/** A source's error ends the result with it, not with what the transform makes of it. */
async function* through(source: AsyncIterable<Uint8Array>, transform: Transform, location: string): AsyncGenerator<Uint8Array> {
  let sourceError: unknown
  const guarded = (async function* () {
    try {
      yield* source
    } catch (error) {
      sourceError = error
      throw error
    }
  })()
  const input = Readable.from(guarded, { objectMode: false, highWaterMark: CHUNK })
  input.on('error', (error) => transform.destroy(error))
  input.pipe(transform)
  try {
    for await (const chunk of transform) yield chunk as Uint8Array
  } catch (error) {
    if (sourceError !== undefined) throw sourceError
    throw new QueryError('HIVE_BAD_DATA', `Cannot decompress ${location}: ${(error as Error).message}`, { cause: error })
  } finally {
    input.destroy()
    transform.destroy()
  }
}
