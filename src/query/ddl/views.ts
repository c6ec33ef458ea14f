/** CREATE, DROP and ALTER VIEW. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { View } from '#catalog/model'
import { canonicalName } from '#catalog/names'
import type { AnalysisContext } from '#src/analyze/context'
import { analyzeQuery } from '#src/analyze/query'
import { collectTableNames } from '#src/analyze/table-names'
import { completeName, type ResolvedName } from '#src/analyze/tables'
import { QueryError } from '#src/common/errors'
import type { CatalogStatement, QualifiedName, Query } from '#src/sql/ast'
import { lookUpTables, viewNames, viewQuery } from '../table-lookup.ts'
import { type Ddl, type DdlContext, lakeName, placed, tableText } from './context.ts'
import { tableMissing, viewMissing } from './relations.ts'

type Kind<K extends CatalogStatement['kind']> = Extract<CatalogStatement, { kind: K }>

/** CREATE [OR REPLACE] VIEW v [COMMENT …] [SECURITY …] AS query. Throws what the analysis of the query throws, at once. */
export async function createView(statement: Kind<'create-view'>, context: DdlContext): Promise<Ddl> {
  const { at, replace } = statement
  if (statement.materialized) throw new QueryError('NOT_SUPPORTED', 'This connector does not support creating materialized views', { at })
  if (statement.properties.length > 0)
    throw new QueryError('NOT_SUPPORTED', 'Views have no properties', { at: statement.properties[0]?.at })
  if (context.parameters.length > 0) throw new QueryError('NOT_SUPPORTED', 'Parameters in the query of a view are not supported', { at })
  const name = lakeName(statement.name, at, context)
  canonicalName('table', name.name)
  if (replace) await refuseRecursion(statement.query, name, context)
  const columns = await columnsOfQuery(statement.query, at, context)
  return {
    updateType: 'CREATE VIEW',
    run: () =>
      placed(at, async () => {
        const { catalog } = context
        if ((await catalog.getTable(name.schema, name.name)) !== undefined)
          throw new QueryError('TABLE_ALREADY_EXISTS', `Table already exists: '${tableText(name)}'`)
        if (!replace && (await catalog.getView(name.schema, name.name)) !== undefined)
          throw new QueryError('TABLE_ALREADY_EXISTS', `View already exists: '${tableText(name)}'`)
        await catalog.createView(
          {
            schema: name.schema,
            name: name.name,
            sql: statement.queryText,
            columns,
            ...(statement.comment !== undefined && { comment: statement.comment }),
            owner: context.session.user,
            security: statement.security ?? 'definer',
            context: { catalog: context.catalogName, ...(context.defaultSchema !== undefined && { schema: context.defaultSchema }) },
          },
          { replace },
        )
        return []
      }),
  }
}

/** @throws MISSING_COLUMN_NAME, DUPLICATE_COLUMN_NAME, and what analyzeQuery throws */
async function columnsOfQuery(query: Query, at: Kind<'create-view'>['at'], context: DdlContext): Promise<View['columns']> {
  const names = { catalogName: context.catalogName, defaultSchema: context.defaultSchema }
  const tables = await lookUpTables(
    collectTableNames(query).map((name) => completeName(name, names)),
    context.sources,
  )
  const analysis: AnalysisContext = { ...names, tables, session: context.session, parameters: [] }
  const { output } = analyzeQuery(query, analysis)
  const seen = new Set<string>()
  return output.map(({ name: spelled, column }, index) => {
    const name = spelled.toLowerCase()
    if (name === `_col${index}`) throw new QueryError('MISSING_COLUMN_NAME', `Column name not specified at position ${index + 1}`, { at })
    if (seen.has(name)) throw new QueryError('DUPLICATE_COLUMN_NAME', `Column name '${name}' specified more than once`, { at })
    if (column.type.kind === 'unknown')
      throw new QueryError('COLUMN_TYPE_UNKNOWN', `Column type is unknown at position ${index + 1}`, { at })
    seen.add(name)
    return { name, type: column.type }
  })
}

