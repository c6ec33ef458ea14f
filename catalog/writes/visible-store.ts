/** A store as readers see it: without the files of writes that are not committed and without those that were replaced. */
import type { ListPage, ListRequest, ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { StoreError } from '#connectors/storage/object-store'
import type { FileSnapshot } from '../store/write-store.ts'
import { transactionOf } from './file-name.ts'

/** The bucket of a store as `FilePlace` names it. */
export function bucketName({ bucket }: Pick<ObjectStore, 'bucket'>): string {
  return `${bucket.scheme}://${bucket.name}`
}

/** Whether a listed file is a table's. */
export function isVisible(bucket: string, { key, version }: Pick<ObjectInfo, 'key' | 'version'>, snapshot: FileSnapshot): boolean {
  const writer = transactionOf(key)
  const ours = writer !== undefined && writer.catalogId === snapshot.catalogId
  if (ours && (writer.sequence > snapshot.highest || snapshot.unfinished.has(writer.sequence))) return false
  const place = `${bucket}/${key}`
  if (!snapshot.replaced.has(place)) return true
  const replaced = snapshot.replaced.get(place)
  return replaced !== undefined && replaced !== version
}

/** `store` for listings; its other calls are the store's own. */
export function visibleStore(store: ObjectStore, snapshot: FileSnapshot): ObjectStore {
  const bucket = bucketName(store)
  const sees = (info: ObjectInfo): boolean => isVisible(bucket, info, snapshot)
  return {
    ...delegated(store),
    async list(request: ListRequest): Promise<ListPage> {
      const page = await store.list(request)
      return page.objects.every(sees) ? page : { ...page, objects: page.objects.filter(sees) }
    },
    async head(key, signal) {
      const info = await store.head(key, signal)
      if (!sees(info)) throw new StoreError('not-found', 'HeadObject', `${bucket}/${key}`, 'the file was replaced')
      return info
    },
  }
}

function delegated(store: ObjectStore): ObjectStore {
  const localPath = store.localPath?.bind(store)
  return {
    bucket: store.bucket,
    list: (request) => store.list(request),
    head: (key, signal) => store.head(key, signal),
    get: (request) => store.get(request),
    stream: (request) => store.stream(request),
    put: (key, bytes, options) => store.put(key, bytes, options),
    upload: (key, signal) => store.upload(key, signal),
    delete: (keys, signal) => store.delete(keys, signal),
    ...(localPath && { localPath }),
    close: () => store.close(),
  }
}
