/** Puts encoded rows between what the format writes before and behind them. Rows pass through as bytes. */
import { toQueryError } from '#src/common/errors'
import type { ResultFormat } from '#src/kernel/kernel'
import type { ResultColumn, RunningQuery } from '#src/query/query'
import { wireType } from '#src/types/format'
import { errorBody } from './error-body.ts'

const encoder = new TextEncoder()

/** One chunk of a body; `failed` is the last one of a body that must then be broken off. */
export interface BodyChunk {
  readonly bytes: Uint8Array
  readonly failed: boolean
}

function head(query: RunningQuery, format: ResultFormat): string {
  if (format === 'csv') return csvHeader(query.columns)
  if (format !== 'json-rows') return ''
  const columns = query.columns.map(({ name, type }) => ({ name, type: wireType(type) }))
  return `{"queryId":${JSON.stringify(query.id)},"columns":${JSON.stringify(columns)},${query.updateType === undefined ? '' : `"updateType":${JSON.stringify(query.updateType)},`}${query.updateCount === undefined ? '' : `"updateCount":${query.updateCount},`}"rows":[`
}

/** The header line of a CSV result; empty for a statement without columns. */
export function csvHeader(columns: readonly ResultColumn[]): string {
  return columns.length === 0 ? '' : `${columns.map((column) => csvField(column.name)).join(',')}\n`
}

/** RFC 4180: quoted when it has a quote, comma or line break, or is empty. */
function csvField(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * The body's chunks. A query that fails on the way ends with a chunk that tells the error where the format has room for
 * it (JSON: a member `error`, NDJSON: a line), marked `failed`.
 */
export async function* resultBody(query: RunningQuery, format: ResultFormat): AsyncGenerator<BodyChunk> {
  const text = (value: string): BodyChunk => ({ bytes: encoder.encode(value), failed: false })
  const start = head(query, format)
  // Not before the rows have begun: of a client that is gone by then the query must be told, which only a reader of its rows can do.
  let begun = start === ''
  try {
    let first = true
    for await (const frame of query.frames) {
      if (!begun) yield text(start)
      begun = true
      if (frame.bytes.length === 0) continue
      if (format === 'json-rows' && !first) yield text(',\n')
      first = false
      yield { bytes: frame.bytes, failed: false }
    }
    if (!begun) yield text(start)
  } catch (error) {
    const body = JSON.stringify(errorBody(toQueryError(error), query.id))
    const tail =
      format === 'json-rows'
        ? `],"stats":${JSON.stringify(query.stats())},"error":${body}}`
        : format === 'ndjson'
          ? `{"error":${body}}\n`
          : ''
    yield { bytes: encoder.encode(begun ? tail : `${start}${tail}`), failed: true }
    return
  }
  if (format === 'json-rows') yield text(`],${query.dryRun ? '"dryRun":true,' : ''}"stats":${JSON.stringify(query.stats())}}`)
}
