/**
 * A predicate over values that are known before any row is read: a partition's keys, a file's path. The interval pruner
 * decides what it can; the rest is run by the kernel over the distinct values, so that every function means the same
 * here as in the query.
 *
 *   dt >= '2024-03-01'                              the pruner
 *   date_parse(dt, '%Y%m%d') >= date '2024-03-01'   the kernel, once for each distinct dt
 *   (dt = 'a' AND x > 5) OR (dt = 'b' AND y < 3)    its part on keys: dt = 'a' OR dt = 'b'
 *   dt = 'a' OR x > 5                               nothing can be said
 */
import { toQueryError } from '#src/common/errors'
import { mayFail } from '#src/logical/expr-properties'
import { collectColumns } from '#src/logical/expr-walk'
import type { Column, ColumnId, Expr } from '#src/logical/expression'
import { impliedPredicate, namesOnly } from '#src/logical/implied-predicate'
import { rangeOfValue, type ValueRange } from '#src/logical/value-range'
import type { Value } from '#src/types/value'
import { judge } from './interval-pruner.ts'
import type { PredicateEvaluator } from './predicate-evaluator.ts'

export type Tuple = readonly Value[]

export interface TupleVerdict {
  readonly keep: boolean
  /** Terms that rows under the tuple may still fail; empty = every row passes. */
  readonly unsettled: readonly Expr[]
}

/** A term that the kernel could not evaluate for some tuples, for EXPLAIN. */
export interface EvaluationFailure {
  readonly term: Expr
  readonly message: string
}

/** Evaluations that may fail, a term, while the rows that make it fail are narrowed down. */
const MAX_FAILURES = 32

export class TuplePredicate {
  readonly #columns: readonly Column[]
  readonly #terms: readonly Expr[]
  readonly #evaluator: PredicateEvaluator
  readonly #signal: AbortSignal
  readonly #places: ReadonlyMap<ColumnId, number>
  /** By predicate, then by the values of its columns; undefined where evaluation failed. */
  readonly #known = new Map<Expr, Map<string, boolean | undefined>>()
  readonly #implied = new Map<number, readonly (Expr | undefined)[]>()
  readonly #failures: EvaluationFailure[] = []

  /** `terms` must all hold; `columns` in the order of the tuples' values. */
  constructor(columns: readonly Column[], terms: readonly Expr[], evaluator: PredicateEvaluator, signal: AbortSignal) {
    this.#columns = columns
    this.#terms = terms
    this.#evaluator = evaluator
    this.#signal = signal
    this.#places = new Map(columns.map((column, place) => [column.id, place]))
  }

  get failures(): readonly EvaluationFailure[] {
    return this.#failures
  }

