/** The kernel's vectors as JavaScript values and back, for the functions that are computed in JavaScript. */
import { Buffer } from 'node:buffer'
import duckdb from '@duckdb/node-bindings'
import type { ComputedType, ComputedValue } from '#src/functions/computed/computed-function'

export type WrittenValue = ComputedValue | null

const ENTRY_BYTES = 16
const INLINE_BYTES = 12
/** A copy of neighbouring texts holds no more than this. */
const LONGEST_RUN = 1 << 20

/** All values of a vector; NULL is null. */
export function readVector(vector: duckdb.Vector, type: ComputedType, rows: number): readonly (ComputedValue | null)[] {
  const values = readValues(vector, type, rows)
  const validity = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8)
  if (validity === null || validity === undefined) return values
  for (let row = 0; row < rows; row++) if (((validity[row >> 3] as number) & (1 << (row & 7))) === 0) values[row] = null
  return values
}

function readValues(vector: duckdb.Vector, type: ComputedType, rows: number): (ComputedValue | null)[] {
  switch (type) {
    case 'VARCHAR':
      return readEntries(vector, rows, (bytes, start, end) => bytes.toString('utf8', start, end))
    case 'BLOB':
      return readEntries(vector, rows, (bytes, start, end) => Uint8Array.prototype.slice.call(bytes, start, end))
    case 'BIGINT':
      return fixed(vector, rows, 8, (view, at) => view.getBigInt64(at, true))
    case 'INTEGER':
      return fixed(vector, rows, 4, (view, at) => view.getInt32(at, true))
    case 'FLOAT':
      return fixed(vector, rows, 4, (view, at) => view.getFloat32(at, true))
    case 'DOUBLE':
      return fixed(vector, rows, 8, (view, at) => view.getFloat64(at, true))
    case 'BOOLEAN':
      return fixed(vector, rows, 1, (view, at) => view.getUint8(at) !== 0)
    case 'VARCHAR[]':
      throw new TypeError('Lists are results only')
  }
}

function fixed(
  vector: duckdb.Vector,
  rows: number,
  size: number,
  read: (view: DataView, at: number) => ComputedValue,
): (ComputedValue | null)[] {
  const bytes = duckdb.vector_get_data(vector, rows * size)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: rows }, (_, row) => read(view, row * size))
}

/** Texts and bytes; see text-encoder.ts for the entries. What NULL rows hold is not looked at. */
function readEntries(
  vector: duckdb.Vector,
  rows: number,
  read: (bytes: Buffer, start: number, end: number) => ComputedValue,
): (ComputedValue | null)[] {
  const entries = duckdb.vector_get_data(vector, rows * ENTRY_BYTES)
  const view = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength)
  const validity = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8)
  const isNull = (row: number) => validity !== null && validity !== undefined && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0
  const values: (ComputedValue | null)[] = new Array(rows).fill(null)
  let row = 0
  while (row < rows) {
    const entry = row * ENTRY_BYTES
    if (isNull(row)) {
      row++
      continue
    }
    const length = view.readUInt32LE(entry)
    if (length <= INLINE_BYTES) {
      values[row++] = read(view, entry + 4, entry + 4 + length)
      continue
    }
    const lengths = [length]
    let total = length
    let end = view.readBigUInt64LE(entry + 8) + BigInt(length)
    for (let next = row + 1; next < rows && total < LONGEST_RUN && !isNull(next); next++) {
      const at = next * ENTRY_BYTES
      const nextLength = view.readUInt32LE(at)
      if (nextLength <= INLINE_BYTES || view.readBigUInt64LE(at + 8) !== end) break
      lengths.push(nextLength)
      total += nextLength
      end += BigInt(nextLength)
    }
    const copied = duckdb.get_data_from_pointer(entries.buffer as ArrayBuffer, entries.byteOffset + entry + 8, total)
    const bytes = Buffer.from(copied.buffer, copied.byteOffset, copied.byteLength)
    let at = 0
    for (const size of lengths) {
      values[row++] = read(bytes, at, at + size)
      at += size
    }
  }
  return values
}

/** Fills the output vector of a call, whose length is that of `values`. */
export function writeVector(vector: duckdb.Vector, type: ComputedType, values: readonly WrittenValue[]): void {
  writeNulls(vector, values)
  switch (type) {
    case 'VARCHAR':
      writeTexts(vector, values)
      return
    case 'BLOB':
      for (let row = 0; row < values.length; row++)
        if (values[row] !== null) duckdb.vector_assign_string_element_len(vector, row, values[row] as Uint8Array)
      return
    case 'BIGINT':
      writeFixed(vector, values, 8, (view, at, value) => view.setBigInt64(at, value as bigint, true))
      return
    case 'INTEGER':
      writeFixed(vector, values, 4, (view, at, value) => view.setInt32(at, value as number, true))
      return
    case 'FLOAT':
      writeFixed(vector, values, 4, (view, at, value) => view.setFloat32(at, value as number, true))
      return
    case 'DOUBLE':
      writeFixed(vector, values, 8, (view, at, value) => view.setFloat64(at, value as number, true))
      return
    case 'BOOLEAN':
      writeFixed(vector, values, 1, (view, at, value) => view.setUint8(at, value ? 1 : 0))
      return
    case 'VARCHAR[]':
      writeLists(vector, values as readonly (readonly (string | null)[] | null)[])
      return
  }
}

function writeTexts(vector: duckdb.Vector, values: readonly WrittenValue[]): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as string | null
    if (value === null) continue
    // Texts with NUL end at it unless their length is told.
    if (value.includes('\0')) duckdb.vector_assign_string_element_len(vector, row, Buffer.from(value))
    else duckdb.vector_assign_string_element(vector, row, value)
  }
}

function writeNulls(vector: duckdb.Vector, values: readonly WrittenValue[]): void {
  if (!values.includes(null)) return
  duckdb.vector_ensure_validity_writable(vector)
  const bits = new Uint8Array(Math.ceil(values.length / 64) * 8)
  for (let row = 0; row < values.length; row++) if (values[row] !== null) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7))
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength)
}

function writeFixed(
  vector: duckdb.Vector,
  values: readonly WrittenValue[],
  size: number,
  write: (view: DataView, at: number, value: ComputedValue) => void,
): void {
  const buffer = new ArrayBuffer(values.length * size)
  const view = new DataView(buffer)
  for (let row = 0; row < values.length; row++) if (values[row] !== null) write(view, row * size, values[row] as ComputedValue)
  duckdb.copy_data_to_vector(vector, 0, buffer, 0, buffer.byteLength)
}

function writeLists(vector: duckdb.Vector, values: readonly (readonly (string | null)[] | null)[]): void {
  const items = values.flatMap((value) => value ?? [])
  duckdb.list_vector_reserve(vector, items.length)
  duckdb.list_vector_set_size(vector, items.length)
  const entries = new BigUint64Array(values.length * 2)
  let offset = 0
  for (let row = 0; row < values.length; row++) {
    const length = values[row]?.length ?? 0
    entries[row * 2] = BigInt(offset)
    entries[row * 2 + 1] = BigInt(length)
    offset += length
  }
  duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength)
  if (items.length === 0) return
  const child = duckdb.list_vector_get_child(vector)
  writeNulls(child, items)
  writeTexts(child, items)
}
