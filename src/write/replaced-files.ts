/** Files that a write takes away: those of whole partitions, as they were when it began. */
import type { Table } from '#catalog/model'
import type { Discovery, PartitionFilter } from '#catalog/partitions/discovery'
import { parseKeyValue } from '#catalog/partitions/key-types'
import type { FileVersion } from '#catalog/store/write-store'
import { formatLocation, type Location, parseLocation } from '#connectors/storage/location'
import type { Position } from '#src/common/errors'
import { QueryError } from '#src/common/errors'
import { and, conjuncts, TRUE } from '#src/logical/build'
import { hasSubquery, isDeterministic } from '#src/logical/expr-properties'
import { collectColumns } from '#src/logical/expr-walk'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan, QueryPlan, Scan } from '#src/logical/plan'
import { walkPlan } from '#src/logical/plan-walk'
import { optimize } from '#src/optimize/optimizer'
import { forEachConcurrently } from '#src/physical/concurrent'
import { keyColumns, partitionFilter, partitionPredicate } from '#src/physical/partition-filter'
import type { PlanningSources } from '#src/physical/plan-scan'
import { formatValue } from '#src/types/format-value'
import type { Value } from '#src/types/value'

/** A file with the partition that it lies in. */
export interface PartitionFile extends FileVersion {
  /** The same text for the same values, however the path spells them. */
  readonly partition: string
  /** `bucket/key/` of the partition's folder. */
  readonly folder: string
  /** Of the partition's keys. */
  readonly values: readonly Value[]
  readonly bytes: number
}

/** Files of the partitions whose first keys have these values; all files where there are none. */
export async function filesOfPartitions(
  table: Table,
  values: readonly Value[],
  sources: Pick<PlanningSources, 'lister'>,
  signal: AbortSignal,
): Promise<readonly PartitionFile[]> {
  const wanted = values.map((value, index) => keyText(table, index, value))
  const matches = (tuple: readonly Value[]): boolean =>
    tuple.slice(0, wanted.length).every((value, index) => keyText(table, index, value) === wanted[index])
  const filter: PartitionFilter = {
    constrained: table.partitionKeys.map((_, index) => index < wanted.length),
    keep: async (tuples) => tuples.map(matches),
  }
  const discovery = await sources.lister.discover(table, filter, signal)
  return partitionFiles(table, discovery).filter((_, index) => {
    const file = discovery.files[index]
    return file !== undefined && matches(discovery.partitions[file.partition]?.values ?? [])
  })
}

const FOLDERS_AT_ONCE = 16

/**
 * Files in the folders of partitions that nobody sees yet because they are not registered: whoever overwrites such a partition
 * replaces what is in its folder, which would be seen together with the new files from the registration on.
 */
export async function filesOfFolders(
  table: Table,
  folders: readonly { readonly location: Location; readonly values: readonly (string | null)[] }[],
  { lister }: Pick<PlanningSources, 'lister'>,
  signal: AbortSignal,
): Promise<readonly PartitionFile[]> {
  const { partition_discovery: _discovery, ...properties } = table.properties
  const found: PartitionFile[][] = folders.map(() => [])
  await forEachConcurrently(
    0,
    folders.length,
    FOLDERS_AT_ONCE,
    async (index) => {
      const { location, values } = folders[index] as (typeof folders)[number]
      const folder: Table = { ...table, location: formatLocation(location), partitionKeys: [], properties }
      const typed = keyValues(table, values)
      const partition = partitionText(table, typed)
      const discovery = await lister.discover(folder, { constrained: [], keep: async (tuples) => tuples.map(() => true) }, signal)
      found[index] = partitionFiles(folder, discovery).map((file) => ({ ...file, partition, values: typed }))
    },
    signal,
  )
  return found.flat()
}

/**
 * Files of the partitions all of whose rows a DELETE takes.
 * @throws NOT_SUPPORTED where the predicate speaks of more than partition keys or is not deterministic, and what it throws itself
 */
