/** Where physical planning gets a file's footer from: declared here, given by the scan layer, which caches them. */
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import type { Bucket, ObjectInfo } from '#connectors/storage/object-store'

export interface FooterSource {
  /**
   * The decoded footer of this version of the object. Throws QueryError: HIVE_BAD_DATA and HIVE_UNSUPPORTED_FORMAT for the
   * file's own faults, else the store's (src/scan/store-errors.ts); ObjectChanged when the object is another version by now.
   */
  footer(bucket: Bucket, info: ObjectInfo, signal: AbortSignal): Promise<ParquetFooter>
}
