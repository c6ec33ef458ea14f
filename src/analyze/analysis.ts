/** The state of one analysis and what its parts hand to each other. */
import type { FunctionDefinition } from '#src/functions/definition'
import type { IdGenerator } from '#src/logical/build'
import type { ExprKeys } from '#src/logical/expr-key'
import type { Column, ColumnId, Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import type { Expression, Query } from '#src/sql/ast'
import type { Collector } from './collector.ts'
import type { AnalysisContext } from './context.ts'
import type { CallPolicy } from './policy.ts'
import type { Field, Scope } from './scope.ts'

export interface Analysis {
  readonly context: AnalysisContext
  readonly ids: IdGenerator
  readonly keys: ExprKeys
  /** How deep the expression under analysis is nested; bounded by analyzeExpression. */
  depth: number
  /** Where a column of an enclosing query was named last, by its id. */
  readonly outerReferences: Map<ColumnId, Expression>
  /** Where ORDER BY named a column of the select list last, by its id. */
  readonly outputReferences: Map<ColumnId, Expression>
  /** Analyzes a query below another one: `outer` is what its free names may mean. */
  /** The functions of WITH FUNCTION, by their names in lower case; those before the one that is being analyzed. */
  readonly inline: Map<string, InlineDefinition[]>
  readonly subquery: (query: Query, outer: Scope) => Relation
  /** Analyzes a query that stands on its own, in which names mean something else: a view's. */
  readonly inContext: (query: Query, context: AnalysisContext) => Relation
}

/** A function that the query defines. */
export interface InlineDefinition {
  readonly definition: FunctionDefinition
  /** Its value for arguments of the definition's types. */
  readonly call: (args: readonly Expr[]) => Expr
}

/** An analyzed relation: its plan and the names of the plan's columns. Fields may be fewer than the plan's columns. */
export interface Relation {
  readonly plan: LogicalPlan
  readonly fields: readonly Field[]
}

/** The parameters of the lambdas around an expression, innermost first. */
export interface LambdaScope {
  readonly parameters: ReadonlyMap<string, Column>
  readonly parent: LambdaScope | undefined
}

/** Where an expression stands. */
export interface ExprContext {
  readonly analysis: Analysis
  readonly scope: Scope
  readonly lambda: LambdaScope | undefined
  readonly calls: CallPolicy
  /** Receives aggregates, window calls and GROUPING of a SELECT; undefined where they are refused. */
  readonly collector: Collector | undefined
  /** In ORDER BY, whose innermost scope is the select list. */
  readonly outputScope?: boolean
}
