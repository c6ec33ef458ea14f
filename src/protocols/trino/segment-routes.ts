/**
 * Files of spooled results. Clients ask for them without their credentials, as for an address that an object store has
 * signed: whoever knows the 192 random bits of a file's name may read it.
 */
import { createReadStream } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { ResultSpool } from './result-spool.ts'

/** `touch` is told of the statement whose client reads. */
export function segmentRoutes(server: FastifyInstance, spool: ResultSpool, touch: (statement: string) => void): void {
  server.get('/v1/spooled/download/:segment', { exposeHeadRoute: false }, async (request, reply) => {
    const segment = spool.find((request.params as { readonly segment: string }).segment)
    if (segment === undefined) return reply.code(404).type('text/plain; charset=utf-8').send('There are no such rows, or they have expired')
    touch(segment.statement)
    return reply
      .type('application/octet-stream')
      .header('content-length', segment.bytes)
      .header('cache-control', 'no-store')
      .send(createReadStream(segment.path))
  })

  // What is gone may be acknowledged again: it is what the client wants.
  server.get('/v1/spooled/ack/:segment', { exposeHeadRoute: false }, async (request, reply) => {
    const segment = spool.find((request.params as { readonly segment: string }).segment)
    if (segment !== undefined) {
      touch(segment.statement)
      spool.remove(segment)
    }
    return reply.code(200).send()
  })
}
