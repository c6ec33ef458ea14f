/** Makes the printer of one query: plan nodes, expressions and scans with one source of names. */

import { QueryError } from '#src/common/errors'
import { guardCalls } from '#src/functions/guard-calls'
import type { LogicalPlan } from '#src/logical/plan'
import type { PreparedScan } from '#src/scan/units'
import { kernelForms } from '../forms.ts'
import { columnBounds } from './bounds.ts'
import type { PlanPrinter } from './context.ts'
import { callTypes, printExpr, printPredicate } from './expression.ts'
import type { ExpressionContext } from './expression-context.ts'
import { mayRaise } from './operand-order.ts'
import { printQuery, printRelation } from './plan.ts'

export interface PrinterOptions {
  readonly queryId: string
  /** The session's zone. */
  readonly zone: string
  /** The query's start, microseconds since the epoch. */
  readonly now: bigint
  /** By Scan.id. */
  readonly scans: ReadonlyMap<number, PreparedScan>
  /** Scans of stored results: their files. */
  readonly stored?: ReadonlyMap<number, readonly string[]> | undefined
}

interface RejectTables {
  readonly scan: number
  readonly group: number
  readonly errors: string
  readonly scans: string
}

export interface QueryPrinter extends PlanPrinter {
  /** What printing has asked for beside the query itself. */
  readonly printed: { readonly setup: readonly string[]; readonly rejects: readonly RejectTables[] }
}

export function createPlanPrinter(options: PrinterOptions): QueryPrinter {
  const forms = kernelForms(options)
  const setup: string[] = []
  const rejects: RejectTables[] = []
  let names = 0
  const context: ExpressionContext = {
    zone: options.zone,
    now: options.now,
    forms,
    printSubquery: (plan: LogicalPlan) => printQuery(plan, printer),
    bounds: columnBounds(options.scans),
  }
  const ordered = (order: ExpressionContext['order']) => (order === undefined ? context : { ...context, order })
  const printer: QueryPrinter = {
    queryId: options.queryId,
    forms,
    expr: (expr, order) => guardCalls(printExpr(expr, ordered(order))),
    predicate: (expr, overJoin, order) => guardCalls(printPredicate(expr, ordered(order), overJoin)),
    mayRaise: (expr) => mayRaise(expr, context),
    query: (plan) => printQuery(plan, printer),
    relation: (plan) => printRelation(plan, printer),
    callTypes: (args, result, at) => callTypes(args, result, at, context),
    scan(id) {
      const scan = options.scans.get(id)
      if (scan === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `The plan reads scan ${id}, which was not prepared`)
      return scan
    },
    storedFiles: (id) => options.stored?.get(id),
    before: (statement) => setup.push(statement),
    unique: (stem) => `${stem}${++names}`,
    rejectTables(scan, group) {
      const name = `rejects${++names}`
      const tables = { scan, group, errors: `${name}_errors`, scans: `${name}_scans` }
      rejects.push(tables)
      return tables
    },
    printed: { setup, rejects },
  }
  return printer
}