/** A view whose query leads back to it, through however many views. */
async function refuseRecursion(query: Query, target: ResolvedName, context: DdlContext): Promise<void> {
  const seen = new Set<string>()
  const leadsBack = async ({ catalog, schema, name }: ResolvedName): Promise<boolean> => {
    if (catalog !== CATALOG_NAME) return false
    if (schema === target.schema && name === target.name) return (await context.catalog.getTable(schema, name)) === undefined
    const key = `${schema}\u0000${name}`
    if (seen.has(key)) return false
    seen.add(key)
    const view = await context.catalog.getView(schema, name)
    if (view === undefined) return false
    for (const inner of viewNames(view, viewQuery(view))) if (await leadsBack(inner)) return true
    return false
  }
  for (const name of collectTableNames(query)) {
    if ((await context.catalog.getView(target.schema, target.name)) === undefined) return
    if (await leadsBack(completeName(name, context)))
      throw new QueryError('VIEW_IS_RECURSIVE', 'Statement would create a recursive view', { at: name.at })
  }
}

/** DROP VIEW [IF EXISTS] v */
export function dropView(statement: Kind<'drop-view'>, context: DdlContext): Ddl {
  const { at, ifExists, materialized } = statement
  const name = lakeName(statement.name, at, context)
  return {
    updateType: materialized ? 'DROP MATERIALIZED VIEW' : 'DROP VIEW',
    run: () =>
      placed(at, async () => {
        if (materialized) {
          const view = await context.catalog.getView(name.schema, name.name)
          if (view === undefined && ifExists) return []
          const text = `Materialized view '${tableText(name)}' does not exist`
          const but = view === undefined ? '' : `, but a view with that name exists. Did you mean DROP VIEW ${tableText(name)}?`
          throw new QueryError('GENERIC_USER_ERROR', text + but)
        }
        if (await context.catalog.dropView(name.schema, name.name)) return []
        const isTable = (await context.catalog.getTable(name.schema, name.name)) !== undefined
        if (ifExists && !isTable) return []
        throw await viewMissing(
          name,
          at,
          { missing: 'GENERIC_USER_ERROR', other: 'GENERIC_USER_ERROR', instead: (text) => `DROP TABLE ${text}` },
          context,
        )
      }),
  }
}

/** ALTER TABLE | VIEW a RENAME TO b */
export function rename(kind: 'table' | 'view', statement: Kind<'alter'>, to: QualifiedName, context: DdlContext): Ddl {
  const { at, ifExists } = statement
  const from = lakeName(statement.name, at, context)
  const parts = to.parts.map((part) => part.value.toLowerCase())
  if (parts.length === 3 && parts[0] !== CATALOG_NAME) {
    throw new QueryError('NOT_SUPPORTED', `${kind === 'table' ? 'Table' : 'View'} rename across catalogs is not supported`, { at })
  }
  // A bare name stays in the schema of the old one, as in Trino.
  const target = parts.length === 1 ? { schema: from.schema, name: parts[0] as string } : lakeName(to, at, context)
  return {
    updateType: kind === 'table' ? 'RENAME TABLE' : 'RENAME VIEW',
    run: () =>
      placed(at, async () => {
        const { catalog } = context
        const exists = kind === 'table' ? await catalog.getTable(from.schema, from.name) : await catalog.getView(from.schema, from.name)
        if (exists === undefined) {
          if (ifExists && (await catalog.getView(from.schema, from.name)) === undefined) return []
          throw await renameMissing(kind, from, at, context)
        }
        await refuseTarget(kind, target, context)
        if (!(await catalog.rename(kind, from, target))) throw await renameMissing(kind, from, at, context)
        return []
      }),
  }
}

async function refuseTarget(
  kind: 'table' | 'view',
  target: { readonly schema: string; readonly name: string },
  { catalog }: DdlContext,
): Promise<void> {
  const other =
    (await catalog.getTable(target.schema, target.name)) !== undefined
      ? 'table'
      : (await catalog.getView(target.schema, target.name)) !== undefined
        ? 'view'
        : undefined
  if (other === undefined) return
  const text = `Target ${kind} '${tableText(target)}'`
  throw new QueryError(
    'TABLE_ALREADY_EXISTS',
    other === kind ? `${text} already exists` : `${text} does not exist, but a ${other} with that name exists.`,
  )
}

function renameMissing(kind: 'table' | 'view', from: ResolvedName, at: Kind<'alter'>['at'], context: DdlContext): Promise<QueryError> {
  if (kind === 'view') {
    return viewMissing(
      from,
      at,
      { missing: 'TABLE_NOT_FOUND', other: 'TABLE_NOT_FOUND', instead: (text) => `ALTER TABLE ${text} RENAME TO ...` },
      context,
    )
  }
  return tableMissing(
    from,
    at,
    { missing: 'TABLE_NOT_FOUND', other: 'GENERIC_USER_ERROR', instead: (text) => `ALTER VIEW ${text} RENAME TO ...` },
    context,
  )
}
