import type { Kysely } from 'kysely'

/** One step of the database's layout. Steps are never changed once released: a new layout is a new step. */
export interface Migration {
  /** 1, 2, 3, … without gaps. */
  readonly version: number
  /** Runs inside a transaction; the runner records the version. */
  up(db: Kysely<never>): Promise<void>
}
