/** Compares passwords with bcrypt hashes on a thread of its own: one comparison takes some tenths of a second by design. */
import { parentPort } from 'node:worker_threads'
import bcrypt from 'bcryptjs'

export interface Comparison {
  readonly id: number
  readonly password: string
  readonly hash: string
}

export interface ComparisonResult {
  readonly id: number
  readonly equal: boolean
}

parentPort?.on('message', ({ id, password, hash }: Comparison) => {
  parentPort?.postMessage({ id, equal: bcrypt.compareSync(password, hash) } satisfies ComparisonResult)
})
