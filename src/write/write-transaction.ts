/** One write from its beginning to its commit, or to its trace-free end. */
import type {
  CommitRequest,
  FilePlace,
  FileVersion,
  StagedChange,
  WriteKind,
  WriteStore,
  WriteTransaction,
} from '#catalog/store/write-store'
import { parseLocation } from '#connectors/storage/location'
import type { Bucket, ObjectStore } from '#connectors/storage/object-store'
import type { Liveness } from './liveness.ts'

export interface WriteTransactionDeps {
  readonly writes: WriteStore
  readonly liveness: Liveness
  readonly now: () => number
  readonly storeFor: (bucket: Bucket) => ObjectStore
}

export class OpenWrite {
  readonly transaction: WriteTransaction
  readonly #deps: WriteTransactionDeps
  readonly #places: FilePlace[] = []
  #ended = false

  private constructor(transaction: WriteTransaction, deps: WriteTransactionDeps) {
    this.transaction = transaction
    this.#deps = deps
  }

  static async begin(kind: WriteKind, deps: WriteTransactionDeps): Promise<OpenWrite> {
    deps.liveness.enter()
    try {
      return new OpenWrite(await deps.writes.begin(kind, deps.liveness.owner, deps.now()), deps)
    } catch (error) {
      deps.liveness.leave()
      throw error
    }
  }

  /** Before the files are sent. */
  async record(files: readonly FilePlace[]): Promise<void> {
    this.#places.push(...files)
    await this.#deps.writes.recordFiles(this.transaction, files)
  }

  async commit(files: readonly FileVersion[], change: StagedChange, request: CommitRequest): Promise<void> {
    const { writes, now } = this.#deps
    await writes.recordVersions(this.transaction, files)
    await writes.stage(this.transaction, change)
    await writes.commit(this.transaction, request, now())
    this.#end()
  }

  /** Takes back what was done; what cannot be removed now is the sweeper's. */
  async rollBack(): Promise<void> {
    if (this.#ended) return
    const { writes, now } = this.#deps
    try {
      const undone = await writes.abort(this.transaction.sequence, now())
      if (undone) await removeFiles(this.#places, this.#deps)
    } catch {
      // Its files stay hidden, and the sweeper comes back to them.
    } finally {
      this.#end()
    }
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#deps.liveness.leave()
  }
}

/** Deletes objects and forgets them. Missing ones are no error. */
export async function removeFiles(files: readonly FilePlace[], deps: Pick<WriteTransactionDeps, 'writes' | 'storeFor'>): Promise<void> {
  for (const name of new Set(files.map(({ bucket }) => bucket))) {
    const own = files.filter(({ bucket }) => bucket === name)
    const { bucket } = parseLocation(`${name}/`)
    const store = deps.storeFor(bucket)
    const keys = own.map(({ key }) => key)
    await store.delete(keys)
    await store.abandonUploads?.(keys)
    await deps.writes.forgetFiles(own)
  }
}
