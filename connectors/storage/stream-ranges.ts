import { Cancellation } from './cancellation.ts'
import type { GetRequest, GetResult, ObjectInfo } from './object-store.ts'

/** Bytes of one request; each is retried and resumed by itself. */
const CHUNK_BYTES = 8 * 1024 * 1024
/** Chunks fetched ahead of the reader. */
const AHEAD = 2

interface RangeReader {
  head(key: string, signal?: AbortSignal): Promise<ObjectInfo>
  /** May answer with fewer bytes where the object ends. */
  get(request: GetRequest): Promise<GetResult>
}

/**
 * A stream as ranged requests, a few ahead of the reader. A reader that pauses holds no connection (one that a server or
 * a stall deadline would cut), and a slow one cannot take places from other queries. All chunks are of the version that
 * the first one had, else the stream fails with `changed`.
 */
export async function* streamByRanges(request: GetRequest, reader: RangeReader): AsyncIterable<Uint8Array> {
  const { key, range, signal } = request
  const stop = new AbortController()
  const removeListener = new Cancellation(signal).onAbort(() => stop.abort())
  if (signal?.aborted) stop.abort()
  try {
    const info = range !== undefined && 'suffix' in range ? await reader.head(key, stop.signal) : undefined
    const start = range === undefined ? 0 : 'suffix' in range ? Math.max(0, (info as ObjectInfo).size - range.suffix) : range.start
    const end = range === undefined ? Number.POSITIVE_INFINITY : 'suffix' in range ? (info as ObjectInfo).size : start + range.length
    let ifVersion = request.ifVersion ?? info?.version
    const part = (from: number, to: number) =>
      reader.get({ key, range: { start: from, length: to - from }, signal: stop.signal, ...(ifVersion === undefined ? {} : { ifVersion }) })
    if (start === end) {
      await part(start, end)
      return
    }
    const first = await part(start, Math.min(end, start + CHUNK_BYTES))
    ifVersion = first.info.version
    // A range that begins beyond the end yields nothing.
    const last = Math.min(end, first.info.size)
    if (first.bytes.length > 0) yield first.bytes
    const ahead: Promise<GetResult>[] = []
    for (let next = start + CHUNK_BYTES; next < last || ahead.length > 0; ) {
      for (; next < last && ahead.length < AHEAD; next += CHUNK_BYTES) {
        const chunk = part(next, Math.min(last, next + CHUNK_BYTES))
        // Whoever awaits it sees the failure; until then it is not an unhandled one.
        chunk.catch(() => {})
        ahead.push(chunk)
      }
      yield (await (ahead.shift() as Promise<GetResult>)).bytes
    }
  } finally {
    removeListener()
    stop.abort()
  }
}
