/**
 * A footer for some of a file's row groups. Everything is copied byte by byte (statistics, key-value metadata, logical types, fields
 * that this code does not know), except what would lead a reader to bytes that are not there:
 *
 *     FileMetaData.num_rows          the kept row groups' rows
 *     FileMetaData.row_groups        the kept ones, in order
 *     ColumnChunk 4-7                offset and column index references: dropped
 *     ColumnMetaData 14, 15          bloom filter reference: dropped
 *
 * Offsets stay: the unit that ends with this footer keeps each chunk where the object has it.
 */
import { QueryError } from '#src/common/errors'
import type { ParquetFooter } from './footer.ts'
import { CompactReader, WIRE } from './thrift-compact.ts'
import { CompactWriter } from './thrift-writer.ts'

const FILE = { NUM_ROWS: 3, ROW_GROUPS: 4 } as const
const ROW_GROUP = { COLUMNS: 1 } as const
const CHUNK = { META_DATA: 3, FIRST_INDEX_REFERENCE: 4, LAST_INDEX_REFERENCE: 7 } as const
const CHUNK_METADATA = { BLOOM_OFFSET: 14, BLOOM_LENGTH: 15 } as const
const MAGIC = new Uint8Array([0x50, 0x41, 0x52, 0x31])

/** FileMetaData, its length and the magic: the end of a unit. `rowGroups`: indexes, ascending, each once. */
export function spliceFooter(footer: ParquetFooter, rowGroups: readonly number[]): Uint8Array {
  const kept = new Set(rowGroups)
  let rows = 0
  for (const index of kept) {
    const group = footer.rowGroups[index]
    if (group === undefined)
      throw new QueryError('GENERIC_INTERNAL_ERROR', `Row group ${index} of ${footer.rowGroups.length} does not exist`)
    rows += group.rows
  }
  const reader = new CompactReader(footer.metadata)
  const writer = new CompactWriter(footer.metadata.length + 16)
  copyStruct(reader, writer, (id) => {
    if (id === FILE.NUM_ROWS) {
      reader.i64()
      return () => writer.integer(rows)
    }
    if (id === FILE.ROW_GROUPS) return () => copyRowGroups(reader, writer, kept)
    return 'copy'
  })
  const length = writer.written.length
  const trailer = new Uint8Array(8)
  new DataView(trailer.buffer).setUint32(0, length, true)
  trailer.set(MAGIC, 4)
  writer.raw(trailer)
  return Uint8Array.from(writer.written)
}

/** What becomes of a field: copied as it is, left out, or written by a function after its header. */
type Treatment = 'copy' | 'drop' | (() => void)

function copyStruct(reader: CompactReader, writer: CompactWriter, treat: (id: number) => Treatment): void {
  let previous = 0
  reader.struct((id, type) => {
    const treatment = treat(id)
    if (treatment === 'drop') {
      reader.skip(type)
      return
    }
    writer.field(id, previous, type)
    previous = id
    if (treatment === 'copy') copyValue(reader, writer, type)
    else treatment()
  })
  writer.byte(WIRE.STOP)
}

function copyValue(reader: CompactReader, writer: CompactWriter, type: number): void {
  const start = reader.offset
  reader.skip(type)
  writer.raw(reader.bytes.subarray(start, reader.offset))
}

function copyRowGroups(reader: CompactReader, writer: CompactWriter, kept: ReadonlySet<number>): void {
  const { type, size } = reader.listHead()
  writer.list(type, kept.size)
  for (let index = 0; index < size; index++) {
    if (kept.has(index)) copyStruct(reader, writer, (id) => (id === ROW_GROUP.COLUMNS ? () => copyChunks(reader, writer) : 'copy'))
    else reader.skip(type)
  }
}

function copyChunks(reader: CompactReader, writer: CompactWriter): void {
  const { type, size } = reader.listHead()
  writer.list(type, size)
  for (let index = 0; index < size; index++) {
    copyStruct(reader, writer, (id) => {
      if (id >= CHUNK.FIRST_INDEX_REFERENCE && id <= CHUNK.LAST_INDEX_REFERENCE) return 'drop'
      return id === CHUNK.META_DATA ? () => copyStruct(reader, writer, keepUnlessBloom) : 'copy'
    })
  }
}

function keepUnlessBloom(id: number): Treatment {
  return id === CHUNK_METADATA.BLOOM_OFFSET || id === CHUNK_METADATA.BLOOM_LENGTH ? 'drop' : 'copy'
}
