/** WITH (name = value, …) of tables, views and schemas. */
import type { Property } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'

/** `( name = value, … )` */
export function parseProperties(cursor: Cursor): readonly Property[] {
  return cursor.parenthesized(() => parseProperty(cursor))
}

/** [WITH ( … )] */
export function parseWithProperties(cursor: Cursor): readonly Property[] {
  return cursor.accept('WITH') ? parseProperties(cursor) : []
}

export function parseProperty(cursor: Cursor): Property {
  const name = cursor.identifier()
  cursor.expect('=')
  const next = cursor.peek(1)
  const isDefault = cursor.at('DEFAULT') && (next === ',' || next === ')' || next === 'end' || next === ';')
  if (isDefault) cursor.next()
  return { name, value: isDefault ? undefined : parseExpression(cursor), at: name.at }
}
