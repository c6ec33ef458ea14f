/**
 * How a table's CSV files are written and what their columns are, from the beginnings of a few of them. Properties that
 * the user gave are taken as they are.
 *
 * Delimiter: the one of `, tab ; |` that cuts most records into the same number (> 1) of fields; quotes decide before it.
 * Header: the first record has a name in every field, none of them twice, and either names a column whose other values
 * have a type that the name has not, or all columns are text and no name occurs among its column's values.
 */
import { QueryError } from '#src/common/errors'
import { type Type, VARCHAR } from '#src/types/type'
import { type Sample, sampleText } from '../sample.ts'
import { kindType, mergeKinds, type TextKind, textKind } from '../text-type.ts'
import { headerNames, repeatedName } from './head.ts'
import { csvOptions } from './options.ts'
import { type CsvDialect, type CsvRecord, parseCsv } from './records.ts'

export interface CsvSniff {
  readonly columns: readonly { readonly name: string; readonly type: Type }[]
  /** `csv.delimiter`, `csv.quote`, `csv.escape`, `csv.null` where they differ from the defaults; `csv.header` always. */
  readonly properties: Readonly<Record<string, string>>
}

const DELIMITERS = [',', '\t', ';', '|'] as const
const NULL_TEXTS = ['\\N', 'NULL', 'null', 'NA', 'N/A', 'None']

interface File {
  readonly location: string
  readonly text: string
  readonly complete: boolean
}

/** Throws HIVE_BAD_DATA (no records, broken quotes, a header that names a column twice), INVALID_TABLE_PROPERTY. */
export function sniffCsv(samples: readonly Sample[], given: Readonly<Record<string, string>> = {}): CsvSniff {
  const files = samples.map((sample) => ({ location: sample.location, text: sampleText(sample), complete: sample.complete }))
  const options = csvOptions(given)
  const dialect = sniffDialect(files, given)
  const parsed = files.map((file) => recordsOf(file, dialect)).filter((records) => records.length > 0)
  if (parsed.length === 0) throw new QueryError('HIVE_BAD_DATA', `CSV file ${files[0]?.location ?? ''} has no records`)
  const skipped = parsed.map((records) => records.slice(options.skip))
  const hasHeader = options.header === 'auto' ? looksLikeHeader(skipped) : options.header === 'names'
  const rows = skipped.map((records) => records.slice(hasHeader ? 1 : 0))
  const first = skipped.find((records) => records[0] !== undefined)?.[0] ?? []
  const names = hasHeader ? headerNames(first) : first.map((_, index) => `column_${index + 1}`)
  const repeated = repeatedName(names)
  if (repeated !== undefined) {
    const both = first.map((field) => field.text.trim()).filter((name) => name.toLowerCase() === repeated)
    throw new QueryError(
      'DUPLICATE_COLUMN_NAME',
      `The header of ${files[0]?.location} has two columns of one name: '${both.slice(0, 2).join("' and '")}'`,
    )
  }
  const places = hasHeader ? skipped.map((records) => headerNames(records[0] ?? [])) : undefined
  const valuesOf = (column: number) =>
    rows.flatMap((records, file) => {
      const place = places === undefined ? column : (places[file]?.indexOf(names[column] as string) ?? -1)
      return records.flatMap((record) => record[place] ?? [])
    })
  const all = names.map((_, column) => valuesOf(column))
  const nullText =
    given['csv.null'] === undefined && given['serialization.null.format'] === undefined ? sniffNullText(all) : options.nullText
  const columns = names.map((name, column) => ({ name, type: typeOf(all[column] as CsvRecord, nullText) }))
  return { columns, properties: propertiesOf(dialect, nullText, hasHeader, given, options.skip) }
}

function propertiesOf(
  dialect: CsvDialect,
  nullText: string,
  hasHeader: boolean,
  given: Readonly<Record<string, string>>,
  skip: number,
): Record<string, string> {
  const found: Record<string, string> = {}
  if (dialect.delimiter !== ',') found['csv.delimiter'] = dialect.delimiter
  if (dialect.quote !== '"') found['csv.quote'] = dialect.quote
  if (dialect.escape !== dialect.quote) found['csv.escape'] = dialect.escape
  if (nullText !== '') found['csv.null'] = nullText
  if (skip === 0) found['csv.header'] = String(hasHeader)
  return { ...found, ...given, ...(skip === 0 ? { 'csv.header': String(hasHeader) } : {}) }
}

function recordsOf(file: File, dialect: CsvDialect): readonly CsvRecord[] {
  const { records, malformed } = parseCsv(file.text, dialect, file.complete)
  // Bad rows further down are the scan's business (on_error); a first record that cannot be read is not.
  if (malformed && records.length === 0)
    throw new QueryError('HIVE_BAD_DATA', `Malformed CSV file ${file.location}: its first record has an unclosed or misplaced quote`)
  return records
}

