/** Writes in any SQL database that Kysely speaks. Many rows are written in pieces, so that no transaction is long. */
import { QueryError } from '#src/common/errors'
import { transactionId } from '../writes/file-name.ts'
import type { CatalogDatabase, CatalogTransaction } from './database.ts'
import { newerCatalog, SCHEMA_VERSION } from './migrate.ts'
import { insertPartitions } from './sql-partitions.ts'
import { nextSequence } from './sql-replaced-files.ts'
import { insertTable } from './sql-tables.ts'
import type {
  Claim,
  CommitRequest,
  FilePlace,
  FileSnapshot,
  FileVersion,
  StagedChange,
  WriteKind,
  WriteStore,
  WriteTransaction,
} from './write-store.ts'

/** Rows of one statement: SQLite takes 32,766 values. */
const ROWS_AT_ONCE = 500
const ABORTED_KEPT_MS = 30 * 24 * 3_600_000

export class SqlWriteStore implements WriteStore {
  readonly #database: CatalogDatabase
  #known: { readonly version: number; readonly snapshot: FileSnapshot } | undefined

  constructor(database: CatalogDatabase) {
    this.#database = database
  }

  begin(kind: WriteKind, owner: string, now: number): Promise<WriteTransaction> {
    return this.#database.transaction('write', async (db) => {
      const { catalog_id } = await db.selectFrom('write_state').select('catalog_id').executeTakeFirstOrThrow()
      const startedVersion = await currentVersion(db, this.#database.place)
      const sequence = await nextSequence(db)
      const row = { sequence, kind, state: 'open', owner, started_version: startedVersion, started_at: now }
      await db
        .insertInto('write_transactions')
        .values({ ...row, committed_version: null, ended_at: null })
        .execute()
      await putHeartbeat(db, owner, now)
      return { sequence, id: transactionId(catalog_id, sequence), startedVersion }
    })
  }

  recordFiles({ sequence }: WriteTransaction, files: readonly FilePlace[]): Promise<void> {
    return this.#inPieces(files, async (db, piece) => {
      await requireOpen(db, sequence)
      const rows = piece.map(({ bucket, key }) => ({ bucket, key, sequence, version: null }))
      await db.insertInto('written_files').values(rows).execute()
    })
  }

  recordVersions({ sequence }: WriteTransaction, files: readonly FileVersion[]): Promise<void> {
    return this.#inPieces(files, async (db, piece) => {
      const rows = piece.map(({ bucket, key, version }) => ({ bucket, key, sequence, version }))
      await db
        .insertInto('written_files')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['bucket', 'key']).doUpdateSet((row) => ({ version: row.ref('excluded.version') })))
        .execute()
    })
  }

  async stage({ sequence }: WriteTransaction, { folders, replaced }: StagedChange): Promise<void> {
    await this.#inPieces([...new Set(folders)], async (db, piece) => {
      await db
        .insertInto('touched_folders')
        .values(piece.map((folder) => ({ sequence, folder })))
        .execute()
    })
    const own = new Set((await this.ownFiles(replaced)).map(({ bucket, key }) => `${bucket}/${key}`))
    await this.#inPieces(replaced, async (db, piece) => {
      const rows = piece.map(({ bucket, key, version }) => ({ sequence, bucket, key, version, own: own.has(`${bucket}/${key}`) ? 1 : 0 }))
      await db.insertInto('replaced_files').values(rows).execute()
    })
  }

  commit(transaction: WriteTransaction, request: CommitRequest, now: number): Promise<void> {
    const { sequence, startedVersion } = transaction
    return this.#database.transaction('write', async (db) => {
      await requireOpen(db, sequence)
      const version = (await currentVersion(db, this.#database.place)) + 1
      await db.updateTable('catalog_state').set({ version }).execute()
      if (request.table !== undefined) await requireTable(db, request.table)
      await requireFolders(db, sequence, startedVersion, request.exclusive)
      let tableId = request.table?.id
      if (request.create !== undefined) {
        const created = await insertTable(db, request.create.definition, version, { replace: request.create.replace ?? false })
        tableId = created.id
        const { root } = request.create
        if (root !== undefined)
          await db
            .insertInto('roots')
            .values({ location: root })
            .onConflict((conflict) => conflict.column('location').doNothing())
            .execute()
      }
      if (tableId !== undefined && request.partitions !== undefined && request.partitions.length > 0)
        await insertPartitions(db, tableId, request.partitions, version)
      await db
        .updateTable('write_transactions')
        .set({ state: 'committed', committed_version: version, ended_at: now })
        .where('sequence', '=', sequence)
        .execute()
      if (request.outcome !== undefined) {
        const { key, updateType, updateCount } = request.outcome
        await db
          .updateTable('idempotent_statements')
          .set({ state: 'done', update_type: updateType, update_count: updateCount ?? null, ended_at: now })
          .where('key', '=', key)
          .execute()
      }
    })
  }

  abort(sequence: number, now: number): Promise<boolean> {
    return this.#database.transaction('write', async (db) => {
      const result = await db
        .updateTable('write_transactions')
        .set({ state: 'aborted', ended_at: now })
        .where('sequence', '=', sequence)
        .where('state', '=', 'open')
        .executeTakeFirst()
      if (result.numUpdatedRows > 0n) {
        await db.deleteFrom('touched_folders').where('sequence', '=', sequence).execute()
        await db.deleteFrom('replaced_files').where('sequence', '=', sequence).execute()
      }
      const row = await db.selectFrom('write_transactions').select('state').where('sequence', '=', sequence).executeTakeFirst()
      return row?.state !== 'committed'
    })
  }

  snapshot(): Promise<FileSnapshot> {
    return this.#database.transaction('read', async (db) => {
      const version = await currentVersion(db, this.#database.place)
      // Without a commit only more transactions can have begun, or ended without effect.
      if (this.#known?.version === version) return this.#known.snapshot
      const state = await db.selectFrom('write_state').selectAll().executeTakeFirstOrThrow()
      const unfinished = await db.selectFrom('write_transactions').select('sequence').where('state', '<>', 'committed').execute()
      const replaced = await db
        .selectFrom('replaced_files')
        .innerJoin('write_transactions', 'write_transactions.sequence', 'replaced_files.sequence')
        .select(['bucket', 'key', 'version'])
        .where('state', '=', 'committed')
        .where('kind', '<>', 'drop')
        .execute()
      const snapshot: FileSnapshot = {
        catalogId: state.catalog_id,
        highest: Number(state.next_sequence) - 1,
        unfinished: new Set(unfinished.map(({ sequence }) => Number(sequence))),
        replaced: new Map(replaced.map((file) => [`${file.bucket}/${file.key}`, file.version ?? undefined])),
      }
      this.#known = { version, snapshot }
      return snapshot
    })
  }

  async ownFiles(files: readonly FileVersion[]): Promise<readonly FileVersion[]> {
    const own: FileVersion[] = []
    for (const piece of pieces(files)) {
      const rows = await this.#database.transaction('read', (db) =>
        db
          .selectFrom('written_files')
          .innerJoin('write_transactions', 'write_transactions.sequence', 'written_files.sequence')
          .select(['bucket', 'key', 'version'])
          .where('state', '=', 'committed')
          .where(
            'key',
            'in',
            piece.map(({ key }) => key),
          )
          .execute(),
      )
      const versions = new Map(rows.map((row) => [`${row.bucket}/${row.key}`, row.version]))
      own.push(...piece.filter(({ bucket, key, version }) => versions.get(`${bucket}/${key}`) === version))
    }
    return own
  }

  heartbeat(owner: string, now: number): Promise<void> {
    return this.#database.transaction('write', (db) => putHeartbeat(db, owner, now))
  }

  abandoned(before: number): Promise<readonly number[]> {
    return this.#database.transaction('read', async (db) => {
      const rows = await db
        .selectFrom('write_transactions')
        .leftJoin('writers', 'writers.owner', 'write_transactions.owner')
        .select('sequence')
        .where('state', '=', 'open')
        .where('started_at', '<', before)
        .where((where) => where.or([where('seen_at', 'is', null), where('seen_at', '<', before)]))
        .execute()
      return rows.map(({ sequence }) => Number(sequence))
    })
  }

  aborted(): Promise<readonly number[]> {
    return this.#database.transaction('read', async (db) => {
      const rows = await db
        .selectFrom('write_transactions')
        .innerJoin('written_files', 'written_files.sequence', 'write_transactions.sequence')
        .select('write_transactions.sequence')
        .where('state', '=', 'aborted')
        .distinct()
        .execute()
      return rows.map(({ sequence }) => Number(sequence))
    })
  }

  filesOf(sequence: number, most: number): Promise<readonly FilePlace[]> {
    return this.#database.transaction('read', (db) =>
      db.selectFrom('written_files').select(['bucket', 'key']).where('sequence', '=', sequence).limit(most).execute(),
    )
  }

  replacedBefore(before: number, most: number): Promise<readonly (FilePlace & { readonly version: string | undefined })[]> {
    return this.#database.transaction('read', async (db) => {
      const rows = await db
        .selectFrom('replaced_files')
        .innerJoin('write_transactions', 'write_transactions.sequence', 'replaced_files.sequence')
        .select(['bucket', 'key', 'version'])
        .where('state', '=', 'committed')
        .where('own', '=', 1)
        .where('ended_at', '<', before)
        .limit(most)
        .execute()
      return rows.map(({ bucket, key, version }) => ({ bucket, key, version: version ?? undefined }))
    })
  }

  forgetFiles(files: readonly FilePlace[]): Promise<void> {
    return this.#inPieces(files, async (db, piece) => {
      for (const bucket of new Set(piece.map((file) => file.bucket))) {
        const keys = piece.filter((file) => file.bucket === bucket).map(({ key }) => key)
        await db.deleteFrom('written_files').where('bucket', '=', bucket).where('key', 'in', keys).execute()
        await db.deleteFrom('replaced_files').where('bucket', '=', bucket).where('key', 'in', keys).where('own', '=', 1).execute()
      }
    })
  }

  forgetEnded(before: number): Promise<void> {
    return this.#database.transaction('write', async (db) => {
      const ended = db.selectFrom('write_transactions').select('sequence').where('state', '<>', 'open').where('ended_at', '<', before)
      await db.deleteFrom('touched_folders').where('sequence', 'in', ended).execute()
      // Files that were replaced and are not Weir's stay hidden for as long as they exist.
      await db
        .deleteFrom('write_transactions')
        .where('state', '=', 'committed')
        .where('ended_at', '<', before)
        .where('sequence', 'not in', db.selectFrom('replaced_files').select('sequence'))
        .where('sequence', 'not in', db.selectFrom('written_files').select('sequence'))
        .execute()
      // Their numbers hide what a process that was taken for dead may still write: they are kept much longer.
      await db
        .deleteFrom('write_transactions')
        .where('state', '=', 'aborted')
        .where('ended_at', '<', before - ABORTED_KEPT_MS)
        .where('sequence', 'not in', db.selectFrom('written_files').select('sequence'))
        .execute()
      await db.deleteFrom('idempotent_statements').where('state', '=', 'done').where('ended_at', '<', before).execute()
      await db.deleteFrom('writers').where('seen_at', '<', before).execute()
    })
  }

  claim(key: string, fingerprint: string, owner: string, now: number, deadBefore: number): Promise<Claim> {
    return this.#database.transaction('write', async (db) => {
      const row = await db.selectFrom('idempotent_statements').selectAll().where('key', '=', key).executeTakeFirst()
      if (row !== undefined && row.fingerprint !== fingerprint) return { kind: 'other' }
      if (row?.state === 'done') {
        const updateCount = row.update_count === null ? undefined : Number(row.update_count)
        return { kind: 'done', outcome: { updateType: row.update_type ?? '', updateCount } }
      }
      if (row !== undefined) {
        const writer = await db.selectFrom('writers').select('seen_at').where('owner', '=', row.owner).executeTakeFirst()
        if (writer !== undefined && Number(writer.seen_at) >= deadBefore) return { kind: 'running' }
        // Whoever ran it is dead; should it come back, it must not commit.
        await db
          .updateTable('write_transactions')
          .set({ state: 'aborted', ended_at: now })
          .where('owner', '=', row.owner)
          .where('state', '=', 'open')
          .execute()
        await db.deleteFrom('idempotent_statements').where('key', '=', key).execute()
      }
      await db
        .insertInto('idempotent_statements')
        .values({ key, fingerprint, state: 'running', owner, update_type: null, update_count: null, started_at: now, ended_at: null })
        .execute()
      await putHeartbeat(db, owner, now)
      return { kind: 'run' }
    })
  }

  release(key: string, owner: string): Promise<void> {
    return this.#database.transaction('write', async (db) => {
      await db
        .deleteFrom('idempotent_statements')
        .where('key', '=', key)
        .where('owner', '=', owner)
        .where('state', '=', 'running')
        .execute()
    })
  }

  async #inPieces<T>(items: readonly T[], work: (db: CatalogTransaction, piece: readonly T[]) => Promise<void>): Promise<void> {
    for (const piece of pieces(items)) await this.#database.transaction('write', (db) => work(db, piece))
  }
}

