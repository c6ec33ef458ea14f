/** What is a folder's own: links, roots, permissions, the disk. The rest is in the contract suite. */
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, realpath, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AccessPolicy, WHOLE_FILE_SYSTEM } from '#connectors/storage/access'
import { fileError } from '#connectors/storage/file-errors'
import { FileStore } from '#connectors/storage/file-store'
import { parseLocation } from '#connectors/storage/location'
import { createStores, newRequestCounter } from '#connectors/storage/registry'
import { QueryError } from '#src/common/errors'
import { collect, rejects } from '#tests/contracts/object-store'

let folder: string
const key = (path: string) => join(folder, path).slice(1)

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-files-')))
  await mkdir(join(folder, 'lake/dt=1'), { recursive: true })
  await mkdir(join(folder, 'outside'))
  await writeFile(join(folder, 'lake/dt=1/a.csv'), 'a,b\n')
  await writeFile(join(folder, 'outside/secret.csv'), 'secret\n')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A store whose only root is `lake`. */
const rooted = () => new FileStore({ checkRealPath: (real, path) => policy(['lake']).checkRealPath(real, path) })
const policy = (roots: readonly string[], anyBucket = false, allow: readonly string[] = []) =>
  new AccessPolicy({
    roots: () => roots.map((root) => parseLocation(join(folder, root))),
    anyBucket,
    allow: allow.map((text) => parseLocation(text)),
  })

async function denied(promise: Promise<unknown>, location: string): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(QueryError)
  const { errorName, message, hint } = error as QueryError
  expect([errorName, message]).toEqual(['PERMISSION_DENIED', `Access Denied: location '${location}' is outside the configured locations`])
  expect(hint).toContain('--allow')
}

describe('symbolic links', () => {
  it('inside the root are followed', async () => {
    await symlink(join(folder, 'lake/dt=1'), join(folder, 'lake/dt=2'))
    await symlink('dt=1/a.csv', join(folder, 'lake/link.csv'))
    const page = await rooted().list({ prefix: `${key('lake')}/` })
    expect(page.objects.map((object) => object.key)).toEqual([key('lake/dt=1/a.csv'), key('lake/dt=2/a.csv'), key('lake/link.csv')])
    expect(new Set(page.objects.map(({ version }) => version)).size).toBe(1)
    expect((await rooted().get({ key: key('lake/link.csv') })).bytes.length).toBe(4)
  })

  it('out of the root are refused wherever they are met', async () => {
    await symlink(join(folder, 'outside'), join(folder, 'lake/dt=2'))
    await symlink(join(folder, 'outside/secret.csv'), join(folder, 'lake/dt=1/b.csv'))
    const store = rooted()
    const location = (path: string) => `file://${join(folder, path)}`
    await denied(store.list({ prefix: `${key('lake')}/` }), location('lake/dt=2'))
    await denied(store.list({ prefix: `${key('lake')}/`, delimiter: '/' }), location('lake/dt=2'))
    await denied(store.list({ prefix: `${key('lake/dt=2')}/` }), location('lake/dt=2/'))
    await denied(store.list({ prefix: `${key('lake/dt=1')}/` }), location('lake/dt=1/b.csv'))
    await denied(store.head(key('lake/dt=1/b.csv')), location('lake/dt=1/b.csv'))
    await denied(store.get({ key: key('lake/dt=2/secret.csv') }), location('lake/dt=2/secret.csv'))
    await denied(collect(store.stream({ key: key('lake/dt=1/b.csv') })), location('lake/dt=1/b.csv'))
    await denied(store.put(key('lake/dt=2/new.csv'), Buffer.from('x')), location('lake/dt=2'))
    await denied(store.put(key('lake/dt=2/deep/new.csv'), Buffer.from('x')), location('lake/dt=2/deep'))
    await denied(store.upload(key('lake/dt=2/new.csv')), location('lake/dt=2'))
    await denied(store.delete([key('lake/dt=2/secret.csv')]), location('lake/dt=2'))
    expect((await new FileStore({ checkRealPath: async () => {} }).list({ prefix: `${key('outside')}/` })).objects.length).toBe(1)
  })

  it('that lead nowhere or back up are named', async () => {
    await symlink(join(folder, 'lake/none'), join(folder, 'lake/dangling'))
    await rejects(rooted().list({ prefix: `${key('lake')}/` }), 'not-found', /lake\/dangling: the symbolic link leads nowhere/)
    await rm(join(folder, 'lake/dangling'))
    await symlink(join(folder, 'lake'), join(folder, 'lake/dt=1/loop'))
    await rejects(
      rooted().list({ prefix: `${key('lake')}/` }),
      'failed',
      /lake\/dt=1\/loop\/: the symbolic link leads back to a folder above it/,
    )
    await rm(join(folder, 'lake/dt=1/loop'))
    await mkdir(join(folder, 'lake/dt=2'))
    await symlink(join(folder, 'lake/dt=2'), join(folder, 'lake/dt=1/x'))
    await symlink(join(folder, 'lake/dt=1'), join(folder, 'lake/dt=2/y'))
    await rejects(rooted().list({ prefix: `${key('lake')}/` }), 'failed', /leads back/)
  })
})

