/** GROUP BY: expressions, ROLLUP, CUBE, GROUPING SETS, AUTO. */
import type { Expression, GroupBy, GroupingElement } from '../ast.ts'
import { atQuantifier } from './calls.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'

export function parseGroupBy(cursor: Cursor): GroupBy {
  const { at } = cursor.expect('GROUP')
  cursor.expect('BY')
  const quantifier = atQuantifier(cursor) ? cursor.expectAny('DISTINCT', 'ALL') : 'ALL'
  const elements: GroupingElement[] = []
  let auto = false
  do {
    if (atAuto(cursor)) {
      cursor.next()
      auto = true
    } else {
      elements.push(parseElement(cursor))
    }
  } while (cursor.accept(','))
  return { quantifier: quantifier === 'ALL' ? 'all' : 'distinct', auto, elements, at }
}

const AFTER_AUTO: ReadonlySet<string> = new Set([
  ',',
  ')',
  'end',
  ';',
  'HAVING',
  'WINDOW',
  'ORDER',
  'OFFSET',
  'LIMIT',
  'FETCH',
  'UNION',
  'INTERSECT',
  'EXCEPT',
])

function atAuto(cursor: Cursor): boolean {
  cursor.expecting('AUTO')
  return cursor.token.type === 'AUTO' && AFTER_AUTO.has(cursor.peek(1))
}

function parseElement(cursor: Cursor): GroupingElement {
  const { at } = cursor.token
  if (cursor.at('GROUPING') && cursor.peek(1) === 'SETS') {
    cursor.next()
    cursor.next()
    return { kind: 'sets', sets: cursor.parenthesized(() => parseGroupingSet(cursor)), at }
  }
  const kind = cursor.acceptAny('CUBE', 'ROLLUP')
  if (kind === undefined) return { kind: 'simple', columns: parseGroupingSet(cursor), at }
  cursor.expect('(')
  const sets = cursor.list(() => parseGroupingSet(cursor))
  cursor.expect(')')
  return { kind: kind === 'CUBE' ? 'cube' : 'rollup', sets, at }
}

/** `()`, `(a, b)` or one expression: a row in parentheses is a set of columns, ROW(…) is an expression. */
function parseGroupingSet(cursor: Cursor): readonly Expression[] {
  const { at } = cursor.token
  const parenthesis = cursor.at('(')
  if (parenthesis && cursor.peek(1) === ')' && cursor.peek(2) !== '->') {
    cursor.next()
    cursor.next()
    return []
  }
  const value = parseExpression(cursor)
  return parenthesis && value.kind === 'row' && value.at === at ? value.fields.map((field) => field.value) : [value]
}
