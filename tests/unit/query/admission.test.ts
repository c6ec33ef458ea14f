import { describe, expect, it } from 'vitest'
import { Admission } from '#src/query/admission'

const never = new AbortController().signal

describe('Admission', () => {
  it('lets so many in, the rest in order of arrival', async () => {
    const admission = new Admission({ maxRunning: 1, maxQueued: 10 })
    const leaveFirst = await admission.enter(never, 'alice')
    const order: number[] = []
    const second = admission.enter(never, 'alice').then((leave) => {
      order.push(2)
      return leave
    })
    const third = admission.enter(never, 'alice').then((leave) => {
      order.push(3)
      return leave
    })
    expect([admission.running, admission.queued]).toEqual([1, 2])
    leaveFirst()
    leaveFirst()
    ;(await second)()
    ;(await third)()
    expect(order).toEqual([2, 3])
    expect([admission.running, admission.queued]).toEqual([0, 0])
  })

  it('lets a user with fewer running queries in before those that another has lined up', async () => {
    const admission = new Admission({ maxRunning: 2, maxQueued: 10 })
    const order: string[] = []
    const leaves: (() => void)[] = []
    const enter = (user: string, name: string) =>
      admission.enter(never, user).then((leave) => {
        order.push(name)
        leaves.push(leave)
      })
    await Promise.all([enter('alice', 'a1'), enter('alice', 'a2')])
    const rest = [enter('alice', 'a3'), enter('alice', 'a4'), enter('bob', 'b1'), enter('alice', 'a5'), enter('bob', 'b2')]
    for (let left = 0; left < 7; left++) {
      leaves[left]?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(rest)
    // When a1 leaves alice runs one and bob none; when a2 leaves she runs none and he one; and so on.
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'a4', 'a5'])
    expect([admission.running, admission.queued]).toEqual([0, 0])
  })

  it('refuses when the line is full', async () => {
    const admission = new Admission({ maxRunning: 1, maxQueued: 0 })
    await admission.enter(never, 'alice')
    await expect(admission.enter(never, 'alice')).rejects.toMatchObject({ errorName: 'QUERY_QUEUE_FULL', status: 503 })
  })

  it('gives up the place in line with the signal, and its reason', async () => {
    const admission = new Admission({ maxRunning: 1, maxQueued: 5 })
    const leave = await admission.enter(never, 'alice')
    const controller = new AbortController()
    const waiting = admission.enter(controller.signal, 'alice')
    controller.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    leave()
    expect([admission.running, admission.queued]).toEqual([0, 0])
  })
})
