/** CASE in its two forms. */
import { QueryError } from '#src/common/errors'
import { comparisonType } from '#src/functions/bind'
import { caseBranch, literal } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import type { Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { commonSuperType } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { BOOLEAN, UNKNOWN } from '#src/types/type'
import type { ExprContext } from './analysis.ts'
import { analyzeExpression, coerceTo, commonType } from './expression.ts'
import { positionOf } from './positions.ts'

export function analyzeCase(node: ast.Case, context: ExprContext): Expr {
  let operand = node.operand && analyzeExpression(node.operand, context)
  let whens = node.whens.map((branch) => analyzeExpression(branch.when, context))
  if (operand) {
    let type = operand.type
    for (const [index, when] of whens.entries()) {
      const common = commonSuperType(type, when.type)
      if (!common) {
        const message = `CASE operand type does not match WHEN clause operand type: ${formatType(operand.type)} vs ${formatType(when.type)}`
        throw new QueryError('TYPE_MISMATCH', message, { at: node.whens[index] && positionOf(node.whens[index].when) })
      }
      type = comparisonType('=', type, common, node.at)
    }
    operand = coerce(operand, type)
    whens = whens.map((when) => coerce(when, type))
  } else {
    whens = whens.map((when, index) => coerceTo(when, BOOLEAN, 'CASE WHEN clause', node.whens[index]?.when ?? node))
  }
  const thens = node.whens.map((branch) => analyzeExpression(branch.then, context))
  const otherwise = node.otherwise ? analyzeExpression(node.otherwise, context) : literal(UNKNOWN, null)
  const results = node.otherwise ? [...thens, otherwise] : thens
  const resultNodes = node.whens.map((branch) => branch.then)
  const type = commonType('All CASE results', results, node.otherwise ? [...resultNodes, node.otherwise] : resultNodes)
  return {
    kind: 'case',
    type,
    operand,
    whens: thens.map((result, index) => caseBranch(whens[index] as Expr, coerce(result, type))),
    otherwise: coerce(otherwise, type),
  }
}
