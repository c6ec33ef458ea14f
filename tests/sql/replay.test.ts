/**
 * Weir answers as a real Trino did (tests/sql/**\/*.slt, recorded by tests/oracle/record-slt.ts): column names, types, rows, names
 * and places of errors. known-differences.json lists those that do not, each with its reason; one that agrees must leave the list.
 */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseSlt, sltFiles } from '#tests/support/slt'
import type { WeirServer } from '#tests/support/weir'
import { type Replayed, replay } from './replay.ts'
import { startReplayServer } from './replay-server.ts'

const known = JSON.parse(readFileSync(join(import.meta.dirname, 'known-differences.json'), 'utf8')) as Readonly<Record<string, string>>
const files = sltFiles(import.meta.dirname)

let weir: WeirServer | undefined
const results = new Map<string, Replayed>()
const place = (file: string, line: number): string => `${relative(import.meta.dirname, file)}:${line}`

beforeAll(async () => {
  weir = await startReplayServer()
  for (const result of await replay(weir.url, files)) results.set(place(result.file, result.line), result)
})

afterAll(() => weir?.stop())

describe.each(files)('%s', (file) => {
  for (const block of parseSlt(readFileSync(file, 'utf8'))) {
    if (block.kind === 'text') continue
    it(`${block.line}: ${block.sql}`, () => {
      const result = results.get(place(file, block.line))
      expect(result?.recorded, 'it has no recorded answer: npm run soak:record-sql').toBe(true)
      if (known[block.sql] === undefined) expect(result?.difference).toBeUndefined()
      else expect(result?.difference, 'it agrees with Trino now: take it off known-differences.json').toBeDefined()
    })
  }
})

it('every known difference is of a statement that is there', () => {
  const statements = new Set([...results.values()].map(({ sql }) => sql))
  expect(Object.keys(known).filter((sql) => !statements.has(sql))).toEqual([])
})
