/** PySpark 3.5.5 and Weir on one folder: each reads what the other writes, with the same rows and types. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mavenJar, runTool } from '#tests/support/tools'
import { startWeir } from '#tests/support/weir'
import { installed } from './client-server.ts'
import { sparkPython } from './recorded-clients.ts'

const spark = await installed('PySpark', async () => ({ python: await sparkPython(), jar: await mavenJar('io.trino:trino-jdbc:476') }))

it.skipIf(spark === undefined)('PySpark 3.5.5 on a folder of the lake', async () => {
  if (spark === undefined) return
  const folder = mkdtempSync(join(tmpdir(), 'weir-spark-'))
  const server = await startWeir({ args: ['--allow', folder] })
  try {
    const seen = await runTool(spark.python, [join(import.meta.dirname, 'spark_lake.py'), server.url, folder, spark.jar])
    const frames = [
      'CREATE TABLE AS',
      'INSERT OVERWRITE',
      ...['SNAPPY', 'ZSTD', 'GZIP', 'NONE', 'JSON', 'TEXTFILE'].map((kind) => `UNLOAD ${kind}`),
    ]
    expect(seen.trimEnd().split('\n')).toEqual(
      [
        'Weir reads what Spark wrote',
        'its partitions',
        'appended by Spark',
        'overwritten by Spark',
        'a column more',
        'Spark reads both',
        ...frames.flatMap((frame) => [`${frame}, types`, `${frame}, rows`]),
      ].map((what) => `${what}: same`),
    )
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
