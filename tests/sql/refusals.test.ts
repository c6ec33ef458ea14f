/** docs/sql.md lists what is refused, each with an example and its place: every example must be refused so. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askStatement } from '#tests/support/slt-answer'
import type { WeirServer } from '#tests/support/weir'
import { startReplayServer } from './replay-server.ts'

const docs = readFileSync(join(import.meta.dirname, '../../docs/sql.md'), 'utf8')
const section = docs.split(/^## /m).find((part) => part.startsWith('What is refused')) ?? ''
const refusals = [...section.matchAll(/^\|[^|]*\| `([^`]+)` \| (\d+:\d+|–) \|$/gm)].map(([, sql = '', place]) => ({ sql, place }))

let weir: WeirServer | undefined
beforeAll(async () => {
  weir = await startReplayServer()
})
afterAll(() => weir?.stop())

describe('what docs/sql.md lists as refused', () => {
  it('has an example in every row', () => {
    const rows = section.split('\n').filter((line) => line.startsWith('|'))
    // Two of them are the head of the table.
    expect(refusals).toHaveLength(rows.length - 2)
    expect(refusals.length).toBeGreaterThan(40)
  })

  it.each(refusals)('$sql', async ({ sql, place }) => {
    const settings = { catalog: 'lake', schema: 'tiny', timezone: 'UTC', session: {}, prepared: {}, tolerance: 0 }
    const { error } = await askStatement(weir?.url ?? '', sql, settings)
    const at = error?.errorLocation
    expect([error?.errorName, at === undefined ? '–' : `${at.lineNumber}:${at.columnNumber}`]).toEqual(['NOT_SUPPORTED', place])
  })
})
