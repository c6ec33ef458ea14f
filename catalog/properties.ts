/**
 * Table properties: those of CONTRACT.md section 3, and the names that Hive, Athena and Trino have for the same things.
 * They are kept under Weir's name with a value that needs no further interpretation.
 *
 * Hive takes any property. Those that say nothing about how files are read (what a crawler counted, who encrypts what) are
 * kept as they are; those that say something that Weir does not do are refused, or the rows would be others than meant.
 */
import { csvOptions } from '#connectors/formats/csv/options'
import { hiveText } from '#connectors/formats/text-serde'
import { QueryError } from '#src/common/errors'
import { nearestNames } from '#src/common/nearest'
import type { FileFormat } from './model.ts'
import { isProjectionProperty, projectionProperty } from './partitions/projection-properties.ts'
import { formatSortOrder, readSortOrder } from './sort-order.ts'

interface Property {
  readonly formats: readonly FileFormat[]
  /** The canonical value; undefined when it is none, for which `expected` is the text. */
  readonly read: (text: string) => string | undefined
  readonly expected: string
}

/** Characters that command lines and Hive's DDL can only spell out. */
const SPELLED: Readonly<Record<string, string>> = { '\\t': '\t', '\\u0001': '\u0001', '\\001': '\u0001', '\\\\': '\\' }

/** One ASCII character, as such or spelled out. */
function character(text: string): string | undefined {
  const value = SPELLED[text] ?? text
  return value.length === 1 && value <= '\u007f' && !'\n\r\0'.includes(value) ? value : undefined
}
const characterOrNone = (text: string) => (text === '' ? '' : character(text))
const oneOf =
  (...values: readonly string[]) =>
  (text: string) =>
    values.find((value) => value === text.toLowerCase())

const PROPERTIES: Readonly<Record<string, Property>> = {
  'csv.delimiter': { formats: ['csv'], read: character, expected: 'one ASCII character' },
  'csv.quote': { formats: ['csv'], read: characterOrNone, expected: 'one ASCII character, or nothing for no quoting' },
  'csv.escape': { formats: ['csv'], read: characterOrNone, expected: 'one ASCII character, or nothing for none' },
  'csv.null': { formats: ['csv'], read: (text) => text, expected: 'a text' },
  'csv.header': { formats: ['csv'], read: oneOf('true', 'false', 'auto'), expected: "'true', 'false' or 'auto'" },
  // Hive's: so many records are passed over, and columns are taken by place, not by the header's names.
  'skip.header.line.count': {
    formats: ['csv'],
    read: (text) => (/^\d{1,4}$/.test(text) ? String(Number(text)) : undefined),
    expected: 'a number of lines',
  },
  // How a text file's fields become values (connectors/formats/text-serde.ts); absent: CSV as RFC 4180 has it, or JSON lines.
  serde: {
    formats: ['csv', 'json'],
    read: oneOf('lazysimple', 'opencsv', 'hivejson', 'openx'),
    expected: "'lazysimple', 'opencsv', 'hivejson' or 'openx'",
  },
  'collection.delim': { formats: ['csv'], read: character, expected: 'one ASCII character' },
  'mapkey.delim': { formats: ['csv'], read: character, expected: 'one ASCII character' },
  'ignore.malformed.json': { formats: ['json'], read: oneOf('true', 'false'), expected: "'true' or 'false'" },
  'case.insensitive': { formats: ['json'], read: oneOf('true', 'false'), expected: "'true' or 'false'" },
  // For files that Weir writes.
  'write.compression': {
    formats: ['parquet', 'csv', 'json'],
    read: oneOf('none', 'uncompressed', 'snappy', 'gzip', 'zstd', 'lz4', 'brotli'),
    expected: "'none', 'snappy', 'gzip', 'zstd', 'lz4' or 'brotli'",
  },
  'write.target_file_size': {
    formats: ['parquet', 'csv', 'json'],
    read: (text) => (/^[1-9]\d{0,12}$/.test(text) ? text : undefined),
    expected: 'a number of bytes',
  },
  'write.row_group_rows': {
    formats: ['parquet'],
    read: (text) => (/^[1-9]\d{0,8}$/.test(text) ? text : undefined),
    expected: 'a number of rows',
  },
  // Of files that Weir writes; kept as a JSON list.
  sorted_by: {
    formats: ['parquet', 'csv', 'json'],
    read: (text) => {
      const columns = readSortOrder(text)
      return columns && formatSortOrder(columns)
    },
    expected: "columns such as ARRAY['a', 'b DESC']",
  },
  columns_by: { formats: ['parquet'], read: oneOf('name', 'position'), expected: "'name' or 'position'" },
  visible_when: {
    formats: ['parquet', 'csv', 'json'],
    read: (text) => (/^[^/]+$/.test(text) ? text : undefined),
    expected: "a file's name, such as '_SUCCESS'",
  },
  require_partition_filter: { formats: ['parquet', 'csv', 'json'], read: oneOf('true', 'false'), expected: "'true' or 'false'" },
  max_bytes: {
    formats: ['parquet', 'csv', 'json'],
    read: (text) => (/^[1-9]\d{0,15}$/.test(text) ? text : undefined),
    expected: 'a number of bytes',
  },
  on_error: { formats: ['csv', 'json'], read: oneOf('fail', 'null', 'skip'), expected: "'fail', 'null' or 'skip'" },
  partition_discovery: {
    formats: ['parquet', 'csv', 'json'],
    read: oneOf('auto', 'registered', 'projection'),
    expected: "'auto', 'registered' or 'projection'",
  },
}

