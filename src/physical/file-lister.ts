/** Where physical planning gets a table's files from: declared here, implemented over catalog/partitions, wired in main.ts. */
import type { Table } from '#catalog/model'
import type { Discovery, PartitionFilter } from '#catalog/partitions/discovery'

export interface FileLister {
  /** With `mostFiles` it may stop when it has found so many, and then says `partial`. */
  discover(table: Table, filter: PartitionFilter, signal: AbortSignal, mostFiles?: number): Promise<Discovery>
}
