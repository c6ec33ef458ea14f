import { describe, expect, it } from 'vitest'
import { Admission } from '#src/query/admission'

const never = new AbortController().signal

describe('Admission', () => {
  it('lets so many in, the rest in order of arrival', async () => {
    const admission = new Admission({ maxRunning: 1, maxQueued: 10 })
    const leaveFirst = await admission.enter(never)
    const order: number[] = []
    const second = admission.enter(never).then((leave) => {
      order.push(2)
      return leave
    })
    const third = admission.enter(never).then((leave) => {
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

  it('refuses when the line is full', async () => {
    const admission = new Admission({ maxRunning: 1, maxQueued: 0 })
    await admission.enter(never)
    await expect(admission.enter(never)).rejects.toMatchObject({ errorName: 'QUERY_QUEUE_FULL', status: 503 })
  })

  it('gives up the place in line with the signal, and its reason', async () => {
    const admission = new Admission({ maxRunning: 1, maxQueued: 5 })
    const leave = await admission.enter(never)
    const controller = new AbortController()
    const waiting = admission.enter(controller.signal)
    controller.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    leave()
    expect([admission.running, admission.queued]).toEqual([0, 0])
  })
})
