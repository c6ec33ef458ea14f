/** What `weir lint` finds in a table's files, and what mending it would save on a query that reads the whole table. */
export interface Finding {
  /** small_files, tiny_row_groups, … (docs/tables.md). */
  readonly finding: string
  readonly detail: string
  /** Files that it is about. */
  readonly files: number
  /** Estimates; null where there is nothing to be saved but rows to be seen or errors to be spared. */
  readonly savedBytes: number | null
  readonly savedRequests: number | null
  readonly savedMs: number | null
  /** To be pasted into `weir query`; null where only the writer of the files can help. */
  readonly statement: string | null
}

const MiB = 1024 * 1024

/** What savings are estimated from. Measured against S3 from the same region; a store nearer or farther shifts them all. */
export const COSTS = {
  /** From a request to its first byte. */
  requestMs: 30,
  /** Requests of one query in flight. */
  requestsAtOnce: 32,
  bytesPerMs: 200_000,
  /** gunzip's output on one core; a core parses text about as fast. */
  gunzipBytesPerMs: 250_000,
  /** Text of so many times its size comes out of a .gz file. */
  gzipRatio: 5,
  cores: 4,
  /** A footer and the chunks of a file. */
  requestsPerParquetFile: 2,
  requestsPerTextFile: 1,
} as const

export const LIMITS = {
  /** Files below are small where there are several in a partition: optimize's own threshold. */
  smallFileBytes: 100 * MiB,
  targetFileBytes: 192 * MiB,
  /** Mean of a file's row groups. */
  tinyRowGroupBytes: 1 * MiB,
  /** What less of footers would be saved is not worth a word. */
  leastFooterBytes: 64 * 1024,
  hugeRowGroupBytes: 512 * MiB,
  goodRowGroupBytes: 128 * MiB,
  /** So many partitions, of so few bytes each, are too many. */
  manyPartitions: 100,
  smallPartitionBytes: 8 * MiB,
  largeGzipBytes: 32 * MiB,
} as const

/** Of requests that run side by side. */
export const requestsTake = (requests: number): number => (requests * COSTS.requestMs) / COSTS.requestsAtOnce

export function formatSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 2 ** (10 * power)
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

export const plural = (count: number, what: string): string => `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`
