/** Row patterns: what is wrong with one is told before that none is executed. */
import { type ErrorName, type Position, QueryError } from '#src/common/errors'
import type * as ast from '#src/sql/ast'

/** @throws MISSING_ROW_PATTERN for what only has a meaning with PATTERN, what is wrong with a pattern's quantifiers, else NOT_SUPPORTED */
export function refuseWindowPattern({ measures, skip, mode, pattern, subsets, definitions }: ast.RowPattern, at: Position): never {
  if (pattern !== undefined) {
    checkQuantifiers(pattern)
    throw new QueryError('NOT_SUPPORTED', 'Row pattern recognition in window is not supported', { at })
  }
  const missing = (what: string, place: Position | undefined): QueryError =>
    new QueryError('MISSING_ROW_PATTERN', `${what} PATTERN clause`, { at: place })
  if (measures.length > 0) throw missing('Row pattern measures require', at)
  if (skip) throw missing('AFTER MATCH SKIP clause requires', skip.at)
  if (mode) throw missing(`${mode.kind.toUpperCase()} modifier requires`, mode.at)
  if (subsets.length > 0) throw missing('Union variable definitions require', subsets[0]?.name.at)
  throw missing('Primary pattern variable definitions require', definitions[0]?.name.at)
}

/** @throws what is wrong with the pattern's quantifiers, else NOT_SUPPORTED */
export function refuseMatchRecognize({ pattern: { pattern }, at }: ast.MatchRecognize): never {
  if (pattern !== undefined) checkQuantifiers(pattern)
  throw new QueryError('NOT_SUPPORTED', 'MATCH_RECOGNIZE is not supported', { at })
}

const MOST_TIMES = 2_147_483_647

function checkQuantifiers(node: ast.RowPatternNode): void {
  if ('items' in node) node.items.forEach(checkQuantifiers)
  if (!('item' in node)) return
  if (node.kind === 'quantified') {
    const { min, max = Number.POSITIVE_INFINITY, at } = node
    const fail = (name: ErrorName, what: string): never => {
      throw new QueryError(name, `Pattern quantifier ${what}`, { at })
    }
    if (max < 1) fail('NUMERIC_VALUE_OUT_OF_RANGE', 'upper bound must be greater than or equal to 1')
    if (min > MOST_TIMES) fail('NUMERIC_VALUE_OUT_OF_RANGE', `lower bound must not exceed ${MOST_TIMES}`)
    if (min > max) fail('INVALID_RANGE', 'lower bound must not exceed upper bound')
    if (Number.isFinite(max) && max > MOST_TIMES) fail('NUMERIC_VALUE_OUT_OF_RANGE', `upper bound must not exceed ${MOST_TIMES}`)
  }
  checkQuantifiers(node.item)
}
