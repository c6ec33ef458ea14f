/** JSON_TABLE: columns, nested columns, plans. */
import type { JsonTable, JsonTableColumn, JsonTablePlan } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseJsonPathCall, parseJsonRepresentation, parseQueryClauses, parseValueBehaviours } from './json.ts'
import { parseStringLiteral } from './literals.ts'
import { parseTypeName } from './types.ts'

export function parseJsonTable(cursor: Cursor): JsonTable {
  const { at } = cursor.expect('JSON_TABLE')
  cursor.expect('(')
  const call = parseJsonPathCall(cursor, cursor.token.at)
  const columns = parseColumns(cursor)
  const plan = cursor.accept('PLAN') ? parsePlanClause(cursor) : undefined
  const onError = cursor.acceptAny('ERROR', 'EMPTY')
  if (onError !== undefined) {
    cursor.expect('ON')
    cursor.expect('ERROR')
  }
  cursor.expect(')')
  return { kind: 'json-table', call, columns, plan, onError: onError?.toLowerCase() as JsonTable['onError'], at }
}

function parseColumns(cursor: Cursor): readonly JsonTableColumn[] {
  cursor.expect('COLUMNS')
  const level = cursor.enter()
  const columns = cursor.parenthesized(() => parseColumn(cursor))
  cursor.leave(level)
  return columns
}

function parseColumn(cursor: Cursor): JsonTableColumn {
  if (atNested(cursor)) return parseNested(cursor)
  const name = cursor.identifier()
  if (cursor.accept('FOR')) {
    cursor.expect('ORDINALITY')
    return { kind: 'ordinality', name }
  }
  const type = parseTypeName(cursor)
  const format = cursor.accept('FORMAT') ? parseJsonRepresentation(cursor) : undefined
  const given = cursor.accept('PATH') ? parseStringLiteral(cursor) : undefined
  // A path that is not written is told of at its column.
  const [path, pathAt] = [given?.value, given?.at ?? name.at]
  if (format === undefined) return { kind: 'value', name, type, path, pathAt, ...parseValueBehaviours(cursor) }
  return { kind: 'query', name, type, format, path, pathAt, ...parseQueryClauses(cursor) }
}

function atNested(cursor: Cursor): boolean {
  if (!cursor.at('NESTED')) return false
  const path = cursor.peek(1) === 'PATH' ? cursor.peek(2) : cursor.peek(1)
  return path === 'string' || path === 'unicode-string'
}

function parseNested(cursor: Cursor): JsonTableColumn {
  cursor.expect('NESTED')
  cursor.accept('PATH')
  const { value: path, at: pathAt } = parseStringLiteral(cursor)
  const pathName = cursor.accept('AS') ? cursor.identifier() : undefined
  return { kind: 'nested', path, pathAt, pathName, columns: parseColumns(cursor) }
}

function parsePlanClause(cursor: Cursor): JsonTablePlan {
  const byDefault = cursor.accept('DEFAULT')
  cursor.expect('(')
  const plan = byDefault ? parseDefaultPlan(cursor) : parsePlan(cursor)
  cursor.expect(')')
  return plan
}

/** (OUTER | INNER) [, UNION | CROSS], in either order. */
function parseDefaultPlan(cursor: Cursor): JsonTablePlan {
  let parentChild: 'outer' | 'inner' | undefined
  let siblings: 'union' | 'cross' | undefined
  const first = cursor.expectAny('OUTER', 'INNER', 'UNION', 'CROSS')
  const words: string[] = [first]
  if (cursor.accept(',')) {
    words.push(first === 'OUTER' || first === 'INNER' ? cursor.expectAny('UNION', 'CROSS') : cursor.expectAny('OUTER', 'INNER'))
  }
  for (const word of words) {
    if (word === 'OUTER' || word === 'INNER') parentChild = word === 'OUTER' ? 'outer' : 'inner'
    else siblings = word === 'UNION' ? 'union' : 'cross'
  }
  return { kind: 'default', parentChild, siblings }
}

/** name, name OUTER | INNER primary, primary UNION primary …, primary CROSS primary … */
function parsePlan(cursor: Cursor): JsonTablePlan {
  const level = cursor.enter()
  const { at } = cursor.token
  const named = cursor.token.type !== '('
  let left = parsePlanPrimary(cursor)
  const parent = named ? cursor.acceptAny('OUTER', 'INNER') : undefined
  if (parent !== undefined) {
    left = { kind: parent === 'OUTER' ? 'outer' : 'inner', left, right: parsePlanPrimary(cursor), at }
  } else {
    const operator = named ? cursor.acceptAny('UNION', 'CROSS') : cursor.expectAny('UNION', 'CROSS')
    if (operator !== undefined) {
      const kind = operator === 'UNION' ? 'union' : 'cross'
      do {
        cursor.grow()
        left = { kind, left, right: parsePlanPrimary(cursor), at }
      } while (cursor.accept(operator))
    }
  }
  cursor.leave(level)
  return left
}

function parsePlanPrimary(cursor: Cursor): JsonTablePlan {
  if (!cursor.accept('(')) {
    const name = cursor.identifier()
    return { kind: 'name', name, at: name.at }
  }
  const plan = parsePlan(cursor)
  cursor.expect(')')
  return plan
}
