import { describe, expect, it } from 'vitest'
import { errorText, planText } from '#tests/support/analysis'

describe('aggregation', () => {
  it('computes aggregates, filters by HAVING, sorts by an alias', () => {
    expect(
      planText(`SELECT status, sum(total) AS revenue, count(*) FROM orders WHERE dt >= DATE '2024-01-01'
                GROUP BY status HAVING count(*) > 1 ORDER BY revenue DESC, status LIMIT 3`),
    ).toBe(`
Output[status, revenue := sum, _col2 := count]
  Limit[3]
    Sort[sum DESC NULLS LAST, status ASC NULLS LAST]
      Filter[count > BIGINT '1']
        Aggregate[status; sum := sum(total); count := count(*)]
          Filter[dt >= DATE '2024-01-01']
            TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
`)
  })

  it('matches expressions of GROUP BY by their structure', () => {
    expect(planText('SELECT id % 10 AS bucket, (id % 10) * 2, count(*) FROM customers GROUP BY id % 10 ORDER BY id % 10')).toBe(`
Output[bucket, _col1 := multiply, _col2 := count]
  Sort[bucket ASC NULLS LAST]
    Project[bucket := modulus, multiply := modulus * BIGINT '2', count]
      Aggregate[modulus; count := count(*)]
        Project[modulus := id % BIGINT '10']
          TableScan[default.customers; id, name, country, score]
`)
  })

  it('groups by position and finds repeated aggregates once', () => {
    expect(planText('SELECT country, max(score), max(score) + 1 FROM customers GROUP BY 1 HAVING max(score) > 2')).toBe(`
Output[country, _col1 := max, _col2 := add]
  Project[country, max, add := max + DOUBLE '1']
    Filter[max > DOUBLE '2']
      Aggregate[country; max := max(score)]
        TableScan[default.customers; id, name, country, score]
`)
  })

  it('plans a global aggregation, DISTINCT and FILTER', () => {
    expect(planText("SELECT count(DISTINCT name), count(*) FILTER (WHERE country = 'SE') FROM customers")).toBe(`
Output[_col0 := count, _col1 := count_1]
  Aggregate[; count := count(DISTINCT name); count_1 := count(*) FILTER (WHERE country = CHAR(2) 'SE')]
    TableScan[default.customers; id, name, country, score]
`)
  })

  it('makes one group of everything for HAVING alone and for the empty grouping set', () => {
    const plan = (clause: string): string => `
Output[_col0 := expr]
  Project[expr := 1]
${clause}    Aggregate[; count := count(*)]
      TableScan[default.customers; id, name, country, score]
`
    expect(planText('SELECT 1 FROM customers GROUP BY ()')).toBe(plan(''))
    expect(planText('SELECT 1 FROM customers HAVING true')).toBe(plan(''))
    expect(errorText('SELECT id FROM customers HAVING true')).toBe(
      "EXPRESSION_NOT_AGGREGATE: line 1:8: 'id' must be an aggregate expression or appear in GROUP BY clause",
    )
  })

  it('builds grouping sets from ROLLUP, CUBE, sets and their products', () => {
    expect(planText('SELECT name, country, grouping(name, country) FROM customers GROUP BY ROLLUP (name, country)')).toBe(`
Output[name, country, _col2 := grouping]
  Aggregate[name, country; sets (name, country), (name), (); grouping := grouping(name, country)]
    TableScan[default.customers; id, name, country, score]
`)
    expect(planText('SELECT count(*) FROM customers GROUP BY CUBE (name, country)')).toContain(
      'Aggregate[name, country; sets (name, country), (name), (country), (); count := count(*)]',
    )
    expect(planText('SELECT count(*) FROM customers GROUP BY id, GROUPING SETS ((name), (country, name), ())')).toContain(
      'Aggregate[id, name, country; sets (id, name), (id, country, name), (id); count := count(*)]',
    )
    expect(planText('SELECT count(*) FROM customers GROUP BY DISTINCT ROLLUP (name), ROLLUP (name)')).toContain('sets (name), ();')
    expect(planText('SELECT count(*) FROM customers GROUP BY ()')).toContain('Aggregate[; count := count(*)]')
  })

  it('lets subqueries name grouped columns only', () => {
    expect(planText('SELECT (SELECT max(o.total) FROM orders o WHERE o.customer = c.id) FROM customers c GROUP BY c.id')).toContain(
      'Filter[customer = id]',
    )
    expect(errorText('SELECT (SELECT max(o.total) FROM orders o WHERE o.customer = c.id) FROM customers c GROUP BY c.name')).toBe(
      "EXPRESSION_NOT_AGGREGATE: line 1:62: Subquery uses 'c.id' which must appear in GROUP BY clause",
    )
  })

  it('refuses what is not grouped', () => {
    expect(errorText('SELECT id, count(*) FROM customers')).toBe(
      "EXPRESSION_NOT_AGGREGATE: line 1:8: 'id' must be an aggregate expression or appear in GROUP BY clause",
    )
    expect(errorText('SELECT score + id FROM customers GROUP BY id')).toBe(
      "EXPRESSION_NOT_AGGREGATE: line 1:14: '(score + id)' must be an aggregate expression or appear in GROUP BY clause",
    )
    expect(errorText('SELECT * FROM customers GROUP BY id')).toBe(
      "EXPRESSION_NOT_AGGREGATE: Column 'customers.name' not in GROUP BY clause",
    )
    expect(errorText('SELECT count(*) FROM customers HAVING id > 1')).toBe(
      "EXPRESSION_NOT_AGGREGATE: line 1:42: '(id > 1)' must be an aggregate expression or appear in GROUP BY clause",
    )
    expect(errorText('SELECT count(*) FROM customers GROUP BY name ORDER BY id')).toBe(
      "EXPRESSION_NOT_AGGREGATE: line 1:55: 'id' must be an aggregate expression or appear in GROUP BY clause",
    )
  })

  it('refuses aggregates where rows are not grouped yet', () => {
    expect(errorText('SELECT 1 FROM customers WHERE sum(id) > 1')).toBe(
      'EXPRESSION_NOT_SCALAR: line 1:39: WHERE clause cannot contain aggregations, window functions or grouping operations: [sum(id)]',
    )
    expect(errorText('SELECT 1 FROM customers GROUP BY max(id)')).toBe(
      'EXPRESSION_NOT_SCALAR: line 1:34: GROUP BY clause cannot contain aggregations, window functions or grouping operations: [max(id)]',
    )
    expect(errorText('SELECT max(id) FROM customers GROUP BY 1')).toBe(
      'EXPRESSION_NOT_SCALAR: line 1:8: GROUP BY clause cannot contain aggregations, window functions or grouping operations: [max(id)]',
    )
    expect(errorText('SELECT max(max(id)) FROM customers')).toBe(
      "NESTED_AGGREGATION: line 1:8: Cannot nest aggregations inside aggregation 'max': [max(id)]",
    )
    expect(errorText('SELECT 1 FROM orders o JOIN customers c ON count(*) = 1')).toBe(
      'EXPRESSION_NOT_SCALAR: line 1:53: JOIN clause cannot contain aggregations, window functions or grouping operations: [count(*)]',
    )
  })

  it('checks positions, GROUPING and types', () => {
    expect(errorText('SELECT id FROM customers GROUP BY 2')).toBe(
      'INVALID_COLUMN_REFERENCE: line 1:35: GROUP BY position 2 is not in select list',
    )
    expect(errorText('SELECT count(*) FROM customers GROUP BY ROLLUP (id + 1)')).toBe(
      'INVALID_COLUMN_REFERENCE: line 1:52: GROUP BY expression must be a column reference: (id + 1)',
    )
    expect(errorText('SELECT grouping(name) FROM customers')).toBe(
      'MISSING_GROUP_BY: line 1:1: A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause',
    )
    expect(errorText(`SELECT count(*) FROM customers GROUP BY ${Array(4).fill('CUBE (id, name, country)').join(', ')}`)).toContain(
      'TOO_MANY_GROUPING_SETS: ',
    )
  })
})
