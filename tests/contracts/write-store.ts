/** What every catalog store must do for writes: who sees what, who wins, what is left to be swept. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CatalogStore } from '#catalog/store/store'
import type { FileVersion, WriteTransaction } from '#catalog/store/write-store'
import { transactionOf, writtenFileName } from '#catalog/writes/file-name'
import { isVisible } from '#catalog/writes/visible-store'
import { QueryError } from '#src/common/errors'
import { type CatalogStoreUnderTest, TRIPS } from './catalog-store.ts'

const BUCKET = 's3://lake'
const NOW = 1_700_000_000_000

export function writeStoreContract(name: string, make: () => Promise<CatalogStoreUnderTest>): void {
  describe(`writes in the catalog store: ${name}`, () => {
    let subject: CatalogStoreUnderTest
    let store: CatalogStore
    beforeEach(async () => {
      subject = await make()
      store = subject.store
    })
    afterEach(() => subject.cleanUp())

    const begin = (owner = 'one', kind: 'insert' | 'overwrite' = 'insert') => store.writes.begin(kind, owner, NOW)
    const file = ({ id }: WriteTransaction, folder: string, number = 1): FileVersion => ({
      bucket: BUCKET,
      key: `${folder}${writtenFileName(id, number, 'parquet')}`,
      version: `v${number}`,
    })
    const foreign = (key: string): FileVersion => ({ bucket: BUCKET, key, version: 'f' })
    /** Puts a file into a folder, as an INSERT does. */
    const insert = async (folder: string, owner = 'one'): Promise<FileVersion> => {
      const transaction = await begin(owner)
      const written = file(transaction, folder)
      await store.writes.recordFiles(transaction, [written])
      await store.writes.recordVersions(transaction, [written])
      await store.writes.stage(transaction, { folders: [`${BUCKET}/${folder}`], replaced: [] })
      await store.writes.commit(transaction, { exclusive: false }, NOW + 1)
      return written
    }
    /** An INSERT OVERWRITE of these folders up to its commit. */
    const stageOverwrite = async (folders: readonly string[], replaced: readonly FileVersion[] = []): Promise<WriteTransaction> => {
      const transaction = await begin('one', 'overwrite')
      await store.writes.stage(transaction, { folders: folders.map((folder) => `${BUCKET}/${folder}`), replaced })
      return transaction
    }
    const commitExclusive = (transaction: WriteTransaction) => store.writes.commit(transaction, { exclusive: true }, NOW + 2)
    const sees = async (seen: FileVersion, from = store) => isVisible(BUCKET, seen, await from.writes.snapshot())
    const failure = async (work: Promise<unknown>): Promise<string> => {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      return error instanceof QueryError ? error.errorName : String(error)
    }

    it('shows a file from its commit on, in every process', async () => {
      const second = await subject.second()
      const transaction = await begin()
      const written = file(transaction, 't/')
      await store.writes.recordFiles(transaction, [written])
      expect([await sees(written), await sees(written, second)]).toEqual([false, false])
      await store.writes.recordVersions(transaction, [written])
      await store.writes.stage(transaction, { folders: [`${BUCKET}/t/`], replaced: [] })
      expect([await sees(written), await sees(written, second)]).toEqual([false, false])
      await store.writes.commit(transaction, { exclusive: false }, NOW)
      expect([await sees(written), await sees(written, second)]).toEqual([true, true])
      await second.close()
    })

    it('hides from a snapshot what begins and what is committed after it', async () => {
      const open = await begin()
      const snapshot = await store.writes.snapshot()
      await store.writes.commit(open, { exclusive: false }, NOW)
      const later = await insert('t/')
      expect(isVisible(BUCKET, file(open, 't/'), snapshot)).toBe(false)
      expect(isVisible(BUCKET, later, snapshot)).toBe(false)
      expect([await sees(file(open, 't/')), await sees(later)]).toEqual([true, true])
    })

    it('never hides files of others, nor of another catalog', async () => {
      await begin()
      expect(await sees(foreign('t/part-00000.parquet'))).toBe(true)
      expect(await sees(foreign('t/weir-1.parquet'))).toBe(true)
      const id = (await begin()).id
      const other = `${id.startsWith('0') ? '1' : '0'}${id.slice(1)}`
      expect(await sees(foreign(`t/${writtenFileName(other, 1, 'parquet')}`))).toBe(true)
    })

    it('tells the transaction of a file by its name', () => {
      expect(transactionOf('a/b/weir-0123abcdz9-12.csv.gz')).toEqual({ catalogId: '0123abcd', sequence: 35 * 36 + 9 })
      expect([transactionOf('a/weir-0123abcd-1.csv'), transactionOf('a/part-0123abcdz9-1.csv')]).toEqual([undefined, undefined])
    })

    it('replaces files by the commit, in their version only', async () => {
      const own = await insert('t/')
      const other = foreign('t/part-0.parquet')
      const transaction = await stageOverwrite(['t/'], [own, other])
      expect([await sees(own), await sees(other)]).toEqual([true, true])
      await commitExclusive(transaction)
      expect([await sees(own), await sees(other), await sees({ ...other, version: 'rewritten' })]).toEqual([false, false, true])
    })

    it('gives what it wrote and replaced to the sweeper, and nothing else', async () => {
      const own = await insert('t/')
      const rewritten = { ...(await insert('t/')), version: 'somebody wrote over it' }
      await commitExclusive(await stageOverwrite(['t/'], [own, rewritten, foreign('t/part-0.parquet')]))
      expect(await store.writes.replacedBefore(NOW + 2, 10)).toEqual([])
      expect(await store.writes.replacedBefore(NOW + 3, 10)).toEqual([{ bucket: BUCKET, key: own.key, version: 'v1' }])
      await store.writes.forgetFiles([own])
      expect(await store.writes.replacedBefore(NOW + 3, 10)).toEqual([])
      expect(await store.writes.ownFiles([own, rewritten])).toEqual([])
    })

    it('lets one of two that replace a folder win; the other has changed nothing', async () => {
      const before = await insert('t/dt=1/')
      const first = await stageOverwrite(['t/dt=1/'], [before])
      const second = await stageOverwrite(['t/dt=1/'], [before])
      const elsewhere = await stageOverwrite(['t/dt=2/'])
      await commitExclusive(second)
      expect(await failure(commitExclusive(first))).toBe('TRANSACTION_CONFLICT')
      expect(await failure(commitExclusive(elsewhere))).toBe('undefined')
      expect(await sees(before)).toBe(false)
    })

    it('finds conflicts with what was added below and above', async () => {
      for (const [mine, theirs] of [
        ['t/', 't/dt=1/'],
        ['t/dt=1/', 't/'],
        ['t/dt=1/', 't/dt=1/sub/'],
      ] as const) {
        const transaction = await stageOverwrite([mine])
        await insert(theirs)
        expect([mine, theirs, await failure(commitExclusive(transaction))]).toEqual([mine, theirs, 'TRANSACTION_CONFLICT'])
      }
      const transaction = await stageOverwrite(['t/dt=1/'])
      await insert('t/dt=10/')
      await insert('table/dt=1/')
      expect(await failure(commitExclusive(transaction))).toBe('undefined')
    })

    it('lets two that only add both win', async () => {
      const first = await begin()
      await store.writes.stage(first, { folders: [`${BUCKET}/t/`], replaced: [] })
      const other = await insert('t/')
      await store.writes.commit(first, { exclusive: false }, NOW)
      expect([await sees(other), await sees(file(first, 't/'))]).toEqual([true, true])
    })

    it('makes a table and its files known at once', async () => {
      const transaction = await begin()
      const create = { definition: TRIPS }
      await store.writes.commit(transaction, { create, exclusive: false }, NOW)
      expect(await store.getTable('default', 'trips')).toMatchObject(TRIPS)
      const second = await begin()
      expect(await failure(store.writes.commit(second, { create, exclusive: false }, NOW))).toBe('TABLE_ALREADY_EXISTS')
      expect(await sees(file(second, 't/'))).toBe(false)
    })

    it('refuses a commit to a table that was dropped, or lies elsewhere now', async () => {
      const table = await store.createTable(TRIPS, { replace: false, createSchema: true })
      const identity = { id: table.id ?? 0, location: table.location, keys: ['year', 'dt'] }
      const commit = async (request: typeof identity) =>
        failure(store.writes.commit(await begin(), { table: request, exclusive: false }, NOW))
      expect(await commit(identity)).toBe('undefined')
      expect(await commit({ ...identity, location: 's3://lake/other/' })).toBe('TRANSACTION_CONFLICT')
      expect(await commit({ ...identity, keys: ['dt', 'year'] })).toBe('TRANSACTION_CONFLICT')
      await store.dropTable('default', 'trips')
      await store.createTable(TRIPS, { replace: false, createSchema: true })
      expect(await commit(identity)).toBe('TRANSACTION_CONFLICT')
    })

    it('takes silent writers for dead, whose files stay hidden when they come back', async () => {
      const dead = await begin('dead')
      const alive = await begin('alive')
      const written = file(dead, 't/')
      await store.writes.recordFiles(dead, [written])
      await store.writes.heartbeat('alive', NOW + 100)
      expect(await store.writes.abandoned(NOW + 50)).toEqual([dead.sequence])
      expect(await store.writes.abort(dead.sequence, NOW + 100)).toBe(true)
      expect(await store.writes.aborted()).toEqual([dead.sequence])
      expect(await store.writes.filesOf(dead.sequence, 10)).toEqual([{ bucket: BUCKET, key: written.key }])
      expect(await failure(store.writes.commit(dead, { exclusive: false }, NOW))).toBe('TRANSACTION_CONFLICT')
      await store.writes.forgetFiles([written])
      expect(await store.writes.aborted()).toEqual([])
      await store.writes.forgetEnded(NOW + 1000)
      expect(await sees(written)).toBe(false)
      expect(await failure(store.writes.commit(alive, { exclusive: false }, NOW))).toBe('undefined')
    })

    it('deletes what it wrote for a managed table with the table, and only that', async () => {
      const location = 's3://lake/warehouse/default/trips-1/'
      await store.createTable({ ...TRIPS, location, managed: true }, { replace: false, createSchema: true })
      const own = await insert('warehouse/default/trips-1/year=2024/dt=2024-01-01/')
      const neighbour = await insert('warehouse/default/trips-10/')
      const snapshot = await store.writes.snapshot()
      await store.dropTable('default', 'trips')
      const doomed = await store.writes.replacedBefore(Date.now() + 1000, 10)
      expect(doomed.map(({ key }) => key)).toEqual([own.key])
      // A query that has read the definition still finds the files.
      expect([isVisible(BUCKET, own, snapshot), await sees(own), await sees(neighbour)]).toEqual([true, true, true])
    })

    it('keeps the files of an external table that is dropped', async () => {
      await store.createTable(TRIPS, { replace: false, createSchema: true })
      const own = await insert('trips/year=2024/dt=2024-01-01/')
      await store.dropTable('default', 'trips')
      expect(await store.writes.replacedBefore(Date.now() + 1000, 10)).toEqual([])
      expect(await sees(own)).toBe(true)
    })

    it('runs a statement once a key', async () => {
      const claim = (owner: string, fingerprint = 'f', deadBefore = NOW - 10) =>
        store.writes.claim('key', fingerprint, owner, NOW, deadBefore)
      expect(await claim('one')).toEqual({ kind: 'run' })
      expect(await claim('two')).toEqual({ kind: 'running' })
      expect(await claim('two', 'other')).toEqual({ kind: 'other' })
      await store.writes.release('key', 'two')
      expect(await claim('two')).toEqual({ kind: 'running' })
      await store.writes.release('key', 'one')
      expect(await claim('two')).toEqual({ kind: 'run' })
      const outcome = { key: 'key', updateType: 'INSERT', updateCount: 5 }
      await store.writes.commit(await begin('two'), { exclusive: false, outcome }, NOW)
      await store.writes.release('key', 'two')
      expect(await claim('one')).toEqual({ kind: 'done', outcome: { updateType: 'INSERT', updateCount: 5 } })
      await store.writes.forgetEnded(NOW)
      expect(await claim('one')).toMatchObject({ kind: 'done' })
      await store.writes.forgetEnded(NOW + 1)
      expect(await claim('one')).toEqual({ kind: 'run' })
    })

    it('takes over the key of a dead process, whose write can no longer be committed', async () => {
      await store.writes.claim('key', 'f', 'dead', NOW, NOW)
      const dead = await begin('dead')
      expect(await store.writes.claim('key', 'f', 'two', NOW + 100, NOW + 50)).toEqual({ kind: 'run' })
      const outcome = { key: 'key', updateType: 'INSERT', updateCount: 1 }
      expect(await failure(store.writes.commit(dead, { exclusive: false, outcome }, NOW))).toBe('TRANSACTION_CONFLICT')
    })
  })
}
