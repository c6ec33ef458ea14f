/** Type names: `decimal(10, 2)`, `array(row(a bigint))`, `timestamp(3) with time zone`, and Hive's `struct<a:int>`. */
import type { Identifier, TypeArgument, TypeName } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { integerValue, isIntervalUnit, parseInteger, parseIntervalUnit } from './literals.ts'

export function parseTypeName(cursor: Cursor): TypeName {
  cursor.rule('<type>')
  const level = cursor.enter()
  let type = parseTypeBase(cursor)
  while (cursor.token.type === 'ARRAY') {
    cursor.next()
    if (cursor.at('[')) throw cursor.error('Explicit array size not supported', cursor.token.at, 'NOT_SUPPORTED')
    cursor.grow()
    type = generic('array', [type], type.at)
  }
  cursor.expecting('ARRAY')
  cursor.leave(level)
  return type
}

const generic = (name: string, args: readonly TypeArgument[], at: TypeName['at']): TypeName => ({
  kind: 'generic-type',
  name,
  arguments: args,
  at,
})

function parseTypeBase(cursor: Cursor): TypeName {
  const { at, type } = cursor.token
  const next = cursor.peek(1)
  switch (type) {
    case 'ROW':
      if (next === '(') return parseRowType(cursor)
      break
    case 'INTERVAL':
      if (isIntervalUnit(next)) return parseIntervalType(cursor)
      break
    case 'TIME':
    case 'TIMESTAMP':
      return parseDatetimeType(cursor)
    case 'DOUBLE':
      if (next === 'PRECISION') {
        cursor.next()
        cursor.next()
        return generic('double', [], at)
      }
      break
    case 'ARRAY':
    case 'MAP':
      if (next === '<') return parseAngleType(cursor)
  }
  if (next === '<' && cursor.hive && cursor.isWord('STRUCT')) return parseStruct(cursor)
  if (!cursor.token.name) throw cursor.mismatch()
  const name = cursor.identifier()
  const args = cursor.at('(') ? cursor.parenthesized(() => parseTypeArgument(cursor)) : []
  return generic(name.value, args, at)
}

function parseTypeArgument(cursor: Cursor): TypeArgument {
  if (cursor.at('integer')) return parseTypeParameter(cursor)
  return parseTypeName(cursor)
}

/** Larger ones than any type takes are told of with the type; beyond 64 bits they are no parameters. */
function parseTypeParameter(cursor: Cursor): number {
  const token = cursor.expect('integer')
  const text = cursor.textOf(token)
  const value = integerValue(text)
  if (BigInt.asIntN(64, value) !== value) throw cursor.error(`Invalid type parameter: ${text}`, token.at, 'TYPE_MISMATCH')
  return Number(value)
}

function parseIntervalType(cursor: Cursor): TypeName {
  const { at } = cursor.expect('INTERVAL')
  const from = parseIntervalUnit(cursor)
  const to = cursor.accept('TO') ? parseIntervalUnit(cursor) : from
  return { kind: 'interval-type', from, to, at }
}

function parseDatetimeType(cursor: Cursor): TypeName {
  const { at, type } = cursor.next()
  let precision: number | undefined
  if (cursor.accept('(')) {
    precision = parseInteger(cursor)
    cursor.expect(')')
  }
  const next = cursor.peek(1) === 'TIME' && cursor.peek(2) === 'ZONE' ? cursor.token.type : ''
  const zoned = next === 'WITH'
  if (zoned || next === 'WITHOUT') {
    cursor.next()
    cursor.next()
    cursor.next()
  }
  return { kind: 'datetime-type', base: type === 'TIME' ? 'time' : 'timestamp', precision, withTimeZone: zoned, at }
}

/** `array<T>`, `map<K, V>` */
function parseAngleType(cursor: Cursor): TypeName {
  const { at, type } = cursor.next()
  cursor.expect('<')
  const args = [parseTypeName(cursor)]
  if (type === 'MAP') {
    cursor.expect(',')
    args.push(parseTypeName(cursor))
  }
  cursor.expect('>')
  return generic(type.toLowerCase(), args, at)
}

/** Hive's `struct<name:type, …>`; a row type for us. */
function parseStruct(cursor: Cursor): TypeName {
  const { at } = cursor.expectWord('STRUCT')
  cursor.requireHive('struct<…> is a type of Hive; write row(…)', at)
  cursor.expect('<')
  const fields = cursor.list(() => {
    const name = cursor.identifier()
    cursor.accept(':')
    return { name, type: parseTypeName(cursor) }
  })
  cursor.expect('>')
  return { kind: 'row-type', fields, at }
}

function parseRowType(cursor: Cursor): TypeName {
  const { at } = cursor.expect('ROW')
  const fields = cursor.parenthesized(() => parseRowField(cursor))
  return { kind: 'row-type', fields, at }
}

function parseRowField(cursor: Cursor): { readonly name: Identifier | undefined; readonly type: TypeName } {
  if (cursor.at('integer')) {
    // A number is a parameter like a type, but that no row takes it.
    const { at } = cursor.token
    return { name: undefined, type: generic(String(parseTypeParameter(cursor)), [], at) }
  }
  if (isTypeAlone(cursor)) return { name: undefined, type: parseTypeName(cursor) }
  const name = cursor.identifier()
  return { name, type: parseTypeName(cursor) }
}

/**
 * A field is a type, or a name and a type, and types are mostly plain names: the token after the first one tells. As in Trino a
 * reading as a type alone wins: `row(bigint array)` has one field without a name.
 */
function isTypeAlone(cursor: Cursor): boolean {
  const second = cursor.peek(1)
  const third = cursor.peek(2)
  if (!cursor.peekName(1)) return second !== 'ROW'
  switch (cursor.token.type) {
    case 'DOUBLE':
      if (second === 'PRECISION') return true
      break
    case 'TIME':
    case 'TIMESTAMP':
      if (second === 'WITHOUT' && third === 'TIME') return true
      break
    case 'INTERVAL':
      if (isIntervalUnit(second) && (third === ',' || third === ')' || third === 'TO')) return true
  }
  return second === 'ARRAY' && third !== '(' && third !== '<'
}
