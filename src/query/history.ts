/** The queries that ended: in memory, bounded by count, age and the size of their texts. */
import type { QueryInfo } from './query.ts'

export interface History {
  add(query: QueryInfo): void
  /** Newest first. */
  list(): readonly QueryInfo[]
  find(id: string): QueryInfo | undefined
}

export interface HistoryBounds {
  readonly queries: number
  /** Characters of SQL and of errors in all. */
  readonly characters: number
  readonly ageMs: number
}

export const HISTORY_BOUNDS: HistoryBounds = { queries: 1000, characters: 16_000_000, ageMs: 30 * 24 * 3_600_000 }

export function createHistory(bounds = HISTORY_BOUNDS, now: () => number = Date.now): History {
  // In the order in which they ended.
  const entries = new Map<string, QueryInfo>()
  let characters = 0
  const dropOld = (): void => {
    const oldest = now() - bounds.ageMs
    for (const [id, query] of entries) {
      if (entries.size <= bounds.queries && characters <= bounds.characters && (query.ended ?? query.created) >= oldest) return
      characters -= lengthOf(query)
      entries.delete(id)
    }
  }
  return {
    add(query) {
      entries.set(query.id, query)
      characters += lengthOf(query)
      dropOld()
    },
    list() {
      dropOld()
      return [...entries.values()].reverse()
    },
    find: (id) => entries.get(id),
  }
}

const lengthOf = ({ sql, error }: QueryInfo): number => sql.length + (error?.message.length ?? 0)
