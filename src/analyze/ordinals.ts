/** `GROUP BY 1`, `ORDER BY 2`: positions in the select list. */
import { QueryError } from '#src/common/errors'
import type * as ast from '#src/sql/ast'

/** The index (from 0) that an integer literal means; undefined for every other expression. @throws INVALID_COLUMN_REFERENCE */
export function ordinalOf(node: ast.Expression, count: number, clause: 'GROUP BY' | 'ORDER BY'): number | undefined {
  if (node.kind !== 'number' || node.form !== 'integer') return undefined
  const position = Number(node.text.replaceAll('_', ''))
  if (position >= 1 && position <= count) return position - 1
  throw new QueryError('INVALID_COLUMN_REFERENCE', `${clause} position ${position} is not in select list`, { at: node.at })
}
