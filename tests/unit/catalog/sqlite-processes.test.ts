/** The server and any number of CLI commands use one catalog file, and any of them may be killed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '#catalog/store/sqlite'

const WRITER = fileURLToPath(new URL('../../support/catalog-writer.ts', import.meta.url))

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-catalog-'))
  file = join(folder, 'catalog.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Writer {
  readonly acknowledged: { readonly name: string; readonly version: number }[]
  readonly ended: Promise<string>
  readonly kill: () => void
  /** Resolves when so many tables were acknowledged. */
  readonly reached: (count: number) => Promise<void>
}

function startWriter(name: string, count: number): Writer {
  const child = spawn(process.execPath, [WRITER, file, name, String(count)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const acknowledged: { name: string; version: number }[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  let rest = ''
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() as string
    for (const line of lines) {
      const [table, version] = line.split(' ') as [string, string]
      acknowledged.push({ name: table, version: Number(version) })
    }
    for (const one of waiting) if (acknowledged.length >= one.count) one.resolve()
  })
  return {
    acknowledged,
    ended: new Promise((resolve) => child.on('close', (code, signal) => resolve(complaints || String(signal ?? code)))),
    kill: () => child.kill('SIGKILL'),
    reached: (wanted) => new Promise((resolve) => waiting.push({ count: wanted, resolve })),
  }
}

function integrity(): unknown {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return Object.values(database.prepare('pragma integrity_check').get() ?? {})[0]
  } finally {
    database.close()
  }
}

describe('a catalog file and several processes', () => {
  it('three processes create it together and write 100 tables each: none fails, no change is lost', async () => {
    const writers = ['a', 'b', 'c'].map((name) => startWriter(name, 100))
    expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual(['0', '0', '0'])
    const versions = writers.flatMap((writer) => writer.acknowledged.map((table) => table.version))
    expect(versions).toHaveLength(300)
    expect(new Set(versions).size).toBe(300)
    const store = await openSqliteStore(file)
    expect(await store.listTables()).toHaveLength(300)
    expect(await store.version()).toBe(Math.max(...versions))
    await store.close()
    expect(integrity()).toBe('ok')
  })

  it('kill -9 in the middle loses nothing that was acknowledged and stops nobody else', async () => {
    const killed = [startWriter('a', 100_000), startWriter('b', 100_000)]
    const survivor = startWriter('c', 60)
    await Promise.all(killed.map((writer) => writer.reached(20)))
    for (const writer of killed) writer.kill()
    expect(await Promise.all(killed.map((writer) => writer.ended))).toEqual(['SIGKILL', 'SIGKILL'])
    expect(await survivor.ended).toBe('0')
    const store = await openSqliteStore(file)
    for (const [index, writer] of [...killed, survivor].entries()) {
      const kept = new Set((await store.listTables('abc'[index])).map((table) => table.name))
      expect(writer.acknowledged.filter((table) => !kept.has(table.name))).toEqual([])
      // At most the one change whose acknowledgement was cut off.
      expect(kept.size - writer.acknowledged.length).toBeLessThanOrEqual(1)
    }
    await store.close()
    expect(integrity()).toBe('ok')
  })
})
