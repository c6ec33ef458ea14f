/** Python `trino` 0.340: parameters, types, big results, spooled and direct, errors, prepared statements, transactions, sessions. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pythonTools, runTool } from '#tests/support/tools'
import { installed, startClientServer } from './client-server.ts'

const bin = await installed('Python trino', () => pythonTools('trino-client', ['trino==0.340.0']))

describe.skipIf(bin === undefined)('Python trino 0.340', () => {
  it('does what its users do', async () => {
    const server = await startClientServer()
    try {
      const seen = JSON.parse(await runTool(join(bin as string, 'python'), [join(import.meta.dirname, 'trino_client.py'), server.host]))
      expect(seen).toEqual({
        round_trip: [],
        types: ["(1, 'x')", 'nan', '9223372036854775807', '2024-01-02 03:04:05.123456-05:00', '2 days, 0:00:00'],
        filtered: [[5], [6]],
        big: [200_000, 20_000_100_000],
        spooled: { json: true, 'json+lz4': true, 'json+zstd': true },
        direct: 50_000,
        error: ['COLUMN_NOT_FOUND', 47, 'USER_ERROR'],
        description: [
          ['id', 'bigint'],
          ['label', 'varchar'],
        ],
        describe: [
          ['id', 'trips', 'bigint', false],
          ['label', 'trips', 'varchar', true],
        ],
        legacy: [[5, 'x']],
        transaction: [[1200]],
        property: '1m',
        zone: [['Asia/Tokyo']],
      })
    } finally {
      await server.stop()
    }
  })
})
