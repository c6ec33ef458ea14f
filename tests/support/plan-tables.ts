/** The tables of the plan tests, and SQL → logical plan over them. */
import type { Table, TableColumn } from '#catalog/model'
import type { AnalysisContext } from '#src/analyze/context'
import { analyzeQuery } from '#src/analyze/query'
import type { QueryPlan } from '#src/logical/plan'
import { parseStatement } from '#src/sql/parser/parse'
import { parseType } from '#src/types/parse'
import { fakeTable } from './fake-lake.ts'

const columns = (text: string): readonly TableColumn[] =>
  text === ''
    ? []
    : text.split(';').map((part) => {
        const [name = '', ...type] = part.trim().split(' ')
        return { name, type: parseType(type.join(' ')) }
      })

const table = (name: string, data: string, keys = '', format: Table['format'] = 'parquet'): Table =>
  fakeTable(columns(data), columns(keys), format, name)

export const PLAN_TABLES: readonly Table[] = [
  table('orders', 'orderkey bigint; custkey bigint; total decimal(12,2); priority varchar; comment varchar', 'dt date'),
  table('lines', 'orderkey bigint; partkey bigint; quantity integer; price decimal(12,2); shipped date; mode varchar'),
  table('customers', 'custkey bigint; name varchar; nation integer'),
  table('nations', 'nation integer; name varchar'),
  table('events', 'ts timestamp(6); kind varchar; x double; n integer; tags array(varchar)', 'year integer; month integer'),
  table('logs', 'line varchar; code integer', 'dt varchar', 'csv'),
]

/** 2024-05-06 07:08:09 UTC */
const START = 1_714_979_289_000_000n

/** The same tables with their files below a location that ends with '/'. */
export const tablesUnder = (location: string): readonly Table[] =>
  PLAN_TABLES.map((one) => ({ ...one, location: `${location}${one.name}/` }))

const contextOf = (tables: readonly Table[]): AnalysisContext => ({
  tables: {
    find: (catalog, schema, name) =>
      catalog === 'lake' && schema === 'default' ? tables.find((candidate) => candidate.name === name) : undefined,
    hasCatalog: (catalog) => catalog === 'lake',
    hasSchema: (_catalog, schema) => schema === 'default',
    tableNames: () => tables.map(({ name }) => name),
  },
  catalogName: 'lake',
  defaultSchema: 'default',
  session: { user: 'test', zone: 'UTC', startMicros: START },
  parameters: [],
})

/** The analyzer's plan of a query. Throws what the parser and the analyzer throw. */
export function analyzed(sql: string, tables: readonly Table[] = PLAN_TABLES): QueryPlan {
  const statement = parseStatement(sql)
  if (statement.kind !== 'query-statement') throw new Error(`not a query: ${statement.kind}`)
  return analyzeQuery(statement.query, contextOf(tables))
}
