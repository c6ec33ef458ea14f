/** A Parquet table's columns from the footers of a few of its files. */
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { readFooter } from '#connectors/formats/parquet/read-footer'
import { checkReadable } from '#connectors/formats/widening'
import { formatLocation } from '#connectors/storage/location'
import type { ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import { type Type, VARCHAR } from '#src/types/type'
import { listingError } from '../listing-error.ts'
import type { TableColumn } from '../model.ts'
import { canonicalColumnNames } from '../names.ts'
import type { InferredColumns } from './infer.ts'
import { mergeFileTypes } from './merge-types.ts'

interface Merged {
  type: Type
  /** A file that has the type, for messages. */
  location: string
}

/**
 * Columns in the order in which the files have them, types wide enough for all of these files. `declared` columns keep their
 * type, which every file must be readable as.
 * Throws HIVE_PARTITION_SCHEMA_MISMATCH naming column, files and types that do not fit, HIVE_BAD_DATA for broken files.
 */
export async function parquetColumns(
  files: readonly ObjectInfo[],
  store: ObjectStore,
  properties: Readonly<Record<string, string>>,
  declared: readonly TableColumn[],
  signal?: AbortSignal,
): Promise<InferredColumns> {
  const footers = await Promise.all(files.map((info) => footerOf(info, store, signal)))
  const merged = new Map<string, Merged>()
  const unreadable = new Map<string, string>()
  for (const [index, footer] of footers.entries()) {
    const location = locationOf(files[index] as ObjectInfo, store)
    const names = canonicalColumnNames(
      footer.columns.map((column) => column.name),
      location,
    )
    for (const [place, name] of names.entries()) {
      const { type, unsupported } = footer.columns[place] as ParquetFooter['columns'][number]
      if (type === undefined)
        unreadable.set(name, `Column '${name}' is left out: ${unsupported ?? 'its type is not supported'} (${location})`)
      else merge(merged, name, type, location, declared)
    }
  }
  for (const name of unreadable.keys()) merged.delete(name)
  // A column that was only ever written as NULL: any type reads it.
  const columns = [...merged].map(([name, { type }]) => ({ name, type: type.kind === 'unknown' ? VARCHAR : type }))
  return { columns, properties, byPlace: false, notes: [...unreadable.values()] }
}

function merge(merged: Map<string, Merged>, name: string, type: Type, location: string, declared: readonly TableColumn[]): void {
  const given = declared.find((column) => column.name === name)
  if (given !== undefined) {
    if (checkReadable(type, given.type) === undefined) {
      const message = `Column '${name}' is ${formatType(type)} in ${location}, which cannot be read as ${formatType(given.type)}`
      throw new QueryError('HIVE_PARTITION_SCHEMA_MISMATCH', message)
    }
    merged.set(name, { type: given.type, location })
    return
  }
  const known = merged.get(name)
  if (known === undefined) {
    merged.set(name, { type, location })
    return
  }
  const wide = mergeFileTypes(known.type, type)
  if (wide === undefined) {
    const message = `Column '${name}' is ${formatType(known.type)} in ${known.location} and ${formatType(type)} in ${location}`
    throw new QueryError('HIVE_PARTITION_SCHEMA_MISMATCH', message)
  }
  if (formatType(wide) !== formatType(known.type)) merged.set(name, { type: wide, location })
}

async function footerOf(info: ObjectInfo, store: ObjectStore, signal: AbortSignal | undefined): Promise<ParquetFooter> {
  try {
    return await readFooter(store, info, signal)
  } catch (error) {
    throw listingError(error)
  }
}

const locationOf = (info: ObjectInfo, store: ObjectStore) => formatLocation({ bucket: store.bucket, key: info.key })
