/**
 * Fields of rows that nobody asks for are NULL: Trino does not compute them, and they need no columns.
 *
 *   Project[a := r.f1](Project[r := ROW(x, 5 / y)](Scan x, y))  →  Project[a := r.f1](Project[r := ROW(x, NULL)](Scan x, y))
 *
 * The row keeps its type. A row that is handed on whole (a result, a key, an argument) keeps all its fields.
 */
import { isNullLiteral, nullOf } from '#src/logical/build'
import { hasSubquery } from '#src/logical/expr-properties'
import { exprChildren, mapItems, planOfExpr } from '#src/logical/expr-walk'
import type { ColumnId, Expr, FieldAccess } from '#src/logical/expression'
import type { LogicalPlan, Project } from '#src/logical/plan'
import { children, expressionsOf, mapPlan, outputOf, walkPlan } from '#src/logical/plan-walk'
import type { PlanRule } from '../rule.ts'

export const pruneRowFields: PlanRule = {
  name: 'prune_row_fields',
  kind: 'plan',
  apply: (root, { output }) => {
    if (!makesRows(root)) return root
    const demands = new Demands()
    for (const id of output) demands.of(id).whole = true
    noteColumns(outputOf(root), demands)
    notePlan(root, demands)
    demands.spread()
    return mapPlan(root, (node) => (node.kind === 'project' ? withoutFields(node, demands) : node))
  },
}

/** What is asked of a row: all of it, or some fields. */
interface Demand {
  whole: boolean
  readonly fields: Map<number, Demand>
}

const nothing = (): Demand => ({ whole: false, fields: new Map() })

/** By column, over the whole plan: ids are given once. */
class Demands {
  readonly #demands = new Map<ColumnId, Demand>()
  /** Columns that are handed on under another id. */
  readonly #copies: (readonly [from: ColumnId, to: ColumnId])[] = []

  of(id: ColumnId): Demand {
    const known = this.#demands.get(id)
    if (known !== undefined) return known
    const demand = nothing()
    this.#demands.set(id, demand)
    return demand
  }

  copied(from: ColumnId, to: ColumnId): void {
    if (from !== to) this.#copies.push([from, to])
  }

  /** What is asked of a copy is asked of what it is a copy of. */
  spread(): void {
    for (let changed = true; changed; ) {
      changed = false
      for (const [from, to] of this.#copies) if (merge(this.of(from), this.of(to))) changed = true
    }
  }
}

/** Adds what `from` asks; whether that is more than before. */
function merge(into: Demand, from: Demand): boolean {
  let changed = from.whole && !into.whole
  if (changed) into.whole = true
  for (const [index, demand] of from.fields) {
    const known = into.fields.get(index)
    const field = known ?? nothing()
    if (known === undefined) into.fields.set(index, field)
    if (merge(field, demand) || known === undefined) changed = true
  }
  return changed
}

const isRowOf = (value: Expr): boolean => value.kind === 'row' || (value.kind === 'cast' && !value.safe && value.value.kind === 'row')

function makesRows(root: LogicalPlan): boolean {
  let found = false
  walkPlan(root, (node) => {
    if (node.kind === 'project' && node.assignments.some(({ value }) => isRowOf(value))) found = true
  })
  return found
}

function noteColumns(columns: readonly { readonly id: ColumnId }[], demands: Demands): void {
  for (const { id } of columns) demands.of(id).whole = true
}

function notePlan(plan: LogicalPlan, demands: Demands): void {
  noteNode(plan, demands)
  for (const child of children(plan)) notePlan(child, demands)
}

function noteNode(plan: LogicalPlan, demands: Demands): void {
  switch (plan.kind) {
    case 'project':
      for (const { column, value } of plan.assignments) {
        if (value.kind === 'column') demands.copied(value.id, column.id)
        else noteExpr(value, demands)
      }
      return
    case 'cte-ref':
      for (const [place, { id }] of plan.columns.entries()) demands.copied(plan.source[place] as ColumnId, id)
      return
    case 'set-operation':
      for (const input of plan.inputs) {
        if (plan.operator !== 'union' || !plan.all) noteColumns(outputOf(input), demands)
        else for (const [place, { id }] of outputOf(input).entries()) demands.copied(id, (plan.columns[place] as { id: ColumnId }).id)
      }
      return
    case 'recursive-cte':
      for (const input of children(plan)) noteColumns(outputOf(input), demands)
      return
    case 'aggregate':
      noteColumns(plan.keys, demands)
      break
    default:
      break
  }
  for (const expr of expressionsOf(plan)) noteExpr(expr, demands)
}

function noteExpr(expr: Expr, demands: Demands): void {
  const demand = demandOf(expr, demands)
  if (demand !== undefined) {
    demand.whole = true
    return
  }
  for (const child of exprChildren(expr)) noteExpr(child, demands)
  const plan = planOfExpr(expr)
  if (plan === undefined) return
  noteColumns(outputOf(plan), demands)
  notePlan(plan, demands)
}

/** The demand that a column, a field of it, a field of that … stands for. */
function demandOf(expr: Expr, demands: Demands): Demand | undefined {
  if (expr.kind === 'column') return demands.of(expr.id)
  return expr.kind === 'field' ? fieldDemand(expr, demands) : undefined
}

function fieldDemand({ base, index }: FieldAccess, demands: Demands): Demand | undefined {
  const row = demandOf(base, demands)
  if (row === undefined) return undefined
  const field = row.fields.get(index) ?? nothing()
  row.fields.set(index, field)
  return field
}

function withoutFields(node: Project, demands: Demands): Project {
  const assignments = mapItems(node.assignments, (assignment) => {
    const value = narrowed(assignment.value, demands.of(assignment.column.id))
    return value === assignment.value ? assignment : { ...assignment, value }
  })
  return assignments === node.assignments ? node : { ...node, assignments }
}

function narrowed(value: Expr, demand: Demand): Expr {
  if (demand.whole || demand.fields.size === 0 || !isRowOf(value)) return value
  if (value.kind === 'cast') {
    const row = narrowed(value.value, demand)
    return row === value.value ? value : { ...value, value: row }
  }
  if (value.kind !== 'row') return value
  const fields = value.fields.map((field, index) => {
    const asked = demand.fields.get(index)
    if (asked !== undefined) return narrowed(field, asked)
    // Subqueries are computed before, and may fail.
    return isNullLiteral(field) || hasSubquery(field) ? field : nullOf(field.type)
  })
  return fields.every((field, index) => field === value.fields[index]) ? value : { ...value, fields }
}
