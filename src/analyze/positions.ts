import type { Position } from '#src/common/errors'
import type { Expression } from '#src/sql/ast'

/** Where Trino's errors place a node: binary operators and predicates at the operator, everything else where it begins. */
export function positionOf(node: Expression): Position {
  return 'operatorAt' in node ? node.operatorAt : node.at
}
