/** Other engines read what Weir writes: pyarrow 21 here. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { MissingTool, pythonTools, runTool } from '#tests/support/tools'
import { startWeir } from '#tests/support/weir'

const bin = await pythonTools('pyarrow', ['pyarrow==21.0.0']).catch((error: unknown) => {
  if (!(error instanceof MissingTool) || process.env.CI) throw error
  console.warn(`SKIPPED: ${error.message}`)
  return undefined
})

const COLUMNS = `true b, tinyint '1' ti, smallint '-2' si, i, bigint '9223372036854775807' bi, real '1.5' r, 2.5e0 d, decimal '123.45' de,
  cast('12345678901234567890.123456789' as decimal(38, 9)) bd, 'é"x' s, cast('ab' as char(4)) c, x'00ff' bin, date '1969-12-31' dt,
  timestamp '2024-02-29 12:34:56.789012' ts, array[1, null] a, map(array['k'], array[1.5]) m, cast(row(1, 'z') as row(x integer, "Y" varchar)) w`

it.skipIf(bin === undefined)('pyarrow reads the same types and rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-readers-'))
  const server = await startWeir({ args: ['--allow', folder] })
  try {
    const { json } =
      await server.sql(`CREATE TABLE t WITH (external_location = 'file://${folder}/', partitioned_by = ARRAY['p'], parquet_compression = 'SNAPPY')
      AS SELECT ${COLUMNS}, IF(i = 1, 'a b/c=d%') p FROM unnest(sequence(1, 2)) t(i)`)
    expect([json.error, (json as { updateCount?: number }).updateCount]).toEqual([undefined, 2])
    expect(readdirSync(folder).sort()).toEqual(['p=__HIVE_DEFAULT_PARTITION__', 'p=a b%2Fc%3Dd%25'])
    const seen = JSON.parse(await runTool(join(bin as string, 'python'), [join(import.meta.dirname, 'readers.py'), folder]))
    const row = {
      b: 'True',
      ti: '1',
      si: '-2',
      bi: '9223372036854775807',
      r: '1.5',
      d: '2.5',
      de: '123.45',
      bd: '12345678901234567890.123456789',
      s: 'é"x',
      c: 'ab',
      bin: "b'\\x00\\xff'",
      dt: '1969-12-31',
      ts: '2024-02-29 12:34:56.789012',
      a: '[1, None]',
      m: "[('k', Decimal('1.5'))]",
      w: "{'x': 1, 'Y': 'z'}",
    }
    expect(seen).toEqual({
      types: {
        b: 'bool',
        ti: 'int8',
        si: 'int16',
        i: 'int64',
        bi: 'int64',
        r: 'float',
        d: 'double',
        de: 'decimal128(5, 2)',
        bd: 'decimal128(38, 9)',
        s: 'string',
        c: 'string',
        bin: 'binary',
        dt: 'date32[day]',
        ts: 'timestamp[us]',
        a: 'list<element: int32>',
        m: "map<string, decimal128(2, 1) ('m')>",
        w: 'struct<x: int32, Y: string>',
        p: 'string',
      },
      rows: [
        { ...row, i: '1', p: 'a b/c=d%' },
        { ...row, i: '2', p: 'None' },
      ],
      rowsInFiles: 2,
      codecs: ['SNAPPY'],
      statistics: true,
      timestamp: 'Timestamp(isAdjustedToUTC=false, timeUnit=microseconds, is_from_converted_type=false, force_set_converted_type=false)',
    })
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
