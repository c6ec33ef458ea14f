/** Where partitions of a table with partition projection go: where its readers will look for them. */
import type { Table } from '#catalog/model'
import { projectionOf } from '#catalog/partitions/projection'
import { type Location, parseLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'
import { keyValues } from './replaced-files.ts'
import type { NamedPartition } from './write-rows.ts'

/**
 * Folders by the partitions' names.
 * @throws CONSTRAINT_VIOLATION for a partition that the projection does not give: no query would see its rows
 */
export function projectedPlaces(table: Table, partitions: readonly NamedPartition[], now: Date): ReadonlyMap<string, Location> {
  const { keys, location } = projectionOf(table)
  const places = new Map<string, Location>()
  for (const { name, values: texts } of partitions) {
    const values = keyValues(table, texts)
    const spelled = keys.map((key, level) => {
      const value = values[level] ?? null
      if (value === null) return undefined
      const bound = { value, inclusive: true }
      return key.values({ nulls: false, ranges: [{ low: bound, high: bound }] }, now)[0]?.text
    })
    if (spelled.includes(undefined)) {
      const message = `Partition ${name} is outside of the partition projection of table '${table.schema}.${table.name}': no query would see its rows`
      throw new QueryError('CONSTRAINT_VIOLATION', message)
    }
    places.set(name, parseLocation(location(spelled as readonly string[])))
  }
  return places
}
