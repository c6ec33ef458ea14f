/** What a client says of its session with a statement, and what a statement changes in it. The server keeps no session. */
import type { QueryError } from '#src/common/errors'

export interface ClientSession {
  /** Undefined: the client chose none. */
  readonly catalog: string | undefined
  /** What SET PATH has set; undefined: nothing. */
  readonly path?: string | undefined
  /** By name, as text. */
  readonly properties: ReadonlyMap<string, string>
  /** Prepared statements' texts by name. */
  readonly prepared: ReadonlyMap<string, string>
  readonly transaction: ClientTransaction
  /** False: the client knows times and timestamps of three digits only, without a precision in their type. */
  readonly parametricDatetime: boolean
  /** What the client says that it knows, by Trino's names. */
  readonly capabilities: ReadonlySet<string>
  /** Whether queries of this user may be ended. */
  readonly mayActAs: (user: string) => boolean
  /** Whether SET SESSION AUTHORIZATION may make the session this user's. */
  readonly mayBecome: (user: string) => boolean
  /** Why no statement of this session may run; undefined: they may. */
  readonly refusal: QueryError | undefined
}

/** `unsupported`: a client that does not know transactions; `none`: no transaction is open. */
export type ClientTransaction =
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'none' }
  | { readonly kind: 'open'; readonly id: string }

export type SessionUpdate =
  | { readonly kind: 'use'; readonly catalog: string | undefined; readonly schema: string }
  | { readonly kind: 'set-path'; readonly path: string }
  | { readonly kind: 'set-property'; readonly name: string; readonly value: string }
  | { readonly kind: 'clear-property'; readonly name: string }
  | { readonly kind: 'add-prepared'; readonly name: string; readonly sql: string }
  | { readonly kind: 'remove-prepared'; readonly name: string }
  | { readonly kind: 'start-transaction'; readonly id: string }
  | { readonly kind: 'clear-transaction' }
  | { readonly kind: 'set-role'; readonly role: 'ALL' | 'NONE' }
  | { readonly kind: 'set-user'; readonly user: string }
  | { readonly kind: 'reset-user' }