function* pieces<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += ROWS_AT_ONCE) yield items.slice(start, start + ROWS_AT_ONCE)
}

/** Also notices a newer Weir that has changed the layout while this process was running. */
async function currentVersion(db: CatalogTransaction, place: string): Promise<number> {
  const state = await db.selectFrom('catalog_state').select(['schema_version', 'version']).executeTakeFirstOrThrow()
  if (Number(state.schema_version) > SCHEMA_VERSION) throw newerCatalog(place, Number(state.schema_version), SCHEMA_VERSION)
  return Number(state.version)
}

async function putHeartbeat(db: CatalogTransaction, owner: string, now: number): Promise<void> {
  await db
    .insertInto('writers')
    .values({ owner, seen_at: now })
    .onConflict((conflict) => conflict.column('owner').doUpdateSet({ seen_at: now }))
    .execute()
}

async function requireOpen(db: CatalogTransaction, sequence: number): Promise<void> {
  const row = await db.selectFrom('write_transactions').select('state').where('sequence', '=', sequence).executeTakeFirst()
  if (row?.state === 'open') return
  throw new QueryError('TRANSACTION_CONFLICT', 'The write was given up: its process had not been heard of for too long', {
    retryable: true,
  })
}

/** Its files lie where its definition said when the write began. */
async function requireTable(db: CatalogTransaction, table: NonNullable<CommitRequest['table']>): Promise<void> {
  const row = await db.selectFrom('tables').select(['location', 'partition_keys']).where('id', '=', table.id).executeTakeFirst()
  if (row === undefined) throw new QueryError('TRANSACTION_CONFLICT', 'The table was dropped while it was written', { retryable: true })
  const keys = (JSON.parse(row.partition_keys) as readonly { readonly name: string }[]).map(({ name }) => name)
  if (row.location === table.location && keys.join() === table.keys.join()) return
  throw new QueryError('TRANSACTION_CONFLICT', 'The table was changed while it was written', { retryable: true })
}

