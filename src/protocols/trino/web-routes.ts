/** Addresses that people open in a browser because a client has shown them, or because Trino has them. */
import type { FastifyInstance } from 'fastify'

/** There is no user interface: a query's address leads to its document, all others to the description of the API. */
export function webRoutes(server: FastifyInstance): void {
  for (const path of ['/', '/ui', '/ui/'])
    server.get(path, { exposeHeadRoute: false }, async (_request, reply) => reply.redirect('/docs', 303))
  server.get('/ui/query.html', { exposeHeadRoute: false }, async (request, reply) => {
    const id = request.url.split('?')[1] ?? ''
    return reply.redirect(/^\w+$/.test(id) ? `/v1/query/${id}` : '/docs', 303)
  })
}
