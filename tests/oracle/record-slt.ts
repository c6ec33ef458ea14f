/**
 * Writes what a real Trino 476 answers below the statements of `.slt` files (their form: tests/support/slt.ts):
 * `npm run soak:record-sql -- tests/sql/queries/joins.slt… [--all]`. Statements that have an answer keep it unless `--all` is given.
 * `WEIR_TRINO_URL` names a running Trino with the catalogs tpch, tpcds and memory; without, one is started.
 * Unqualified tables are those of `tpch.tiny`; the time zone is UTC unless a directive says another.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseSlt, printSlt, type SltBlock, sltFiles } from '#tests/support/slt'
import { answerLines, askStatement, isOrdered } from '#tests/support/slt-answer'
import { startTrino, type TrinoServer } from '#tests/support/trino-server'

const CONNECTIONS = 4

const { values, positionals } = parseArgs({ allowPositionals: true, options: { all: { type: 'boolean', default: false } } })
if (positionals.length === 0) throw new Error('node tests/oracle/record-slt.ts <file or folder>… [--all]')
let started: TrinoServer | undefined
if (process.env.WEIR_TRINO_URL === undefined) {
  started = await startTrino()
  await started.query('SELECT count(*) FROM tpch.tiny.region')
}
try {
  for (const file of positionals.flatMap(sltFiles)) await record(process.env.WEIR_TRINO_URL ?? (started?.url as string), file)
} finally {
  await started?.close()
}

async function record(url: string, file: string): Promise<void> {
  const blocks: SltBlock[] = [...parseSlt(readFileSync(file, 'utf8'))]
  let next = 0
  let recorded = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < blocks.length; index = next++) {
      const block = blocks[index] as SltBlock
      if (block.kind === 'text' || (block.expected !== undefined && !values.all)) continue
      const answer = await askStatement(url, block.sql, { catalog: 'tpch', schema: 'tiny', ...block.settings })
      // What a Trino says that has just started is no answer.
      if (/\bno nodes available|nodes is empty/i.test(answer.error?.message ?? '')) throw new Error('Trino has no worker yet: try again')
      const ordered = answer.error === undefined && isOrdered(block.sql)
      blocks[index] = { ...block, expected: { ordered, lines: answerLines(answer, ordered) } }
      recorded++
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  if (recorded > 0) writeFileSync(file, printSlt(blocks))
  process.stderr.write(`${file}: ${recorded} recorded\n`)
}
