/** Credentials, regions and endpoints: what a user meets first, with the message that says what to do. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createStores, type ObjectStores, type StoresOptions } from '#connectors/storage/registry'
import { rejects } from '#tests/contracts/object-store'
import { type S3ServerOptions, type S3TestServer, startS3Server } from '#tests/support/s3-server'

const CREDENTIALS = { accessKeyId: 'AKWEIRTEST', secretAccessKey: 'very/secret+key=' }
const NO_CREDENTIALS = { get: async () => undefined, refresh: async () => false }
const LAKE = { scheme: 's3', name: 'lake' } as const

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function start(
  server: Partial<S3ServerOptions>,
  options: (server: S3TestServer) => Partial<StoresOptions> = () => ({}),
): Promise<[S3TestServer, ObjectStores]> {
  const running = await startS3Server({ buckets: ['lake'], credentials: [CREDENTIALS], ...server })
  running.put('lake', 'k', 'value')
  const stores = createStores({ env: running.env, retry: { baseMs: 1 }, ...options(running) })
  opened.push(stores, running)
  return [running, stores]
}

describe('credentials', () => {
  it('sign every kind of request', async () => {
    const [server, stores] = await start({ credentials: [{ ...CREDENTIALS, sessionToken: 'session/token==' }] })
    const store = stores.storeFor(LAKE)
    await store.put("we?ird &k'e(y)*", Buffer.from('x'))
    expect((await store.list({ prefix: 'we?ird &' })).objects.length).toBe(1)
    expect((await store.get({ key: "we?ird &k'e(y)*" })).bytes.length).toBe(1)
    await store.delete(["we?ird &k'e(y)*"])
    expect(server.log.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  it('none, and the bucket is not public', async () => {
    const [, stores] = await start({}, () => ({ awsCredentials: NO_CREDENTIALS }))
    const message =
      'ListObjectsV2 s3://lake/: no AWS credentials were found (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, a role) and the bucket does not allow unsigned requests (403 AccessDenied: Access Denied)'
    expect((await rejects(stores.storeFor(LAKE).list({ prefix: '' }), 'unauthenticated', /./)).message).toBe(message)
    await rejects(stores.storeFor(LAKE).head('k'), 'unauthenticated', /no AWS credentials were found/)
  })

  it('none, and the bucket is public', async () => {
    const [, stores] = await start({ publicBuckets: ['lake'] }, () => ({ awsCredentials: NO_CREDENTIALS }))
    expect((await stores.storeFor(LAKE).get({ key: 'k' })).bytes.length).toBe(5)
    await rejects(stores.storeFor(LAKE).put('k2', Buffer.from('x')), 'unauthenticated', /no AWS credentials/)
  })

  it('of a profile come by AWS’s own chain, and none there means unsigned requests', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-aws-'))
    const chain = [
      'AWS_SHARED_CREDENTIALS_FILE',
      'AWS_CONFIG_FILE',
      'AWS_EC2_METADATA_DISABLED',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_PROFILE',
    ]
    const before = chain.map((name) => [name, process.env[name]] as const)
    for (const name of chain) delete process.env[name]
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials')
    process.env.AWS_CONFIG_FILE = join(folder, 'config')
    process.env.AWS_EC2_METADATA_DISABLED = 'true'
    try {
      const withoutKeys = ({ env }: S3TestServer) => ({
        env: { AWS_ENDPOINT_URL_S3: env.AWS_ENDPOINT_URL_S3, AWS_PROFILE: process.env.AWS_PROFILE },
      })
      const [, none] = await start({}, withoutKeys)
      await rejects(none.storeFor(LAKE).get({ key: 'k' }), 'unauthenticated', /no AWS credentials were found/)
      // The SDK keeps what it read of a file, so this one needs another name.
      process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials-2')
      await writeFile(
        join(folder, 'credentials-2'),
        `[work]\naws_access_key_id=${CREDENTIALS.accessKeyId}\naws_secret_access_key=${CREDENTIALS.secretAccessKey}\n`,
      )
      process.env.AWS_PROFILE = 'work'
      const [, some] = await start({}, withoutKeys)
      expect((await some.storeFor(LAKE).get({ key: 'k' })).bytes.length).toBe(5)
      process.env.AWS_PROFILE = 'missing'
      const [, wrong] = await start({}, withoutKeys)
      await rejects(
        wrong.storeFor(LAKE).get({ key: 'k' }),
        'unauthenticated',
        /could not be loaded: the profile 'missing' \(AWS_PROFILE\) has no credentials/,
      )
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('a wrong secret', async () => {
    const [, stores] = await start({}, ({ env }) => ({ env: { ...env, AWS_SECRET_ACCESS_KEY: 'wrong' } }))
    const { message } = await rejects(
      stores.storeFor(LAKE).get({ key: 'k' }),
      'unauthenticated',
      /^GetObject s3:\/\/lake\/k: 403 SignatureDoesNotMatch: The request signature/,
    )
    expect(message).not.toMatch(/wrong|AKWEIR|Signature=/)
  })

  it('a wrong key id', async () => {
    const [, stores] = await start({}, ({ env }) => ({ env: { ...env, AWS_ACCESS_KEY_ID: 'AKOTHER' } }))
    await rejects(stores.storeFor(LAKE).get({ key: 'k' }), 'unauthenticated', /403 InvalidAccessKeyId/)
  })

  it('that have expired are asked for again once, and are named when that does not help', async () => {
    const expired = { ...CREDENTIALS, accessKeyId: 'AKOLD', expired: true }
    let current = expired as { accessKeyId: string; secretAccessKey: string }
    const asked: string[] = []
    const source = (fresh: typeof current) => ({
      get: async () => current,
      refresh: async () => {
        asked.push('refresh')
        current = fresh
        return true
      },
    })
    const [, stores] = await start({ credentials: [CREDENTIALS, expired] }, () => ({ awsCredentials: source(CREDENTIALS) }))
    expect((await stores.storeFor(LAKE).get({ key: 'k' })).bytes.length).toBe(5)
    expect(asked).toEqual(['refresh'])
    current = expired
    const [, stuck] = await start({ credentials: [expired] }, () => ({ awsCredentials: source(expired) }))
    await rejects(stuck.storeFor(LAKE).get({ key: 'k' }), 'unauthenticated', /400 ExpiredToken: The provided token has expired/)
  })

  it('that a configured source cannot deliver are an error, not a reason to go on without', async () => {
    const source = { get: () => Promise.reject(new Error('the SSO session has expired')), refresh: async () => false }
    const [server, stores] = await start({}, () => ({ awsCredentials: source }))
    await rejects(stores.storeFor(LAKE).get({ key: 'k' }), 'unauthenticated', /could not be loaded: the SSO session has expired/)
    expect(server.log).toEqual([])
  })

  it('never show in a message, even when the store repeats them', async () => {
    const [server, stores] = await start({})
    server.faults.add({
      kind: 'answer',
      status: 400,
      body: `<Error><Code>Odd</Code><Message>got ${CREDENTIALS.accessKeyId} and ${CREDENTIALS.secretAccessKey}</Message></Error>`,
    })
    const { message } = await rejects(stores.storeFor(LAKE).get({ key: 'k' }), 'failed', /Odd/)
    expect(message).toBe('GetObject s3://lake/k: 400 Odd: got *** and ***')
  })

  it('403 with credentials is denied, and says which call', async () => {
    const [server, stores] = await start({})
    server.faults.add({
      kind: 'answer',
      status: 403,
      body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
      when: () => true,
    })
    await rejects(
      stores.storeFor(LAKE).list({ prefix: 'p/' }),
      'denied',
      /^ListObjectsV2 s3:\/\/lake\/p\/: 403 AccessDenied: Access Denied$/,
    )
  })
})

describe('regions', () => {
  it('a redirect that names the region is followed once and remembered', async () => {
    const [server, stores] = await start({ region: 'eu-central-1' }, ({ env }) => ({ env: { ...env, AWS_REGION: 'us-east-1' } }))
    const store = stores.storeFor(LAKE)
    expect((await store.get({ key: 'k' })).bytes.length).toBe(5)
    expect((await store.head('k')).size).toBe(5)
    expect(server.log.map(({ status }) => status)).toEqual([400, 200, 200])
  })

  it('a redirect that does not name it is a clear error', async () => {
    const [, stores] = await start({ region: 'eu-central-1', hideRegion: true }, ({ env }) => ({
      env: { ...env, AWS_REGION: 'us-east-1' },
    }))
    const { message } = await rejects(stores.storeFor(LAKE).get({ key: 'k' }), 'misconfigured', /./)
    expect(message).toBe(
      "GetObject s3://lake/k: the bucket is not in the region 'us-east-1'; set AWS_REGION to the bucket's (301 PermanentRedirect: The bucket must be addressed using the specified endpoint.)",
    )
  })

  it('a redirect that leads nowhere ends after one more try', async () => {
    const [server, stores] = await start({})
    for (const region of ['eu-west-1', 'eu-west-2'])
      server.faults.add({
        kind: 'answer',
        status: 301,
        headers: { 'x-amz-bucket-region': region },
        body: '<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>',
      })
    await rejects(stores.storeFor(LAKE).get({ key: 'k' }), 'misconfigured', /is not in the region 'eu-west-1'/)
    expect(server.log.length).toBe(2)
  })
})

describe('endpoints and clocks', () => {
  it('a bucket that does not exist', async () => {
    const [, stores] = await start({})
    await rejects(
      stores.storeFor({ scheme: 's3', name: 'other' }).list({ prefix: '' }),
      'not-found',
      /404 NoSuchBucket: The specified bucket does not exist/,
    )
  })

  it('a server that is no S3', async () => {
    const [server, stores] = await start({})
    server.faults.add({ kind: 'answer', status: 200, body: '<html>Welcome</html>', when: () => true })
    await rejects(stores.storeFor(LAKE).list({ prefix: '' }), 'misconfigured', /is the endpoint right\?/)
  })

  it('an endpoint that is no URL', () => {
    const stores = createStores({ env: { AWS_ENDPOINT_URL_S3: 'localhost:9000' } })
    opened.push(stores)
    expect(() => stores.storeFor(LAKE)).toThrow(/AWS_ENDPOINT_URL_S3 .* must be a URL/)
  })

  it('a clock that is wrong is corrected by the server’s', async () => {
    const [server, stores] = await start({})
    server.faults.add({
      kind: 'answer',
      status: 403,
      headers: { date: new Date(Date.now() + 5 * 60_000).toUTCString() },
      body: '<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>',
    })
    expect((await stores.storeFor(LAKE).get({ key: 'k' })).bytes.length).toBe(5)
    expect(server.log.length).toBe(2)
  })
})
