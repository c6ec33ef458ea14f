/** The table or view that a statement of SHOW, or one about privileges, names. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { View } from '#catalog/model'
import type { AnalysisContext } from '#src/analyze/context'
import { completeName, findTable } from '#src/analyze/tables'
import { type Position, QueryError } from '#src/common/errors'
import type { QualifiedName } from '#src/sql/ast'
import type { SystemSources } from './system-tables/source.ts'
import { lookUpTables } from './table-lookup.ts'

export interface ShowContext {
  readonly sources: SystemSources
  /** Catalog of names without one. */
  readonly catalog: string
  /** Schema of unqualified names; undefined when the client chose none. */
  readonly schema: string | undefined
  /** The client's session properties. */
  readonly properties: ReadonlyMap<string, string>
  readonly session: AnalysisContext['session']
}

export type NamesContext = Pick<ShowContext, 'sources' | 'catalog' | 'schema'>

/** A table or view. What is wrong with its name is told of the statement, as in Trino. */
export async function relationOf(
  name: QualifiedName,
  at: Position,
  { sources, catalog, schema }: NamesContext,
): Promise<ReturnType<typeof findTable> | View> {
  const names = { catalogName: catalog, defaultSchema: schema }
  const full = completeName(name, names)
  // A view is told as it was created, even when its query has become invalid.
  const view = full.catalog === CATALOG_NAME ? await sources.catalog.getView(full.schema, full.name) : undefined
  if (view !== undefined) return view
  const tables = await lookUpTables([full], sources)
  return findTable(full, at, { ...names, tables } as AnalysisContext)
}

const MISSING: ReadonlySet<string> = new Set(['CATALOG_NOT_FOUND', 'SCHEMA_NOT_FOUND', 'TABLE_NOT_FOUND'])

/** Whatever part of a name is missing, the relation is. For the errors of `relationOf`. */
export function missingAs(
  kind: 'Table' | 'View' | 'Materialized view',
  name: QualifiedName,
  at: Position,
  { catalog, schema }: NamesContext,
): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof QueryError) || !MISSING.has(error.errorName)) throw error
    const full = completeName(name, { catalogName: catalog, defaultSchema: schema })
    throw new QueryError('TABLE_NOT_FOUND', `${kind} '${full.catalog}.${full.schema}.${full.name}' does not exist`, {
      at,
      hint: error.hint,
    })
  }
}
