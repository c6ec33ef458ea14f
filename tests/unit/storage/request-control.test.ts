/** Signing, rates, turns, backoff, key order: each part by itself. */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cancellation } from '#connectors/storage/cancellation'
import { FairQueue, QueueAborted } from '#connectors/storage/fair-queue'
import { compareKeys } from '#connectors/storage/key-order'
import { BucketRate } from '#connectors/storage/rate'
import { backoffMs, DEFAULT_RETRY } from '#connectors/storage/retry'
import { judgeS3, retryAfterMs } from '#connectors/storage/s3-answers'
import { addressOf, bucketPath, objectPath, readS3Config } from '#connectors/storage/s3-config'
import { S3Signer } from '#connectors/storage/s3-sign'
import { parseListPage, parseS3Error } from '#connectors/storage/s3-xml'

describe('S3Signer', () => {
  // "Signature Calculations for the Authorization Header", Amazon S3 API Reference: the four examples there.
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
  const now = new Date('2013-05-24T00:00:00Z')
  const origin = 'https://examplebucket.s3.amazonaws.com'
  const signature = (request: Parameters<S3Signer['sign']>[0]) =>
    new S3Signer().sign(request, credentials, 'us-east-1', now).headers.authorization?.split('Signature=')[1]

  it('gives the signatures of the documentation', () => {
    expect(signature({ origin, method: 'GET', path: '/test.txt', headers: { range: 'bytes=0-9' } })).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    )
    const put = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }
    expect(signature({ origin, method: 'PUT', path: '/test%24file.text', headers: put, body: Buffer.from('Welcome to Amazon S3.') })).toBe(
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    )
    expect(signature({ origin, method: 'GET', path: '/?lifecycle=', headers: {} })).toBe(
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    )
    expect(signature({ origin, method: 'GET', path: '/?max-keys=2&prefix=J', headers: {} })).toBe(
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    )
  })
})