export async function filesToDelete(
  table: Table,
  query: QueryPlan,
  at: Position,
  sources: PlanningSources,
  signal: AbortSignal,
): Promise<readonly PartitionFile[]> {
  const scan = scanOf(query.root)
  if (scan === undefined) return []
  const predicate = filterOf(query.root)
  const keys = new Set(keyColumns(scan).map(({ id }) => id))
  const used = new Set<number>()
  for (const term of predicate) collectColumns(term, used)
  if (predicate.some((term) => hasSubquery(term))) throw rowsOnly(at)
  if (predicate.some((term) => !isDeterministic(term)))
    throw new QueryError('NOT_SUPPORTED', 'DELETE with a predicate that is not deterministic is not supported', { at })
  if ([...used].some((id) => !keys.has(id)) || hasPlans(query.root)) throw rowsOnly(at)
  const optimized = optimize(query, { signal }).plan.root
  const remaining = scanOf(optimized)
  if (remaining === undefined) return []
  const exact: Scan = { ...remaining, predicate: filterOf(optimized) }
  const onKeys = partitionPredicate(exact, sources.evaluator, signal)
  const discovery = await sources.lister.discover(table, partitionFilter(exact, onKeys), signal)
  // Pruning keeps a partition that it cannot decide about; deleting asks for the answer, or for the predicate's error.
  const tuples = discovery.partitions.map(({ values }) => values)
  const terms = exact.predicate
  const deletes =
    terms.length === 0 ? tuples.map(() => true) : await sources.evaluator.evaluate(and(...terms), keyColumns(exact), tuples, signal)
  return partitionFiles(table, discovery).filter((_, index) => deletes[discovery.files[index]?.partition ?? 0] ?? false)
}

const rowsOnly = (at: Position): QueryError =>
  new QueryError('NOT_SUPPORTED', 'DELETE is only supported for whole partitions: its predicate may only speak of partition keys', {
    at,
    hint: 'INSERT OVERWRITE … SELECT the rows that stay',
  })

function scanOf(root: LogicalPlan): Scan | undefined {
  let found: Scan | undefined
  walkPlan(root, (node) => {
    if (node.kind === 'scan') found = node
  })
  return found
}

function filterOf(root: LogicalPlan): readonly Expr[] {
  const terms: Expr[] = []
  walkPlan(root, (node) => {
    if (node.kind === 'filter') terms.push(...conjuncts(node.predicate))
  })
  return terms.filter((term) => term !== TRUE)
}

/** A plan that is more than a filter over a scan. */
function hasPlans(root: LogicalPlan): boolean {
  let more = false
  walkPlan(root, (node) => {
    if (node.kind !== 'scan' && node.kind !== 'filter' && node.kind !== 'project') more = true
  })
  return more
}

function partitionFiles(table: Table, { partitions, files }: Discovery): readonly PartitionFile[] {
  const { bucket } = parseLocation(table.location)
  const name = `${bucket.scheme}://${bucket.name}`
  return files.map(({ info, partition }) => {
    const home = partitions[partition]
    return {
      bucket: name,
      key: info.key,
      version: info.version,
      partition: partitionText(table, home?.values ?? []),
      folder: `${name}/${info.key.slice(0, info.key.lastIndexOf('/') + 1)}`,
      values: home?.values ?? [],
      bytes: info.size,
    }
  })
}

/** The same text for the same values of the keys. */
function partitionText(table: Table, values: readonly Value[]): string {
  return JSON.stringify(table.partitionKeys.map((_, index) => keyText(table, index, values[index] ?? null)))
}

/** As partitionText, of the texts that the kernel gives. */
export function partitionTextOf(table: Table, texts: readonly (string | null)[]): string {
  return partitionText(table, keyValues(table, texts))
}

/** The typed values of the texts that the kernel gives. */
export function keyValues(table: Table, texts: readonly (string | null)[]): readonly Value[] {
  return table.partitionKeys.map(({ type }, index) => {
    const text = texts[index] ?? null
    return text === null ? null : (parseKeyValue(type, text) ?? text)
  })
}

function keyText(table: Table, index: number, value: Value): string | null {
  const key = table.partitionKeys[index]
  return value === null || key === undefined ? null : formatValue(value, key.type)
}
