/** What a resource answers to methods that it does not have. */
import type { FastifyInstance, HTTPMethods } from 'fastify'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']

/** 405 to every method but these, as Trino; both it and OPTIONS tell which there are. HEAD comes with GET. */
export function onlyMethods(server: FastifyInstance, url: string, ...allowed: readonly HTTPMethods[]): void {
  const allow = [...allowed, 'OPTIONS'].join(',')
  const others = METHODS.filter((method) => !allowed.includes(method) && !(method === 'HEAD' && allowed.includes('GET')))
  server.route({
    method: others,
    url,
    exposeHeadRoute: false,
    handler: async (_request, reply) => reply.code(405).header('allow', allow).send(),
  })
  server.options(url, async (_request, reply) => reply.header('allow', allow).send())
}
