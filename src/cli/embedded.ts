/** Weir in this process: the commands on an engine of their own. */
import type { CatalogService } from '#catalog/service'
import { csvHeader } from '#src/protocols/rest/result-body'
import type { QueryEngine } from '#src/query/engine'
import type { QueryRequest, RunningQuery } from '#src/query/query'
import { sessionZone } from '#src/query/session'
import { wireType } from '#src/types/format'
import type { BytesFormat, CacheStats, CliQuery, Connection, TableResult } from './connection.ts'
import { parseExactJson } from './json-rows.ts'

export interface EmbeddedDeps {
  readonly engine: QueryEngine
  readonly catalog: CatalogService
  readonly cache: { stats(): Promise<CacheStats>; clear(): Promise<void> }
  close(): Promise<void>
}

const PROGRESS_MS = 100
/** Inferring a table from a slow store may take a while, but not for ever. */
const CATALOG_MS = 600_000

export function embeddedConnection({ engine, catalog, cache, close }: EmbeddedDeps): Connection {
  const start = async (query: CliQuery, format: QueryRequest['format']): Promise<{ readonly running: RunningQuery; stop(): void }> => {
    let timer: NodeJS.Timeout | undefined
    const watch = (id: string): void => {
      if (query.onProgress === undefined) return
      timer = setInterval(() => {
        const stats = engine.progress(id)
        if (stats !== undefined) query.onProgress?.(stats)
      }, PROGRESS_MS)
    }
    const stop = () => clearInterval(timer)
    try {
      const running = await engine.start(
        {
          sql: query.sql,
          schema: query.schema.toLowerCase(),
          zone: sessionZone(query.zone),
          user: process.env.USER ?? 'weir',
          parameters: [],
          format,
          dryRun: query.dryRun,
          timeoutMs: undefined,
          maxBytes: query.maxBytes,
          signal: query.signal,
        },
        watch,
      )
      return { running, stop }
    } catch (error) {
      stop()
      throw error
    }
  }
  return {
    async query(query): Promise<TableResult> {
      const { running, stop } = await start(query, 'json-rows')
      try {
        const pieces: string[] = []
        const decoder = new TextDecoder()
        for await (const frame of running.frames) if (frame.bytes.length > 0) pieces.push(decoder.decode(frame.bytes))
        return {
          columns: running.columns.map(({ name, type }) => ({ name, type: wireType(type) })),
          rows: parseExactJson(`[${pieces.join(',')}]`) as unknown[][],
          updateType: running.updateType,
          updateCount: running.updateCount,
          stats: running.stats(),
        }
      } finally {
        stop()
      }
    },
    async stream(query, format: BytesFormat) {
      const { running, stop } = await start(query, format)
      const chunks = async function* (): AsyncGenerator<Uint8Array> {
        try {
          if (format === 'csv') yield Buffer.from(csvHeader(running.columns))
          for await (const frame of running.frames) if (frame.bytes.length > 0) yield frame.bytes
        } finally {
          stop()
        }
      }
      return { chunks: chunks(), stats: () => running.stats() }
    },
    listTables: () => catalog.list(),
    listViews: () => catalog.viewNames(),
    getTable: (schema, name) => catalog.get(schema, name),
    createTable: (command) => catalog.create(command, AbortSignal.timeout(CATALOG_MS)),
    refreshTable: (schema, name) => catalog.refresh(schema, name, AbortSignal.timeout(CATALOG_MS)),
    dropTable: (schema, name) => catalog.drop(schema, name),
    cacheStats: () => cache.stats(),
    clearCache: () => cache.clear(),
    close,
  }
}
