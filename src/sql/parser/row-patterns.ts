/** Row pattern recognition: MATCH_RECOGNIZE and the pattern clauses of window frames. */
import type { MatchRecognize, Relation, RowPattern, RowPatternNode } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { fitsBigint, integerValue } from './literals.ts'
import { parseOrderBy } from './queries.ts'
import { parsePartitionBy } from './windows.ts'

/** relation MATCH_RECOGNIZE ( … ); the alias behind is the caller's. */
export function parseMatchRecognize(cursor: Cursor, relation: Relation): MatchRecognize {
  cursor.expect('MATCH_RECOGNIZE')
  cursor.expect('(')
  const partitionBy = parsePartitionBy(cursor)
  const orderBy = cursor.at('ORDER') ? parseOrderBy(cursor) : []
  const measures = parseMeasures(cursor)
  const rows = parseRowsPerMatch(cursor)
  const pattern = parsePatternClauses(cursor, measures, true)
  cursor.expect(')')
  return { kind: 'match-recognize', relation, partitionBy, orderBy, rows, pattern, at: relation.at }
}

export function parseMeasures(cursor: Cursor): RowPattern['measures'] {
  if (!cursor.accept('MEASURES')) return []
  return cursor.list(() => {
    const value = parseExpression(cursor)
    cursor.expect('AS')
    return { value, name: cursor.identifier() }
  })
}

function parseRowsPerMatch(cursor: Cursor): MatchRecognize['rows'] {
  if (cursor.accept('ONE')) {
    cursor.expect('ROW')
    cursor.expect('PER')
    cursor.expect('MATCH')
    return 'one row'
  }
  if (!cursor.accept('ALL')) return undefined
  cursor.expect('ROWS')
  cursor.expect('PER')
  cursor.expect('MATCH')
  const handling = cursor.acceptAny('SHOW', 'OMIT', 'WITH')
  if (handling === undefined) return 'all rows'
  if (handling === 'WITH') {
    cursor.expect('UNMATCHED')
    cursor.expect('ROWS')
    return 'all rows with unmatched'
  }
  cursor.expect('EMPTY')
  cursor.expect('MATCHES')
  return handling === 'SHOW' ? 'all rows show empty' : 'all rows omit empty'
}

type PatternClauses<Required extends boolean> = Required extends true ? RowPattern : RowPattern | undefined

/** From AFTER MATCH to DEFINE. In a window frame each clause may be missing, PATTERN even when others are there: the analyzer refuses that. */
export function parsePatternClauses<Required extends boolean>(
  cursor: Cursor,
  measures: RowPattern['measures'],
  required: Required,
): PatternClauses<Required>
export function parsePatternClauses(cursor: Cursor, measures: RowPattern['measures'], required: boolean): RowPattern | undefined {
  const skip = parseSkip(cursor)
  const modeAt = cursor.token.at
  const kind = cursor.acceptAny('INITIAL', 'SEEK')?.toLowerCase() as 'initial' | 'seek' | undefined
  const mode = kind && { kind, at: modeAt }
  const pattern = required || cursor.at('PATTERN') ? parsePattern(cursor) : undefined
  const subsets = cursor.accept('SUBSET') ? cursor.list(() => parseSubset(cursor)) : []
  let definitions: RowPattern['definitions'] = []
  if (required) cursor.expect('DEFINE')
  if (required || cursor.accept('DEFINE')) definitions = cursor.list(() => parseDefinition(cursor))
  const clauses = measures.length + subsets.length + definitions.length
  if (pattern === undefined && skip === undefined && mode === undefined && clauses === 0) return undefined
  return { measures, skip, mode, pattern, subsets, definitions }
}

function parseSkip(cursor: Cursor): RowPattern['skip'] {
  if (!cursor.accept('AFTER')) return undefined
  cursor.expect('MATCH')
  const { at } = cursor.expect('SKIP')
  if (cursor.expectAny('TO', 'PAST') === 'PAST') {
    cursor.expect('LAST')
    cursor.expect('ROW')
    return { kind: 'past last row', at }
  }
  cursor.expecting('NEXT')
  cursor.expecting('FIRST')
  cursor.expecting('LAST')
  const { type } = cursor.token
  if (type === 'NEXT' && cursor.peek(1) === 'ROW') {
    cursor.next()
    cursor.next()
    return { kind: 'next row', at }
  }
  if ((type === 'FIRST' || type === 'LAST') && cursor.peekName(1) && !endsSkip(cursor)) {
    cursor.next()
    return { kind: type === 'FIRST' ? 'to first' : 'to last', variable: cursor.identifier(), at }
  }
  return { kind: 'to last', variable: cursor.identifier(), at }
}

