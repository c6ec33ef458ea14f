import type { Table } from '../model.ts'

/** What the user is told of partitions that lack the file without which they are not complete (`visible_when`). */
export function invisible({ schema, name }: Pick<Table, 'schema' | 'name'>, count: number, marker: string | undefined): string {
  const which = count === 1 ? `partition has no ${marker} and is` : `partitions have no ${marker} and are`
  return `${schema}.${name}: ${count.toLocaleString('en-US')} ${which} left out`
}
