/** Fuzzes the parser for long: `node tests/soak/fuzz-parser.ts`; FUZZ_COUNT (1,000,000) statements from FUZZ_SEED (1). */
import { fuzzParser } from '#tests/support/fuzz-parser'
import { readCorpus } from '#tests/unit/sql/corpus'

const BATCH = 50_000
const count = Number(process.env.FUZZ_COUNT ?? 1_000_000)
const seed = Number(process.env.FUZZ_SEED ?? 1)
const corpus = (['expressions', 'queries', 'statements', 'hive'] as const).flatMap(readCorpus)

let accepted = 0
let rejected = 0
let slowest = 0
const failures: string[] = []
for (let done = 0; done < count; done += BATCH) {
  const report = fuzzParser(corpus, Math.min(BATCH, count - done), seed + done)
  accepted += report.accepted
  rejected += report.rejected
  slowest = Math.max(slowest, report.slowestMilliseconds)
  failures.push(...report.failures)
  process.stderr.write(`${accepted + rejected} of ${count}, ${failures.length} failures\n`)
}
process.stdout.write(`${accepted} accepted, ${rejected} rejected, slowest ${slowest.toFixed(1)} ms, ${failures.length} failed\n`)
for (const failure of failures) process.stdout.write(`${failure}\n`)
process.exitCode = failures.length === 0 ? 0 : 1
