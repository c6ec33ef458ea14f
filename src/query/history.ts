import type { QueryInfo } from './query.ts'

export interface History {
  add(query: QueryInfo): void
  /** Newest first. */
  list(): readonly QueryInfo[]
  find(id: string): QueryInfo | undefined
}

/** The last `size` queries that ended. */
export function createHistory(size: number): History {
  const entries: QueryInfo[] = []
  return {
    add(query) {
      entries.push(query)
      if (entries.length > size) entries.shift()
    },
    list: () => entries.toReversed(),
    find: (id) => entries.findLast((query) => query.id === id),
  }
}
