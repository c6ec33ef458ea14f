import { QueryError } from '#src/common/errors'
import type { BlockCache } from './block-cache.ts'

const FREE_AT_LEAST = 64 * 1024 * 1024
const ATTEMPTS = 4

/**
 * Runs a write to the cache folder; when the disk is full, deletes what no query uses and tries again. Throws
 * GENERIC_INSUFFICIENT_RESOURCES when that does not help.
 */
export async function withDiskSpace<T>(cache: BlockCache, bytes: number, write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
      if (attempt < ATTEMPTS && cache.freeDisk(Math.max(bytes, FREE_AT_LEAST))) continue
      throw new QueryError(
        'GENERIC_INSUFFICIENT_RESOURCES',
        'The cache folder is full: the disk has no space left for the data of this query',
        {
          cause: error,
          hint: 'Free disk space, or set a smaller cache budget.',
          retryable: true,
        },
      )
    }
  }
}
