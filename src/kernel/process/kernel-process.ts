/** The server's side of one kernel process: start, watch, stop. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { QueryError } from '#src/common/errors'
import type { KernelBoot } from './start.ts'

/** Bytes of a path below which the socket's own fits. */
const LONGEST_TEMPORARY = 80
const BOOT_TIMEOUT_MS = 30_000

export interface KernelProcessOptions {
  /** The module that the process runs. */
  readonly entry: string
  readonly settings: Readonly<Record<string, string>>
  readonly allowedFolders: readonly string[]
  readonly statements: readonly string[]
  /** Threads for blocking calls: one a running query and some for files. */
  readonly poolThreads: number
  /** What the process prints: for the log, never for users. */
  readonly onOutput: (text: string) => void
}

export class KernelProcess {
  readonly socketPath: string
  /** Resolves when the process answers; rejects when it ends before. */
  readonly ready: Promise<void>
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>
  readonly #child: ChildProcess
  readonly #folder: string
  #gone = false
  #dying = false

  constructor(options: KernelProcessOptions) {
    // Socket paths are limited to about 100 bytes, and only the owner may enter the folder (mkdtemp makes it 0700).
    this.#folder = mkdtempSync(join(tmpdir().length <= LONGEST_TEMPORARY ? tmpdir() : '/tmp', 'weir-k-'))
    this.socketPath = join(this.#folder, 's')
    this.#child = fork(options.entry, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
      env: { ...process.env, UV_THREADPOOL_SIZE: String(options.poolThreads), NODE_OPTIONS: '' },
    })
    this.#child.stdout?.setEncoding('utf8').on('data', options.onOutput)
    this.#child.stderr?.setEncoding('utf8').on('data', options.onOutput)
    this.exited = new Promise((resolve) => {
      const gone = () => {
        if (this.#gone) return
        this.#gone = true
        rmSync(this.#folder, { recursive: true, force: true })
        resolve()
      }
      this.#child.once('exit', gone)
      this.#child.once('error', (error) => {
        options.onOutput(String(error))
        gone()
      })
    })
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.kill(), BOOT_TIMEOUT_MS)
      this.#child.once('message', () => {
        clearTimeout(timer)
        resolve()
      })
      void this.exited.then(() => {
        clearTimeout(timer)
        reject(new QueryError('GENERIC_INTERNAL_ERROR', 'The execution kernel did not start; the server log says why', { retryable: true }))
      })
    })
    this.ready.catch(() => {})
    const boot: KernelBoot = {
      socketPath: this.socketPath,
      socketFolder: this.#folder,
      settings: options.settings,
      allowedFolders: options.allowedFolders,
      statements: options.statements,
    }
    this.#child.send(boot, (error) => {
      if (error) options.onOutput(String(error))
    })
  }

  /** It was killed and may not be gone yet: it takes no new queries. */
  get dying(): boolean {
    return this.#dying
  }

  /** Ends the process at once; its queries fail as retryable. */
  kill(): void {
    this.#dying = true
    this.#child.kill('SIGKILL')
  }
}

/** What a query gets whose kernel ended under it. */
export function kernelLost(): QueryError {
  return new QueryError('KERNEL_LOST', 'The execution kernel was restarted; send the query again', { retryable: true })
}
