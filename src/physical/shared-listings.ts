import type { Discovery } from '#catalog/partitions/discovery'
import type { FileLister } from './file-lister.ts'

/**
 * The lister for one query: scans of one table that keep all of its partitions share a listing. The query pays for one, and
 * every scan sees the same files.
 */
export function sharedListings(lister: FileLister): FileLister {
  const listed = new Map<string, Promise<Discovery>>()
  return {
    discover(table, filter, signal, mostFiles) {
      if (filter.constrained.some(Boolean)) return lister.discover(table, filter, signal, mostFiles)
      const key = JSON.stringify([table.schema, table.name, table.version, mostFiles])
      const found = listed.get(key) ?? lister.discover(table, filter, signal, mostFiles)
      listed.set(key, found)
      return found
    },
  }
}
