import { comparison, FALSE, isFalse, isNullLiteral, isTrue, literal, nullOf, TRUE } from '#src/logical/build'
import { hasSubquery, isConstant, isDeterministic, isNullDeciding, mayFail } from '#src/logical/expr-properties'
import { exprChildren } from '#src/logical/expr-walk'
import type { Between, Case, Cast, Coalesce, Comparison, DistinctFrom, Expr, FieldAccess } from '#src/logical/expression'
import { CAN_BE_FALSE, CAN_BE_NULL, CAN_BE_TRUE, outcomeOf } from '#src/logical/predicate-outcome'
import { BOOLEAN, type Type } from '#src/types/type'
import { foldCall } from '../fold-call.ts'
import { foldCast } from '../fold-cast.ts'
import type { ExpressionRule } from '../rule.ts'

/**
 * Computes what is constant, where JavaScript gives exactly Trino's answer; the rest is left to the kernel. What fails
 * stays as it is, so that it fails when (and only if) it is reached.
 *
 *   date '1998-12-01' - interval '90' day  →  date '1998-09-02'
 *   x > 5 OR 1 < 2                         →  true
 *   1 / 0                                  →  1 / 0
 *   1 / 0 + NULL                           →  NULL
 */
export const foldConstants: ExpressionRule = { name: 'fold_constants', kind: 'expression', apply: fold }

const unknownColumns = () => undefined

function fold(expr: Expr): Expr {
  switch (expr.kind) {
    case 'comparison':
      return agreedByCase(expr) ?? decidedByNull([expr.left, expr.right], expr)
    case 'between':
      if (isFloat(expr.value.type) && (isNullLiteral(expr.low) || isNullLiteral(expr.high)) && !isConstant(expr.value))
        return betweenNull(expr)
      return decidedByNull(isNullLiteral(expr.low) && isNullLiteral(expr.high) ? [expr.low] : [expr.value], expr)
    case 'in-list':
      return decidedByNull(expr.items.every(isNullLiteral) ? expr.items : [expr.value], expr)
    case 'like':
      return decidedByNull([expr.value, expr.pattern], expr)
    case 'distinct-from':
      return agreedByCase(expr) ?? foldPredicate(expr)
    case 'is-null':
      return foldPredicate(expr)
    case 'nullif':
      // Compared with NULL it is not coerced either.
      if (isNullLiteral(expr.right)) return expr.left
      return isNullLiteral(expr.left) && !hasSubquery(expr.right) ? expr.left : expr
    // A term that is constant has become a literal already: looking deeper each time would cost the square of the length.
    case 'not':
      return expr.value.kind === 'literal' ? foldPredicate(expr) : expr
    case 'logical': {
      // One term that decides is enough: Trino does not look at the others either.
      if (expr.terms.some(expr.operator === 'and' ? isFalse : isTrue)) return literal(BOOLEAN, expr.operator === 'or')
      return expr.terms.every((term) => term.kind === 'literal') ? foldPredicate(expr) : expr
    }
    case 'cast':
      return expr.value.kind === 'literal' ? foldCast(expr, expr.value) : expr
    case 'call': {
      if (!expr.function.deterministic) return expr
      // Subqueries are computed before, and may fail.
      if (isNullDeciding(expr.function) && expr.args.some(isNullLiteral) && !hasSubquery(expr)) return nullOf(expr.type)
      return exprChildren(expr).every((arg) => arg.kind === 'literal') ? foldCall(expr) : expr
    }
    case 'case':
      return foldCase(expr)
    case 'coalesce':
      return foldCoalesce(expr)
    case 'field':
      return fieldOf(expr)
    default:
      return expr
  }
}

/**
 * Trino asks whether a value that is no constant lies outside: NaN does not.
 *
 *   x BETWEEN 1e0 AND NULL  →  NOT x < 1e0 AND NULL
 */
function betweenNull(expr: Between): Expr {
  const { type, value, low, high } = expr
  if ((isNullLiteral(low) && isNullLiteral(high)) || hasSubquery(expr)) return decidedByNull([low, high], expr)
  const outside = isNullLiteral(high) ? comparison('<', value, low) : comparison('>', value, high)
  return { kind: 'logical', type, operator: 'and', terms: [{ kind: 'not', type, value: outside }, nullOf(BOOLEAN)] }
}

