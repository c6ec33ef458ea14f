/** Runs every tests/plans/*.plan (format: plan-file.ts). `UPDATE_PLANS=1` writes the plans that come out instead. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { printPlan } from '#src/logical/plan-print'
import { verifyPlan } from '#src/logical/verify'
import { optimize } from '#src/optimize/optimizer'
import { RULES } from '#src/optimize/rules/index'
import { analyzed } from '#tests/support/plan-tables'
import { type PlanBlock, parsePlanFile, printPlanFile } from './plan-file.ts'

const update = process.env.UPDATE_PLANS === '1'

for (const path of globSync(join(import.meta.dirname, '*.plan')).toSorted()) {
  const file = parsePlanFile(readFileSync(path, 'utf8'))
  const rules = file.rules === undefined ? RULES : RULES.filter((rule) => file.rules?.includes(rule.name))
  const optimized = (sql: string): string => {
    const plan = analyzed(sql)
    verifyPlan(plan)
    const { plan: result, passes } = optimize(plan, { rules, verify: true })
    expect(passes, 'the rules come to an end').toBeLessThan(10)
    return printPlan(result)
  }
  describe(basename(path), () => {
    const rewritten: PlanBlock[] = [...file.blocks]
    it('names rules that exist', () => {
      expect(file.rules?.filter((name) => !RULES.some((rule) => rule.name === name)) ?? []).toEqual([])
      expect(file.blocks.length).toBeGreaterThan(0)
    })
    for (const [place, block] of file.blocks.entries()) {
      it(block.title, () => {
        if (block.kind === 'same-plan') {
          const [first = '', ...others] = block.queries
          expect(others.length).toBeGreaterThan(0)
          for (const other of others) expect(optimized(other)).toBe(optimized(first))
          return
        }
        const before = printPlan(analyzed(block.sql))
        const after = optimized(block.sql)
        rewritten[place] = { ...block, before, after }
        if (update) return
        expect(before).toBe(block.before)
        expect(after).toBe(block.after)
      })
    }
    afterAll(() => {
      if (update) writeFileSync(path, printPlanFile({ ...file, blocks: rewritten }))
    })
  })
}
