import { describe, expect, test } from 'vitest'
import type { KernelFrame, ResultFormat } from '#src/kernel/kernel'
import { resultBody } from '#src/protocols/rest/result-body'
import type { QueryStats, RunningQuery } from '#src/query/query'
import { BIGINT } from '#src/types/type'

const FORMATS: readonly ResultFormat[] = ['json-rows', 'ndjson', 'csv']

function query(rows: readonly string[], fails = false): { readonly running: RunningQuery; readonly ended: () => boolean } {
  let ended = false
  async function* frames(): AsyncGenerator<KernelFrame> {
    try {
      for (const row of rows) yield { bytes: Buffer.from(row), rows: 1 }
      if (fails) throw new Error('broken')
    } finally {
      ended = true
    }
  }
  const running: RunningQuery = {
    id: 'q',
    columns: [{ name: 'x', type: BIGINT }],
    updateType: undefined,
    updateCount: undefined,
    sessionUpdate: undefined,
    dryRun: false,
    frames: frames(),
    stats: () => ({}) as QueryStats,
  }
  return { running, ended: () => ended }
}

async function textOf({ running }: ReturnType<typeof query>, format: ResultFormat): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const { bytes } of resultBody(running, format)) chunks.push(bytes)
  return Buffer.concat(chunks).toString()
}

describe('the body of a result', () => {
  test.each(FORMATS)('%s: who leaves at the first chunk has left the query', async (format) => {
    const { running, ended } = query(['[1]', '[2]'])
    for await (const _chunk of resultBody(running, format)) break
    expect(ended()).toBe(true)
  })

  test('has its head with and without rows', async () => {
    expect(await textOf(query(['[1]', '[2]']), 'json-rows')).toBe(
      '{"queryId":"q","columns":[{"name":"x","type":"bigint"}],"rows":[[1],\n[2]],"stats":{}}',
    )
    expect(await textOf(query([]), 'json-rows')).toBe('{"queryId":"q","columns":[{"name":"x","type":"bigint"}],"rows":[],"stats":{}}')
    expect(await textOf(query([]), 'csv')).toBe('x\n')
  })

  test('tells of a failure in a document that can be read', async () => {
    for (const rows of [[], ['[1]']]) {
      const document = JSON.parse(await textOf(query(rows, true), 'json-rows'))
      expect(document).toMatchObject({ rows: rows.map((row) => JSON.parse(row)), error: { name: 'GENERIC_INTERNAL_ERROR' } })
    }
  })
})
