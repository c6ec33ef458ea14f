/** Chunks of the kernel → one Arrow IPC stream: schema, record batches, end mark. */
import duckdb from '@duckdb/node-bindings'
import * as arrow from 'apache-arrow'

import { columnFiller } from './arrow-column.ts'
import type { ArrowField } from './protocol.ts'

/** Rows of a record batch: 16 chunks of the kernel. */
const BATCH_ROWS = 32_768

/** A stream writer whose bytes are taken as they come. */
class CollectingWriter extends arrow.RecordBatchStreamWriter {
  readonly #parts: Uint8Array[] = []

  protected override _write(chunk: ArrayBufferView | ArrayBufferLike): this {
    const bytes = ArrayBuffer.isView(chunk)
      ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      : new Uint8Array(chunk as ArrayBuffer)
    if (this._started && bytes.length > 0) {
      this.#parts.push(bytes)
      this._position += bytes.length
    }
    return this
  }

  take(): Uint8Array[] {
    return this.#parts.splice(0)
  }
}

export class ArrowEncoder {
  readonly #writer = new CollectingWriter()
  readonly #schema: arrow.Schema
  readonly #fillers
  #rows = 0

  constructor(fields: readonly ArrowField[]) {
    this.#fillers = fields.map((field) => columnFiller(field.type))
    this.#schema = new arrow.Schema(
      fields.map(
        (field, index) =>
          new arrow.Field(
            field.name,
            (this.#fillers[index] as { readonly type: arrow.DataType }).type,
            true,
            field.trinoType === undefined ? null : new Map([['trino.type', field.trinoType]]),
          ),
      ),
    )
  }

  /** Rows that are in no batch yet. */
  get pendingRows(): number {
    return this.#rows
  }

  /** The schema message. */
  start(): Uint8Array[] {
    this.#writer.reset(undefined, this.#schema)
    return this.#writer.take()
  }

  /** Adds a chunk; true when the batch should be flushed. */
  add(chunk: duckdb.DataChunk): boolean {
    const rows = duckdb.data_chunk_get_size(chunk)
    for (const [index, filler] of this.#fillers.entries()) filler.append(duckdb.data_chunk_get_vector(chunk, index), 0, rows)
    this.#rows += rows
    return this.#rows >= BATCH_ROWS
  }

  /** The record batch of all rows added since the last one, in parts. */
  flush(): Uint8Array[] {
    const data = arrow.makeData({
      type: new arrow.Struct(this.#schema.fields),
      length: this.#rows,
      nullCount: 0,
      children: this.#fillers.map((filler) => filler.take()),
    })
    this.#rows = 0
    this.#writer.write(new arrow.RecordBatch(this.#schema, data))
    return this.#writer.take()
  }

  /** The end-of-stream mark. */
  end(): Uint8Array[] {
    this.#writer.finish()
    return this.#writer.take()
  }
}
