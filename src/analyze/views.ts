/** A view in FROM: its query, analyzed with the names of its author, under the columns that it was created with. */
import type { View } from '#catalog/model'
import { type Position, QueryError } from '#src/common/errors'
import { columnRef } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import { mapExpr } from '#src/logical/expr-walk'
import type { LogicalPlan } from '#src/logical/plan'
import { mapExpressions, mapPlan } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { canCoerce } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import type { Analysis, Relation } from './analysis.ts'
import type { AnalysisTables } from './context.ts'
import { lower, visibleFields } from './scope.ts'
import type { ResolvedName } from './tables.ts'

/** A view that was looked up: its query parsed, the tables of the query looked up as well. */
export interface FoundView {
  readonly view: View
  readonly query: ast.Query
  readonly tables: AnalysisTables
}

const fullName = ({ catalog, schema, name }: ResolvedName): string => `${catalog}.${schema}.${name}`

/** @throws INVALID_VIEW when the query can no longer be analyzed, VIEW_IS_STALE when it gives other columns, VIEW_IS_RECURSIVE */
export function analyzeView(found: FoundView, name: ResolvedName, relation: readonly string[], at: Position, analysis: Analysis): Relation {
  const inner = analyzeQueryOf(found, name, at, analysis)
  const given = visibleFields(inner.fields)
  const stale = (why: string): QueryError =>
    new QueryError('VIEW_IS_STALE', `View '${fullName(name)}' is stale or in invalid state: ${why}`, { at })
  const { columns } = found.view
  if (given.length !== columns.length)
    throw stale(
      `stored view column count (${columns.length}) does not match column count derived from the view query analysis (${given.length})`,
    )
  const assignments = columns.map((stored, position) => {
    const field = given[position] as (typeof given)[number]
    if (lower(field.name ?? '') !== stored.name) {
      const projected =
        field.name === undefined ? 'a column without a name' : `column [${field.name}] of type ${formatType(field.column.type)}`
      throw stale(
        `${projected} projected from query view at position ${position} has a different name from column [${stored.name}] of type ${formatType(stored.type)} stored in view definition`,
      )
    }
    if (!canCoerce(field.column.type, stored.type)) {
      throw stale(
        `column [${field.name}] of type ${formatType(field.column.type)} projected from query view at position ${position} cannot be coerced to column [${stored.name}] of type ${formatType(stored.type)} stored in view definition`,
      )
    }
    return { column: analysis.ids.column(stored.name, stored.type), value: coerce(columnRef(field.column), stored.type) }
  })
  return {
    plan: { kind: 'project', input: placedAt(inner.plan, at), assignments },
    fields: assignments.map(({ column }) => ({ name: column.name, relation, column, hidden: false })),
  }
}

function analyzeQueryOf({ view, query, tables }: FoundView, name: ResolvedName, at: Position, analysis: Analysis): Relation {
  const { context } = view
  try {
    return analysis.inContext(query, {
      ...analysis.context,
      tables,
      catalogName: context.catalog,
      defaultSchema: context.schema,
      parameters: [],
    })
  } catch (error) {
    if (!(error instanceof QueryError) || error.type !== 'USER_ERROR' || error.errorName === 'STACK_OVERFLOW') throw error
    throw new QueryError('INVALID_VIEW', `Failed analyzing stored view '${fullName(name)}': ${error.message}`, { at, cause: error })
  }
}

/** Positions in the view's text mean nothing in the statement's: what fails is told to be where the view is named. */
function placedAt(plan: LogicalPlan, at: Position): LogicalPlan {
  const call = <T extends { readonly call: { readonly at?: Position } }>(item: T): T => ({ ...item, call: { ...item.call, at } })
  return mapPlan(plan, (node) => {
    const placed = mapExpressions(node, (expr) =>
      mapExpr(
        expr,
        (part) => ((part.kind === 'call' || part.kind === 'cast') && part.at !== undefined ? { ...part, at } : part),
        (inner) => placedAt(inner, at),
      ),
    )
    if (placed.kind === 'scan') return { ...placed, at }
    if (placed.kind === 'aggregate') return { ...placed, aggregates: placed.aggregates.map(call) }
    return placed.kind === 'window' ? { ...placed, calls: placed.calls.map(call) } : placed
  })
}
