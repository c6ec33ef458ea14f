/** What every ObjectStore must do: run against the S3 test server, a folder, MinIO and fake-gcs-server. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ListRequest, type ObjectInfo, type ObjectStore, StoreError, type StoreErrorKind } from '#connectors/storage/object-store'

export interface StoreFixture {
  readonly store: ObjectStore
  /** '' or ending with '/': an empty place of this run's own. */
  readonly root: string
  /** Entries of one listing page. */
  readonly pageSize: number
  /** Uploads begun and not ended, where the store can tell. */
  openUploads?(): number | Promise<number>
  close(): Promise<void>
}

const MIB = 1024 * 1024

export function objectStoreContract(name: string, open: () => Promise<StoreFixture>): void {
  describe(`object store contract: ${name}`, () => {
    let fixture: StoreFixture
    let store: ObjectStore
    let folder: string
    let folders = 0

    beforeAll(async () => {
      fixture = await open()
      store = fixture.store
    })
    afterAll(() => fixture?.close())

    /** A fresh prefix, so that no test sees another's objects. */
    const freshFolder = () => {
      folder = `${fixture.root}case-${++folders}/`
      return folder
    }
    const put = (key: string, text: string) => store.put(folder + key, Buffer.from(text))
    const keysOf = (page: { objects: readonly ObjectInfo[] }) => page.objects.map(({ key }) => key.slice(folder.length))

    describe('reading', () => {
      it('gives one object the same size and version in put, head, get and list', async () => {
        freshFolder()
        const written = await put('one.bin', 'hello')
        const head = await store.head(`${folder}one.bin`)
        const { bytes, info } = await store.get({ key: `${folder}one.bin` })
        const page = await store.list({ prefix: folder })
        expect(Buffer.from(bytes).toString()).toBe('hello')
        for (const seen of [written, head, info, page.objects[0]])
          expect(seen).toMatchObject({ key: `${folder}one.bin`, size: 5, version: head.version })
        expect(head.version).not.toBe('')
        expect(Math.abs(head.modified - Date.now())).toBeLessThan(120_000)
        expect(Math.abs(info.modified - head.modified)).toBeLessThan(1000)
      })

      it('reads exactly the range asked for', async () => {
        freshFolder()
        await put('range', '0123456789')
        const read = async (range: { start: number; length: number } | { suffix: number }) => {
          const { bytes, info } = await store.get({ key: `${folder}range`, range })
          expect(info.size).toBe(10)
          return Buffer.from(bytes).toString()
        }
        expect(await read({ start: 0, length: 1 })).toBe('0')
        expect(await read({ start: 3, length: 4 })).toBe('3456')
        expect(await read({ start: 9, length: 1 })).toBe('9')
        expect(await read({ start: 0, length: 10 })).toBe('0123456789')
        expect(await read({ start: 5, length: 0 })).toBe('')
        expect(await read({ suffix: 3 })).toBe('789')
        expect(await read({ suffix: 10 })).toBe('0123456789')
        expect(await read({ suffix: 1000 })).toBe('0123456789')
      })

      it('refuses a range that reaches over the end instead of returning less', async () => {
        freshFolder()
        await put('short', '0123456789')
        const key = `${folder}short`
        await rejects(store.get({ key, range: { start: 8, length: 3 } }), 'failed', /the range ends at byte 11, the object has 10/)
        await rejects(store.get({ key, range: { start: 10, length: 1 } }), 'failed', /the range ends at byte 11, the object has 10/)
      })

      it('reads an empty object in every way', async () => {
        freshFolder()
        await put('empty', '')
        const key = `${folder}empty`
        expect((await store.get({ key })).bytes.length).toBe(0)
        expect((await store.get({ key, range: { suffix: 8 } })).bytes.length).toBe(0)
        expect((await store.get({ key, range: { start: 0, length: 0 } })).info.size).toBe(0)
        expect((await collect(store.stream({ key }))).length).toBe(0)
        await rejects(store.get({ key, range: { start: 0, length: 1 } }), 'failed', /the object has 0/)
      })

      it('says not-found for a missing object', async () => {
        freshFolder()
        await rejects(store.head(`${folder}missing`), 'not-found', /missing/)
        await rejects(store.get({ key: `${folder}missing` }), 'not-found', /missing/)
        await rejects(store.get({ key: `${folder}missing`, range: { start: 0, length: 4 }, ifVersion: '1' }), 'not-found', /missing/)
        await rejects(collect(store.stream({ key: `${folder}missing` })), 'not-found', /missing/)
      })

      it('insists on the version that was asked for', async () => {
        freshFolder()
        const key = `${folder}versioned`
        const before = await put('versioned', 'before')
        const read = await store.get({ key, range: { start: 0, length: 3 }, ifVersion: before.version })
        expect(Buffer.from(read.bytes).toString()).toBe('bef')
        const after = await put('versioned', 'after!')
        expect(after.version).not.toBe(before.version)
        await rejects(store.get({ key, ifVersion: before.version }), 'changed', /changed/)
        await rejects(store.get({ key, range: { start: 0, length: 3 }, ifVersion: before.version }), 'changed', /changed/)
        await rejects(store.get({ key, range: { suffix: 3 }, ifVersion: before.version }), 'changed', /changed/)
        await rejects(collect(store.stream({ key, ifVersion: before.version })), 'changed', /changed/)
      })
    })

    describe('streams', () => {
      const content = randomBytes(18 * MIB + 12_345)

      it('carry the whole object, a range and a tail', async () => {
        freshFolder()
        const key = `${folder}large`
        await store.put(key, content)
        expect((await collect(store.stream({ key }))).equals(content)).toBe(true)
        const range = { start: 1_000_001, length: 9 * MIB }
        expect((await collect(store.stream({ key, range }))).equals(content.subarray(range.start, range.start + range.length))).toBe(true)
        expect((await collect(store.stream({ key, range: { suffix: 777 } }))).equals(content.subarray(content.length - 777))).toBe(true)
        const past = { start: content.length - 5, length: 100 }
        expect((await collect(store.stream({ key, range: past }))).equals(content.subarray(content.length - 5))).toBe(true)
      })

      it('can be left early', async () => {
        freshFolder()
        const key = `${folder}left`
        await store.put(key, content)
        for await (const chunk of store.stream({ key })) {
          expect(content.subarray(0, chunk.length).equals(chunk)).toBe(true)
          break
        }
      })

      it('never mix two versions of an object', async () => {
        freshFolder()
        const key = `${folder}replaced`
        await store.put(key, content)
        const other = Buffer.alloc(content.length - 1, 7)
        const chunks: Uint8Array[] = []
        const reading = async () => {
          for await (const chunk of store.stream({ key })) {
            if (chunks.length === 0) await store.put(key, other)
            chunks.push(chunk)
          }
        }
        const error: unknown = await reading().then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        // An open file keeps its old bytes when another takes its name; everywhere else the reader is told.
        if (error === undefined) expect(Buffer.concat(chunks).equals(content)).toBe(true)
        else await rejects(Promise.reject(error), 'changed', /changed/)
      })
    })

    describe('listing', () => {
      /** Every character that some layer of a store escapes, and two whose order differs between UTF-8 and UTF-16. */
      // biome-ignore format: one list
      const HOSTILE = [
        'a+b', 'a b', 'a%20b', 'a&b', 'a<b>', "a'b", 'a"b', 'a=1/b=é', 'a=1/b=x y', 'a?b', 'a#b', 'a:b', 'a*b', 'ü', '東京', '\u{ff5e}', '\u{1f600}', 'a,b;c', 'a@b', 'a(b)', 'a[b]', 'a{b}', 'a|b', 'a^b', 'a`b', 'a~b', 'a$b', 'a!b',
      ]

      it('keeps hostile keys as they are, in UTF-8 byte order', async () => {
        freshFolder()
        for (const key of HOSTILE) await put(key, key)
        const expected = [...HOSTILE].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        expect(keysOf(await wholeListing(store, { prefix: folder }))).toEqual(expected)
        for (const key of HOSTILE) {
          expect((await store.head(folder + key)).size).toBe(Buffer.byteLength(key))
          expect(Buffer.from((await store.get({ key: folder + key })).bytes).toString()).toBe(key)
        }
        await store.delete(HOSTILE.map((key) => folder + key))
        expect(keysOf(await store.list({ prefix: folder }))).toEqual([])
      })

      it('sorts a folder as its name with a slash', async () => {
        freshFolder()
        for (const key of ['a/1', 'a.csv', 'a0', 'a/2', 'a-b/1']) await put(key, 'x')
        expect(keysOf(await store.list({ prefix: folder }))).toEqual(['a-b/1', 'a.csv', 'a/1', 'a/2', 'a0'])
      })

      it('groups what lies deeper with a delimiter', async () => {
        freshFolder()
        for (const key of ['top.csv', 'y=1/m=1/a', 'y=1/m=2/b', 'y=2/c']) await put(key, 'x')
        const page = await store.list({ prefix: folder, delimiter: '/' })
        expect(keysOf(page)).toEqual(['top.csv'])
        expect(page.prefixes).toEqual([`${folder}y=1/`, `${folder}y=2/`])
        expect(page.continuation).toBeUndefined()
        const inner = await store.list({ prefix: `${folder}y=1/`, delimiter: '/' })
        expect([keysOf(inner), inner.prefixes]).toEqual([[], [`${folder}y=1/m=1/`, `${folder}y=1/m=2/`]])
      })

      it('takes prefixes that end inside a name', async () => {
        freshFolder()
        for (const key of ['dt=2024-01-01/a', 'dt=2024-02-01/b', 'dt=2025-01-01/c', 'other/d']) await put(key, 'x')
        expect((await store.list({ prefix: `${folder}dt=2024`, delimiter: '/' })).prefixes).toEqual([
          `${folder}dt=2024-01-01/`,
          `${folder}dt=2024-02-01/`,
        ])
        expect(keysOf(await store.list({ prefix: `${folder}dt=2024-0` }))).toEqual(['dt=2024-01-01/a', 'dt=2024-02-01/b'])
        expect(keysOf(await store.list({ prefix: `${folder}dt=2024-02-01/b` }))).toEqual(['dt=2024-02-01/b'])
      })

      it('is empty for a prefix that does not exist', async () => {
        freshFolder()
        for (const prefix of [folder, `${folder}nothing/here/`]) {
          expect(await store.list({ prefix })).toEqual({ objects: [], prefixes: [] })
          expect(await store.list({ prefix, delimiter: '/' })).toEqual({ objects: [], prefixes: [] })
        }
      })

      it('starts after a key, exclusively, flat and grouped', async () => {
        freshFolder()
        for (const key of ['a', 'b/1', 'b/2', 'b0', 'c/1', 'd']) await put(key, 'x')
        const listedAfter = async (startAfter: string, delimiter?: '/') => {
          const page = await wholeListing(store, { prefix: folder, startAfter: folder + startAfter, ...(delimiter ? { delimiter } : {}) })
          return [keysOf(page), page.prefixes.map((prefix) => prefix.slice(folder.length))]
        }
        expect(await listedAfter('a')).toEqual([['b/1', 'b/2', 'b0', 'c/1', 'd'], []])
        expect(await listedAfter('b/1')).toEqual([['b/2', 'b0', 'c/1', 'd'], []])
        expect(await listedAfter('b/1x')).toEqual([['b/2', 'b0', 'c/1', 'd'], []])
        expect(await listedAfter('d')).toEqual([[], []])
        expect(await listedAfter('a', '/')).toEqual([
          ['b0', 'd'],
          ['b/', 'c/'],
        ])
        expect(await listedAfter('b', '/')).toEqual([
          ['b0', 'd'],
          ['b/', 'c/'],
        ])
        expect(await listedAfter('b/', '/')).toEqual([['b0', 'd'], ['c/']])
        expect(await listedAfter('b/1', '/')).toEqual([['b0', 'd'], ['c/']])
        expect(await listedAfter('c/', '/')).toEqual([['d'], []])
      })

      it('joins pages without a gap or a repeat', async () => {
        freshFolder()
        const total = 2 * fixture.pageSize + 3
        const keys = Array.from({ length: total }, (_, n) => `p=${String(n % 3)}/${String(n).padStart(6, '0')}`)
        await inParallel(keys, 16, (key) => put(key, 'x'))
        const page = await wholeListing(store, { prefix: folder })
        expect(page.pages).toBeGreaterThanOrEqual(3)
        expect(keysOf(page)).toEqual([...keys].sort())
        const half = [...keys].sort().slice(total >> 1)
        const rest = await wholeListing(store, { prefix: folder, startAfter: folder + (half[0] as string) })
        expect(keysOf(rest)).toEqual(half.slice(1))
        const folders = await wholeListing(store, { prefix: folder, delimiter: '/' })
        expect([folders.objects, folders.prefixes]).toEqual([[], ['p=0/', 'p=1/', 'p=2/'].map((prefix) => folder + prefix)])
        const inner = await wholeListing(store, { prefix: `${folder}p=1/`, delimiter: '/' })
        expect(keysOf(inner)).toEqual(keys.filter((key) => key.startsWith('p=1/')).sort())
        await store.delete(keys.map((key) => folder + key))
        expect((await wholeListing(store, { prefix: folder })).objects).toEqual([])
      })
    })

    describe('writing', () => {
      it('replaces an object whole', async () => {
        freshFolder()
        await put('k', 'a long first text')
        await put('k', 'short')
        expect(Buffer.from((await store.get({ key: `${folder}k` })).bytes).toString()).toBe('short')
      })

      it('with ifAbsent never replaces one', async () => {
        freshFolder()
        const key = `${folder}once`
        await store.put(key, Buffer.from('first'), { ifAbsent: true })
        await rejects(store.put(key, Buffer.from('second'), { ifAbsent: true }), 'exists', /exists already/)
        expect(Buffer.from((await store.get({ key })).bytes).toString()).toBe('first')
        const contenders = await Promise.allSettled(
          Array.from({ length: 8 }, (_, n) => store.put(`${folder}race`, Buffer.from(`writer ${n}`), { ifAbsent: true })),
        )
        const winners = contenders.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []))
        expect(winners.length).toBe(1)
        expect(Buffer.from((await store.get({ key: `${folder}race` })).bytes).toString()).toBe(`writer ${winners[0]}`)
      })

      it('uploads in parts, invisible until complete', async () => {
        freshFolder()
        const key = `${folder}upload.bin`
        const content = randomBytes(37 * MIB + 4321)
        const upload = await store.upload(key)
        const scratch = Buffer.alloc(3 * MIB + 17)
        for (let at = 0; at < content.length; at += scratch.length) {
          // The caller may use its buffer again as soon as write has resolved.
          const size = content.copy(scratch, 0, at)
          await upload.write(scratch.subarray(0, size))
        }
        expect(keysOf(await store.list({ prefix: folder }))).toEqual([])
        const info = await upload.complete()
        expect(info).toMatchObject({ key, size: content.length })
        expect((await store.head(key)).version).toBe(info.version)
        expect(Buffer.from((await store.get({ key })).bytes).equals(content)).toBe(true)
        expect(await fixture.openUploads?.()).toBe(fixture.openUploads === undefined ? undefined : 0)
      })

      it('uploads small, empty and exactly part-sized objects', async () => {
        freshFolder()
        for (const size of [0, 5, 8 * MIB, 16 * MIB]) {
          const content = randomBytes(size)
          const upload = await store.upload(`${folder}size-${size}`)
          await upload.write(content)
          expect((await upload.complete()).size).toBe(size)
          expect(Buffer.from((await store.get({ key: `${folder}size-${size}` })).bytes).equals(content)).toBe(true)
        }
      })

      it('leaves nothing behind when somebody else gives it up', async ({ skip }) => {
        if (store.abandonUploads === undefined) skip('the store forgets uploads by itself')
        freshFolder()
        for (const name of ['dead', 'dead-2', 'alive']) await (await store.upload(`${folder}${name}`)).write(Buffer.alloc(20 * MIB, 1))
        const before = await fixture.openUploads?.()
        await store.abandonUploads?.([`${folder}dead`, `${folder}never-begun`])
        const open = await fixture.openUploads?.()
        expect(before === undefined || open === before - 1).toBe(true)
        await store.abandonUploads?.([`${folder}dead-2`, `${folder}alive`])
        expect((await fixture.openUploads?.()) ?? 0).toBe((before ?? 3) - 3)
        expect((await store.list({ prefix: folder })).objects).toEqual([])
      })

      it('leaves nothing behind after abort, however often', async () => {
        freshFolder()
        for (const size of [10, 40 * MIB]) {
          const upload = await store.upload(`${folder}aborted`)
          await upload.write(Buffer.alloc(size))
          await upload.abort()
          await upload.abort()
          await rejects(upload.write(Buffer.alloc(1)), /aborted|failed/, /aborted|ended/)
          await rejects(upload.complete(), /aborted|failed/, /aborted|ended/)
        }
        expect(keysOf(await store.list({ prefix: folder }))).toEqual([])
        await rejects(store.head(`${folder}aborted`), 'not-found', /aborted/)
        expect(await fixture.openUploads?.()).toBe(fixture.openUploads === undefined ? undefined : 0)
      })

      it('deletes what is named and nothing else', async () => {
        freshFolder()
        for (const key of ['x1', 'x/y', 'z']) await put(key, '1')
        await store.delete([`${folder}x1`, `${folder}x/y`, `${folder}never-there`])
        expect(keysOf(await store.list({ prefix: folder }))).toEqual(['z'])
        await store.delete([])
      })
    })

    describe('signals', () => {
      it('a fired signal stops every call before it begins', async () => {
        freshFolder()
        await put('k', 'x')
        const key = `${folder}k`
        const signal = AbortSignal.abort()
        for (const call of [
          () => store.list({ prefix: folder, signal }),
          () => store.head(key, signal),
          () => store.get({ key, signal }),
          () => collect(store.stream({ key, signal })),
          () => store.put(key, Buffer.from('y'), { signal }),
          () => store.delete([key], signal),
        ])
          await rejects(call(), 'aborted', /aborted/)
        expect(Buffer.from((await store.get({ key })).bytes).toString()).toBe('x')
      })
    })
  })
}

/** Fails unless the promise rejects with a StoreError of this kind whose message matches. */
export async function rejects(promise: Promise<unknown>, kind: StoreErrorKind | RegExp, message: RegExp): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof StoreError)) throw new Error(`expected a StoreError, got ${String(error)}`, { cause: error })
  if (typeof kind === 'string') expect(error.kind, error.message).toBe(kind)
  else expect(error.kind, error.message).toMatch(kind)
  expect(error.message).toMatch(message)
  return error
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function wholeListing(
  store: ObjectStore,
  request: ListRequest,
): Promise<{ objects: ObjectInfo[]; prefixes: string[]; pages: number }> {
  const whole = { objects: [] as ObjectInfo[], prefixes: [] as string[], pages: 0 }
  let continuation: string | undefined
  do {
    const page = await store.list({ ...request, ...(continuation === undefined ? {} : { continuation }) })
    whole.objects.push(...page.objects)
    whole.prefixes.push(...page.prefixes)
    whole.pages++
    continuation = page.continuation
  } while (continuation !== undefined)
  return whole
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items]
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
    }),
  )
}
