import { describe, expect, it } from 'vitest'
import { analyzeText, errorText, planText } from '#tests/support/analysis'

const names = (sql: string): readonly string[] => analyzeText(sql).output.map(({ name }) => name)

describe('names of columns', () => {
  it('reads a table by its plain, schema-qualified and full name, in any case', () => {
    expect(names('SELECT ID, Orders.id FROM orders')).toEqual(['ID', 'id'])
    expect(names('SELECT id, orders.id, "default".orders.id, lake."default".ORDERS.id FROM lake."default".orders')).toHaveLength(4)
    expect(errorText('SELECT lake."default".orders.id FROM orders')).toBe(
      "COLUMN_NOT_FOUND: line 1:8: Column 'lake.default.orders.id' cannot be resolved [Did you mean 'id'?]",
    )
  })

  it('hides the table name behind an alias', () => {
    expect(errorText('SELECT orders.id FROM orders o')).toBe(
      "COLUMN_NOT_FOUND: line 1:8: Column 'orders.id' cannot be resolved [Did you mean 'id'?]",
    )
  })

  it('names output columns by alias, column, field, or place', () => {
    expect(names('SELECT id AS "Id", ship.city, total + 1, 5 five FROM orders')).toEqual(['Id', 'city', '_col2', 'five'])
  })

  it('expands stars without hidden columns, partition keys last', () => {
    expect(names('SELECT * FROM orders')).toEqual(['id', 'customer', 'status', 'total', 'placed', 'items', 'tags', 'ship', 'dt'])
    expect(names('SELECT c.*, o.id FROM orders o, customers c')).toEqual(['id', 'name', 'country', 'score', 'id'])
    expect(names('SELECT orders.ship.*, orders.ship.* AS (a, b) FROM orders')).toEqual(['city', 'zip', 'A', 'B'])
  })

  it('reads hidden columns by name', () => {
    expect(planText('SELECT "$path", "$file_size" FROM orders')).toBe(`
Output[$path, $file_size]
  Project[$path, $file_size]
    TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt, $path, $file_size]
`)
  })

  it('takes a dotted name for a column where it can, else for a field', () => {
    expect(planText('SELECT o.ship.city FROM orders o')).toBe(`
Output[city]
  Project[city := ship.city]
    TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
`)
    expect(errorText('SELECT o.ship.town FROM orders o')).toBe(
      "INVALID_COLUMN_REFERENCE: line 1:8: Column reference 'o.ship.town' is invalid",
    )
    expect(errorText('SELECT status.x FROM orders')).toBe('TYPE_MISMATCH: line 1:8: Expression status is not of type ROW')
  })

  it.each(['constructor', '__proto__', 'tostring'])('knows no type %s', (name) => {
    expect(errorText(`SELECT CAST(1 AS ${name})`)).toMatch(new RegExp(`^TYPE_\\w+: line 1:8: Unknown type: ${name}$`))
  })

  it('refuses names that several columns have', () => {
    expect(errorText('SELECT id FROM orders, customers')).toBe("AMBIGUOUS_NAME: line 1:8: Column 'id' is ambiguous")
    expect(errorText('SELECT a.id FROM orders a, customers a')).toBe("AMBIGUOUS_NAME: line 1:8: Column 'a.id' is ambiguous")
    expect(errorText('SELECT r.a FROM (SELECT CAST(ROW(1, 2) AS row(a integer, A integer)) r)')).toBe(
      'AMBIGUOUS_NAME: line 1:10: Ambiguous row field reference: a',
    )
  })

  it('says what is missing and what may have been meant', () => {
    expect(errorText('SELECT x FROM orders')).toBe("COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved")
    expect(errorText('SELECT statsu FROM orders')).toBe(
      "COLUMN_NOT_FOUND: line 1:8: Column 'statsu' cannot be resolved [Did you mean 'status'?]",
    )
    expect(errorText('SELECT *\nFROM ordrs')).toBe(
      "TABLE_NOT_FOUND: line 2:6: Table 'lake.default.ordrs' does not exist [Did you mean 'orders'?]",
    )
    expect(errorText('SELECT 1 FROM nowhere.orders')).toBe("SCHEMA_NOT_FOUND: line 1:15: Schema 'nowhere' does not exist")
    expect(errorText('SELECT 1 FROM pond."default".orders')).toBe("CATALOG_NOT_FOUND: line 1:15: Catalog 'pond' not found")
    expect(errorText('SELECT x.* FROM orders')).toBe('TABLE_NOT_FOUND: line 1:8: Unable to resolve reference x')
    expect(errorText('SELECT *')).toBe('COLUMN_NOT_FOUND: line 1:8: SELECT * not allowed in queries without FROM clause')
  })

  it('applies column aliases to the visible columns', () => {
    expect(names('SELECT * FROM customers AS c(a, b, d, e)')).toEqual(['a', 'b', 'd', 'e'])
    expect(errorText('SELECT 1 FROM customers c(a)')).toBe(
      "MISMATCHED_COLUMN_ALIASES: line 1:15: Column alias list has 1 entries but 'c' has 4 columns available",
    )
    expect(errorText('SELECT "$path" FROM customers c(a, b, d, e)')).toBe("COLUMN_NOT_FOUND: line 1:8: Column '$path' cannot be resolved")
  })
})
