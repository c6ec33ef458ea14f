/**
 * The logical plan: relational algebra over typed expressions. Every node produces columns with ids that no other node
 * of the plan produces, except those that a node passes through from its input (filter, sort, limit, sample, window's
 * and join's inputs). `outputOf` in plan-walk.ts gives a node's columns.
 */

import type { Table } from '#catalog/model'
import type { Position } from '#src/common/errors'
import type { BoundFunction } from '#src/functions/function'
import type { Value } from '#src/types/value'
import type { Column, ColumnId, Expr } from './expression.ts'
import type { SystemTable } from './system-table.ts'

export type LogicalPlan =
  | Scan
  | SystemScan
  | Values
  | Filter
  | Project
  | Aggregate
  | Window
  | Join
  | SetOperation
  | Sort
  | Limit
  | Sample
  | Unnest
  | With
  | CteRef
  | RecursiveCte

/** What a scanned column is: a column of the files, a partition key, or one of the hidden columns of a lake table. */
export type ScanSource =
  | { readonly kind: 'data'; readonly name: string }
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'hidden'; readonly name: '$path' | '$file_size' | '$file_modified_time' | '$partition' }

export interface ScanColumn {
  readonly column: Column
  readonly source: ScanSource
}

/** Reads a lake table. The optimizer fills `predicate` (a copy for pruning: the Filter above stays) and drops unused columns. */
export interface Scan {
  readonly kind: 'scan'
  /** Unique in the plan. */
  readonly id: number
  readonly table: Table
  readonly columns: readonly ScanColumn[]
  /** Conjuncts over this scan's columns only; used to skip partitions, files and row groups, never to drop rows. */
  readonly predicate: readonly Expr[]
  /** At most so many rows that satisfy `predicate` are needed of it, any of them (limit pushdown). */
  readonly limit: number | undefined
  readonly at: Position | undefined
}

/**
 * Reads a table that the engine makes. As for a Scan the optimizer fills `predicate` and drops unused columns; the rows are
 * fetched after it, when what is wanted of them is known.
 */
export interface SystemScan {
  readonly kind: 'system-scan'
  readonly table: SystemTable
  /** `index` is the column's place in the table's rows. */
  readonly columns: readonly { readonly column: Column; readonly index: number }[]
  readonly predicate: readonly Expr[]
  /** Undefined until they are fetched. */
  readonly rows: readonly (readonly Value[])[] | undefined
}

/** Constant or computed rows; one row without columns is `SELECT 1`'s input. */
export interface Values {
  readonly kind: 'values'
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Expr[])[]
}
export interface Filter {
  readonly kind: 'filter'
  readonly input: LogicalPlan
  readonly predicate: Expr
}
/** Output = exactly the assignments' columns (pass-through is an assignment of a ColumnRef under the same id). */
export interface Project {
  readonly kind: 'project'
  readonly input: LogicalPlan
  readonly assignments: readonly Assignment[]
}
export interface Assignment {
  readonly column: Column
  readonly value: Expr
}
/**
 * Output = group keys (the ids of input columns), then aggregates, then `groupId` when there are several sets.
 * No aggregates and one set over all keys = DISTINCT. A key outside the current grouping set is NULL.
 */
