/** A parameter of a signature: a type with variables in it. */
import { QueryError } from '#src/common/errors'
import { parseType } from '#src/types/parse'
import type { Type } from '#src/types/type'

export type TypePattern =
  | { readonly kind: 'variable'; readonly name: string }
  /** Any type; each argument its own. */
  | { readonly kind: 'any' }
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'array'; readonly element: TypePattern }
  | { readonly kind: 'map'; readonly key: TypePattern; readonly value: TypePattern }
  | { readonly kind: 'row'; readonly fields: readonly TypePattern[] }
  | { readonly kind: 'function'; readonly parameters: readonly TypePattern[]; readonly result: TypePattern }
  | { readonly kind: 'parametric'; readonly base: ParametricBase; readonly parameters: readonly string[] }

type ParametricBase = 'decimal' | 'varchar' | 'char' | 'time' | 'timestamp' | 'time with time zone' | 'timestamp with time zone'

/** Parses one parameter's text, such as `map(K, array(V))`, `decimal(p,s)` or `timestamp(p) with time zone`. */
export function parseTypePattern(text: string): TypePattern {
  if (text === 'any') return { kind: 'any' }
  if (/^[A-Z]$/.test(text)) return { kind: 'variable', name: text }
  const match = /^(\w+)\((.*)\)( with time zone)?$/.exec(text)
  if (match === null) return { kind: 'type', type: parseType(text) }
  const [, base = '', inner = '', zone = ''] = match
  const parts = splitArguments(inner)
  switch (base) {
    case 'array':
      return { kind: 'array', element: parseTypePattern(parts[0] ?? '') }
    case 'map':
      return { kind: 'map', key: parseTypePattern(parts[0] ?? ''), value: parseTypePattern(parts[1] ?? '') }
    case 'row':
      return { kind: 'row', fields: parts.map(parseTypePattern) }
    case 'function':
      return { kind: 'function', parameters: parts.slice(0, -1).map(parseTypePattern), result: parseTypePattern(parts.at(-1) ?? '') }
    case 'decimal':
    case 'varchar':
    case 'char':
    case 'time':
    case 'timestamp':
      if (parts.every((part) => /^[a-z]$/.test(part)))
        return { kind: 'parametric', base: `${base}${zone}` as ParametricBase, parameters: parts }
      return { kind: 'type', type: parseType(text) }
    default:
      throw new QueryError('GENERIC_INTERNAL_ERROR', `Malformed type in a signature: ${text}`)
  }
}

function splitArguments(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (const [index, character] of [...text].entries()) {
    if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim())
      start = index + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts
}
