import { describe, expect, it } from 'vitest'
import { fuzzParser } from '#tests/support/fuzz-parser'
import { readCorpus } from './corpus.ts'

const COUNT = Number(process.env.FUZZ_COUNT ?? 20_000)
const SEED = Number(process.env.FUZZ_SEED ?? 1)

describe('the parser on statements changed by chance', () => {
  it(`neither crashes nor hangs on ${COUNT} of them`, { timeout: 300_000 + 10 * COUNT }, () => {
    const corpus = (['expressions', 'queries', 'statements', 'hive'] as const).flatMap(readCorpus)
    const report = fuzzParser(corpus, COUNT, SEED)
    expect(report.failures).toEqual([])
    expect(report.accepted + report.rejected).toBe(COUNT)
    // A fuzzer that only made nonsense, or changed nothing, would prove little.
    expect(report.accepted).toBeGreaterThan(COUNT * 0.05)
    expect(report.rejected).toBeGreaterThan(COUNT * 0.5)
  })
})
