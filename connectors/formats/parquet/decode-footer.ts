import type { DictionaryCodec } from './dictionary-page.ts'
import type { ByteRange, ColumnChunk, ColumnStatistics, DictionaryPage, ParquetFooter, RowGroup } from './footer.ts'
import { readEncodingStats, readEncodings, tellDictionaryOnly } from './page-encodings.ts'
import { buildSchema, type FileSchema } from './schema.ts'
import { readSchemaElement, type SchemaElement } from './schema-element.ts'
import { type BoundsDecoder, boundsDecoder, decodeStatistics, type RawStatistics, readStatistics } from './statistics.ts'
import { CompactReader, ThriftError, WIRE } from './thrift-compact.ts'

/** A file that is sound but uses what Weir cannot read: encryption, column data in other files. */
export class UnsupportedFooter extends Error {}

/** Every file begins with this; the first chunk cannot start before its end. */
const MAGIC_LENGTH = 4

/**
 * Decodes a serialized FileMetaData. `metadata` is kept in the result. `footerSize` counts it, its length and the magic.
 * Throws ThriftError for bytes that are no sound footer, UnsupportedFooter.
 */
export function decodeFooter(metadata: Uint8Array, fileSize: number): ParquetFooter {
  const reader = new CompactReader(metadata)
  const footerSize = metadata.length + 8
  let elements: Uint8Array | undefined
  let rows = 0
  let createdBy: string | undefined
  let groups: number | undefined
  let orders: boolean[] | undefined
  reader.struct((id) => {
    const start = reader.offset
    if (id === 2) {
      reader.skip(WIRE.LIST)
      elements = metadata.subarray(start, reader.offset)
    } else if (id === 3) rows = reader.i64()
    else if (id === 4) {
      groups = start
    } else if (id === 6) createdBy = reader.text()
    else if (id === 7) orders = readColumnOrders(reader)
    else if (id === 8) throw new UnsupportedFooter('it is encrypted')
  })
  if (elements === undefined || groups === undefined) throw new ThriftError('the schema or the row groups are missing')
  const schema = internSchema(elements)
  const context: Context = {
    schema,
    reader: new CompactReader(metadata, groups),
    orders,
    dataEnd: fileSize - footerSize,
    slack: miscountsDictionary(createdBy) ? DICTIONARY_SLACK : 0,
    filters: !leavesOutFilteredValues(createdBy),
    places: { starts: [], unmeasured: [] },
  }
  const rowGroups: RowGroup[] = []
  context.reader.list(() => rowGroups.push(readRowGroup(context)))
  measureFilters(context)
  const counted = rowGroups.reduce((sum, group) => sum + group.rows, 0)
  if (counted !== rows) throw new ThriftError(`the footer counts ${rows} rows, its row groups ${counted}`)
  return { fileSize, footerSize, rows, createdBy, columns: schema.columns, rowGroups, metadata }
}

interface Context {
  readonly schema: DecodedSchema
  readonly reader: CompactReader
  /** Undefined: the file does not say, which means the types' own order. */
  readonly orders: readonly boolean[] | undefined
  /** Offset of the footer: no chunk reaches beyond it. */
  readonly dataEnd: number
  readonly slack: number
  /** Bloom filters hold all values. */
  readonly filters: boolean
  readonly places: FilterPlaces
}

/** Bloom filters whose length the file does not tell, and where everything that may lie behind one begins. */
interface FilterPlaces {
  readonly starts: number[]
  readonly unmeasured: { readonly start: number; length: number }[]
}

interface DecodedSchema extends FileSchema {
  /** One a leaf. */
  readonly decoders: readonly (BoundsDecoder | undefined)[]
}

/**
 * A table's files nearly always have one schema: it is decoded once, and equal schemas are the same object, which makes
 * grouping files by schema a comparison of references.
 */
const schemas = new Map<string, DecodedSchema>()
const MAX_SCHEMAS = 512

function internSchema(bytes: Uint8Array): DecodedSchema {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const known = schemas.get(key)
  if (known !== undefined) return known
  const elements: SchemaElement[] = []
  const reader = new CompactReader(bytes)
  reader.list(() => elements.push(readSchemaElement(reader)))
  const schema = buildSchema(elements)
  const decoded = { ...schema, decoders: schema.leaves.map((leaf) => (leaf.flat ? boundsDecoder(leaf.element) : undefined)) }
  if (schemas.size >= MAX_SCHEMAS) schemas.delete(schemas.keys().next().value as string)
  schemas.set(key, decoded)
  return decoded
}

