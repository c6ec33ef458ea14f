/**
 * Moves filters towards the tables, and tells every scan what its rows must satisfy.
 *
 *   Filter[a.x = 5 AND b.y > 1](Join[a.k = b.k](a, b))
 *     →  Join[a.k = b.k](Filter[a.x = 5](Scan a, predicate a.x = 5), Filter[b.y > 1](Scan b, predicate b.y > 1))
 *
 * Two things travel down. A *filter* is applied exactly once; it goes below a node only where that changes no result and
 * raises no error that would not have been raised. A *hint* says that rows which do not satisfy it do not matter to the
 * result; it drops no rows and ends in Scan.predicate, where it skips partitions and row groups. Whatever holds a filter
 * back (it may fail, it names both sides) therefore still prunes.
 */
import { unreachable } from '#src/common/errors'
import { and, columnRef, conjuncts, or, TRUE } from '#src/logical/build'
import { printExpr } from '#src/logical/expr-print'
import { hasSubquery, isDeterministic, mayFail } from '#src/logical/expr-properties'
import { mapExpr, planOfExpr, someExpr } from '#src/logical/expr-walk'
import type { ColumnId, Expr } from '#src/logical/expression'
import { impliedConjuncts, namesOnly } from '#src/logical/implied-predicate'
import type { Aggregate, CteRef, Filter, Join, LogicalPlan, Project, Scan, SetOperation, SystemScan, Window, With } from '#src/logical/plan'
import { mapChildren, mapExpressions, outputOf, referencedColumns } from '#src/logical/plan-walk'
import { equalColumns, inferFromEqualities } from '../equalities.ts'
import { reduceOuterJoin } from '../outer-join.ts'
import type { PlanRule } from '../rule.ts'
import { substitute } from '../substitute.ts'
import { simplifyBoolean } from './simplify-boolean.ts'

export const pushDownPredicates: PlanRule = {
  name: 'push_down_predicates',
  kind: 'plan',
  apply: (root) => push(root, NOTHING, { references: new Map() }),
}

interface Pending {
  readonly filters: readonly Expr[]
  readonly hints: readonly Expr[]
}
const NOTHING: Pending = { filters: [], hints: [] }

interface State {
  /** By cteId: for every reference seen, what the rows that it reads must satisfy, in the named query's own columns. */
  readonly references: Map<number, (readonly Expr[])[]>
}

/** A filter that another node may come between: moving it changes nothing but when it runs. */
const isMovable = (expr: Expr): boolean => !hasSubquery(expr) && isDeterministic(expr)
const isSafe = (expr: Expr): boolean => isMovable(expr) && !mayFail(expr)

const idsOf = (plan: LogicalPlan): ReadonlySet<ColumnId> => new Set(outputOf(plan).map((column) => column.id))
const names = (expr: Expr, ids: ReadonlySet<ColumnId>): boolean => [...referencedColumns(expr)].some((id) => ids.has(id))

function filtered(plan: LogicalPlan, filters: readonly Expr[]): LogicalPlan {
  return filters.length === 0 ? plan : { kind: 'filter', input: plan, predicate: and(...filters) }
}

function push(node: LogicalPlan, pending: Pending, state: State): LogicalPlan {
  const plan = pushIntoSubqueries(node, state)
  switch (plan.kind) {
    case 'filter':
      return pushThroughFilter(plan, pending, state)
    case 'project':
      return pushThroughProject(plan, pending, state)
    case 'join':
      return pushThroughJoin(plan, pending, state)
    case 'aggregate':
      return pushIntoInput(plan, groupedBy(plan), isSafe, pending, state)
    case 'window':
      return pushIntoInput(plan, partitionedBy(plan), isSafe, pending, state)
    case 'unnest':
      return pushIntoInput(plan, idsOf(plan.input), isSafe, pending, state)
    case 'sort':
      return pushIntoInput(plan, idsOf(plan), isMovable, pending, state)
    case 'set-operation':
      return pushThroughSetOperation(plan, pending, state)
    case 'scan':
    case 'system-scan':
      return filtered(withPredicate(plan, pending), pending.filters)
    case 'cte-ref':
      return filtered(noteReference(plan, pending, state), pending.filters)
    case 'with':
      return pushThroughWith(plan, pending, state)
    // What a limit or a sample keeps depends on the rows below it; a recursion's base is not its result.
    case 'limit':
    case 'sample':
    case 'recursive-cte':
    case 'values':
      return filtered(
        mapChildren(plan, (child) => push(child, NOTHING, state)),
        pending.filters,
      )
    default:
      return unreachable(plan)
  }
}

