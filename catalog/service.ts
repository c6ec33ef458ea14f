/**
 * The catalog of one process: what the engine reads and what users change. Every change is one transaction of the store;
 * reading files to infer a definition happens before it, outside any lock.
 */
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { compareKeys } from '#connectors/storage/key-order'
import { formatLocation, type Location, parseLocation } from '#connectors/storage/location'
import type { ObjectStores } from '#connectors/storage/registry'
import { QueryError } from '#src/common/errors'
import { nearestNames } from '#src/common/nearest'
import { formatValue } from '#src/types/format-value'
import { parseType } from '#src/types/parse'
import type { Value } from '#src/types/value'
import { CATALOG_NAME, type Catalog, type TableName } from './catalog.ts'
import { defineTable, type NewTable, schemaFolder } from './definition.ts'
import { type ColumnDocument, type CreateTableRequest, describeTable, type PartitionDocument, type TableDocument } from './document.ts'
import { type Drift, findDrift } from './drift.ts'
import { readFooters } from './file-footers.ts'
import { type InferredTable, inferTable } from './import/infer.ts'
import type { Finding } from './lint/finding.ts'
import { lint } from './lint/lint.ts'
import { listingError } from './listing-error.ts'
import type { Table, TableColumn, View } from './model.ts'
import { canonicalColumnNames, canonicalName } from './names.ts'
import type { DiscoveredFile, Discovery, Partition } from './partitions/discovery.ts'
import type { IndexedPartition } from './partitions/partition-index.ts'
import { type RepairOptions, repairPartitions } from './partitions/repair.ts'
import { partitionLocation, partitionSource, type TableFiles } from './partitions/table-files.ts'
import { canonicalProperties } from './properties.ts'
import { type AnalyzedScope, type FreshStatistics, freshStatistics } from './statistics.ts'
import type { CatalogStore, RegisteredPartition, SchemaDefinition, TableDefinition, TableSummary, ViewDefinition } from './store/store.ts'
import { visibleStore } from './writes/visible-store.ts'

export interface CatalogServiceOptions {
  readonly store: CatalogStore
  readonly stores: ObjectStores
  readonly files: TableFiles
  /** `check` throws PERMISSION_DENIED for locations that this process' users may not name. */
  readonly access: { check(location: Location): Promise<void> }
  /** Where managed tables go whose schema has no location. */
  readonly warehouse: Location
  /** The embedded command line: registered locations become roots, and paths may be relative to the working folder. */
  readonly rootsFromCreate: boolean
  /** Told what inference found remarkable: files and columns that are left out, columns that no file has. */
  readonly onNote?: (note: string) => void
}

export function createCatalogService(options: CatalogServiceOptions): CatalogService {
  return new CatalogService(options)
}

export class CatalogService implements Catalog {
  readonly #options: CatalogServiceOptions
  readonly #store: CatalogStore
  readonly #workingFolder: string | undefined

  constructor(options: CatalogServiceOptions) {
    this.#options = options
    this.#store = options.store
    this.#workingFolder = options.rootsFromCreate ? process.cwd() : undefined
  }

  /** Grows with every change of anything, whichever process made it. */
  version(): Promise<number> {
    return this.#store.version()
  }

