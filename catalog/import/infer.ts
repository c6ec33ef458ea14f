/**
 * A table's definition from its files (CONTRACT.md, section 3), at a bounded price however large it is: a few dozen LIST
 * calls, and about ten files looked into.
 */
import { formatLocation, parseLocation } from '#connectors/storage/location'
import type { ObjectStores } from '#connectors/storage/registry'
import { QueryError, unreachable } from '#src/common/errors'
import { listingError } from '../listing-error.ts'
import type { FileFormat, TableColumn } from '../model.ts'
import { checkDistinctColumns } from '../names.ts'
import { checkProperties } from '../properties.ts'
import { detectTableFormat } from './detect-format.ts'
import { inferKeys } from './infer-keys.ts'
import { parquetColumns } from './parquet-columns.ts'
import { chooseFiles, sampleFiles } from './sample-files.ts'
import { csvColumns, jsonColumns } from './text-columns.ts'

export interface InferenceRequest {
  /** Canonical but for the missing '/' of a folder. */
  readonly location: string
  /** Absent: detected. */
  readonly format?: FileFormat | undefined
  /** Types of keys by name; see inferKeys. */
  readonly partitionKeys?: readonly TableColumn[]
  /** Types of columns by name; those that no file has are added. */
  readonly columns?: readonly TableColumn[]
  /** Canonical (catalog/properties.ts). */
  readonly properties?: Readonly<Record<string, string>>
}

export interface InferredTable {
  readonly format: FileFormat
  /** Canonical: a folder ends with '/'. */
  readonly location: string
  readonly columns: readonly TableColumn[]
  readonly partitionKeys: readonly TableColumn[]
  readonly properties: Readonly<Record<string, string>>
  /** What the user should know: left-out files and columns, columns that no file has. */
  readonly notes: readonly string[]
}

/** What the files of one format say about the columns. */
export interface InferredColumns {
  readonly columns: readonly TableColumn[]
  /** The properties given and what was found beside them. */
  readonly properties: Readonly<Record<string, string>>
  /** The files have no names for their columns: none may be taken out of their order. */
  readonly byPlace: boolean
  readonly notes: readonly string[]
}

/** Files whose columns are read. */
const FILES_READ = 10

/** Throws QueryError; see sampleFiles, detectFormat, inferKeys and parquetColumns for what is refused and how. */
export async function inferTable(request: InferenceRequest, stores: ObjectStores, signal?: AbortSignal): Promise<InferredTable> {
  const { columns: declaredColumns = [], partitionKeys: declaredKeys = [], properties = {} } = request
  const given = parseLocation(request.location)
  const store = openStore(stores, given)
  const all = await sampleFiles(given, store, signal)
  const { keys, files: placed, notes: keyNotes } = inferKeys(all, declaredKeys)
  const sample = { ...all, files: placed }
  const format = request.format ?? (await detectTableFormat(sample, store, signal))
  checkProperties(properties, format)
  const files = chooseFiles(sample, FILES_READ)
  const inferred = await columnsOf(format)
  const keyNames = new Set(keys.map((key) => key.name))
  const shadowed = inferred.byPlace ? [] : inferred.columns.filter((column) => keyNames.has(column.name))
  const columns = inferred.columns.filter((column) => !shadowed.includes(column))
  const notes = [
    ...keyNotes,
    ...inferred.notes,
    ...shadowed.map((column) => `The files' own column '${column.name}' is shadowed by the partition key`),
  ]
  for (const column of declaredColumns) {
    const index = columns.findIndex((known) => known.name === column.name)
    if (index >= 0) columns[index] = column
    else {
      columns.push(column)
      notes.push(`Column '${column.name}' is in none of the ${files.length} files read: it is NULL where a file lacks it`)
    }
  }
  checkDistinctColumns(columns, keys)
  const location = formatLocation(sample.location)
  if (columns.length === 0)
    throw new QueryError(
      'TABLE_HAS_NO_COLUMNS',
      `Files under ${location} have no columns${keys.length > 0 ? ' beside the partition keys' : ''}`,
    )
  return { format, location, columns, partitionKeys: keys, properties: inferred.properties, notes }

  function columnsOf(kind: FileFormat): Promise<InferredColumns> {
    switch (kind) {
      case 'parquet':
        return parquetColumns(files, store, properties, declaredColumns, signal)
      case 'csv':
        return csvColumns(files, store, properties, declaredColumns, signal)
      case 'json':
        return jsonColumns(files, store, properties, signal)
    }
    return unreachable(kind)
  }
}

function openStore(stores: ObjectStores, location: ReturnType<typeof parseLocation>) {
  try {
    return stores.storeFor(location.bucket)
  } catch (error) {
    throw listingError(error)
  }
}