/** Plans inside a node's own expressions start afresh. */
function pushIntoSubqueries(plan: LogicalPlan, state: State): LogicalPlan {
  return mapExpressions(plan, (root) =>
    someExpr(root, (part) => planOfExpr(part) !== undefined)
      ? mapExpr(
          root,
          (part) => part,
          (subplan) => push(subplan, NOTHING, state),
        )
      : root,
  )
}

function pushThroughFilter(plan: Filter, pending: Pending, state: State): LogicalPlan {
  const down: Expr[] = []
  const stay: Expr[] = []
  for (const term of [...conjuncts(plan.predicate), ...pending.filters]) {
    // Behind a term that stays, one that may fail must stay as well: it would see rows that the first one removes.
    const moves = isMovable(term) && (stay.length === 0 || !mayFail(term))
    ;(moves ? down : stay).push(term)
  }
  const hints = [...pending.hints, ...stay.filter(isMovable)]
  const input = push(plan.input, { filters: down, hints }, state)
  // What went nowhere is one filter with what stays, and the same one if nothing moved: the rules end when nothing changes.
  const landed = input.kind === 'filter' ? input : undefined
  const moved = landed === undefined ? filtered(input, stay) : filtered(landed.input, [...conjuncts(landed.predicate), ...stay])
  return moved.kind === 'filter' && moved.input === plan.input && sameTerms(moved.predicate, plan.predicate) ? plan : moved
}

function sameTerms(left: Expr | undefined, right: Expr | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  const others = conjuncts(right)
  const terms = conjuncts(left)
  return terms.length === others.length && terms.every((term, place) => term === others[place])
}

/** Filters in terms of the Project's inputs; one that would compute an expression a second time only leaves a hint. */
function pushThroughProject(plan: Project, pending: Pending, state: State): LogicalPlan {
  const values = new Map(plan.assignments.map(({ column, value }) => [column.id, value]))
  const copyable = (term: Expr): boolean => isMovable(term) && [...referencedColumns(term)].every((id) => isMovable(values.get(id) ?? TRUE))
  const cheap = (term: Expr): boolean => [...referencedColumns(term)].every((id) => isCheap(values.get(id) ?? TRUE))
  const down = pending.filters.filter((term) => copyable(term) && cheap(term))
  const stay = pending.filters.filter((term) => !down.includes(term))
  const hints = [...pending.hints, ...stay].filter(copyable)
  const translate = (term: Expr): Expr => substitute(term, values)
  const input = push(plan.input, { filters: down.map(translate), hints: hints.map(translate) }, state)
  return filtered(input === plan.input ? plan : { ...plan, input }, stay)
}

function isCheap(expr: Expr): boolean {
  return expr.kind === 'column' || expr.kind === 'literal' || (expr.kind === 'cast' && isCheap(expr.value))
}

/** Nodes with one input that pass on some columns unchanged: what names only those columns may go below. */
function pushIntoInput(
  plan: Exclude<LogicalPlan, { kind: 'scan' | 'system-scan' | 'values' | 'cte-ref' | 'join' | 'set-operation' | 'with' | 'recursive-cte' }>,
  transparent: ReadonlySet<ColumnId>,
  allowed: (term: Expr) => boolean,
  pending: Pending,
  state: State,
): LogicalPlan {
  const opaque = new Set([...idsOf(plan)].filter((id) => !transparent.has(id)))
  const below = (term: Expr): boolean => names(term, transparent) && !names(term, opaque)
  const down = pending.filters.filter((term) => allowed(term) && below(term))
  const stay = pending.filters.filter((term) => !down.includes(term))
  const hints = [...pending.hints, ...stay].flatMap((term) => impliedConjuncts(term, (id) => !opaque.has(id))).filter(below)
  const input = push(plan.input, { filters: down, hints }, state)
  return filtered(input === plan.input ? plan : { ...plan, input }, stay)
}

