/**
 * Kernel failures that are a file's fault, and the summary of rejected rows: units become the objects that they were
 * made of, positions become lines, and none of the kernel's own words are passed on.
 */
import { formatLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'
import { KERNEL_ERROR_MARK } from '#src/functions/kernel-error'
import type { ScanColumn } from '#src/logical/plan'
import type { PreparedScan, UnitGroup } from '#src/scan/units'
import { formatType } from '#src/types/format'
import type { KernelQuery, RejectSummary } from './kernel.ts'
import { translateKernelError } from './kernel-errors.ts'
import { lineAt } from './line-at.ts'
import { type Lookup, printLocateBadRow, printLocateMalformed } from './print/locate.ts'
import { type BadRow, parseBadRow, parseRejectKey } from './print/rejects.ts'
import type { EndMessage } from './process/protocol.ts'

/** Runs a small query and gives its text; used to find the line of a bad value. */
export type Locate = (lookup: Lookup) => Promise<string>

/** The kernel's reader settles on one line end a file, and gives up in these words when it meets the other. */
const MIXED_LINE_ENDS = /state machine reached an invalid state/

/** What a user sees when the kernel has failed with `text`. */
export async function kernelFailure(text: string, query: KernelQuery, locate: Locate): Promise<QueryError> {
  const bad = parseBadRow(text)
  if (bad !== undefined) {
    const { path, line, message } = await describe(bad, query, locate)
    return new QueryError('HIVE_BAD_DATA', `Cannot read ${path}${line === undefined ? '' : `, line ${line}`}: ${message}`)
  }
  const unit = text.includes(KERNEL_ERROR_MARK) ? undefined : unitNamedIn(text, query)
  if (unit === undefined) return translateKernelError(text)
  const { scan, group, path, at } = unit
  if (group.format === 'parquet') return new QueryError('HIVE_BAD_DATA', `Cannot read ${path}: the file is damaged or is not valid Parquet`)
  if (MIXED_LINE_ENDS.test(text)) {
    return new QueryError('HIVE_BAD_DATA', `Cannot read ${path}: its lines end in different ways`, {
      hint: 'Let every line end with LF, or every line with CR LF',
    })
  }
  // Lines of JSON are one column that takes everything: only CSV records have a place where they go wrong.
  const byte = group.format === 'csv' ? Number.parseInt(await locate(printLocateMalformed(group, at)), 10) : Number.NaN
  const line = Number.isNaN(byte) ? undefined : await lineAt(group.units[at]?.path ?? '', byte)
  const hint = scan.onError === 'fail' ? "The table property on_error = 'skip' leaves such rows out" : undefined
  return new QueryError('HIVE_BAD_DATA', `Cannot read ${path}${line === undefined ? '' : `, line ${line}`}: ${malformed(text)}`, { hint })
}

/** Malformed records in the kernel's words → ours. */
function malformed(text: string): string {
  const columns = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text)
  if (columns !== null) return `expected ${columns[1]} columns, found ${columns[2]}`
  if (/maximum line size/i.test(text)) return 'a record is too long'
  if (/unicode|utf-?8|encoding/i.test(text)) return 'the text is not valid UTF-8'
  if (/quote/i.test(text)) return 'a quoted value does not end as it should'
  return 'malformed record'
}

function unitNamedIn(text: string, query: KernelQuery) {
  for (const scan of query.scans.values())
    for (const group of scan.groups)
      for (const [at, unit] of group.units.entries())
        if (text.includes(unit.path)) return { scan, group, at, path: objectPath(scan, group, at) }
  return undefined
}

function objectPath(scan: PreparedScan, group: UnitGroup, unit: number): string {
  const file = scan.plan.files[group.units[unit]?.file ?? -1]
  return file === undefined ? scan.plan.table.location : formatLocation({ bucket: scan.plan.bucket, key: file.info.key })
}

async function describe(bad: BadRow, query: KernelQuery, locate: Locate) {
  const scan = query.scans.get(bad.scan)
  const group = scan?.groups[bad.group]
  if (scan === undefined || group === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A rejected row names no scan of its query')
  const line = Number.parseInt(await locate(printLocateBadRow(scan, group, bad.unit, query)), 10)
  const column: ScanColumn | undefined = bad.column === undefined ? undefined : scan.plan.columns[bad.column]
  const message =
    column === undefined
      ? group.format === 'json'
        ? 'the line is not a JSON object'
        : 'malformed record'
      : `'${bad.value}' in column '${column.column.name}' is not a valid ${formatType(column.column.type)}`
  return { path: objectPath(scan, group, bad.unit), line: Number.isNaN(line) ? undefined : line, message }
}

interface FirstReject {
  readonly scan: number
  readonly group: number
  readonly unit: number
  /** Where a malformed record begins, from 1; undefined for a value that does not fit. */
  readonly byte: number | undefined
  readonly message: string
}

function isEarlier(left: FirstReject, right: FirstReject): boolean {
  return (
    left.scan < right.scan ||
    (left.scan === right.scan && (left.group < right.group || (left.group === right.group && left.unit < right.unit)))
  )
}

/** All rejected rows of a query that has ended, and the first of the first file. */
export async function summarizeRejects(end: EndMessage | undefined, query: KernelQuery, locate: Locate): Promise<RejectSummary> {
  let count = 0
  let first: FirstReject | undefined
  // A record that could not be split comes before values that do not fit, of the same unit.
  const found = (reject: FirstReject) => {
    if (first === undefined || isEarlier(reject, first)) first = reject
  }
  for (const text of end?.after ?? []) {
    if (text === null) continue
    const answer = JSON.parse(text) as { key: string; count: number; path: string | null; byte: number; message: string }
    count += answer.count
    const { scan, group } = parseRejectKey(answer.key)
    const unit = query.scans.get(scan)?.groups[group]?.units.findIndex((candidate) => candidate.path === answer.path) ?? -1
    if (unit >= 0) found({ scan, group, unit, byte: answer.byte, message: malformed(answer.message) })
  }
  for (const reject of end?.rejects ?? []) {
    count += reject.count
    const { scan, group } = parseRejectKey(reject.key)
    found({ scan, group, unit: reject.unit, byte: undefined, message: 'a value does not fit its column' })
  }
  return { count, first: first === undefined ? undefined : await placeOf(first, query, locate) }
}

async function placeOf(reject: FirstReject, query: KernelQuery, locate: Locate): Promise<RejectSummary['first']> {
  const scan = query.scans.get(reject.scan)
  const group = scan?.groups[reject.group]
  const unit = group?.units[reject.unit]
  if (scan === undefined || group === undefined || unit === undefined) return undefined
  const line =
    reject.byte === undefined
      ? Number.parseInt(await locate(printLocateBadRow(scan, group, reject.unit, query)), 10)
      : await lineAt(unit.path, reject.byte)
  return { file: unit.file, scan: reject.scan, line: Number.isNaN(line) ? 0 : line, message: reject.message }
}
