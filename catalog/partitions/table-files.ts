/**
 * A table's files, however it finds its partitions:
 *
 *   auto        by listing (discover.ts), and registered partitions with folders of their own beside what is listed
 *   registered  ADD PARTITION and MSCK have said which there are; only the folders of those that match are listed
 *   projection  computed from the properties (projection.ts)
 */
import { compareKeys } from '#connectors/storage/key-order'
import { formatLocation, parseLocation } from '#connectors/storage/location'
import type { ObjectStore } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import type { Value } from '#src/types/value'
import type { Table } from '../model.ts'
import type { CatalogStore } from '../store/store.ts'
import { discover } from './discover.ts'
import type { DiscoveredFile, Discovery, Partition, PartitionFilter } from './discovery.ts'
import { parseKeyValue } from './key-types.ts'
import { type ListedPlaces, listFirst, listPlaced, type Placed } from './list-placed.ts'
import { Lister } from './lister.ts'
import type { PartitionIndex } from './partition-index.ts'
import { PartitionIndexes } from './partition-indexes.ts'
import { hiveSegment, parseKeySegment } from './path.ts'
import { projectionOf } from './projection.ts'
import { isProjected } from './projection-properties.ts'

/** More folders than this are not listed for one query. */
const MOST_FOLDERS = 1_000_000

export type PartitionSource = 'auto' | 'registered' | 'projection'

export function partitionSource({ partitionKeys, properties }: Pick<Table, 'partitionKeys' | 'properties'>): PartitionSource {
  if (partitionKeys.length === 0) return 'auto'
  if (isProjected(properties)) return 'projection'
  const named = properties.partition_discovery
  return named === 'registered' || named === 'projection' ? named : 'auto'
}

export class TableFiles {
  readonly #indexes: PartitionIndexes
  readonly #now: () => Date

  constructor(store: Pick<CatalogStore, 'readPartitions'>, now: () => Date) {
    this.#indexes = new PartitionIndexes(store)
    this.#now = now
  }

  /** The registered partitions, as of this version of the table or later. */
  index(table: Table): Promise<PartitionIndex> {
    return this.#indexes.get(table)
  }

  /**
   * Lists a table; `store` is that of its bucket. With `mostFiles` it may stop when it has found so many, and then says
   * `partial`. Throws what `discover` throws, and CONSTRAINT_VIOLATION for an injected key without a value.
   */
  async discover(table: Table, store: ObjectStore, filter?: PartitionFilter, signal?: AbortSignal, mostFiles?: number): Promise<Discovery> {
    switch (partitionSource(table)) {
      case 'auto':
        return (table.partitionsVersion ?? 0) === 0
          ? discover(table, store, filter, signal, mostFiles)
          : this.#listedAndRegistered(table, store, filter, signal)
      case 'registered':
        return this.#registered(table, store, filter, signal, mostFiles)
      case 'projection':
        return this.#projected(table, store, filter, signal, mostFiles)
    }
  }

