/** Collects result bytes into frames of about 1 MB, sends small ones when a query is slow, and waits for a slow reader. */
import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'

import { FrameKind, frameHeader } from './protocol.ts'

const FRAME_BYTES = 1 << 20
/** A frame that is not full leaves after this time, so that the first rows are seen early. */
const FLUSH_AFTER_MS = 50
/** Bytes from which on parts make a frame without being copied together. */
const SEND_FROM_BYTES = FRAME_BYTES / 4
/** Buffers kept for the next frames: as many as are on their way while one is filled. */
const MOST_SPARE = 4

export class FrameSink {
  readonly #socket: Socket
  /** Bytes cut off the end of each frame: the separator behind its last row. */
  readonly #trim: number
  #buffer = Buffer.allocUnsafeSlow(FRAME_BYTES)
  /** Buffers whose bytes the system has taken. Fresh ones would keep the collector busy with large results. */
  readonly #spare: Buffer<ArrayBuffer>[] = []
  #used = 0
  #rows = 0
  #timer: NodeJS.Timeout | undefined
  #totalRows = 0

  constructor(socket: Socket, trim: number) {
    this.#socket = socket
    this.#trim = trim
  }

  get totalRows(): number {
    return this.#totalRows
  }

  /** Bytes until the current frame is full; at least 1. */
  get room(): number {
    return Math.max(1, FRAME_BYTES - this.#used)
  }

  /** Copies bytes that end a row. */
  append(bytes: Uint8Array, rows: number): void {
    if (this.#used + bytes.length > this.#buffer.length) {
      if (this.#used > 0) this.flush()
      if (bytes.length > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(bytes.length)
    }
    this.#buffer.set(bytes, this.#used)
    this.#used += bytes.length
    this.#rows += rows
    this.#totalRows += rows
    if (this.#used >= FRAME_BYTES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS)
  }

  /** The same for `length` bytes of `from`, at most 12: a loop is faster for so few. */
  appendShort(from: Uint8Array, at: number, length: number): void {
    if (this.#used + length > this.#buffer.length) this.flush()
    for (let index = 0; index < length; index++) this.#buffer[this.#used + index] = from[at + index] as number
    this.#used += length
    this.#rows++
    this.#totalRows++
    if (this.#used >= FRAME_BYTES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS)
  }

  /** The same for bytes in parts, which must not change any more. */
  appendParts(parts: readonly Uint8Array[], rows: number): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    if (length < SEND_FROM_BYTES) {
      for (const [index, part] of parts.entries()) this.append(part, index === parts.length - 1 ? rows : 0)
      return
    }
    this.flush()
    this.#totalRows += rows
    this.#send(parts, length, rows)
  }

  /** Sends what there is. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#used === 0) return
    const buffer = this.#buffer
    const length = this.#used - this.#trim
    const rows = this.#rows
    this.#buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(FRAME_BYTES)
    this.#used = 0
    this.#rows = 0
    this.#send([buffer.subarray(0, length)], length, rows, () => {
      if (buffer.length === FRAME_BYTES && this.#spare.length < MOST_SPARE) this.#spare.push(buffer)
    })
  }

  #send(parts: readonly Uint8Array[], length: number, rows: number, taken?: () => void): void {
    if (this.#socket.destroyed) return
    this.#socket.cork()
    this.#socket.write(frameHeader(FrameKind.data, rows, length))
    for (const [index, part] of parts.entries()) this.#socket.write(part, index === parts.length - 1 ? taken : undefined)
    this.#socket.uncork()
  }

  /** Resolves when the reader has taken enough for more to be made, or is gone. */
  async writable(): Promise<void> {
    if (this.#socket.destroyed || !this.#socket.writableNeedDrain) return
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#socket.off('drain', done)
        this.#socket.off('close', done)
        resolve()
      }
      this.#socket.on('drain', done)
      this.#socket.on('close', done)
    })
  }

  /** Forgets what has not been sent. */
  discard(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#used = 0
    this.#rows = 0
  }
}
