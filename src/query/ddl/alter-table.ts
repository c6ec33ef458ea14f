/** ALTER TABLE: names, columns, properties, location. Partitions are partitions.ts'. */
import { columnNames, withRenamed } from '#catalog/column-names'
import { checkColumnType } from '#catalog/definition'
import type { Table, TableColumn } from '#catalog/model'
import { canonicalColumnNames } from '#catalog/names'
import { isKeyType } from '#catalog/partitions/key-types'
import { canonicalProperties, checkProperties, propertyName } from '#catalog/properties'
import { checkSortOrder, formatSortOrder, sortOrder } from '#catalog/sort-order'
import type { TableDefinition } from '#catalog/store/store'
import { QueryError } from '#src/common/errors'
import type { AlterAction, CatalogStatement, ColumnDefinition, Identifier, QualifiedName } from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { columnsOf, columnType, type Ddl, type DdlContext, lakeName, placed } from './context.ts'
import { tableMissing } from './relations.ts'
import { readTableProperties } from './table-properties.ts'

type Alter = Extract<CatalogStatement, { kind: 'alter' }>
type Action<K extends AlterAction['kind']> = Extract<AlterAction, { kind: K }>
export type DefinitionAction = Action<
  | 'add-column'
  | 'hive-add-columns'
  | 'hive-replace-columns'
  | 'drop-column'
  | 'rename-column'
  | 'set-column-type'
  | 'drop-not-null'
  | 'set-not-null'
  | 'set-properties'
  | 'set-tblproperties'
  | 'unset-tblproperties'
  | 'set-location'
>
type Change = (table: Table) => TableDefinition

const UPDATE_TYPES: Readonly<Record<DefinitionAction['kind'], string>> = {
  'add-column': 'ADD COLUMN',
  'hive-add-columns': 'ADD COLUMN',
  'hive-replace-columns': 'ALTER TABLE',
  'drop-column': 'DROP COLUMN',
  'rename-column': 'RENAME COLUMN',
  'set-column-type': 'SET COLUMN TYPE',
  'drop-not-null': 'DROP NOT NULL',
  'set-not-null': 'ALTER TABLE',
  'set-properties': 'SET PROPERTIES',
  'set-tblproperties': 'SET PROPERTIES',
  'unset-tblproperties': 'SET PROPERTIES',
  'set-location': 'ALTER TABLE',
}

/** A change of one table's definition. What is wrong with types and properties is told at once, the rest when it runs. */
export function alterTable(statement: Alter, action: DefinitionAction, context: DdlContext): Ddl {
  const { at, ifExists } = statement
  const name = lakeName(statement.name, at, context)
  const change = changeOf(action, context)
  return {
    updateType: UPDATE_TYPES[action.kind],
    run: () =>
      placed(at, async () => {
        const changed = await context.catalog.alter(name.schema, name.name, (table) => {
          const next = change(table)
          checkSortOrder(next)
          return next
        })
        if (changed === undefined && !ifExists) {
          throw await tableMissing(name, at, { missing: 'TABLE_NOT_FOUND', other: 'TABLE_NOT_FOUND' }, context)
        }
        return []
      }),
  }
}

function changeOf(action: DefinitionAction, context: DdlContext): Change {
  switch (action.kind) {
    case 'add-column':
      return addColumns([action.column], action.ifNotExists, action.position)
    case 'hive-add-columns':
      return addColumns(action.columns, false, undefined)
    case 'hive-replace-columns':
      return replaceColumns(action.columns)
    case 'drop-column':
      return dropColumn(single(action.column), action.ifExists)
    case 'rename-column':
      return renameColumn(single(action.column), action.to, action.ifExists)
    case 'set-column-type': {
      const column = single(action.column)
      return setColumnType(column, columnType(action.type, action.column.parts.at(-1) as Identifier, action.type.at))
    }
    case 'drop-not-null':
      return (table) => {
        dataColumn(table, lower(action.column))
        return table
      }
    case 'set-not-null':
      throw new QueryError('NOT_SUPPORTED', 'NOT NULL is not supported: files do not enforce it', { at: action.column.at })
    case 'set-properties': {
      const given = readTableProperties(action.properties, context.session)
      if (action.properties.some(({ name }) => FIXED.has(lower(name)))) {
        throw new QueryError('NOT_SUPPORTED', `The properties ${[...FIXED].join(', ')} of a table cannot be changed`, {
          at: action.properties[0]?.at,
        })
      }
      const { serde: _serde, ...properties } = given.properties
      const removed = action.properties.filter(({ value }) => value === undefined).map(({ name }) => lower(name))
      return setProperties(properties, removed)
    }
    case 'set-tblproperties': {
      const given = Object.fromEntries(action.properties.map(({ key, value }) => [key, value]))
      const { comment, ...others } = given
      const change = setProperties(canonicalProperties(others, { lenient: true }), [])
      return (table) => ({ ...change(table), ...(comment !== undefined && { comment }) })
    }
    case 'unset-tblproperties':
      return unsetProperties(action.names, action.ifExists)
    case 'set-location':
      return setLocation(action)
  }
}

