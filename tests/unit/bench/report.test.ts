import { describe, expect, it } from 'vitest'
import { type BenchReport, formatReport, geometricMean, meanRatio, median, percentile, ratioMeasure } from '#tests/bench/report'
import { failures, formatTargets, formatVerdicts, TARGETS } from '#tests/bench/targets'

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

  it('takes percentiles between the nearest values', () => {
    expect(percentile([4, 1, 3, 2], 0)).toBe(1)
    expect(percentile([4, 1, 3, 2], 100)).toBe(4)
    expect(percentile([10, 20], 95)).toBeCloseTo(19.5)
  })

  const all = [
    samples('weir cold', [300], [300]),
    samples('weir warm', [109], [109]),
    samples('duckdb local', [100], [100]),
    samples('chdb s3()', [200], [200]),
  ]
  const report: BenchReport = {
    suite: 'tpch',
    commit: 'abc',
    date: '2026-01-02T00:00:00Z',
    scaleFactor: 1,
    repeats: 1,
    machine: { cpus: 2, model: 'CPU', memoryGb: 24, loadBefore: 0 },
    samples: all,
    measures: [
      ...ratioMeasure('tpch-warm-duckdb', all, 'weir warm', 'duckdb local'),
      ...ratioMeasure('tpch-cold-chdb', all, 'weir cold', 'chdb s3()'),
      ...ratioMeasure('tpch-warm-trino', all, 'weir warm', 'trino 476'),
      { target: 'reuse-gets', what: 'GETs', value: 1, unit: 'GETs' },
      { target: 'json-rate', what: 'JSON', value: 120, unit: 'MB/s' },
    ],
  }

  it('says which targets are reached', () => {
    expect(formatVerdicts(report.measures).split('\n')).toEqual([
      'REACHED: TPC-H SF1 warm, against DuckDB on local files = 1.09 x (needed: at most 1.10)',
      'MISSED: TPC-H SF1 cold, against chdb s3() = 1.50 x (needed: at most 0.75)',
      'MISSED: identical query, data unchanged: object GETs = 1 GETs (needed: at most 0)',
      'REACHED: 10M rows x 8 columns over the Trino protocol = 120 MB/s (needed: at least 100)',
      '',
    ])
  })

  it('fails for counts only, which no other work on the machine changes', () => {
    expect(failures(report.measures)).toEqual(['identical query, data unchanged: object GETs'])
  })

  it('prints one row a target, measured or not', () => {
    const lines = formatTargets([report]).trimEnd().split('\n')
    expect(lines).toHaveLength(TARGETS.length + 2)
    expect(lines).toContain(
      '| TPC-H SF1 warm, against DuckDB on local files | at most 1.10 x | 1.09 x | REACHED | tpch, abc, 2026-01-02, load 0 |',
    )
    expect(lines).toContain('| TPC-H SF1 warm, share of the time of Trino with analyzed tables | at most 0.17 x | – | not measured | – |')
  })

  it('prints the minima of all engines', () => {
    expect(formatReport(report)).toContain('| q01 | 300 | 109 | 100 | 200 |')
  })
})
