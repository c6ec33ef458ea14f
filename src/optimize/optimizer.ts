/** Runs the rewrite rules over a logical plan until nothing changes. No rule does I/O. */
import { QueryError } from '#src/common/errors'
import { mapExpr } from '#src/logical/expr-walk'
import type { LogicalPlan, QueryPlan } from '#src/logical/plan'
import { mapExpressions, mapPlan, outputOf } from '#src/logical/plan-walk'
import { verifyPlan } from '#src/logical/verify'
import { formatType } from '#src/types/format'
import type { Rule, RuleContext } from './rule.ts'
import { RULES } from './rules/index.ts'

export interface OptimizerOptions {
  /** Names of rules that do not run (session property `disabled_rules`). */
  readonly disabledRules?: ReadonlySet<string>
  /** Checks the plan after every rule (tests): GENERIC_INTERNAL_ERROR names the rule that broke it. */
  readonly verify?: boolean
  readonly signal?: AbortSignal
  /** Only for tests of single rules; all of RULES otherwise. */
  readonly rules?: readonly Rule[]
}

interface RuleRun {
  readonly rule: string
  /** Over all passes. */
  readonly milliseconds: number
  /** Passes in which it changed the plan. */
  readonly changed: number
}

export interface OptimizedPlan {
  readonly plan: QueryPlan
  readonly passes: number
  readonly runs: readonly RuleRun[]
}

/** Enough for every plan seen (the last pass changes nothing); a rule pair that undoes each other stops here. */
const MAX_PASSES = 10

/**
 * The optimized plan gives the same output columns. Throws the signal's reason when it fires between rules, and
 * STACK_OVERFLOW for expressions that are nested too deeply to be walked.
 */
export function optimize(plan: QueryPlan, options: OptimizerOptions = {}): OptimizedPlan {
  try {
    return runRules(plan, options)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new QueryError('STACK_OVERFLOW', 'statement is too large (stack overflow during optimization)', { cause: error })
  }
}

function runRules(plan: QueryPlan, options: OptimizerOptions): OptimizedPlan {
  const rules = (options.rules ?? RULES).filter((rule) => !options.disabledRules?.has(rule.name))
  const context: RuleContext = { output: plan.output.map(({ column }) => column.id) }
  const runs = new Map(rules.map((rule) => [rule.name, { rule: rule.name, milliseconds: 0, changed: 0 }]))
  let root = plan.root
  let passes = 0
  for (let changed = true; changed && passes < MAX_PASSES; passes++) {
    changed = false
    for (const rule of rules) {
      options.signal?.throwIfAborted()
      const start = performance.now()
      const next = applyRule(rule, root, context)
      const run = runs.get(rule.name)
      if (run !== undefined) run.milliseconds += performance.now() - start
      if (next === root) continue
      if (options.verify) verifyRule(rule, plan, next)
      if (run !== undefined) run.changed++
      changed = true
      root = next
    }
  }
  return { plan: { ...plan, root }, passes, runs: [...runs.values()] }
}

function applyRule(rule: Rule, root: LogicalPlan, context: RuleContext): LogicalPlan {
  switch (rule.kind) {
    case 'expression':
      return mapPlan(root, (node) => mapExpressions(node, (expr) => mapExpr(expr, rule.apply)))
    case 'node':
      return mapPlan(root, (node) => rule.apply(node, context))
    case 'plan':
      return rule.apply(root, context)
  }
}

function verifyRule(rule: Rule, plan: QueryPlan, root: LogicalPlan): void {
  try {
    verifyPlan({ ...plan, root })
  } catch (error) {
    throw new QueryError('GENERIC_INTERNAL_ERROR', `Rule ${rule.name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  for (const { column } of plan.output) {
    const found = outputOf(root).find(({ id }) => id === column.id)
    if (found === undefined || formatType(found.type) !== formatType(column.type)) {
      throw new QueryError('GENERIC_INTERNAL_ERROR', `Rule ${rule.name} lost the output column ${column.name}`)
    }
  }
}
