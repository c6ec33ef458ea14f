/** Whether a statement has a place for every value that came with it. */
import { QueryError } from '#src/common/errors'
import type { Statement } from '#src/sql/ast'

/**
 * @throws INVALID_PARAMETER_USAGE when there are more values than `?`: the caller and the text do not belong together. A
 * missing value is told where its `?` stands, by the analysis.
 */
export function checkParameterCount(statement: Statement, given: number): void {
  if (given === 0) return
  const expected = countParameters(statement)
  if (given <= expected) return
  throw new QueryError('INVALID_PARAMETER_USAGE', `Incorrect number of parameters: expected ${expected} but found ${given}`, {
    at: statement.at,
  })
}

/** Walked by shape (see `collectTableNames`): `?` may stand in LIMIT and other places that are no expressions. */
function countParameters(statement: Statement): number {
  let count = 0
  const pending: unknown[] = [statement]
  while (pending.length > 0) {
    const node = pending.pop()
    if (typeof node !== 'object' || node === null) continue
    if ((node as { readonly kind?: string }).kind === 'parameter') count++
    for (const part of Object.values(node)) pending.push(part)
  }
  return count
}
