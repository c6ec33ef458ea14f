/** What statements that change the catalog are given. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { TableColumn } from '#catalog/model'
import type { CatalogService } from '#catalog/service'
import type { AnalysisContext } from '#src/analyze/context'
import { completeName, type ResolvedName } from '#src/analyze/tables'
import { resolveType } from '#src/analyze/type-name'
import { type Position, QueryError } from '#src/common/errors'
import type { ColumnDefinition, Identifier, QualifiedName, TypeName } from '#src/sql/ast'
import { printIdentifier, printTypeName } from '#src/sql/print/names'
import type { Type } from '#src/types/type'
import type { SystemSources } from '../system-tables/source.ts'

export interface DdlContext {
  readonly catalog: CatalogService
  readonly sources: SystemSources
  /** What names without them mean. */
  readonly catalogName: string
  readonly defaultSchema: string | undefined
  readonly session: AnalysisContext['session']
  readonly parameters: AnalysisContext['parameters']
}

/** A statement that is checked as far as its text goes, ready to run. */
export interface Ddl {
  /** As Trino names it. */
  readonly updateType: string
  /** Throws what the statement is refused for. What is returned is told to the user as hints. */
  readonly run: (signal: AbortSignal) => Promise<readonly string[]>
}

/** The full name of a lake table, view or schema's member. @throws MISSING_SCHEMA_NAME, CATALOG_NOT_FOUND, NOT_SUPPORTED for the system's own */
export function lakeName(name: QualifiedName, at: Position, context: DdlContext): ResolvedName {
  if (name.parts.length > 3)
    throw new QueryError('SYNTAX_ERROR', `Too many dots in table name: ${name.parts.map((part) => part.value).join('.')}`, { at })
  const full = completeName(name, context)
  checkLake(full.catalog, at)
  if (full.schema === 'information_schema') throw new QueryError('NOT_SUPPORTED', `The schema '${full.schema}' cannot be changed`, { at })
  return full
}

function checkLake(catalog: string, at: Position): void {
  if (catalog === CATALOG_NAME) return
  if (catalog === 'system') throw new QueryError('NOT_SUPPORTED', "The catalog 'system' cannot be changed", { at })
  throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${catalog}' not found`, { at })
}

/** A schema's own name: `s` or `catalog.s`. */
export function schemaName(name: QualifiedName, at: Position, context: DdlContext): string {
  const parts = name.parts.map((part) => part.value.toLowerCase())
  if (parts.length > 2) throw new QueryError('SYNTAX_ERROR', `Too many parts in schema name: ${parts.join('.')}`, { at })
  checkLake(parts.length === 2 ? (parts[0] as string) : context.catalogName, at)
  return parts.at(-1) as string
}

export const tableText = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  /^[a-z0-9_.]*$/.test(name) ? `${CATALOG_NAME}.${schema}.${name}` : `${CATALOG_NAME}.${schema}."${name}"`

/** The same error where the statement stands, if it has no place of its own. */
export async function placed<T>(at: Position, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof QueryError) || error.at !== undefined || error.type !== 'USER_ERROR') throw error
    throw new QueryError(error.errorName, error.message, { at, hint: error.hint, cause: error.cause ?? error })
  }
}

/** A declared column. @throws TYPE_NOT_FOUND, NOT_SUPPORTED for NOT NULL and DEFAULT, which files do not enforce */
function columnOf(column: ColumnDefinition): TableColumn {
  const name = column.name.value.toLowerCase()
  if (!column.nullable)
    throw new QueryError(
      'NOT_SUPPORTED',
      `Catalog '${CATALOG_NAME}' does not support non-null column for column name '${printIdentifier(column.name)}'`,
      {
        at: column.at,
      },
    )
  if (column.default !== undefined)
    throw new QueryError(
      'NOT_SUPPORTED',
      `Catalog '${CATALOG_NAME}' does not support default value for column name '${printIdentifier(column.name)}'`,
      {
        at: column.at,
      },
    )
  return { name, type: columnType(column.type, column.name, column.at), ...(column.comment !== undefined && { comment: column.comment }) }
}

/** @throws TYPE_NOT_FOUND, which names the whole type and where the definition begins */
export function columnType(type: TypeName, column: Identifier, at: Position): Type {
  try {
    return resolveType(type)
  } catch (error) {
    if (!(error instanceof QueryError) || error.errorName !== 'TYPE_NOT_FOUND') throw error
    throw new QueryError('TYPE_NOT_FOUND', `Unknown type '${printTypeName(type)}' for column '${printIdentifier(column)}'`, { at })
  }
}

/** Columns of a definition. @throws DUPLICATE_COLUMN_NAME where the second one stands */
export function columnsOf(definitions: readonly ColumnDefinition[]): readonly TableColumn[] {
  const seen = new Set<string>()
  return definitions.map((definition) => {
    const column = columnOf(definition)
    if (seen.has(column.name)) {
      throw new QueryError(
        'DUPLICATE_COLUMN_NAME',
        `Column name '${definition.name.written ?? definition.name.value}' specified more than once`,
        {
          at: definition.at,
        },
      )
    }
    seen.add(column.name)
    return column
  })
}
