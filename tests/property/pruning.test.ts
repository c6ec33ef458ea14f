/** Physical planning against plain filtering: what is skipped holds no row of the result. */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import { conjuncts } from '#src/logical/build'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan, Scan } from '#src/logical/plan'
import type { PhysicalPlan } from '#src/physical/plan'
import { planQuery } from '#src/physical/plan-query'
import type { PredicateEvaluator } from '#src/physical/predicate-evaluator'
import type { Value } from '#src/types/value'
import { type FakeFile, fakeLake, fakeTable, referenceEvaluator, scanOf } from '#tests/support/fake-lake'
import { A, B, predicates, rows, S } from '#tests/support/predicate-arbitraries'
import { EvaluationFailed, truth } from '#tests/support/reference-predicate'

/** Columns a, b; keys s and a second one that no predicate names. Ids as the generated predicates name them. */
const table = fakeTable([A, B], [S, { name: 'k', type: A.type }])

const failing: PredicateEvaluator = {
  evaluate: async (...args) => {
    try {
      return await referenceEvaluator().evaluate(...args)
    } catch (error) {
      if (error instanceof EvaluationFailed) throw new QueryError('INVALID_CAST_ARGUMENT', 'out of range', { cause: error })
      throw error
    }
  },
}

/** Each row (a, b, s) goes to its key's partition; every file has two row groups at most. */
function filesOf(data: readonly (readonly (readonly Value[])[])[]): readonly FakeFile[] {
  const files: FakeFile[] = []
  for (const [batch, batchRows] of data.entries()) {
    for (const key of new Set(batchRows.map((row) => row[2] ?? null))) {
      const inside = batchRows.filter((row) => (row[2] ?? null) === key)
      const rowGroups = [inside.slice(0, 2), inside.slice(2)].filter((group) => group.length > 0)
      files.push({ path: `t/s=${key}/k=${batch}/f${batch}-${key}`, keys: [key, BigInt(batch % 2)], rowGroups })
    }
  }
  return files
}

const passes = (predicate: Expr, row: readonly Value[], key: Value): boolean => {
  try {
    return (
      truth(
        predicate,
        new Map([
          [A.id, row[0] ?? null],
          [B.id, row[1] ?? null],
          [S.id, key],
        ]),
      ) === true
    )
  } catch (error) {
    if (error instanceof EvaluationFailed) return false
    throw error
  }
}

function passing(files: readonly FakeFile[], predicate: Expr, plan?: PhysicalPlan): readonly string[] {
  const kept =
    plan && new Map([...plan.scans.values()].flatMap((scan) => scan.files.map((file) => [file.info.key, file.parquet?.rowGroups] as const)))
  return files.flatMap((file) =>
    file.rowGroups.flatMap((group, place) =>
      kept !== undefined && !kept.get(file.path)?.includes(place)
        ? []
        : group.flatMap((row, at) => (passes(predicate, row, file.keys[0] ?? null) ? [`${file.path} ${place} ${at}`] : [])),
    ),
  )
}

const signal = new AbortController().signal
const batches = fc.array(rows, { minLength: 1, maxLength: 4 })
const limited = (scan: Scan, predicate: Expr, limit: number | undefined): LogicalPlan => ({
  kind: 'filter',
  predicate,
  input: { ...scan, predicate: conjuncts(predicate), limit },
})

it('keeps every row that satisfies the predicate', async () => {
  let skipped = 0
  await fc.assert(
    fc.asyncProperty(predicates, batches, async (predicate, data) => {
      const files = filesOf(data)
      const plan = await planQuery(
        { root: limited(scanOf(table), predicate, undefined), output: [] },
        fakeLake(table, files, failing).sources,
        { signal },
      )
      expect(passing(files, predicate, plan)).toEqual(passing(files, predicate))
      if (plan.totals.rowGroups.kept < files.reduce((sum, file) => sum + file.rowGroups.length, 0)) skipped++
    }),
    { numRuns: 3_000 },
  )
  expect(skipped).toBeGreaterThan(500)
})

it('keeps enough rows for a limit', async () => {
  await fc.assert(
    fc.asyncProperty(predicates, batches, fc.integer({ min: 1, max: 6 }), async (predicate, data, limit) => {
      const files = filesOf(data)
      const plan = await planQuery(
        { root: limited(scanOf(table), predicate, limit), output: [] },
        fakeLake(table, files, failing).sources,
        { signal },
      )
      const all = passing(files, predicate)
      expect(passing(files, predicate, plan).length).toBeGreaterThanOrEqual(Math.min(limit, all.length))
    }),
    { numRuns: 4_000 },
  )
})
