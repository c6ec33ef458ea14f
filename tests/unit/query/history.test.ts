/** The history: bounded in memory and on disk, read again after any end of its writers. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import { createHistory } from '#src/query/history'
import { type HistoryFile, type HistoryFileOptions, openHistoryFile } from '#src/query/history-file'
import type { QueryInfo } from '#src/query/query'
import { QueryRecord } from '#src/query/query-record'

function ended(id: string, options: { readonly sql?: string; readonly error?: QueryError } = {}): QueryInfo {
  const record = new QueryRecord(id, options.sql ?? `SELECT '${id}'`, 'alice')
  record.addRows(3)
  record.end(options.error)
  return record.info()
}

describe('in memory', () => {
  it('keeps so many queries, characters and days', () => {
    let now = Date.now()
    const history = createHistory({ queries: 3, characters: 100, ageMs: 1000 }, () => now)
    for (const id of ['a', 'b', 'c', 'd']) history.add(ended(id))
    expect(history.list().map(({ id }) => id)).toEqual(['d', 'c', 'b'])
    expect(history.find('a')).toBeUndefined()
    history.add(ended('long', { sql: 'x'.repeat(91) }))
    expect(history.list().map(({ id }) => id)).toEqual(['long'])
    now += 2000
    expect(history.list()).toEqual([])
  })
})

describe('on disk', () => {
  let folder: string
  let failures: Error[]
  const open = (options: Partial<HistoryFileOptions> = {}): Promise<HistoryFile> =>
    openHistoryFile({ folder, onFailure: (error) => failures.push(error), ...options })
  const idsOf = (history: HistoryFile) => history.list().map(({ id }) => id)
  const files = () => readdirSync(folder).map((name) => join(folder, name))

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-history-'))
    failures = []
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
    expect(failures).toEqual([])
  })

  it('gives every member again', async () => {
    const first = await open()
    const at = { line: 1, column: 8 }
    const error = new QueryError('COLUMN_NOT_FOUND', "Column 'x' cannot be resolved", { at, hint: 'Look again' })
    const queries = [ended('a'), ended('b', { error }), ended('c', { error: new QueryError('USER_CANCELED', 'Query was canceled') })]
    for (const query of queries) first.add(query)
    await first.close()
    expect(statSync(files()[0] as string).mode & 0o777).toBe(0o600)
    const again = await open()
    expect(idsOf(again)).toEqual(['c', 'b', 'a'])
    expect(again.find('a')).toEqual(queries[0])
    const found = again.find('b')
    expect(found).toMatchObject({ state: 'FAILED', sql: "SELECT 'b'", user: 'alice', stats: { rows: 3 } })
    expect(found?.error).toMatchObject({ errorName: 'COLUMN_NOT_FOUND', message: error.message, at, hint: 'Look again', queryId: 'b' })
    expect(again.find('c')?.state).toBe('CANCELED')
  })

  it('reads past what is cut off, foreign or of another version', async () => {
    const first = await open()
    for (const id of ['a', 'b']) first.add(ended(id))
    await first.close()
    const [path = ''] = files()
    const line = readFileSync(path, 'utf8').split('\n')[0] as string
    for (let cut = 1; cut < line.length; cut += 37)
      writeFileSync(join(folder, `0-${cut}.jsonl`), line.replace('"a"', '"cut"').slice(0, cut))
    const other = JSON.parse(line)
    for (const change of [{ id: 7 }, { state: 'RUNNING' }, { stats: {} }, { stats: null }, { created: 'x' }, { sql: undefined }])
      appendFileSync(path, `${JSON.stringify({ ...other, id: 'x', ...change })}\n`)
    appendFileSync(path, 'null\n[]\n7\n\0\0\0\n')
    appendFileSync(path, `${JSON.stringify({ ...other, id: 'new', error: { name: 'ERROR_OF_THE_FUTURE', message: 'm' } })}\n`)
    writeFileSync(join(folder, 'notes.txt'), line)
    const again = await open()
    expect(new Set(idsOf(again))).toEqual(new Set(['a', 'b', 'new']))
    expect(again.find('new')?.error).toMatchObject({ errorName: 'GENERIC_INTERNAL_ERROR', message: 'm' })
  })

  it('several processes write to one folder', async () => {
    const [one, two] = [await open(), await open()]
    one.add(ended('a'))
    two.add(ended('b'))
    one.add(ended('c'))
    await Promise.all([one.close(), two.close()])
    expect(files().length).toBe(2)
    expect(new Set(idsOf(await open()))).toEqual(new Set(['a', 'b', 'c']))
  })

  it('takes so much disk, and no older files', async () => {
    const limits = { fileBytes: 20_000, totalBytes: 60_000, batchMs: 1 }
    const history = await open(limits)
    for (let at = 0; at < 40; at++) {
      history.add(ended(`q${at}`, { sql: 'x'.repeat(5000) }))
      await history.close()
    }
    const bytes = files().reduce((sum, path) => sum + statSync(path).size, 0)
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThanOrEqual(60_000 + 6000)
    const again = await open(limits)
    expect(idsOf(again)[0]).toBe('q39')
    const old = new Date(Date.now() - 31 * 24 * 3_600_000)
    for (const path of files()) utimesSync(path, old, old)
    expect(idsOf(await open(limits))).toEqual([])
    expect(files()).toEqual([])
  })

  it('goes on in memory where it cannot write, and says so once', async () => {
    const history = await open()
    rmSync(folder, { recursive: true })
    for (const id of ['a', 'b']) {
      history.add(ended(id))
      await history.close()
    }
    expect(idsOf(history)).toEqual(['b', 'a'])
    expect(failures.splice(0).length).toBe(1)
  })

  it('adding costs the thread little', async () => {
    const history = await open({ batchMs: 5 })
    const sql = 'SELECT 1 -- '.padEnd(100_000, 'x')
    const times: number[] = []
    for (let at = 0; at < 50; at++) {
      const query = ended(`q${at}`, { sql })
      const started = performance.now()
      history.add(query)
      times.push(performance.now() - started)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await history.close()
    // Most: what else the machine does may take the thread away in the midst of one.
    expect(times.sort((a, b) => a - b)[25]).toBeLessThan(10)
  })
})
