/**
 * The one walker of typed expressions: nobody else enumerates kinds only to recurse. A subquery's plan is not a child
 * expression; it is reached by `planOfExpr` and changed by the `mapPlan` argument.
 */
import { unreachable } from '#src/common/errors'
import type { ColumnId, Expr } from './expression.ts'
import type { LogicalPlan } from './plan.ts'

/** The expressions directly below, in the order in which they are written. Plans of subqueries are not among them. */
export function exprChildren(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'column':
    case 'lambda-ref':
    case 'scalar-subquery':
    case 'exists':
      return []
    case 'call':
    case 'coalesce':
      return expr.args
    case 'cast':
    case 'is-null':
    case 'not':
    case 'try':
    case 'in-subquery':
    case 'quantified':
      return [expr.value]
    case 'comparison':
    case 'distinct-from':
    case 'nullif':
      return [expr.left, expr.right]
    case 'between':
      return [expr.value, expr.low, expr.high]
    case 'in-list':
      return [expr.value, ...expr.items]
    case 'like':
      return expr.escape ? [expr.value, expr.pattern, expr.escape] : [expr.value, expr.pattern]
    case 'logical':
      return expr.terms
    case 'case': {
      const whens = expr.whens.flatMap((branch) => [branch.when, branch.then])
      return expr.operand ? [expr.operand, ...whens, expr.otherwise] : [...whens, expr.otherwise]
    }
    case 'row':
      return expr.fields
    case 'array':
      return expr.items
    case 'field':
      return [expr.base]
    case 'lambda':
      return [expr.body]
    default:
      return unreachable(expr)
  }
}

/** The plan of a subquery expression; undefined for every other kind. */
export function planOfExpr(expr: Expr): LogicalPlan | undefined {
  switch (expr.kind) {
    case 'scalar-subquery':
    case 'exists':
    case 'in-subquery':
    case 'quantified':
      return expr.plan
    default:
      return undefined
  }
}

const keepPlan = (plan: LogicalPlan): LogicalPlan => plan

/** `items` with every element mapped; the same array when nothing changed. */
export function mapItems<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined
  for (let index = 0; index < items.length; index++) {
    const before = items[index] as T
    const after = change(before)
    if (changed) changed.push(after)
    else if (after !== before) {
      changed = items.slice(0, index)
      changed.push(after)
    }
  }
  return changed ?? items
}

/** Replaces the expressions directly below (and the plan of a subquery); the same object when nothing changed. */
export function mapExprChildren(expr: Expr, change: (child: Expr) => Expr, mapPlan: (plan: LogicalPlan) => LogicalPlan = keepPlan): Expr {
  switch (expr.kind) {
    case 'literal':
    case 'column':
    case 'lambda-ref':
      return expr
    case 'scalar-subquery':
    case 'exists': {
      const plan = mapPlan(expr.plan)
      return plan === expr.plan ? expr : { ...expr, plan }
    }
    case 'call':
    case 'coalesce': {
      const args = mapItems(expr.args, change)
      return args === expr.args ? expr : { ...expr, args }
    }
    case 'cast':
    case 'is-null':
    case 'not':
    case 'try': {
      const value = change(expr.value)
      return value === expr.value ? expr : { ...expr, value }
    }
    case 'in-subquery':
    case 'quantified': {
      const value = change(expr.value)
      const plan = mapPlan(expr.plan)
      return value === expr.value && plan === expr.plan ? expr : { ...expr, value, plan }
    }
    case 'comparison':
    case 'distinct-from':
    case 'nullif': {
      const left = change(expr.left)
      const right = change(expr.right)
      return left === expr.left && right === expr.right ? expr : { ...expr, left, right }
    }
    case 'between': {
      const value = change(expr.value)
      const low = change(expr.low)
      const high = change(expr.high)
      return value === expr.value && low === expr.low && high === expr.high ? expr : { ...expr, value, low, high }
    }
    case 'in-list': {
      const value = change(expr.value)
      const items = mapItems(expr.items, change)
      return value === expr.value && items === expr.items ? expr : { ...expr, value, items }
    }
    case 'like': {
      const value = change(expr.value)
      const pattern = change(expr.pattern)
      const escaping = expr.escape && change(expr.escape)
      const same = value === expr.value && pattern === expr.pattern && escaping === expr.escape
      return same ? expr : { ...expr, value, pattern, escape: escaping }
    }
    case 'logical': {
      const terms = mapItems(expr.terms, change)
      return terms === expr.terms ? expr : { ...expr, terms }
    }
    case 'case': {
      const operand = expr.operand && change(expr.operand)
      const whens = mapItems(expr.whens, (branch) => {
        const when = change(branch.when)
        const then = change(branch.then)
        return when === branch.when && then === branch.then ? branch : { when, then }
      })
      const otherwise = change(expr.otherwise)
      return operand === expr.operand && whens === expr.whens && otherwise === expr.otherwise
        ? expr
        : { ...expr, operand, whens, otherwise }
    }
    case 'row': {
      const fields = mapItems(expr.fields, change)
      return fields === expr.fields ? expr : { ...expr, fields }
    }
    case 'array': {
      const items = mapItems(expr.items, change)
      return items === expr.items ? expr : { ...expr, items }
    }
    case 'field': {
      const base = change(expr.base)
      return base === expr.base ? expr : { ...expr, base }
    }
    case 'lambda': {
      const body = change(expr.body)
      return body === expr.body ? expr : { ...expr, body }
    }
    default:
      return unreachable(expr)
  }
}

/** Bottom-up rewrite: `change` sees each node after its children. The same object when nothing changed. */
export function mapExpr(expr: Expr, change: (node: Expr) => Expr, mapPlan?: (plan: LogicalPlan) => LogicalPlan): Expr {
  return change(mapExprChildren(expr, (child) => mapExpr(child, change, mapPlan), mapPlan))
}

/** Visits the node and everything below it, without the plans of subqueries. */
export function walkExpr(expr: Expr, visit: (node: Expr) => void): void {
  visit(expr)
  for (const child of exprChildren(expr)) walkExpr(child, visit)
}

/** Whether any node of the expression (not of its subqueries' plans) satisfies the test. */
export function someExpr(expr: Expr, test: (node: Expr) => boolean): boolean {
  return test(expr) || exprChildren(expr).some((child) => someExpr(child, test))
}

/** Adds the ids of all columns that the expression itself names (not those inside the plans of its subqueries). */
export function collectColumns(expr: Expr, into: Set<ColumnId>): void {
  walkExpr(expr, (node) => {
    if (node.kind === 'column') into.add(node.id)
  })
}
