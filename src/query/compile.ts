/** From a statement's text to what runs: a typed plan, a plan to be explained, or a change of the session. */
import { CATALOG_NAME, type Catalog } from '#catalog/catalog'
import type { AnalysisContext } from '#src/analyze/context'
import { checkParameterCount } from '#src/analyze/parameter-count'
import { analyzeQuery } from '#src/analyze/query'
import { refuseStatement } from '#src/analyze/refuse'
import { planVirtualTable } from '#src/analyze/show'
import { collectTableNames } from '#src/analyze/table-names'
import { completeName } from '#src/analyze/tables'
import { QueryError } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import type { Explain, Query, Statement } from '#src/sql/ast'
import { parseStatement } from '#src/sql/parser/parse'
import type { QueryInfo, QueryRequest } from './query.ts'
import { showStatement } from './show-statements.ts'
import type { SystemSources } from './system-tables/source.ts'
import { lookUpTables } from './table-lookup.ts'

export type Compiled =
  | { readonly kind: 'rows'; readonly plan: QueryPlan }
  | { readonly kind: 'explain'; readonly explain: Explain; readonly plan: QueryPlan }
  | { readonly kind: 'session'; readonly updateType: string }

export class Compiler {
  readonly #catalog: Catalog
  readonly #now: () => Date
  readonly #sources: SystemSources
  /** What runs and what ran, for system.runtime; set by the engine that owns them. */
  queries: () => readonly QueryInfo[] = () => []

  constructor(catalog: Catalog, now: () => Date) {
    this.#catalog = catalog
    this.#now = now
    this.#sources = { catalog, queries: () => this.queries() }
  }

  /** Throws QueryError of the parser and the analyzer, with positions. */
  async compile(request: QueryRequest): Promise<Compiled> {
    const statement = parseStatement(request.sql)
    checkParameterCount(statement, request.parameters.length)
    if (statement.kind !== 'explain') return this.#compile(statement, request)
    const inner = await this.#compile(statement.statement, request)
    if (inner.kind !== 'rows')
      throw new QueryError('NOT_SUPPORTED', 'EXPLAIN of this statement is not supported', { at: statement.statement.at })
    return { kind: 'explain', explain: statement, plan: inner.plan }
  }

  async #compile(statement: Statement, request: QueryRequest): Promise<Compiled> {
    switch (statement.kind) {
      case 'query-statement':
        // A property that had no effect would be a promise broken in silence.
        if (statement.session.length > 0) throw new QueryError('NOT_SUPPORTED', 'WITH SESSION is not supported', { at: statement.at })
        return { kind: 'rows', plan: await this.#analyze(statement.query, request) }
      case 'show-catalogs':
      case 'show-schemas':
      case 'show-tables':
      case 'show-columns':
      case 'show-create':
      case 'show-functions':
      case 'show-session':
      case 'show-stats':
      case 'show-partitions':
      case 'show-tblproperties':
        return { kind: 'rows', plan: planVirtualTable(await showStatement(statement, { sources: this.#sources, schema: request.schema })) }
      case 'use':
        await this.#checkSchema(statement)
        return { kind: 'session', updateType: 'USE' }
      default:
        throw refuseStatement(statement)
    }
  }

  async #checkSchema({ catalog, schema }: Extract<Statement, { kind: 'use' }>): Promise<void> {
    if (catalog !== undefined && catalog.value.toLowerCase() !== CATALOG_NAME)
      throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${catalog.value}' not found`, { at: catalog.at })
    if (await this.#catalog.schemaExists(schema.value.toLowerCase())) return
    throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${CATALOG_NAME}.${schema.value.toLowerCase()}' does not exist`, { at: schema.at })
  }

  async #analyze(query: Query, request: QueryRequest): Promise<QueryPlan> {
    const names = { catalogName: CATALOG_NAME, defaultSchema: request.schema }
    const tables = await lookUpTables(
      collectTableNames(query).map((name) => completeName(name, names)),
      this.#sources,
    )
    const context: AnalysisContext = {
      ...names,
      tables,
      session: { user: request.user, zone: request.zone, startMicros: BigInt(this.#now().getTime()) * 1000n },
      parameters: request.parameters,
    }
    return analyzeQuery(query, context)
  }
}
