import type { PartitionFilter } from '#catalog/partitions/discovery'
import type { Column } from '#src/logical/expression'
import type { Scan } from '#src/logical/plan'
import { columnDomain } from './column-domain.ts'
import type { PredicateEvaluator } from './predicate-evaluator.ts'
import { TuplePredicate } from './tuple-predicate.ts'

/** A scan's partition keys as columns, in the order of the path's levels; a key that the scan does not read gets an id that nothing names. */
export function keyColumns(scan: Scan): readonly Column[] {
  return scan.table.partitionKeys.map((key, place) => {
    const entry = scan.columns.find(({ source }) => source.kind === 'key' && source.name === key.name)
    return entry?.column ?? { id: -1 - place, name: key.name, type: key.type }
  })
}

/** The scan's predicate as far as it speaks of partition keys. */
export function partitionPredicate(scan: Scan, evaluator: PredicateEvaluator, signal: AbortSignal): TuplePredicate {
  return new TuplePredicate(keyColumns(scan), scan.predicate, evaluator, signal)
}

/** What discovery asks while it lists. */
export function partitionFilter(scan: Scan, predicate: TuplePredicate): PartitionFilter {
  return {
    constrained: predicate.constrained,
    domains: keyColumns(scan).map((column) => columnDomain(scan.predicate, column.id, column.type)),
    keep: async (tuples) => (await predicate.judge(tuples)).map(({ keep }) => keep),
  }
}
