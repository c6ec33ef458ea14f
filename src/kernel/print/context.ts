/** What every part of the plan's printer shares while one query is printed. */
import type { CallTypes, KernelForms } from '#src/functions/function'
import type { Column, Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import type { PreparedScan } from '#src/scan/units'
import type { Type } from '#src/types/type'

export interface PlanPrinter {
  readonly queryId: string
  readonly forms: KernelForms
  /** A value in its stored form; `order` as in ExpressionContext. */
  expr(expr: Expr, order?: 'any' | 'none'): string
  /** A filter's or an inner join's condition; `overJoin` as in printPredicate, `order` as in ExpressionContext. */
  predicate(expr: Expr, overJoin?: boolean, order?: 'any' | 'none'): string
  /** Whether computing it on some row can fail. */
  mayRaise(expr: Expr): boolean
  /** A SELECT statement whose columns are called as `columnName` says. */
  query(plan: LogicalPlan): string
  /** The same as an item of a FROM clause. */
  relation(plan: LogicalPlan): string
  /** What a form may know of a call. */
  callTypes(args: readonly Expr[], result: Type, at: CallTypes['at']): CallTypes
  scan(id: number): PreparedScan
  /** Files of a scan of stored results. */
  storedFiles(id: number): readonly string[] | undefined
  /** Names of the tables that keep the malformed records of a group of CSV units. */
  rejectTables(scan: number, group: number): { readonly errors: string; readonly scans: string }
  /** Adds a statement that runs before the query, on its connection. */
  before(statement: string): void
  /** A name that nothing else of this query has. */
  unique(stem: string): string
}

export function columnName(column: { readonly id: number }): string {
  return `c${column.id}`
}

/** `c1, c2`; a relation without columns still needs one. */
export function columnList(columns: readonly Column[]): string {
  return columns.length === 0 ? 'NULL AS none' : columns.map(columnName).join(', ')
}

/** An SQL identifier, whatever its text. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
