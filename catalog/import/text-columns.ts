/** A CSV or JSON table's columns from the beginnings of a few of its files. */
import { sniffCsv } from '#connectors/formats/csv/sniff'
import { inferJson } from '#connectors/formats/json/infer'
import { readSample, type Sample } from '#connectors/formats/sample'
import type { ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { listingError } from '../listing-error.ts'
import type { TableColumn } from '../model.ts'
import { canonicalColumnNames } from '../names.ts'
import type { InferredColumns } from './infer.ts'

/**
 * `properties` are taken as they are; what else was found about the files' dialect is added to them. Columns of files
 * without header are known by their places: `declared` columns name them in order.
 * Throws HIVE_BAD_DATA, HIVE_UNSUPPORTED_FORMAT, DUPLICATE_COLUMN_NAME naming the file.
 */
export async function csvColumns(
  files: readonly ObjectInfo[],
  store: ObjectStore,
  properties: Readonly<Record<string, string>>,
  declared: readonly TableColumn[],
  signal?: AbortSignal,
): Promise<InferredColumns> {
  const sniffed = sniffCsv(await readSamples(files, store, signal), properties)
  const byPlace = sniffed.properties['csv.header'] !== 'true'
  const named = declared.every((column) => sniffed.columns.some((known) => known.name === column.name))
  const columns = byPlace && !named ? sniffed.columns.map((column, place) => declared[place] ?? column) : sniffed.columns
  return { columns: checked(columns), properties: sniffed.properties, byPlace, notes: [] }
}

/** As csvColumns, for JSON lines. */
export async function jsonColumns(
  files: readonly ObjectInfo[],
  store: ObjectStore,
  properties: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<InferredColumns> {
  const inferred = inferJson(await readSamples(files, store, signal))
  return { columns: checked(inferred.columns), properties: { ...properties, ...inferred.properties }, byPlace: false, notes: [] }
}

function checked(columns: readonly TableColumn[]): TableColumn[] {
  const names = canonicalColumnNames(columns.map((column) => column.name))
  return columns.map((column, index) => ({ ...column, name: names[index] as string }))
}

async function readSamples(files: readonly ObjectInfo[], store: ObjectStore, signal: AbortSignal | undefined): Promise<Sample[]> {
  try {
    return await Promise.all(files.map((info) => readSample(store, info, signal)))
  } catch (error) {
    throw listingError(error)
  }
}
