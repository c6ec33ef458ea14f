/** LIKE. Patterns with ESCAPE are checked here, since the kernel lets a dangling escape pass. */
import type { Expr, Like } from '#src/logical/expression'
import type { Value } from '#src/types/value'
import { textForm } from '../representation.ts'

export function printLike(expr: Like, print: (expr: Expr) => string, constantOf: (expr: Expr) => Value | undefined): string {
  const value = textForm(print(expr.value), expr.value.type)
  const pattern = print(expr.pattern)
  if (expr.escape === undefined) return `(${value} LIKE ${pattern})`
  const escaping = constantOf(expr.escape)
  const patternText = constantOf(expr.pattern)
  if (escaping === null || patternText === null) return 'CAST(NULL AS BOOLEAN)'
  const isNative =
    typeof escaping === 'string' && typeof patternText === 'string' && /^[\0-\x7f]$/.test(escaping) && isWellFormed(patternText, escaping)
  return isNative ? `(${value} LIKE ${pattern} ESCAPE ${print(expr.escape)})` : `weir_like(${value}, ${pattern}, ${print(expr.escape)})`
}

/** Whether each escape stands before what may be escaped; what is malformed fails when a row reaches it. */
function isWellFormed(pattern: string, escaping: string): boolean {
  const characters = [...pattern]
  for (let index = 0; index < characters.length; index++) {
    if (characters[index] !== escaping) continue
    const next = characters[++index]
    if (next !== '%' && next !== '_' && next !== escaping) return false
  }
  return true
}
