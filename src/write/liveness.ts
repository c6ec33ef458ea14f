/** Tells the catalog that this process is alive while it writes: what a silent one has begun is given up for it. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { WriteStore } from '#catalog/store/write-store'

const EVERY_MS = 3_000

/** A process that writes and was not heard of for so long is dead. */
export const SILENT_MS = 30_000

export class Liveness {
  readonly owner = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`
  readonly #writes: WriteStore
  readonly #now: () => number
  #active = 0
  #timer: NodeJS.Timeout | undefined

  constructor(writes: WriteStore, now: () => number) {
    this.#writes = writes
    this.#now = now
  }

  enter(): void {
    this.#active++
    // A heartbeat that fails is followed by another; a write that outlives them all is refused at its commit.
    this.#timer ??= setInterval(() => void this.#writes.heartbeat(this.owner, this.#now()).catch(() => undefined), EVERY_MS).unref()
  }

  leave(): void {
    if (--this.#active > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