/** Other systems' names, in lower case: Hive's and Athena's SerDe properties, Trino's table properties. */
const ALIASES: Readonly<Record<string, string>> = {
  'field.delim': 'csv.delimiter',
  separatorchar: 'csv.delimiter',
  csv_separator: 'csv.delimiter',
  textfile_field_separator: 'csv.delimiter',
  quotechar: 'csv.quote',
  csv_quote: 'csv.quote',
  escapechar: 'csv.escape',
  'escape.delim': 'csv.escape',
  csv_escape: 'csv.escape',
  textfile_field_separator_escape: 'csv.escape',
  'serialization.null.format': 'csv.null',
  null_format: 'csv.null',
  skip_header_line_count: 'skip.header.line.count',
  'colelction.delim': 'collection.delim',
  field_delimiter: 'csv.delimiter',
  'parquet.compression': 'write.compression',
  'parquet.compress': 'write.compression',
  partition_filter_required: 'require_partition_filter',
  'visible.when': 'visible_when',
  'max.bytes': 'max_bytes',
}

const isTrue = (text: string): boolean => text.toLowerCase() === 'true'

/** What Weir does not do, with the value that asks for nothing. */
const REFUSED: Readonly<Record<string, (text: string) => boolean>> = {
  'skip.footer.line.count': (text) => Number(text) !== 0,
  skip_footer_line_count: (text) => Number(text) !== 0,
  'serialization.encoding': (text) => !/^utf-?8$/i.test(text),
  'timestamp.formats': (text) => text !== '',
  'dots.in.keys': isTrue,
  'line.delim': (text) => text !== '\n',
  'input.regex': () => true,
  regex: () => true,
  transactional: isTrue,
  table_type: (text) => !/^hive$/i.test(text),
  'orc.column.index.access': isTrue,
  'parquet.column.index.access': isTrue,
  'avro.schema.literal': () => true,
  'avro.schema.url': () => true,
  avro_schema_url: () => true,
  'explicit.null': isTrue,
  'strip.outer.array': isTrue,
  'hive.serialization.extend.nesting.levels': isTrue,
  'serialization.last.column.takes.rest': isTrue,
}

/** The OpenX JSON SerDe's `mapping.<column>`: how the files spell the column's key. */
const JSON_MAPPING: Property = {
  formats: ['json'],
  read: (text) => (text === '' ? undefined : text),
  expected: 'the key as the files spell it',
}

/** Of a column that was renamed: what the files written before call it. */
const RENAMED: Property = { formats: ['parquet'], read: (text) => (text === '' ? undefined : text), expected: "the column's former name" }

function propertyOf(name: string): Property | undefined {
  if (/^mapping\../.test(name)) return JSON_MAPPING
  if (/^renamed\../.test(name)) return RENAMED
  return Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined
}

/**
 * Checks and renames properties as given. `lenient`: Hive's, where unknown names are kept as they are. Throws
 * INVALID_TABLE_PROPERTY for unknown names and impossible values, DUPLICATE_PROPERTY for two names of one thing, NOT_SUPPORTED for
 * what Weir does not do.
 */
export function canonicalProperties(
  given: Readonly<Record<string, string>>,
  { lenient = false }: { readonly lenient?: boolean } = {},
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {}
  for (const [spelled, text] of Object.entries(given)) {
    const [name, value] = canonicalProperty(spelled, text, lenient)
    if (Object.hasOwn(result, name) && result[name] !== value)
      throw new QueryError('DUPLICATE_PROPERTY', `Table property '${name}' is given twice, once as '${spelled}'`)
    result[name] = value
  }
  return result
}

/** One that says something to Weir, not merely kept for others. */
export const isKnownProperty = (name: string): boolean => isProjectionProperty(name) || propertyOf(name) !== undefined

/** The name under which a property is kept. */
export function propertyName(spelled: string): string {
  const lower = spelled.toLowerCase()
  if (isProjectionProperty(lower) || propertyOf(lower) !== undefined) return lower
  return Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] as string) : spelled
}

function canonicalProperty(spelled: string, text: string, lenient: boolean): readonly [string, string] {
  const lower = spelled.toLowerCase()
  if (isProjectionProperty(lower)) return projectionProperty(spelled, text)
  if (Object.hasOwn(REFUSED, lower)) {
    if (REFUSED[lower]?.(text)) throw new QueryError('NOT_SUPPORTED', `Table property '${spelled}' = '${text}' is not supported`)
    return [spelled, text]
  }
  const name = propertyName(spelled)
  const property = propertyOf(name)
  if (property === undefined) {
    if (lenient) return [spelled, text]
    const near = nearestNames(lower, [...Object.keys(PROPERTIES), ...Object.keys(ALIASES)], 1)[0]
    const hint = near === undefined ? `Known properties: ${Object.keys(PROPERTIES).join(', ')}` : `Did you mean '${near}'?`
    throw new QueryError('INVALID_TABLE_PROPERTY', `Table property '${spelled}' does not exist`, { hint })
  }
  const value = property.read(text)
  if (value === undefined) {
    throw new QueryError(
      'INVALID_TABLE_PROPERTY',
      `Invalid value for table property '${spelled}': '${text}'; expected ${property.expected}`,
    )
  }
  return [name, value]
}

/** Throws INVALID_TABLE_PROPERTY for a property that means nothing in the table's format, and for a delimiter that is the quote. */
export function checkProperties(properties: Readonly<Record<string, string>>, format: FileFormat): void {
  for (const name of Object.keys(properties)) {
    const formats = propertyOf(name)?.formats
    if (formats !== undefined && !formats.includes(format)) {
      const where = formats.map((one) => one.toUpperCase()).join(' and ')
      throw new QueryError('INVALID_TABLE_PROPERTY', `Table property '${name}' is for ${where} tables; this one is ${format.toUpperCase()}`)
    }
  }
  if (format === 'csv' && hiveText(properties) === undefined) csvOptions(properties)
}
