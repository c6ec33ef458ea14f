/** Where physical planning gets a table's files from: declared here, implemented over catalog/partitions, wired in main.ts. */
import type { Table } from '#catalog/model'
import type { Discovery, PartitionFilter } from '#catalog/partitions/discovery'

export interface FileLister {
  discover(table: Table, filter: PartitionFilter, signal: AbortSignal): Promise<Discovery>
}
