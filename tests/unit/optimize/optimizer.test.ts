import { describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import { not } from '#src/logical/build'
import type { Expr } from '#src/logical/expression'
import { printPlan } from '#src/logical/plan-print'
import { optimize } from '#src/optimize/optimizer'
import type { Rule } from '#src/optimize/rule'
import { RULES } from '#src/optimize/rules/index'
import { analyzed } from '#tests/support/plan-tables'

const SQL = "SELECT name FROM nations WHERE nation = 1 + 1 AND name LIKE 'a%'"

describe('the runner', () => {
  it('repeats the rules until nothing changes, and says what each did', () => {
    const { plan, passes, runs } = optimize(analyzed(SQL), { verify: true })
    expect(printPlan(plan)).toBe(`Output[name]
  Project[name]
    Filter[(nation = 2) AND (name LIKE 'a%')]
      TableScan[default.nations; nation, name; predicate (nation = 2) AND (name LIKE 'a%')]`)
    expect(passes).toBe(2)
    expect(runs.map(({ rule }) => rule)).toEqual(RULES.map(({ name }) => name))
    expect(runs.filter(({ changed }) => changed > 0).map(({ rule }) => rule)).toEqual(['fold_constants', 'push_down_predicates'])
  })

  it('leaves out disabled rules', () => {
    const { plan } = optimize(analyzed(SQL), { disabledRules: new Set(['fold_constants', 'push_down_predicates']) })
    expect(printPlan(plan)).toBe(printPlan(analyzed(SQL)))
  })

  it('optimizes an optimized plan into itself', () => {
    const { plan } = optimize(analyzed(SQL))
    const again = optimize(plan)
    expect(again.plan.root).toBe(plan.root)
    expect(again.passes).toBe(1)
  })

  it('names the rule that breaks a plan', () => {
    const losing: Rule = { name: 'losing', kind: 'plan', apply: () => ({ kind: 'values', columns: [], rows: [[]] }) }
    expect(() => optimize(analyzed(SQL), { rules: [losing], verify: true })).toThrow(/^Rule losing: Invalid plan/)
  })

  it('ends after ten passes of rules that undo each other', () => {
    const negating: Rule = {
      name: 'negating',
      kind: 'node',
      apply: (node) => (node.kind === 'filter' ? { ...node, predicate: not(node.predicate) } : node),
    }
    expect(optimize(analyzed(SQL), { rules: [negating] }).passes).toBe(10)
  })

  it('stops when it is told to', () => {
    const reason = new QueryError('USER_CANCELED', 'Query was canceled')
    expect(() => optimize(analyzed(SQL), { signal: AbortSignal.abort(reason) })).toThrow(reason)
  })

  it('refuses what is nested too deeply', () => {
    const plan = analyzed(SQL)
    let deep: Expr = { kind: 'literal', type: { kind: 'boolean' }, value: null }
    for (let depth = 0; depth < 100_000; depth++) deep = { kind: 'is-null', type: { kind: 'boolean' }, value: deep }
    expect(() => optimize({ ...plan, root: { kind: 'filter', input: plan.root, predicate: deep } })).toThrow(
      new QueryError('STACK_OVERFLOW', 'statement is too large (stack overflow during optimization)'),
    )
  })
})