export interface Aggregate {
  readonly kind: 'aggregate'
  readonly input: LogicalPlan
  readonly keys: readonly Column[]
  /** One entry for plain GROUP BY (all keys), `[[]]` for a global aggregate. */
  readonly groupingSets: readonly (readonly ColumnId[])[]
  readonly aggregates: readonly { readonly column: Column; readonly call: AggregateCall }[]
  /** Trino's GROUPING(…) results: the bit mask over `of`. */
  readonly groupings: readonly { readonly column: Column; readonly of: readonly ColumnId[] }[]
}
export interface AggregateCall {
  readonly function: BoundFunction & { readonly kind: 'aggregate' | 'window' }
  /** `count(*)` has none. */
  readonly args: readonly Expr[]
  readonly distinct: boolean
  readonly filter: Expr | undefined
  readonly orderBy: readonly SortKey[]
  readonly at?: Position
}
export interface SortKey {
  readonly value: Expr
  readonly descending: boolean
  readonly nullsFirst: boolean
}
/** Output = input columns, then one column a call. */
export interface Window {
  readonly kind: 'window'
  readonly input: LogicalPlan
  readonly calls: readonly {
    readonly column: Column
    readonly call: AggregateCall
    readonly ignoreNulls: boolean
    readonly frame: WindowFrame | undefined
  }[]
  readonly partitionBy: readonly Expr[]
  readonly orderBy: readonly SortKey[]
}
export interface WindowFrame {
  readonly unit: 'rows' | 'range' | 'groups'
  readonly start: FrameBound
  readonly end: FrameBound
  readonly exclusion: 'current row' | 'group' | 'ties' | undefined
}
export interface FrameBound {
  readonly kind: 'unbounded preceding' | 'preceding' | 'current row' | 'following' | 'unbounded following'
  readonly value: Expr | undefined
}
/** Output = left's columns, then right's. With `lateral` the right side may name the left's columns. */
export interface Join {
  readonly kind: 'join'
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross'
  readonly left: LogicalPlan
  readonly right: LogicalPlan
  readonly condition: Expr | undefined
  readonly lateral: boolean
}
/** Columns of the inputs are matched by place; they have the output's types already. */
export interface SetOperation {
  readonly kind: 'set-operation'
  readonly operator: 'union' | 'intersect' | 'except'
  readonly all: boolean
  readonly columns: readonly Column[]
  readonly inputs: readonly LogicalPlan[]
}
export interface Sort {
  readonly kind: 'sort'
  readonly input: LogicalPlan
  readonly keys: readonly SortKey[]
}
/** Over a Sort it takes the first rows of that order; WITH TIES needs one. */
export interface Limit {
  readonly kind: 'limit'
  readonly input: LogicalPlan
  readonly count: number | undefined
  readonly offset: number
  readonly withTies: boolean
}
export interface Sample {
  readonly kind: 'sample'
  readonly input: LogicalPlan
  readonly method: 'bernoulli' | 'system'
  /** 0 to 100. */
  readonly percentage: number
}
/** CROSS or LEFT JOIN UNNEST. Output = input's columns, then the items' columns (a map gives two, a row array one a field), then ordinality. */
export interface Unnest {
  readonly kind: 'unnest'
  readonly input: LogicalPlan
  readonly items: readonly { readonly value: Expr; readonly columns: readonly Column[] }[]
  readonly ordinality: Column | undefined
  /** Keeps input rows without elements (LEFT JOIN … ON TRUE). */
  readonly outer: boolean
}
/** A named query used in `body` by CteRefs with the same `cteId`; the kernel decides whether to materialize it. */
export interface With {
  readonly kind: 'with'
  readonly cteId: number
  readonly name: string
  readonly query: LogicalPlan
  readonly body: LogicalPlan
}
/** `source[i]` is the id that the named query gives the i-th column; `columns[i]` its id here. */
export interface CteRef {
  readonly kind: 'cte-ref'
  readonly cteId: number
  readonly name: string
  readonly columns: readonly Column[]
  readonly source: readonly ColumnId[]
}
/** WITH RECURSIVE: used in place of a With's query; `recursive` names itself by CteRefs with this `cteId`. UNION ALL unless `distinct`. */
export interface RecursiveCte {
  readonly kind: 'recursive-cte'
  readonly cteId: number
  readonly name: string
  readonly columns: readonly Column[]
  readonly base: LogicalPlan
  readonly recursive: LogicalPlan
  readonly distinct: boolean
  /** So many steps may give rows; one more fails with NOT_SUPPORTED. */
  readonly maxDepth: number
}

/** A whole query: the plan and what its result's columns are called (names may repeat). */
export interface QueryPlan {
  readonly root: LogicalPlan
  readonly output: readonly OutputColumn[]
}
export interface OutputColumn {
  readonly name: string
  /** False: the query gives the column no name, and `name` is made up. */
  readonly named?: boolean
  readonly column: Column
}
