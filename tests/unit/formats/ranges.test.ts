import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coalesce, pieces } from '#connectors/formats/parquet/ranges'

const at = (start: number, length: number) => ({ start, length })

describe('coalesce', () => {
  test('reads over small gaps, not over large ones', () => {
    expect(coalesce([at(900, 100), at(0, 100), at(150, 50)], 64, 1000)).toEqual([
      { start: 0, length: 200, parts: [at(0, 100), at(150, 50)] },
      { start: 900, length: 100, parts: [at(900, 100)] },
    ])
  })
  test('a request is never longer than the most; a long range is cut at fixed places', () => {
    expect(coalesce([at(10, 250)], 64, 100)).toEqual([
      { start: 10, length: 100, parts: [at(10, 100)] },
      { start: 110, length: 100, parts: [at(110, 100)] },
      { start: 210, length: 50, parts: [at(210, 50)] },
    ])
    expect(coalesce([at(0, 60), at(70, 60)], 64, 100)).toHaveLength(2)
  })
  test('nothing asked, nothing read', () => expect(coalesce([])).toEqual([]))
  test('a short range is its own piece', () => {
    const range = at(5, 10)
    expect(pieces(range, 10)[0]).toBe(range)
  })

  test('every byte asked for is in exactly one part, every part in its request, no gap beyond the limit', () => {
    const ranges = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 400 })), { maxLength: 30 }).map((steps) => {
      let end = 4
      return steps.map(([gap, length]) => {
        const range = at(end + gap, length)
        end = range.start + length
        return range
      })
    })
    fc.assert(
      fc.property(ranges, fc.nat(300), fc.integer({ min: 50, max: 500 }), (asked, gap, most) => {
        const requests = coalesce(asked, gap, most)
        const covered = new Map<number, number>()
        for (const { start, length, parts } of requests) {
          expect(length).toBeLessThanOrEqual(most)
          let end = start
          for (const part of parts) {
            expect(part.start - end).toBeLessThanOrEqual(gap)
            expect(part.start).toBeGreaterThanOrEqual(start)
            expect(part.start + part.length).toBeLessThanOrEqual(start + length)
            for (let byte = part.start; byte < part.start + part.length; byte++) covered.set(byte, (covered.get(byte) ?? 0) + 1)
            end = part.start + part.length
          }
          expect(end).toBe(start + length)
        }
        const wanted = new Set(asked.flatMap((range) => Array.from({ length: range.length }, (_, index) => range.start + index)))
        expect([...covered.keys()].sort((a, b) => a - b)).toEqual([...wanted].sort((a, b) => a - b))
        expect([...covered.values()].every((count) => count === 1)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
