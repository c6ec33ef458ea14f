/** One query in the kernel process: a connection to the database, a connection to the server, and what flows between. */
import { Buffer } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import duckdb from '@duckdb/node-bindings'

import { FrameSink } from './frame-sink.ts'
import type { EndMessage, FailedMessage, RunRequest } from './protocol.ts'
import { FrameKind, frameHeader, messageFrame } from './protocol.ts'
import type { RejectCounter } from './rejects.ts'
import { appendTextRows } from './text-encoder.ts'

/** An interrupt that arrives between two statements is lost, so it is repeated until the query has ended. */
const INTERRUPT_EVERY_MS = 20
/** Chunks are freed by the collector. With fewer of them waiting no major collection is due for their size, see external-memory.ts. */
const COLLECT_EVERY_CHUNKS = 16
/** A record batch that is not full leaves after this time. */
const BATCH_AFTER_MS = 50
const FILE_FRAME_BYTES = 1 << 20
/** What a frame's header can tell. */
const MOST_FRAME_ROWS = 2 ** 32 - 1

export class QueryRun {
  readonly #database: duckdb.Database
  readonly #rejects: RejectCounter
  readonly #socket: Socket
  #connection: duckdb.Connection | undefined
  #canceled = false
  #running = false
  #interrupts: NodeJS.Timeout | undefined

  constructor(database: duckdb.Database, rejects: RejectCounter, socket: Socket) {
    this.#database = database
    this.#rejects = rejects
    this.#socket = socket
  }

  /** Stops the query as soon as the kernel notices; `run` then ends. */
  cancel(): void {
    if (this.#canceled) return
    this.#canceled = true
    if (!this.#running) return
    const interrupt = () => {
      if (this.#connection !== undefined) duckdb.interrupt(this.#connection)
    }
    interrupt()
    this.#interrupts = setInterval(interrupt, INTERRUPT_EVERY_MS)
  }

  /** Runs the request, sends its frames and ends the connection. Never rejects. */
  async run(request: RunRequest): Promise<void> {
    this.#running = true
    const sink = new FrameSink(this.#socket, request.encoding.kind === 'text' ? request.encoding.trim : 0)
    let last: Buffer
    let ended = false
    try {
      this.#connection = await duckdb.connect(this.#database)
      for (const statement of request.setup) {
        this.#check()
        await duckdb.query(this.#connection, statement)
      }
      this.#check()
      const rows = await this.#send(request, sink)
      const after: (string | null)[] = []
      for (const statement of request.after) after.push(await this.#text(statement).catch(absent))
      this.#check()
      last = messageFrame(FrameKind.end, { rows, after, rejects: this.#rejects.take(request.queryId) } satisfies EndMessage)
      ended = true
    } catch (error) {
      sink.discard()
      this.#rejects.take(request.queryId)
      last = messageFrame(FrameKind.failed, { message: error instanceof Error ? error.message : String(error) } satisfies FailedMessage)
    }
    this.#running = false
    clearInterval(this.#interrupts)
    const { encoding } = request
    if (encoding.kind === 'file' || (encoding.kind === 'kept-file' && !ended)) await rm(encoding.path, { force: true })
    if (this.#connection !== undefined) duckdb.disconnect_sync(this.#connection)
    this.#connection = undefined
    if (!this.#socket.destroyed) this.#socket.end(last)
  }

  #check(): void {
    if (this.#canceled) throw new Error('INTERRUPT Error: canceled')
  }

  async #send(request: RunRequest, sink: FrameSink): Promise<number> {
    const { encoding } = request
    switch (encoding.kind) {
      case 'text':
        await this.#chunks(request.sql, sink, (chunk) => appendTextRows(chunk, sink))
        sink.flush()
        return sink.totalRows
      case 'arrow': {
        const { ArrowEncoder } = await import('./arrow-encoder.ts')
        const encoder = new ArrowEncoder(encoding.fields)
        sink.appendParts(encoder.start(), 0)
        let flushed = performance.now()
        const flush = () => {
          const rows = encoder.pendingRows
          if (rows > 0) sink.appendParts(encoder.flush(), rows)
          flushed = performance.now()
        }
        await this.#chunks(request.sql, sink, (chunk) => {
          if (encoder.add(chunk) || performance.now() - flushed > BATCH_AFTER_MS) flush()
        })
        flush()
        sink.appendParts(encoder.end(), 0)
        sink.flush()
        return sink.totalRows
      }
      case 'file': {
        const rows = await this.#copy(request.sql)
        await this.#sendFile(encoding.path, rows)
        return rows
      }
      case 'statement':
        return this.#copy(request.sql)
      case 'kept-file': {
        const rows = await this.#copy(request.sql)
        for (let untold = rows; untold > 0; untold -= MOST_FRAME_ROWS)
          this.#socket.write(frameHeader(FrameKind.data, Math.min(untold, MOST_FRAME_ROWS), 0))
        return rows
      }
    }
  }

  /** Runs a COPY and tells its rows. */
  async #copy(sql: string): Promise<number> {
    return Number(duckdb.rows_changed(await duckdb.query(this.#connected, sql)))
  }

  get #connected(): duckdb.Connection {
    if (this.#connection === undefined) throw new Error('not connected')
    return this.#connection
  }

  async #chunks(sql: string, sink: FrameSink, take: (chunk: duckdb.DataChunk) => void): Promise<void> {
    const prepared = await duckdb.prepare(this.#connected, sql)
    try {
      this.#check()
      const result = await duckdb.execute_prepared_streaming(prepared)
      let chunks = 0
      while (true) {
        const chunk = await duckdb.fetch_chunk(result)
        if (chunk === null || duckdb.data_chunk_get_size(chunk) === 0) break
        take(chunk)
        if (++chunks % COLLECT_EVERY_CHUNKS === 0) globalThis.gc?.({ type: 'minor', execution: 'sync' })
        await sink.writable()
        this.#check()
      }
    } finally {
      duckdb.destroy_prepare_sync(prepared)
    }
  }

  async #sendFile(path: string, rows: number): Promise<void> {
    let unsent = rows
    for await (const bytes of createReadStream(path, { highWaterMark: FILE_FRAME_BYTES })) {
      this.#check()
      const payload = bytes as Buffer
      this.#socket.write(frameHeader(FrameKind.data, unsent, payload.length))
      this.#socket.write(payload)
      unsent = 0
      await new FrameSink(this.#socket, 0).writable()
    }
  }

  /** The first column of the first row, which is text. */
  async #text(sql: string): Promise<string | null> {
    const result = await duckdb.query(this.#connected, sql)
    const chunk = await duckdb.fetch_chunk(result)
    if (chunk === null || duckdb.data_chunk_get_size(chunk) === 0) return null
    const vector = duckdb.data_chunk_get_vector(chunk, 0)
    const validity = duckdb.vector_get_validity(vector, 8)
    if (validity !== null && validity !== undefined && ((validity[0] ?? 1) & 1) === 0) return null
    const entry = duckdb.vector_get_data(vector, 16)
    const view = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength)
    const length = view.readUInt32LE(0)
    if (length <= 12) return view.toString('utf8', 4, 4 + length)
    return Buffer.from(duckdb.get_data_from_pointer(entry.buffer as ArrayBuffer, entry.byteOffset + 8, length)).toString('utf8')
  }
}

/** A reader makes its tables of rejects when it runs; one that the optimizer has dropped never did. */
function absent(error: unknown): null {
  if (error instanceof Error && error.message.startsWith('Catalog Error')) return null
  throw error
}