describe('access policy', () => {
  const check = (access: AccessPolicy, text: string) => access.check(parseLocation(text))

  it('compares local paths after realpath, by whole segments', async () => {
    await symlink(join(folder, 'lake'), join(folder, 'alias'))
    await symlink(join(folder, 'outside'), join(folder, 'lake/out'))
    const access = policy(['lake'])
    for (const fine of ['lake', 'lake/', 'lake/dt=1/a.csv', 'lake/not/yet/there/', 'alias/dt=1/', 'outside/../lake/'])
      await check(access, join(folder, fine))
    for (const bad of ['', 'outside/', 'lakehouse/', 'lake/out/secret.csv'])
      await denied(check(access, `${folder}/${bad}`), `file://${folder}/${bad}`)
    await denied(check(access, `${folder}/lake/../outside/`), `file://${folder}/outside/`)
    // A root that is itself reached by a link.
    await check(policy(['alias']), join(folder, 'lake/dt=1/'))
    await denied(check(policy([]), '/'), 'file:///')
    await check(new AccessPolicy({ roots: () => [WHOLE_FILE_SYSTEM], anyBucket: false }), '/etc/hostname')
  })

  it('allows buckets all on loopback, else by prefix', async () => {
    await check(policy([], true), 's3://any/thing/')
    const access = policy([], false, ['s3://lake/public', 'gs://all', 's3://lake/one.parquet'])
    for (const fine of [
      's3://lake/public',
      's3://lake/public/',
      's3://lake/public/x/y',
      's3a://lake/public/z',
      'gs://all/',
      'gs://all/x',
      's3://lake/one.parquet',
    ])
      await check(access, fine)
    for (const bad of ['s3://lake/', 's3://lake/publicity/', 'gs://lake/public/', 's3://all/x', 's3://lake/one.parquet2'])
      await denied(check(access, bad), bad)
  })

  it('sees a root that was added a moment ago', async () => {
    const roots: string[] = []
    const access = policy(roots)
    await denied(check(access, join(folder, 'lake/')), `file://${folder}/lake/`)
    roots.push('lake')
    await check(access, join(folder, 'lake/'))
  })

  it('is what the stores of a process ask', async () => {
    const stores = createStores({ env: {}, access: policy(['lake']) })
    const store = stores.storeFor({ scheme: 'file', name: '' })
    expect((await store.list({ prefix: `${key('lake')}/` })).objects.length).toBe(1)
    await denied(store.get({ key: key('outside/secret.csv') }), `file://${folder}/outside/secret.csv`)
    await stores.close()
  })
})

describe('files', () => {
  it('count requests and bytes like any store', async () => {
    const counter = newRequestCounter()
    const store = createStores({ env: {}, counter }).storeFor({ scheme: 'file', name: '' })
    await store.list({ prefix: `${key('lake')}/` })
    await store.head(key('lake/dt=1/a.csv'))
    await store.get({ key: key('lake/dt=1/a.csv'), range: { suffix: 2 } })
    await store.put(key('lake/new.csv'), Buffer.from('x'))
    expect(counter).toEqual({ list: 1, head: 1, get: 1, put: 1, bytesReceived: 2 })
    expect(store.localPath?.(key('lake/new.csv'))).toBe(join(folder, 'lake/new.csv'))
  })

  it('are another version when their bytes, time or file change', async () => {
    const store = rooted()
    const path = join(folder, 'lake/dt=1/a.csv')
    const versions = new Set([(await store.head(key('lake/dt=1/a.csv'))).version])
    await utimes(path, 1000, 1000)
    versions.add((await store.head(key('lake/dt=1/a.csv'))).version)
    await writeFile(path, 'longer text\n')
    versions.add((await store.head(key('lake/dt=1/a.csv'))).version)
    await writeFile(join(folder, 'copy'), 'longer text\n')
    await rename(join(folder, 'copy'), path)
    versions.add((await store.head(key('lake/dt=1/a.csv'))).version)
    expect(versions.size).toBe(4)
  })

  it('being written are not listed, folders and devices are no objects', async () => {
    const store = rooted()
    const upload = await store.upload(key('lake/dt=1/half.csv'))
    await upload.write(Buffer.from('half'))
    execFileSync('mkfifo', [join(folder, 'lake/pipe')])
    expect((await store.list({ prefix: `${key('lake')}/` })).objects.length).toBe(1)
    await upload.abort()
    await rejects(store.head(key('lake/dt=1')), 'not-found', /it is a folder or a special file/)
    await rejects(store.get({ key: key('lake/dt=1') }), 'not-found', /folder/)
    await rejects(store.get({ key: key('lake/dt=1/a.csv/x') }), 'not-found', /a part of the path is not a folder/)
  })

  it('that are hidden by permissions say so', async () => {
    await chmod(join(folder, 'lake/dt=1'), 0)
    await chmod(folder, 0o755)
    const isRoot = process.geteuid?.() === 0
    if (isRoot) process.seteuid?.(65534)
    try {
      const store = rooted()
      await rejects(
        store.list({ prefix: `${key('lake')}/` }),
        'denied',
        /^ListFolder file:\/\/\/.*lake\/: permission denied by the file system$/,
      )
      await rejects(store.get({ key: key('lake/dt=1/a.csv') }), 'denied', /^ReadFile .*permission denied/)
      if (isRoot) await rejects(store.put(key('lake/new.csv'), Buffer.from('x')), 'denied', /^WriteFile .*permission denied/)
    } finally {
      if (isRoot) process.seteuid?.(0)
      await chmod(join(folder, 'lake/dt=1'), 0o755)
    }
  })

  it('a full disk is named', async () => {
    const error = await writeFile('/dev/full', 'x').then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(fileError(error, 'WriteFile', 'file:///data/x')).toMatchObject({
      kind: 'failed',
      message: 'WriteFile file:///data/x: no space left on the device',
    })
  })
})
