/**
 * Keeps what Trino's clients make of Trino's own answers: `node tests/oracle/record-clients.ts`. Needs what the clients
 * need, Maven (820 MB once) and a JDK of version 24 or later; or the address of a running Trino 476 and its Hive catalog:
 * `… 127.0.0.1:8080 hive`. A name behind them records that client only.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { RECORDED_CLIENTS, recordingPath } from '#tests/clients/recorded-clients'
import { startTrino } from '#tests/support/trino-server'

const trino = process.argv[2] === undefined ? await startTrino() : undefined
try {
  const host = trino === undefined ? (process.argv[2] as string) : new URL(trino.url).host
  const seen = new Map<string, string>()
  for (const { name, recording, ofFiles, run } of RECORDED_CLIENTS) {
    if ((process.argv[4] ?? recording) !== recording) continue
    const text = await run(host, ofFiles ? (process.argv[3] ?? 'lake') : 'memory')
    // A spooled result and a direct one are the same rows.
    if ((seen.get(recording) ?? text) !== text) throw new Error(`${name} sees other values than its recording`)
    seen.set(recording, text)
    mkdirSync(dirname(recordingPath(recording)), { recursive: true })
    writeFileSync(recordingPath(recording), text)
    process.stderr.write(`${name}: ${text.trimEnd().split('\n').length} lines\n`)
  }
} finally {
  await trino?.close()
}
