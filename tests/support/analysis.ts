/** Analysis of statements against tables at hand, for tests of the analyzer and of plans. */
import type { Table } from '#catalog/model'
import type { AnalysisContext, TypedParameter } from '#src/analyze/context'
import { analyzeQuery } from '#src/analyze/query'
import { QueryError } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import { printPlan } from '#src/logical/plan-print'
import type { SystemTable } from '#src/logical/system-table'
import { verifyPlan } from '#src/logical/verify'
import { parseStatement } from '#src/sql/parser/parse'
import { formatType } from '#src/types/format'
import { schemaTables } from './schema-tables.ts'

/** A small shop in schema `default`; `orders` is partitioned by `dt`. */
export const SHOP_TABLES: ReadonlyMap<string, Table> = schemaTables('default', {
  orders:
    'id bigint, customer bigint, status varchar, total decimal(12,2), placed timestamp(3), items array(row(sku varchar, n integer)), tags map(varchar, integer), ship row(city varchar, zip varchar) | dt date',
  customers: 'id bigint, name varchar(25), country char(2), score double',
})

/** 2024-03-05 06:07:08.901234 UTC. */
const SESSION_START = 1_709_618_828_901_234n

export interface AnalysisOptions {
  readonly tables?: ReadonlyMap<string, Table | SystemTable>
  readonly schema?: string
  readonly zone?: string
  readonly parameters?: readonly TypedParameter[]
}

/** Names mean what they mean to a query of the shop. */
export function analysisContext(options: AnalysisOptions = {}): AnalysisContext {
  const { tables = SHOP_TABLES, schema = 'default', zone = 'UTC', parameters = [] } = options
  return {
    tables: {
      find: (catalog, inSchema, name) => (catalog === 'lake' && inSchema === schema ? tables.get(name) : undefined),
      hasCatalog: (catalog) => catalog === 'lake',
      hasSchema: (catalog, name) => catalog === 'lake' && name === schema,
      tableNames: () => [...tables.keys()],
    },
    catalogName: 'lake',
    defaultSchema: schema,
    session: { user: 'ada', zone, startMicros: SESSION_START },
    parameters,
  }
}

/** The plan of a query's text. */
export function analyzeText(sql: string, options?: AnalysisOptions): QueryPlan {
  const statement = parseStatement(sql)
  if (statement.kind !== 'query-statement') throw new Error(`Not a query: ${sql}`)
  return analyzeQuery(statement.query, analysisContext(options))
}

/** Text of the plan of a query, verified first. */
export function planText(sql: string, options?: AnalysisOptions): string {
  const plan = analyzeText(sql, options)
  verifyPlan(plan)
  return `\n${printPlan(plan)}\n`
}

/** `NAME: line L:C: message` of the error that a query ends with; the hint follows in brackets. */
export function errorText(sql: string, options?: AnalysisOptions): string {
  try {
    analyzeText(sql, options)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return `${error.errorName}: ${error.message}${error.hint === undefined ? '' : ` [${error.hint}]`}`
  }
  throw new Error(`No error: ${sql}`)
}

/** Types of a query's columns, as SHOW prints them. */
export function outputTypes(sql: string, options?: AnalysisOptions): readonly string[] {
  const plan = analyzeText(sql, options)
  verifyPlan(plan)
  return plan.output.map(({ column }) => formatType(column.type))
}
