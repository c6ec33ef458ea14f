/**
 * Pruning, dynamic filters, caches, waves, stored results, faults and concurrency change no row: random lakes and queries,
 * compared with DuckDB over the same files. `npm run soak:lakes` runs many; LAKE_RUNS and SEED do too.
 */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RoundCounts, roundSpecs, runRound } from '#tests/support/lake-rounds'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { startWeir, type WeirServer } from '#tests/support/weir'

const RUNS = Number(process.env.LAKE_RUNS ?? 8)
const QUERIES = 10
let s3: S3TestServer
let weir: WeirServer

beforeAll(async () => {
  // Small pages: listings have several.
  s3 = await startS3Server({ buckets: ['lake'], pageSize: 9 })
  weir = await startWeir({ env: s3.env, args: ['--cache-size', '300KB', '--result-cache-size', '1MB'] })
})

afterAll(async () => {
  await weir?.stop()
  await s3?.close()
})

it('gives the rows that DuckDB has over the same files', async () => {
  const counts: RoundCounts = { answers: 0, nonEmpty: 0, reused: 0, refused: 0, faults: 0, changed: 0 }
  await fc.assert(
    fc.asyncProperty(roundSpecs(QUERIES), (spec) => runRound(spec, { s3, bucket: 'lake', weir }, counts)),
    {
      numRuns: RUNS,
      // A failure says its query; smaller lakes would cost many runs.
      endOnFailure: true,
    },
  )
  expect(counts.answers).toBeGreaterThan(RUNS * QUERIES)
  expect(counts.nonEmpty).toBeGreaterThan(counts.answers / 3)
  expect(counts.reused).toBeGreaterThan(0)
  expect(counts.faults).toBeGreaterThan(0)
  if (process.env.LAKE_RUNS !== undefined) process.stderr.write(`${JSON.stringify(counts)}\n`)
}, 3_600_000)