  async listSchemas(): Promise<readonly string[]> {
    return (await this.#store.listSchemas()).map((schema) => schema.name)
  }

  async schemaExists(schema: string): Promise<boolean> {
    return (await this.#store.getSchema(schema)) !== undefined
  }

  getTable(schema: string, name: string): Promise<Table | undefined> {
    return this.#store.getTable(schema, name)
  }

  getView(schema: string, name: string): Promise<View | undefined> {
    return this.#store.getView(schema, name)
  }

  loadViews(keeps: (name: TableName) => boolean): Promise<readonly View[]> {
    return this.#store.loadViews(keeps)
  }

  tableNames(): Promise<readonly TableName[]> {
    return this.#store.listTableNames()
  }

  loadTables(keeps: (name: TableName) => boolean): Promise<readonly Table[]> {
    return this.#store.loadTables(keeps)
  }

  async discover(table: Table, signal?: AbortSignal): Promise<Discovery> {
    const stores = this.#options.stores.view({ ...(signal && { signal }) })
    const store = visibleStore(this.#open(stores, table), await this.#store.writes.snapshot())
    return this.#options.files.discover(table, store, undefined, signal)
  }

  /** All tables, by schema and name. */
  list(): Promise<readonly TableSummary[]> {
    return this.#store.listTables()
  }

  /** Throws TABLE_NOT_FOUND with the nearest names as a hint. */
  async get(schema: string, name: string): Promise<TableDocument> {
    return describeTable(await this.#existing(schema, name))
  }

  /**
   * Registers a table over files that are there. Throws TABLE_ALREADY_EXISTS without `replace`, PERMISSION_DENIED for the
   * location, and what inference refuses (catalog/import).
   */
  async create(request: CreateTableRequest, signal?: AbortSignal): Promise<TableDocument> {
    const schema = canonicalName('schema', request.schema)
    const name = canonicalName('table', request.name)
    const replace = request.replace ?? false
    // Also decided in the transaction; here so that nobody waits for an inference in vain.
    if (!replace && (await this.#store.getTable(schema, name)) !== undefined) throw tableExists(schema, name)
    const columns = declaredColumns(request.columns ?? [])
    const partitionKeys = declaredColumns(request.partitionKeys ?? [])
    const properties = canonicalProperties(request.properties ?? {})
    const location = parseLocation(request.location, this.#workingFolder)
    await this.#check(location)
    const format = request.format === 'auto' ? undefined : request.format
    const inferred = await inferTable(
      { location: formatLocation(location), format, columns, partitionKeys, properties },
      this.#options.stores.view({ ...(signal && { signal }) }),
      signal,
    )
    const declared = [...columns, ...partitionKeys].map((column) => column.name)
    const definition = definitionOf({ schema, name }, inferred, declared)
    if (!request.dryRun) {
      const root = this.#options.rootsFromCreate ? definition.location : undefined
      await this.#store.createTable(definition, { replace, createSchema: true, root })
    }
    for (const note of inferred.notes) this.#options.onNote?.(note)
    return describeTable(definition)
  }

  /**
   * Infers columns and keys again from the files; types that the user gave stay. Throws TABLE_NOT_FOUND, what inference
   * refuses, and GENERIC_USER_ERROR when somebody else changed the table meanwhile.
   */
  async refresh(schema: string, name: string, signal?: AbortSignal): Promise<TableDocument> {
    const table = await this.#existing(schema, name)
    await this.#check(parseLocation(table.location))
    const isDeclared = (column: TableColumn) => table.declared?.includes(column.name) ?? false
    const inferred = await inferTable(
      {
        location: table.location,
        format: table.format,
        columns: table.columns.filter(isDeclared),
        partitionKeys: table.partitionKeys.filter(isDeclared),
        properties: table.properties,
      },
      this.#options.stores.view({ ...(signal && { signal }) }),
      signal,
    )
    const definition = {
      ...definitionOf(table, inferred, table.declared ?? []),
      ...(table.comment !== undefined && { comment: table.comment }),
    }
    if ((await this.#store.replaceTable(definition, table.version)) === undefined) {
      throw new QueryError('GENERIC_USER_ERROR', `Table '${fullName(table)}' was changed while it was refreshed`, { retryable: true })
    }
    for (const note of inferred.notes) this.#options.onNote?.(note)
    return describeTable(definition)
  }

  /** Forgets a table; its files stay. Throws TABLE_NOT_FOUND. */
  async drop(schema: string, name: string): Promise<void> {
    const lower = { schema: schema.toLowerCase(), name: name.toLowerCase() }
    if (!(await this.#store.dropTable(lower.schema, lower.name))) throw await this.#notFound(lower.schema, lower.name)
  }

  /** A table's partitions as they are in the store now, in path order; one without keys has a single one. */
  async partitions(schema: string, name: string, signal?: AbortSignal): Promise<readonly PartitionDocument[]> {
    const table = await this.#existing(schema, name)
    const { partitions, files } = await this.discover(table, signal)
    const totals = partitions.map(() => ({ files: 0, bytes: 0 }))
    for (const { info, partition } of files) {
      const total = totals[partition] as { files: number; bytes: number }
      total.files++
      total.bytes += info.size
    }
    return partitions.map(({ path, values }, index) => {
      const texts = table.partitionKeys.map((key, level) => {
        const value = values[level] ?? null
        return [key.name, value === null ? null : formatValue(value, key.type)] as const
      })
      return { path, values: Object.fromEntries(texts), ...(totals[index] as { files: number; bytes: number }) }
    })
  }

  getSchema(name: string): Promise<SchemaDefinition | undefined> {
    return this.#store.getSchema(name)
  }

  /** False when it was there already. Throws PERMISSION_DENIED for the location. */
  async createSchema(
    name: string,
    options: { readonly location?: string; readonly comment?: string; readonly owner?: string } = {},
  ): Promise<boolean> {
    const { location, comment, owner } = options
    const place = location === undefined ? undefined : parseLocation(location, this.#workingFolder)
    if (place !== undefined) await this.#check(place)
    return this.#store.createSchema({
      name: canonicalName('schema', name),
      ...(place !== undefined && { location: formatLocation(place).replace(/\/?$/, '/') }),
      ...(comment !== undefined && { comment }),
      ...(owner !== undefined && { owner }),
    })
  }

  /** With its tables and views where `cascade`. Throws SCHEMA_NOT_FOUND, SCHEMA_NOT_EMPTY. */
  dropSchema(name: string, cascade = false): Promise<void> {
    return this.#store.dropSchema(name.toLowerCase(), cascade)
  }

  /** False when there is no such schema. Throws SCHEMA_ALREADY_EXISTS. */
  renameSchema(name: string, to: string): Promise<boolean> {
    return this.#store.renameSchema(name, canonicalName('schema', to))
  }

  /** Where managed tables of a schema go: for SHOW CREATE SCHEMA and for definitions. Throws SCHEMA_NOT_FOUND. */
  async schemaLocation(name: string): Promise<string> {
    const schema = await this.#store.getSchema(name)
    if (schema === undefined) throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${name}' does not exist`)
    return schemaFolder(schema, this.#options.warehouse)
  }

  /**
   * What a statement's table will be, from what the statement says; nothing is created yet. Throws what defineTable throws,
   * SCHEMA_NOT_FOUND, and PERMISSION_DENIED for a location that users may not name.
   */
  async define(table: NewTable): Promise<TableDefinition> {
    const folder = await this.schemaLocation(canonicalName('schema', table.schema))
    const location = table.location === undefined ? undefined : formatLocation(parseLocation(table.location, this.#workingFolder))
    const definition = defineTable({ ...table, ...(location !== undefined && { location }) }, folder)
    await this.#check(parseLocation(definition.location))
    return definition
  }

  /** The folder that becomes a root together with a table, if any: the user at this machine's command line names places freely. */
  rootOf(definition: TableDefinition): string | undefined {
    return this.#options.rootsFromCreate && definition.managed === undefined ? definition.location : undefined
  }

  /** Makes a defined table known. Throws TABLE_ALREADY_EXISTS (unless `replace`, which gives the table a new id), SCHEMA_NOT_FOUND. */
  createDefined(definition: TableDefinition, { replace = false }: { readonly replace?: boolean } = {}): Promise<Table> {
    return this.#store.createTable(definition, { replace, createSchema: false, root: this.rootOf(definition) })
  }

  /**
   * Changes a table's definition: `change` is asked again when somebody else was faster. Undefined when the table is gone.
   * Throws what `change` throws.
   */
  async alter(
    schema: string,
    name: string,
    change: (table: Table) => TableDefinition | Promise<TableDefinition>,
  ): Promise<Table | undefined> {
    for (;;) {
      const table = await this.#store.getTable(schema, name)
      if (table === undefined) return undefined
      const definition = await change(table)
      if (definition.location !== table.location) await this.#check(parseLocation(definition.location))
      const changed = await this.#store.replaceTable(definition, table.version)
      if (changed !== undefined) return changed
    }
  }

  /** False when there is none. Throws TABLE_ALREADY_EXISTS, SCHEMA_NOT_FOUND. */
  rename(kind: 'table' | 'view', from: TableName, to: TableName): Promise<boolean> {
    return this.#store.rename(kind, from, { schema: canonicalName('schema', to.schema), name: canonicalName('table', to.name) })
  }

  /** Forgets a table; false when there is none. What Weir wrote for a managed one is swept later, other files stay. */
  dropTable(schema: string, name: string): Promise<boolean> {
    return this.#store.dropTable(schema, name)
  }

  /** Throws TABLE_ALREADY_EXISTS, SCHEMA_NOT_FOUND. */
  createView(definition: ViewDefinition, options: { readonly replace: boolean }): Promise<View> {
    const name = { schema: canonicalName('schema', definition.schema), name: canonicalName('table', definition.name) }
    return this.#store.createView({ ...definition, ...name }, options)
  }

  dropView(schema: string, name: string): Promise<boolean> {
    return this.#store.dropView(schema, name)
  }

  async drift(table: Table, signal?: AbortSignal): Promise<readonly Drift[]> {
    const stores = this.#options.stores.view({ ...(signal && { signal }) })
    return findDrift(table, await this.discover(table, signal), this.#open(stores, table), signal)
  }

  async footers(table: Table, files: readonly DiscoveredFile[], signal?: AbortSignal): Promise<readonly (ParquetFooter | undefined)[]> {
    if (table.format !== 'parquet') return files.map(() => undefined)
    const stores = this.#options.stores.view({ ...(signal && { signal }) })
    return readFooters(files, this.#open(stores, table), signal)
  }

  /** What makes queries of a table slow, dear or wrong; lists all of it and reads footers. */
  async lint(table: Table, signal?: AbortSignal): Promise<readonly Finding[]> {
    const stores = this.#options.stores.view({ ...(signal && { signal }) })
    const store = this.#open(stores, table)
    const index = partitionSource(table) === 'registered' ? await this.#options.files.index(table) : undefined
    return lint(
      {
        table,
        discovery: await this.discover(table, signal),
        repair: index && (await repairPartitions(table, index, store, { signal })),
        statistics: await this.statistics(table, signal),
      },
      { store, ownFiles: (files) => this.#store.writes.ownFiles(files) },
      signal,
    )
  }

  /** What ANALYZE has counted that is true of the table's files as they are now. Lists them only where it has counted anything. */
  async statistics(table: Table, signal?: AbortSignal): Promise<FreshStatistics | undefined> {
    const current = table.id === undefined ? undefined : await this.#store.getTable(table.schema, table.name)
    const known = current?.id === undefined ? [] : await this.#store.readStatistics(current.id)
    if (current === undefined || known.length === 0) return undefined
    return freshStatistics(current, await this.discover(current, signal), known)
  }

  /** Keeps what ANALYZE has counted. Throws TABLE_NOT_FOUND when the table is gone. */
  async keepStatistics(table: Table, scopes: readonly AnalyzedScope[]): Promise<void> {
    if (!(await this.#store.putStatistics(idOf(table), scopes))) throw await this.#notFound(table.schema, table.name)
  }

  viewNames(): Promise<readonly TableName[]> {
    return this.#store.listViewNames()
  }

  async knownPartitions(table: Table, signal?: AbortSignal): Promise<{ readonly partitions: readonly Partition[] }> {
    if (partitionSource(table) !== 'registered') return this.discover(table, signal)
    const partitions = (await this.registeredPartitions(table)).map(({ name, values }) => ({ path: name, values }))
    return { partitions: partitions.sort((a, b) => compareKeys(`${a.path}/`, `${b.path}/`)) }
  }

  async registeredPartitions(table: Table): Promise<readonly IndexedPartition[]> {
    const index = await this.#options.files.index(table)
    const found: IndexedPartition[] = []
    for await (const partition of index.all()) found.push(partition)
    return found
  }

  /** Registered partitions with these values, however their names spell them. */
  async findRegistered(table: Table, values: readonly Value[]): Promise<readonly IndexedPartition[]> {
    const index = await this.#options.files.index(table)
    return index.find(values).map((row) => index.partition(row))
  }

  /**
   * Registers partitions; returns the names of those that were registered already, which stay as they are. Where partitions are found
   * by listing, one in its own place needs no registration. Throws NOT_SUPPORTED for a location in another bucket,
   * PERMISSION_DENIED for one that users may not name.
   */
  async addPartitions(
    table: Table,
    partitions: readonly { readonly name: string; readonly values: readonly Value[]; readonly location: string | undefined }[],
  ): Promise<readonly string[]> {
    const index = await this.#options.files.index(table)
    const isListed = partitionSource(table) === 'auto'
    const added: RegisteredPartition[] = []
    const names = new Set<string>()
    const existing: string[] = []
    const isRegistered = partitions.length > 100 ? await index.has() : (values: readonly Value[]) => index.find(values).length > 0
    for (const { name, values, location: given } of partitions) {
      const location = partitionLocation(table, name, given)
      if (location !== undefined) await this.#check(parseLocation(location))
      if (isRegistered(values) || names.has(name)) existing.push(name)
      else if (!isListed || location !== undefined) added.push({ name, ...(location !== undefined && { location }) })
      names.add(name)
    }
    return [...existing, ...(await this.#store.addPartitions(idOf(table), added))]
  }

  /** Forgets registered partitions; their files stay. */
  async dropPartitions(table: Table, names: readonly string[]): Promise<void> {
    await this.#store.dropPartitions(idOf(table), names)
  }

  /** Another name or place for a registered partition. False when it is gone, or the name is taken. */
  async replacePartition(table: Table, name: string, to: { readonly name: string; readonly location: string }): Promise<boolean> {
    const location = partitionLocation(table, to.name, to.location)
    if (location !== undefined) await this.#check(parseLocation(location))
    return this.#store.replacePartition(idOf(table), name, { name: to.name, ...(location !== undefined && { location }) })
  }

  /** Of those that match: registers the folders that are there (`add`), forgets partitions in the table's folder that are gone (`drop`), or both. */
  async repairPartitions(
    table: Table,
    mode: 'add' | 'drop' | 'sync',
    options: RepairOptions = {},
  ): Promise<{ readonly added: number; readonly dropped: number }> {
    const { signal } = options
    const stores = this.#options.stores.view({ ...(signal && { signal }) })
    const index = await this.#options.files.index(table)
    const { missing, gone } = await repairPartitions(table, index, this.#open(stores, table), options)
    const existing =
      mode === 'drop'
        ? missing
        : await this.#store.addPartitions(
            idOf(table),
            missing.map((name) => ({ name })),
          )
    const unknown = mode === 'add' ? gone : await this.#store.dropPartitions(idOf(table), gone)
    return { added: missing.length - existing.length, dropped: gone.length - unknown.length }
  }

  async #existing(schema: string, name: string): Promise<Table> {
    const lower = { schema: schema.toLowerCase(), name: name.toLowerCase() }
    const table = await this.#store.getTable(lower.schema, lower.name)
    if (table === undefined) throw await this.#notFound(lower.schema, lower.name)
    return table
  }

  async #notFound(schema: string, name: string): Promise<QueryError> {
    const tables = await this.#store.listTables()
    const inSchema = nearestNames(
      name,
      tables.filter((table) => table.schema === schema).map((table) => table.name),
    )
    const elsewhere = tables.filter((table) => table.name === name).map((table) => `${table.schema}.${table.name}`)
    const near = [...elsewhere, ...inSchema].slice(0, 3)
    const hint = near.length === 0 ? undefined : `Did you mean ${near.map((one) => `'${one}'`).join(' or ')}?`
    return new QueryError('TABLE_NOT_FOUND', `Table '${fullName({ schema, name })}' does not exist`, { hint })
  }

  async #check(location: Location): Promise<void> {
    try {
      await this.#options.access.check(location)
    } catch (error) {
      throw listingError(error)
    }
  }

  #open(stores: ObjectStores, table: Table) {
    try {
      return stores.storeFor(parseLocation(table.location).bucket)
    } catch (error) {
      throw listingError(error)
    }
  }
}

/** Tables of a store have ids. */
function idOf(table: Table): number {
  if (table.id === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `Table '${fullName(table)}' has no id`)
  return table.id
}

/** Columns of a request, named in lower case. Throws TYPE_NOT_FOUND, DUPLICATE_COLUMN_NAME. */
function declaredColumns(columns: readonly ColumnDocument[]): TableColumn[] {
  const names = canonicalColumnNames(columns.map((column) => column.name))
  return columns.map(({ type, comment }, index) => ({
    name: names[index] as string,
    type: parseType(type),
    ...(comment !== undefined && { comment }),
  }))
}

function definitionOf({ schema, name }: TableName, inferred: InferredTable, declared: readonly string[]): TableDefinition {
  const { format, location, columns, partitionKeys, properties } = inferred
  return { schema, name, format, location, columns, partitionKeys, properties, ...(declared.length > 0 && { declared }) }
}

const fullName = (table: TableName) => `${CATALOG_NAME}.${table.schema}.${table.name}`

const tableExists = (schema: string, name: string) =>
  new QueryError('TABLE_ALREADY_EXISTS', `Table '${fullName({ schema, name })}' already exists`, {
    hint: 'To put this one in its place: weir catalog add --replace, or "replace": true',
  })
