/** Which calls beyond scalar functions an expression may contain, by the clause in which it stands. */
import { type Position, QueryError } from '#src/common/errors'

type Refusal = (call: string, at: Position) => QueryError

export interface CallPolicy {
  /** Undefined: allowed. */
  readonly refuseAggregate: Refusal | undefined
  readonly refuseWindow: Refusal | undefined
  readonly refuseGrouping: Refusal | undefined
}

/** SELECT, HAVING and ORDER BY. */
export const ALL_CALLS: CallPolicy = { refuseAggregate: undefined, refuseWindow: undefined, refuseGrouping: undefined }

/** WHERE, GROUP BY, JOIN …: scalar functions only. `clause` is as Trino names it, e.g. `WHERE clause`. */
export function scalarCallsOnly(clause: string): CallPolicy {
  const refuse: Refusal = (call, at) =>
    new QueryError('EXPRESSION_NOT_SCALAR', `${clause} cannot contain aggregations, window functions or grouping operations: [${call}]`, {
      at,
    })
  return { refuseAggregate: refuse, refuseWindow: refuse, refuseGrouping: refuse }
}

/** Arguments, FILTER and ORDER BY of an aggregate. */
export function insideAggregate(name: string): CallPolicy {
  return {
    refuseAggregate: (call, at) =>
      new QueryError('NESTED_AGGREGATION', `Cannot nest aggregations inside aggregation '${name}': [${call}]`, { at }),
    refuseWindow: (call, at) =>
      new QueryError('NESTED_WINDOW', `Cannot nest window functions or row pattern measures inside aggregation '${name}': [${call}]`, {
        at,
      }),
    refuseGrouping: (call, at) =>
      new QueryError('NESTED_AGGREGATION', `Cannot nest grouping operations inside aggregation '${name}': [${call}]`, { at }),
  }
}

/** Arguments (`place` = `arguments`) and the specification of a window call. */
export function insideWindow(place: 'arguments' | 'specification'): CallPolicy {
  const where = place === 'arguments' ? 'window function arguments' : 'window specification'
  return {
    ...ALL_CALLS,
    refuseWindow: (_call, at) =>
      new QueryError('NESTED_WINDOW', `Cannot nest window functions or row pattern measures inside ${where}`, { at }),
  }
}
