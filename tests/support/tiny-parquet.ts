/** Writes Parquet files of forms that today's writers no longer make: one row group, PLAIN, uncompressed. */
import { WIRE } from '#connectors/formats/parquet/thrift-compact'
import { CompactWriter } from '#connectors/formats/parquet/thrift-writer'

export interface TinyElement {
  readonly name: string
  /** Number of parquet.thrift's Type; absent for a group. */
  readonly type?: number
  /** 0 required, 1 optional, 2 repeated. */
  readonly repetition?: number
  readonly children?: number
  readonly converted?: number
  readonly scale?: number
  readonly precision?: number
}

export interface TinyColumn {
  readonly path: readonly string[]
  readonly type: number
  /** PLAIN encoding of the values that are there. */
  readonly values: Uint8Array
  /** One a value or NULL; absent where the maximum is 0. */
  readonly definition?: readonly number[]
  readonly repetition?: readonly number[]
  readonly count: number
  /** Fields of Statistics by id. */
  readonly statistics?: Readonly<Record<number, Uint8Array>>
}

export const int32s = (...values: readonly number[]): Uint8Array => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeInt32LE(value, index * 4)
  return bytes
}
export const byteArrays = (...values: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(values.flatMap((value) => [int32s(value.length), value]))

export function tinyParquet(schema: readonly TinyElement[], columns: readonly TinyColumn[], rows: number): Buffer {
  const parts: Uint8Array[] = [Buffer.from('PAR1')]
  let offset = 4
  const chunks = columns.map((column) => {
    const page = pageOf(column)
    const chunk = { column, offset, size: page.length }
    parts.push(page)
    offset += page.length
    return chunk
  })
  const w = new CompactWriter(1024)
  const i32 = (id: number, previous: number, value: number) => {
    w.field(id, previous, WIRE.I32)
    w.integer(value)
  }
  const i64 = (id: number, previous: number, value: number) => {
    w.field(id, previous, WIRE.I64)
    w.integer(value)
  }
  const bytes = (value: Uint8Array) => {
    w.varint(value.length)
    w.raw(value)
  }
  i32(1, 0, 1)
  w.field(2, 1, WIRE.LIST)
  w.list(WIRE.STRUCT, schema.length)
  for (const element of schema) {
    let last = 0
    const put = (id: number, value: number | undefined) => {
      if (value === undefined) return
      i32(id, last, value)
      last = id
    }
    put(1, element.type)
    put(3, element.repetition)
    w.field(4, last, WIRE.BINARY)
    bytes(Buffer.from(element.name))
    last = 4
    put(5, element.children)
    put(6, element.converted)
    put(7, element.scale)
    put(8, element.precision)
    w.byte(WIRE.STOP)
  }
  i64(3, 2, rows)
  w.field(4, 3, WIRE.LIST)
  w.list(WIRE.STRUCT, 1)
  w.field(1, 0, WIRE.LIST)
  w.list(WIRE.STRUCT, chunks.length)
  for (const chunk of chunks) {
    i64(2, 0, chunk.offset)
    w.field(3, 2, WIRE.STRUCT)
    i32(1, 0, chunk.column.type)
    w.field(2, 1, WIRE.LIST)
    w.list(WIRE.I32, 2)
    w.integer(0)
    w.integer(3)
    w.field(3, 2, WIRE.LIST)
    w.list(WIRE.BINARY, chunk.column.path.length)
    for (const name of chunk.column.path) bytes(Buffer.from(name))
    i32(4, 3, 0)
    i64(5, 4, chunk.column.count)
    i64(6, 5, chunk.size)
    i64(7, 6, chunk.size)
    i64(9, 7, chunk.offset)
    if (chunk.column.statistics !== undefined) {
      w.field(12, 9, WIRE.STRUCT)
      let last = 0
      for (const [id, value] of Object.entries(chunk.column.statistics)) {
        w.field(Number(id), last, WIRE.BINARY)
        bytes(value)
        last = Number(id)
      }
      w.byte(WIRE.STOP)
    }
    w.byte(WIRE.STOP)
    w.byte(WIRE.STOP)
  }
  i64(2, 1, offset)
  i64(3, 2, rows)
  w.byte(WIRE.STOP)
  w.byte(WIRE.STOP)
  const footer = Buffer.from(w.written)
  return Buffer.concat([...parts, footer, int32s(footer.length), Buffer.from('PAR1')])
}

function pageOf(column: TinyColumn): Buffer {
  const body = Buffer.concat([levels(column.repetition), levels(column.definition), column.values])
  const w = new CompactWriter(64)
  const i32 = (id: number, value: number) => {
    w.field(id, id - 1, WIRE.I32)
    w.integer(value)
  }
  i32(1, 0)
  i32(2, body.length)
  i32(3, body.length)
  w.field(5, 3, WIRE.STRUCT)
  i32(1, column.count)
  i32(2, 0)
  i32(3, 3)
  i32(4, 3)
  w.byte(WIRE.STOP)
  w.byte(WIRE.STOP)
  return Buffer.concat([w.written, body])
}

/** Runs of one, each a header and the level in a byte. */
function levels(values: readonly number[] | undefined): Uint8Array {
  if (values === undefined) return new Uint8Array()
  const runs = Buffer.from(values.flatMap((value) => [2, value]))
  return Buffer.concat([int32s(runs.length), runs])
}