/**
 * Throws TRANSACTION_CONFLICT when another write was committed to a folder since this one began, where either of them replaces
 * files: what was read is no longer what is there. Two that only add do not meet.
 */
async function requireFolders(db: CatalogTransaction, sequence: number, startedVersion: number, exclusive: boolean): Promise<void> {
  if (!exclusive) return
  const others = await db
    .selectFrom('touched_folders')
    .innerJoin('write_transactions', 'write_transactions.sequence', 'touched_folders.sequence')
    .select('folder')
    .where('state', '=', 'committed')
    .where('committed_version', '>', startedVersion)
    .execute()
  if (others.length === 0) return
  const mine = await db.selectFrom('touched_folders').select('folder').where('sequence', '=', sequence).execute()
  const folders = new Set(mine.map(({ folder }) => folder))
  const above = new Set(mine.flatMap(({ folder }) => ancestors(folder)))
  const met = others.find(({ folder }) => above.has(folder) || [folder, ...ancestors(folder)].some((one) => folders.has(one)))
  if (met === undefined) return
  throw new QueryError('TRANSACTION_CONFLICT', `Another statement has written to ${met.folder} meanwhile; nothing was changed`, {
    retryable: true,
    hint: 'Run the statement again.',
  })
}

/** The folders that a folder lies in, as `bucket/key/`. */
function ancestors(folder: string): string[] {
  const found: string[] = []
  const start = folder.indexOf('://') + 3
  for (let slash = folder.lastIndexOf('/', folder.length - 2); slash > start; slash = folder.lastIndexOf('/', slash - 1))
    found.push(folder.slice(0, slash + 1))
  return found
}
