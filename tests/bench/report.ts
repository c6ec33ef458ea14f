/** Figures of a benchmark: what was measured where, and what follows. */

export interface Samples {
  readonly engine: string
  /** Milliseconds by query, one a repeat. */
  readonly ms: Readonly<Record<string, readonly number[]>>
  readonly rows: Readonly<Record<string, number>>
  /** Medians of the parts, where the engine tells them. */
  readonly parts?: Readonly<Record<string, { readonly planMs: number; readonly fetchMs: number; readonly kernelMs: number }>>
}

export interface BenchReport {
  readonly commit: string
  readonly date: string
  readonly scaleFactor: number
  readonly repeats: number
  readonly machine: { readonly cpus: number; readonly model: string; readonly memoryGb: number; readonly loadBefore: number }
  readonly samples: readonly Samples[]
}

export const minimum = (values: readonly number[]): number => Math.min(...values)

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

/** Geometric mean over the queries that both engines ran. */
export function meanRatio(one: Samples, other: Samples, of: (values: readonly number[]) => number): number {
  const both = Object.keys(one.ms).filter((query) => other.ms[query] !== undefined)
  return geometricMean(both.map((query) => of(one.ms[query] as readonly number[]) / of(other.ms[query] as readonly number[])))
}

interface Goal {
  readonly engine: string
  readonly against: string
  readonly atMost: number
}

const GOALS: readonly Goal[] = [
  { engine: 'weir warm', against: 'duckdb local', atMost: 1.25 },
  { engine: 'weir cold', against: 'chdb s3()', atMost: 1 },
]

interface Verdict extends Goal {
  /** Of the queries' minima, and of their medians; the goal is about the medians. */
  readonly minimum: number
  readonly median: number
  readonly reached: boolean
}

/** Goals whose two engines were both measured. */
function verdicts(samples: readonly Samples[]): readonly Verdict[] {
  return GOALS.flatMap((goal) => {
    const one = samples.find(({ engine }) => engine === goal.engine)
    const other = samples.find(({ engine }) => engine === goal.against)
    if (one === undefined || other === undefined) return []
    const ofMedians = meanRatio(one, other, median)
    return [{ ...goal, minimum: meanRatio(one, other, minimum), median: ofMedians, reached: ofMedians <= goal.atMost }]
  })
}

/** A Markdown table of the minima, the means below it, and the verdicts. */
export function formatReport(report: BenchReport): string {
  const { samples, machine } = report
  const queries = [...new Set(samples.flatMap(({ ms }) => Object.keys(ms)))].sort()
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const row = (title: string, of: (one: Samples) => string) => line([title, ...samples.map(of)])
  const values = (one: Samples, of: (values: readonly number[]) => number) => Object.values(one.ms).map(of)
  return [
    `TPC-H SF${report.scaleFactor}, commit ${report.commit}, ${report.date}; ${machine.cpus} × ${machine.model}, ${machine.memoryGb} GB; load before ${machine.loadBefore}; ${report.repeats} interleaved repeats; minima in ms`,
    '',
    line(['query', ...samples.map(({ engine }) => engine)]),
    line(['---', ...samples.map(() => '---:')]),
    ...queries.map((query) => row(query, ({ ms }) => (ms[query] === undefined ? '–' : minimum(ms[query]).toFixed(0)))),
    row('**geometric mean of minima**', (one) => geometricMean(values(one, minimum)).toFixed(0)),
    row('**geometric mean of medians**', (one) => geometricMean(values(one, median)).toFixed(0)),
    row('sum of minima', (one) =>
      values(one, minimum)
        .reduce((sum, value) => sum + value, 0)
        .toFixed(0),
    ),
    '',
    ...verdicts(samples).map(
      (verdict) =>
        `${verdict.reached ? 'REACHED' : 'MISSED'}: ${verdict.engine} / ${verdict.against} = ${verdict.median.toFixed(2)} of medians, ${verdict.minimum.toFixed(2)} of minima (needed: at most ${verdict.atMost})`,
    ),
    '',
  ].join('\n')
}
