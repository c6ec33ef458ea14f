/** Whether a statement has a place for every value that came with it. */
import { QueryError } from '#src/common/errors'
import type { Statement } from '#src/sql/ast'

/** Their `?` get values later, or from their own text. */
const BRINGS_ITS_OWN: ReadonlySet<Statement['kind']> = new Set([
  'prepare',
  'execute',
  'execute-immediate',
  'describe-input',
  'describe-output',
])

/**
 * @throws INVALID_PARAMETER_USAGE at the statement when there are more or fewer values than `?`
 */
export function checkParameterCount(statement: Statement, given: number): void {
  if (given === 0 && BRINGS_ITS_OWN.has(statement.kind)) return
  const expected = countParameters(statement)
  if (given === expected) return
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
