/** The pages of a result: JSON documents around rows that pass through as bytes, or around places where rows are. */
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Chunk } from './result-buffer.ts'
import { type RowCoding, rowArray } from './row-coding.ts'

export interface Page {
  /** Parts of the body, in order. Rows are not copied to put them together. */
  readonly body: readonly Uint8Array[]
  readonly headers: Readonly<Record<string, string>>
}

type Document = Readonly<Record<string, unknown>>

/** A document without rows. */
export const emptyPage = (document: Document): Page['body'] => [Buffer.from(JSON.stringify(document))]

export const pageBytes = (body: Page['body']): number => body.reduce((sum, part) => sum + part.length, 0)

/** The body as a stream, which a slow client reads at its own pace. */
export function pageStream(body: Page['body']): Readable {
  return Readable.from(body, { objectMode: false, highWaterMark: 1 })
}

/** A document with `"data":[rows]` in it when there are rows. Rows that wait in files are read. */
export async function plainPage(document: Document, chunks: readonly Chunk[]): Promise<Page['body']> {
  if (chunks.length === 0) return emptyPage(document)
  const rows = await Promise.all(chunks.map(({ content }) => (content.kind === 'memory' ? content.bytes : readFile(content.segment.path))))
  return [Buffer.from(`${JSON.stringify(document).slice(0, -1)},"data":`), ...rowArray(rows), Buffer.from('}')]
}

/** A document with `"data":{"encoding","segments"}` in it when there are rows. `base` begins the addresses of files. */
export function codedPage(document: Document, chunks: readonly Chunk[], coding: RowCoding, base: string): Page['body'] {
  if (chunks.length === 0) return emptyPage(document)
  return emptyPage({ ...document, data: { encoding: coding, segments: chunks.map((chunk) => segmentDocument(chunk, base)) } })
}

function segmentDocument({ rows, offset, size, uncompressedSize, content }: Chunk, base: string): Document {
  const metadata = {
    rowOffset: offset,
    rowsCount: rows,
    segmentSize: size,
    ...(uncompressedSize !== undefined && { uncompressedSize }),
  }
  switch (content.kind) {
    case 'memory':
      return { type: 'inline', data: Buffer.from(content.bytes).toString('base64'), metadata }
    case 'file': {
      const { id, expires } = content.segment
      return {
        type: 'spooled',
        uri: `${base}/v1/spooled/download/${id}`,
        ackUri: `${base}/v1/spooled/ack/${id}`,
        // A time of day without its zone, as clients know it.
        metadata: { ...metadata, expiresAt: new Date(expires).toISOString().slice(0, -1) },
      }
    }
  }
}
