/** On whose behalf a request acts; found out by the server before any route sees the request. */
import type { FastifyRequest } from 'fastify'
import { QueryError } from '#src/common/errors'

export interface Identity {
  /** Whom queries are run for; undefined: nobody was authenticated, or a token's holder who may name anybody. */
  readonly user: string | undefined
  /** Whether queries of this user may be seen, read and canceled. */
  mayActAs(user: string): boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity
  }
}

/** Everybody's: the server trusts whoever reaches it, or a token that stands for all users. */
export const ANYBODY: Identity = { user: undefined, mayActAs: () => true }

/** @throws PERMISSION_DENIED, with Trino's texts, for queries of other users */
export function checkOwner({ identity }: FastifyRequest, user: string, action: 'view' | 'kill'): void {
  if (!identity.mayActAs(user)) throw new QueryError('PERMISSION_DENIED', `Access Denied: Cannot ${action} query`)
}
