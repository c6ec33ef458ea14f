/** trino-jdbc 476: types, big results, spooled in all encodings and direct, early close, timeouts, prepared statements in both modes, transactions, metadata. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runJdbcProgram, trinoJdbc } from '#tests/support/java'
import { runTool } from '#tests/support/tools'
import { installed, startClientServer } from './client-server.ts'

const jar = await installed('trino-jdbc', async () => {
  await runTool('javac', ['-version'])
  return trinoJdbc()
})

describe.skipIf(jar === undefined)('trino-jdbc 476', () => {
  it('does what its users do', async () => {
    const server = await startClientServer()
    try {
      const output = await runJdbcProgram(join(import.meta.dirname, 'JdbcClient.java'), server.host)
      const seen = Object.fromEntries(
        output
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split(/=(.*)/s).slice(0, 2)),
      )
      expect(seen).toMatchObject({
        valid: 'true',
        version: '476',
        types: '1|9223372036854775807|1.50|x|2024-02-29|2024-01-02 03:04:05.123|null|true|[1, 2];',
        update: 'false 0 default',
        big: '200000 100100000',
        early: 'closed',
        timeout: 'Query failed (#): Query exceeded maximum time limit of 1.00s',
        'prepared true': "2|it's;",
        'output true': 'x integer',
        'input true': '3',
        'prepared false': "2|it's;",
        'output false': 'x integer',
        'input false': '3',
        'inline json': 'x|1.50|null;',
        'inline json+zstd': 'x|1.50|null;',
        'inline json+lz4': 'x|1.50|null;',
        'empty json+zstd': '',
        transaction: '1;',
        catalogs: 'lake;system;',
        tables: 'lake|sample|trips|TABLE|null|null|null|null|null|null;',
        keys: '',
      })
      expect(seen.error).toMatch(/^47 Query failed \(#\w+\): line 2:2: Column 'nope' cannot be resolved/)
      expect(seen['spooled json']).toMatch(/^300000 300000 /)
      expect([seen['spooled json+zstd'], seen['spooled json+lz4'], seen['spooled none']]).toEqual(Array(3).fill(seen['spooled json']))
      expect(seen.schemas).toContain('sample|lake;')
      expect(seen.columns).toMatch(/^lake\|sample\|trips\|id\|-5\|bigint\|19\|/)
      expect(seen['type info']).toContain('bigint|-5|19|')
    } finally {
      await server.stop()
    }
  })
})
