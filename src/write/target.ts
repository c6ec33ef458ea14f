/** Where a table's rows go: the folder of each partition. */

import { hiveSegment } from '#catalog/partitions/path'
import type { Location } from '#connectors/storage/location'
import { parseLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'

export interface WriteTarget {
  readonly location: Location
  readonly keys: readonly string[]
  /** Folders of partitions that are there already under another name or elsewhere, by the name that Weir gives them. */
  readonly elsewhere: ReadonlyMap<string, Location>
}

/** `dt=2024-01-01/h=5`, escaped as Hive does; '' without keys. */
export function partitionName(keys: readonly string[], values: readonly (string | null)[]): string {
  return keys.map((key, index) => hiveSegment(key, values[index] ?? null)).join('/')
}

/** Ends with '/', or is empty: the bucket's root. */
export function partitionFolder(target: WriteTarget, name: string): Location {
  const own = target.elsewhere.get(name)
  if (own !== undefined) return own
  return { bucket: target.location.bucket, key: name === '' ? target.location.key : `${target.location.key}${name}/` }
}

/** @throws NOT_SUPPORTED for a location that is one file */
export function targetOf(location: string, keys: readonly string[], elsewhere: ReadonlyMap<string, Location> = new Map()): WriteTarget {
  const parsed = parseLocation(location)
  if (parsed.key !== '' && !parsed.key.endsWith('/'))
    throw new QueryError('NOT_SUPPORTED', `${location} is a single file, to which nothing can be added`)
  return { location: parsed, keys, elsewhere }
}
