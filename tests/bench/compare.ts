/** `node tests/bench/compare.ts old.json new.json`: what became faster or slower, beyond what one run varies. */
import { readFileSync } from 'node:fs'
import { type BenchReport, geometricMean, meanRatio, minimum } from './report.ts'

/** Smaller differences between two runs on one machine mean nothing. */
const NOISE = 1.1

const [oldFile, newFile] = process.argv.slice(2)
if (oldFile === undefined || newFile === undefined) throw new Error('node tests/bench/compare.ts old.json new.json')
const [before, after] = [oldFile, newFile].map((file) => JSON.parse(readFileSync(file, 'utf8')) as BenchReport) as [
  BenchReport,
  BenchReport,
]
if (before.suite !== after.suite || before.scaleFactor !== after.scaleFactor)
  throw new Error('The two runs are of different suites or scales')
let slower = false
for (const now of after.samples) {
  const then = before.samples.find(({ engine }) => engine === now.engine)
  if (then === undefined) continue
  const ratio = meanRatio(now, then, minimum)
  const verdict = ratio > NOISE ? 'SLOWER' : ratio < 1 / NOISE ? 'faster' : 'same'
  if (verdict === 'SLOWER' && now.engine.startsWith('weir')) slower = true
  const mean = (samples: typeof now) => geometricMean(Object.values(samples.ms).map(minimum)).toFixed(0)
  process.stdout.write(`${now.engine}: ${mean(then)} → ${mean(now)} ms, ratio ${ratio.toFixed(2)}: ${verdict}\n`)
  for (const [query, values] of Object.entries(now.ms)) {
    const old = then.ms[query]
    if (old === undefined) continue
    const change = minimum(values) / minimum(old)
    if (change > NOISE || change < 1 / NOISE)
      process.stdout.write(`  ${query}: ${minimum(old).toFixed(0)} → ${minimum(values).toFixed(0)} ms (${change.toFixed(2)})\n`)
  }
}
process.exitCode = slower ? 1 : 0
