/** CALL: the procedures that there are. */

import type { AnalysisContext } from '#src/analyze/context'
import { positionOf } from '#src/analyze/positions'
import { QueryError } from '#src/common/errors'
import type { CatalogStatement, Expression } from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { constantOf } from './prepared-statements.ts'
import type { QueryInfo, QueryRequest } from './query.ts'
import { hasCatalog } from './table-lookup.ts'

type Call = Extract<CatalogStatement, { kind: 'call-procedure' }>

/** The queries that a procedure may be about. */
export interface RunningQueries {
  readonly queries: () => readonly QueryInfo[]
  readonly cancel: (id: string, reason: QueryError) => void
}

/** @throws QueryError of the name, the arguments and the procedure */
export function callProcedure(call: Call, request: QueryRequest, session: AnalysisContext['session'], running: RunningQueries): void {
  const [catalog, schema, name] = completeName(call, request)
  if (!hasCatalog(catalog)) throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${catalog}' not found`, { at: call.at })
  if (`${catalog}.${schema}.${name}` !== 'system.runtime.kill_query')
    throw new QueryError('PROCEDURE_NOT_FOUND', `Procedure not registered: ${schema}.${name}`)
  const given = bindArguments(call, ['QUERY_ID', 'MESSAGE'])
  const target = given.get('QUERY_ID')
  if (target === undefined) throw new QueryError('INVALID_ARGUMENTS', `Required procedure argument 'QUERY_ID' is missing`, { at: call.at })
  const message = given.get('MESSAGE')
  const text = (value: Expression): string | null => textOf(value, request, session)
  killQuery(text(target), message === undefined ? null : text(message), request, running)
}

function completeName({ name: { parts }, at }: Call, { session, schema }: QueryRequest): readonly [string, string, string] {
  const names = parts.map((part) => part.value.toLowerCase())
  const name = names.at(-1) as string
  const of = names.at(-2) ?? schema
  const catalog = names.at(-3) ?? session?.catalog
  if (catalog === undefined)
    throw new QueryError('MISSING_CATALOG_NAME', 'Catalog must be specified when session catalog is not set', { at })
  if (of === undefined) throw new QueryError('MISSING_SCHEMA_NAME', 'Schema must be specified when session schema is not set', { at })
  return [catalog, of, name]
}

/** By position, then by name. */
function bindArguments({ arguments: given, at: call }: Call, names: readonly string[]): ReadonlyMap<string, Expression> {
  const bound = new Map<string, Expression>()
  if (given.length > names.length && given.every(({ name }) => name === undefined))
    throw new QueryError('INVALID_ARGUMENTS', 'Too many arguments for procedure', { at: call })
  for (const [index, { name, value }] of given.entries()) {
    const at = name?.at ?? positionOf(value)
    const key = name?.value.toUpperCase() ?? names[index] ?? ''
    if (!names.includes(key)) throw new QueryError('INVALID_ARGUMENTS', `Unknown argument name: ${key}`, { at })
    if (bound.has(key)) throw new QueryError('INVALID_ARGUMENTS', `Duplicate procedure argument: ${key}`, { at })
    bound.set(key, value)
  }
  return bound
}

function textOf(value: Expression, request: QueryRequest, session: AnalysisContext['session']): string | null {
  const constant = value.kind === 'parameter' ? request.parameters[value.index] : constantOf(value, session)
  if (constant === undefined) throw new QueryError('NOT_SUPPORTED', 'Arguments of procedures must be constants', { at: positionOf(value) })
  if (constant.value === null) return null
  if ((constant.type.kind === 'varchar' || constant.type.kind === 'char') && typeof constant.value === 'string') return constant.value
  throw new QueryError('TYPE_MISMATCH', `Cannot cast type ${formatType(constant.type)} to varchar`, { at: positionOf(value) })
}

function killQuery(id: string | null, message: string | null, { session }: QueryRequest, running: RunningQueries): void {
  if (id === null) throw new QueryError('INVALID_PROCEDURE_ARGUMENT', 'query_id cannot be null')
  const target = running.queries().find((query) => query.id === id)
  if (target === undefined) throw new QueryError('NOT_FOUND', `Target query not found: ${id}`)
  if (!(session?.mayActAs(target.user) ?? false)) throw new QueryError('PERMISSION_DENIED', 'Access Denied: Cannot kill query')
  if (target.ended !== undefined) throw new QueryError('NOT_SUPPORTED', `Target query is not running: ${id}`)
  const why = message === null || message === '' ? 'No message provided.' : `Message: ${message}`
  running.cancel(target.id, new QueryError('ADMINISTRATIVELY_KILLED', `Query killed. ${why}`))
}
