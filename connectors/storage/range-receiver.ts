/**
 * Receives one object range into a buffer of its exact size, over as many answers as it takes: after a cut-off the next
 * request asks only for what is missing, under the version that the first answer had.
 */
import { type BodySink, type HttpHeaders, header } from './http-transport.ts'
import type { GetRequest, GetResult, ObjectInfo } from './object-store.ts'
import { SinkVerdict, type Verdict } from './store-client.ts'

export interface ObjectHead {
  readonly version: string
  readonly modified: number
}

export class RangeReceiver implements BodySink {
  readonly #request: GetRequest
  /** Reads version and time of an answer's head. */
  readonly #readHead: (headers: HttpHeaders) => ObjectHead | undefined
  /** A range may reach over the object's end. */
  readonly #allowShort: boolean
  #info: ObjectInfo | undefined
  #buffer: Buffer = Buffer.alloc(0)
  /** Position of the buffer in the object. */
  #start = 0
  #filled = 0

  constructor(request: GetRequest, readHead: (headers: HttpHeaders) => ObjectHead | undefined, allowShort = false) {
    this.#request = request
    this.#readHead = readHead
    this.#allowShort = allowShort
  }

  /** Range header of the next request; undefined = whole object. */
  get rangeHeader(): string | undefined {
    if (this.#info !== undefined && this.#filled > 0) return `bytes=${this.#start + this.#filled}-${this.#start + this.#buffer.length - 1}`
    const { range } = this.#request
    if (range === undefined) return undefined
    return 'suffix' in range ? `bytes=-${range.suffix}` : `bytes=${range.start}-${range.start + range.length - 1}`
  }

  /** The version that the next request must insist on. */
  get ifVersion(): string | undefined {
    return this.#request.ifVersion ?? (this.#filled > 0 ? this.#info?.version : undefined)
  }

  /** The object is another one than that of the first answer. Verdict: again from the start, unless the caller named the version. */
  changed(): Verdict {
    if (this.#request.ifVersion !== undefined)
      return { kind: 'fail', error: 'changed', detail: 'the object has changed since it was listed' }
    this.#info = undefined
    this.#filled = 0
    return { kind: 'again', detail: 'the object keeps changing while it is read' }
  }

  get complete(): boolean {
    return this.#info !== undefined && this.#filled === this.#buffer.length
  }

  get missing(): Verdict {
    return { kind: 'retry', detail: `the body ended ${this.#buffer.length - this.#filled} bytes early` }
  }

  result(): GetResult {
    if (this.#info === undefined || !this.complete) throw new Error('the range is not complete')
    return { bytes: this.#buffer, info: this.#info }
  }

  start(status: number, headers: HttpHeaders): void {
    const head = this.#readHead(headers)
    if (head === undefined) throw fail('failed', 'the answer has no version (ETag, generation)')
    const expected = this.ifVersion
    if (expected !== undefined && expected !== head.version) throw new SinkVerdict(this.changed())
    const { from, length, total } = placeOf(status, headers)
    if (this.#filled > 0) {
      if (from !== this.#start + this.#filled || length !== this.#buffer.length - this.#filled)
        throw fail('failed', `the store answered with bytes ${from}-${from + length - 1} to ${this.rangeHeader}`)
      return
    }
    this.#checkPlace(from, length, total)
    this.#info = { key: this.#request.key, size: total, version: head.version, modified: head.modified }
    this.#start = from
    // Never handed out before every byte was written.
    this.#buffer = (this.#request.allocate ?? Buffer.allocUnsafeSlow)(length)
  }

  write(chunk: Uint8Array): void {
    if (this.#filled + chunk.length > this.#buffer.length) throw fail('failed', 'the body is longer than its head says')
    this.#buffer.set(chunk, this.#filled)
    this.#filled += chunk.length
  }

  #checkPlace(from: number, length: number, total: number): void {
    const { range } = this.#request
    const wantedFrom = range === undefined ? 0 : 'suffix' in range ? Math.max(0, total - range.suffix) : range.start
    const wantedTo = range === undefined || 'suffix' in range ? total : range.start + range.length
    if (from !== wantedFrom || from + length !== Math.min(wantedTo, total))
      throw fail(
        'failed',
        `the store answered with bytes ${from}-${from + length - 1} of ${total} to ${this.rangeHeader ?? 'a request for all'}`,
      )
    if (wantedTo > total && !this.#allowShort) throw fail('failed', beyondEnd(wantedTo, total))
  }
}

export function beyondEnd(wantedTo: number, size: number): string {
  return `the range ends at byte ${wantedTo}, the object has ${size}`
}

function fail(error: 'failed', detail: string): SinkVerdict {
  return new SinkVerdict({ kind: 'fail', error, detail })
}

function placeOf(status: number, headers: HttpHeaders): { from: number; length: number; total: number } {
  if (status === 206) {
    // Of an empty object Go's servers send `bytes 0--1/0`.
    const place = /^bytes (\d+)-(-?\d+)\/(\d+)$/.exec(header(headers, 'content-range') ?? '')
    if (place === null) throw fail('failed', `unreadable Content-Range '${header(headers, 'content-range')}'`)
    const from = Number(place[1])
    return { from, length: Number(place[2]) + 1 - from, total: Number(place[3]) }
  }
  const total = header(headers, 'content-length') ?? header(headers, 'x-goog-stored-content-length')
  if (total === undefined || !/^\d+$/.test(total)) throw fail('failed', 'the answer has no Content-Length')
  return { from: 0, length: Number(total), total: Number(total) }
}
