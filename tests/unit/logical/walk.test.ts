import { describe, expect, it } from 'vitest'
import {
  columnRef,
  comparison,
  and as conjunction,
  conjuncts,
  createIds,
  disjuncts,
  FALSE,
  literal,
  not,
  or,
  TRUE,
} from '#src/logical/build'
import { coerce, coerceValue } from '#src/logical/coerce'
import { createExprKeys } from '#src/logical/expr-key'
import { exprChildren, mapExpr, someExpr } from '#src/logical/expr-walk'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import {
  children,
  columnsUsedBy,
  expressionsOf,
  freeColumns,
  mapChildren,
  mapExpressions,
  mapPlan,
  outputOf,
  producedBy,
  walkPlan,
} from '#src/logical/plan-walk'
import { verifyPlan } from '#src/logical/verify'
import { BIGINT, BOOLEAN, char, DATE, DOUBLE, decimal, INTEGER, REAL, timestamp, VARCHAR, varchar } from '#src/types/type'
import { analyzeText } from '#tests/support/analysis'

/** Queries whose plans have every kind of node and expression between them. */
const QUERIES = [
  `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5), a(id) AS (SELECT id FROM orders)
   SELECT n, sku, pos, count(*) OVER (PARTITION BY n ORDER BY sku ROWS 2 PRECEDING) FROM r, a
   CROSS JOIN UNNEST(ARRAY[ROW('x', 1)]) WITH ORDINALITY u(sku, m, pos) ORDER BY n LIMIT 3`,
  `SELECT country, grouping(country), count(DISTINCT name) FILTER (WHERE score > 1), (SELECT max(total) FROM orders o WHERE o.status = country)
   FROM customers TABLESAMPLE BERNOULLI (10) GROUP BY ROLLUP (country) HAVING count(*) > 1`,
  `SELECT CASE country WHEN 'SE' THEN 1 ELSE 2 END, coalesce(name, 'x'), nullif(id, 1), try(CAST(name AS integer)), name LIKE 'a$_' ESCAPE '$',
   id BETWEEN 1 AND 2, id IN (1, 2), name IS NULL, NOT id = 1, id IS DISTINCT FROM 2, ROW(id, name)[1], ARRAY[id][1],
   transform(ARRAY[1], x -> x + id), id IN (SELECT id FROM orders), id > ALL (SELECT 1), EXISTS (SELECT c.id), id = 1 OR id = 2
   FROM customers c LEFT JOIN LATERAL (SELECT c.id y) ON TRUE`,
  'SELECT id FROM customers UNION SELECT id FROM orders EXCEPT SELECT 1',
]

const plans = QUERIES.map((sql) => analyzeText(sql).root)

function everyNode(): readonly LogicalPlan[] {
  const nodes: LogicalPlan[] = []
  for (const plan of plans) walkPlan(plan, (node) => nodes.push(node))
  return nodes
}

const everyExpr = (): readonly Expr[] => {
  const all: Expr[] = []
  const visit = (expr: Expr): void => {
    all.push(expr)
    for (const child of exprChildren(expr)) visit(child)
  }
  for (const node of everyNode()) for (const expr of expressionsOf(node)) visit(expr)
  return all
}

describe('walkers', () => {
  it('meet every kind of node and expression here', () => {
    expect([...new Set(everyNode().map(({ kind }) => kind))].toSorted()).toEqual(
      // biome-ignore format: one list
      ['aggregate', 'cte-ref', 'filter', 'join', 'limit', 'project', 'recursive-cte', 'sample', 'scan', 'set-operation', 'sort', 'unnest', 'values', 'window', 'with'],
    )
    expect([...new Set(everyExpr().map(({ kind }) => kind))].toSorted()).toEqual(
      // biome-ignore format: one list
      ['array', 'between', 'call', 'case', 'cast', 'coalesce', 'column', 'comparison', 'distinct-from', 'exists', 'field', 'in-list', 'in-subquery', 'is-null', 'lambda', 'lambda-ref', 'like', 'literal', 'logical', 'not', 'nullif', 'quantified', 'row', 'scalar-subquery', 'try'],
    )
  })

  it('give the same object back when nothing changed', () => {
    for (const node of everyNode()) {
      expect(mapChildren(node, (child) => child)).toBe(node)
      expect(mapExpressions(node, (expr) => expr)).toBe(node)
    }
    for (const expr of everyExpr()) expect(mapExpr(expr, (node) => node)).toBe(expr)
    for (const plan of plans) expect(mapPlan(plan, (node) => node)).toBe(plan)
  })

  it('reach every child and every expression when they change', () => {
    for (const node of everyNode()) {
      const below = children(node)
      const copied = mapChildren(node, (child) => ({ ...child }))
      expect(children(copied)).toEqual(below)
      for (const [index, child] of children(copied).entries()) expect(child).not.toBe(below[index])
      const exprs = expressionsOf(node)
      const renewed = expressionsOf(mapExpressions(node, (expr) => ({ ...expr })))
      expect(renewed).toEqual(exprs)
      for (const [index, expr] of renewed.entries()) expect(expr).not.toBe(exprs[index])
    }
    for (const expr of everyExpr()) {
      const marked = new Set(exprChildren(expr))
      const seen = new Set<Expr>()
      mapExpr(expr, (node) => {
        if (marked.has(node)) seen.add(node)
        return node
      })
      expect(seen).toEqual(marked)
    }
  })

  it('tell what a plan needs from outside', () => {
    for (const plan of plans) expect(freeColumns(plan).size).toBe(0)
    const root = analyzeText('SELECT (SELECT max(total) FROM orders o WHERE o.customer = c.id) FROM customers c').root
    const subquery = expressionsOf(root).find((expr) => expr.kind === 'scalar-subquery')
    const [scan] = children(root)
    expect(scan?.kind).toBe('scan')
    if (!scan || subquery?.kind !== 'scalar-subquery') throw new Error('another plan than expected')
    const id = outputOf(scan)[0]?.id
    expect([...freeColumns(subquery.plan)]).toEqual([id])
    expect([...columnsUsedBy(root)]).toEqual([id])
    expect(producedBy(root).map(({ name }) => name)).toEqual(['expr'])
  })
})

