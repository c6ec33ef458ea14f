/** TRIM([side] [characters] FROM value), TRIM(value), TRIM(value, characters). */
import type { Expression, Trim } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseValue } from './expressions.ts'
import { isNumber } from './literals.ts'

export function parseTrim(cursor: Cursor): Expression {
  const { at } = cursor.expect('TRIM')
  cursor.expect('(')
  const result = parseTrimArguments(cursor, at)
  cursor.expect(')')
  return result
}

function parseTrimArguments(cursor: Cursor, at: Trim['at']): Trim {
  if (atTrimSide(cursor)) {
    const side = cursor.next().type.toLowerCase() as Trim['side']
    const characters = cursor.at('FROM') ? undefined : parseValue(cursor)
    cursor.expect('FROM')
    return { kind: 'trim', side, characters, value: parseValue(cursor), at }
  }
  if (cursor.at('FROM')) {
    throw cursor.error("The 'trim' function must have specification, char or both arguments when it takes FROM", at)
  }
  for (const side of ['LEADING', 'TRAILING', 'BOTH']) cursor.expecting(side)
  const first = parseValue(cursor)
  if (cursor.accept('FROM')) return { kind: 'trim', side: 'both', characters: first, value: parseValue(cursor), at }
  if (cursor.accept(',')) return { kind: 'trim', side: 'both', characters: parseValue(cursor), value: first, at }
  return { kind: 'trim', side: 'both', characters: undefined, value: first, at }
}

/**
 * LEADING, TRAILING and BOTH are names too. One is the side if FROM or a name or number follows directly; if what follows could continue
 * an expression that begins with the name, FROM must follow later at the same depth.
 */
function atTrimSide(cursor: Cursor): boolean {
  const { type } = cursor.token
  if (type !== 'LEADING' && type !== 'TRAILING' && type !== 'BOTH') return false
  const next = cursor.peek(1)
  if (next === 'FROM' || isNumber(next)) return true
  if (cursor.peekName(1)) return next !== 'AT' && next !== 'OVER'
  if (['.', ',', ')', '*', '/', '%', '||', '->'].includes(next)) return false
  let depth = 0
  for (let distance = 1; cursor.peek(distance) !== 'end'; distance++) {
    const ahead = cursor.peek(distance)
    if (ahead === '(' || ahead === '[') depth++
    else if (ahead === ')' || ahead === ']') {
      if (--depth < 0) return false
    } else if (ahead === 'FROM' && depth === 0) return true
  }
  return false
}