/** Keys that every grouping set has: a row's group then has the row's own value. A global aggregate has none. */
function groupedBy(plan: Aggregate): ReadonlySet<ColumnId> {
  return new Set(plan.keys.map((key) => key.id).filter((id) => plan.groupingSets.every((set) => set.includes(id))))
}

/** Whole window partitions come and go together. */
function partitionedBy(plan: Window): ReadonlySet<ColumnId> {
  return new Set(plan.partitionBy.flatMap((key) => (key.kind === 'column' ? [key.id] : [])))
}

function pushThroughSetOperation(plan: SetOperation, pending: Pending, state: State): LogicalPlan {
  const allowed = plan.operator === 'union' ? isMovable : isSafe
  const own = idsOf(plan)
  const down = pending.filters.filter((term) => allowed(term) && names(term, own))
  const stay = pending.filters.filter((term) => !down.includes(term))
  const hints = [...pending.hints, ...stay].filter((term) => isMovable(term))
  const inputs = plan.inputs.map((input) => {
    const columns = outputOf(input)
    const places = new Map(
      plan.columns.flatMap((column, index) => {
        const source = columns[index]
        return source ? [[column.id, columnRef(source)] as const] : []
      }),
    )
    const translate = (term: Expr): Expr => substitute(term, places)
    return push(input, { filters: down.map(translate), hints: hints.map(translate) }, state)
  })
  const same = inputs.every((input, index) => input === plan.inputs[index])
  return filtered(same ? plan : { ...plan, inputs }, stay)
}

function pushThroughJoin(plan: Join, pending: Pending, state: State): LogicalPlan {
  const wanted = [...pending.filters, ...pending.hints]
  const type = reduceOuterJoin(plan, wanted)
  const left = idsOf(plan.left)
  const right = idsOf(plan.right)
  // Rows of a preserved side survive without a match, so the condition does not restrict that side.
  const keepsLeft = type === 'left' || type === 'full'
  const keepsRight = type === 'right' || type === 'full'
  const on = plan.condition === undefined ? [] : conjuncts(plan.condition)

  const toLeft: Expr[] = []
  const toRight: Expr[] = []
  const condition: Expr[] = []
  const stay: Expr[] = []
  for (const term of on) {
    if (isSafe(term) && !keepsLeft && names(term, left) && !names(term, right)) toLeft.push(term)
    else if (isSafe(term) && !keepsRight && names(term, right) && !names(term, left)) toRight.push(term)
    // Of pairs that the other terms leave, as in Trino.
    else if (type === 'inner' && isMovable(term) && !(names(term, left) && names(term, right))) stay.push(term)
    else condition.push(term)
  }
  for (const term of pending.filters) {
    const namesLeft = names(term, left)
    const namesRight = names(term, right)
    if (!isSafe(term)) stay.push(term)
    else if (namesLeft && !namesRight && !keepsRight) toLeft.push(term)
    else if (namesRight && !namesLeft && !keepsLeft) toRight.push(term)
    else if (namesLeft && namesRight && !keepsLeft && !keepsRight) condition.push(term)
    else stay.push(term)
  }

  const hints = joinHints(wanted, on, { left, right, keepsLeft, keepsRight })
  const next: Join = {
    ...plan,
    ...joinKind(type, condition),
    left: push(plan.left, { filters: toLeft, hints: hints.left }, state),
    right: push(plan.right, { filters: toRight, hints: hints.right }, state),
  }
  const same = next.left === plan.left && next.right === plan.right && next.type === plan.type && sameTerms(next.condition, plan.condition)
  return filtered(same ? plan : next, stay)
}

