/** A column chunk's dictionary page: where all data pages refer to it, it holds every value of the chunk. */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib'
import type { Primitive } from './footer.ts'
import { CompactReader, ThriftError } from './thrift-compact.ts'

/** Codecs that Node has; Snappy and LZ4 pages are left to the kernel. */
export type DictionaryCodec = 'uncompressed' | 'gzip' | 'brotli' | 'zstd'

const DECOMPRESS = { gzip: promisify(gunzip), brotli: promisify(brotliDecompress), zstd: promisify(zstdDecompress) } as const
const DICTIONARY_PAGE = 2
/** PLAIN, and PLAIN_DICTIONARY, which means it on dictionary pages. */
const PLAIN: ReadonlySet<number> = new Set([0, 2])

/** The values of a dictionary, as PLAIN encodes each. */
export class Dictionary {
  readonly #values: ReadonlySet<string>

  constructor(values: ReadonlySet<string>) {
    this.#values = values
  }

  has(form: Uint8Array): boolean {
    return this.#values.has(Buffer.from(form.buffer, form.byteOffset, form.byteLength).toString('latin1'))
  }
}

/** `page`: header and body. Undefined for what is no whole dictionary page of the form that is known, or cannot be decompressed. */
export async function readDictionary(page: Uint8Array, codec: DictionaryCodec, primitive: Primitive): Promise<Dictionary | undefined> {
  const header = readHeader(page)
  if (header === undefined || header.start + header.compressed > page.length) return undefined
  const body = page.subarray(header.start, header.start + header.compressed)
  const plain = await decompressed(body, codec, header.uncompressed)
  const values = plain?.length === header.uncompressed ? split(plain, primitive) : undefined
  return values?.length === header.count ? new Dictionary(new Set(values)) : undefined
}

interface Header {
  /** Of the body. */
  readonly start: number
  readonly compressed: number
  readonly uncompressed: number
  readonly count: number
}

function readHeader(page: Uint8Array): Header | undefined {
  const reader = new CompactReader(page)
  let type = -1
  let uncompressed = -1
  let compressed = -1
  let count = -1
  let encoding = -1
  try {
    reader.struct((id) => {
      if (id === 1) type = reader.i32()
      else if (id === 2) uncompressed = reader.i32()
      else if (id === 3) compressed = reader.i32()
      else if (id === 7)
        reader.struct((field) => {
          if (field === 1) count = reader.i32()
          else if (field === 2) encoding = reader.i32()
        })
    })
  } catch (error) {
    if (error instanceof ThriftError) return undefined
    throw error
  }
  if (type !== DICTIONARY_PAGE || uncompressed < 0 || compressed < 0 || count < 0 || !PLAIN.has(encoding)) return undefined
  return { start: reader.offset, compressed, uncompressed, count }
}

async function decompressed(body: Uint8Array, codec: DictionaryCodec, length: number): Promise<Uint8Array | undefined> {
  if (codec === 'uncompressed' || length === 0) return body
  try {
    return await DECOMPRESS[codec](body, { maxOutputLength: length })
  } catch {
    // The kernel says what is wrong with the page, if it comes to read it.
    return undefined
  }
}

/** Values as texts of one character a byte; undefined when the bytes do not come out even. */
function split(plain: Uint8Array, primitive: Primitive): readonly string[] | undefined {
  const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  const values: string[] = []
  const fixed = widthOf(primitive)
  for (let at = 0; at < bytes.length; ) {
    if (fixed === undefined && at + 4 > bytes.length) return undefined
    const length = fixed ?? bytes.readUInt32LE(at)
    const start = fixed === undefined ? at + 4 : at
    if (start + length > bytes.length || (fixed !== undefined && length === 0)) return undefined
    values.push(bytes.toString('latin1', start, start + length))
    at = start + length
  }
  return values
}

/** Undefined: each value has its length before it. */
function widthOf({ type, length }: Primitive): number | undefined {
  switch (type) {
    case 'BYTE_ARRAY':
      return undefined
    case 'INT32':
    case 'FLOAT':
      return 4
    case 'INT64':
    case 'DOUBLE':
      return 8
    case 'FIXED_LEN_BYTE_ARRAY':
      return length
    case 'INT96':
    case 'BOOLEAN':
      // Not asked for: no value's form is known.
      return 0
  }
}
