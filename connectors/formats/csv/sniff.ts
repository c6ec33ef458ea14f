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
import { type CsvDialect, type CsvField, type CsvRecord, parseCsv, skipLines } from './records.ts'

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

/** Throws HIVE_BAD_DATA (no records, broken quotes), DUPLICATE_COLUMN_NAME, INVALID_TABLE_PROPERTY. */
export function sniffCsv(samples: readonly Sample[], given: Readonly<Record<string, string>> = {}): CsvSniff {
  const options = csvOptions(given)
  const files = samples.map((sample): File => {
    const text = sampleText(sample)
    return { location: sample.location, text: text.slice(skipLines(text, options.skip, options)), complete: sample.complete }
  })
  const dialect = sniffDialect(files, given)
  const parsed = files
    .map((file): ParsedFile => ({ location: file.location, records: recordsOf(file, dialect) }))
    .filter(({ records }) => records.length > 0)
  if (parsed.length === 0) throw new QueryError('HIVE_BAD_DATA', `CSV file ${files[0]?.location ?? ''} has no records`)
  const hasHeader = options.header === 'auto' ? looksLikeHeader(parsed.map(({ records }) => records)) : options.header === 'names'
  const columns = hasHeader ? columnsByName(parsed) : columnsByPlace(parsed)
  const values = columns.map(({ fields }) => fields)
  const nullText = given['csv.null'] === undefined ? sniffNullText(values) : options.nullText
  return {
    columns: columns.map(({ name, fields }) => ({ name, type: typeOf(fields, nullText) })),
    properties: propertiesOf(dialect, nullText, options.skip === 0 ? hasHeader : undefined, given),
  }
}

interface ParsedFile {
  readonly location: string
  /** At least one. */
  readonly records: readonly CsvRecord[]
}

interface Column {
  readonly name: string
  readonly fields: CsvField[]
}

/** Columns of all headers, those of the first file first: a file may lack some. */
function columnsByName(files: readonly ParsedFile[]): Column[] {
  const columns = new Map<string, Column>()
  for (const { location, records } of files) {
    const header = records[0] as CsvRecord
    const names = headerNames(header)
    const repeated = repeatedName(names)
    if (repeated !== undefined) {
      const both = header.filter((_, index) => names[index] === repeated).map((field) => `'${field.text.trim()}'`)
      throw new QueryError('DUPLICATE_COLUMN_NAME', `The header of ${location} names one column twice: ${both.slice(0, 2).join(' and ')}`)
    }
    for (const [place, name] of names.entries()) {
      const column = columns.get(name) ?? { name, fields: [] }
      columns.set(name, column)
      for (const record of records.slice(1)) if (record[place] !== undefined) column.fields.push(record[place])
    }
  }
  return [...columns.values()]
}

function columnsByPlace(files: readonly ParsedFile[]): Column[] {
  const width = Math.max(...files.map(({ records }) => (records[0] as CsvRecord).length))
  return Array.from({ length: width }, (_, place) => ({
    name: `column_${place + 1}`,
    fields: files.flatMap(({ records }) => records.flatMap((record) => record[place] ?? [])),
  }))
}

/** `hasHeader` undefined: columns go by place, behind skipped lines. */
function propertiesOf(
  dialect: CsvDialect,
  nullText: string,
  hasHeader: boolean | undefined,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const found: Record<string, string> = {}
  if (dialect.delimiter !== ',') found['csv.delimiter'] = dialect.delimiter
  if (dialect.quote !== '"') found['csv.quote'] = dialect.quote
  if (dialect.escape !== dialect.quote) found['csv.escape'] = dialect.escape
  if (nullText !== '') found['csv.null'] = nullText
  return { ...found, ...given, ...(hasHeader === undefined ? {} : { 'csv.header': String(hasHeader) }) }
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
  const delimiters = given['csv.delimiter'] === undefined ? DELIMITERS : [options.delimiter]
  const quotes = given['csv.quote'] === undefined ? ['"', "'"] : [options.quote]
  let best: { readonly dialect: CsvDialect; readonly score: number } | undefined
  for (const quote of quotes) {
    const escapes = given['csv.escape'] === undefined ? (quote === '' ? [''] : [quote, '\\']) : [options.escape]
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
  let lost = 0
  let quoted = 0
  for (const file of files) {
    const parsed = parseCsv(file.text, dialect, file.complete, 2000)
    if (parsed.malformed) lost += Math.max(1, parsed.records.length)
    for (const record of parsed.records) {
      counts.set(record.length, (counts.get(record.length) ?? 0) + 1)
      quoted += record.filter((field) => field.quoted).length
      records++
    }
  }
  if (records === 0) return 0
  const [fields, usual] = [...counts].sort((left, right) => right[1] - left[1] || right[0] - left[0])[0] as [number, number]
  const consistency = usual / (records + lost)
  // Quotes that nearly every record has are quotes, even where nothing needs them.
  const quoting = quoted * 2 >= records && lost === 0 ? 0.0001 : 0
  if (fields === 1) return consistency * 0.5 + quoting
  return consistency + (consistency > 0.9 ? 1 : 0) + Math.min(fields, 100) / 1000 + quoting
}

function looksLikeHeader(files: readonly (readonly CsvRecord[])[]): boolean {
  const heads = files.map((records) => records[0] as CsvRecord)
  const first = heads[0] as CsvRecord
  if (!heads.every((head) => head.some(isName) && head.every((field) => isName(field) || isUnnamed(field)))) return false
  const bodies = files.map((records) => records.slice(1))
  const typed = (column: number) => typeOf(fieldsAt(bodies, column), '') !== VARCHAR
  if (first.some((field, column) => isName(field) && typed(column))) return true
  // Without a type that tells, a field without a name may be a missing value; only pandas' row numbers have none as a rule.
  if (heads.some((head) => head.some((field, column) => isUnnamed(field) && (column > 0 || !typed(column))))) return false
  if (heads.some((head) => repeatedName(headerNames(head)) !== undefined)) return false
  // Several files that all begin with the same names, in any order and maybe more of them, begin with their header.
  if (heads.length > 1) {
    const names = heads.map(headerNames)
    const fewest = names.reduce((least, own) => (own.length < least.length ? own : least))
    return names.every((own) => fewest.every((name) => own.includes(name)))
  }
  return first.every((field, column) => fieldsAt(bodies, column).every((value) => value.text !== field.text))
}

function isName(field: CsvField): boolean {
  const text = field.text.trim()
  return text !== '' && text.length <= 128 && !/[\r\n]/.test(text) && textKind(text) === 'varchar'
}

function isUnnamed(field: CsvField): boolean {
  return field.text.trim() === ''
}

function fieldsAt(files: readonly (readonly CsvRecord[])[], column: number): CsvField[] {
  return files.flatMap((records) => records.flatMap((record) => record[column] ?? []))
}

function isNull(field: CsvField, nullText: string): boolean {
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
    const harms = () => columns.some((fields) => typeOf(fields, '') !== VARCHAR && typeOf(fields, text) === VARCHAR)
    if (helps && (text === '\\N' || !harms())) return text
  }
  return ''
}
