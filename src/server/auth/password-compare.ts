/** The server's side of password-worker.ts. */
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { QueryError } from '#src/common/errors'
import type { Comparison, ComparisonResult } from './password-worker.ts'

/** Comparisons that may wait: beyond that somebody is guessing, and memory and patience end. */
const MOST_WAITING = 100

/** Beside this module as source, beside the bundle as `password-worker.mjs`. */
function workerEntry(): string {
  const here = import.meta.url
  return fileURLToPath(new URL(here.endsWith('.ts') ? './password-worker.ts' : './password-worker.mjs', here))
}

export class PasswordComparer {
  readonly #waiting = new Map<number, { resolve(equal: boolean): void; reject(error: Error): void }>()
  #worker: Worker | undefined
  #count = 0

  /** Throws GENERIC_INSUFFICIENT_RESOURCES when too many wait already. */
  compare(password: string, hash: string): Promise<boolean> {
    if (this.#waiting.size >= MOST_WAITING)
      throw new QueryError('GENERIC_INSUFFICIENT_RESOURCES', 'Too many passwords are being checked', { retryable: true })
    const worker = this.#started()
    const id = this.#count++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.postMessage({ id, password, hash } satisfies Comparison)
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(workerEntry())
    worker.unref()
    worker.on('message', ({ id, equal }: ComparisonResult) => {
      this.#waiting.get(id)?.resolve(equal)
      this.#waiting.delete(id)
    })
    const gone = (error: Error): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    }
    worker.on('error', gone)
    worker.on('exit', () => gone(new Error('The thread that compares passwords has ended')))
    this.#worker = worker
    return worker
  }
}
