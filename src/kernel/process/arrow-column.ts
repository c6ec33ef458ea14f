/** Fills Arrow buffers from the kernel's vectors: copies of memory where the layouts agree, no value becomes a JavaScript value. */
import { Buffer } from 'node:buffer'
import duckdb from '@duckdb/node-bindings'
import * as arrow from 'apache-arrow'

import { unreachable } from '#src/common/errors'
import { GrowingBits, GrowingBytes, GrowingOffsets } from './arrow-bytes.ts'
import type { ArrowType } from './protocol.ts'
import { addressAt } from './text-encoder.ts'

/** One column, or a child of one, of the record batch that is being filled. */
export interface ColumnFiller {
  readonly type: arrow.DataType
  /** Copies entries [start, start + count) of a vector. */
  append(vector: duckdb.Vector, start: number, count: number): void
  /** What was copied; the filler begins anew. */
  take(): arrow.Data
}

export function columnFiller(type: ArrowType): ColumnFiller {
  switch (type.kind) {
    case 'null':
      return nullFiller()
    case 'bool':
      return boolFiller()
    case 'int8':
      return fixedFiller(new arrow.Int8(), 1, Int8Array)
    case 'int16':
      return fixedFiller(new arrow.Int16(), 2, Int16Array)
    case 'int32':
      return fixedFiller(new arrow.Int32(), 4, Int32Array)
    case 'int64':
      return fixedFiller(new arrow.Int64(), 8, BigInt64Array)
    case 'float32':
      return fixedFiller(new arrow.Float32(), 4, Float32Array)
    case 'float64':
      return fixedFiller(new arrow.Float64(), 8, Float64Array)
    case 'date':
      return fixedFiller(new arrow.DateDay(), 4, Int32Array)
    case 'time':
      return fixedFiller(new arrow.TimeMicrosecond(), 8, BigInt64Array)
    case 'timestamp':
      return fixedFiller(new arrow.TimestampMicrosecond(null), 8, BigInt64Array)
    case 'timestamp-utc':
      return fixedFiller(new arrow.TimestampMicrosecond('UTC'), 8, BigInt64Array)
    case 'decimal':
      return decimalFiller(type.precision, type.scale)
    case 'utf8':
      return bytesFiller(new arrow.Utf8())
    case 'binary':
      return bytesFiller(new arrow.Binary())
    case 'list': {
      const element = columnFiller(type.element)
      return listFiller(new arrow.List(new arrow.Field('element', element.type, true)), element)
    }
    case 'map': {
      const entries = structFiller([
        { name: 'key', nullable: false, filler: columnFiller(type.key) },
        { name: 'value', nullable: true, filler: columnFiller(type.value) },
      ])
      return listFiller(new arrow.Map_(new arrow.Field('entries', entries.type as arrow.Struct, false)), entries)
    }
    case 'struct':
      return structFiller(type.fields.map((field) => ({ name: field.name, nullable: true, filler: columnFiller(field.type) })))
    default:
      return unreachable(type)
  }
}

/** The vector's own bitmap, or undefined when nothing is NULL. */
function validity(vector: duckdb.Vector, end: number): Uint8Array | undefined {
  const bits: Uint8Array | null | undefined = duckdb.vector_get_validity(vector, Math.ceil(end / 64) * 8)
  return bits ?? undefined
}

function isValid(bits: Uint8Array | undefined, at: number): boolean {
  return bits === undefined || ((bits[at >> 3] as number) & (1 << (at & 7))) !== 0
}

function appendValidity(target: GrowingBits, bits: Uint8Array | undefined, start: number, count: number): void {
  if (bits === undefined) target.pushOnes(count)
  else for (let at = start; at < start + count; at++) target.push(isValid(bits, at))
}

type TypedArray = new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayLike<number> | ArrayLike<bigint>

function fixedFiller(type: arrow.DataType, width: number, Values: TypedArray): ColumnFiller {
  const bytes = new GrowingBytes(1 << 16)
  const valid = new GrowingBits()
  return {
    type,
    append(vector, start, count) {
      bytes.append(duckdb.vector_get_data(vector, (start + count) * width).subarray(start * width))
      appendValidity(valid, validity(vector, start + count), start, count)
    },
    take() {
      const length = valid.length
      const { bytes: nullBitmap, zeros: nullCount } = valid.take()
      const data = bytes.take()
      return arrow.makeData({ type, length, nullCount, nullBitmap, data: new Values(data.buffer, data.byteOffset, length) } as never)
    },
  }
}

function nullFiller(): ColumnFiller {
  let length = 0
  return {
    type: new arrow.Null(),
    append: (_vector, _start, count) => {
      length += count
    },
    take() {
      const data = arrow.makeData({ type: new arrow.Null(), length })
      length = 0
      return data
    },
  }
}

function boolFiller(): ColumnFiller {
  const type = new arrow.Bool()
  const bits = new GrowingBits()
  const valid = new GrowingBits()
  return {
    type,
    append(vector, start, count) {
      const values = duckdb.vector_get_data(vector, start + count)
      for (let at = start; at < start + count; at++) bits.push(values[at] !== 0)
      appendValidity(valid, validity(vector, start + count), start, count)
    },
    take() {
      const length = valid.length
      const { bytes: nullBitmap, zeros: nullCount } = valid.take()
      return arrow.makeData({ type, length, nullCount, nullBitmap, data: bits.take().bytes })
    },
  }
}

