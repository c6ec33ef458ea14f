/** Figures of a benchmark: what was measured where, and what follows. */

export interface Samples {
  readonly engine: string
  /** Milliseconds by query, one a repeat. */
  readonly ms: Readonly<Record<string, readonly number[]>>
  readonly rows: Readonly<Record<string, number>>
  /** Medians of the parts, where the engine tells them. */
  readonly parts?: Readonly<Record<string, { readonly planMs: number; readonly fetchMs: number; readonly kernelMs: number }>>
}

/** One figure that has a target (targets.ts) or stands beside one. */
export interface Measure {
  /** Key of a target; absent: only told. */
  readonly target?: string
  readonly what: string
  readonly value: number
  readonly unit: string
}

export interface BenchReport {
  readonly suite: string
  readonly commit: string
  readonly date: string
  readonly scaleFactor: number
  readonly repeats: number
  readonly machine: { readonly cpus: number; readonly model: string; readonly memoryGb: number; readonly loadBefore: number }
  /** Engines that ran the same queries in turn. */
  readonly samples: readonly Samples[]
  readonly measures: readonly Measure[]
}

export const minimum = (values: readonly number[]): number => Math.min(...values)

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** Between the two nearest values; `of` from 0 to 100. */
export function percentile(values: readonly number[], of: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = ((sorted.length - 1) * of) / 100
  const low = sorted[Math.floor(place)] as number
  return low + ((sorted[Math.ceil(place)] as number) - low) * (place - Math.floor(place))
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

/** Geometric mean over the queries that both engines ran. */
export function meanRatio(one: Samples, other: Samples, of: (values: readonly number[]) => number): number {
  const both = Object.keys(one.ms).filter((query) => other.ms[query] !== undefined)
  return geometricMean(both.map((query) => of(one.ms[query] as readonly number[]) / of(other.ms[query] as readonly number[])))
}

/** A ratio of two engines' medians as a measure; none when one of them was not measured. */
export function ratioMeasure(target: string | undefined, samples: readonly Samples[], engine: string, against: string): readonly Measure[] {
  const one = samples.find((candidate) => candidate.engine === engine)
  const other = samples.find((candidate) => candidate.engine === against)
  if (one === undefined || other === undefined || Object.keys(one.ms).every((query) => other.ms[query] === undefined)) return []
  const ratio = (of: (values: readonly number[]) => number) => Math.round(meanRatio(one, other, of) * 1000) / 1000
  const measure = (of: string, value: number) => ({ what: `${engine} / ${against}, geometric mean of ${of}`, value, unit: 'x' })
  return [{ ...(target !== undefined && { target }), ...measure('medians', ratio(median)) }, measure('minima', ratio(minimum))]
}

/** A Markdown table of the minima with the means below it; then the measures. */
export function formatReport(report: BenchReport): string {
  const { machine } = report
  return [
    `${report.suite}, scale ${report.scaleFactor}, commit ${report.commit}, ${report.date}; ${machine.cpus} × ${machine.model}, ${machine.memoryGb} GB; load before ${machine.loadBefore}; ${report.repeats} repeats`,
    '',
    ...(report.samples.length === 0 ? [] : [...formatSamples(report.samples), '']),
    ...report.measures.map(({ what, value, unit }) => `- ${what}: ${formatValue(value)} ${unit}`),
    '',
  ].join('\n')
}

export const formatValue = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1))

function formatSamples(samples: readonly Samples[]): readonly string[] {
  const queries = [...new Set(samples.flatMap(({ ms }) => Object.keys(ms)))].sort()
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const row = (title: string, of: (one: Samples) => string) => line([title, ...samples.map(of)])
  const values = (one: Samples, of: (values: readonly number[]) => number) => Object.values(one.ms).map(of)
  const sum = (all: readonly number[]) => all.reduce((total, value) => total + value, 0)
  return [
    line(['minima in ms', ...samples.map(({ engine }) => engine)]),
    line(['---', ...samples.map(() => '---:')]),
    ...queries.map((query) => row(query, ({ ms }) => (ms[query] === undefined ? '–' : minimum(ms[query]).toFixed(0)))),
    row('**geometric mean of minima**', (one) => geometricMean(values(one, minimum)).toFixed(0)),
    row('**geometric mean of medians**', (one) => geometricMean(values(one, median)).toFixed(0)),
    row('sum of minima', (one) => sum(values(one, minimum)).toFixed(0)),
  ]
}
