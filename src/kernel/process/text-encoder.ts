/**
 * Text rows that the kernel has built pass on as bytes: no JavaScript value is ever made of them.
 *
 * A text vector is an array of 16-byte entries: length, then the bytes themselves (up to 12) or a 4-byte prefix and a
 * pointer. The rows of a vector that one function made lie side by side in the vector's heap, so neighbours are merged
 * and copied by one native call. Entries are merged only while one ends exactly where the next begins: every byte
 * copied belongs to a row.
 */
import { Buffer } from 'node:buffer'
import duckdb from '@duckdb/node-bindings'

import type { FrameSink } from './frame-sink.ts'

const ENTRY_BYTES = 16
const INLINE_BYTES = 12

const HIGH = 2 ** 32
/** Addresses above 2^53 would not be exact. */
const MOST_HIGH = 2 ** 21 - 1

/** An address as a number, which costs no memory as a bigint does; NaN, which equals no other, for one too high to be exact. */
export function addressAt(view: Buffer, at: number): number {
  const high = view.readUInt32LE(at + 4)
  return high > MOST_HIGH ? Number.NaN : high * HIGH + view.readUInt32LE(at)
}

/** Appends all rows of the chunk's first column, which holds no NULL, to the sink in order. */
export function appendTextRows(chunk: duckdb.DataChunk, sink: FrameSink): void {
  const rows = duckdb.data_chunk_get_size(chunk)
  if (rows === 0) return
  const vector = duckdb.data_chunk_get_vector(chunk, 0)
  const entries = duckdb.vector_get_data(vector, rows * ENTRY_BYTES)
  const view = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength)
  let row = 0
  while (row < rows) {
    const entry = row * ENTRY_BYTES
    const length = view.readUInt32LE(entry)
    if (length <= INLINE_BYTES) {
      sink.appendShort(view, entry + 4, length)
      row++
      continue
    }
    let total = length
    let end = addressAt(view, entry + 8) + length
    let next = row + 1
    while (next < rows && total < sink.room) {
      const at = next * ENTRY_BYTES
      const nextLength = view.readUInt32LE(at)
      if (nextLength <= INLINE_BYTES || addressAt(view, at + 8) !== end) break
      total += nextLength
      end += nextLength
      next++
    }
    sink.append(duckdb.get_data_from_pointer(entries.buffer as ArrayBuffer, entries.byteOffset + entry + 8, total), next - row)
    row = next
  }
}

/** The same, one entry at a time through its own pointer: what appendTextRows is tested against. */
export function appendTextRowsPlainly(chunk: duckdb.DataChunk, sink: FrameSink): void {
  const rows = duckdb.data_chunk_get_size(chunk)
  if (rows === 0) return
  const entries = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, 0), rows * ENTRY_BYTES)
  const view = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength)
  for (let row = 0; row < rows; row++) {
    const entry = row * ENTRY_BYTES
    const length = view.readUInt32LE(entry)
    sink.append(
      length <= INLINE_BYTES
        ? view.subarray(entry + 4, entry + 4 + length)
        : duckdb.get_data_from_pointer(entries.buffer as ArrayBuffer, entries.byteOffset + entry + 8, length),
      1,
    )
  }
}
