/** Open transactions. Statements read only and each sees the lake as it is, so a transaction is no more than its state. */
import { randomUUID } from 'node:crypto'
import { QueryError } from '#src/common/errors'
import type { ClientTransaction } from './client-session.ts'

/** A transaction that is not used for so long is gone; Trino's default of `transaction.idle-timeout`. */
const IDLE_MS = 300_000
const MOST = 10_000

interface Transaction {
  aborted: boolean
  used: number
}

export class Transactions {
  readonly #open = new Map<string, Transaction>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** @throws INCOMPATIBLE_CLIENT, NOT_SUPPORTED inside a transaction */
  start(client: ClientTransaction): string {
    if (client.kind === 'unsupported') throw new QueryError('INCOMPATIBLE_CLIENT', 'Client does not support transactions')
    if (client.kind === 'open') throw new QueryError('NOT_SUPPORTED', 'Nested transactions not supported')
    this.#forgetIdle()
    if (this.#open.size >= MOST) throw new QueryError('GENERIC_INSUFFICIENT_RESOURCES', `Too many open transactions: ${MOST}`)
    const id = randomUUID()
    this.#open.set(id, { aborted: false, used: this.#now() })
    return id
  }

  /** A statement that is no end of a transaction. @throws UNKNOWN_TRANSACTION, TRANSACTION_ALREADY_ABORTED */
  use(client: ClientTransaction): void {
    if (client.kind !== 'open') return
    const transaction = this.#find(client.id)
    if (transaction.aborted) {
      throw new QueryError('TRANSACTION_ALREADY_ABORTED', 'Current transaction is aborted, commands ignored until end of transaction block')
    }
    transaction.used = this.#now()
  }

  /**
   * A rollback of what is not there any more succeeds, so that clients get out of transactions that a restart has ended.
   * @throws INCOMPATIBLE_CLIENT, NOT_IN_TRANSACTION; to commit UNKNOWN_TRANSACTION, TRANSACTION_ALREADY_ABORTED
   */
  end(client: ClientTransaction, how: 'commit' | 'rollback'): void {
    if (client.kind === 'unsupported') throw new QueryError('INCOMPATIBLE_CLIENT', 'Client does not support transactions')
    if (client.kind !== 'open') throw new QueryError('NOT_IN_TRANSACTION', 'No transaction in progress')
    const aborted = how === 'commit' && this.#find(client.id).aborted
    this.#open.delete(client.id)
    if (aborted) throw new QueryError('TRANSACTION_ALREADY_ABORTED', 'Current transaction has already been aborted')
  }

  /** A statement of the transaction failed or was canceled: until its end no other is taken. */
  abort(client: ClientTransaction): void {
    const transaction = client.kind === 'open' ? this.#open.get(client.id) : undefined
    if (transaction !== undefined) transaction.aborted = true
  }

  #find(id: string): Transaction {
    this.#forgetIdle()
    const transaction = this.#open.get(id)
    if (transaction === undefined) {
      throw new QueryError(
        'UNKNOWN_TRANSACTION',
        `Unknown transaction ID: ${id}. Possibly expired? Commands ignored until end of transaction block`,
      )
    }
    return transaction
  }

  #forgetIdle(): void {
    const oldest = this.#now() - IDLE_MS
    for (const [id, { used }] of this.#open) if (used < oldest) this.#open.delete(id)
  }
}
