import type { QueryStats } from '#src/query/query'
import { progressLine } from './summary.ts'

export interface Progress {
  show(stats: QueryStats): void
  clear(): void
}

/** One line that is written over, on a terminal only, and not for queries that are over before anyone could read it. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  let shown = false
  if (!stream.isTTY) return { show() {}, clear() {} }
  return {
    show(stats) {
      if (stats.elapsedMs < 300) return
      stream.write(`\r\u001b[2K${progressLine(stats).slice(0, (stream.columns || 80) - 1)}`)
      shown = true
    },
    clear() {
      if (shown) stream.write('\r\u001b[2K')
      shown = false
    },
  }
}
