/** CALL of the procedures that Trino's Hive connector has for partitions. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { Table } from '#catalog/model'
import { QueryError } from '#src/common/errors'
import type { CatalogStatement } from '#src/sql/ast'
import type { Value } from '#src/types/value'
import { constantOf } from '../prepared-statements.ts'
import type { Ddl, DdlContext } from './context.ts'
import { partitionOf } from './partition-spec.ts'
import { repair } from './partitions.ts'

type Call = Extract<CatalogStatement, { kind: 'call-procedure' }>

interface Parameter {
  readonly name: string
  readonly optional?: true
}

const TABLE: readonly Parameter[] = [{ name: 'schema_name' }, { name: 'table_name' }]
const PARTITION: readonly Parameter[] = [...TABLE, { name: 'partition_columns' }, { name: 'partition_values' }]
const PROCEDURES: Readonly<Record<string, readonly Parameter[]>> = {
  sync_partition_metadata: [...TABLE, { name: 'mode' }, { name: 'case_sensitive', optional: true }],
  create_empty_partition: PARTITION,
  register_partition: [...PARTITION, { name: 'location', optional: true }],
  unregister_partition: PARTITION,
}

/** Undefined: the procedure is another catalog's. @throws PROCEDURE_NOT_FOUND, INVALID_ARGUMENTS, INVALID_PROCEDURE_ARGUMENT */
export function callProcedure(statement: Call, context: DdlContext): Ddl | undefined {
  const parts = statement.name.parts.map((part) => part.value.toLowerCase())
  const catalog = parts.length === 3 ? parts[0] : context.catalogName
  if (catalog !== CATALOG_NAME) return undefined
  const [schema, name = ''] = parts.length === 1 ? [context.defaultSchema ?? '', parts[0]] : parts.slice(-2)
  const parameters = schema === 'system' && Object.hasOwn(PROCEDURES, name) ? PROCEDURES[name] : undefined
  if (parameters === undefined) throw new QueryError('PROCEDURE_NOT_FOUND', `Procedure not registered: ${schema}.${name}`)
  const given = argumentsOf(statement, parameters, context)
  const mode = name === 'sync_partition_metadata' ? syncMode(given) : undefined
  return { updateType: 'CALL', run: (signal) => run(name, given, mode, context, signal) }
}

function argumentsOf(statement: Call, parameters: readonly Parameter[], context: DdlContext): ReadonlyMap<string, Value> {
  const { at } = statement
  const given = new Map<string, Value>()
  const named = statement.arguments.filter((argument) => argument.name !== undefined).length
  if (named > 0 && named < statement.arguments.length)
    throw new QueryError('INVALID_ARGUMENTS', 'Named and positional arguments cannot be mixed', { at })
  if (statement.arguments.length > parameters.length) throw new QueryError('INVALID_ARGUMENTS', 'Too many arguments for procedure', { at })
  for (const [place, argument] of statement.arguments.entries()) {
    const name = argument.name?.value.toLowerCase() ?? (parameters[place] as Parameter).name
    if (!parameters.some((parameter) => parameter.name === name))
      throw new QueryError('INVALID_ARGUMENTS', `Unknown argument name: ${name.toUpperCase()}`, { at })
    if (given.has(name)) throw new QueryError('INVALID_ARGUMENTS', `Duplicate procedure argument: ${name.toUpperCase()}`, { at })
    const constant = constantOf(argument.value, context.session)
    if (constant === undefined) throw new QueryError('INVALID_ARGUMENTS', `Argument ${name.toUpperCase()} is not a constant`, { at })
    given.set(name, constant.value)
  }
  const missing = parameters.find(({ name, optional }) => !optional && !given.has(name))
  if (missing !== undefined)
    throw new QueryError('INVALID_ARGUMENTS', `Required procedure argument '${missing.name.toUpperCase()}' is missing`, { at })
  return given
}

function syncMode(given: ReadonlyMap<string, Value>): 'add' | 'drop' | 'sync' {
  const mode = String(given.get('mode')).toUpperCase()
  if (mode === 'ADD') return 'add'
  if (mode === 'DROP') return 'drop'
  if (mode === 'FULL') return 'sync'
  throw new QueryError('INVALID_PROCEDURE_ARGUMENT', `Invalid partition metadata sync mode: ${given.get('mode')}`)
}

async function run(
  procedure: string,
  given: ReadonlyMap<string, Value>,
  mode: 'add' | 'drop' | 'sync' | undefined,
  context: DdlContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [schema, name] = [String(given.get('schema_name')).toLowerCase(), String(given.get('table_name')).toLowerCase()]
  const table = await context.catalog.getTable(schema, name)
  if (mode !== undefined) {
    if (table === undefined) throw new QueryError('NOT_FOUND', `Table '${schema}.${name}' not found`)
    return repair(table, mode, undefined, context, { signal })
  }
  if (table === undefined) {
    if (procedure === 'create_empty_partition')
      throw new QueryError('INVALID_PROCEDURE_ARGUMENT', `Table '${schema}.${name}' does not exist`)
    throw new QueryError('NOT_FOUND', `Table '${schema}.${name}' not found`)
  }
  const partition = partitionOf(table, partitionTexts(table, given))
  switch (procedure) {
    case 'create_empty_partition':
    case 'register_partition': {
      const location = given.get('location')
      const existing = await context.catalog.addPartitions(table, [
        { ...partition, location: typeof location === 'string' ? location : undefined },
      ])
      if (existing.length === 0) return []
      if (procedure === 'create_empty_partition') throw new QueryError('ALREADY_EXISTS', 'Partition already exists')
      throw new QueryError(
        'ALREADY_EXISTS',
        `Partition [${partition.name}] is already registered with location ${await locationOf(table, partition.values, context)}`,
      )
    }
    case 'unregister_partition': {
      const found = await context.catalog.findRegistered(table, partition.values)
      if (found.length === 0) throw new QueryError('NOT_FOUND', `Partition '${partition.name}' does not exist`)
      await context.catalog.dropPartitions(
        table,
        found.map((one) => one.name),
      )
      return []
    }
    default:
      throw new QueryError('PROCEDURE_NOT_FOUND', `Procedure not registered: system.${procedure}`)
  }
}

async function locationOf(table: Table, values: readonly Value[], { catalog }: DdlContext): Promise<string> {
  const [found] = await catalog.findRegistered(table, values)
  return found?.location ?? `${table.location}${found?.name ?? ''}/`
}

function partitionTexts(table: Table, given: ReadonlyMap<string, Value>): readonly (string | null)[] {
  const [columns, values] = [given.get('partition_columns'), given.get('partition_values')]
  const names = table.partitionKeys.map((key) => key.name)
  if (names.length === 0) throw new QueryError('INVALID_PROCEDURE_ARGUMENT', `Table is not partitioned: ${table.schema}.${table.name}`)
  if (!Array.isArray(columns) || columns.map((column) => String(column).toLowerCase()).join() !== names.join()) {
    throw new QueryError(
      'INVALID_PROCEDURE_ARGUMENT',
      `Provided partition column names do not match actual partition column names: [${names.join(', ')}]`,
    )
  }
  if (!Array.isArray(values) || values.length !== names.length)
    throw new QueryError('INVALID_PROCEDURE_ARGUMENT', 'There must be as many partition values as partition columns')
  return values.map((value) => (value === null ? null : String(value)))
}
