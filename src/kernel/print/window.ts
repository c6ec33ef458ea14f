/** Window calls: one SELECT item each, partitioned by equality keys and ordered by order keys. */
import { QueryError } from '#src/common/errors'
import { raise } from '#src/functions/kernel-error'
import type { Expr } from '#src/logical/expression'
import type { FrameBound, Window, WindowFrame } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import type { Type } from '#src/types/type'
import { printAggregateCall } from './aggregate.ts'
import { columnName, type PlanPrinter } from './context.ts'
import { printWindowOrder } from './sort.ts'

export function printWindow(plan: Window, printer: PlanPrinter): string {
  const partition = plan.partitionBy
    .filter((key) => key.kind !== 'literal')
    .map((key) => printer.forms.equalityKey(printer.expr(key), key.type))
  const spec = [
    ...(partition.length === 0 ? [] : [`PARTITION BY ${partition.join(', ')}`]),
    printWindowOrder(plan.orderBy, printer).trimStart(),
  ].join(' ')
  const calls = plan.calls.map(({ column, call, ignoreNulls, frame }) => {
    const over = ` OVER (${spec}${frame === undefined ? '' : ` ${printFrame(frame, plan, printer)}`})`
    return `${printAggregateCall(call, over, ignoreNulls ? ' IGNORE NULLS' : '', printer)} AS ${columnName(column)}`
  })
  return `SELECT ${[...outputOf(plan.input).map(columnName), ...calls].join(', ')} FROM ${printer.relation(plan.input)}`
}

function printFrame(frame: WindowFrame, plan: Window, printer: PlanPrinter): string {
  if (frame.unit === 'range' && (frame.start.value ?? frame.end.value) !== undefined) {
    const key = plan.orderBy[0]?.value
    const months = [frame.start.value, frame.end.value].some((value) => value?.type.kind === 'interval year to month')
    const instant = key?.type.kind === 'timestamp with time zone' && !months
    if (key === undefined || !(printer.forms.isNative(key.type) || instant))
      throw new QueryError('NOT_SUPPORTED', 'A RANGE frame with an offset is not supported over this type')
  }
  const moments = !isInterval(plan.orderBy[0]?.value.type)
  const start = printBound(frame.start, 'starting', frame, moments, printer)
  const end = printBound(frame.end, 'ending', frame, moments, printer)
  const exclusion = frame.exclusion === undefined ? '' : ` EXCLUDE ${frame.exclusion.toUpperCase()}`
  return `${frame.unit.toUpperCase()} BETWEEN ${start} AND ${end}${exclusion}`
}

/** `moments`: intervals are added to dates and times, not to intervals. */
function printBound(bound: FrameBound, which: 'starting' | 'ending', frame: WindowFrame, moments: boolean, printer: PlanPrinter): string {
  if (bound.value === undefined) return bound.kind.toUpperCase()
  return `${printOffset(bound.value, which, frame, moments, printer)} ${bound.kind.toUpperCase()}`
}

/** Trino fails on a NULL or negative offset; the kernel would take it. */
function printOffset(value: Expr, which: string, frame: WindowFrame, moments: boolean, printer: PlanPrinter): string {
  const text = printer.expr(value)
  const offset = moments ? asOffset(text, value.type) : text
  if (value.kind === 'literal' && (typeof value.value === 'bigint' || typeof value.value === 'number') && value.value >= 0) return offset
  const what = frame.unit === 'range' ? 'offset value' : 'offset'
  const failure = raise('INVALID_WINDOW_FRAME', `Window frame ${which} ${what} must not be negative or null`)
  return `(CASE WHEN ${text} IS NULL OR ${text} < 0 THEN ${failure} ELSE ${offset} END)`
}

const isInterval = (type: Type | undefined): boolean => type?.kind === 'interval day to second' || type?.kind === 'interval year to month'

/** Intervals are stored as numbers; added to a date or timestamp they must be the kernel's intervals. */
function asOffset(text: string, type: Type): string {
  switch (type.kind) {
    case 'interval day to second':
      return `to_milliseconds(${text})`
    case 'interval year to month':
      return `to_months(${text})`
    default:
      return text
  }
}
