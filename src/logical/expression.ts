/**
 * Typed expressions. Names are resolved: a column is an id that is unique in the whole plan, so an outer reference of a
 * correlated subquery is simply a column that the subquery's own inputs do not produce. Coercions are explicit casts.
 */
import type { Position } from '#src/common/errors'
import type { BoundFunction } from '#src/functions/function'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { LogicalPlan } from './plan.ts'

/** Unique in a plan; printed as `c12` in the kernel's SQL. */
export type ColumnId = number

export interface Column {
  readonly id: ColumnId
  /** For plans and messages only. */
  readonly name: string
  readonly type: Type
}

export type Expr =
  | Literal
  | ColumnRef
  | Call
  | Cast
  | Comparison
  | DistinctFrom
  | Between
  | InList
  | Like
  | IsNull
  | Logical
  | Not
  | Case
  | Coalesce
  | NullIf
  | Try
  | RowExpr
  | ArrayExpr
  | FieldAccess
  | Lambda
  | LambdaRef
  | ScalarSubquery
  | Exists
  | InSubquery
  | QuantifiedComparison

export interface Literal {
  readonly kind: 'literal'
  readonly type: Type
  readonly value: Value
}
export interface ColumnRef {
  readonly kind: 'column'
  readonly type: Type
  readonly id: ColumnId
  readonly name: string
}
/** `at` is kept on what can fail when it runs, for the error's position. */
export interface Call {
  readonly kind: 'call'
  readonly type: Type
  readonly function: BoundFunction & { readonly kind: 'scalar' }
  readonly args: readonly Expr[]
  readonly at?: Position
}
/** CAST, and TRY_CAST when `safe`. Type-only coercions (varchar(3) to varchar) are casts too; the printer omits those. */
export interface Cast {
  readonly kind: 'cast'
  readonly type: Type
  readonly value: Expr
  readonly safe: boolean
  readonly at?: Position
}
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='
/** Both sides have the same type. */
export interface Comparison {
  readonly kind: 'comparison'
  readonly type: Type
  readonly operator: ComparisonOperator
  readonly left: Expr
  readonly right: Expr
}
export interface DistinctFrom {
  readonly kind: 'distinct-from'
  readonly type: Type
  readonly left: Expr
  readonly right: Expr
  readonly negated: boolean
}
/** Negation is a Not around it; `value`, `low`, `high` have one type. */
export interface Between {
  readonly kind: 'between'
  readonly type: Type
  readonly value: Expr
  readonly low: Expr
  readonly high: Expr
}
export interface InList {
  readonly kind: 'in-list'
  readonly type: Type
  readonly value: Expr
  readonly items: readonly Expr[]
}
export interface Like {
  readonly kind: 'like'
  readonly type: Type
  readonly value: Expr
  readonly pattern: Expr
  readonly escape: Expr | undefined
}
export interface IsNull {
  readonly kind: 'is-null'
  readonly type: Type
  readonly value: Expr
}
export interface Logical {
  readonly kind: 'logical'
  readonly type: Type
  readonly operator: 'and' | 'or'
  readonly terms: readonly Expr[]
}
export interface Not {
  readonly kind: 'not'
  readonly type: Type
  readonly value: Expr
}
/** Simple CASE keeps its operand (evaluated once); its `when`s have the operand's type. IF is a CASE. */
export interface Case {
  readonly kind: 'case'
  readonly type: Type
  readonly operand: Expr | undefined
  readonly whens: readonly { readonly when: Expr; readonly then: Expr }[]
  readonly otherwise: Expr
}
export interface Coalesce {
  readonly kind: 'coalesce'
  readonly type: Type
  readonly args: readonly Expr[]
}
/** Type of the first argument; compared in `comparedAs`. */
export interface NullIf {
  readonly kind: 'nullif'
  readonly type: Type
  readonly left: Expr
  readonly right: Expr
  readonly comparedAs: Type
}
export interface Try {
  readonly kind: 'try'
  readonly type: Type
  readonly value: Expr
}
export interface RowExpr {
  readonly kind: 'row'
  readonly type: Type
  readonly fields: readonly Expr[]
}
export interface ArrayExpr {
  readonly kind: 'array'
  readonly type: Type
  readonly items: readonly Expr[]
}
/** `index` from 0. */
export interface FieldAccess {
  readonly kind: 'field'
  readonly type: Type
  readonly base: Expr
  readonly index: number
}
/** `type` is a function type; parameters are columns with ids of their own. */
export interface Lambda {
  readonly kind: 'lambda'
  readonly type: Type
  readonly parameters: readonly Column[]
  readonly body: Expr
}
export interface LambdaRef {
  readonly kind: 'lambda-ref'
  readonly type: Type
  readonly id: ColumnId
  readonly name: string
}
/** One column; more than one row is SUBQUERY_MULTIPLE_ROWS; none is NULL. */
export interface ScalarSubquery {
  readonly kind: 'scalar-subquery'
  readonly type: Type
  readonly plan: LogicalPlan
}
export interface Exists {
  readonly kind: 'exists'
  readonly type: Type
  readonly plan: LogicalPlan
}
/** `value` and the plan's only column have one type (a row type for row IN). */
export interface InSubquery {
  readonly kind: 'in-subquery'
  readonly type: Type
  readonly value: Expr
  readonly plan: LogicalPlan
}
export interface QuantifiedComparison {
  readonly kind: 'quantified'
  readonly type: Type
  readonly operator: ComparisonOperator
  readonly quantifier: 'all' | 'any'
  readonly value: Expr
  readonly plan: LogicalPlan
}
