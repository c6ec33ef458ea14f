/** Requests that end before there is a request: what Node's HTTP parser refuses, and what takes too long to arrive. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { QueryError } from '#src/common/errors'
import { errorBody } from '#src/protocols/rest/error-body'

/** Bytes of all of a request's headers; prepared statements travel there (Trino's protocol), and Node's 16 KB is too small for them. */
export const MAX_HEADER_BYTES = 64 * 1024

/** How long a refused client may take to read why. */
const LINGER_MS = 1000

interface Refusal {
  readonly status: number
  readonly message: string
}

function refusalOf(code: string | undefined): Refusal {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: `The request's headers are too many, or larger than ${MAX_HEADER_BYTES} bytes` }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'The request took too long to arrive' }
    default:
      return { status: 400, message: 'The request is not valid HTTP' }
  }
}

/** Answers with the error document of the HTTP contract and closes the connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const { status, message } = refusalOf(error.code)
  const body = JSON.stringify({ error: errorBody(new QueryError('GENERIC_USER_ERROR', message)) })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  if (!socket.writable) {
    socket.destroy(error)
    return
  }
  // Closing at once would throw the answer away where TLS has still to write it, or where the client is still sending.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.resume()
  setTimeout(() => socket.destroy(error), LINGER_MS).unref()
}
