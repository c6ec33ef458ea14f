import { describe, expect, it } from 'vitest'
import type { Statement } from '#src/sql/ast'
import { parseExpression, parseStatement } from '#src/sql/parser/parse'
import { printExpression, printQuery } from '#src/sql/printer'
import { children, mapChildren, type Node, type Visitor } from '#src/sql/walk'
import { readCorpus } from './corpus.ts'

const identity: Visitor = { expression: (node) => node, query: (node) => node, body: (node) => node, relation: (node) => node }

function rename(from: string, to: string): Visitor {
  const visitor: Visitor = {
    expression: (node) => (node.kind === 'identifier' && node.value === from ? { ...node, value: to } : mapChildren(node, visitor)),
    query: (node) => mapChildren(node, visitor),
    body: (node) => mapChildren(node, visitor),
    relation: (node) => mapChildren(node, visitor),
  }
  return visitor
}

function queryOf(text: string) {
  const statement: Statement = parseStatement(text)
  if (statement.kind !== 'query-statement') throw new Error(text)
  return statement.query
}

describe('mapChildren', () => {
  it.each([...readCorpus('expressions'), ...readCorpus('queries')].map((text) => [text]))(
    'keeps a node whose children stay: %s',
    (text) => {
      const visit = (node: Node): void => {
        expect(mapChildren(node, identity)).toBe(node)
        for (const child of children(node)) visit(child)
      }
      visit(queryOf(text))
    },
  )

  it.each([
    [
      'x + f(x, g(y)) OVER (PARTITION BY x ORDER BY x ROWS x PRECEDING)',
      'z + f(z, g(y)) OVER (PARTITION BY z ORDER BY z ROWS z PRECEDING)',
    ],
    ['CASE x WHEN x THEN x ELSE x END', 'CASE z WHEN z THEN z ELSE z END'],
    ['x BETWEEN x AND x OR x IN (x, 1) AND NOT x LIKE x ESCAPE x', 'z BETWEEN z AND z OR z IN (z, 1) AND NOT z LIKE z ESCAPE z'],
    ['x IS DISTINCT FROM x AND x = ANY (SELECT x FROM t WHERE x)', 'z IS DISTINCT FROM z AND z = ANY (SELECT z FROM t WHERE z)'],
    ['CAST(x AS bigint) + EXTRACT(YEAR FROM x) - -x', 'CAST(z AS bigint) + EXTRACT(YEAR FROM z) - -z'],
    ['transform(x, y -> x + y)[x].x', 'transform(z, y -> z + y)[z].x'],
    ['ROW(x AS x, ARRAY[x]) = (x)', 'ROW(z AS x, ARRAY[z]) = z'],
    ["JSON_VALUE(x, '$' PASSING x AS x DEFAULT x ON EMPTY)", "JSON_VALUE(z, '$' PASSING z AS x DEFAULT z ON EMPTY)"],
    ['JSON_OBJECT(x : x)', 'JSON_OBJECT(z : z)'],
    ["TRIM(LEADING x FROM x) || x AT TIME ZONE 'UTC'", "TRIM(LEADING z FROM z) || z AT TIME ZONE 'UTC'"],
    ['count(DISTINCT x) FILTER (WHERE x)', 'count(DISTINCT z) FILTER (WHERE z)'],
  ])('reaches every expression in %s', (before, after) => {
    expect(printExpression(rename('x', 'z').expression(parseExpression(before)))).toBe(after)
  })

  it('reaches every expression of a query', () => {
    const before =
      'WITH c AS (SELECT x) SELECT x, x.* FROM t FOR VERSION AS OF x INNER JOIN UNNEST(x) AS u (x) ON x CROSS JOIN LATERAL (VALUES x) TABLESAMPLE SYSTEM (x) WHERE x GROUP BY x, ROLLUP ((x, y), x) HAVING x WINDOW w AS (ORDER BY x) UNION (SELECT x ORDER BY x) ORDER BY x'
    const after = before.replaceAll(/\bx\b/g, 'z').replace('u (z)', 'u (x)')
    expect(printQuery(rename('x', 'z').query(queryOf(before)))).toBe(after)
  })
})

describe('children', () => {
  it('lists direct children in the order of the text', () => {
    const kinds = (text: string) => children(parseExpression(text)).map((child) => child.kind)
    expect(kinds('a + 1')).toEqual(['identifier', 'number'])
    expect(kinds('a IN (SELECT 1)')).toEqual(['identifier', 'query'])
    expect(kinds("f(a, 'b' ORDER BY 1) FILTER (WHERE TRUE) OVER (PARTITION BY ?)")).toEqual([
      'identifier',
      'string',
      'number',
      'boolean-literal',
      'parameter',
    ])
    const [body] = children(queryOf('SELECT a FROM t WHERE 1 ORDER BY NULL'))
    expect(body?.kind).toBe('select')
    expect(body && children(body).map((child) => child.kind)).toEqual(['identifier', 'table-reference', 'number'])
  })
})
