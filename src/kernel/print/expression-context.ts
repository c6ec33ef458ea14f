/** What the printing of one query's expressions needs from outside. */
import type { KernelForms } from '#src/functions/function'
import type { ColumnId, Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'

export interface ExpressionContext {
  /** The session's zone. */
  readonly zone: string
  /** The query's start, microseconds since the epoch: now() and its like. */
  readonly now: bigint
  readonly forms: KernelForms
  /** A SELECT statement that gives the plan's columns. */
  readonly printSubquery: (plan: LogicalPlan) => string
  /** Least and greatest unscaled value of an integer or decimal column, where footers tell them. */
  readonly bounds?: ((id: ColumnId) => Bounds | undefined) | undefined
  /** Which operands that are NULL keep the others from being computed (operand-order.ts); default: those before them. */
  readonly order?: 'any' | 'none' | undefined
  /** Texts that stand for lambda parameters in the body that is being printed. */
  readonly parameters?: ReadonlyMap<ColumnId, string> | undefined
}

export interface Bounds {
  readonly min: bigint
  readonly max: bigint
}

/** `printExpr` of expression.ts, for the forms that it is made of. */
export type PrintExpr = (expr: Expr, context: ExpressionContext) => string
