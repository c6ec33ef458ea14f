/** Which columns of a result a statement has named itself, as DESCRIBE OUTPUT tells it. */
import type { QueryBody, Select, Statement } from '#src/sql/ast'

/**
 * A flag for each of the `names` of the result. Columns have the names that the first of the queries between UNION and the like
 * gives them; a name that comes from a table or an inner query is none of the statement's own.
 */
export function aliasedOutputs(statement: Statement, names: readonly string[]): readonly boolean[] {
  switch (statement.kind) {
    case 'query-statement': {
      const select = firstSelect(statement.query.body)
      return select === undefined ? names.map(() => false) : aliasedItems(select, names)
    }
    case 'show-catalogs':
    case 'show-create':
      return names.map(() => false)
    default:
      return names.map(() => true)
  }
}

function firstSelect(body: QueryBody): Select | undefined {
  switch (body.kind) {
    case 'select':
      return body
    case 'set-operation':
      return firstSelect(body.left)
    case 'subquery-body':
      return firstSelect(body.query.body)
    case 'values':
    case 'table':
      return undefined
  }
}

/** How many columns a `*` is, is known by those around it: between two of them items are found by their names. */
function aliasedItems({ items }: Select, names: readonly string[]): readonly boolean[] {
  const flags = names.map(() => false)
  const first = items.findIndex(({ kind }) => kind === 'all')
  const last = items.findLastIndex(({ kind }) => kind === 'all')
  for (const [index, item] of items.entries()) {
    if (item.kind === 'all') continue
    const place = first < 0 || index < first ? index : index > last ? names.length - (items.length - index) : -1
    const { alias } = item
    if (alias === undefined) continue
    if (place >= 0) flags[place] = true
    else {
      const found = names.indexOf(alias.written ?? alias.value, index)
      if (found >= 0) flags[found] = true
    }
  }
  return flags
}
