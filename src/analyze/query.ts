/** The analyzer's entry: a query as written → a logical plan with names bound and every expression typed. */
import { columnRef, createIds } from '#src/logical/build'
import { createExprKeys } from '#src/logical/expr-key'
import type { QueryPlan, SortKey } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import type { Analysis, ExprContext, Relation } from './analysis.ts'
import type { AnalysisContext } from './context.ts'
import { analyzeExpression, tooDeep } from './expression.ts'
import { dropUnusedHiddenColumns } from './hidden-columns.ts'
import { defineFunction } from './inline-functions.ts'
import { analyzeLimits, planLimits } from './limits.ts'
import { ordinalOf } from './ordinals.ts'
import { ALL_CALLS, scalarCallsOnly } from './policy.ts'
import { type Scope, visibleFields } from './scope.ts'
import { analyzeSelect, planSort } from './select.ts'
import { analyzeBody, projectFields } from './set-operations.ts'
import { orderKey } from './sort-keys.ts'
import { analyzeWith, planWith } from './with.ts'

/**
 * Analyzes a query by Trino's rules. Every name that it uses must have been looked up already (`collectTableNames`).
 * @throws QueryError with Trino's name, text and position; STACK_OVERFLOW for a text nested too deeply
 */
export function analyzeQuery(query: ast.Query, context: AnalysisContext): QueryPlan {
  const analysis = createAnalysis(context, createIds(), createExprKeys())
  try {
    const relation = analyzeNested(query, OUTERMOST, analysis, true)
    const fields = visibleFields(relation.fields)
    const columns = fields.map((field) => field.column)
    const root = projectFields({ ...relation, plan: dropUnusedHiddenColumns(relation.plan) }, columns, analysis)
    const output = outputOf(root).map((column, index) => {
      const name = fields[index]?.name
      return name === undefined ? { name: `_col${index}`, named: false, column } : { name, column }
    })
    return { root, output }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw tooDeep(error)
  }
}

const OUTERMOST: Scope = { fields: [], parent: undefined, named: new Map() }

function createAnalysis(context: AnalysisContext, ids: Analysis['ids'], keys: Analysis['keys']): Analysis {
  const analysis: Analysis = {
    context,
    ids,
    keys,
    depth: 0,
    inline: new Map(),
    outerReferences: new Map(),
    outputReferences: new Map(),
    subquery: (inner, outer) => analyzeNested(inner, outer, analysis, false),
    inContext: (inner, other) => analyzeNested(inner, OUTERMOST, createAnalysis(other, ids, keys), false),
  }
  return analysis
}

function analyzeNested(query: ast.Query, outer: Scope, analysis: Analysis, topLevel: boolean): Relation {
  for (const inline of query.functions) defineFunction(inline, analysis)
  const { named, definitions } = analyzeWith(query.with, outer, analysis)
  const scope: Scope = { ...outer, named }
  const { body } = query
  const relation =
    body.kind === 'select' ? analyzeSelect(body, query, scope, analysis, topLevel) : analyzeOther(query, scope, analysis, topLevel)
  return { plan: planWith(relation.plan, definitions), fields: relation.fields }
}

/** ORDER BY and limits over a set operation, VALUES, TABLE or a query in parentheses: only the output's names are known. */
function analyzeOther(query: ast.Query, scope: Scope, analysis: Analysis, topLevel: boolean): Relation {
  const relation = analyzeBody(query.body, scope, analysis)
  const limits = analyzeLimits(query, analysis.context)
  const context: ExprContext = {
    analysis,
    scope: { fields: relation.fields, parent: scope, named: scope.named },
    lambda: undefined,
    calls: ALL_CALLS,
    collector: undefined,
  }
  const visible = visibleFields(relation.fields)
  const keys = query.orderBy.map((item): SortKey => {
    const ordinal = ordinalOf(item.value, visible.length, 'ORDER BY')
    const field = ordinal === undefined ? undefined : visible[ordinal]
    const calls = scalarCallsOnly('ORDER BY clause', item.value)
    const value = field ? columnRef(field.column) : analyzeExpression(item.value, { ...context, calls })
    return orderKey(value, item, query.body.at)
  })
  const sorted = topLevel || limits.count !== undefined || limits.offset > 0 ? planSort(relation.plan, keys) : relation.plan
  return { plan: planLimits(sorted, limits), fields: relation.fields }
}
