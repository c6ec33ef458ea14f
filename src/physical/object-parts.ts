/** Where physical planning gets bloom filters and dictionaries from: declared here, given by the scan layer, which keeps them. */
import type { ByteRange } from '#connectors/formats/parquet/footer'
import type { Bucket, ObjectInfo } from '#connectors/storage/object-store'

export interface ObjectParts {
  /** The bytes of these ranges, in their order, of this version of the object. Throws the store's errors as FooterSource does. */
  parts(bucket: Bucket, info: ObjectInfo, ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array[]>
}
