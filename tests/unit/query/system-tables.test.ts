import { describe, expect, it } from 'vitest'
import type { Table } from '#catalog/model'
import type { SystemTable } from '#src/logical/system-table'
import { optimize } from '#src/optimize/optimizer'
import { loadSystemTables } from '#src/query/system-tables/load'
import { VARCHAR } from '#src/types/type'
import { analyzeText, SHOP_TABLES } from '#tests/support/analysis'

const SCHEMAS = ['a', 'a_b', 'axb', 'b']

/** Which schemas' rows a query wants of a system table `names(schema, name)`. */
async function wanted(sql: string): Promise<readonly string[]> {
  const asked = new Set<string>()
  const names: SystemTable = {
    kind: 'system',
    catalog: 'lake',
    schema: 'default',
    name: 'names',
    columns: [
      { name: 'schema', type: VARCHAR },
      { name: 'name', type: VARCHAR },
    ],
    load: async (keeps) => {
      for (const schema of SCHEMAS) if (keeps({ schema })) asked.add(schema)
      return []
    },
  }
  const plan = analyzeText(sql, { tables: new Map<string, Table | SystemTable>([...SHOP_TABLES, ['names', names]]) })
  const { signal } = new AbortController()
  await loadSystemTables(optimize(plan, { signal }).plan.root, signal)
  return [...asked].sort()
}

describe('what is fetched of a system table', () => {
  it.each([
    ['SELECT * FROM names', SCHEMAS],
    ["SELECT * FROM names WHERE schema = 'a'", ['a']],
    ["SELECT * FROM names WHERE schema IN ('a', 'b') AND name = 'x'", ['a', 'b']],
    ["SELECT * FROM names WHERE schema LIKE 'a\\_b' ESCAPE '\\'", ['a_b']],
    ["SELECT * FROM names WHERE schema LIKE 'a%'", ['a', 'a_b', 'axb']],
    ["SELECT * FROM names WHERE schema = 'a' OR schema = 'b'", ['a', 'b']],
    ["SELECT * FROM names WHERE schema = 'a' OR name = 'x'", SCHEMAS],
    ['SELECT * FROM names WHERE schema IS NULL', []],
    ["SELECT * FROM names WHERE length(schema) = 1 AND schema <> 'b'", ['a', 'a_b', 'axb']],
    ["WITH n AS (SELECT * FROM names) SELECT count(*) FROM n JOIN customers c USING (name) WHERE n.schema = 'b'", ['b']],
  ])('%s', async (sql, schemas) => expect(await wanted(sql)).toEqual(schemas))
})