  async #registered(
    table: Table,
    store: ObjectStore,
    filter: PartitionFilter | undefined,
    signal: AbortSignal | undefined,
    mostFiles: number | undefined,
  ): Promise<Discovery> {
    const index = await this.index(table)
    const rows = await index.select(filter)
    const found = await listWanted(
      rows.length,
      (place) => registeredPlace(table, index, rows[place] as number),
      mostFiles,
      table,
      store,
      signal,
    )
    const total = index.count
    const all = found.listed === total
    const newest = rows.length === 0 ? index.newest() : undefined
    const unknown = rows.length === 0 ? await unregistered(table, index, store, signal) : 0
    const hints = [
      ...(newest === undefined
        ? []
        : [
            `${table.schema}.${table.name}: 0 of ${total.toLocaleString('en-US')} registered partitions match; the newest is ${newest.name}`,
          ]),
      ...(total === 0 && unknown === 0
        ? [
            `${table.schema}.${table.name}: no partition is registered; MSCK REPAIR TABLE ${table.schema}.${table.name} registers those that are there`,
          ]
        : []),
      ...(unknown === 0
        ? []
        : [
            `${table.schema}.${table.name}: ${unknown.toLocaleString('en-US')} ${unknown === 1 ? 'folder is' : 'folders are'} not registered; MSCK REPAIR TABLE ${table.schema}.${table.name} registers ${unknown === 1 ? 'it' : 'them'}`,
          ]),
      ...index.bad
        .slice(0, 1)
        .map(
          ({ name }) => `${table.schema}.${table.name}: the registered partition '${name}' does not fit the table's keys and is left out`,
        ),
    ]
    return {
      ...found,
      partitionsTotal: total,
      filesTotal: all ? found.files.length : undefined,
      bytesTotal: all ? bytesOf(found.files) : undefined,
      prefixesSkipped: total - found.listed,
      ...(found.listed < rows.length && { partial: true }),
      method: `${found.listed.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} registered partitions, listed: ${calls(found.calls)}`,
      hints: [...hints, ...found.hints],
    }
  }

  async #projected(
    table: Table,
    store: ObjectStore,
    filter: PartitionFilter | undefined,
    signal: AbortSignal | undefined,
    mostFiles: number | undefined,
  ): Promise<Discovery> {
    const placed = await projectedPlaces(table, filter, this.#now())
    const found = await listWanted(placed.length, (place) => placed[place] as Placed, mostFiles, table, store, signal)
    const none =
      found.files.length > 0
        ? []
        : [
            `${table.schema}.${table.name}: none of the ${placed.length.toLocaleString('en-US')} projected partitions that match has files${placed.length === 0 ? '' : `; the first is ${placed[0]?.path}`}`,
          ]
    return {
      ...found,
      partitionsTotal: undefined,
      filesTotal: undefined,
      bytesTotal: undefined,
      prefixesSkipped: 0,
      ...(found.listed < placed.length && { partial: true }),
      method: `projected ${placed.length.toLocaleString('en-US')} partitions, listed: ${calls(found.calls)}`,
      hints: [...none, ...found.hints],
    }
  }

  /** A registered partition's own folder counts instead of a listed one of the same values. */
  async #listedAndRegistered(
    table: Table,
    store: ObjectStore,
    filter: PartitionFilter | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Discovery> {
    const index = await this.index(table)
    const rows = await index.select(filter)
    const placed = Array.from(rows, (row) => registeredPlace(table, index, row)).filter(
      ({ folder, path }) => folder !== defaultFolder(table, path),
    )
    const [listed, own] = await Promise.all([discover(table, store, filter, signal), listPlaced(placed, table, store, signal)])
    const replaced = new Set(placed.map(({ values }) => valuesKey(values)))
    const kept = listed.partitions.map(({ values }) => !replaced.has(valuesKey(values)))
    const partitions = [...listed.partitions.filter((_partition, place) => kept[place]), ...own.partitions]
    const places = new Map(partitions.map((partition, place) => [partition, place]))
    const files = [
      ...listed.files
        .filter(({ partition }) => kept[partition])
        .map(({ info, partition }) => ({ info, partition: places.get(listed.partitions[partition] as Partition) as number })),
      ...own.files.map(({ info, partition }) => ({ info, partition: places.get(own.partitions[partition] as Partition) as number })),
    ].sort((a, b) => compareKeys(a.info.key, b.info.key))
    const whole = listed.filesTotal !== undefined && rows.length === index.count
    return {
      partitions,
      files,
      partitionsTotal: whole ? partitions.length : undefined,
      filesTotal: whole ? files.length : undefined,
      bytesTotal: whole ? bytesOf(files) : undefined,
      prefixesSkipped: listed.prefixesSkipped,
      method: `${listed.method}; ${placed.length} registered partitions with folders of their own: ${calls(own.calls)}`,
      // What lies elsewhere may be a registered partition's.
      hints: listed.hints.filter((hint) => !hint.startsWith('Ignored ')),
    }
  }
}

