/** Names of tables: queries of WITH first, then the catalog. */
import type { Table } from '#catalog/model'
import { QueryError } from '#src/common/errors'
import type { Column } from '#src/logical/expression'
import type { ScanColumn, ScanSource } from '#src/logical/plan'
import type { SystemTable } from '#src/logical/system-table'
import type * as ast from '#src/sql/ast'
import { BIGINT, type Type, timestampWithTimeZone, VARCHAR } from '#src/types/type'
import type { Analysis, Relation } from './analysis.ts'
import type { AnalysisContext } from './context.ts'
import { type Field, lower, type NamedQuery, type Scope, suggestion } from './scope.ts'
import { analyzeView } from './views.ts'

/** A table's full name, all lower case. */
export interface ResolvedName {
  readonly catalog: string
  readonly schema: string
  readonly name: string
}

/** Completes a name with the session's catalog and schema. @throws MISSING_SCHEMA_NAME */
export function completeName(name: ast.QualifiedName, context: Pick<AnalysisContext, 'catalogName' | 'defaultSchema'>): ResolvedName {
  const parts = name.parts.map((part) => lower(part.value))
  const [first = '', second = '', third = ''] = parts
  if (parts.length > 3) throw new QueryError('SYNTAX_ERROR', `Too many dots in table name: ${parts.join('.')}`)
  if (parts.length === 3) return { catalog: first, schema: second, name: third }
  if (parts.length === 2) return { catalog: context.catalogName, schema: first, name: second }
  if (context.defaultSchema === undefined) {
    throw new QueryError('MISSING_SCHEMA_NAME', 'Schema must be specified when session schema is not set', { at: name.at })
  }
  return { catalog: context.catalogName, schema: context.defaultSchema, name: first }
}

/** `at` is where errors about the name are placed. */
export function analyzeTable(name: ast.QualifiedName, scope: Scope, analysis: Analysis, at = name.at): Relation {
  const [first, ...more] = name.parts
  const named = first && more.length === 0 ? scope.named.get(lower(first.value)) : undefined
  if (named) return namedQuery(named, analysis)
  const full = completeName(name, analysis.context)
  const view = analysis.context.tables.view?.(full.catalog, full.schema, full.name)
  if (view)
    return analyzeView(
      view,
      full,
      name.parts.map((part) => lower(part.value)),
      at,
      analysis,
    )
  const table = findTable(full, at, analysis.context)
  // Columns are reached by the name as far as it is written: FROM orders does not make default.orders.id known.
  const relation = name.parts.map((part) => lower(part.value))
  return 'kind' in table ? systemTable(table, relation, analysis) : lakeTable(table, relation, name.at, analysis)
}

/** @throws CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND, TABLE_NOT_FOUND with the nearest names */
export function findTable(full: ResolvedName, at: ast.QualifiedName['at'], { tables }: AnalysisContext): Table | SystemTable {
  const { catalog, schema, name } = full
  const table = tables.find(catalog, schema, name)
  if (table) return table
  if (!tables.hasCatalog(catalog)) throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${catalog}' not found`, { at })
  if (!tables.hasSchema(catalog, schema)) throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${schema}' does not exist`, { at })
  throw new QueryError('TABLE_NOT_FOUND', `Table '${catalog}.${schema}.${name}' does not exist`, {
    at,
    hint: sameNameElsewhere(tables.elsewhere?.(catalog, name) ?? []) ?? suggestion(name, tables.tableNames(catalog, schema)),
  })
}

function sameNameElsewhere(names: readonly string[]): string | undefined {
  return names.length === 0
    ? undefined
    : `Did you mean ${names
        .slice(0, 3)
        .map((name) => `'${name}'`)
        .join(' or ')}?`
}

function namedQuery(named: NamedQuery, analysis: Analysis): Relation {
  named.references++
  const relation = [lower(named.name)]
  const fields: Field[] = named.fields.map((field) => ({
    name: field.name,
    relation,
    column: analysis.ids.column(field.column.name, field.column.type),
    hidden: false,
  }))
  const columns = fields.map((field) => field.column)
  const source = named.fields.map((field) => field.column.id)
  return { plan: { kind: 'cte-ref', cteId: named.cteId, name: named.name, columns, source }, fields }
}

/** The columns that every lake table has beside its own. */
const HIDDEN_COLUMNS: readonly { readonly name: (ScanSource & { kind: 'hidden' })['name']; readonly type: Type }[] = [
  { name: '$path', type: VARCHAR },
  { name: '$file_size', type: BIGINT },
  { name: '$file_modified_time', type: timestampWithTimeZone(3) },
  { name: '$partition', type: VARCHAR },
]

function lakeTable(table: Table, relation: readonly string[], at: ast.QualifiedName['at'], analysis: Analysis): Relation {
  const columns: ScanColumn[] = []
  const fields: Field[] = []
  const add = (name: string, type: Type, source: ScanSource): void => {
    const column: Column = analysis.ids.column(name, type)
    columns.push({ column, source })
    fields.push({ name, relation, column, hidden: source.kind === 'hidden' })
  }
  for (const { name, type } of table.columns) add(name, type, { kind: 'data', name })
  for (const { name, type } of table.partitionKeys) add(name, type, { kind: 'key', name })
  for (const { name, type } of HIDDEN_COLUMNS) add(name, type, { kind: 'hidden', name })
  const id = analysis.ids.next()
  return { plan: { kind: 'scan', id, table, columns, predicate: [], limit: undefined, at }, fields }
}

function systemTable(table: SystemTable, relation: readonly string[], analysis: Analysis): Relation {
  const columns = table.columns.map(({ name, type }, index) => ({ column: analysis.ids.column(name, type), index }))
  const fields: Field[] = columns.map(({ column, index }) => ({
    name: column.name,
    relation,
    column,
    hidden: table.columns[index]?.hidden ?? false,
  }))
  return { plan: { kind: 'system-scan', table, columns, predicate: [], rows: undefined }, fields }
}