/** What decides which files are the table's, and how they were written. */
const FIXED: ReadonlySet<string> = new Set(['format', 'external_location', 'location', 'partitioned_by', 'bucketed_by', 'bucket_count'])

const lower = (name: Identifier): string => name.value.toLowerCase()

function single(column: QualifiedName): string {
  const [name, field] = column.parts
  if (name === undefined || field !== undefined)
    throw new QueryError('NOT_SUPPORTED', 'Fields of a column cannot be changed on their own: SET DATA TYPE of the whole column', {
      at: column.at,
    })
  return lower(name)
}

function dataColumn(table: Table, name: string): TableColumn {
  const column = [...table.columns, ...table.partitionKeys].find((one) => one.name === name)
  if (column === undefined) throw new QueryError('COLUMN_NOT_FOUND', `Column '${name}' does not exist`)
  return column
}

const isKey = (table: Table, name: string): boolean => table.partitionKeys.some((key) => key.name === name)

const exists = (table: Table, name: string): boolean => [...table.columns, ...table.partitionKeys].some((column) => column.name === name)

/** Columns whose types the user gave: a refresh leaves them as they are. */
const declare = (table: Table, names: readonly string[]): readonly string[] => [...new Set([...(table.declared ?? []), ...names])]

function addColumns(definitions: readonly ColumnDefinition[], ifNotExists: boolean, position: Action<'add-column'>['position']): Change {
  const added = columnsOf(definitions)
  canonicalColumnNames(added.map((column) => column.name))
  return (table) => {
    for (const { name, type } of added) {
      if (!exists(table, name)) {
        checkColumnType(name, type, table.format)
        checkUnusedName(table, name)
      } else if (ifNotExists) return table
      else throw new QueryError('COLUMN_ALREADY_EXISTS', `Column '${name}' already exists`)
    }
    const at = placeOf(table, position)
    if (at < table.columns.length && isByPlace(table)) {
      throw new QueryError('NOT_SUPPORTED', 'The columns of the files have no names: a new one can only come last')
    }
    const columns = [...table.columns.slice(0, at), ...added, ...table.columns.slice(at)]
    return {
      ...table,
      columns,
      declared: declare(
        table,
        added.map((column) => column.name),
      ),
    }
  }
}

/** Older files would give the new column what belongs to the one that was renamed. */
function checkUnusedName(table: Table, name: string): void {
  const owner = table.columns.find(
    (column) => columnNames(table, column.name).includes(name) || table.properties[`mapping.${column.name}`] === name,
  )
  if (owner !== undefined)
    throw new QueryError('NOT_SUPPORTED', `The name '${name}' is taken: the files call column '${owner.name}' so, which was renamed`)
}

function placeOf(table: Table, position: Action<'add-column'>['position']): number {
  switch (position?.kind) {
    case undefined:
    case 'last':
      return table.columns.length
    case 'first':
      return 0
    case 'after': {
      const after = table.columns.findIndex((column) => column.name === lower(position.column))
      if (after < 0) throw new QueryError('COLUMN_NOT_FOUND', `Column '${lower(position.column)}' does not exist`)
      return after + 1
    }
  }
}

/** The files' columns are known by their place only. */
const isByPlace = (table: Table): boolean =>
  (table.format === 'csv' && table.properties['csv.header'] !== 'true') || table.properties.columns_by === 'position'

function replaceColumns(definitions: readonly ColumnDefinition[]): Change {
  const columns = columnsOf(definitions)
  return (table) => {
    for (const { name, type } of columns) {
      if (isKey(table, name)) throw new QueryError('COLUMN_ALREADY_EXISTS', `Column '${name}' already exists`)
      checkColumnType(name, type, table.format)
    }
    return {
      ...table,
      columns,
      declared: declare(
        table,
        columns.map((column) => column.name),
      ),
    }
  }
}

