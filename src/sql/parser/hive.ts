/** What Hive's statements share, and MSCK and UNLOAD. */
import type { ComparisonOperator, HiveProperty, PartitionSpec, Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseValue } from './expressions.ts'
import { parseProperties } from './properties.ts'
import { parseRootQuery } from './queries.ts'

/** MSCK REPAIR TABLE and UNLOAD; undefined for anything else. */
export function parseHiveStatement(cursor: Cursor): Statement | undefined {
  const { at } = cursor.token
  if (cursor.isWord('MSCK')) {
    cursor.next()
    cursor.expectWord('REPAIR')
    cursor.accept('TABLE')
    const table = cursor.inHive(() => cursor.qualifiedName())
    const mode = parseRepairMode(cursor)
    const partition = cursor.at('PARTITION') ? cursor.inHive(() => parsePartitionSpec(cursor, true)) : undefined
    return { kind: 'msck-repair', table, mode, partition, at }
  }
  if (!cursor.isWord('UNLOAD') || cursor.peek(1) !== '(') return undefined
  cursor.next()
  cursor.expect('(')
  const query = parseRootQuery(cursor)
  cursor.expect(')')
  cursor.expect('TO')
  const location = parseHiveString(cursor)
  cursor.expect('WITH')
  return { kind: 'unload', query, location, properties: parseProperties(cursor), at }
}

/** [ADD | DROP | SYNC PARTITIONS] */
function parseRepairMode(cursor: Cursor): 'add' | 'drop' | 'sync' {
  const mode = cursor.accept('ADD') ? 'add' : cursor.accept('DROP') ? 'drop' : cursor.acceptWord('SYNC') ? 'sync' : undefined
  if (mode !== undefined) cursor.expect('PARTITIONS')
  return mode ?? 'add'
}

/** PARTITION (key [= value], …); the operator may be another one where `comparisons`, in DROP PARTITION. */
export function parsePartitionSpec(cursor: Cursor, comparisons = false): PartitionSpec {
  const { at } = cursor.expect('PARTITION')
  const values = cursor.parenthesized(() => {
    const key = cursor.identifier()
    const operators: readonly ComparisonOperator[] = comparisons ? ['=', '<>', '<', '<=', '>', '>='] : ['=']
    const operator = cursor.acceptAny(...operators)
    return { key, operator: operator ?? '=', value: operator === undefined ? undefined : parsePartitionValue(cursor) }
  })
  return { values, at }
}

/** A constant; Hive takes double quotes for strings. */
function parsePartitionValue(cursor: Cursor) {
  const { at, type } = cursor.token
  if (type === 'quoted-identifier') return { kind: 'string', value: parseHiveString(cursor), at } as const
  return cursor.inTrino(() => parseValue(cursor))
}

/** `( 'key' = 'value', … )` */
export function parseHiveProperties(cursor: Cursor): readonly HiveProperty[] {
  return cursor.parenthesized(() => {
    const key = parseHiveString(cursor)
    cursor.expect('=')
    return { key, value: parseHiveString(cursor) }
  })
}

/** A string of Hive: in single or double quotes, with backslash escapes. */
export function parseHiveString(cursor: Cursor): string {
  cursor.rule('<string>')
  const { token } = cursor
  if (token.type !== 'string' && token.type !== 'quoted-identifier') throw cursor.mismatch()
  cursor.next()
  const text = cursor.textOf(token)
  const quote = text[0] ?? ''
  return decode(text.slice(1, -1).replaceAll(quote + quote, quote))
}

const ESCAPES: Readonly<Record<string, string>> = { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\u001a', '%': '\\%', _: '\\_' }

/** Hive's rules: \t and its like, three octal digits, \u and four hexadecimal ones; any other character stands for itself. */
function decode(text: string): string {
  return text.replace(/\\(?:([01][0-7]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (_, octal?: string, hex?: string, character?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return ESCAPES[character ?? ''] ?? character ?? ''
  })
}
