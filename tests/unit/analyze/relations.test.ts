import { describe, expect, it } from 'vitest'
import { errorText, outputTypes, planText } from '#tests/support/analysis'

describe('joins', () => {
  it('joins on a condition', () => {
    expect(planText('SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON o.customer = c.id AND c.score > 1')).toBe(`
Output[id, name]
  Project[id, name]
    LeftJoin[(customer = id_1) AND (score > DOUBLE '1')]
      TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
      TableScan[default.customers; id_1 := id, name, country, score]
`)
  })

  it('merges USING columns: the side that is sure, or both', () => {
    const join = (type: string): string => planText(`SELECT id FROM orders ${type} JOIN customers USING (id)`).split('\n')[3] ?? ''
    expect(join('')).toContain('id_2 := id')
    expect(join('LEFT')).toContain('id_2 := id')
    expect(join('RIGHT')).toContain('id_2 := id_1')
    expect(join('FULL')).toContain('id_2 := COALESCE(id, id_1)')
  })

  it('coerces both sides of USING', () => {
    expect(planText('SELECT * FROM (VALUES 1) a(x) JOIN (VALUES 2.5) b(x) USING (x)')).toBe(`
Output[x]
  Project[x := CAST(field1 AS decimal(11,1))]
    InnerJoin[CAST(field1 AS decimal(11,1)) = CAST(field1_1 AS decimal(11,1))]
      Values[field1; (1)]
      Values[field1_1; (2.5)]
`)
  })

  it('unnests arrays, rows and maps beside their row', () => {
    expect(planText('SELECT o.id, sku, n, pos FROM orders o LEFT JOIN UNNEST(items) WITH ORDINALITY t(sku, n, pos) ON TRUE')).toBe(`
Output[id, sku, n, pos := ordinality]
  Project[id, sku, n, ordinality]
    LeftJoinUnnest[sku, n := items; ordinality ordinality]
      TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
`)
    expect(planText("SELECT * FROM UNNEST(ARRAY[1, 2], ARRAY['a']) t(a, b)")).toBe(`
Output[a := field, b := field_1]
  CrossJoinUnnest[field := ARRAY[1, 2]; field_1 := ARRAY['a']]
    Values[()]
`)
    expect(outputTypes('SELECT k, v FROM orders, UNNEST(tags) t(k, v)')).toEqual(['varchar', 'integer'])
  })

  it('marks a lateral side only when it names the left one', () => {
    expect(planText('SELECT m FROM customers c, LATERAL (SELECT max(total) m FROM orders o WHERE o.customer = c.id)')).toBe(`
Output[m := max]
  Project[max]
    CrossLateralJoin[]
      TableScan[default.customers; id, name, country, score]
      Aggregate[; max := max(total)]
        Filter[customer = id]
          TableScan[default.orders; id_1 := id, customer, status, total, placed, items, tags, ship, dt]
`)
    expect(planText('SELECT x FROM customers c, LATERAL (SELECT 1 x)')).toContain('CrossJoin[]')
  })

  it('refuses relations that are not supported', () => {
    expect(errorText('SELECT * FROM orders MATCH_RECOGNIZE (PATTERN (A) DEFINE A AS true)')).toMatch(
      /^NOT_SUPPORTED: line 1:15: MATCH_RECOGNIZE is not supported$/,
    )
    expect(errorText('SELECT * FROM TABLE(unknown_function(1, 2))')).toMatch(
      /^FUNCTION_NOT_FOUND: line 1:21: Table function 'unknown_function' not registered$/,
    )
  })
})

