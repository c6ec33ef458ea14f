/** Where the files of a table say something else than its definition: `"t$drift"`. Footers only; text has no types of its own. */
import { readFooter } from '#connectors/formats/parquet/read-footer'
import { checkReadable } from '#connectors/formats/widening'
import { formatLocation } from '#connectors/storage/location'
import type { ObjectStore } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import { formatType, sameType } from '#src/types/format'
import { columnNames } from './column-names.ts'
import { formatName, fullName } from './ddl.ts'
import { mergeFileTypes } from './import/merge-types.ts'
import type { Table } from './model.ts'
import type { Discovery } from './partitions/discovery.ts'

export interface Drift {
  readonly path: string
  readonly column: string
  /**
   * `type`: queries of the column fail. `widened`: it is read, cast. `missing`: it reads as NULL. `extra`: it is not read.
   * `unreadable`: the whole file, whose message is `found`.
   */
  readonly problem: 'type' | 'widened' | 'missing' | 'extra' | 'unreadable'
  /** As formatType prints them. */
  readonly declared: string | null
  readonly found: string | null
  /** What makes the table agree with the file, where something does. */
  readonly statement: string | null
}

export type FooterReader = typeof readFooter

const FOOTERS_AT_ONCE = 32

/** A row for each column of each file that differs. Throws what listing throws, and NOT_SUPPORTED for text. */
export async function findDrift(
  table: Table,
  { files }: Discovery,
  store: ObjectStore,
  signal: AbortSignal | undefined,
  footers: FooterReader = readFooter,
): Promise<readonly Drift[]> {
  if (table.format !== 'parquet')
    throw new QueryError('NOT_SUPPORTED', `${table.format.toUpperCase()} files have no types that could differ from the table's`)
  const found: (readonly Drift[])[] = files.map(() => [])
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      signal?.throwIfAborted()
      const info = files[at]?.info
      if (info !== undefined) found[at] = await driftOf(table, info, store, signal, footers)
    }
  }
  await Promise.all(Array.from({ length: FOOTERS_AT_ONCE }, worker))
  return found.flat()
}

async function driftOf(
  table: Table,
  info: Discovery['files'][number]['info'],
  store: ObjectStore,
  signal: AbortSignal | undefined,
  footers: FooterReader,
): Promise<readonly Drift[]> {
  const path = formatLocation({ bucket: store.bucket, key: info.key })
  let footer: Awaited<ReturnType<typeof readFooter>>
  try {
    footer = await footers(store, info, signal)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return [{ path, column: '', problem: 'unreadable', declared: null, found: error.message, statement: null }]
  }
  const byPosition = table.properties.columns_by === 'position'
  const matched = new Set<number>()
  const drift: Drift[] = []
  for (const [place, column] of table.columns.entries()) {
    const named = columnNames(table, column.name)
      .map((name) => footer.columns.findIndex((one) => one.name.toLowerCase() === name))
      .find((index) => index >= 0)
    const at = byPosition ? (place < footer.columns.length ? place : -1) : (named ?? -1)
    const physical = footer.columns[at]
    const declared = formatType(column.type)
    if (physical === undefined) {
      drift.push({ path, column: column.name, problem: 'missing', declared, found: null, statement: null })
      continue
    }
    matched.add(at)
    if (physical.type !== undefined && sameType(physical.type, column.type)) continue
    const readable = physical.type !== undefined && checkReadable(physical.type, column.type) !== undefined
    const type = physical.type && (mergeFileTypes(physical.type, column.type) ?? physical.type)
    drift.push({
      path,
      column: column.name,
      problem: readable ? 'widened' : 'type',
      declared,
      found: physical.type === undefined ? (physical.unsupported ?? 'not supported') : formatType(physical.type),
      statement:
        readable || type === undefined
          ? null
          : `ALTER TABLE ${fullName(table)} ALTER COLUMN ${formatName(column.name)} SET DATA TYPE ${formatType(type)}`,
    })
  }
  for (const [at, physical] of footer.columns.entries()) {
    const name = physical.name.toLowerCase()
    if (matched.has(at) || table.partitionKeys.some((key) => key.name === name)) continue
    const type = physical.type && formatType(physical.type)
    const statement = type === undefined || byPosition ? null : `ALTER TABLE ${fullName(table)} ADD COLUMN ${formatName(name)} ${type}`
    drift.push({ path, column: name, problem: 'extra', declared: null, found: type ?? physical.unsupported ?? 'not supported', statement })
  }
  return drift
}
