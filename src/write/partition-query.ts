import type { Table } from '#catalog/model'
import { and, columnRef, literal } from '#src/logical/build'
import type { QueryPlan } from '#src/logical/plan'
import { BOOLEAN } from '#src/types/type'
import type { Value } from '#src/types/value'

/** The rows of one partition, of a query that gives all columns of a table in their order. */
export function ofPartition(query: QueryPlan, table: Table, values: readonly Value[]): QueryPlan {
  const terms = table.partitionKeys.map(({ type }, level) => {
    const key = columnRef((query.output[table.columns.length + level] as QueryPlan['output'][number]).column)
    const right = literal(type, values[level] ?? null)
    // NULL and NaN are values of a partition like any other.
    return { kind: 'distinct-from' as const, type: BOOLEAN, left: key, right, negated: true }
  })
  return terms.length === 0 ? query : { ...query, root: { kind: 'filter', input: query.root, predicate: and(...terms) } }
}
