/** Places that the suite writes to: a folder, MinIO, fake-gcs-server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseLocation } from '#connectors/storage/location'
import type { ObjectStore } from '#connectors/storage/object-store'
import { createStores } from '#connectors/storage/registry'
import { installServer, startFakeGcs, startMinio } from '#tests/support/store-servers'

export interface Lake {
  readonly name: string
  /** For the process that writes. */
  readonly env: Readonly<Record<string, string>>
  /** A canonical folder, empty at first. */
  readonly location: string
  /** All files below the lake's folder, as locations. */
  files(): Promise<readonly string[]>
  put(location: string, bytes: Uint8Array): Promise<void>
  get(location: string): Promise<Uint8Array>
  /** Multipart uploads that nobody will end, where they can be seen. */
  openUploads(): Promise<number>
  close(): Promise<void>
}

interface LakeKind {
  readonly name: string
  /** Why it cannot be had here. */
  readonly missing: string | undefined
  open(): Promise<Lake>
}

async function lakeAt(
  name: string,
  location: string,
  env: Readonly<Record<string, string>>,
  end: () => Promise<void>,
  openUploads: () => Promise<number> = async () => 0,
): Promise<Lake> {
  const stores = createStores({ env })
  const { bucket, key } = parseLocation(location)
  const store: ObjectStore = stores.storeFor(bucket)
  return {
    name,
    env,
    location,
    openUploads,
    async files() {
      const found: string[] = []
      for (let continuation: string | undefined; ; ) {
        const page = await store.list({ prefix: key, ...(continuation !== undefined && { continuation }) })
        for (const object of page.objects) found.push(`${location}${object.key.slice(key.length)}`)
        continuation = page.continuation
        if (continuation === undefined) return found
      }
    },
    put: async (place, bytes) => {
      await store.put(parseLocation(place).key, bytes)
    },
    get: async (place) => (await store.get({ key: parseLocation(place).key })).bytes,
    async close() {
      await stores.close()
      await end()
    },
  }
}

const minio = await installServer('minio')
const gcs = await installServer('fake-gcs-server')

export const LAKES: readonly LakeKind[] = [
  {
    name: 'folder',
    missing: undefined,
    async open() {
      const folder = await mkdtemp(join(tmpdir(), 'weir-lake-'))
      return lakeAt('folder', `file://${folder}/`, {}, () => rm(folder, { recursive: true, force: true }))
    },
  },
  {
    name: 'MinIO',
    missing: 'reason' in minio ? minio.reason : undefined,
    async open() {
      const server = await startMinio('path' in minio ? minio.path : '', ['lake'])
      return lakeAt(
        'MinIO',
        's3://lake/w/',
        server.env,
        () => server.close(),
        async () => (await server.openUploads?.()) ?? 0,
      )
    },
  },
  {
    name: 'fake-gcs-server',
    missing: 'reason' in gcs ? gcs.reason : undefined,
    async open() {
      const server = await startFakeGcs('path' in gcs ? gcs.path : '', ['lake'])
      return lakeAt('fake-gcs-server', 'gs://lake/w/', server.env, () => server.close())
    },
  },
]
