import { Socket } from 'node:net'
import duckdb from '@duckdb/node-bindings'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { FrameSink } from '#src/kernel/process/frame-sink'
import { FrameKind, FrameParser, frameHeader, messageFrame } from '#src/kernel/process/protocol'
import { appendTextRows, appendTextRowsPlainly } from '#src/kernel/process/text-encoder'

/** A socket that keeps what is written to it. */
class RecordingSocket extends Socket {
  readonly written: Buffer[] = []
  override write(bytes: Uint8Array | string): boolean {
    this.written.push(Buffer.from(bytes as Uint8Array))
    return true
  }
}

describe('text rows', () => {
  let connection: duckdb.Connection
  beforeAll(async () => {
    connection = await duckdb.connect(await duckdb.open(':memory:'))
  })
  afterAll(() => duckdb.disconnect_sync(connection))

  /** The bytes of all rows of a query, once merged and once entry by entry. */
  const encode = async (sql: string) => {
    const result = await duckdb.query(connection, sql)
    const sockets = [new RecordingSocket(), new RecordingSocket()] as const
    const sinks = sockets.map((socket) => new FrameSink(socket, 0)) as [FrameSink, FrameSink]
    let rows = 0
    while (true) {
      const chunk = await duckdb.fetch_chunk(result)
      if (chunk === null || duckdb.data_chunk_get_size(chunk) === 0) break
      rows += duckdb.data_chunk_get_size(chunk)
      appendTextRows(chunk, sinks[0])
      appendTextRowsPlainly(chunk, sinks[1])
    }
    for (const sink of sinks) sink.flush()
    return { rows, encoded: sockets.map((socket) => new FrameParser().push(Buffer.concat(socket.written))) }
  }

  it.each([
    ['short, inlined entries', "SELECT i || ',' FROM range(5000) t(i)"],
    ['long entries side by side', "SELECT 'a text of more than twelve bytes ' || i FROM range(20000) t(i)"],
    ['short and long ones mixed', "SELECT repeat('ü', i % 40) || '|' FROM range(20000) t(i)"],
    ['entries of a dictionary', "SELECT v FROM (VALUES ('one long text of a dictionary'), ('another long text')) d(v), range(3000)"],
    ['entries out of order', "SELECT v FROM (SELECT 'long text number ' || i AS v, i FROM range(30000) t(i)) ORDER BY hash(i)"],
    ['rows longer than a frame', "SELECT repeat('x', 700000 + i) FROM range(6) t(i)"],
    ['no rows', "SELECT 'x' WHERE false"],
  ])('%s: merged runs are the same bytes as single entries', async (_, sql) => {
    const { rows, encoded } = await encode(sql)
    const [merged, plain] = encoded.map((frames) => Buffer.concat(frames.map((frame) => frame.payload)))
    const oracle = await duckdb.query(
      connection,
      `SELECT md5(coalesce(string_agg(v, '' ORDER BY n), '')) FROM (SELECT v, row_number() OVER () AS n FROM (${sql}) s(v))`,
    )
    const chunk = (await duckdb.fetch_chunk(oracle)) as duckdb.DataChunk
    const entry = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, 0), 16)
    const md5 = Buffer.from(duckdb.get_data_from_pointer(entry.buffer as ArrayBuffer, entry.byteOffset + 8, 32)).toString()
    const { createHash } = await import('node:crypto')
    expect(
      createHash('md5')
        .update(merged as Buffer)
        .digest('hex'),
    ).toBe(md5)
    expect((merged as Buffer).equals(plain as Buffer)).toBe(true)
    for (const frames of encoded) expect(frames.reduce((sum, frame) => sum + frame.rows, 0)).toBe(rows)
  })

  it('frames end between rows', async () => {
    const { encoded } = await encode("SELECT 'row ' || i || chr(10) FROM range(300000) t(i)")
    const frames = encoded[0] as ReturnType<FrameParser['push']>
    expect(frames.length).toBeGreaterThan(2)
    for (const frame of frames) {
      const text = frame.payload.toString('utf8')
      expect(text.startsWith('row ')).toBe(true)
      expect(text.endsWith('\n')).toBe(true)
      expect(text.split('\n').length - 1).toBe(frame.rows)
      expect(frame.payload.length).toBeLessThanOrEqual(1 << 20)
    }
  })
})

describe('frames', () => {
  it('are found again however the stream is cut', () => {
    const payloads = ['', 'a', 'b'.repeat(1000)]
    const bytes = Buffer.concat([
      ...payloads.map((text, rows) => Buffer.concat([frameHeader(FrameKind.data, rows, text.length), Buffer.from(text)])),
      messageFrame(FrameKind.end, { rows: 3 }),
    ])
    for (const size of [1, 2, 7, 9, 10, 100, bytes.length]) {
      const parser = new FrameParser()
      const frames = []
      for (let at = 0; at < bytes.length; at += size) frames.push(...parser.push(bytes.subarray(at, at + size)))
      expect(frames.map((frame) => [frame.kind, frame.rows, frame.payload.toString()])).toEqual([
        ...payloads.map((text, rows) => [FrameKind.data, rows, text]),
        [FrameKind.end, 0, '{"rows":3}'],
      ])
    }
  })
})