/** For each leaf whether its bounds are in the type's own order. */
function readColumnOrders(reader: CompactReader): boolean[] {
  const orders: boolean[] = []
  reader.list(() => {
    let typeDefined = false
    reader.struct((id) => {
      typeDefined = id === 1
    })
    orders.push(typeDefined)
  })
  return orders
}

/** parquet-mr before 1.2.9 left the dictionary page's header out of total_compressed_size; it is at most so long. */
const DICTIONARY_SLACK = 100

function miscountsDictionary(createdBy: string | undefined): boolean {
  const version = /^parquet-mr(?: version (\d+)\.(\d+)\.(\d+))?/.exec(createdBy ?? '')
  if (version === null) return false
  const [major, minor, patch] = version.slice(1).map(Number) as [number, number, number]
  if (Number.isNaN(major)) return true
  return major < 1 || (major === 1 && (minor < 2 || (minor === 2 && patch < 9)))
}

/** The first versions of Trino's own writer did not add what a dictionary held to the filter (trinodb/trino#22701, mended in autumn 2024). */
const TRINO_FILTERS_SINCE = 465

function leavesOutFilteredValues(createdBy: string | undefined): boolean {
  const version = /^parquet-mr-trino version (\d*)/.exec(createdBy ?? '')
  return version !== null && Number(version[1]) < TRINO_FILTERS_SINCE
}

function readRowGroup(context: Context): RowGroup {
  const { reader, schema } = context
  const ranges: ByteRange[][] = schema.columns.map(() => [])
  const statistics: (ColumnStatistics | undefined)[] = schema.columns.map(() => undefined)
  const valueBytes: (number | undefined)[] = schema.columns.map(() => undefined)
  const bloomFilters: (ByteRange | undefined)[] = schema.columns.map(() => undefined)
  const dictionaries: (DictionaryPage | undefined)[] = schema.columns.map(() => undefined)
  let rows: number | undefined
  let leaves = 0
  reader.struct((id) => {
    if (id === 1) {
      reader.list((_type, index) => {
        leaves++
        const leaf = schema.leaves[index]
        if (leaf === undefined) throw new ThriftError('a row group has more column chunks than the schema has leaves')
        const chunk = readChunk(context)
        if (chunk.range.length > 0) ranges[leaf.column]?.push(chunk.range)
        if (leaf.flat) {
          valueBytes[leaf.column] = chunk.valueBytes
          bloomFilters[leaf.column] = chunk.bloomFilter
          dictionaries[leaf.column] = chunk.dictionary
        }
        if (leaf.flat && chunk.statistics !== undefined)
          statistics[leaf.column] = decodeStatistics(
            chunk.statistics,
            schema.decoders[index],
            context.orders?.[index] ?? context.orders === undefined,
          )
      })
    } else if (id === 3) rows = reader.i64()
  })
  if (rows === undefined || rows < 0) throw new ThriftError('a row group has no number of rows')
  if (leaves !== schema.leaves.length) throw new ThriftError('a row group has fewer column chunks than the schema has leaves')
  const chunks = ranges.map((range, column): ColumnChunk => {
    const bytes = valueBytes[column]
    const bloomFilter = bloomFilters[column]
    const dictionary = dictionaries[column]
    return {
      ranges: range,
      statistics: statistics[column],
      ...(bytes !== undefined && { valueBytes: bytes }),
      ...(bloomFilter && { bloomFilter }),
      ...(dictionary && { dictionary }),
    }
  })
  return { rows, chunks }
}

interface ReadChunk {
  readonly range: ByteRange
  readonly statistics: RawStatistics | undefined
  readonly valueBytes: number | undefined
  readonly bloomFilter: ByteRange | undefined
  readonly dictionary: DictionaryPage | undefined
}

