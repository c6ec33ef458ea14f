/** Statements that write: from their text to what src/write executes. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { AnalysisContext } from '#src/analyze/context'
import { analyzeCreateTableAs } from '#src/analyze/create-table-as'
import { analyzeInsert, intoColumns, targetTable } from '#src/analyze/insert'
import { analyzeQuery } from '#src/analyze/query'
import { checkWritable } from '#src/analyze/writable-types'
import { type Position, QueryError } from '#src/common/errors'
import type * as ast from '#src/sql/ast'
import { compileAnalyze } from './analyze-statement.ts'
import { type DdlContext, lakeName, placed } from './ddl/context.ts'
import { newTable } from './ddl/create-table.ts'
import { readTableProperties, type TableProperties } from './ddl/table-properties.ts'
import { selectAll } from './select-all.ts'
import type { UnloadTarget, WriteStatement } from './write-statement.ts'

type AlterTable = Extract<ast.Statement, { kind: 'alter' }>
type Execute = Extract<AlterTable['action'], { kind: 'execute' }>
type ExecuteStatement = AlterTable & { readonly action: Execute }
export type WritingStatement =
  | Extract<ast.Statement, { kind: 'insert' | 'create-table-as' | 'unload' | 'delete' | 'truncate' | 'analyze' }>
  | ExecuteStatement

export function isWriting(statement: ast.Statement): statement is WritingStatement {
  switch (statement.kind) {
    case 'insert':
    case 'create-table-as':
    case 'unload':
    case 'delete':
    case 'truncate':
    case 'analyze':
      return true
    case 'alter':
      return statement.object === 'table' && statement.action.kind === 'execute'
    default:
      return false
  }
}

/** The tables that a statement changes, which the analysis wants to have looked up. */
export function targetNames(statement: WritingStatement): readonly ast.QualifiedName[] {
  if (statement.kind === 'alter') return [statement.name]
  if (statement.kind === 'analyze') return [statement.table]
  return statement.kind === 'insert' || statement.kind === 'delete' || statement.kind === 'truncate' ? [statement.table] : []
}

/** Throws what the statement is refused for, with its position. */
export async function compileWrite(statement: WritingStatement, context: AnalysisContext, ddl: DdlContext): Promise<WriteStatement> {
  const { at } = statement
  switch (statement.kind) {
    case 'insert':
      return { kind: 'insert', ...analyzeInsert(statement, context) }
    case 'create-table-as':
      return placed(at, () => createTableAs(statement, context, ddl))
    case 'unload':
      return placed(at, () => unload(statement, context))
    case 'alter':
      return placed(at, () => execute(statement, context))
    case 'delete': {
      const table = targetTable(statement.table, at, context, 'Deleting from')
      return { kind: 'delete', table, query: analyzeQuery(selectAll(statement.table, statement.where, at), context), at }
    }
    case 'analyze':
      return compileAnalyze(statement, context)
    case 'truncate': {
      const table = targetTable(statement.table, at, context, 'Truncating')
      if (table.managed === true) return { kind: 'truncate', table, at }
      throw new QueryError('NOT_SUPPORTED', "Cannot truncate a table whose files may be others'", {
        at,
        hint: 'DELETE FROM … hides all files of an external table, and deletes those that Weir wrote',
      })
    }
  }
}

const DEFAULT_THRESHOLD = '100MB'
const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

/** ALTER TABLE t EXECUTE optimize [(file_size_threshold => '100MB')] [WHERE …] */
function execute({ name, action, at }: ExecuteStatement, context: AnalysisContext): WriteStatement {
  const procedure = action.procedure.value.toLowerCase()
  if (procedure !== 'optimize')
    throw new QueryError('NOT_SUPPORTED', `Table procedure '${procedure}' is not supported`, { at: action.procedure.at })
  const table = targetTable(name, at, context, 'Optimizing')
  const [given, ...more] = action.arguments
  const named = given?.name?.value.toLowerCase() ?? 'file_size_threshold'
  if (more.length > 0 || named !== 'file_size_threshold')
    throw new QueryError('INVALID_PROCEDURE_ARGUMENT', "The only argument of 'optimize' is file_size_threshold", { at })
  const text = given === undefined ? DEFAULT_THRESHOLD : given.value.kind === 'string' ? given.value.value : ''
  const match = /^\s*(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)\s*$/i.exec(text)
  if (match === null) throw new QueryError('INVALID_PROCEDURE_ARGUMENT', "file_size_threshold is a size such as '100MB'", { at })
  const thresholdBytes = Number(match[1]) * (UNITS[(match[2] as string).toUpperCase()] as number)
  return { kind: 'optimize', table, query: analyzeQuery(selectAll(name, action.where, at), context), thresholdBytes, at }
}

