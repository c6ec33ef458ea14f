/**
 * What the server and its kernel process say to each other: one connection of a unix socket a query, frames both ways.
 *
 * | bytes | what                                   |
 * | ----- | -------------------------------------- |
 * | 0–3   | length of the payload, little endian   |
 * | 4     | kind                                   |
 * | 5–8   | rows in the payload                    |
 * | 9…    | payload                                |
 *
 * The kernel says HELLO: a process that is being killed may still take connections, but says nothing. The server sends
 * RUN once and CANCEL at most once. The kernel answers DATA* and then END or FAILED, and closes the connection when the
 * query holds nothing any more: a connection that closes without END or FAILED is a lost kernel.
 */
import { Buffer } from 'node:buffer'

import type { RejectCount } from './rejects.ts'

const FRAME_HEADER_BYTES = 9

export const FrameKind = { run: 1, cancel: 2, data: 3, end: 4, failed: 5, hello: 6 } as const

export interface Frame {
  readonly kind: number
  readonly rows: number
  readonly payload: Buffer
}

/** How the kernel turns the result of `sql` into bytes. */
export type ResultEncoding =
  /** The one column is text that never is NULL: passed on as it is; `trim` bytes are cut off each frame's end (a separator). */
  | { readonly kind: 'text'; readonly trim: number }
  | { readonly kind: 'arrow'; readonly fields: readonly ArrowField[] }
  /** `sql` is a COPY to `path`; the file is streamed and deleted. */
  | { readonly kind: 'file'; readonly path: string }
  /** `sql` is a COPY to `path`; the file stays when the query ends well. Frames without bytes tell the rows. */
  | { readonly kind: 'kept-file'; readonly path: string }
  /** `sql` has no result but the number of rows that it wrote. */
  | { readonly kind: 'statement' }

/** A result column for Arrow: `form` says how the kernel's column looks, see arrow-types.ts. */
export interface ArrowField {
  readonly name: string
  readonly type: ArrowType
  /** Trino's name of a type that travels as text. */
  readonly trinoType: string | undefined
}
export type ArrowType =
  | {
      readonly kind:
        | 'null'
        | 'bool'
        | 'int8'
        | 'int16'
        | 'int32'
        | 'int64'
        | 'float32'
        | 'float64'
        | 'utf8'
        | 'binary'
        | 'date'
        | 'time'
        | 'timestamp'
        | 'timestamp-utc'
    }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'list'; readonly element: ArrowType }
  | { readonly kind: 'map'; readonly key: ArrowType; readonly value: ArrowType }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: ArrowType }[] }

export interface RunRequest {
  readonly queryId: string
  /** Run in order on the query's connection before `sql`; their results are dropped. */
  readonly setup: readonly string[]
  readonly sql: string
  readonly encoding: ResultEncoding
  /** Run after `sql` when it has ended well; gives one row with one text column each, sent in END. */
  readonly after: readonly string[]
}

export interface EndMessage {
  readonly rows: number
  /** Answers of `after`, null where there was no row. */
  readonly after: readonly (string | null)[]
  readonly rejects: readonly RejectCount[]
}

export interface FailedMessage {
  /** The kernel's own text: for the translator and the log only. */
  readonly message: string
}

/** The header of a frame whose payload has `length` bytes. */
export function frameHeader(kind: number, rows: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES)
  header.writeUInt32LE(length, 0)
  header.writeUInt8(kind, 4)
  header.writeUInt32LE(rows, 5)
  return header
}

export function messageFrame(kind: number, message: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(message))
  return Buffer.concat([frameHeader(kind, 0, payload.length), payload])
}

/** Cuts a byte stream into frames; each payload is a buffer of its own. */
export class FrameParser {
  #header = Buffer.alloc(FRAME_HEADER_BYTES)
  #headerBytes = 0
  #payload: Buffer | undefined
  #payloadBytes = 0

  /** Frames that are complete with these bytes. */
  push(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = []
    let offset = 0
    while (true) {
      if (this.#payload === undefined) {
        const taken = bytes.subarray(offset, offset + FRAME_HEADER_BYTES - this.#headerBytes)
        this.#header.set(taken, this.#headerBytes)
        offset += taken.length
        this.#headerBytes += taken.length
        if (this.#headerBytes < FRAME_HEADER_BYTES) return frames
        this.#payload = Buffer.allocUnsafeSlow(this.#header.readUInt32LE(0))
        this.#payloadBytes = 0
      }
      const taken = bytes.subarray(offset, offset + this.#payload.length - this.#payloadBytes)
      this.#payload.set(taken, this.#payloadBytes)
      offset += taken.length
      this.#payloadBytes += taken.length
      if (this.#payloadBytes < this.#payload.length) return frames
      frames.push({ kind: this.#header.readUInt8(4), rows: this.#header.readUInt32LE(5), payload: this.#payload })
      this.#payload = undefined
      this.#headerBytes = 0
    }
  }
}
