import { describe, expect, it } from 'vitest'
import { statsDocument } from '#src/protocols/trino/mapping'
import type { QueryStats } from '#src/query/query'

const stats = (files: number, rowGroups: number, kept: number, read: number): QueryStats => ({
  queryId: 'q',
  partitions: { total: 1, kept: 1 },
  files: { total: files, kept: files },
  rowGroups: { total: rowGroups, kept: rowGroups },
  bytes: { total: kept, kept, fromStore: read, fromCache: 0 },
  prefixesSkipped: 0,
  requests: { list: 0, head: 0, get: 0 },
  rows: 0,
  rejectedRows: 0,
  queueMs: 0,
  planMs: 0,
  listMs: 0,
  footerMs: 0,
  fetchMs: 0,
  kernelMs: 0,
  elapsedMs: 0,
  resultReused: false,
  hints: [],
})

const splits = (document: ReturnType<typeof statsDocument>): readonly unknown[] => [
  document.totalSplits,
  document.queuedSplits,
  document.runningSplits,
  document.completedSplits,
  document.progressPercentage,
]

describe('progress', () => {
  it('splits are row groups, or files where there are none', () => {
    expect(splits(statsDocument('RUNNING', stats(2, 8, 100, 50)))).toEqual([8, 0, 4, 4, 50])
    expect(splits(statsDocument('RUNNING', stats(4, 0, 100, 75)))).toEqual([4, 0, 1, 3, 75])
  })

  it('nothing is done before a query runs, all when it has ended, and one split is left until then', () => {
    expect(splits(statsDocument('QUEUED', stats(0, 0, 0, 0)))).toEqual([1, 1, 0, 0, undefined])
    expect(splits(statsDocument('PLANNING', stats(2, 4, 100, 0)))).toEqual([4, 4, 0, 0, undefined])
    expect(splits(statsDocument('RUNNING', stats(2, 4, 100, 100)))).toEqual([4, 0, 1, 3, 75])
    expect(splits(statsDocument('FINISHED', stats(2, 4, 100, 60)))).toEqual([4, 0, 0, 4, 100])
  })

  it('what was done stays done when a new plan reads less', () => {
    expect(splits(statsDocument('RUNNING', stats(1, 2, 100, 0), 5))).toEqual([6, 0, 1, 5, (100 * 5) / 6])
    expect(splits(statsDocument('FINISHED', stats(1, 2, 100, 100), 5))).toEqual([5, 0, 0, 5, 100])
  })
})
