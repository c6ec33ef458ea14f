/** Memory of a process and of those it started, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs'

/** Resident bytes of the process and all below it; what shared pages are counted once for each is left out (PSS where it is readable). */
export function memoryOf(pid: number): number {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(name)
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
  }
  const sum = (one: number): number => proportional(one) + (parents.get(one) ?? []).reduce((all, child) => all + sum(child), 0)
  return sum(pid)
}

function parentOf(pid: string): number | undefined {
  try {
    // The name in parentheses may hold anything.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

function proportional(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** The most that was seen until `stop`, in bytes. */
export function watchMemory(pid: number, everyMs = 100): { stop(): number } {
  let most = memoryOf(pid)
  const timer = setInterval(() => {
    most = Math.max(most, memoryOf(pid))
  }, everyMs)
  return {
    stop() {
      clearInterval(timer)
      return Math.max(most, memoryOf(pid))
    },
  }
}
