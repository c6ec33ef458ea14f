/** Weir behind `--server`: the same commands over REST. */
import type { TableDocument } from '#catalog/document'
import { ERRORS, type ErrorName, QueryError } from '#src/common/errors'
import type { QueryStats } from '#src/query/query'
import type { BytesFormat, CacheStats, CliQuery, Connection, TableResult, TableSummary } from './connection.ts'
import { JsonNumber, parseExactJson } from './json-rows.ts'
import { InfrastructureError } from './user-errors.ts'

const ACCEPT: Readonly<Record<BytesFormat, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  arrow: 'application/vnd.apache.arrow.stream',
  parquet: 'application/vnd.apache.parquet',
}

interface ErrorDocument {
  readonly error?: {
    readonly name?: string
    readonly message?: string
    readonly line?: number
    readonly column?: number
    readonly hint?: string
    readonly queryId?: string
  }
}

/** `headers` say who asks. */
export function connectRemote(url: string, headers: Readonly<Record<string, string>>): Connection {
  const base = url.replace(/\/+$/, '')
  const call = async (
    method: string,
    path: string,
    options: { readonly body?: unknown; readonly accept?: string; readonly signal?: AbortSignal } = {},
  ): Promise<Response> => {
    let response: Response
    try {
      response = await fetch(`${base}${path}`, {
        method,
        headers: {
          accept: options.accept ?? 'application/json',
          ...(options.body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
        ...(options.signal && { signal: options.signal }),
      })
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason
      const cause = (error as Error).cause
      throw new InfrastructureError(
        `Cannot reach the server ${base}: ${cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : (error as Error).message}`,
      )
    }
    if (!response.ok) throw await failure(response, base)
    return response
  }
  const sqlBody = ({ sql, schema, zone, dryRun, maxBytes }: CliQuery) => ({
    sql,
    schema,
    timeZone: zone,
    dryRun,
    ...(maxBytes !== undefined && { maxBytes }),
  })
  const tablePath = (schema: string, name: string) => `/api/v1/tables/${encodeURIComponent(schema)}/${encodeURIComponent(name)}`

  return {
    async query(query) {
      const response = await call('POST', '/api/v1/sql', { body: sqlBody(query), signal: query.signal })
      return tableResult(await bodyText(response, base))
    },
    async stream(query, format) {
      const response = await call('POST', '/api/v1/sql', { body: sqlBody(query), accept: ACCEPT[format], signal: query.signal })
      return { chunks: bodyChunks(response, base), stats: () => undefined }
    },
    async listTables() {
      return ((await (await call('GET', '/api/v1/tables')).json()) as { tables: TableSummary[] }).tables
    },
    async listViews() {
      return ((await (await call('GET', '/api/v1/tables')).json()) as { views: { schema: string; name: string }[] }).views
    },
    async getTable(schema, name) {
      return (await (await call('GET', tablePath(schema, name))).json()) as TableDocument
    },
    async createTable({ columns, partitionKeys, ...command }) {
      const body = { ...command, ...(columns.length > 0 && { columns }), ...(partitionKeys.length > 0 && { partitionKeys }) }
      return (await (await call('POST', '/api/v1/tables', { body })).json()) as TableDocument
    },
    async refreshTable(schema, name) {
      return (await (await call('POST', `${tablePath(schema, name)}/refresh`)).json()) as TableDocument
    },
    async dropTable(schema, name) {
      await call('DELETE', tablePath(schema, name))
    },
    async cacheStats() {
      return (await (await call('GET', '/api/v1/cache')).json()) as CacheStats
    },
    async clearCache() {
      await call('DELETE', '/api/v1/cache')
    },
    async close() {},
  }
}

async function failure(response: Response, base: string): Promise<Error> {
  const text = await response.text()
  let document: ErrorDocument = {}
  try {
    document = JSON.parse(text) as ErrorDocument
  } catch {
    // Not one of ours: told below.
  }
  return (
    documentError(document) ??
    new InfrastructureError(`${base} answered ${response.status}, and not as a Weir server does: ${text.slice(0, 200)}`)
  )
}

function documentError({ error }: ErrorDocument): QueryError | undefined {
  if (error?.name === undefined || error.message === undefined || !(error.name in ERRORS)) return undefined
  const at = error.line === undefined || error.column === undefined ? undefined : { line: error.line, column: error.column }
  const prefix = at === undefined ? '' : `line ${at.line}:${at.column}: `
  const message = error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message
  const queryError = new QueryError(error.name as ErrorName, message, { at, hint: error.hint })
  queryError.queryId = error.queryId
  return queryError
}

const brokenOff = (base: string) => new InfrastructureError(`${base} broke the result off; what was received is not complete`)

async function bodyText(response: Response, base: string): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  try {
    for await (const chunk of bodyChunks(response, base)) text += decoder.decode(chunk, { stream: true })
  } catch (error) {
    // A failed JSON result is complete as a document: its error says more than the broken connection.
    const told = text.endsWith('}') ? documentError(JSON.parse(text) as ErrorDocument) : undefined
    throw told ?? error
  }
  return text + decoder.decode()
}

async function* bodyChunks(response: Response, base: string): AsyncGenerator<Uint8Array> {
  if (response.body === null) return
  try {
    yield* response.body as unknown as AsyncIterable<Uint8Array>
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw brokenOff(base)
  }
}

/** The JSON document of `POST /api/v1/sql` with every number of a row exact. */
function tableResult(text: string): TableResult {
  const exact = parseExactJson(text) as {
    columns: { name: string; type: string }[]
    rows: unknown[][]
    updateType?: string
    updateCount?: unknown
    stats: unknown
  }
  return {
    columns: exact.columns,
    rows: exact.rows,
    updateType: exact.updateType,
    updateCount: exact.updateCount === undefined ? undefined : Number(plainNumbers(exact.updateCount)),
    stats: plainNumbers(exact.stats) as QueryStats,
  }
}

function plainNumbers(value: unknown): unknown {
  if (value instanceof JsonNumber) return Number(value.text)
  if (Array.isArray(value)) return value.map(plainNumbers)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainNumbers(item)]))
  return value
}
