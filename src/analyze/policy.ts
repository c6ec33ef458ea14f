/** Which calls beyond scalar functions an expression may contain, by the clause in which it stands. */
import { type Position, QueryError } from '#src/common/errors'
import { isAggregate } from '#src/functions/registry'
import type { Expression } from '#src/sql/ast'
import { expressionText } from './expression-text.ts'
import { positionOf } from './positions.ts'

/** What is thrown for a call that may not stand here. */
type Refusal = (call: Expression) => QueryError

export interface CallPolicy {
  /** Undefined: allowed. */
  readonly refuseAggregate: Refusal | undefined
  readonly refuseWindow: Refusal | undefined
  readonly refuseGrouping: Refusal | undefined
}

/** SELECT, HAVING and ORDER BY. */
export const ALL_CALLS: CallPolicy = { refuseAggregate: undefined, refuseWindow: undefined, refuseGrouping: undefined }

/**
 * WHERE, GROUP BY, JOIN …: scalar functions only.
 * @param clause as Trino names it, e.g. `WHERE clause`
 * @param root the whole expression of the clause, at which the error is placed
 */
export function scalarCallsOnly(clause: string, root: Expression): CallPolicy {
  const refuse: Refusal = () => {
    const calls = refusedCalls(root).map(expressionText).join(', ')
    const message = `${clause} cannot contain aggregations, window functions or grouping operations: [${calls}]`
    return new QueryError('EXPRESSION_NOT_SCALAR', message, { at: positionOf(root) })
  }
  return { refuseAggregate: refuse, refuseWindow: refuse, refuseGrouping: refuse }
}

/** Aggregates, then window calls, then GROUPING operations, without those inside of subqueries. */
function refusedCalls(root: Expression): readonly Expression[] {
  const aggregates: Expression[] = []
  const windows: Expression[] = []
  const groupings: Expression[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { kind } = node as { readonly kind?: string }
    if (kind === 'query') return
    if (kind === 'grouping') groupings.push(node as Expression)
    if (kind === 'call') {
      const call = node as Expression & { readonly kind: 'call' }
      if (call.over) windows.push(call)
      else if (isAggregate(call.name.parts.at(-1)?.value ?? '')) aggregates.push(call)
    }
    Object.values(node).forEach(visit)
  }
  visit(root)
  return [...aggregates, ...windows, ...groupings]
}

/** Arguments, FILTER and ORDER BY of the aggregate at `at`. */
export function insideAggregate(name: string, at: Position): CallPolicy {
  return {
    refuseAggregate: (call) =>
      new QueryError('NESTED_AGGREGATION', `Cannot nest aggregations inside aggregation '${name}': [${expressionText(call)}]`, { at }),
    refuseWindow: (call) => {
      const message = `Cannot nest window functions or row pattern measures inside aggregation '${name}': [${expressionText(call)}]`
      return new QueryError('NESTED_WINDOW', message, { at })
    },
    refuseGrouping: (call) =>
      new QueryError('NESTED_AGGREGATION', `Cannot nest grouping operations inside aggregation '${name}': [${expressionText(call)}]`, {
        at,
      }),
  }
}

/** Arguments (`place` = `arguments`) and the specification of a window call. */
export function insideWindow(place: 'arguments' | 'specification'): CallPolicy {
  const where = place === 'arguments' ? 'window function arguments' : 'window specification'
  return {
    ...ALL_CALLS,
    refuseWindow: (call) =>
      new QueryError('NESTED_WINDOW', `Cannot nest window functions or row pattern measures inside ${where}`, { at: call.at }),
  }
}
