/** Keeps one kernel process running: starts it early, starts another when it is gone. */
import { QueryError } from '#src/common/errors'
import { allowedFolders, databaseSettings, defaultEntry, type KernelOptions } from './kernel-options.ts'
import { KernelProcess } from './process/kernel-process.ts'

const DEFAULT_MAX_QUERIES = 64
/** Pool threads beside those that queries hold. */
const SPARE_POOL_THREADS = 8
/** A process that cannot even start is not started again at once. */
const RESTART_PAUSE_MS = 500

export class KernelSupervisor {
  readonly #options: KernelOptions
  readonly #statements: readonly string[]
  #process: KernelProcess
  #closed = false

  constructor(options: KernelOptions, statements: readonly string[]) {
    this.#options = options
    this.#statements = statements
    this.#process = this.#start()
  }

  /** A process that answers. */
  async process(): Promise<KernelProcess> {
    if (this.#closed) throw new QueryError('SERVER_SHUTTING_DOWN', 'The server is shutting down')
    if (this.#process.dying) await this.#process.exited
    const process = this.#process
    await process.ready
    return process
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#process.kill()
    await this.#process.exited
  }

  #start(): KernelProcess {
    const options = this.#options
    const process = new KernelProcess({
      entry: options.entry ?? defaultEntry(),
      settings: databaseSettings(options),
      allowedFolders: allowedFolders(options),
      statements: this.#statements,
      poolThreads: (options.maxQueries ?? DEFAULT_MAX_QUERIES) + SPARE_POOL_THREADS,
      onOutput: options.onOutput ?? (() => {}),
    })
    let answered = false
    process.ready.then(
      () => {
        answered = true
      },
      () => {},
    )
    void process.exited.then(() => {
      if (this.#closed) return
      if (answered) this.#process = this.#start()
      else
        setTimeout(() => {
          if (!this.#closed) this.#process = this.#start()
        }, RESTART_PAUSE_MS)
    })
    return process
  }
}
