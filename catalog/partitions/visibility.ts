import type { Table } from '../model.ts'

/** What the user is told of partitions, or of a table without keys, that lack the file without which they are not complete (`visible_when`). */
export function invisible(
  { schema, name, partitionKeys }: Pick<Table, 'schema' | 'name' | 'partitionKeys'>,
  count: number,
  marker: string | undefined,
): string {
  if (partitionKeys.length === 0) return `${schema}.${name}: the table has no ${marker}: all of its files are left out`
  const which = count === 1 ? `partition has no ${marker} and is` : `partitions have no ${marker} and are`
  return `${schema}.${name}: ${count.toLocaleString('en-US')} ${which} left out`
}
