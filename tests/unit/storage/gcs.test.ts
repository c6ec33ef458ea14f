/** What is GCS's own: tokens, generations, resumable uploads that resume, faults. The rest is in the contract suite. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultGcsTokens } from '#connectors/storage/gcs-credentials'
import { createStores, newRequestCounter, type ObjectStores, type StoresOptions } from '#connectors/storage/registry'
import { rejects } from '#tests/contracts/object-store'
import { type GcsTestServer, startGcsServer } from '#tests/support/gcs-server'

const MIB = 1024 * 1024
const LAKE = { scheme: 'gs', name: 'lake' } as const
const content = randomBytes(40 * MIB + 77)

let server: GcsTestServer
const opened: ObjectStores[] = []

beforeEach(async () => {
  server = await startGcsServer({ buckets: ['lake'], token: 'secret-token' })
})
afterEach(async () => {
  for (const stores of opened.splice(0)) await stores.close()
  await server.close()
})

function open(options: Partial<StoresOptions> = {}) {
  const stores = createStores({
    env: server.env,
    deadlines: { firstByteMs: 1000, stallMs: 800 },
    retry: { baseMs: 2, capMs: 20 },
    googleTokens: { get: async () => 'secret-token', refresh: async () => false },
    ...options,
  })
  opened.push(stores)
  return stores
}

describe('tokens', () => {
  it('none: the message says how to get some', async () => {
    const store = open({ googleTokens: { get: async () => undefined, refresh: async () => false } }).storeFor(LAKE)
    const { message } = await rejects(store.list({ prefix: 'p/' }), 'unauthenticated', /./)
    expect(message).toBe(
      'storage.objects.list gs://lake/p/: no Google credentials were found (GOOGLE_APPLICATION_CREDENTIALS, gcloud auth application-default login, a service account) and the bucket is not public (401: Anonymous caller does not have storage.objects access)',
    )
  })

  it('one that is refused is asked for again once', async () => {
    server.put('lake', 'k', 'value')
    let token = 'old-token'
    const refresh = async () => {
      token = 'secret-token'
      return true
    }
    const store = open({ googleTokens: { get: async () => token, refresh } }).storeFor(LAKE)
    expect((await store.get({ key: 'k' })).bytes.length).toBe(5)
    expect(server.log.map(({ status }) => status)).toEqual([401, 200])
    const stuck = open({ googleTokens: { get: async () => 'old-token', refresh: async () => true } }).storeFor(LAKE)
    const { message } = await rejects(stuck.get({ key: 'k' }), 'unauthenticated', /401: Invalid Credentials/)
    expect(message).not.toContain('old-token')
  })

  it('come by Google’s own chain', async () => {
    const exchanges: string[] = []
    const exchange = createServer((request, response) => {
      exchanges.push(`${request.method} ${request.url}`)
      const token = {
        access_token: 'secret-token',
        token_type: 'Bearer',
        expires_in: 3600,
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(token))
    })
    await new Promise<void>((resolve) => exchange.listen(0, '127.0.0.1', resolve))
    const folder = await mkdtemp(join(tmpdir(), 'weir-google-'))
    const names = ['GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_CLOUD_PROJECT']
    const before = names.map((name) => [name, process.env[name]] as const)
    try {
      await writeFile(join(folder, 'subject'), 'subject-token')
      const credentials = {
        type: 'external_account',
        audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `http://127.0.0.1:${(exchange.address() as AddressInfo).port}/token`,
        credential_source: { file: join(folder, 'subject') },
      }
      await writeFile(join(folder, 'credentials.json'), JSON.stringify(credentials))
      process.env.GOOGLE_APPLICATION_CREDENTIALS = join(folder, 'credentials.json')
      process.env.GOOGLE_CLOUD_PROJECT = 'test'
      server.put('lake', 'k', 'value')
      const store = open({ googleTokens: defaultGcsTokens({ origin: server.url, isEmulator: false }) }).storeFor(LAKE)
      for (let n = 0; n < 3; n++) expect((await store.get({ key: 'k' })).bytes.length).toBe(5)
      expect(exchanges).toEqual(['POST /token'])
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
      await rm(folder, { recursive: true, force: true })
      exchange.close()
    }
  })

  it('are not sent to an emulator', async () => {
    const open401 = createStores({ env: server.env, retry: { baseMs: 1 } })
    opened.push(open401)
    await rejects(open401.storeFor(LAKE).head('k'), 'unauthenticated', /no Google credentials/)
    expect(server.log.length).toBe(1)
  })
})

describe('faults', () => {
  it('a cut and a stalled body are continued under the same generation', async () => {
    server.put('lake', 'big', content)
    server.faults.add({ kind: 'cut', afterBytes: MIB })
    server.faults.add({ kind: 'stall', afterBytes: MIB })
    const counter = newRequestCounter()
    const { bytes, info } = await open({ counter }).storeFor(LAKE).get({ key: 'big' })
    expect(content.equals(bytes)).toBe(true)
    expect(server.log.map(({ range }) => range)).toEqual([
      undefined,
      `bytes=${MIB}-${content.length - 1}`,
      `bytes=${2 * MIB}-${content.length - 1}`,
    ])
    expect(server.log[1]?.query.ifGenerationMatch).toBe(info.version)
    expect(counter).toEqual({ list: 0, head: 0, get: 3, put: 0, bytesReceived: content.length })
  })

  it('429 and 503 are ridden out, 501 is not', async () => {
    server.put('lake', 'k', 'value')
    server.faults.add({ kind: 'slow-down', times: 3 })
    server.faults.add({ kind: 'answer', status: 429, times: 3 })
    const store = open().storeFor(LAKE)
    expect((await store.get({ key: 'k' })).bytes.length).toBe(5)
    expect(server.log.length).toBe(7)
    server.faults.add({ kind: 'answer', status: 501, body: 'nope' })
    await rejects(store.get({ key: 'k' }), 'failed', /^storage\.objects\.get gs:\/\/lake\/k: 501: nope$/)
  })

  it('a conditional write whose answer is lost is ours, another writer’s is not', async () => {
    const store = open().storeFor(LAKE)
    server.faults.add({ kind: 'lose-answer', when: ({ method }) => method === 'POST' })
    expect((await store.put('once', Buffer.from('mine'), { ifAbsent: true })).size).toBe(4)
    server.faults.add({ kind: 'drop', when: ({ method }) => method === 'POST', effect: () => server.put('lake', 'two', 'theirs') })
    await rejects(store.put('two', Buffer.from('mine'), { ifAbsent: true }), 'exists', /exists already/)
  })

  it('a resumable upload asks what has arrived and sends the rest', async () => {
    const isChunk = ({ method }: { method: string }) => method === 'PUT'
    server.faults.add({ kind: 'drop', when: isChunk })
    server.faults.add({ kind: 'server-error', when: isChunk })
    server.faults.add({
      kind: 'lose-answer',
      when: ({ method, time }) => method === 'PUT' && server.log.filter(isChunk).length === 5 && time > 0,
    })
    const upload = await open().storeFor(LAKE).upload('resumed')
    await upload.write(content)
    expect((await upload.complete()).size).toBe(content.length)
    const { bytes } = await open().storeFor(LAKE).get({ key: 'resumed' })
    expect(content.equals(bytes)).toBe(true)
    expect(server.log.filter(isChunk).length).toBeGreaterThan(5)
    expect(server.openUploads).toBe(0)
  })
})

describe('STORAGE_EMULATOR_HOST', () => {
  it('may have a scheme', async () => {
    server.put('lake', 'k', 'value')
    const store = open({ env: { STORAGE_EMULATOR_HOST: server.url } }).storeFor(LAKE)
    expect((await store.head('k')).size).toBe(5)
  })

  it('must be a host', () => {
    expect(() => open({ env: { STORAGE_EMULATOR_HOST: 'http://:bad:' } }).storeFor(LAKE)).toThrow(/STORAGE_EMULATOR_HOST must be host:port/)
  })
})
