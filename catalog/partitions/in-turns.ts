import { setImmediate as othersFirst } from 'node:timers/promises'

/** Items that are looked at in a few milliseconds. */
const AT_ONCE = 10_000

/** The items; after some thousands of them the thread serves others first, so that a server with many partitions keeps answering. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  let count = 0
  for (const item of items) {
    if (++count % AT_ONCE === 0) await othersFirst()
    yield item
  }
}
