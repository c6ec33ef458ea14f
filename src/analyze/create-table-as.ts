/** CREATE TABLE AS: the columns that a query gives a new table (Trino's StatementAnalyzer.visitCreateTableAsSelect). */
import type { TableColumn } from '#catalog/model'
import { QueryError } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import type * as ast from '#src/sql/ast'
import type { AnalysisContext } from './context.ts'
import { analyzeQuery } from './query.ts'
import { lower } from './scope.ts'

type CreateTableAs = Extract<ast.Statement, { kind: 'create-table-as' }>

export interface QueryColumns {
  readonly query: QueryPlan
  /** One for each of the query's output columns, named in lower case. */
  readonly columns: readonly TableColumn[]
}

/** @throws MISSING_COLUMN_NAME, DUPLICATE_COLUMN_NAME, COLUMN_TYPE_UNKNOWN, MISMATCHED_COLUMN_ALIASES with Trino's texts and positions */
export function analyzeCreateTableAs(statement: CreateTableAs, context: AnalysisContext): QueryColumns {
  const { at, columns: aliases } = statement
  const query = analyzeQuery(statement.query, context)
  if (aliases !== undefined && aliases.length !== query.output.length) {
    const message = `Column alias list has ${aliases.length} entries but relation has ${query.output.length} columns`
    throw new QueryError('MISMATCHED_COLUMN_ALIASES', message, { at: aliases[0]?.at ?? at })
  }
  const seen = new Set<string>()
  const columns = query.output.map(({ name: spelled, column, named }, index): TableColumn => {
    const alias = aliases?.[index]?.value
    if (alias === undefined && named === false)
      throw new QueryError('MISSING_COLUMN_NAME', `Column name not specified at position ${index + 1}`, { at })
    const name = lower(alias ?? spelled)
    if (seen.has(name)) throw new QueryError('DUPLICATE_COLUMN_NAME', `Column name '${name}' specified more than once`, { at })
    if (column.type.kind === 'unknown') throw new QueryError('COLUMN_TYPE_UNKNOWN', `Column type is unknown: ${name}`, { at })
    seen.add(name)
    return { name, type: column.type }
  })
  return { query, columns }
}
