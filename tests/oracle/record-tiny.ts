/**
 * Writes what a real Trino answers to all queries of TPC-H and TPC-DS over its own `tpch.tiny` and `tpcds.tiny` into
 * `tests/tpc/trino-rows`: `npm run soak:record-tiny -- tpch tpcds`. `WEIR_TRINO_URL` names a running Trino with these catalogs;
 * without, one is started.
 */
import { writeFileSync } from 'node:fs'
import { tpcQueries } from '#tests/support/tpc-queries'
import { connectTrino, startTrino, TrinoError, type TrinoServer } from '#tests/support/trino-server'
import { parseExact, plainNumbers } from '#tests/tpc/answer'
import { answerText, type RecordedAnswer, recordTiny, tinyRecordingFile } from '#tests/tpc/recorded'
import { type Benchmark, withoutLimit } from '#tests/tpc/workload'

const benchmarks = process.argv.slice(2)
if (benchmarks.length === 0) throw new Error('node tests/oracle/record-tiny.ts tpch|tpcds…')
const trino = process.env.WEIR_TRINO_URL === undefined ? await startTrino() : connectTrino(process.env.WEIR_TRINO_URL)
try {
  for (const benchmark of benchmarks) {
    if (benchmark !== 'tpch' && benchmark !== 'tpcds') throw new Error(`Not a benchmark: ${benchmark}`)
    await record(benchmark)
  }
} finally {
  await trino.close()
}

async function record(benchmark: Benchmark): Promise<void> {
  const entries: string[] = []
  for (const { name, sql } of await tpcQueries(benchmark, 'tiny', benchmark)) {
    entries.push(`    ${JSON.stringify(name)}: ${answerText(await answerOf(trino, withoutLimit(sql), benchmark))}`)
    process.stderr.write(`${benchmark} ${name}\n`)
  }
  writeFileSync(tinyRecordingFile(benchmark), `{\n  "trino": "476",\n  "answers": {\n${entries.join(',\n')}\n  }\n}\n`)
}

async function answerOf(trino: TrinoServer, sql: string, benchmark: Benchmark): Promise<RecordedAnswer> {
  // Some texts have the tables' place in names and constants, too: it is recorded as the lake's.
  const parse = (text: string): unknown => parseExact(text.replaceAll(`${benchmark}.tiny.`, `lake.${benchmark}.`))
  try {
    return recordTiny(plainNumbers(await trino.query(sql, parse)))
  } catch (error) {
    if (error instanceof TrinoError && error.type === 'USER_ERROR') return { error: error.errorName }
    throw error
  }
}