/** The kernel stores up to 4 digits in 2 bytes, 9 in 4, 18 in 8, 38 in 16; Arrow always in 16. */
function decimalFiller(precision: number, scale: number): ColumnFiller {
  const type = new arrow.Decimal(scale, precision, 128)
  const width = precision <= 4 ? 2 : precision <= 9 ? 4 : precision <= 18 ? 8 : 16
  const bytes = new GrowingBytes(1 << 16)
  const valid = new GrowingBits()
  return {
    type,
    append(vector, start, count) {
      const data = duckdb.vector_get_data(vector, (start + count) * width)
      if (width === 16) bytes.append(data.subarray(start * 16))
      else widen(data, width, start, count, bytes.extend(count * 16))
      appendValidity(valid, validity(vector, start + count), start, count)
    },
    take() {
      const length = valid.length
      const { bytes: nullBitmap, zeros: nullCount } = valid.take()
      const data = bytes.take()
      return arrow.makeData({
        type,
        length,
        nullCount,
        nullBitmap,
        data: new Uint32Array(data.buffer, data.byteOffset, length * 4),
      } as never)
    },
  }
}

/** In halves of 4 bytes: 64-bit integers would be objects. */
function widen(data: Uint8Array, width: number, start: number, count: number, target: Uint8Array): void {
  const from = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const to = new DataView(target.buffer, target.byteOffset, target.byteLength)
  for (let index = 0; index < count; index++) {
    const at = (start + index) * width
    const low = width === 2 ? from.getInt16(at, true) : from.getInt32(at, true)
    const sign = (width === 8 ? from.getInt32(at + 4, true) : low) >> 31
    to.setInt32(index * 16, low, true)
    to.setInt32(index * 16 + 4, width === 8 ? from.getInt32(at + 4, true) : sign, true)
    to.setInt32(index * 16 + 8, sign, true)
    to.setInt32(index * 16 + 12, sign, true)
  }
}

const ENTRY_BYTES = 16
const INLINE_BYTES = 12

/** Text and binary: entries as text-encoder.ts describes them, neighbours in memory copied at once. */
function bytesFiller(type: arrow.Utf8 | arrow.Binary): ColumnFiller {
  const bytes = new GrowingBytes(1 << 16)
  const offsets = new GrowingOffsets()
  const valid = new GrowingBits()
  return {
    type,
    append(vector, start, count) {
      const entries = duckdb.vector_get_data(vector, (start + count) * ENTRY_BYTES)
      const view = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength)
      const bits = validity(vector, start + count)
      let run = -1
      let runBytes = 0
      let runEnd = 0
      const finishRun = () => {
        if (run >= 0) bytes.append(duckdb.get_data_from_pointer(entries.buffer as ArrayBuffer, entries.byteOffset + run + 8, runBytes))
        run = -1
        runBytes = 0
      }
      for (let at = start; at < start + count; at++) {
        const entry = at * ENTRY_BYTES
        // What a NULL's entry holds means nothing.
        const length = isValid(bits, at) ? view.readUInt32LE(entry) : 0
        if (length > INLINE_BYTES) {
          const pointer = addressAt(view, entry + 8)
          if (run >= 0 && pointer === runEnd) {
            runBytes += length
          } else {
            finishRun()
            run = entry
            runBytes = length
          }
          runEnd = pointer + length
        } else if (length > 0) {
          finishRun()
          bytes.appendShort(view, entry + 4, length)
        }
        offsets.push(bytes.length + runBytes)
      }
      finishRun()
      appendValidity(valid, bits, start, count)
    },
    take() {
      const length = valid.length
      const { bytes: nullBitmap, zeros: nullCount } = valid.take()
      const valueOffsets = offsets.take()
      return arrow.makeData({ type, length, nullCount, nullBitmap, valueOffsets, data: bytes.take() } as never)
    },
  }
}

/** Lists and maps: the kernel's entries are (offset, length) into a child vector, in any order; Arrow's lie one behind the other. */
function listFiller(type: arrow.DataType, element: ColumnFiller): ColumnFiller {
  const offsets = new GrowingOffsets()
  const valid = new GrowingBits()
  let total = 0
  return {
    type,
    append(vector, start, count) {
      const entries = duckdb.vector_get_data(vector, (start + count) * 16)
      const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength)
      const bits = validity(vector, start + count)
      const child = duckdb.list_vector_get_child(vector)
      let from = 0
      let length = 0
      for (let at = start; at < start + count; at++) {
        const entryLength = isValid(bits, at) ? Number(view.getBigUint64(at * 16 + 8, true)) : 0
        if (entryLength > 0) {
          const entryFrom = Number(view.getBigUint64(at * 16, true))
          if (entryFrom !== from + length) {
            if (length > 0) element.append(child, from, length)
            from = entryFrom
            length = 0
          }
          length += entryLength
          total += entryLength
        }
        offsets.push(total)
      }
      if (length > 0) element.append(child, from, length)
      appendValidity(valid, bits, start, count)
    },
    take() {
      const length = valid.length
      const { bytes: nullBitmap, zeros: nullCount } = valid.take()
      const valueOffsets = offsets.take()
      total = 0
      return arrow.makeData({ type, length, nullCount, nullBitmap, valueOffsets, child: element.take() } as never)
    },
  }
}

function structFiller(
  fields: readonly { readonly name: string; readonly nullable: boolean; readonly filler: ColumnFiller }[],
): ColumnFiller {
  const type = new arrow.Struct(fields.map((field) => new arrow.Field(field.name, field.filler.type, field.nullable)))
  const valid = new GrowingBits()
  return {
    type,
    append(vector, start, count) {
      for (const [index, field] of fields.entries()) field.filler.append(duckdb.struct_vector_get_child(vector, index), start, count)
      appendValidity(valid, validity(vector, start + count), start, count)
    },
    take() {
      const length = valid.length
      const { bytes: nullBitmap, zeros: nullCount } = valid.take()
      return arrow.makeData({ type, length, nullCount, nullBitmap, children: fields.map((field) => field.filler.take()) } as never)
    },
  }
}
