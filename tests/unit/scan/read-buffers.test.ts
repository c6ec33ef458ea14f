import { describe, expect, test } from 'vitest'
import { ReadBuffers } from '#src/scan/read-buffers'

const MB = 1024 * 1024

describe('memory for bodies', () => {
  test('has the length that was asked for, and is used again once it was given back', () => {
    const buffers = new ReadBuffers()
    const first = buffers.take(100_000)
    const second = buffers.take(100_000)
    expect(first.length).toBe(100_000)
    expect(second.buffer).not.toBe(first.buffer)
    buffers.give(first)
    // Another length of the same size class.
    const third = buffers.take(70_000)
    expect(third.buffer).toBe(first.buffer)
    expect(third.length).toBe(70_000)
    expect(buffers.take(100_000).buffer).not.toBe(first.buffer)
  })

  test('of each length holds as many bytes, from none to more than a ranged read', () => {
    const buffers = new ReadBuffers()
    for (const length of [0, 1, 65_535, 65_536, 65_537, 4 * MB - 1, 4 * MB, 4 * MB + 1]) {
      const buffer = buffers.take(length)
      expect(buffer.length).toBe(length)
      buffer.fill(7)
      buffers.give(buffer)
      const again = buffers.take(length)
      expect(again.length).toBe(length)
      expect(again.buffer === buffer.buffer).toBe(length <= 4 * MB)
    }
  })

  test('of others is not taken for ours: a small buffer is a part of one that others use', () => {
    const buffers = new ReadBuffers()
    buffers.give(Buffer.alloc(64 * 1024))
    const shared = Buffer.from('part of a larger one')
    buffers.give(shared)
    expect(buffers.take(64 * 1024).buffer).not.toBe(shared.buffer)
  })

  test('is not kept without bound', () => {
    const buffers = new ReadBuffers()
    const taken = Array.from({ length: 40 }, () => buffers.take(4 * MB))
    for (const buffer of taken) buffers.give(buffer)
    const known = new Set(taken.map(({ buffer }) => buffer))
    const again = Array.from({ length: 40 }, () => buffers.take(4 * MB))
    expect(again.filter(({ buffer }) => known.has(buffer))).toHaveLength(32)
  })
})
