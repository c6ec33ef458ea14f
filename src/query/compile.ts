/** From a statement's text to what runs: a typed plan, a plan to be explained, or a change of the session. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { CatalogService } from '#catalog/service'
import type { AnalysisContext, VirtualTable } from '#src/analyze/context'
import { checkParameterCount } from '#src/analyze/parameter-count'
import { analyzeQuery } from '#src/analyze/query'
import { refuseStatement } from '#src/analyze/refuse'
import { describeInput, oneText, planVirtualTable } from '#src/analyze/show'
import { collectTableNames } from '#src/analyze/table-names'
import { completeName } from '#src/analyze/tables'
import { QueryError } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import type { Explain, QualifiedName, Query, Statement } from '#src/sql/ast'
import { parseStatement } from '#src/sql/parser/parse'
import { printStatement } from '#src/sql/print/statements'
import { BOOLEAN, type Type } from '#src/types/type'
import { changePrivileges, changeRoles } from './access-statements.ts'
import type { ClientSession, SessionUpdate } from './client-session.ts'
import { compileWrite, isWriting, targetNames } from './compile-write.ts'
import type { Ddl, DdlContext } from './ddl/context.ts'
import { compileDdl } from './ddl/ddl.ts'
import { describeOutput } from './describe-output.ts'
import { type ExplainedWrite, isExplained } from './explain.ts'
import { withMillisecondDatetimes } from './millisecond-datetimes.ts'
import {
  bindParameters,
  immediateStatement,
  parameterTypes,
  preparedStatement,
  sessionInside,
  unknownParameters,
} from './prepared-statements.ts'
import { callProcedure } from './procedures.ts'
import { statementSession } from './property-setting.ts'
import type { QueryInfo, QueryRequest, StatementSession } from './query.ts'
import type { ShowContext } from './relation-lookup.ts'
import { maxRecursionDepth, overwritesPartitions } from './session-properties.ts'
import { sessionStatement } from './session-statements.ts'
import { showStatement } from './show-statements.ts'
import { type StatsRequest, statsQuery } from './show-stats.ts'
import type { SystemSources } from './system-tables/source.ts'
import { hasCatalog, hasSchema, lookUpTables } from './table-lookup.ts'
import { Transactions } from './transactions.ts'
import type { WriteStatement } from './write-statement.ts'

export type Compiled =
  /** `own`: what the statement itself sets in the session. */
  | { readonly kind: 'rows'; readonly plan: QueryPlan; readonly own?: StatementSession | undefined }
  /** SHOW STATS of these rows. */
  | { readonly kind: 'stats'; readonly stats: StatsRequest }
  | { readonly kind: 'explain'; readonly explain: Explain; readonly plan: QueryPlan; readonly own?: StatementSession | undefined }
  /** EXPLAIN ANALYZE, which writes. */
  | { readonly kind: 'explain-write'; readonly explain: Explain; readonly write: ExplainedWrite }
  /** Nothing has been written yet. */
  | { readonly kind: 'write'; readonly write: WriteStatement }
  | { readonly kind: 'ddl'; readonly updateType: string; readonly run: Ddl['run'] }
  | { readonly kind: 'session'; readonly updateType: string; readonly update: SessionUpdate | undefined }

export class Compiler {
  readonly transactions = new Transactions()
  readonly #catalog: CatalogService
  readonly #now: () => Date
  readonly #sources: SystemSources
  /** What runs and what ran, for system.runtime; set by the engine that owns them. */
  queries: () => readonly QueryInfo[] = () => []
  /** Ends a query that runs; set by the engine. */
  cancel: (id: string, reason: QueryError) => void = () => undefined

  constructor(catalog: CatalogService, now: () => Date) {
    this.#catalog = catalog
    this.#now = now
    this.#sources = { catalog, queries: () => this.queries() }
  }

  /** Throws QueryError of the parser and the analyzer, with positions. */
  async compile(request: QueryRequest): Promise<Compiled> {
    if (request.session?.refusal !== undefined) throw request.session.refusal
    const statement = parseStatement(request.sql)
    checkParameterCount(statement, request.parameters.length)
    // The end of a transaction looks at its state itself.
    if (request.session !== undefined && statement.kind !== 'commit' && statement.kind !== 'rollback')
      this.transactions.use(request.session.transaction)
    const compiled = await this.#compileWhole(statement, request)
    if (compiled.kind !== 'rows' || (request.session?.parametricDatetime ?? true)) return compiled
    return { ...compiled, plan: withMillisecondDatetimes(compiled.plan) }
  }

