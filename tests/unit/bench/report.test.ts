import { describe, expect, it } from 'vitest'
import { type BenchReport, formatReport, geometricMean, meanRatio, median } from '#tests/bench/report'

const samples = (engine: string, q01: readonly number[], q02: readonly number[]) => ({ engine, ms: { q01, q02 }, rows: { q01: 1, q02: 1 } })

describe('benchmark figures', () => {
  it('takes the middle of an odd number of samples and between the two middle ones of an even number', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([9, 1, 5, 7])).toBe(6)
  })

  it('weighs every query alike', () => {
    expect(geometricMean([1, 100])).toBeCloseTo(10)
    expect(meanRatio(samples('a', [10], [400]), samples('b', [20], [100]), median)).toBeCloseTo(Math.sqrt(0.5 * 4))
  })

  it('compares over the queries that both engines ran', () => {
    const part = { engine: 'b', ms: { q02: [100] }, rows: { q02: 1 } }
    expect(meanRatio(samples('a', [10], [400]), part, median)).toBeCloseTo(4)
  })

  it('says which goals are reached', () => {
    const report: BenchReport = {
      commit: 'abc',
      date: '2026-01-02',
      scaleFactor: 1,
      repeats: 1,
      machine: { cpus: 2, model: 'CPU', memoryGb: 24, loadBefore: 0 },
      samples: [
        samples('weir cold', [300], [300]),
        samples('weir warm', [120], [120]),
        samples('duckdb local', [100], [100]),
        samples('chdb s3()', [200], [200]),
      ],
    }
    expect(formatReport(report).split('\n').slice(-3)).toEqual([
      'REACHED: weir warm / duckdb local = 1.20 of medians, 1.20 of minima (needed: at most 1.25)',
      'MISSED: weir cold / chdb s3() = 1.50 of medians, 1.50 of minima (needed: at most 1)',
      '',
    ])
  })
})
