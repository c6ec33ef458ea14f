/**
 * The server's side of one query: a connection to the kernel's socket from which frames are pulled. Nothing is read
 * ahead of the consumer but one frame, so a slow reader holds the kernel back.
 */
import { connect, type Socket } from 'node:net'

import { QueryError, toQueryError } from '#src/common/errors'
import { bufferPassed } from '#src/common/external-memory'
import { type KernelProcess, kernelLost } from './kernel-process.ts'
import type { EndMessage, FailedMessage, Frame, RunRequest } from './protocol.ts'
import { FrameKind, FrameParser, messageFrame } from './protocol.ts'

/** What a socket reads at once. Such buffers go from query to query: fresh ones would keep the collector busy with large results. */
const READ_BYTES = 256 * 1024
const MOST_SPARE = 8
const spareBuffers: Uint8Array[] = []

export interface ChannelOptions {
  readonly signal: AbortSignal
  /** A consumer that takes no frame for so long ends the query; 0 = never. */
  readonly stallMs: number
  /** A canceled query that holds the kernel for longer has its process killed. */
  readonly cancelMs: number
  /** Makes a user's error of the kernel's text. */
  readonly translate: (kernelText: string) => Promise<QueryError>
}

export class QueryChannel {
  readonly #socket: Socket
  readonly #process: KernelProcess
  readonly #options: ChannelOptions
  readonly #frames: Frame[] = []
  readonly #closed: Promise<void>
  readonly #connected: Promise<boolean>
  #error: QueryError | undefined
  #end: EndMessage | undefined
  #wake: (() => void) | undefined
  #greeted = () => {}
  #stall: NodeJS.Timeout | undefined
  #leaving = false
  /** The kernel has said that the query failed; the error may still be in the making. */
  #failing = false

  constructor(process: KernelProcess, request: RunRequest, options: ChannelOptions) {
    this.#process = process
    this.#options = options
    const parser = new FrameParser()
    const buffer = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(READ_BYTES)
    // Frames are copies: the buffer is free again when the callback returns.
    const callback = (length: number, bytes: Uint8Array): boolean => {
      this.#take(parser.push(bytes.subarray(0, length)))
      return true
    }
    this.#socket = connect({ path: process.socketPath, onread: { buffer, callback } })
    let closed = () => {}
    this.#closed = new Promise((resolve) => {
      closed = resolve
    })
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      if (this.#end === undefined && !this.#failing) this.#fail(kernelLost())
      if (spareBuffers.length < MOST_SPARE) spareBuffers.push(buffer)
      closed()
    })
    this.#connected = new Promise((resolve) => {
      this.#greeted = () => resolve(true)
      this.#socket.once('close', () => resolve(false))
    })
    this.#socket.write(messageFrame(FrameKind.run, request))
    if (options.signal.aborted) this.#abort()
    else options.signal.addEventListener('abort', this.#abort, { once: true })
  }

  /** False when the process could not be reached: the query did not begin. */
  connected(): Promise<boolean> {
    return this.#connected
  }

  /** The next frame, or undefined behind the last one; throws the query's error. */
  async next(): Promise<Frame | undefined> {
    clearTimeout(this.#stall)
    while (true) {
      if (this.#error !== undefined) throw this.#error
      const frame = this.#frames.shift()
      if (frame !== undefined) {
        this.#watch()
        return frame
      }
      if (this.#end !== undefined) return undefined
      this.#socket.resume()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** What the kernel said at the end; undefined before. */
  get end(): EndMessage | undefined {
    return this.#end
  }

  /** Ends the query if it still runs and resolves when the kernel has let go of it. */
  async leave(): Promise<void> {
    clearTimeout(this.#stall)
    this.#options.signal.removeEventListener('abort', this.#abort)
    if (this.#socket.closed) return
    if (!this.#leaving) {
      this.#leaving = true
      this.#frames.length = 0
      if (this.#end === undefined && !this.#failing) this.#socket.write(messageFrame(FrameKind.cancel, {}))
      this.#socket.end()
      this.#socket.resume()
    }
    const timer = setTimeout(() => this.#process.kill(), this.#options.cancelMs)
    await this.#closed
    clearTimeout(timer)
  }

  #take(frames: readonly Frame[]): void {
    for (const frame of frames) {
      switch (frame.kind) {
        case FrameKind.hello:
          this.#greeted()
          break
        case FrameKind.data:
          bufferPassed(frame.payload.length)
          if (!this.#leaving) this.#frames.push(frame)
          break
        case FrameKind.end:
          this.#end = JSON.parse(frame.payload.toString('utf8')) as EndMessage
          this.#socket.end()
          break
        case FrameKind.failed:
          this.#failing = true
          void this.#translate((JSON.parse(frame.payload.toString('utf8')) as FailedMessage).message)
          this.#socket.end()
          break
      }
    }
    if (this.#frames.length > 0) {
      if (this.#end === undefined && !this.#failing) this.#socket.pause()
      this.#watch()
    }
    this.#notify()
  }

  readonly #abort = (): void => {
    const { reason } = this.#options.signal
    this.#fail(reason instanceof QueryError ? reason : new QueryError('USER_CANCELED', 'Query was canceled'))
    void this.leave()
  }

  /** The clock runs while a frame waits or the consumer holds one. */
  #watch(): void {
    clearTimeout(this.#stall)
    const { stallMs } = this.#options
    if (stallMs === 0 || this.#error !== undefined) return
    this.#stall = setTimeout(() => {
      if (this.#end !== undefined || this.#failing) return
      this.#fail(new QueryError('ABANDONED_QUERY', `Query was ended because the client did not read for ${stallMs / 1000} s`))
      void this.leave()
    }, stallMs)
  }

  async #translate(kernelText: string): Promise<void> {
    this.#fail(await this.#options.translate(kernelText).catch(toQueryError))
  }

  #fail(error: QueryError): void {
    this.#error ??= error
    this.#notify()
  }

  #notify(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
