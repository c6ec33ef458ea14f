/** How rows are coded in segments: JSON arrays of rows, compressed as the client asked (`X-Trino-Query-Data-Encoding`). */
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { compress } from 'lz4-wasm-nodejs'
import type { KernelFrame } from '#src/kernel/kernel'

export type RowCoding = 'json' | 'json+zstd' | 'json+lz4'

const CODINGS: readonly RowCoding[] = ['json+zstd', 'json+lz4', 'json']

/** The first of the client's codings that is known; undefined: rows are sent as they are. */
export function rowCoding(header: string | undefined): RowCoding | undefined {
  const asked = (header ?? '').split(',').map((name) => name.trim().toLowerCase())
  return asked.flatMap((name) => CODINGS.find((coding) => coding === name) ?? [])[0]
}

/** Rows below this are not worth compressing. */
const COMPRESS_FROM = 5 * 1024

/** Bytes of rows in one segment: LZ4 is computed on the event loop and must be done with one in a few milliseconds. */
export const segmentTarget = (coding: RowCoding): number => (coding === 'json+lz4' ? 1024 * 1024 : 8 * 1024 * 1024)

export interface EncodedRows {
  readonly bytes: Uint8Array
  /** Undefined: not compressed, which is how clients tell. */
  readonly uncompressedSize: number | undefined
}

const zstd = promisify(zstdCompress)

/** The frames' rows as one JSON array in the coding. */
export async function encodeRows(frames: readonly KernelFrame[], coding: RowCoding): Promise<EncodedRows> {
  const plain = Buffer.concat(rowArray(frames.map((frame) => frame.bytes)))
  if (coding === 'json' || plain.length < COMPRESS_FROM) return { bytes: plain, uncompressedSize: undefined }
  const bytes = coding === 'json+lz4' ? lz4Block(plain) : await zstdFrame(plain)
  return bytes.length < plain.length ? { bytes, uncompressedSize: plain.length } : { bytes: plain, uncompressedSize: undefined }
}

/** `[rows]`, in parts. */
export function rowArray(rows: readonly Uint8Array[]): Uint8Array[] {
  const parts: Uint8Array[] = [Buffer.from('[')]
  for (const [index, bytes] of rows.entries()) {
    if (index > 0) parts.push(Buffer.from(','))
    parts.push(bytes)
  }
  parts.push(Buffer.from(']'))
  return parts
}

/** Clients read the size of the content from the frame. */
const zstdFrame = (plain: Buffer): Promise<Buffer> =>
  zstd(plain, { pledgedSrcSize: plain.length, params: { [constants.ZSTD_c_compressionLevel]: 1 } } as Parameters<typeof zstd>[1])

/** The raw block: the library puts its length before it. */
const lz4Block = (plain: Buffer): Uint8Array => compress(plain).subarray(4)
