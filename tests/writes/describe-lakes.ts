/** Suites that run in each place that Weir writes to. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { LAKES, type Lake } from './lakes.ts'

/** A suite a place, called `title` and the place's name; one that cannot be had here is skipped with the reason, and fails in CI. */
export function describeLakes(title: string, suite: (open: () => Promise<Lake>, name: string) => void): void {
  for (const { name, missing, open } of LAKES) {
    if (missing === undefined) describe(`${title} ${name}`, () => suite(open, name))
    else
      it(`SKIPPED: ${name}: ${missing}`, ({ skip }) => {
        if (process.env.CI) throw new Error(missing)
        skip(missing)
      })
  }
}

/** Two servers on one catalog, whose tables lie in the lake, for the tests of the suite that calls; forgotten files go at once. */
export function useServerPair(open: () => Promise<Lake>, memory: string): () => readonly [WeirServer, WeirServer] {
  let data: string
  let lake: Lake | undefined
  let servers: readonly [WeirServer, WeirServer] | undefined
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'weir-pair-'))
    lake = await open()
    const { location, env } = lake
    const args = ['--warehouse', `${location}warehouse/`, '--allow', location, '--write-grace', '0', '--memory', memory]
    const start = () => startWeir({ data, env, args })
    servers = [await start(), await start()]
  })
  afterAll(async () => {
    for (const server of servers ?? []) await server.stop()
    await lake?.close()
    await rm(data, { recursive: true, force: true })
  })
  return () => servers as readonly [WeirServer, WeirServer]
}
