/**
 * Runs TPC queries on a real Trino over the lake's files and keeps its answers where DuckDB's differ:
 * `node tests/oracle/record-trino.ts tpch 0.01 0.1 1`. Needs Maven (820 MB once) and a JDK of version 24 or later.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { registerWithTrino, startTrino, TrinoError, type TrinoServer } from '#tests/support/trino-server'
import { type Answer, canonicalRows, parseExact, plainNumbers } from '#tests/tpc/answer'
import { openOracle } from '#tests/tpc/oracle'
import { answerText, type RecordedAnswer, recordAnswer, recordingFile } from '#tests/tpc/recorded'
import { type Benchmark, openWorkload, withoutLimit } from '#tests/tpc/workload'

const [benchmark, ...scales] = process.argv.slice(2)
if ((benchmark !== 'tpch' && benchmark !== 'tpcds') || scales.length === 0) {
  throw new Error('node tests/oracle/record-trino.ts tpch|tpcds <scale>…')
}
const trino = await startTrino()
try {
  for (const scale of scales.map(Number)) await record(trino, benchmark, scale)
} finally {
  await trino.close()
}

async function record(trino: TrinoServer, benchmark: Benchmark, scale: number): Promise<void> {
  const workload = await openWorkload(benchmark, scale)
  const oracle = await openOracle(workload.schema, workload.folder, workload.tables)
  const tables = workload.definitions ?? (await oracle.tables())
  await registerWithTrino(trino, workload.schema, `local://${workload.folder}/`, tables)
  const sameInDuckdb: string[] = []
  const answers: Record<string, RecordedAnswer> = {}
  for (const query of workload.queries) {
    const sql = withoutLimit(query.sql)
    const theirs = await trinoAnswer(trino, sql)
    const duckdb = await oracle.query(sql).catch((error: Error) => error.message)
    if ('rows' in theirs && typeof duckdb !== 'string' && sameRows(theirs, duckdb)) sameInDuckdb.push(query.name)
    else answers[query.name] = 'rows' in theirs ? recordAnswer(plainNumbers(theirs)) : theirs
    process.stderr.write(`${benchmark} sf${scale} ${query.name}: ${query.name in answers ? 'recorded' : 'same in DuckDB'}\n`)
  }
  oracle.close()
  // The next scale has tables of the same names; the files stay.
  for (const name of tables.keys()) await trino.query(`DROP TABLE lake.${workload.schema}.${name}`)
  const file = recordingFile(benchmark, scale)
  mkdirSync(dirname(file), { recursive: true })
  const entries = Object.entries(answers).map(([name, answer]) => `    ${JSON.stringify(name)}: ${answerText(answer)}`)
  writeFileSync(
    file,
    `{\n  "trino": "476",\n  "sameInDuckdb": ${JSON.stringify(sameInDuckdb)},\n  "answers": {\n${entries.join(',\n')}\n  }\n}\n`,
  )
}

async function trinoAnswer(trino: TrinoServer, sql: string): Promise<Answer | { readonly error: string }> {
  try {
    return await trino.query(sql, parseExact)
  } catch (error) {
    if (error instanceof TrinoError && error.type === 'USER_ERROR') return { error: error.errorName }
    throw error
  }
}

function sameRows(one: Answer, other: Answer): boolean {
  return [...canonicalRows(one)].sort().join('\n') === [...canonicalRows(other)].sort().join('\n')
}
