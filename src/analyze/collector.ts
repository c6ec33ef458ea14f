/**
 * The aggregates, window calls and GROUPING operations that the expressions of one SELECT contain. Each is given a column;
 * the expression keeps a reference to it, and the SELECT plans the nodes that make these columns.
 */
import type { Position } from '#src/common/errors'
import type { Column, Expr } from '#src/logical/expression'
import type { AggregateCall, SortKey, WindowFrame } from '#src/logical/plan'
import type { Expression, FunctionCall, WindowSpecification } from '#src/sql/ast'

interface CollectedAggregate {
  readonly column: Column
  readonly call: AggregateCall
}
export interface CollectedWindow {
  readonly column: Column
  readonly call: AggregateCall
  readonly ignoreNulls: boolean
  readonly frame: WindowFrame | undefined
  readonly partitionBy: readonly Expr[]
  readonly orderBy: readonly SortKey[]
  /** As written, for messages. */
  readonly node: FunctionCall
  readonly specification: WindowSpecification
}
interface CollectedGrouping {
  readonly at: Position
  readonly column: Column
  readonly of: readonly { readonly value: Expr; readonly node: Expression }[]
}

export interface Collector {
  /** Where the SELECT begins. */
  readonly at: Position
  /** Whether it has a GROUP BY clause. */
  readonly grouped: boolean
  readonly aggregates: CollectedAggregate[]
  readonly windows: CollectedWindow[]
  readonly groupings: CollectedGrouping[]
  /** What names columns of the select list in aggregates of ORDER BY. */
  readonly refused: Expression[]
  /** Calls seen already, so that the same text is computed once. */
  readonly known: Map<string, Column>
  /** Windows of the WINDOW clause by canonical name, their own references resolved. */
  readonly namedWindows: Map<string, WindowSpecification>
}

export const createCollector = (at: Position, grouped: boolean): Collector => ({
  at,
  grouped,
  aggregates: [],
  windows: [],
  groupings: [],
  refused: [],
  known: new Map(),
  namedWindows: new Map(),
})
