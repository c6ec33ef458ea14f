/** Writes a result to the client: compression, backpressure, slow and vanished readers, broken-off results. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { constants, createGzip, createZstdCompress, type Gzip, type ZstdCompress } from 'node:zlib'
import type { ContentCoding } from './negotiate.ts'
import type { BodyChunk } from './result-body.ts'

export interface SendOptions {
  readonly mediaType: string
  readonly coding: ContentCoding
  readonly queryId: string
  /** A client that takes nothing for so long has its query ended. */
  readonly stallMs: number
  /** Ends the query. */
  readonly cancel: (reason: Error) => void
}

/**
 * Sends the body and ends the response; on a `failed` chunk, or when `body` throws, the connection is destroyed without
 * its final chunk, so that no client takes the part for the whole. Returns when the response is over, either way.
 */
export async function sendResult(response: ServerResponse, body: AsyncIterable<BodyChunk>, options: SendOptions): Promise<void> {
  response.statusCode = 200
  response.setHeader('content-type', options.mediaType === 'text/csv' ? 'text/csv; charset=utf-8; header=present' : options.mediaType)
  response.setHeader('x-weir-query-id', options.queryId)
  response.setHeader('vary', 'accept, accept-encoding')
  response.setHeader('cache-control', 'no-store')
  const writer = options.coding === undefined ? plainWriter(response, options) : codedWriter(response, options.coding, options)
  try {
    for await (const chunk of body) {
      if (response.destroyed) return
      await writer.write(chunk.bytes)
      if (chunk.failed) {
        await writer.flush()
        response.destroy()
        return
      }
    }
    await writer.end()
  } catch (error) {
    options.cancel(error instanceof Error ? error : new Error(String(error)))
    response.destroy()
  }
}

interface Writer {
  write(bytes: Uint8Array): Promise<void>
  /** Everything written has been handed to the socket. */
  flush(): Promise<void>
  end(): Promise<void>
}

class StalledClient extends Error {}

/** Waits until the response takes bytes again, but no longer than a stalled client is borne. */
async function drained(response: ServerResponse, options: SendOptions): Promise<void> {
  const timeout = AbortSignal.timeout(options.stallMs)
  const closed = new AbortController()
  const onClose = () => closed.abort()
  response.once('close', onClose)
  try {
    await once(response, 'drain', { signal: AbortSignal.any([timeout, closed.signal]) })
  } catch {
    throw new StalledClient(
      timeout.aborted ? `The client did not read for ${Math.round(options.stallMs / 1000)} s` : 'The client closed the connection',
    )
  } finally {
    response.off('close', onClose)
  }
}

function plainWriter(response: ServerResponse, options: SendOptions): Writer {
  return {
    async write(bytes) {
      if (bytes.length > 0 && !response.write(bytes)) await drained(response, options)
    },
    async flush() {
      if (response.writableNeedDrain) await drained(response, options)
      await new Promise<void>((resolve) => response.write('', () => resolve()))
    },
    async end() {
      await new Promise<void>((resolve) => response.end(resolve))
    },
  }
}

/** A body below this is sent as it is: a compressor costs more to set up (0.3 ms) than the bytes that it saves; it fits one packet or two. */
const COMPRESS_FROM = 2048

/** Compresses the body once it is known to be large enough. */
function codedWriter(response: ServerResponse, coding: 'gzip' | 'zstd', options: SendOptions): Writer {
  const held: Uint8Array[] = []
  let size = 0
  let decided: Writer | undefined
  const decide = async (writer: Writer): Promise<Writer> => {
    decided = writer
    for (const bytes of held.splice(0)) await writer.write(bytes)
    return writer
  }
  const small = async (): Promise<Writer> => decided ?? decide(plainWriter(response, options))
  return {
    async write(bytes) {
      if (decided !== undefined) return decided.write(bytes)
      held.push(bytes)
      size += bytes.length
      if (size < COMPRESS_FROM) return
      response.setHeader('content-encoding', coding)
      await decide(compressedWriter(response, coding, options))
    },
    flush: async () => (await small()).flush(),
    end: async () => (await small()).end(),
  }
}

function compressedWriter(response: ServerResponse, coding: 'gzip' | 'zstd', options: SendOptions): Writer {
  const plain = plainWriter(response, options)
  const compressor: Gzip | ZstdCompress =
    coding === 'gzip' ? createGzip({ level: 4 }) : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } })
  const pump = (async () => {
    for await (const bytes of compressor) await plain.write(bytes as Uint8Array)
  })()
  // The pump's failure is the writer's: it is awaited at the next write or end.
  let failure: unknown
  pump.catch((error: unknown) => {
    failure = error
    compressor.destroy()
  })
  return {
    async write(bytes) {
      if (failure !== undefined) throw failure
      if (!compressor.write(bytes)) await Promise.race([once(compressor, 'drain'), pump])
    },
    async flush() {
      await new Promise<void>((resolve) => compressor.flush(() => resolve()))
      await plain.flush()
    },
    async end() {
      compressor.end()
      await pump
      await plain.end()
    },
  }
}
