/** Footers of many files at once. */
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { readFooter } from '#connectors/formats/parquet/read-footer'
import type { ObjectStore } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import { listingError } from './listing-error.ts'
import type { DiscoveredFile } from './partitions/discovery.ts'

const FOOTERS_AT_ONCE = 32

/** Undefined for files that are no sound Parquet. Throws what the store throws. */
export async function readFooters(
  files: readonly DiscoveredFile[],
  store: ObjectStore,
  signal: AbortSignal | undefined,
): Promise<readonly (ParquetFooter | undefined)[]> {
  const footers: (ParquetFooter | undefined)[] = files.map(() => undefined)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      signal?.throwIfAborted()
      const info = files[at]?.info
      if (info !== undefined) footers[at] = await soundFooter(store, info, signal)
    }
  }
  await Promise.all(Array.from({ length: FOOTERS_AT_ONCE }, worker))
  return footers
}

async function soundFooter(
  store: ObjectStore,
  info: DiscoveredFile['info'],
  signal: AbortSignal | undefined,
): Promise<ParquetFooter | undefined> {
  try {
    return await readFooter(store, info, signal)
  } catch (error) {
    if (error instanceof QueryError && (error.errorName === 'HIVE_BAD_DATA' || error.errorName === 'HIVE_UNSUPPORTED_FORMAT'))
      return undefined
    throw listingError(error)
  }
}
