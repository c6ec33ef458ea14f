/** What a CSV file's columns are called: by its header, or by their places. Inference and scan both go by this. */
import { QueryError } from '#src/common/errors'
import type { CsvOptions } from './options.ts'
import { blankLines, type CsvRecord, parseCsv, skipLines } from './records.ts'

export interface CsvHead {
  /** Lower case, one a field of the file's records. */
  readonly columns: readonly string[]
  /** Lines before the first data record, blank ones among them; a header with line ends in quotes is one. */
  readonly skip: number
}

/** Bytes of a file that must hold its first record. */
export const HEAD_BYTES = 1024 * 1024

/** Names of a header's fields: trimmed, lower case, `column_3` for an empty third one. */
export function headerNames(header: CsvRecord): string[] {
  return header.map((field, index) => field.text.trim().toLowerCase() || `column_${index + 1}`)
}

/** The first name that occurs twice. */
export function repeatedName(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}

/**
 * How a file of a table with these columns begins. `text`: its first HEAD_BYTES; `complete`: they are the whole file.
 * Undefined for a file without records. Throws HIVE_BAD_DATA naming the file.
 */
export function readHead(
  text: string,
  complete: boolean,
  options: CsvOptions,
  tableColumns: readonly string[],
  location: string,
): CsvHead | undefined {
  const bad = (why: string) => new QueryError('HIVE_BAD_DATA', `Malformed CSV file ${location}: ${why}`)
  const { records, malformed } = parseCsv(text.slice(skipLines(text, options.skip, options)), options, complete, 1)
  if (malformed) throw bad('its first record has an unclosed or misplaced quote')
  const [first] = records
  if (first === undefined) {
    if (complete) return undefined
    throw bad(`its first record is longer than ${HEAD_BYTES} bytes`)
  }
  if (options.header === 'none') return { columns: namesByPlace(first.length, tableColumns), skip: options.skip }
  const names = headerNames(first)
  const known = names.filter((name) => tableColumns.includes(name)).length
  const isHeader = options.header === 'names' || known >= Math.max(1, Math.ceil(Math.min(names.length, tableColumns.length) / 2))
  if (!isHeader) return { columns: namesByPlace(first.length, tableColumns), skip: 0 }
  const repeated = repeatedName(names)
  if (repeated !== undefined) throw bad(`its header names column '${repeated}' twice`)
  if (known === 0 && tableColumns.length > 0)
    throw bad(`its header names none of the table's columns (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''})`)
  return { columns: names, skip: blankLines(text) + 1 }
}

/** Fields beyond the table's columns get names that no column has. */
function namesByPlace(fields: number, tableColumns: readonly string[]): string[] {
  return Array.from({ length: fields }, (_, index) => tableColumns[index] ?? `#${index + 1}`)
}
