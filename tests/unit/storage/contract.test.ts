import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileStore } from '#connectors/storage/file-store'
import { createStores } from '#connectors/storage/registry'
import { objectStoreContract } from '#tests/contracts/object-store'
import { startGcsServer } from '#tests/support/gcs-server'
import { startS3Server } from '#tests/support/s3-server'

objectStoreContract('S3 test server, signed', async () => {
  const server = await startS3Server({
    buckets: ['lake'],
    credentials: [{ accessKeyId: 'AKTEST', secretAccessKey: 'secret/+=' }],
    pageSize: 20,
  })
  const stores = createStores({ env: server.env })
  return {
    store: stores.storeFor({ scheme: 's3', name: 'lake' }),
    root: '',
    pageSize: 20,
    openUploads: () => server.openUploads,
    async close() {
      await stores.close()
      await server.close()
    },
  }
})

objectStoreContract('GCS test server', async () => {
  const server = await startGcsServer({ buckets: ['lake'], pageSize: 20, token: 'tok' })
  const stores = createStores({ env: server.env, googleTokens: { get: async () => 'tok', refresh: async () => false } })
  return {
    store: stores.storeFor({ scheme: 'gs', name: 'lake' }),
    root: '',
    pageSize: 20,
    openUploads: () => server.openUploads,
    async close() {
      await stores.close()
      await server.close()
    },
  }
})

objectStoreContract('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-folder-'))
  const pageSize = 20
  return {
    store: new FileStore({ checkRealPath: async () => {}, pageSize }),
    root: `${folder.slice(1)}/`,
    pageSize,
    close: () => rm(folder, { recursive: true, force: true }),
  }
})
