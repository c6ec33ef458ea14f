import { QueryError } from '#src/common/errors'
import { formatLocation } from '../../storage/location.ts'
import type { ObjectInfo, ObjectStore } from '../../storage/object-store.ts'
import { decodeFooter, UnsupportedFooter } from './decode-footer.ts'
import type { ParquetFooter } from './footer.ts'
import { ThriftError } from './thrift-compact.ts'

/** Nearly every footer fits; the rest costs one more request. */
const TAIL = 64 * 1024
const TRAILER = 8

/**
 * Reads and decodes a Parquet footer: one GET of the file's tail, a second one for a longer footer, both under
 * `ifVersion`. Throws QueryError HIVE_BAD_DATA (`Malformed Parquet file <location>: …`), HIVE_UNSUPPORTED_FORMAT (encrypted,
 * column data elsewhere), and the store's StoreError.
 */
export async function readFooter(store: ObjectStore, info: ObjectInfo, signal?: AbortSignal): Promise<ParquetFooter> {
  const location = formatLocation({ bucket: store.bucket, key: info.key })
  return parseFooter(await readMetadata(store, info, location, signal), info.size, location)
}

/** Decodes a serialized FileMetaData with the errors of readFooter. */
export function parseFooter(metadata: Uint8Array, fileSize: number, location: string): ParquetFooter {
  try {
    return decodeFooter(metadata, fileSize)
  } catch (error) {
    if (error instanceof ThriftError) throw malformed(location, error.message)
    if (error instanceof UnsupportedFooter)
      throw new QueryError('HIVE_UNSUPPORTED_FORMAT', `Parquet file ${location} cannot be read: ${error.message}`)
    throw error
  }
}

async function readMetadata(store: ObjectStore, info: ObjectInfo, location: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const get = async (start: number, length: number) =>
    (await store.get({ key: info.key, range: { start, length }, ifVersion: info.version, ...(signal && { signal }) })).bytes
  if (info.size < TRAILER + 4) throw malformed(location, `it has ${info.size} bytes, less than any Parquet file`)
  const tailStart = Math.max(0, info.size - TAIL)
  const tail = await get(tailStart, info.size - tailStart)
  if (tail.length !== info.size - tailStart) throw malformed(location, 'it is shorter than its listing says')
  const magic = Buffer.from(tail.subarray(tail.length - 4)).toString('latin1')
  if (magic === 'PARE') throw new QueryError('HIVE_UNSUPPORTED_FORMAT', `Parquet file ${location} cannot be read: it is encrypted`)
  if (magic !== 'PAR1') throw malformed(location, "it does not end with 'PAR1'; it may be cut off or no Parquet file")
  const length = new DataView(tail.buffer, tail.byteOffset, tail.byteLength).getUint32(tail.length - TRAILER, true)
  const metadataStart = info.size - TRAILER - length
  if (length === 0 || metadataStart < 4) throw malformed(location, `its footer cannot have ${length} bytes`)
  // Copies: a view would keep the whole tail alive in the cache of footers.
  if (metadataStart >= tailStart) return Uint8Array.from(tail.subarray(metadataStart - tailStart, tail.length - TRAILER))
  const metadata = new Uint8Array(length)
  metadata.set(await get(metadataStart, tailStart - metadataStart))
  metadata.set(tail.subarray(0, tail.length - TRAILER), tailStart - metadataStart)
  return metadata
}

function malformed(location: string, why: string): QueryError {
  return new QueryError('HIVE_BAD_DATA', `Malformed Parquet file ${location}: ${why}`)
}
