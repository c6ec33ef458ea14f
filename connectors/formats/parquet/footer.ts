/** A Parquet file's footer, as far as pruning and scanning need it. Decoded once per object version and cached. */
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { DictionaryCodec } from './dictionary-page.ts'
import type { PhysicalType } from './schema-element.ts'

export interface ParquetFooter {
  /** Bytes of the whole file and of footer + length + magic at its end. */
  readonly fileSize: number
  readonly footerSize: number
  readonly rows: number
  readonly createdBy: string | undefined
  /** Top-level columns in file order. */
  readonly columns: readonly ParquetColumn[]
  readonly rowGroups: readonly RowGroup[]
  /** The serialized FileMetaData itself, for the splicer. */
  readonly metadata: Uint8Array
}

export interface ParquetColumn {
  /** As spelled in the file. */
  readonly name: string
  /** By the rules of CONTRACT.md section 3; undefined when Weir cannot read it (`unsupported` says why). */
  readonly type: Type | undefined
  readonly unsupported: string | undefined
  /** Physical storage differs from the type's usual one in a way that the kernel's reader must be told of or cast from, e.g. 'uint64', 'int96', 'nanos'. */
  readonly physical: string
  /** How the values of a flat column are stored; undefined for nested ones. */
  readonly primitive?: Primitive
}

export interface Primitive {
  readonly type: PhysicalType
  /** Bytes of a FIXED_LEN_BYTE_ARRAY, else 0. */
  readonly length: number
}

export interface RowGroup {
  readonly rows: number
  /** One entry a top-level column, in the order of ParquetFooter.columns; a nested column's leaves are joined. */
  readonly chunks: readonly ColumnChunk[]
}

export interface ColumnChunk {
  /** Byte ranges of the leaf chunks, dictionary page included. */
  readonly ranges: readonly ByteRange[]
  /** Only for flat columns whose bounds are trustworthy for their type (rules in parquet/statistics.ts). */
  readonly statistics: ColumnStatistics | undefined
  /** Of a flat column's values: as they are where the writer tells (texts and binaries), else uncompressed as they are encoded. */
  readonly valueBytes?: number
  /** Of a flat column: where its bloom filter lies; what follows it may be in the range as well, for some writers do not tell its length. */
  readonly bloomFilter?: ByteRange
  /** Of a flat column: its dictionary page, where all of its data pages refer to it and Node can decompress it. */
  readonly dictionary?: DictionaryPage
}

export interface DictionaryPage extends ByteRange {
  readonly codec: DictionaryCodec
}

export interface ByteRange {
  readonly start: number
  readonly length: number
}

/**
 * Bounds in the column's Trino type (src/types/value.ts), exact integers for decimals and timestamps, never floats made of them.
 * Strings are bounded in code point order. Float bounds say nothing of NaN values, which may be there beside them.
 */
export interface ColumnStatistics {
  /** Undefined: unknown. */
  readonly nullCount: number | undefined
  /** Of the values that are there; few writers say it. */
  readonly distinctCount?: number | undefined
  readonly min: Value | undefined
  readonly max: Value | undefined
  /** The bound is a value that occurs (not truncated, not widened): needed for metadata-only min/max. */
  readonly minExact: boolean
  readonly maxExact: boolean
}
