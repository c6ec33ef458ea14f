import { QueryError } from '#src/common/errors'
import { formatLocation } from '../storage/location.ts'
import type { ObjectInfo, ObjectStore } from '../storage/object-store.ts'
import { decompress } from './codec.ts'

/** The beginning of an object, decompressed. */
export interface Sample {
  readonly location: string
  readonly key: string
  readonly bytes: Uint8Array
  /** It is the whole object. */
  readonly complete: boolean
}

const SAMPLE_BYTES = 1024 * 1024

/** Reads until `limit` bytes are decompressed. Throws StoreError; HIVE_BAD_DATA and HIVE_UNSUPPORTED_FORMAT for the compression. */
export async function readSample(store: ObjectStore, info: ObjectInfo, signal?: AbortSignal, limit = SAMPLE_BYTES): Promise<Sample> {
  const location = formatLocation({ bucket: store.bucket, key: info.key })
  const parts: Uint8Array[] = []
  let length = 0
  let complete = true
  for await (const bytes of decompress(store.stream({ key: info.key, ifVersion: info.version, ...(signal && { signal }) }), location)) {
    if (length + bytes.length > limit) {
      parts.push(bytes.subarray(0, limit - length))
      length = limit
      complete = false
      break
    }
    parts.push(bytes)
    length += bytes.length
  }
  return { location, key: info.key, bytes: Buffer.concat(parts), complete }
}

/**
 * The sample's text without byte order mark, cut at the last whole character. Throws HIVE_UNSUPPORTED_FORMAT for UTF-16,
 * HIVE_BAD_DATA for what is no UTF-8.
 */
export function sampleText(sample: Sample): string {
  const [first, second] = sample.bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new QueryError('HIVE_UNSUPPORTED_FORMAT', `File ${sample.location} is UTF-16, which is not supported`, {
      hint: 'Convert it to UTF-8.',
    })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(sample.bytes, { stream: !sample.complete })
  } catch (error) {
    throw new QueryError('HIVE_BAD_DATA', `File ${sample.location} is not UTF-8 text`, { cause: error })
  }
}