function readChunk(context: Context): ReadChunk {
  const { reader } = context
  let range: ByteRange | undefined
  let statistics: RawStatistics | undefined
  let uncompressed: number | undefined
  let unencoded: number | undefined
  let bloomStart = 0
  let bloomLength = 0
  let dictionary: DictionaryPage | undefined
  reader.struct((id) => {
    if (id === 1) {
      if (reader.binary().length > 0) throw new UnsupportedFooter('its column data is in other files')
    } else if (id === 8 || id === 9) throw new UnsupportedFooter('it has encrypted columns')
    else if (id === 4 || id === 6) context.places.starts.push(reader.i64())
    else if (id === 3) {
      let data = 0
      let index = 0
      let first = 0
      let size = -1
      let codec = -1
      let encodings: readonly number[] = []
      let dictionaryOnly: boolean | undefined
      reader.struct((field) => {
        if (field === 2) encodings = readEncodings(reader)
        else if (field === 4) codec = reader.i32()
        else if (field === 6) uncompressed = reader.i64()
        else if (field === 7) size = reader.i64()
        else if (field === 9) data = reader.i64()
        else if (field === 10) index = reader.i64()
        else if (field === 11) first = reader.i64()
        else if (field === 12) statistics = readStatistics(reader)
        else if (field === 13) dictionaryOnly = readEncodingStats(reader)
        else if (field === 14) bloomStart = reader.i64()
        else if (field === 15) bloomLength = reader.i32()
        else if (field === 16)
          reader.struct((part) => {
            if (part === 1) unencoded = reader.i64()
          })
      })
      range = chunkRange(context, [data, index, first], size)
      if (dictionaryOnly ?? tellDictionaryOnly(encodings)) dictionary = dictionaryPage(range, first, data, codec)
    }
  })
  if (range === undefined) throw new ThriftError('a column chunk has no metadata')
  context.places.starts.push(range.start)
  return {
    range,
    statistics,
    valueBytes: unencoded ?? uncompressed,
    bloomFilter: filterRange(context, bloomStart, bloomLength),
    dictionary,
  }
}

/** Numbers of parquet.thrift's CompressionCodec. */
const CODECS: Readonly<Record<number, DictionaryCodec>> = { 0: 'uncompressed', 2: 'gzip', 4: 'brotli', 6: 'zstd' }

/** Longer ones are not worth the look. */
const LONGEST_DICTIONARY = 1024 * 1024

/** Undefined where its place does not fit, or it cannot be decompressed here. */
function dictionaryPage(chunk: ByteRange, first: number, data: number, number: number): DictionaryPage | undefined {
  const codec = CODECS[number]
  const length = data - first
  if (codec === undefined || first < chunk.start || first < MAGIC_LENGTH || length <= 0 || length > LONGEST_DICTIONARY) return undefined
  return data <= chunk.start + chunk.length ? { start: first, length, codec } : undefined
}

/** Undefined where there is none. A filter is not needed to read the file: one at an impossible place is none. */
function filterRange({ filters, places, dataEnd }: Context, start: number, length: number): ByteRange | undefined {
  if (!filters || start < MAGIC_LENGTH || length < 0 || start + length > dataEnd) return undefined
  places.starts.push(start)
  if (length > 0) return { start, length }
  const unmeasured = { start, length: 0 }
  places.unmeasured.push(unmeasured)
  return unmeasured
}

/** Where the file does not tell a filter's length, it ends before the next thing that the footer knows of. */
function measureFilters({ places: { starts, unmeasured }, dataEnd }: Context): void {
  if (unmeasured.length === 0) return
  const sorted = [...starts, dataEnd].sort((left, right) => left - right)
  let next = 0
  for (const filter of unmeasured.toSorted((left, right) => left.start - right.start)) {
    while ((sorted[next] ?? dataEnd) <= filter.start && next < sorted.length) next++
    filter.length = (sorted[next] ?? filter.start) - filter.start
  }
}

/** A chunk begins at its first page. Old writers leave the dictionary's offset 0 or point data_page_offset at the dictionary. */
function chunkRange(context: Context, offsets: readonly number[], size: number): ByteRange {
  if (size < 0) throw new ThriftError('a column chunk has no size')
  if (size === 0) return { start: 0, length: 0 }
  const start = Math.min(...offsets.filter((offset) => offset > 0))
  if (!(start >= MAGIC_LENGTH) || start + size > context.dataEnd) throw new ThriftError('a column chunk lies outside of the file')
  return { start, length: Math.min(size + context.slack, context.dataEnd - start) }
}
