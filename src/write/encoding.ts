/** How a table's files are written, from its format and properties. */
import type { FileFormat } from '#catalog/model'
import { sortOrder } from '#catalog/sort-order'
import { QueryError } from '#src/common/errors'
import type { FileEncoding, RowOrder, TextEncoding } from '#src/kernel/table-files'

export interface TableFiles {
  readonly encoding: FileEncoding
  /** Of file names, without a dot before it. */
  readonly extension: string
  /** A file that has become so large is closed, and another begins. */
  readonly fileBytes: number
  /** Of the rows in each file. */
  readonly order: readonly RowOrder[]
}

const MIB = 1024 * 1024
const DEFAULT_FILE_BYTES = 192 * MIB
/** About what a scan wants to skip or to read at once; the kernel keeps one of a thread in memory. */
const DEFAULT_ROW_GROUP_ROWS = 491_520

type Properties = Readonly<Record<string, string>>

/** @throws INVALID_TABLE_PROPERTY for a compression that the format does not have */
export function tableFiles(format: FileFormat, properties: Properties, columns: readonly string[]): TableFiles {
  const fileBytes = number(properties['write.target_file_size']) ?? DEFAULT_FILE_BYTES
  const order = sortOrder({ properties }).map(({ name, descending }) => {
    const column = columns.indexOf(name)
    if (column < 0) throw new QueryError('INVALID_TABLE_PROPERTY', `Sorting columns [${name}] not present in schema`)
    return { column, descending }
  })
  if (format === 'parquet') {
    const codec = parquetCodec(properties['write.compression'] ?? properties['parquet.compression'])
    const rowGroupRows = number(properties['write.row_group_rows']) ?? DEFAULT_ROW_GROUP_ROWS
    return { encoding: { kind: 'parquet', codec, rowGroupRows }, extension: 'parquet', fileBytes, order }
  }
  const codec = textCodec(properties['write.compression'])
  const suffix = codec === 'gzip' ? '.gz' : codec === 'zstd' ? '.zst' : ''
  return {
    encoding: textEncoding(format, properties, columns, codec),
    extension: `${format === 'csv' ? 'csv' : 'json'}${suffix}`,
    fileBytes,
    order,
  }
}

const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))

function parquetCodec(text: string | undefined): 'zstd' | 'snappy' | 'gzip' | 'uncompressed' {
  switch (text?.toLowerCase()) {
    case undefined:
    case 'zstd':
      return 'zstd'
    case 'snappy':
    case 'gzip':
      return text?.toLowerCase() as 'snappy' | 'gzip'
    case 'none':
    case 'uncompressed':
      return 'uncompressed'
    default:
      throw invalidCompression(text ?? '', 'PARQUET', 'ZSTD, SNAPPY, GZIP, NONE')
  }
}

function textCodec(text: string | undefined): TextEncoding['codec'] {
  switch (text?.toLowerCase()) {
    case undefined:
    case 'none':
    case 'uncompressed':
      return 'none'
    case 'gzip':
    case 'zstd':
      return text?.toLowerCase() as 'gzip' | 'zstd'
    default:
      throw invalidCompression(text ?? '', 'CSV and JSON', 'GZIP, ZSTD, NONE')
  }
}

function invalidCompression(text: string, formats: string, known: string): QueryError {
  return new QueryError('INVALID_TABLE_PROPERTY', `Compression '${text}' is not supported in ${formats} files; supported are ${known}`)
}

function textEncoding(
  format: 'csv' | 'json',
  properties: Properties,
  columns: readonly string[],
  codec: TextEncoding['codec'],
): TextEncoding {
  if (format === 'json') return { kind: 'json-lines', codec, names: columns.map((name) => properties[`mapping.${name}`] ?? name) }
  const header = Number(properties['skip.header.line.count'] ?? 0)
  if (header > 1) throw new QueryError('NOT_SUPPORTED', 'Writing CSV files with more than one header line is not supported')
  switch (properties.serde) {
    case 'lazysimple':
      return {
        kind: 'delimited',
        codec,
        delimiter: properties['csv.delimiter'] ?? '\u0001',
        quote: '',
        escape: properties['csv.escape'] ?? '',
        null: properties['csv.null'] ?? '\\N',
        header: header === 1,
        quoteAll: false,
      }
    case 'opencsv':
      return {
        kind: 'delimited',
        codec,
        delimiter: properties['csv.delimiter'] ?? ',',
        quote: properties['csv.quote'] ?? '"',
        escape: properties['csv.escape'] ?? '\\',
        null: '',
        header: header === 1,
        quoteAll: true,
      }
    default: {
      const quote = properties['csv.quote'] ?? '"'
      return {
        kind: 'delimited',
        codec,
        delimiter: properties['csv.delimiter'] ?? ',',
        quote,
        escape: properties['csv.escape'] ?? quote,
        null: properties['csv.null'] ?? '',
        // Readers that must guess (csv.header = auto) recognise names; Weir's own tables say what is there.
        header: header === 1 || (properties['csv.header'] !== 'false' && properties['skip.header.line.count'] === undefined),
        quoteAll: false,
      }
    }
  }
}
