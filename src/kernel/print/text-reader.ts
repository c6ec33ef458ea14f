/**
 * Reading CSV and JSON lines. The kernel's reader only splits: every value comes as text and is cast here by Trino's
 * rules, so a value that does not fit is seen. By `on_error` such a value ends the query (`fail`), reads as NULL (`null`),
 * or its row is left out (`skip`); rows met under the last two are counted by the kernel process (process/rejects.ts).
 *
 * A JSON file is read as lines of one text column: a line that is no JSON object is a bad row, and nothing else in the
 * file is affected by it.
 */
import { QueryError, unreachable } from '#src/common/errors'
import { quote } from '#src/functions/kernel-error'
import { forKernelTry } from '#src/functions/macros/index'
import type { Scan, ScanColumn } from '#src/logical/plan'
import type { CsvReaderOptions, PreparedScan, UnitGroup } from '#src/scan/units'
import { type Type, VARCHAR } from '#src/types/type'
import { MARKED_NUMBER, readJsonValue } from './cast-json.ts'
import type { PlanPrinter } from './context.ts'
import { splitLines } from './hive-text.ts'
import { REJECT_FUNCTION, raiseBadRow, rejectKey } from './rejects.ts'
import type { GroupReader } from './scan.ts'
import { textList } from './value-table.ts'

/** Longest line or record. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024

/** A record may begin at the end of one and end in the next. By default the reader takes 16 records' worth at once, 256 MiB for the smallest file. */
const BUFFER_BYTES = 2 * MAX_RECORD_BYTES
/** Control characters that occur in no valid JSON line. */
const NO_DELIMITER = '\u0001'
const NO_NULL = '\u0002'
/** The same for lines of any text, where single ones may occur. */
const NO_DELIMITERS = '\u0007\u001b\u0007\u001b'
const NO_NULL_LINE = '\u001b\u0007\u0007\u001b'

/** The rows of a group of text units, values cast. */
export interface TextRows {
  /** Relation with `unit`, `ok`, `lines` and a `raw` and a `typed` column for each column of the files. */
  readonly from: string
  /** Condition over it (as `u`): the row cannot be what the table says. */
  readonly bad: string
  /** Condition: some value does not fit. */
  readonly unfit: string
}

export interface TextRowsOptions {
  /** Where records that cannot be split are kept; undefined: they end the query. */
  readonly rejects?: { readonly errors: string; readonly scans: string } | undefined
  /** One thread in file order, broken records left out. */
  readonly inOrder?: boolean
}

export function printTextReader(plan: Scan, scan: PreparedScan, group: UnitGroup, printer: PlanPrinter): GroupReader {
  const at = scan.groups.indexOf(group)
  const rejects =
    group.format === 'json' || group.hive !== undefined || scan.onError === 'fail' ? undefined : printer.rejectTables(plan.id, at)
  const { from, bad, unfit } = printTextRows(plan.columns, group, printer, { rejects })
  const unit = { name: 'unit', by: 'index' } as const
  const count = `${REJECT_FUNCTION}(${quote(rejectKey(printer.queryId, plan.id, at))}, u.unit)`
  const value = (index: number) => `u.typed${index}`
  switch (scan.onError) {
    case 'fail':
      return {
        from,
        where:
          group.format === 'csv' && group.hive?.serde !== 'opencsv'
            ? undefined
            : `CASE WHEN u.ok THEN true ELSE ${raiseBadRow(plan.id, at, 'u.unit', undefined, undefined)} END`,
        value: (index) =>
          `coalesce(u.typed${index}, CASE WHEN u.raw${index} IS NOT NULL THEN ${raiseBadRow(plan.id, at, 'u.unit', index, `u.raw${index}`)} END)`,
        unit,
      }
    case 'null':
      // The function gives true: a row with unfit values stays, one that is no row goes.
      return { from, where: `CASE WHEN NOT u.ok THEN NOT ${count} WHEN ${unfit} THEN ${count} ELSE true END`, value, unit }
    case 'skip':
      return { from, where: `CASE WHEN ${bad} THEN NOT ${count} ELSE true END`, value, unit }
    default:
      return unreachable(scan.onError)
  }
}

interface TextSource {
  /** Relation `r` with `unit`, `ok`, `lines` and what the columns are made of. */
  readonly from: string
  readonly columns: readonly { readonly index: number; readonly raw: string; readonly typed: string }[]
}

export function printTextRows(
  columns: readonly ScanColumn[],
  group: UnitGroup,
  printer: PlanPrinter,
  options: TextRowsOptions = {},
): TextRows {
  const source = sourceOf(group)(columns, group, printer, options)
  const items = source.columns.flatMap(({ index, raw, typed }) => [`${raw} AS raw${index}`, `${typed} AS typed${index}`])
  const unfit = source.columns.map(({ index }) => `(u.raw${index} IS NOT NULL AND u.typed${index} IS NULL)`)
  return {
    from: `(SELECT ${['unit', 'ok', 'lines', ...items].join(', ')} FROM ${source.from})`,
    bad: ['NOT u.ok', ...unfit].join(' OR '),
    unfit: unfit.length === 0 ? 'false' : unfit.join(' OR '),
  }
}