function dropColumn(name: string, ifExists: boolean): Change {
  return (table) => {
    if (ifExists && !exists(table, name)) return table
    dataColumn(table, name)
    if (isKey(table, name)) throw new QueryError('NOT_SUPPORTED', 'Cannot drop partition columns')
    if (table.columns.length === 1) throw new QueryError('NOT_SUPPORTED', 'Cannot drop the only column in a table')
    if (isByPlace(table) && table.columns.at(-1)?.name !== name)
      throw new QueryError('NOT_SUPPORTED', 'The columns of the files have no names: only the last one can be dropped')
    const { [`mapping.${name}`]: _mapping, [`renamed.${name}`]: _renamed, ...properties } = table.properties
    return { ...table, columns: table.columns.filter((column) => column.name !== name), properties }
  }
}

/** The files keep the old name: it is remembered, so that what they hold stays readable. */
function renameColumn(name: string, to: Identifier, ifExists: boolean): Change {
  const [renamed = ''] = canonicalColumnNames([lower(to)])
  return (table) => {
    if (ifExists && !exists(table, name)) return table
    dataColumn(table, name)
    if (exists(table, renamed)) throw new QueryError('COLUMN_ALREADY_EXISTS', `Column '${renamed}' already exists`)
    if (isKey(table, name)) throw new QueryError('NOT_SUPPORTED', 'Renaming partition columns is not supported')
    checkUnusedName({ ...table, columns: table.columns.filter((column) => column.name !== name) }, renamed)
    const columns = table.columns.map((column) => (column.name === name ? { ...column, name: renamed } : column))
    const declared = declare(table, [renamed]).filter((column) => column !== name)
    return { ...table, columns, declared, properties: rememberName(withSortColumn(table, name, renamed), name, renamed) }
  }
}

function withSortColumn(table: Table, name: string, renamed: string): Table {
  if (table.properties.sorted_by === undefined) return table
  const order = sortOrder(table).map((column) => (column.name === name ? { ...column, name: renamed } : column))
  return { ...table, properties: { ...table.properties, sorted_by: formatSortOrder(order) } }
}

function rememberName(table: Table, name: string, renamed: string): Table['properties'] {
  if (isByPlace(table)) return table.properties
  if (table.format === 'csv')
    throw new QueryError('NOT_SUPPORTED', 'A column of a CSV table with a header cannot be renamed: the files name it')
  if (table.format === 'parquet') return withRenamed(table, name, renamed)
  // Files get the first name for ever.
  const { [`mapping.${name}`]: former = name, ...others } = table.properties
  return former === renamed ? others : { ...others, [`mapping.${renamed}`]: former }
}

function setColumnType(name: string, type: TableColumn['type']): Change {
  return (table) => {
    dataColumn(table, name)
    const change = (column: TableColumn): TableColumn => (column.name === name ? { ...column, type } : column)
    if (!isKey(table, name)) {
      checkColumnType(name, type, table.format)
      return { ...table, columns: table.columns.map(change), declared: declare(table, [name]) }
    }
    if (!isKeyType(type)) throw new QueryError('NOT_SUPPORTED', `Unsupported type [${formatType(type)}] for partition: ${name}`)
    return { ...table, partitionKeys: table.partitionKeys.map(change), declared: declare(table, [name]) }
  }
}

function setProperties(properties: Readonly<Record<string, string>>, removed: readonly string[]): Change {
  return (table) => {
    checkProperties(properties, table.format)
    const kept = Object.entries(table.properties).filter(
      ([name]) => !removed.includes(name) && !removed.some((other) => propertyName(other) === name),
    )
    return { ...table, properties: { ...Object.fromEntries(kept), ...properties } }
  }
}

function unsetProperties(names: readonly string[], ifExists: boolean): Change {
  return (table) => {
    const gone = new Set(names.map(propertyName))
    const missing = [...gone].find((name) => table.properties[name] === undefined)
    if (missing !== undefined && !ifExists) throw new QueryError('INVALID_TABLE_PROPERTY', `Table property '${missing}' is not set`)
    return { ...table, properties: Object.fromEntries(Object.entries(table.properties).filter(([name]) => !gone.has(name))) }
  }
}

function setLocation({ location, partition }: Action<'set-location'>): Change {
  if (partition !== undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A partition reached the change of a table')
  return (table) => {
    if (table.managed) throw new QueryError('NOT_SUPPORTED', 'The location of a managed table cannot be changed')
    return { ...table, location: location.replace(/\/?$/, '/') }
  }
}
