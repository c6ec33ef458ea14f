import { and, comparison, conjuncts, disjuncts, isFalse, isTrue, not, or } from '#src/logical/build'
import { printExpr } from '#src/logical/expr-print'
import { hasSubquery, isDeterministic, mayFail } from '#src/logical/expr-properties'
import type { ComparisonOperator, Expr, Logical } from '#src/logical/expression'
import { BOOLEAN } from '#src/types/type'
import type { ExpressionRule } from '../rule.ts'

/**
 * NOT (NOT a)                        →  a
 * NOT (a OR b)                       →  NOT a AND NOT b        (conjuncts can be pushed down one by one)
 * NOT x = 5                          →  x <> 5
 * a AND true AND a                   →  a
 * (a AND b) OR (a AND c)             →  a AND (b OR c)         (TPC-H q19: the join condition comes out)
 * x = 1 OR x = 2 OR x IN (3, 4)      →  x IN (1, 2, 3, 4)
 */
export const simplifyBoolean: ExpressionRule = {
  name: 'simplify_boolean',
  kind: 'expression',
  apply: (expr) => {
    if (expr.kind === 'not') return simplifyNot(expr.value) ?? expr
    return expr.kind === 'logical' ? simplifyLogical(expr) : expr
  },
}

const NEGATED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}
/** Structured values compare part by part, where a NULL inside makes the two operators differ in more than their sign. */
const STRUCTURED: ReadonlySet<string> = new Set(['array', 'map', 'row'])

function simplifyNot(inner: Expr): Expr | undefined {
  if (inner.kind === 'not') return inner.value
  if (inner.kind === 'logical' && inner.operator === 'or') return and(...inner.terms.map((term) => simplifyNot(term) ?? not(term)))
  if (inner.kind !== 'comparison' || STRUCTURED.has(inner.left.type.kind)) return undefined
  const ordering = inner.operator !== '=' && inner.operator !== '<>'
  // NOT (NaN < 1) is true, and NaN >= 1 is not.
  if (ordering && (inner.left.type.kind === 'double' || inner.left.type.kind === 'real')) return undefined
  return comparison(NEGATED[inner.operator], inner.left, inner.right)
}

const keyOf = (expr: Expr): string => printExpr(expr, { column: (id) => `#${id}`, subquery: () => '?' })
const isComparableText = (expr: Expr): boolean => !hasSubquery(expr) && isDeterministic(expr)

function simplifyLogical(expr: Logical): Expr {
  const isAnd = expr.operator === 'and'
  const terms = distinctTerms((isAnd ? conjuncts(expr) : disjuncts(expr)).filter((term) => !(isAnd ? isTrue(term) : isFalse(term))))
  const merged = isAnd ? terms : mergeEqualities(terms)
  const factored = isAnd ? undefined : factor(merged)
  if (factored !== undefined) return factored
  if (merged.length === expr.terms.length && merged.every((term, place) => term === expr.terms[place])) return expr
  return isAnd ? and(...merged) : or(...merged)
}

function distinctTerms(terms: readonly Expr[]): readonly Expr[] {
  const seen = new Set<string>()
  return terms.filter((term) => {
    if (!isComparableText(term)) return true
    const key = keyOf(term)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** What every branch of an OR demands comes out in front; it must not fail where another term of its branch guarded it. */
function factor(branches: readonly Expr[]): Expr | undefined {
  if (branches.length < 2) return undefined
  const split = branches.map((branch) => conjuncts(branch).map((term) => ({ term, key: keyOf(term) })))
  const [first = [], ...others] = split
  const common = first.filter(
    ({ term, key }) => isComparableText(term) && !mayFail(term) && others.every((branch) => branch.some((other) => other.key === key)),
  )
  if (common.length === 0) return undefined
  const keys = new Set(common.map(({ key }) => key))
  const rests = split.map((branch) => and(...branch.filter(({ key }) => !keys.has(key)).map(({ term }) => term)))
  // A branch that demands nothing more makes the others superfluous.
  const rest = rests.some(isTrue) ? [] : [or(...rests)]
  return and(...common.map(({ term }) => term), ...rest)
}

/** Equalities of one expression with constants as one IN, at the place of the first. */
function mergeEqualities(terms: readonly Expr[]): readonly Expr[] {
  const groups = new Map<string, { readonly value: Expr; readonly items: Expr[]; readonly first: Expr }>()
  const places = new Map<Expr, string>()
  for (const term of terms) {
    const equality = asEquality(term)
    if (equality === undefined) continue
    const key = keyOf(equality.value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { value: equality.value, items: [...equality.items], first: term })
    else group.items.push(...equality.items)
    places.set(term, key)
  }
  return terms.flatMap((term): readonly Expr[] => {
    const group = groups.get(places.get(term) ?? '')
    if (group === undefined || group.items.length === (asEquality(term)?.items.length ?? 0)) return [term]
    return group.first === term ? [{ kind: 'in-list', type: BOOLEAN, value: group.value, items: group.items }] : []
  })
}

function asEquality(term: Expr): { readonly value: Expr; readonly items: readonly Expr[] } | undefined {
  if (term.kind === 'in-list') return term.items.every((item) => item.kind === 'literal') && isComparableText(term.value) ? term : undefined
  if (term.kind !== 'comparison' || term.operator !== '=' || STRUCTURED.has(term.left.type.kind)) return undefined
  const [value, item] = term.right.kind === 'literal' ? [term.left, term.right] : [term.right, term.left]
  return item.kind === 'literal' && value.kind !== 'literal' && isComparableText(value) ? { value, items: [item] } : undefined
}