function sourceOf(group: UnitGroup): typeof csvSource {
  if (group.format === 'json') return jsonSource
  return group.hive === undefined ? csvSource : hiveSource
}

/** Lines, split by Hive's rules. */
function hiveSource(scanned: readonly ScanColumn[], group: UnitGroup, printer: PlanPrinter, options: TextRowsOptions): TextSource {
  if (group.hive === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A group of text units has no rules')
  const lines = splitLines(lineReader(group, options), group.hive, printer)
  const columns = fileColumns(scanned, group).map(({ index, column, name }) => {
    const { type } = column.column
    const raw = lines.raw(group.fileColumns.indexOf(name), type)
    return { index, raw, typed: lines.typed(raw, type) }
  })
  return { from: `(SELECT *, 1 AS lines FROM ${lines.from}) AS r`, columns }
}

/** Whole lines: nothing that a file may hold splits them. */
const lineReader = (group: UnitGroup, options: TextRowsOptions): string =>
  csvReader(group, { delimiter: NO_DELIMITERS, quote: '', escape: '', nullText: NO_NULL_LINE, skip: group.hive?.skip ?? 0 }, 1, options)

function csvSource(scanned: readonly ScanColumn[], group: UnitGroup, printer: PlanPrinter, options: TextRowsOptions): TextSource {
  const columns = fileColumns(scanned, group).map(({ index, column, name }) => {
    const place = group.fileColumns.indexOf(name)
    if (place < 0) throw new QueryError('GENERIC_INTERNAL_ERROR', `A group of CSV units lacks the column '${name}'`)
    return { index, raw: `r.v${place}`, typed: castText(`r.v${place}`, column.column.type, printer) }
  })
  const reader = printRecords(group, options)
  const breaks = group.fileColumns.map((_, place) => `coalesce(length(v${place}) - length(replace(v${place}, chr(10), '')), 0)`)
  const lines = options.inOrder === true ? ['1', ...breaks].join(' + ') : '1'
  const used = [...new Set(columns.map((column) => column.raw.slice(2)))]
  const from = `(SELECT ${[...used, 'file_index AS unit', 'true AS ok', `${lines} AS lines`].join(', ')} FROM ${reader}) AS r`
  return { from, columns }
}

/** The records of CSV units: all columns of the files as text, called v0, v1 … */
export function printRecords(group: UnitGroup, options: TextRowsOptions): string {
  if (group.hive !== undefined) return lineReader(group, options)
  if (group.csv === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A group of CSV units has no reader options')
  return csvReader(group, group.csv, group.fileColumns.length, options)
}

/** A read_csv call in which nothing is left to be guessed. */
function csvReader(group: UnitGroup, options: CsvReaderOptions, columns: number, { rejects, inOrder }: TextRowsOptions): string {
  const paths = group.units.map((unit) => unit.path)
  const names = Array.from({ length: columns }, (_, index) => `'v${index}': 'VARCHAR'`)
  const settings = [
    'auto_detect = false',
    'header = false',
    `skip = ${options.skip}`,
    `delim = ${quote(options.delimiter)}`,
    `quote = ${quote(options.quote)}`,
    `escape = ${quote(options.escape)}`,
    `nullstr = ${quote(options.nullText ?? NO_NULL)}`,
    'allow_quoted_nulls = false',
    `max_line_size = ${MAX_RECORD_BYTES}`,
    `buffer_size = ${BUFFER_BYTES}`,
    "compression = 'none'",
    'hive_partitioning = false',
    'union_by_name = false',
    `columns = {${names.join(', ')}}`,
    // Lines of JSON have nothing to split or quote, so each may end as it likes; records of CSV would be misread.
    ...(options.delimiter === NO_DELIMITER || options.delimiter === NO_DELIMITERS ? ['strict_mode = false'] : []),
    ...(inOrder === true ? ['parallel = false', 'ignore_errors = true'] : []),
    ...(rejects === undefined
      ? []
      : [
          'ignore_errors = true',
          'store_rejects = true',
          'rejects_limit = 0',
          `rejects_table = ${quote(rejects.errors)}`,
          `rejects_scan = ${quote(rejects.scans)}`,
        ]),
  ]
  return `read_csv(${textList(paths)}, ${settings.join(', ')})`
}

function jsonSource(scanned: readonly ScanColumn[], group: UnitGroup, printer: PlanPrinter, options: TextRowsOptions): TextSource {
  const files = fileColumns(scanned, group)
  const shape = (some: typeof files): string => quote(JSON.stringify(Object.fromEntries(some.map(({ name }) => [name, 'JSON']))))
  const exact = files.filter(({ column }) => hasDecimal(column.column.type))
  const member = (object: string, line: string, name: string): string => {
    const own = `nullif(CAST(struct_extract(r.${object}, ${quote(name)}) AS VARCHAR), 'null')`
    return group.json?.anyCase === true ? `coalesce(${own}, ${inAnyCase(line, name)})` : own
  }
  const columns = files.map(({ index, column, name }) => {
    const { type } = column.column
    const raw = member('object', 'line', name)
    return { index, raw, typed: castJson(hasDecimal(type) ? member('exact_object', 'exact', name) : raw, type, printer) }
  })
  const reader = csvReader(group, { delimiter: NO_DELIMITER, quote: '', escape: '', nullText: NO_NULL, skip: 0 }, 1, options)
  // The kernel evaluates both sides of an AND.
  const valid = `CASE WHEN json_valid(v0) THEN json_type(v0) = 'OBJECT' ELSE false END`
  const read = `SELECT v0 AS line, ${valid} AS ok, file_index AS unit FROM ${reader} WHERE trim(v0, ' \t\r') <> ''`
  const marked = exact.length === 0 ? read : `SELECT *, CASE WHEN ok THEN ${markNumbers('line')} END AS exact FROM (${read})`
  const isRow = group.json?.brokenAsNull === true ? 'true' : 'ok'
  const parsed = (line: string, some: typeof files): string => (some.length === 0 ? 'NULL' : `from_json(${line}, ${shape(some)})`)
  const items = [
    `${parsed('CASE WHEN ok THEN line END', files)} AS object`,
    ...(group.json?.anyCase === true ? ['CASE WHEN ok THEN line END AS line'] : []),
    ...(exact.length === 0 ? [] : ['exact', `${parsed('exact', exact)} AS exact_object`]),
  ]
  return { from: `(SELECT unit, ${isRow} AS ok, 1 AS lines, ${items.join(', ')} FROM (${marked})) AS r`, columns }
}

/**
 * The kernel's JSON parser keeps what is no 64-bit integer as a double, which has all digits of numbers with up to 15. In lines with longer
 * ones all numbers become strings that begin with a mark: {"a":1.50} → {"a":"<mark>1.50"}. A match is anything before a number (strings
 * as a whole), and the number.
 */
function markNumbers(line: string): string {
  const before = String.raw`(?:"(?:[^"\\]|\\.)*"|[^"0-9-])+`
  const number = '-?[0-9][0-9.eE+-]*'
  const [open, close] = ['\u0001', '\u0002']
  const between = `regexp_replace(${line}, ${quote(`(${before})(${number})?`)}, ${quote(`\\1${open}\\2${close}`)}, 'gs')`
  const strings = [
    [`${open}${close}`, ''],
    [open, `"${MARKED_NUMBER.escaped}`],
    [close, '"'],
  ].reduce((sql, [from, to]) => `replace(${sql}, ${quote(from as string)}, ${quote(to as string)})`, between)
  return `CASE WHEN regexp_matches(${line}, '[0-9][0-9.]{15}') THEN ${strings} ELSE ${line} END`
}

/** The value of the first key that is this one but for its case. */
function inAnyCase(line: string, name: string): string {
  const key = `list_filter(json_keys(r.${line}), lambda k: lower(k) = ${quote(name.toLowerCase())})[1]`
  return `nullif(CAST(json_extract(r.${line}, '/' || replace(replace(${key}, '~', '~0'), '/', '~1')) AS VARCHAR), 'null')`
}

/** Columns that are in the files, with their place in the scan. */
function fileColumns(scanned: readonly ScanColumn[], group: UnitGroup) {
  return scanned.flatMap((column, index) => {
    const source = group.columns[index]
    return source?.kind === 'file' ? [{ index, column, name: source.name }] : []
  })
}

function castText(raw: string, type: Type, printer: PlanPrinter): string {
  return type.kind === 'varchar' && type.length === undefined ? raw : printer.forms.cast(raw, VARCHAR, type, true)
}

/** JSON strings are read as their text; numbers and booleans as they are written; nested values by JSON's own casts. */
function castJson(raw: string, type: Type, printer: PlanPrinter): string {
  switch (type.kind) {
    case 'array':
    case 'map':
    case 'row':
      // Of the value as a whole: a NULL in place of a part of it would not be seen.
      return `TRY(${forKernelTry(readJsonValue(raw, type, (text, from, to) => printer.forms.cast(text, from, to), hasDecimal(type)))})`
    case 'json':
      return raw
    case 'decimal': {
      const text = `json_extract_string(${raw}, '$')`
      return castText(`CASE WHEN starts_with(${text}, ${MARKED_NUMBER.sql}) THEN substr(${text}, 3) ELSE ${text} END`, type, printer)
    }
    default:
      return castText(`json_extract_string(${raw}, '$')`, type, printer)
  }
}

function hasDecimal(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return hasDecimal(type.element)
    case 'map':
      return hasDecimal(type.key) || hasDecimal(type.value)
    case 'row':
      return type.fields.some((field) => hasDecimal(field.type))
    default:
      return type.kind === 'decimal'
  }
}
