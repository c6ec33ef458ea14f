/**
 * Replays statements on Weir and prints what differs from Trino's recorded answers:
 * `node tests/sql/replay.ts tests/sql/queries/joins.slt… [--weir http://127.0.0.1:8080] [--list] [--tolerance 1e-12]`.
 * Without `--weir` it starts a server with the schema `tiny`; `--keep` leaves that server running and prints its address.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { NO_SETTINGS, parseSlt, sltFiles } from '#tests/support/slt'
import { askStatement, difference } from '#tests/support/slt-answer'
import { startReplayServer } from './replay-server.ts'

/** Connections at a time. */
const CONNECTIONS = 6
const LIMIT_MS = 120_000

export interface Replayed {
  readonly file: string
  readonly line: number
  readonly sql: string
  readonly recorded: boolean
  /** Undefined: as Trino answers. */
  readonly difference: string | undefined
}

/** Sends all statements of the files; unqualified tables are those of schema `tiny`. */
export async function replay(url: string, files: readonly string[], tolerance = 0): Promise<readonly Replayed[]> {
  const jobs = files.flatMap((file) =>
    parseSlt(readFileSync(file, 'utf8')).flatMap((block) => (block.kind === 'statement' ? [{ file, statement: block }] : [])),
  )
  const results: Replayed[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      const { file, statement } = jobs[index] as (typeof jobs)[number]
      const { line, sql, settings, expected } = statement
      const answer = await askStatement(url, sql, { ...NO_SETTINGS, schema: 'tiny', ...settings }, LIMIT_MS)
      const differs = expected === undefined ? undefined : difference(expected, answer, settings.tolerance || tolerance)
      results[index] = { file, line, sql, recorded: expected !== undefined, difference: differs }
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  return results
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { weir: { type: 'string' }, list: { type: 'boolean' }, keep: { type: 'boolean' }, tolerance: { type: 'string' } },
  })
  const own = values.weir === undefined ? await startReplayServer() : undefined
  const url = values.weir ?? (own?.url as string)
  const results = await replay(url, positionals.flatMap(sltFiles), Number(values.tolerance ?? 0))
  const different = results.filter((result) => result.difference !== undefined)
  for (const { file, line, sql, difference } of different) {
    console.log(values.list ? `${file}:${line}: ${sql.replaceAll('\n', ' ')}` : `${file}:${line}\n${sql}\n${difference}\n`)
  }
  const unrecorded = results.filter(({ recorded }) => !recorded).length
  console.log(`${results.length} statements, ${different.length} differ${unrecorded === 0 ? '' : `, ${unrecorded} not recorded`}`)
  process.exitCode = different.length === 0 ? 0 : 1
  if (values.keep) console.log(`the server runs on: ${url}`)
  else await own?.stop()
}
