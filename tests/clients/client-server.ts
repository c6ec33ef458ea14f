/** A server with one table, and the client programs that talk to it. */
import { type SampleLake, sampleLake } from '#tests/support/sample-lake'
import { MissingTool } from '#tests/support/tools'
import { startWeir } from '#tests/support/weir'

export interface ClientServer {
  /** `127.0.0.1:port`. */
  readonly host: string
  readonly lake: SampleLake
  stop(): Promise<void>
}

/** A server with the table `lake.sample.trips`. */
export async function startClientServer(args: readonly string[] = []): Promise<ClientServer> {
  const lake = await sampleLake()
  const weir = await startWeir({ args: ['--allow', lake.folder, ...args] })
  const created = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'sample', name: 'trips', location: `file://${lake.folder}/trips/` }),
  })
  if (created.status !== 201) throw new Error(`the table was not created: ${await created.text()}`)
  return {
    host: new URL(weir.url).host,
    lake,
    async stop() {
      await weir.stop()
      lake.close()
    },
  }
}

/** What `install` gives; without its toolchain undefined and a line that says so, in CI an error. */
export async function installed<T>(client: string, install: () => Promise<T>): Promise<T | undefined> {
  try {
    return await install()
  } catch (error) {
    if (process.env.CI || !(error instanceof MissingTool)) throw error
    process.stderr.write(`SKIPPED: ${client}: ${error.message}\n`)
    return undefined
  }
}