/** Folders of the first key, of one page of a listing, that no registered partition lies in. */
async function unregistered(table: Table, index: PartitionIndex, store: ObjectStore, signal: AbortSignal | undefined): Promise<number> {
  const key = table.partitionKeys[0]
  if (key === undefined) return 0
  const { prefixes } = await new Lister(store, signal).page({ prefix: parseLocation(table.location).key, delimiter: '/' })
  return prefixes.filter((prefix) => {
    const segment = parseKeySegment(prefix.slice(prefix.lastIndexOf('/', prefix.length - 2) + 1, -1))
    if (segment?.key !== key.name) return false
    const value = segment.value === null ? null : parseKeyValue(key.type, segment.value)
    return value !== undefined && index.find([value]).length === 0
  }).length
}

const calls = (count: number): string => `${count.toLocaleString('en-US')} LIST ${count === 1 ? 'call' : 'calls'}`
const bytesOf = (files: readonly DiscoveredFile[]): number => files.reduce((sum, file) => sum + file.info.size, 0)
const valuesKey = (values: readonly Value[]): string => JSON.stringify(values.map((value) => (value === null ? null : String(value))))

function defaultFolder(table: Pick<Table, 'location'>, name: string): string {
  return `${parseLocation(table.location).key}${name}/`
}

function registeredPlace(table: Table, index: PartitionIndex, row: number): Placed {
  const { name, values, location } = index.partition(row)
  return { path: name, values, folder: location === undefined ? defaultFolder(table, name) : parseLocation(location).key }
}

/** All of `count` partitions, or the first of them that have `mostFiles` files. */
async function listWanted(
  count: number,
  place: (index: number) => Placed,
  mostFiles: number | undefined,
  table: Table,
  store: ObjectStore,
  signal: AbortSignal | undefined,
): Promise<ListedPlaces & { readonly listed: number }> {
  if (mostFiles !== undefined) return listFirst(count, place, mostFiles, table, store, signal)
  if (count > MOST_FOLDERS) throw tooMany(table, count)
  const placed = Array.from({ length: count }, (_, index) => place(index))
  return { ...(await listPlaced(placed, table, store, signal)), listed: count }
}

const tooMany = (table: Table, count: number): QueryError =>
  new QueryError(
    'EXCEEDED_SCAN_LIMIT',
    `${count.toLocaleString('en-US')} partitions of ${table.schema}.${table.name} would have to be listed`,
    {
      hint: `Compare ${table.partitionKeys.map((key) => key.name).join(', ')} with constants`,
    },
  )

/** The partitions that the properties give under a filter, key by key. */
async function projectedPlaces(table: Table, filter: PartitionFilter | undefined, now: Date): Promise<readonly Placed[]> {
  const { keys, location } = projectionOf(table)
  let tuples: { readonly values: readonly Value[]; readonly texts: readonly string[] }[] = [{ values: [], texts: [] }]
  for (const [level, key] of keys.entries()) {
    const next = key.values(filter?.domains?.[level], now)
    if (tuples.length * next.length > MOST_FOLDERS) throw tooMany(table, tuples.length * next.length)
    tuples = tuples.flatMap(({ values, texts }) => next.map(({ value, text }) => ({ values: [...values, value], texts: [...texts, text] })))
    if (filter?.constrained[level] !== true || tuples.length === 0) continue
    const verdicts = await filter.keep(tuples.map(({ values }) => values))
    tuples = tuples.filter((_tuple, place) => verdicts[place] !== false)
  }
  return tuples.map(({ values, texts }) => ({
    path: texts.map((text, level) => hiveSegment(table.partitionKeys[level]?.name as string, text)).join('/'),
    values,
    folder: parseLocation(location(texts)).key,
  }))
}

/** The canonical folder of a partition, given or by default. Throws NOT_SUPPORTED for one in another bucket than the table's. */
export function partitionLocation(table: Table, name: string, location: string | undefined): string | undefined {
  if (location === undefined) return undefined
  const folder = formatLocation(parseLocation(location)).replace(/\/?$/, '/')
  const [home, there] = [parseLocation(table.location).bucket, parseLocation(folder).bucket]
  if (home.scheme !== there.scheme || home.name !== there.name)
    throw new QueryError('NOT_SUPPORTED', `A partition in another bucket than its table's is not supported: ${folder}`)
  return parseLocation(folder).key === defaultFolder(table, name) ? undefined : folder
}
