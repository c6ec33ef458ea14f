import { describe, it } from 'vitest'
import { createStores } from '#connectors/storage/registry'
import { objectStoreContract } from '#tests/contracts/object-store'
import { installServer, type ServerName, type StoreServer, startFakeGcs, startMinio } from '#tests/support/store-servers'

const SERVERS: readonly {
  name: ServerName
  scheme: 's3' | 'gs'
  start: (path: string, buckets: readonly string[]) => Promise<StoreServer>
}[] = [
  { name: 'minio', scheme: 's3', start: startMinio },
  { name: 'fake-gcs-server', scheme: 'gs', start: startFakeGcs },
]

for (const { name, scheme, start } of SERVERS) {
  const installed = await installServer(name)
  if ('reason' in installed) {
    console.warn(`SKIPPED: ${name}: ${installed.reason}`)
    // In CI a suite that cannot run is a failure; elsewhere it says why it is skipped.
    describe(`object store contract: ${name}`, () => {
      it(`SKIPPED: ${installed.reason}`, ({ skip }) => {
        if (process.env.CI) throw new Error(installed.reason)
        skip(installed.reason)
      })
    })
    continue
  }
  objectStoreContract(name, async () => {
    const server = await start(installed.path, ['contract'])
    const stores = createStores({ env: server.env })
    return {
      store: stores.storeFor({ scheme, name: 'contract' }),
      root: 'run/',
      pageSize: 1000,
      ...(server.openUploads === undefined ? {} : { openUploads: () => server.openUploads?.() ?? 0 }),
      async close() {
        await stores.close()
        await server.close()
      },
    }
  })
}