/** `SKIP TO first PATTERN (…)`: the word is the variable when the next clause follows it. */
function endsSkip(cursor: Cursor): boolean {
  const next = cursor.peek(1)
  return ((next === 'INITIAL' || next === 'SEEK') && cursor.peek(2) === 'PATTERN') || (next === 'PATTERN' && cursor.peek(2) === '(')
}

function parseSubset(cursor: Cursor): RowPattern['subsets'][number] {
  const name = cursor.identifier()
  cursor.expect('=')
  return { name, members: cursor.parenthesized(() => cursor.identifier()) }
}

function parseDefinition(cursor: Cursor): RowPattern['definitions'][number] {
  const name = cursor.identifier()
  cursor.expect('AS')
  return { name, condition: parseExpression(cursor) }
}

function parsePattern(cursor: Cursor): RowPatternNode {
  cursor.expect('PATTERN')
  cursor.expect('(')
  const pattern = parseAlternation(cursor)
  cursor.expect(')')
  return pattern
}

function parseAlternation(cursor: Cursor): RowPatternNode {
  const level = cursor.enter()
  const items = cursor.list(() => parseSequence(cursor), '|')
  cursor.leave(level)
  return items.length === 1 ? (items[0] as RowPatternNode) : { kind: 'alternation', items }
}

function parseSequence(cursor: Cursor): RowPatternNode {
  const items = [parseQuantified(cursor)]
  while (cursor.token.name || ['(', '^', '$', '{-'].some((type) => cursor.at(type))) items.push(parseQuantified(cursor))
  return items.length === 1 ? (items[0] as RowPatternNode) : { kind: 'sequence', items }
}

function parseQuantified(cursor: Cursor): RowPatternNode {
  const item = parsePatternPrimary(cursor)
  const { at } = cursor.token
  const range = parseQuantifier(cursor)
  if (range === undefined) return item
  return { kind: 'quantified', item, ...range, greedy: !cursor.accept('?'), at }
}

function parseQuantifier(cursor: Cursor): { readonly min: number; readonly max: number | undefined } | undefined {
  switch (cursor.acceptAny('*', '+', '?', '{')) {
    case '*':
      return { min: 0, max: undefined }
    case '+':
      return { min: 1, max: undefined }
    case '?':
      return { min: 0, max: 1 }
    case '{':
      return parseRange(cursor)
    case undefined:
      return undefined
  }
}

/** Behind `{`: `n}`, `n,}`, `,m}`, `n,m}`, `,}` */
function parseRange(cursor: Cursor): { readonly min: number; readonly max: number | undefined } {
  const min = cursor.at('integer') ? parseCount(cursor) : undefined
  if (min !== undefined && cursor.accept('}')) return { min, max: min }
  cursor.expect(',')
  const max = cursor.at('integer') ? parseCount(cursor) : undefined
  cursor.expect('}')
  return { min: min ?? 0, max }
}

function parseCount(cursor: Cursor): number {
  const token = cursor.expect('integer')
  const text = cursor.textOf(token)
  if (!fitsBigint(text)) throw cursor.error(`Invalid numeric literal: ${text}`, token.at)
  return Number(integerValue(text))
}

function parsePatternPrimary(cursor: Cursor): RowPatternNode {
  cursor.expecting('^')
  cursor.expecting('$')
  if (cursor.token.type === 'PERMUTE' && cursor.peek(1) === '(') {
    cursor.next()
    return { kind: 'permutation', items: cursor.parenthesized(() => parseAlternation(cursor)) }
  }
  switch (cursor.token.type) {
    case '^':
      cursor.next()
      return { kind: 'start' }
    case '$':
      cursor.next()
      return { kind: 'end' }
    case '(': {
      cursor.next()
      if (cursor.accept(')')) return { kind: 'empty' }
      const inner = parseAlternation(cursor)
      cursor.expect(')')
      return inner
    }
    case '{-': {
      cursor.next()
      const item = parseAlternation(cursor)
      cursor.expect('-}')
      return { kind: 'exclusion', item }
    }
  }
  cursor.expecting('(')
  cursor.expecting('{-')
  return { kind: 'variable', name: cursor.identifier() }
}
