/** A lake folder served from a real store, registered with a running Weir. */
import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Table } from '#catalog/model'
import { createStores } from '#connectors/storage/registry'
import { formatType } from '#src/types/format'
import { installServer, type StoreServer, startFakeGcs, startMinio } from './store-servers.ts'
import { MissingTool } from './tools.ts'
import { type ServerOptions, startWeir, type WeirServer } from './weir.ts'

export type StoreName = 'folder' | 'minio' | 'fake-gcs-server'

const BUCKET = 'lake'

export interface LakeStore {
  /** Where the lake's tables are, ending with '/'. */
  readonly location: string
  /** Variables that lead a client here. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Puts the files of `folder` into a store of this kind. Throws MissingTool when the store's server cannot be built. */
export async function startLakeStore(name: StoreName, folder: string): Promise<LakeStore> {
  if (name === 'folder') return { location: `${folder}/`, env: {}, close: async () => {} }
  const installed = await installServer(name)
  if ('reason' in installed) throw new MissingTool(installed.reason)
  const server = await (name === 'minio' ? startMinio : startFakeGcs)(installed.path, [BUCKET])
  const scheme = name === 'minio' ? 's3' : 'gs'
  try {
    await copyToStore(folder, scheme, server)
  } catch (error) {
    await server.close()
    throw error
  }
  return { location: `${scheme}://${BUCKET}/`, env: server.env, close: () => server.close() }
}

async function copyToStore(folder: string, scheme: 's3' | 'gs', server: StoreServer): Promise<void> {
  const stores = createStores({ env: server.env })
  try {
    const store = stores.storeFor({ scheme, name: BUCKET })
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const upload = await store.upload(path.slice(folder.length + 1))
      for await (const bytes of createReadStream(path, { highWaterMark: 8 << 20 })) await upload.write(bytes)
      await upload.complete()
    }
  } finally {
    await stores.close()
  }
}

/** A server on this store. */
export function startWeirOn(store: LakeStore, options: ServerOptions = {}): Promise<WeirServer> {
  const allow = store.location.includes('://') ? [] : ['--allow', store.location]
  return startWeir({ ...options, args: [...allow, ...(options.args ?? [])], env: { ...store.env, ...options.env } })
}

/** Registers tables below the store's location; given definitions, with their types, otherwise with the inferred ones. */
export async function registerTables(
  weir: WeirServer,
  store: LakeStore,
  schema: string,
  tables: readonly string[] | ReadonlyMap<string, Pick<Table, 'columns'>>,
): Promise<void> {
  const definitions: ReadonlyMap<string, Pick<Table, 'columns'> | undefined> =
    'get' in tables ? tables : new Map(tables.map((name) => [name, undefined]))
  for (const [tableName, table] of definitions) {
    const response = await weir.request('/api/v1/tables', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        schema,
        name: tableName,
        location: `${store.location}${tableName}/`,
        ...(table && { columns: table.columns.map((column) => ({ name: column.name, type: formatType(column.type) })) }),
      }),
    })
    if (response.status !== 201) throw new Error(`${tableName} was not registered: ${await response.text()}`)
  }
}
