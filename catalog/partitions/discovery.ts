/**
 * Finding a table's files by listing its location (`partition_discovery = auto`): the interface between the catalog,
 * which lists, and physical planning, which knows the predicate.
 */
import type { ObjectInfo } from '#connectors/storage/object-store'
import type { Value } from '#src/types/value'

/** One `key=value` directory tuple. Values are typed by the table's keys, null for `__HIVE_DEFAULT_PARTITION__`. */
export interface Partition {
  /** `year=2024/month=03`, as spelled in the path (percent-encoded as found). */
  readonly path: string
  readonly values: readonly Value[]
}

export interface DiscoveredFile {
  readonly info: ObjectInfo
  /** Index into Discovery.partitions; 0 for an unpartitioned table, whose only partition has no values. */
  readonly partition: number
}

export interface Discovery {
  /** Kept partitions only, in path order. */
  readonly partitions: readonly Partition[]
  /** Files of kept partitions, in key order; hidden (`_`, `.`) and empty ones are left out. */
  readonly files: readonly DiscoveredFile[]
  /** Partitions seen in listing before pruning; undefined when prefixes were skipped unseen (`total: null` in the contract). */
  readonly partitionsTotal: number | undefined
  readonly filesTotal: number | undefined
  readonly bytesTotal: number | undefined
  /** Key prefixes that a pruned walk never descended into. */
  readonly prefixesSkipped: number
  /** It stopped when there were as many files as were wanted: there may be more. */
  readonly partial?: boolean
  /** How it was listed and why, one line for EXPLAIN. */
  readonly method: string
  /** What was found but is not part of the table (files beside the key folders), for the user. */
  readonly hints: readonly string[]
}

/** What physical planning knows of the keys. All tuples of one call have the same length: the first n keys are known. */
export interface PartitionFilter {
  /** False where no row under the tuple can match. Errors keep the tuple. */
  keep(tuples: readonly (readonly Value[])[]): Promise<readonly boolean[]>
  /** constrained[i]: the predicate says something once the keys up to i are known, so that walking level i may pay. */
  readonly constrained: readonly boolean[]
  /** For each key the values that it may have, as far as comparisons with constants tell; undefined where they do not. */
  readonly domains?: readonly (KeyDomain | undefined)[]
}

/** NULL or not, and ranges that ascend and do not overlap. */
export interface KeyDomain {
  readonly nulls: boolean
  readonly ranges: readonly { readonly low: KeyBound | undefined; readonly high: KeyBound | undefined }[]
}
interface KeyBound {
  readonly value: Value
  readonly inclusive: boolean
}
