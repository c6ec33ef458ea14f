/** numeric_histogram: Ben-Haim and Tom-Tov's streaming histogram, with Trino's buffer and penalty. */
import { computed, fail } from './computed-function.ts'

/** Values that wait until the neighbours among them are merged. */
const BUFFER = 100

interface Bucket {
  readonly value: number
  readonly weight: number
}

/** Order of Java's doubles: NaN is the last. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1
  if (Number.isNaN(b)) return -1
  return a - b || 0
}

/** What merging two neighbours would lose. */
function penalty(left: Bucket, right: Bucket): number {
  const weight = left.weight + right.weight
  const distance = left.value - right.value
  return weight * (distance * distance) * ((left.weight * right.weight) / (weight * weight))
}

function merged(left: Bucket, right: Bucket): Bucket {
  const weight = left.weight + right.weight
  return { value: (left.value * left.weight + right.value * right.weight) / weight, weight }
}

/** Sorted, equal values as one, and of the rest neighbours merged until there are no more than `most`. */
function compact(buckets: readonly Bucket[], most: number): Bucket[] {
  const kept: Bucket[] = []
  for (const bucket of buckets.toSorted((a, b) => compare(a.value, b.value))) {
    const last = kept.at(-1)
    if (last !== undefined && last.value === bucket.value)
      kept[kept.length - 1] = { value: last.value, weight: last.weight + bucket.weight }
    else kept.push(bucket)
  }
  while (kept.length > most) {
    let [best, least] = [0, Number.POSITIVE_INFINITY]
    for (let index = 0; index + 1 < kept.length; index++) {
      const lost = penalty(kept[index] as Bucket, kept[index + 1] as Bucket)
      if (compare(lost, least) < 0) [best, least] = [index, lost]
    }
    kept.splice(best, 2, merged(kept[best] as Bucket, kept[best + 1] as Bucket))
  }
  return kept.sort((a, b) => compare(a.value, b.value))
}

/** `pairs`: value and weight, parted by a blank, parted by commas; so is the result. */
function histogram(most: bigint, pairs: string): string {
  if (most < 2n) fail('numeric_histogram bucket count must be greater than one')
  const limit = Number(most)
  let buckets: Bucket[] = []
  for (const pair of pairs.split(',')) {
    if (buckets.length === limit + BUFFER) buckets = compact(buckets, limit)
    const [value, weight] = pair.split(' ')
    buckets.push({ value: numberOf(value), weight: numberOf(weight) })
  }
  return compact(buckets, limit)
    .map(({ value, weight }) => `${value} ${weight}`)
    .join(',')
}

/** The kernel's text of a double. */
function numberOf(text: string | undefined): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY
  if (text === '-inf') return Number.NEGATIVE_INFINITY
  return text === 'nan' ? Number.NaN : Number(text)
}

export const NUMERIC_HISTOGRAMS = [computed('weir_numeric_histogram', ['BIGINT', 'VARCHAR'], 'VARCHAR', histogram)]
