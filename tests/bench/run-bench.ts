/**
 * `npm run bench [-- <suite>… | all] [--scale 1] [--repeats 5] [--queries q01,q06] [--engines duckdb,chdb,pyarrow,trino]
 * [--slice] [--seed 1]`; without a suite TPC-H. `--slice`: small inputs, one repeat, where only that everything runs and
 * what is counted (requests, bytes) can fail. The figures are kept in build/bench; `npm run bench:targets` prints the table.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MissingTool } from '#tests/support/tools'
import { type BenchReport, formatReport } from './report.ts'
import type { Suite } from './suite.ts'
import { SUITES } from './suites.ts'
import { failures, formatVerdicts } from './targets.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string' },
    repeats: { type: 'string' },
    queries: { type: 'string', default: '' },
    engines: { type: 'string' },
    seed: { type: 'string', default: '1' },
    slice: { type: 'boolean', default: false },
  },
})
/** Queries of a suite that a slice takes. */
const SLICE_QUERIES = 8
const list = (text: string): readonly string[] => text.split(',').filter((name) => name !== '')
const tell = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

function chosenSuites(): readonly Suite[] {
  if (positionals.includes('all')) return SUITES
  return (positionals.length === 0 ? ['tpch'] : positionals).map((name) => {
    const suite = SUITES.find((one) => one.name === name)
    if (suite === undefined) throw new Error(`There is no suite ${name}: ${SUITES.map((one) => one.name).join(', ')}, all`)
    return suite
  })
}

async function runSuite(suite: Suite): Promise<readonly string[]> {
  const loadBefore = Number((loadavg()[0] as number).toFixed(1))
  const scale = Number(options.scale ?? (options.slice ? suite.slice : suite.scale))
  const repeats = Number(options.repeats ?? (options.slice ? 1 : suite.repeats))
  const engines =
    options.engines !== undefined
      ? list(options.engines)
      : options.slice
        ? suite.engines.filter((name) => name === 'duckdb')
        : suite.engines
  tell(`::: ${suite.name}, scale ${scale}`)
  const { samples = [], measures } = await suite.run({
    scale,
    repeats,
    queries: list(options.queries),
    sample: options.slice ? SLICE_QUERIES : undefined,
    engines,
    seed: Number(options.seed),
    tell,
  })
  const report: BenchReport = {
    suite: suite.name,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    date: new Date().toISOString(),
    scaleFactor: scale,
    repeats,
    machine: { cpus: cpus().length, model: cpus()[0]?.model.trim() ?? '', memoryGb: Math.round(totalmem() / 2 ** 30), loadBefore },
    samples,
    measures,
  }
  const target = join(import.meta.dirname, '../../build/bench')
  mkdirSync(target, { recursive: true })
  const file = join(target, `${report.date.replace(/[:.]/g, '-')}-${suite.name}-${options.slice ? 'slice-' : ''}${report.commit}.json`)
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`)
  process.stdout.write(`${formatReport(report)}\n${options.slice ? '' : formatVerdicts(measures)}`)
  tell(`kept in ${file}`)
  return failures(measures)
}

let missed = 0
for (const suite of chosenSuites()) {
  try {
    for (const what of await runSuite(suite)) {
      tell(`MISSED: ${what}`)
      missed++
    }
  } catch (error) {
    // In continuous integration a suite that cannot run has failed.
    if (!(error instanceof MissingTool) || process.env.CI !== undefined) tell(`${suite.name} failed: ${(error as Error).stack}`)
    else tell(`${suite.name} is left out: ${error.message}`)
    if (!(error instanceof MissingTool) || process.env.CI !== undefined) missed++
  }
}
process.exitCode = missed === 0 ? 0 : 1