function sniffDialect(files: readonly File[], given: Readonly<Record<string, string>>): CsvDialect {
  const options = csvOptions(given)
  const has = (...names: readonly string[]) => names.some((name) => given[name] !== undefined)
  const delimiters = has('csv.delimiter', 'separatorChar', 'field.delim') ? [options.delimiter] : DELIMITERS
  const quotes = has('csv.quote', 'quoteChar') ? [options.quote] : ['"', "'"]
  let best: { readonly dialect: CsvDialect; readonly score: number } | undefined
  for (const quote of quotes) {
    const escapes = has('csv.escape', 'escapeChar', 'escape.delim') ? [options.escape] : quote === '' ? [''] : [quote, '\\']
    for (const escaping of escapes) {
      for (const delimiter of delimiters) {
        if (delimiter === quote) continue
        const dialect = { delimiter, quote, escape: escaping }
        const score = scoreOf(files, dialect)
        // Candidates are in order of preference: only a clearly better one replaces what was found.
        if (best === undefined || score > best.score + 1e-9) best = { dialect, score }
      }
    }
  }
  return best?.dialect ?? { delimiter: options.delimiter, quote: options.quote, escape: options.escape }
}

/** Share of records with the usual number of fields; one column is worth less than several, a broken quote ends the reading. */
function scoreOf(files: readonly File[], dialect: CsvDialect): number {
  const counts = new Map<number, number>()
  let records = 0
  let readBytes = 0
  let bytes = 0
  for (const file of files) {
    const parsed = parseCsv(file.text, dialect, file.complete, 2000)
    bytes += parsed.records.length + (parsed.malformed ? Math.max(1, parsed.records.length) : 0)
    readBytes += parsed.records.length
    for (const record of parsed.records) {
      counts.set(record.length, (counts.get(record.length) ?? 0) + 1)
      records++
    }
  }
  if (records === 0) return 0
  const [fields, usual] = [...counts].sort((left, right) => right[1] - left[1] || right[0] - left[0])[0] as [number, number]
  const consistency = (usual / records) * (readBytes / bytes)
  return fields > 1 ? consistency + (consistency > 0.9 ? 1 : 0) + Math.min(fields, 100) / 1000 : consistency * 0.5
}

function looksLikeHeader(files: readonly (readonly CsvRecord[])[]): boolean {
  const headers = files.flatMap((records) => records[0] ?? [])
  if (headers.length === 0) return false
  const heads = files.flatMap((records) => (records[0] === undefined ? [] : [records[0]]))
  const named = heads.every((head) => {
    const names = head.map((field) => field.text.trim())
    return (
      names.every((name) => name !== '' && name.length <= 128 && !name.includes('\n') && textKind(name) === 'varchar') &&
      new Set(names.map((name) => name.toLowerCase())).size === names.length
    )
  })
  if (!named) return false
  const first = heads[0] as CsvRecord
  // Several files that all begin alike begin with their header.
  const alike =
    heads.length > 1 &&
    heads.every((head) => head.length === first.length && head.every((field, index) => field.text === first[index]?.text))
  if (alike) return true
  const bodies = files.flatMap((records) => records.slice(1))
  const typed = first.some(
    (_, column) =>
      typeOf(
        bodies.flatMap((record) => record[column] ?? []),
        '',
      ) !== VARCHAR,
  )
  if (typed) return true
  return first.every((field, column) => bodies.every((record) => record[column]?.text !== field.text))
}

function isNull(field: { readonly text: string; readonly quoted: boolean }, nullText: string): boolean {
  return !field.quoted && field.text === nullText
}

function typeOf(fields: CsvRecord, nullText: string): Type {
  let kind: TextKind | undefined
  for (const field of fields) {
    if (isNull(field, nullText)) continue
    kind = mergeKinds(kind, textKind(field.text))
    if (kind === 'varchar') break
  }
  return kindType(kind)
}

/** The text that stands for NULL: `\N` wherever it is, another one if it gives a column a type that it has not otherwise. */
function sniffNullText(columns: readonly CsvRecord[]): string {
  for (const text of NULL_TEXTS) {
    const helps = columns.some((fields) => {
      if (!fields.some((field) => isNull(field, text))) return false
      return text === '\\N' || (typeOf(fields, '') === VARCHAR && typeOf(fields, text) !== VARCHAR)
    })
    // Empty fields are NULL by default; with another text they are values, which must not cost a column its type.
    const harms = columns.some((fields) => typeOf(fields, '') !== VARCHAR && typeOf(fields, text) === VARCHAR)
    if (helps && (!harms || text === '\\N')) return text
  }
  return ''
}