  /** constrained[i]: some term says something of column i once the columns up to i are known. */
  get constrained(): readonly boolean[] {
    return this.#columns.map((column, place) =>
      this.#impliedBy(place + 1).some((term) => term !== undefined && namesColumn(term, column.id)),
    )
  }

  /** Tuples of one length n: the first n columns are known. Throws only when the kernel itself is in trouble, or the signal fired. */
  async judge(tuples: readonly Tuple[]): Promise<readonly TupleVerdict[]> {
    const length = tuples[0]?.length ?? 0
    const keep = tuples.map(() => true)
    const unsettled = tuples.map(() => [] as Expr[])
    for (const [index, implied] of this.#impliedBy(length).entries()) {
      const term = this.#terms[index] as Expr
      const exact = namesOnly(term, (id) => (this.#places.get(id) ?? length) < length)
      const verdicts = implied === undefined ? undefined : await this.#judgeTerm(implied, tuples, keep)
      for (const [place, verdict] of (verdicts ?? tuples.map(() => undefined)).entries()) {
        if (verdict === false) keep[place] = false
        else if (verdict === undefined || !exact) unsettled[place]?.push(term)
      }
    }
    return tuples.map((_tuple, place) => ({ keep: keep[place] ?? true, unsettled: unsettled[place] ?? [] }))
  }

  #impliedBy(length: number): readonly (Expr | undefined)[] {
    let implied = this.#implied.get(length)
    if (implied === undefined) {
      implied = this.#terms.map((term) => impliedPredicate(term, (id) => (this.#places.get(id) ?? length) < length))
      this.#implied.set(length, implied)
    }
    return implied
  }

  /** For each tuple: true, false, or undefined when it cannot be said. */
  async #judgeTerm(term: Expr, tuples: readonly Tuple[], wanted: readonly boolean[]): Promise<readonly (boolean | undefined)[]> {
    const verdicts = tuples.map((tuple, place) => (wanted[place] ? judge(term, (id) => this.#rangeOf(id, tuple)) : 'never'))
    const ids = new Set<ColumnId>()
    collectColumns(term, ids)
    const columns = this.#columns.filter((column) => ids.has(column.id))
    const project = (tuple: Tuple): Tuple => columns.map((column) => tuple[this.#places.get(column.id) as number] ?? null)

    const known = this.#known.get(term) ?? new Map<string, boolean | undefined>()
    this.#known.set(term, known)
    const asked = new Map<string, Tuple>()
    for (const [place, verdict] of verdicts.entries()) {
      if (verdict !== 'maybe') continue
      const values = project(tuples[place] as Tuple)
      if (!known.has(keyOf(values))) asked.set(keyOf(values), values)
    }
    if (asked.size > 0) {
      const results = await this.#evaluate(term, columns, [...asked.values()], { left: MAX_FAILURES })
      for (const [place, key] of [...asked.keys()].entries()) known.set(key, results[place])
    }
    // Bounds do not tell whether a term fails: only the kernel's own TRUE settles one that may.
    const certain = mayFail(term) ? undefined : true
    return verdicts.map((verdict, place) => {
      if (verdict === 'maybe') return known.get(keyOf(project(tuples[place] as Tuple)))
      return verdict === 'never' ? false : certain
    })
  }

  #rangeOf(id: ColumnId, tuple: Tuple): ValueRange | undefined {
    const place = this.#places.get(id)
    const value = place === undefined ? undefined : tuple[place]
    return place === undefined || value === undefined ? undefined : rangeOfValue((this.#columns[place] as Column).type, value)
  }

  /** Halves the rows while the evaluation fails, so that one bad value does not keep all partitions. */
  async #evaluate(
    term: Expr,
    columns: readonly Column[],
    rows: readonly Tuple[],
    failures: { left: number },
  ): Promise<readonly (boolean | undefined)[]> {
    if (failures.left <= 0) return rows.map(() => undefined)
    try {
      return await this.#evaluator.evaluate(term, columns, rows, this.#signal)
    } catch (error) {
      this.#signal.throwIfAborted()
      const failure = toQueryError(error)
      if (failure.type !== 'USER_ERROR') throw error
      failures.left--
      if (rows.length <= 1) {
        this.#failures.push({ term, message: failure.message })
        return rows.map(() => undefined)
      }
      const middle = rows.length >> 1
      const first = await this.#evaluate(term, columns, rows.slice(0, middle), failures)
      return [...first, ...(await this.#evaluate(term, columns, rows.slice(middle), failures))]
    }
  }
}

function namesColumn(term: Expr, id: ColumnId): boolean {
  const ids = new Set<ColumnId>()
  collectColumns(term, ids)
  return ids.has(id)
}

/** Equal texts for equal values only; numbers as text, for JSON knows neither bigints nor NaN nor -0. */
function keyOf(values: Tuple): string {
  const text = (_name: string, part: unknown): unknown => {
    if (typeof part === 'bigint') return { bigint: part.toString() }
    return typeof part === 'number' ? { number: Object.is(part, -0) ? '-0' : String(part) } : part
  }
  return JSON.stringify(values, text)
}
