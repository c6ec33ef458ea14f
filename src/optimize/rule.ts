/** What a rewrite rule is. The runner (optimizer.ts) owns recursion, repetition and timing; a rule sees one thing at a time. */
import type { ColumnId, Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'

export type Rule = ExpressionRule | NodeRule | PlanRule

interface RuleBase {
  /** snake_case; what `disabled_rules` names. */
  readonly name: string
}
/** Sees every expression of the plan, operands before the operators that use them. Returns the same object when it has nothing to do. */
export interface ExpressionRule extends RuleBase {
  readonly kind: 'expression'
  readonly apply: (expr: Expr) => Expr
}
/** Sees every node, inputs first, plans of subqueries included. */
export interface NodeRule extends RuleBase {
  readonly kind: 'node'
  readonly apply: (plan: LogicalPlan, context: RuleContext) => LogicalPlan
}
/** Sees the whole plan once and recurses itself, for it carries something down the tree. */
export interface PlanRule extends RuleBase {
  readonly kind: 'plan'
  readonly apply: (root: LogicalPlan, context: RuleContext) => LogicalPlan
}

export interface RuleContext {
  /** The columns that the query's result is made of. */
  readonly output: readonly ColumnId[]
}