async function createTableAs(
  statement: Extract<ast.Statement, { kind: 'create-table-as' }>,
  context: AnalysisContext,
  ddl: DdlContext,
): Promise<WriteStatement> {
  const { at, ifNotExists, withData } = statement
  if (statement.replace && ifNotExists)
    throw new QueryError('NOT_SUPPORTED', 'OR REPLACE and IF NOT EXISTS together are not supported', { at })
  const name = lakeName(statement.name, at, ddl)
  if (!(await ddl.catalog.schemaExists(name.schema)))
    throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${name.schema}' does not exist`, { at })
  const isTable = (await ddl.catalog.getTable(name.schema, name.name)) !== undefined
  const isView = (await ddl.catalog.getView(name.schema, name.name)) !== undefined
  const exists = (isTable || isView) && ifNotExists
  if (isView ? !ifNotExists : isTable && !ifNotExists && !statement.replace)
    throw new QueryError('TABLE_ALREADY_EXISTS', `Destination table '${CATALOG_NAME}.${name.schema}.${name.name}' already exists`, { at })
  const { query, columns } = analyzeCreateTableAs(statement, context)
  const given = readTableProperties(statement.properties, context.session)
  const defined = newTable(name, columns, { ...given, properties: withHeader(given) }, ddl)
  for (const { name: column, type } of columns) checkWritable(column, type, defined.format, at)
  const table = statement.comment === undefined ? defined : { ...defined, comment: statement.comment }
  return {
    kind: 'create',
    table,
    ifNotExists,
    replace: statement.replace,
    exists,
    withData,
    query: intoColumns(query, columns, byPlace(query, columns)),
    at,
  }
}

/** Files of Weir's own CSV begin with the columns' names, and the table says so: nothing is left to be guessed. */
function withHeader({ format, properties }: TableProperties): TableProperties['properties'] {
  const isOwnCsv = format === 'csv' && properties.serde === undefined
  if (!isOwnCsv || properties['csv.header'] !== undefined || properties['skip.header.line.count'] !== undefined) return properties
  return { ...properties, 'csv.header': 'true' }
}

function byPlace(
  query: { readonly output: readonly { readonly column: NonNullable<ReturnType<Parameters<typeof intoColumns>[2]>> }[] },
  columns: readonly { readonly name: string }[],
) {
  const places = new Map(columns.map(({ name }, index) => [name, query.output[index]?.column]))
  return (name: string) => places.get(name)
}

const UNLOAD_PROPERTIES: ReadonlySet<string> = new Set(['manifest'])

/** UNLOAD (query) TO 'location' WITH (format = 'PARQUET', compression = …, partitioned_by = ARRAY[…], field_delimiter = …, manifest = true) */
function unload(statement: Extract<ast.Statement, { kind: 'unload' }>, context: AnalysisContext): WriteStatement {
  const { at, location } = statement
  const own = statement.properties.filter(({ name }) => !UNLOAD_PROPERTIES.has(name.value.toLowerCase()))
  const manifest = statement.properties.find(({ name }) => name.value.toLowerCase() === 'manifest')?.value
  if (manifest !== undefined && manifest.kind !== 'boolean-literal')
    throw new QueryError('INVALID_TABLE_PROPERTY', "UNLOAD's property 'manifest' is true or false", { at })
  const renamed = own.map((property) =>
    property.name.value.toLowerCase() === 'compression'
      ? { ...property, name: { ...property.name, value: 'write_compression' } }
      : property,
  )
  const given = readTableProperties(renamed, context.session)
  if (given.location !== undefined) throw new QueryError('INVALID_TABLE_PROPERTY', 'The location of UNLOAD is behind TO', { at })
  const query = analyzeQuery(statement.query, context)
  const columns = query.output.map(({ name, column }) => ({ name: name.toLowerCase(), type: column.type }))
  checkNames(columns, at)
  const keys = columns.slice(columns.length - given.partitionedBy.length)
  if (given.partitionedBy.length >= columns.length)
    throw new QueryError('INVALID_TABLE_PROPERTY', 'UNLOAD of nothing but partition columns', { at })
  if (keys.some(({ name }, index) => name !== given.partitionedBy[index])) {
    const message = `Partition keys must be the last columns of the query and in the same order as the property: [${given.partitionedBy.join(', ')}]`
    throw new QueryError('HIVE_COLUMN_ORDER_MISMATCH', message, { at })
  }
  for (const { name, type } of columns) checkWritable(name, type, given.format, at)
  const target: UnloadTarget = {
    location,
    format: given.format,
    keys: keys.length,
    columns,
    // Nobody is told of a header but by the file itself: Athena writes none.
    properties: given.format === 'csv' ? { 'csv.header': 'false', ...given.properties } : given.properties,
    manifest: manifest?.value ?? false,
  }
  const typed = columns.map(({ name, type }) => ({ name, type }))
  return { kind: 'unload', ...target, query: intoColumns(query, typed, byPlace(query, typed)), at }
}

function checkNames(columns: readonly { readonly name: string }[], at: Position): void {
  const seen = new Set<string>()
  for (const { name } of columns) {
    if (seen.has(name)) throw new QueryError('DUPLICATE_COLUMN_NAME', `Column name '${name}' specified more than once`, { at })
    seen.add(name)
  }
}
