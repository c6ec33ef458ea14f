/** The S3 test server against Amazon's own client, so that it is not only our reading of the protocol that it serves. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'

const CREDENTIALS = { accessKeyId: 'AKSDK', secretAccessKey: 'sdk-secret' }
const Bucket = 'lake'

let server: S3TestServer
let client: S3Client

beforeEach(async () => {
  server = await startS3Server({ buckets: [Bucket], credentials: [CREDENTIALS], pageSize: 2 })
  client = connect(CREDENTIALS)
})
afterEach(async () => {
  client.destroy()
  await server.close()
})

function connect(credentials: typeof CREDENTIALS): S3Client {
  return new S3Client({ endpoint: server.url, forcePathStyle: true, region: 'us-east-1', credentials, maxAttempts: 1 })
}

describe('the S3 test server', () => {
  it('serves the AWS SDK', async () => {
    const keys = ['a b/1', 'a+b/é', 'z']
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(`0123456789 ${Key}`) }))
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a+b/é', Range: 'bytes=8-10' }))
    expect(await got.Body?.transformToString()).toBe('89 ')
    expect(got.ContentRange).toBe('bytes 8-10/17')
    const first = await client.send(new ListObjectsV2Command({ Bucket }))
    expect([first.Contents?.map(({ Key }) => Key), first.IsTruncated]).toEqual([['a b/1', 'a+b/é'], true])
    const second = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: first.NextContinuationToken }))
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['z'])
    const grouped = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 1, StartAfter: 'a b/1' }))
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'a+b/' }])
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'z' }] } }))
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'z' }))).rejects.toMatchObject({ name: 'NotFound' })
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' })
  })

  it('refuses what is signed with another secret or changed on its way', async () => {
    server.put(Bucket, 'k', 'x')
    const wrong = connect({ ...CREDENTIALS, secretAccessKey: 'other' })
    await expect(wrong.send(new GetObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    wrong.destroy()
    const stranger = connect({ ...CREDENTIALS, accessKeyId: 'AKOTHER' })
    await expect(stranger.send(new GetObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
    stranger.destroy()
    expect((await fetch(`${server.url}/${Bucket}/k`)).status).toBe(403)
  })

  it('logs what was asked and what was sent', async () => {
    server.put(Bucket, 'k', '0123456789')
    await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=-4' }))
    expect(server.log).toMatchObject([{ method: 'GET', bucket: Bucket, key: 'k', range: 'bytes=-4', status: 206, bytes: 4 }])
  })
})