describe('addresses', () => {
  it.each([
    [{}, 'lake', 'us-east-1', 'https://lake.s3.us-east-1.amazonaws.com', '/a/b%20c', '/?x'],
    [{}, 'my.lake', 'eu-west-1', 'https://s3.eu-west-1.amazonaws.com', '/my.lake/a/b%20c', '/my.lake?x'],
    [{}, 'lake', 'cn-north-1', 'https://lake.s3.cn-north-1.amazonaws.com.cn', '/a/b%20c', '/?x'],
    [{ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000/' }, 'lake', 'us-east-1', 'http://127.0.0.1:9000', '/lake/a/b%20c', '/lake?x'],
    [{ AWS_ENDPOINT_URL: 'https://minio.example/s3' }, 'lake', 'us-east-1', 'https://minio.example', '/s3/lake/a/b%20c', '/s3/lake?x'],
    [
      { AWS_ENDPOINT_URL_S3: 'https://s3.us-west-2.amazonaws.com' },
      'lake',
      'us-west-2',
      'https://lake.s3.us-west-2.amazonaws.com',
      '/a/b%20c',
      '/?x',
    ],
  ] as const)('%o %s', (env, bucket, region, origin, object, list) => {
    const address = addressOf(readS3Config(env), bucket, region)
    expect([address.origin, objectPath(address, 'a/b c'), bucketPath(address, 'x')]).toEqual([origin, object, list])
  })

  it('take the region from AWS_REGION, AWS_DEFAULT_REGION, else us-east-1', () => {
    expect(
      [{ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, { AWS_DEFAULT_REGION: 'b' }, { AWS_REGION: '' }].map(
        (env) => readS3Config(env).region,
      ),
    ).toEqual(['a', 'b', 'us-east-1'])
  })
})

describe('S3 documents', () => {
  it('decode keys that were url-encoded, and only those', () => {
    const page = (encoding: string, key: string) =>
      parseListPage(
        `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${encoding}<IsTruncated>false</IsTruncated><Contents><Key>${key}</Key><LastModified>2024-01-02T03:04:05.000Z</LastModified><ETag>&quot;abc&quot;</ETag><Size>7</Size></Contents></ListBucketResult>`,
      )
    const info = { size: 7, version: 'abc', modified: Date.UTC(2024, 0, 2, 3, 4, 5) }
    expect(page('<EncodingType>url</EncodingType>', 'a+b%2Bc%26/%E6%9D%B1')).toEqual({
      objects: [{ key: 'a b+c&/東', ...info }],
      prefixes: [],
    })
    expect(page('', 'a+b%2Bc&amp;&#x9;&#33;').objects).toEqual([{ key: 'a+b%2Bc&\t!', ...info }])
    expect(() => parseListPage('<html></html>')).toThrow()
  })

  it('a 200 with an error in it is an error', () => {
    const body = Buffer.from('<?xml version="1.0"?>\n<Error><Code>InternalError</Code><Message>m &amp; n</Message></Error>')
    expect(parseS3Error(body.toString())).toEqual({ code: 'InternalError', message: 'm & n', region: undefined })
    expect(judgeS3({ status: 200, headers: {}, body }, 'r', false)).toEqual({ kind: 'retry', detail: '200 InternalError: m & n' })
    const deleted = Buffer.from('<DeleteResult><Error><Code>X</Code></Error></DeleteResult>')
    expect(judgeS3({ status: 200, headers: {}, body: deleted }, 'r', false)).toEqual({ kind: 'done' })
  })

  it('Retry-After is seconds or a date, at most a minute', () => {
    const now = Date.UTC(2024, 0, 1)
    expect(
      [undefined, '2', '1000', 'soon', new Date(now + 5000).toUTCString(), new Date(now - 5000).toUTCString()].map((text) =>
        retryAfterMs(text, now),
      ),
    ).toEqual([0, 2000, 60_000, 0, 5000, 0])
  })
})

describe('BucketRate', () => {
  it('halves what was in flight once a burst, and climbs back by one a round', () => {
    let now = 0
    const rate = new BucketRate(64, () => now)
    const taken = Array.from({ length: 32 }, () => rate.take())
    now = 10
    for (const at of taken) rate.release(at, 'throttled')
    expect(rate.limit).toBe(16)
    now = 20
    const again = rate.take()
    rate.release(again, 'throttled')
    expect(rate.limit).toBe(1)
    for (let n = 0; n < 10; n++) rate.release(rate.take(), 'ok')
    expect(rate.limit).toBe(4)
    for (let n = 0; n < 3000; n++) rate.release(rate.take(), 'ok')
    expect(rate.limit).toBe(64)
  })

  it('pauses for as long as the store asked', () => {
    let now = 0
    const rate = new BucketRate(8, () => now)
    rate.release(rate.take(), 'throttled', 500)
    expect([rate.open, rate.pauseMs]).toEqual([false, 500])
    now = 500
    expect(rate.open).toBe(true)
  })
})

describe('FairQueue', () => {
  const nobody = new Cancellation()

  it('lanes take turns, within the total and the lane’s share', async () => {
    const queue = new FairQueue(4, 3)
    const rate = new BucketRate(100)
    const [large, small] = [queue.lane(), queue.lane()]
    const order: string[] = []
    const releases: (() => void)[] = []
    const enter = (lane: ReturnType<FairQueue['lane']>, name: string) =>
      lane.acquire(rate, nobody).then((release) => {
        order.push(name)
        releases.push(() => release('ok'))
      })
    for (let n = 0; n < 10; n++) void enter(large, `L${n}`)
    await settle()
    expect([order, large.active]).toEqual([['L0', 'L1', 'L2'], 3])
    for (let n = 0; n < 2; n++) void enter(small, `S${n}`)
    await settle()
    expect(order.slice(3)).toEqual(['S0'])
    for (let n = 0; n < 3; n++) {
      releases.shift()?.()
      await settle()
    }
    expect(order.slice(4)).toContain('S1')
    expect(queue.active).toBe(4)
  })

  it('a bucket without places lets others pass', async () => {
    const queue = new FairQueue(10, 10)
    const lane = queue.lane()
    const [slow, quick] = [new BucketRate(1), new BucketRate(10)]
    const order: string[] = []
    const first = await lane.acquire(slow, nobody)
    const second = lane.acquire(slow, nobody).then(() => order.push('slow'))
    await lane.acquire(quick, nobody).then(() => order.push('quick'))
    expect(order).toEqual(['quick'])
    first('ok')
    await second
    expect(order).toEqual(['quick', 'slow'])
  })

  it('wakes up by itself when a pause is over', async () => {
    const queue = new FairQueue(10, 10)
    const lane = queue.lane()
    const rate = new BucketRate(4)
    ;(await lane.acquire(rate, nobody))('throttled', 60)
    const started = performance.now()
    await lane.acquire(rate, nobody)
    expect(performance.now() - started).toBeGreaterThanOrEqual(50)
  })

  it('a long pause of one bucket does not hold back a short one of another', async () => {
    const queue = new FairQueue(10, 10)
    const lane = queue.lane()
    const [long, short] = [new BucketRate(4), new BucketRate(4)]
    ;(await lane.acquire(long, nobody))('throttled', 60_000)
    ;(await lane.acquire(short, nobody))('throttled', 30)
    const stop = new AbortController()
    const waiting = lane.acquire(long, new Cancellation(stop.signal)).catch((error: unknown) => error)
    // Not behind the minute of the other, for which somebody still waits below.
    await lane.acquire(short, nobody)
    stop.abort()
    expect(await waiting).toBeInstanceOf(QueueAborted)
  })

  it('never forgets a waiter, whatever the outcomes, pauses and cancels', async () => {
    const task = fc.record({
      lane: fc.nat(3),
      rate: fc.nat(2),
      outcome: fc.constantFrom('ok' as const, 'throttled' as const, 'other' as const),
      pauseMs: fc.nat(6),
      holdMs: fc.nat(3),
      cancelAfterMs: fc.option(fc.nat(8)),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(task, { minLength: 1, maxLength: 60 }), async (tasks) => {
        const queue = new FairQueue(5, 3)
        const lanes = Array.from({ length: 4 }, () => queue.lane())
        const rates = Array.from({ length: 3 }, () => new BucketRate(4))
        let most = 0
        const run = async ({ lane, rate, outcome, pauseMs, holdMs, cancelAfterMs }: (typeof tasks)[number]) => {
          const stop = new AbortController()
          if (cancelAfterMs !== null) setTimeout(() => stop.abort(), cancelAfterMs)
          const release = await lanes[lane]?.acquire(rates[rate] as BucketRate, new Cancellation(stop.signal)).catch(() => undefined)
          if (release === undefined) return
          most = Math.max(most, queue.active)
          for (const one of lanes) expect(one.active).toBeLessThanOrEqual(3)
          await new Promise((resolve) => setTimeout(resolve, holdMs))
          release(outcome, outcome === 'throttled' ? pauseMs : 0)
        }
        await Promise.all(tasks.map(run))
        expect(most).toBeLessThanOrEqual(5)
        expect([queue.active, ...rates.map(({ active }) => active), ...lanes.map(({ active }) => active)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
      }),
      { numRuns: 60 },
    )
  })

  it('does not miss a pause that ends while it looks', async () => {
    const queue = new FairQueue(10, 10)
    const lane = queue.lane()
    const times = [0, 0, 0, 9.999]
    const rate = new BucketRate(4, () => times.shift() ?? 10.001)
    rate.release(rate.take(), 'throttled', 10)
    expect(times).toEqual([9.999])
    // Whoever misses it waits for ever.
    await lane.acquire(rate, nobody)
  })

  it('a waiter that is canceled leaves no hole', async () => {
    const queue = new FairQueue(1, 1)
    const lane = queue.lane()
    const rate = new BucketRate(4)
    const release = await lane.acquire(rate, nobody)
    const stop = new AbortController()
    const waiting = lane.acquire(rate, new Cancellation(stop.signal))
    const next = lane.acquire(rate, nobody)
    stop.abort()
    await expect(waiting).rejects.toBeInstanceOf(QueueAborted)
    release('ok')
    ;(await next)('ok')
    expect([queue.active, rate.active, lane.active, lane.waiting]).toEqual([0, 0, 0, false])
  })
})

describe('backoff', () => {
  it('is full jitter under a doubling, capped bound', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 7, 20].map((failures) => backoffMs(DEFAULT_RETRY, failures, () => 1))
    expect(bounds).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000])
    expect(backoffMs(DEFAULT_RETRY, 5, () => 0)).toBe(0)
  })
})

describe('compareKeys', () => {
  it('orders as the bytes of UTF-8 do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
      { numRuns: 2000 },
    )
    expect(compareKeys('\u{ff5e}', '\u{1f600}')).toBeLessThan(0)
  })
})

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
