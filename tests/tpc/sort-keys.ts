/** Which output columns a query is sorted by. */
import type { Expression } from '#src/sql/ast'
import { parseStatement } from '#src/sql/parser/parse'

/** Indexes of the leading sort keys that are output columns; keys behind one that is an expression are left out. */
export function sortKeys(sql: string, columns: readonly { readonly name: string }[]): readonly number[] {
  const statement = parseStatement(sql)
  if (statement.kind !== 'query-statement') throw new Error(`Not a query: ${sql}`)
  const keys: number[] = []
  for (const { value } of statement.query.orderBy) {
    const index = columnIndex(value, columns)
    if (index === undefined) break
    keys.push(index)
  }
  return keys
}

function columnIndex(key: Expression, columns: readonly { readonly name: string }[]): number | undefined {
  if (key.kind === 'number' && /^\d+$/.test(key.text)) return Number(key.text) - 1
  const name = key.kind === 'identifier' ? key.value : key.kind === 'dereference' ? key.field.value : undefined
  if (name === undefined) return undefined
  const found = columns.flatMap((column, index) => (column.name === name ? [index] : []))
  return found.length === 1 ? found[0] : undefined
}