describe('verifyPlan', () => {
  const ids = createIds()
  const a = ids.column('a', BIGINT)
  const values: LogicalPlan = { kind: 'values', columns: [a], rows: [[literal(BIGINT, 1n)]] }

  it('accepts what the analyzer makes', () => {
    for (const plan of plans) verifyPlan(plan)
    verifyPlan(values)
  })

  it('refuses plans that break their promises', () => {
    const stray = columnRef(ids.column('stray', BOOLEAN))
    const wrong = columnRef({ ...a, type: DOUBLE })
    const message = (plan: LogicalPlan): string => {
      try {
        verifyPlan(plan)
      } catch (error) {
        return (error as Error).message
      }
      return 'valid'
    }
    expect(message({ kind: 'filter', input: values, predicate: stray })).toBe('Invalid plan: filter: column 2 is not available')
    expect(message({ kind: 'filter', input: values, predicate: columnRef(a) })).toBe(
      'Invalid plan: filter: predicate is bigint instead of boolean',
    )
    expect(message({ kind: 'sort', input: values, keys: [{ value: wrong, descending: false, nullsFirst: false }] })).toBe(
      'Invalid plan: sort: column a is bigint, named as double',
    )
    expect(message({ kind: 'join', type: 'cross', left: values, right: { ...values }, condition: undefined, lateral: false })).toBe(
      'Invalid plan: values: column a (1) is produced twice',
    )
    expect(message({ kind: 'limit', input: values, count: 1, offset: 0, withTies: true })).toBe(
      'Invalid plan: limit: WITH TIES without a sort below',
    )
    expect(message({ kind: 'filter', input: values, predicate: comparison('=', columnRef(a), literal(INTEGER, 1n)) })).toBe(
      'Invalid plan: filter: right side of comparison is integer instead of bigint',
    )
    expect(message({ kind: 'cte-ref', cteId: 9, name: 'x', columns: [], source: [] })).toBe(
      'Invalid plan: cte-ref: no named query 9 in scope',
    )
    expect(message({ ...values, rows: [[literal(BIGINT, 1n), literal(BIGINT, 2n)]] })).toBe(
      'Invalid plan: values: a row has another number of columns',
    )
  })
})

describe('constructors', () => {
  const ids = createIds()
  const x = columnRef(ids.column('x', BOOLEAN))
  const y = columnRef(ids.column('y', BOOLEAN))
  const z = columnRef(ids.column('z', BOOLEAN))

  it('flatten conjunctions and disjunctions', () => {
    expect(conjuncts(conjunction(x, conjunction(y, TRUE, z)))).toEqual([x, y, z])
    expect(disjuncts(or(or(x, y), FALSE, z))).toEqual([x, y, z])
    expect(conjunction()).toBe(TRUE)
    expect(or()).toBe(FALSE)
    expect(conjunction(TRUE, x)).toBe(x)
    expect(someExpr(conjunction(x, not(y)), (node) => node === y)).toBe(true)
  })

  it('convert constants that need no cast', () => {
    expect(coerce(literal(INTEGER, 5n), decimal(12, 2))).toEqual(literal(decimal(12, 2), 500n))
    expect(coerce(literal(decimal(3, 2), 150n), DOUBLE)).toEqual(literal(DOUBLE, 1.5))
    expect(coerce(literal(decimal(3, 2), 150n), decimal(10, 4))).toEqual(literal(decimal(10, 4), 15_000n))
    expect(coerce(literal(varchar(3), 'a  '), char(5))).toEqual(literal(char(5), 'a'))
    expect(coerce(literal(varchar(1), 'a'), VARCHAR)).toEqual(literal(VARCHAR, 'a'))
    expect(coerce(literal(DATE, 1n), timestamp(3))).toEqual(literal(timestamp(3), 86_400_000_000n))
    expect(coerce(literal(BIGINT, null), DOUBLE)).toEqual(literal(DOUBLE, null))
    expect(coerceValue(9_007_199_254_740_993n, BIGINT, DOUBLE)).toBe(9_007_199_254_740_992)
    expect(coerceValue(16_777_217n, INTEGER, REAL)).toBeUndefined()
    expect(coerceValue(1n, DATE, { kind: 'timestamp with time zone', precision: 3 })).toBeUndefined()
  })

  it('number expressions by their structure', () => {
    const keys = createExprKeys()
    expect(keys(conjunction(x, not(y)))).toBe(keys(conjunction(x, not(y))))
    expect(keys(conjunction(x, y))).not.toBe(keys(or(x, y)))
    expect(keys(literal(INTEGER, 1n))).not.toBe(keys(literal(BIGINT, 1n)))
    expect(keys(literal(INTEGER, null))).not.toBe(keys(literal(BIGINT, null)))
  })
})
