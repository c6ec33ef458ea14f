import { describe, expect, it } from 'vitest'
import { piecesOf } from '#src/write/write-rows'

const partitions = (...rows: readonly number[]) => rows.map((count) => ({ values: [], rows: count }))

describe('pieces of a partitioned write', () => {
  it('put neighbours together, large ones alone', () => {
    expect(piecesOf(partitions(1, 2, 100, 3, 200, 300), 10, 500)).toEqual([
      { first: 0, last: 1, large: false },
      { first: 2, last: 2, large: true },
      { first: 3, last: 3, large: false },
      { first: 4, last: 4, large: true },
      { first: 5, last: 5, large: true },
    ])
  })

  it('hold no more partitions than the kernel may have files open', () => {
    const pieces = piecesOf(partitions(...Array.from({ length: 200 }, () => 1)), 10, 500)
    expect(pieces.map(({ first, last }) => last - first + 1)).toEqual([64, 64, 64, 8])
  })

  it('hold no more bytes than the disk is to bear at once', () => {
    const mebibyte = 1024 * 1024
    const pieces = piecesOf(partitions(200, 200, 200, 200), mebibyte, 256 * mebibyte)
    expect(pieces).toEqual([
      { first: 0, last: 1, large: false },
      { first: 2, last: 3, large: false },
    ])
  })

  it('of nothing are none', () => expect(piecesOf([], 10, 500)).toEqual([]))
})
