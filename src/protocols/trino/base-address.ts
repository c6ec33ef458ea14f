import type { FastifyRequest } from 'fastify'

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/**
 * What addresses in answers begin with, as the client must call them. Behind a proxy that is trusted `request.protocol` and
 * `request.host` are the proxy's; its port comes in a header of its own when it is not in X-Forwarded-Host.
 */
export function baseAddress(request: Pick<FastifyRequest, 'protocol' | 'host' | 'headers'>, trustProxy: boolean): string {
  const { protocol, host, headers } = request
  const forwarded = trustProxy ? headers['x-forwarded-port']?.toString().split(',')[0]?.trim() : undefined
  const addPort = forwarded !== undefined && /^\d{1,5}$/.test(forwarded) && forwarded !== DEFAULT_PORTS[protocol] && !/:\d+$/.test(host)
  return `${protocol}://${host}${addPort ? `:${forwarded}` : ''}`
}
