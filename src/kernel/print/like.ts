/** LIKE. Patterns with ESCAPE are checked here, since the kernel lets a dangling escape pass. */
import { QueryError } from '#src/common/errors'
import type { Expr, Like } from '#src/logical/expression'
import type { Value } from '#src/types/value'
import { textForm } from '../representation.ts'

/** @throws INVALID_FUNCTION_ARGUMENT for a malformed pattern, NOT_SUPPORTED for one with ESCAPE that is no constant */
export function printLike(expr: Like, print: (expr: Expr) => string, constantOf: (expr: Expr) => Value | undefined): string {
  const value = textForm(print(expr.value), expr.value.type)
  const pattern = print(expr.pattern)
  if (expr.escape === undefined) return `(${value} LIKE ${pattern})`
  const escaping = constantOf(expr.escape)
  const patternText = constantOf(expr.pattern)
  if (typeof escaping !== 'string' || typeof patternText !== 'string') {
    if (escaping === null || patternText === null) return 'CAST(NULL AS BOOLEAN)'
    throw new QueryError('NOT_SUPPORTED', 'LIKE with ESCAPE is supported with a constant pattern only')
  }
  checkPattern(patternText, escaping)
  return `(${value} LIKE ${pattern} ESCAPE ${print(expr.escape)})`
}

function checkPattern(pattern: string, escaping: string): void {
  if ([...escaping].length !== 1) throw new QueryError('INVALID_FUNCTION_ARGUMENT', 'Escape string must be a single character')
  const characters = [...pattern]
  for (let index = 0; index < characters.length; index++) {
    if (characters[index] !== escaping) continue
    const next = characters[++index]
    if (next !== '%' && next !== '_' && next !== escaping) {
      throw new QueryError('INVALID_FUNCTION_ARGUMENT', "Escape character must be followed by '%', '_' or the escape character itself")
    }
  }
}
