/** Trino's clients see of Weir what they saw of Trino 476: every type, all metadata. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { installed } from './client-server.ts'
import { RECORDED_CLIENTS, recordingPath } from './recorded-clients.ts'

/** Types of Trino that Weir has none of; the rest of getTypeInfo is the same. */
const TYPES_OF_TRINO =
  /^getTypeInfo = (CodePoints|color|function|HyperLogLog|JoniRegExp|json2016|JsonPath|JsonPath2016|LikePattern|P4HyperLogLog|qdigest|Re2JRegExp|SetDigest|tdigest) ¦/

/** Trino repeats a type, and neither orders those of one code. */
function comparable(lines: string): readonly string[] {
  const all = lines.split('\n').filter((line) => !TYPES_OF_TRINO.test(line))
  const types = all.filter((line) => line.startsWith('getTypeInfo = '))
  return [...all.filter((line) => !line.startsWith('getTypeInfo = ')), ...[...new Set(types)].sort()]
}

describe('as with Trino 476', () => {
  let server: WeirServer
  beforeAll(async () => {
    server = await startWeir()
  })
  afterAll(() => server?.stop())

  it.each(RECORDED_CLIENTS)('$name', async ({ name, recording, run }) => {
    const seen = await installed(name, () => run(new URL(server.url).host, 'lake'))
    if (seen === undefined) return
    expect(comparable(seen)).toEqual(comparable(readFileSync(recordingPath(recording), 'utf8')))
  })
})