  async #compileWhole(statement: Statement, request: QueryRequest): Promise<Compiled> {
    if (statement.kind !== 'explain') return this.#compile(statement, request)
    const explained = explainedStatement(statement.statement, request)
    if (statement.type === 'validate' && explained.kind === 'explain') return { kind: 'rows', plan: planVirtualTable(VALID) }
    if (!hasPlan(explained)) {
      // They are valid as soon as they are read, and their own explanation. Nothing of what they do is done.
      if (statement.type === 'validate') return { kind: 'rows', plan: planVirtualTable(VALID) }
      if (statement.analyze) throw notExplained(explained)
      return { kind: 'rows', plan: planVirtualTable(oneText('Query Plan', printStatement(explained))) }
    }
    const inner = await this.#compile(statement.statement, request)
    if (inner.kind === 'write' && 'query' in inner.write && !statement.analyze)
      return { kind: 'explain', explain: statement, plan: inner.write.query }
    if (inner.kind === 'write' && isExplained(inner.write)) return { kind: 'explain-write', explain: statement, write: inner.write }
    if (inner.kind !== 'rows') throw notExplained(statement.statement)
    return { kind: 'explain', explain: statement, plan: inner.plan, own: inner.own }
  }

  async #compile(statement: Statement, request: QueryRequest): Promise<Compiled> {
    const ddl = await compileDdl(statement, this.#ddlContext(request))
    if (ddl !== undefined) {
      if (request.session?.transaction.kind === 'open')
        throw new QueryError('AUTOCOMMIT_WRITE_CONFLICT', `Catalog only supports writes using autocommit: ${CATALOG_NAME}`)
      return { kind: 'ddl', ...ddl }
    }
    if (isWriting(statement)) {
      if (request.session?.transaction.kind === 'open')
        throw new QueryError('AUTOCOMMIT_WRITE_CONFLICT', `Catalog only supports writes using autocommit: ${CATALOG_NAME}`)
      const context = await this.#analysisContext([...targetNames(statement), ...collectTableNames(statement)], request)
      const write = await compileWrite(statement, context, this.#ddlContext(request))
      const overwrite = write.kind === 'insert' && write.table.partitionKeys.length > 0 && overwritesPartitions(request.session?.properties)
      return { kind: 'write', write: overwrite ? { ...write, overwrite } : write }
    }
    switch (statement.kind) {
      case 'query-statement': {
        const own = statementSession(statement.session, this.#session(request))
        return { kind: 'rows', plan: await this.#analyze(statement.query, request, own), own }
      }
      case 'show-catalogs':
      case 'show-schemas':
      case 'show-tables':
      case 'show-columns':
      case 'show-create':
      case 'show-functions':
      case 'show-session':
      case 'show-partitions':
      case 'show-tblproperties':
      case 'show-roles':
      case 'show-grants':
        return { kind: 'rows', plan: planVirtualTable(await showStatement(statement, this.#showContext(request))) }
      case 'show-stats':
        return { kind: 'stats', stats: await this.#showStats(statement, request) }
      case 'use':
        await this.#checkSchema(statement, request.session?.catalog ?? CATALOG_NAME)
        return {
          kind: 'session',
          updateType: 'USE',
          update: { kind: 'use', catalog: statement.catalog?.value.toLowerCase(), schema: statement.schema.value.toLowerCase() },
        }
      case 'execute': {
        const session = sessionOf(statement, request)
        const inner = preparedStatement(statement.name, session)
        const { statement: bound, parameters } = bindParameters(inner, statement.arguments, statement.at, this.#session(request))
        return this.#compileWhole(bound, { ...request, parameters, session: sessionInside(statement.name, session) })
      }
      case 'execute-immediate': {
        const inner = immediateStatement(statement)
        const { statement: bound, parameters } = bindParameters(inner, statement.arguments, inner.at, this.#session(request))
        return this.#compileWhole(bound, { ...request, parameters })
      }
      case 'describe-input': {
        const session = sessionOf(statement, request)
        const inner = preparedStatement(statement.name, session)
        const types = await this.#inputTypes(inner, { ...request, session: sessionInside(statement.name, session) })
        return { kind: 'rows', plan: planVirtualTable(describeInput(types)) }
      }
      case 'describe-output': {
        const session = sessionOf(statement, request)
        const inner = preparedStatement(statement.name, session)
        const inside = { ...request, parameters: unknownParameters(inner), session: sessionInside(statement.name, session) }
        // Statements without a plan have no result, and some act as soon as they are compiled.
        const compiled: Compiled = hasPlan(inner)
          ? await this.#compileWhole(inner, inside)
          : { kind: 'session', updateType: '', update: undefined }
        return { kind: 'rows', plan: planVirtualTable(describeOutput(compiled, inner)) }
      }
      case 'call-procedure':
        callProcedure(statement, request, this.#session(request), this)
        return { kind: 'session', updateType: 'CALL', update: undefined }
      case 'change-roles':
        changeRoles(statement)
        return { kind: 'session', updateType: statement.change, update: undefined }
      case 'change-privileges':
        return changePrivileges(statement, this.#showContext(request))
      case 'set-role':
      case 'set-session-authorization':
      case 'reset-session-authorization':
      case 'set-session':
      case 'reset-session':
      case 'set-time-zone':
      case 'set-path':
      case 'start-transaction':
      case 'commit':
      case 'rollback':
      case 'prepare':
      case 'deallocate':
        return {
          kind: 'session',
          ...sessionStatement(statement, sessionOf(statement, request), this.transactions, this.#session(request)),
        }
      default:
        throw refuseStatement(statement)
    }
  }

  #ddlContext(request: QueryRequest): DdlContext {
    return {
      catalog: this.#catalog,
      sources: this.#sources,
      catalogName: request.session?.catalog ?? CATALOG_NAME,
      defaultSchema: request.schema,
      session: this.#session(request),
      parameters: request.parameters,
    }
  }

  /** Types of the `?` of a query or a write as its analysis gives them; of other statements as far as their place alone tells them. */
  async #inputTypes(statement: Statement, request: QueryRequest): Promise<readonly Type[]> {
    const types = [...parameterTypes(statement)]
    const query = statement.kind === 'explain' ? statement.statement : statement
    if (query.kind !== 'query-statement' && !isWriting(query)) return types
    const parameters = unknownParameters(statement).map((parameter, index) => ({
      ...parameter,
      onCoerce: (type: Type) => {
        if (type.kind !== 'unknown') types[index] = type
      },
    }))
    await this.#compile(query, { ...request, parameters })
    return types
  }

  #showContext(request: QueryRequest): ShowContext {
    const { schema, session } = request
    return {
      sources: this.#sources,
      catalog: session?.catalog ?? CATALOG_NAME,
      schema,
      properties: session?.properties ?? new Map(),
      session: this.#session(request),
    }
  }

  #session({ user, zone, session }: QueryRequest, own?: StatementSession): AnalysisContext['session'] {
    const startMicros = BigInt(this.#now().getTime()) * 1000n
    const properties = new Map([...(session?.properties ?? []), ...(own?.properties ?? [])])
    return { user, path: session?.path, zone: own?.zone ?? zone, startMicros, maxRecursionDepth: maxRecursionDepth(properties) }
  }

  async #showStats(statement: Extract<Statement, { kind: 'show-stats' }>, request: QueryRequest): Promise<StatsRequest> {
    const query = statsQuery(statement)
    const plan = await this.#analyze(query, request, undefined).catch((error: unknown) => {
      // Trino tells no place of a table's own name.
      throw 'parts' in statement.target && error instanceof QueryError ? error.withoutPlace() : error
    })
    return { plan, at: statement.at, catalog: this.#catalog }
  }

  async #checkSchema({ catalog, schema }: Extract<Statement, { kind: 'use' }>, current: string): Promise<void> {
    const [of, name] = [catalog?.value.toLowerCase() ?? current, schema.value.toLowerCase()]
    // As in Trino no place is told.
    if (!hasCatalog(of)) throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${of}' not found`)
    if (await hasSchema(of, name, this.#sources)) return
    throw new QueryError('NOT_FOUND', `Schema does not exist: ${of}.${name}`)
  }

  /** Queries of others are not shown to a user who may not act for them. */
  #sourcesOf({ mayActAs, session }: QueryRequest): SystemSources {
    const sees = mayActAs ?? session?.mayActAs
    return sees === undefined ? this.#sources : { ...this.#sources, queries: () => this.queries().filter(({ user }) => sees(user)) }
  }

  async #analyze(query: Query, request: QueryRequest, own: StatementSession | undefined): Promise<QueryPlan> {
    return analyzeQuery(query, await this.#analysisContext(collectTableNames(query), request, own))
  }

  async #analysisContext(mentioned: readonly QualifiedName[], request: QueryRequest, own?: StatementSession): Promise<AnalysisContext> {
    const names = { catalogName: request.session?.catalog ?? CATALOG_NAME, defaultSchema: request.schema }
    const tables = await lookUpTables(
      mentioned.map((name) => completeName(name, names)),
      this.#sourcesOf(request),
    )
    return { ...names, tables, session: this.#session(request, own), parameters: request.parameters }
  }
}

/** EXPLAIN (TYPE VALIDATE) of what is valid. */
const VALID: VirtualTable = { kind: 'virtual', columns: [{ name: 'Valid', type: BOOLEAN }], rows: [[true]] }

/** Whether there are rows to plan, or to explain; other statements do something, some of them as soon as they are compiled. */
const hasPlan = (statement: Statement): boolean =>
  /^(?:query-statement|explain|execute|execute-immediate|(?:show|describe)-.*)$/.test(statement.kind) || isWriting(statement)

/** What EXPLAIN is about: of EXECUTE what is executed. */
function explainedStatement(statement: Statement, { session }: QueryRequest): Statement {
  if (statement.kind === 'execute-immediate') return immediateStatement(statement)
  return statement.kind === 'execute' && session !== undefined ? preparedStatement(statement.name, session) : statement
}

const notExplained = ({ at }: Statement): QueryError =>
  new QueryError('NOT_SUPPORTED', 'EXPLAIN of this statement is not supported', { at })

/** @throws NOT_SUPPORTED where there is no session that the statement could change or ask */
function sessionOf(statement: Statement, request: QueryRequest): ClientSession {
  if (request.session === undefined) throw refuseStatement(statement)
  return request.session
}
