import type { Position } from '#src/common/errors'
import type { Expression, QualifiedName, Query } from '#src/sql/ast'

/** `SELECT * FROM t WHERE …`: the rows that a statement is about. */
export function selectAll(table: QualifiedName, where: Expression | undefined, at: Position): Query {
  return {
    kind: 'query',
    functions: [],
    with: undefined,
    body: {
      kind: 'select',
      distinct: false,
      items: [{ kind: 'all', target: undefined, aliases: [], at }],
      from: { kind: 'table-reference', name: table, version: undefined, at: table.at },
      where,
      groupBy: undefined,
      having: undefined,
      windows: [],
      at,
    },
    orderBy: [],
    offset: undefined,
    limit: undefined,
    at,
  }
}