function joinKind(type: Join['type'], condition: readonly Expr[]): Pick<Join, 'type' | 'condition'> {
  const inner = type === 'inner' || type === 'cross'
  if (!inner) return { type, condition: and(...condition) }
  return condition.length === 0 ? { type: 'cross', condition: undefined } : { type: 'inner', condition: and(...condition) }
}

interface JoinSides {
  readonly left: ReadonlySet<ColumnId>
  readonly right: ReadonlySet<ColumnId>
  readonly keepsLeft: boolean
  readonly keepsRight: boolean
}

/**
 * What the rows of each side must satisfy. The wanted terms hold for the join's output and so for a side that is not
 * filled up with NULLs; the ON terms and what follows from their equalities hold for a side that is not preserved.
 */
function joinHints(wanted: readonly Expr[], on: readonly Expr[], sides: JoinSides): { left: readonly Expr[]; right: readonly Expr[] } {
  const { left, right, keepsLeft, keepsRight } = sides
  const usable = wanted.filter(isMovable)
  const conditions = on.filter(isMovable)
  const leftFacts = keepsRight ? [] : usable
  const rightFacts = keepsLeft ? [] : usable
  const inner = !keepsLeft && !keepsRight
  const equal = equalColumns([...conditions, ...(inner ? usable : [])])
  const inferredLeft = keepsLeft ? [] : inferFromEqualities([...rightFacts, ...conditions], equal, left)
  const inferredRight = keepsRight ? [] : inferFromEqualities([...leftFacts, ...conditions], equal, right)
  const restrict = (terms: readonly Expr[], side: ReadonlySet<ColumnId>, other: ReadonlySet<ColumnId>): readonly Expr[] =>
    terms.flatMap((term) => impliedConjuncts(term, (id) => !other.has(id))).filter((term) => names(term, side))
  return {
    left: restrict([...leftFacts, ...(keepsLeft ? [] : conditions), ...inferredLeft], left, right),
    right: restrict([...rightFacts, ...(keepsRight ? [] : conditions), ...inferredRight], right, left),
  }
}

/** Hints and filters over this scan's columns, beside those that it has already. */
function withPredicate<S extends Scan | SystemScan>(plan: S, pending: Pending): S {
  const own = idsOf(plan)
  // In the form that the next pass gives them, else each pass would add them anew.
  const simplified = (term: Expr): readonly Expr[] => conjuncts(mapExpr(term, simplifyBoolean.apply))
  const wanted = [...pending.filters, ...pending.hints].flatMap((term) => impliedConjuncts(term, (id) => own.has(id)).flatMap(simplified))
  const predicate = distinct([...plan.predicate, ...wanted])
  return predicate.length === plan.predicate.length ? plan : { ...plan, predicate }
}

function distinct(terms: readonly Expr[]): readonly Expr[] {
  return [...new Map(terms.map((term) => [keyOf(term), term] as const)).values()]
}

const keyOf = (expr: Expr): string => printExpr(expr, { column: (id) => `#${id}`, subquery: () => '?' })

function noteReference(plan: CteRef, pending: Pending, state: State): CteRef {
  const sources = new Map(plan.columns.map((column, index) => [column.id, { ...columnRef(column), id: plan.source[index] as ColumnId }]))
  const wanted = distinct([...pending.filters, ...pending.hints].filter((term) => namesOnly(term, (id) => sources.has(id))))
  const references = state.references.get(plan.cteId) ?? []
  state.references.set(plan.cteId, [...references, wanted.map((term) => substitute(term, sources))])
  return plan
}

/** A row of the named query matters if it matters to one of its references. */
function pushThroughWith(plan: With, pending: Pending, state: State): LogicalPlan {
  state.references.delete(plan.cteId)
  const body = push(plan.body, pending, state)
  const wanted = state.references.get(plan.cteId) ?? []
  const hints = wanted.length > 0 && wanted.every((terms) => terms.length > 0) ? [or(...wanted.map((terms) => and(...terms)))] : []
  const query = push(plan.query, { filters: [], hints }, state)
  return body === plan.body && query === plan.query ? plan : { ...plan, query, body }
}
