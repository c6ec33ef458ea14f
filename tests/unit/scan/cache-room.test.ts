/** Queries take turns at the cache: none holds room while it waits, small ones pass, large ones are not passed for ever. */
import { expect, it, vi } from 'vitest'
import { CacheRoom } from '#src/scan/cache-room'

const never = new AbortController().signal
/** What happens at once has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

it('gives room up to the budget and the rest in turn', async () => {
  const room = new CacheRoom(100)
  const entered: string[] = []
  const enter = (name: string, bytes: number) =>
    room.enter(bytes, never).then((leave) => {
      entered.push(name)
      return leave
    })
  const [a, b] = [await enter('a', 60), await enter('b', 40)]
  const c = enter('c', 50)
  const d = enter('d', 50)
  await settled()
  expect(entered).toEqual(['a', 'b'])
  b()
  b()
  await settled()
  expect(entered).toEqual(['a', 'b'])
  a()
  await settled()
  expect(entered).toEqual(['a', 'b', 'c', 'd'])
  ;(await c)()
  ;(await d)()
})

it('what needs nothing, or more than there can be, does not wait', async () => {
  const room = new CacheRoom(100)
  await room.enter(100, never)
  await room.enter(0, never)
  await room.enter(101, never)
})

it('who gives up leaves the line', async () => {
  const room = new CacheRoom(100)
  const leave = await room.enter(80, never)
  const controller = new AbortController()
  const waiting = room.enter(90, controller.signal)
  controller.abort(new Error('canceled'))
  await expect(waiting).rejects.toThrow('canceled')
  leave()
  await room.enter(100, never)
  await expect(room.enter(1, controller.signal)).rejects.toThrow('canceled')
})

it('small ones pass a large one for a while', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const room = new CacheRoom(100)
    const leave = await room.enter(60, never)
    let large = false
    const waiting = room.enter(80, never).then((go) => {
      large = true
      return go
    })
    const passing = await room.enter(30, never)
    vi.advanceTimersByTime(6000)
    let late = false
    const behind = room.enter(10, never).then(() => {
      late = true
    })
    await settled()
    expect([large, late]).toEqual([false, false])
    passing()
    await settled()
    expect([large, late]).toEqual([false, false])
    leave()
    await waiting
    await behind
    expect([large, late]).toEqual([true, true])
  } finally {
    vi.useRealTimers()
  }
})
