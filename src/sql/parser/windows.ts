/** OVER, window specifications and frames. */
import type { FrameBound, Identifier, WindowFrame, WindowSpecification } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { isNumber } from './literals.ts'
import { parseOrderBy } from './queries.ts'
import { parseMeasures, parsePatternClauses } from './row-patterns.ts'

/** Whether OVER here begins a window, and is no alias. */
export function atOver(cursor: Cursor): boolean {
  return cursor.at('OVER') && (cursor.peek(1) === '(' || cursor.peekName(1))
}

/** OVER name, OVER (…) */
export function parseOver(cursor: Cursor): WindowSpecification | Identifier {
  cursor.expect('OVER')
  cursor.expecting('(')
  if (cursor.token.type !== '(') return cursor.identifier()
  cursor.next()
  const window = parseWindowSpecification(cursor)
  cursor.expect(')')
  return window
}

export function parseWindowSpecification(cursor: Cursor): WindowSpecification {
  const { at } = cursor.token
  const base = atBaseWindow(cursor) ? cursor.identifier() : undefined
  const partitionBy = parsePartitionBy(cursor)
  const orderByAt = cursor.at('ORDER') ? cursor.token.at : undefined
  const orderBy = orderByAt ? parseOrderBy(cursor) : []
  const frame = atFrame(cursor) ? parseFrame(cursor) : undefined
  return { kind: 'window', base, partitionBy, orderBy, orderByAt, frame, at }
}

export function parsePartitionBy(cursor: Cursor) {
  if (!cursor.at('PARTITION')) return []
  cursor.next()
  cursor.expect('BY')
  return cursor.list(() => parseExpression(cursor))
}

const FRAME_WORDS: readonly string[] = ['GROUPS', 'MEASURES', 'RANGE', 'ROWS']

/** Whether the frame word `distance` ahead is one, and no name: a bound or a measure follows it. */
function isFrameWord(cursor: Cursor, distance: number): boolean {
  if (!FRAME_WORDS.includes(cursor.peek(distance))) return false
  const next = cursor.peek(distance + 1)
  if (next === 'PRECEDING' || next === 'FOLLOWING') return false
  return next === 'BETWEEN' || isNumber(next) || next === '?' || next === 'string' || cursor.peekName(distance + 1)
}

/** The words that begin the other parts are names as well: what follows them decides. */
function atBaseWindow(cursor: Cursor): boolean {
  if (!cursor.token.name) return false
  switch (cursor.token.type) {
    case 'PARTITION':
      return cursor.peek(1) !== 'BY'
    case 'ROWS':
    case 'RANGE':
    case 'GROUPS':
    case 'MEASURES':
      return [')', 'PARTITION', 'ORDER'].includes(cursor.peek(1)) || isFrameWord(cursor, 1)
  }
  return true
}

function atFrame(cursor: Cursor): boolean {
  return FRAME_WORDS.some((type) => cursor.at(type))
}

function parseFrame(cursor: Cursor): WindowFrame {
  const { at } = cursor.token
  const measures = parseMeasures(cursor)
  const unit = cursor.expectAny('ROWS', 'RANGE', 'GROUPS').toLowerCase() as WindowFrame['unit']
  let start: FrameBound
  let end: FrameBound | undefined
  if (cursor.accept('BETWEEN')) {
    start = parseBound(cursor)
    cursor.expect('AND')
    end = parseBound(cursor)
  } else {
    start = parseBound(cursor)
  }
  const pattern = parsePatternClauses(cursor, measures, false)
  return { unit, start, end, exclusion: undefined, pattern, at }
}

function parseBound(cursor: Cursor): FrameBound {
  const { at } = cursor.token
  const next = cursor.peek(1)
  cursor.expecting('CURRENT')
  cursor.expecting('UNBOUNDED')
  if (cursor.token.type === 'UNBOUNDED' && (next === 'PRECEDING' || next === 'FOLLOWING')) {
    cursor.next()
    cursor.next()
    return { kind: next === 'PRECEDING' ? 'unbounded preceding' : 'unbounded following', value: undefined, at }
  }
  if (cursor.token.type === 'CURRENT' && next === 'ROW') {
    cursor.next()
    cursor.next()
    return { kind: 'current row', value: undefined, at }
  }
  const value = parseExpression(cursor)
  const kind = cursor.expectAny('PRECEDING', 'FOLLOWING') === 'PRECEDING' ? 'preceding' : 'following'
  return { kind, value, at }
}
