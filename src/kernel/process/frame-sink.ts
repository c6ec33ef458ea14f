/** Collects result bytes into frames of about 1 MB, sends small ones when a query is slow, and waits for a slow reader. */
import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'

import { FrameKind, frameHeader } from './protocol.ts'

const FRAME_BYTES = 1 << 20
/** A frame that is not full leaves after this time, so that the first rows are seen early. */
const FLUSH_AFTER_MS = 50

export class FrameSink {
  readonly #socket: Socket
  /** Bytes cut off the end of each frame: the separator behind its last row. */
  readonly #trim: number
  #buffer = Buffer.allocUnsafeSlow(FRAME_BYTES)
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

  /** Sends what there is. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#used === 0) return
    const payload = this.#buffer.subarray(0, this.#used - this.#trim)
    const rows = this.#rows
    this.#buffer = Buffer.allocUnsafeSlow(FRAME_BYTES)
    this.#used = 0
    this.#rows = 0
    if (this.#socket.destroyed) return
    this.#socket.cork()
    this.#socket.write(frameHeader(FrameKind.data, rows, payload.length))
    this.#socket.write(payload)
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