describe('subqueries', () => {
  it('keeps outer references as columns that the subquery does not produce', () => {
    expect(planText('SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)')).toBe(`
Output[id]
  Project[id]
    Filter[EXISTS (subquery#1)]
      subquery#1:
        Project[expr := 1]
          Filter[customer = id]
            TableScan[default.orders; id_1 := id, customer, status, total, placed, items, tags, ship, dt]
      TableScan[default.customers; id, name, country, score]
`)
  })

  it('coerces IN and quantified comparisons on both sides', () => {
    expect(planText('SELECT 1 WHERE 1 IN (VALUES 2.5)')).toContain('Filter[1.0 IN (subquery#1)]')
    expect(planText('SELECT 1 WHERE 2.5 > ALL (VALUES 1)')).toBe(`
Output[_col0 := expr]
  Project[expr := 1]
    Filter[2.5 > ALL (subquery#1)]
      subquery#1:
        Project[field1_1 := CAST(field1 AS decimal(11,1))]
          Values[field1; (1)]
      Values[()]
`)
  })

  it('compares rows with several columns as one row', () => {
    expect(planText('SELECT 1 FROM orders WHERE (id, customer) NOT IN (SELECT id, id + 1 FROM customers)')).toBe(`
Output[_col0 := expr]
  Project[expr := 1]
    Filter[NOT (ROW(id, customer) IN (subquery#1))]
      subquery#1:
        Project[row := ROW(id_1, add)]
          Project[id_1, add := id_1 + BIGINT '1']
            TableScan[default.customers; id_1 := id, name, country, score]
      TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
`)
  })
})

/** Numbers of named queries come from the plan's ids. */
const withoutNumbers = (text: string): string => text.replaceAll(/(\w)#\d+/g, '$1#n')

describe('WITH', () => {
  it('plans a named query once, with columns of its own at each use', () => {
    expect(
      withoutNumbers(planText('WITH big AS (SELECT id FROM orders WHERE total > 5) SELECT a.id FROM big a, big b WHERE a.id < b.id')),
    ).toBe(`
Output[id := id_1]
  With[big#n]
    Project[id]
      Filter[total > 5.00]
        TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
    Project[id_1]
      Filter[id_1 < id_2]
        CrossJoin[]
          CteScan[big#n; id_1]
          CteScan[big#n; id_2]
`)
  })

  it('drops what nothing refers to, but analyzes it', () => {
    expect(planText('WITH unused AS (SELECT 1 x) SELECT 2')).not.toContain('With[')
    expect(errorText('WITH unused AS (SELECT x) SELECT 2')).toBe("COLUMN_NOT_FOUND: line 1:24: Column 'x' cannot be resolved")
  })

  it('plans recursion as base and step', () => {
    expect(withoutNumbers(planText('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t'))).toBe(`
Output[n := n_2]
  With[t#n]
    RecursiveUnionAll[t#n; n_1]
      Project[expr := 1]
        Values[()]
      Project[add := n + 1]
        Filter[n < 5]
          CteScan[t#n; n]
    CteScan[t#n; n_2]
`)
  })

  it('lets inner names hide outer ones and tables', () => {
    expect(
      outputTypes('WITH orders AS (SELECT 1.5 x) SELECT * FROM (WITH orders AS (SELECT true y) SELECT * FROM orders), orders'),
    ).toEqual(['boolean', 'decimal(2,1)'])
  })
})

describe('set operations', () => {
  it('finds common types and keeps the first names', () => {
    expect(planText('SELECT id AS a FROM customers UNION ALL SELECT total FROM orders UNION ALL SELECT 3')).toBe(`
Output[a := id_3]
  UnionAll[id_3]
    Project[id_1 := CAST(id AS decimal(21,2))]
      Project[id]
        TableScan[default.customers; id, name, country, score]
    Project[total_1 := CAST(total AS decimal(21,2))]
      Project[total]
        TableScan[default.orders; id_2 := id, customer, status, total, placed, items, tags, ship, dt]
    Project[expr_1 := CAST(expr AS decimal(21,2))]
      Project[expr := 3]
        Values[()]
`)
  })

  it('nests where a later branch widens the type, as Trino does step by step', () => {
    expect(planText("SELECT 'a' UNION SELECT 'bb' UNION ALL SELECT 'c'")).toMatch(/UnionAll\[.*\]\n {4}Union\[/)
    expect(outputTypes('(SELECT 1 UNION SELECT 2) EXCEPT SELECT 2.5 INTERSECT SELECT 1e0')).toEqual(['double'])
  })
})
