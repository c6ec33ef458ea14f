/**
 * What writes need of the catalog (DESIGN.md, section 4, "Writes"). Files go into the visible folders under names that carry
 * their transaction; one transaction of the catalog makes them a table's and takes away those that they replace:
 *
 *   begin ─▶ recordFiles ─▶ (upload) ─▶ stage ─▶ commit        readers: the new files instead of the replaced ones
 *                                          └──▶ abort          readers: nothing has changed; the sweeper removes the files
 *
 * Sequence numbers grow with `begin`, so that a reader knows of a file whose transaction it has never heard of that it began
 * after the reader's own snapshot. Times are milliseconds since the epoch.
 */
import type { RegisteredPartition, TableDefinition } from './store.ts'

export type WriteKind = 'insert' | 'overwrite' | 'create' | 'delete' | 'drop' | 'unload' | 'optimize'

export interface WriteTransaction {
  readonly sequence: number
  /** Part of its files' names: the catalog's id and the sequence. */
  readonly id: string
  /** The catalog's version that it began at. */
  readonly startedVersion: number
}

export interface FilePlace {
  /** `s3://lake`, `gs://lake`, `file://`. */
  readonly bucket: string
  readonly key: string
}

/** A file as it was listed. */
export interface FileVersion extends FilePlace {
  readonly version: string
}

/** Which files of a listing are none of a table's, all as of one moment. */
export interface FileSnapshot {
  readonly catalogId: string
  /** The newest transaction that had begun. */
  readonly highest: number
  /** Transactions that had begun and were not committed. */
  readonly unfinished: ReadonlySet<number>
  /** Versions of replaced files by `bucket/key`; undefined: any version. */
  readonly replaced: ReadonlyMap<string, string | undefined>
}

export interface StagedChange {
  /** `bucket/key/` of every folder that gets files or loses them. */
  readonly folders: readonly string[]
  /** What readers no longer see; the files of it that Weir wrote are deleted later. */
  readonly replaced: readonly FileVersion[]
}

export interface CommitRequest {
  /** The table that must still be what it was. */
  readonly table?: { readonly id: number; readonly location: string; readonly keys: readonly string[] }
  /** The table that appears together with its files; where `replace`, instead of one of that name. */
  readonly create?: { readonly definition: TableDefinition; readonly replace?: boolean; readonly root?: string | undefined }
  /** Partitions of `table`, or of the created one, that are registered together with their files; those that are already stay. */
  readonly partitions?: readonly RegisteredPartition[]
  /** Nothing may have been committed to the staged folders since the transaction began. */
  readonly exclusive: boolean
  readonly outcome?: StatementOutcome & { readonly key: string }
}

export interface StatementOutcome {
  readonly updateType: string
  readonly updateCount: number | undefined
}

/** What a statement under an idempotency key is told. */
export type Claim =
  | { readonly kind: 'run' }
  | { readonly kind: 'done'; readonly outcome: StatementOutcome }
  /** Somebody runs it now. */
  | { readonly kind: 'running' }
  /** The key was used for another statement. */
  | { readonly kind: 'other' }

export interface UnsweptTransaction {
  readonly sequence: number
  readonly endedAt: number
}

export interface WriteStore {
  begin(kind: WriteKind, owner: string, now: number): Promise<WriteTransaction>
  /** Before the files are made, so that whatever happens they are known. */
  recordFiles(transaction: WriteTransaction, files: readonly FilePlace[]): Promise<void>
  /** Versions of files that have arrived. */
  recordVersions(transaction: WriteTransaction, files: readonly FileVersion[]): Promise<void>
  /** What the commit will do; without effect before it. Many rows are kept in several transactions. */
  stage(transaction: WriteTransaction, change: StagedChange): Promise<void>
  /** Throws TRANSACTION_CONFLICT, TABLE_ALREADY_EXISTS, SCHEMA_NOT_FOUND, TABLE_NOT_FOUND; then nothing has changed. */
  commit(transaction: WriteTransaction, request: CommitRequest, now: number): Promise<void>
  /** False when it had been committed. */
  abort(sequence: number, now: number): Promise<boolean>
  snapshot(): Promise<FileSnapshot>
  /** Those of the files that Weir wrote, in a transaction that was committed, as they are. */
  ownFiles(files: readonly FileVersion[]): Promise<readonly FileVersion[]>

  /** Says that the process is alive. */
  heartbeat(owner: string, now: number): Promise<void>
  /** Open transactions of processes that were not heard of since `before`. */
  abandoned(before: number): Promise<readonly number[]>
  /** Aborted transactions that have files. */
  aborted(): Promise<readonly number[]>
  /** Files of a transaction, at most `most`. */
  filesOf(sequence: number, most: number): Promise<readonly FilePlace[]>
  /** Weir's own files that were replaced before `before`, at most `most`. */
  replacedBefore(before: number, most: number): Promise<readonly (FilePlace & { readonly version: string | undefined })[]>
  /** The files are gone. */
  forgetFiles(files: readonly FilePlace[]): Promise<void>
  /** Drops what is known of transactions and statements that ended before `before` and have nothing left to be done. */
  forgetEnded(before: number): Promise<void>

  /** Claims a key for a statement; a claim of a process that was not heard of since `deadBefore` is taken over. */
  claim(key: string, fingerprint: string, owner: string, now: number, deadBefore: number): Promise<Claim>
  /** The statement ended without effect: the key is free again. */
  release(key: string, owner: string): Promise<void>
}