const isFloat = ({ kind }: Type): boolean => kind === 'double' || kind === 'real'

/** NULL where one of the operands is: the others are not looked at. Subqueries are computed before, and may fail. */
function decidedByNull(operands: readonly Expr[], expr: Expr): Expr {
  return operands.some(isNullLiteral) && !hasSubquery(expr) ? nullOf(BOOLEAN) : foldPredicate(expr)
}

function foldPredicate(expr: Expr): Expr {
  if (mayFail(expr) || hasSubquery(expr) || !isDeterministic(expr)) return expr
  switch (outcomeOf(expr, unknownColumns)) {
    case CAN_BE_TRUE:
      return TRUE
    case CAN_BE_FALSE:
      return FALSE
    case CAN_BE_NULL:
      return nullOf(BOOLEAN)
    default:
      return expr
  }
}

/**
 * The truth that a constant's comparison with every branch of a CASE gives: Trino computes no condition then.
 *
 *   IF(5 / x > 0, 1, 2) = 3  →  false
 */
function agreedByCase(expr: Comparison | DistinctFrom): Expr | undefined {
  for (const [side, other] of [
    [expr.left, expr.right],
    [expr.right, expr.left],
  ] as const) {
    if (side.kind !== 'case' || other.kind !== 'literal' || hasSubquery(side) || !isDeterministic(side)) continue
    const branches = [...side.whens.map(({ then }) => then), side.otherwise]
    const results = branches.map((branch) => foldPredicate({ ...expr, ...(side === expr.left ? { left: branch } : { right: branch }) }))
    return agreed(side, results)
  }
  return undefined
}

/** TRUE or FALSE where all branches of a searched CASE are that. */
function agreed(expr: Case, branches: readonly Expr[]): Expr | undefined {
  if (expr.operand !== undefined || hasSubquery(expr) || !isDeterministic(expr)) return undefined
  return [TRUE, FALSE].find((truth) => branches.every(truth === TRUE ? isTrue : isFalse))
}

/** The one field of a row that is asked for; the others are not computed, but where Trino casts a whole row of constants. */
function fieldOf(expr: FieldAccess): Expr {
  const { base, index, type } = expr
  const row = base.kind === 'cast' && !base.safe ? base.value : base
  if (row.kind !== 'row' || hasSubquery(row)) return expr
  const field = row.fields[index] as Expr
  if (row === base) return field
  return row.fields.every((item) => isConstant(item) && isDeterministic(item))
    ? expr
    : ({ ...base, kind: 'cast', value: field, type, safe: false } as Cast)
}

/** Drops branches that cannot be taken; a searched CASE whose first branch is certain is that branch. */
function foldCase(expr: Case): Expr {
  if (expr.operand !== undefined)
    return isNullLiteral(expr.operand) && !expr.whens.some(({ when }) => hasSubquery(when)) ? expr.otherwise : expr
  const whens = expr.whens.filter(({ when }) => !isFalse(when) && !isNullLiteral(when))
  const certain = whens.findIndex(({ when }) => isTrue(when))
  const otherwise = certain >= 0 ? (whens[certain] as { then: Expr }).then : expr.otherwise
  const kept = certain >= 0 ? whens.slice(0, certain) : whens
  if (kept.length === 0) return otherwise
  const truth = agreed(expr, [...kept.map(({ then }) => then), otherwise])
  if (truth !== undefined) return truth
  return kept.length === expr.whens.length ? expr : { ...expr, whens: kept, otherwise }
}

function foldCoalesce(expr: Coalesce): Expr {
  const args = expr.args.filter((arg) => !isNullLiteral(arg))
  const certain = args.findIndex((arg) => arg.kind === 'literal')
  const kept = certain >= 0 ? args.slice(0, certain + 1) : args
  const [first] = kept
  if (first === undefined) return nullOf(expr.type)
  if (kept.length === 1) return first
  return kept.length === expr.args.length ? expr : { ...expr, args: kept }
}
