/** Column aliases of WITH queries, relations and `.* AS (…)`. */
import { QueryError } from '#src/common/errors'
import type { Identifier } from '#src/sql/ast'
import { lower, spelling } from './scope.ts'

/** @throws MISMATCHED_COLUMN_ALIASES, DUPLICATE_COLUMN_NAME */
export function checkAliases(aliases: readonly Identifier[], count: number): void {
  const [first] = aliases
  if (aliases.length !== count) {
    const message = `Column alias list has ${aliases.length} entries but relation has ${count} columns`
    throw new QueryError('MISMATCHED_COLUMN_ALIASES', message, { at: first?.at })
  }
  const seen = new Set<string>()
  for (const alias of aliases) {
    const name = lower(alias.value)
    if (seen.has(name)) {
      throw new QueryError('DUPLICATE_COLUMN_NAME', `Column name '${spelling(alias)}' specified more than once`, { at: alias.at })
    }
    seen.add(name)
  }
}
