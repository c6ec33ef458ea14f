/** Window calls: one SELECT item each, partitioned by equality keys and ordered by order keys. */
import { bindOperator } from '#src/functions/bind'
import { raise } from '#src/functions/kernel-error'
import type { Expr } from '#src/logical/expression'
import type { FrameBound, SortKey, Window, WindowFrame } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { commonSuperType, isInteger } from '#src/types/coercion'
import type { Type } from '#src/types/type'
import { printAggregateCall } from './aggregate.ts'
import { columnName, type PlanPrinter } from './context.ts'
import { mayHaveLambda } from './outer-columns.ts'
import { printRangeOrder, printWindowOrder } from './sort.ts'

export function printWindow(plan: Window, printer: PlanPrinter): string {
  // The kernel fails on lambdas of keys inside of calls that have lambdas themselves: such keys are computed below.
  const below = new Map<string, string>()
  const place = (text: string): string => {
    if (!mayHaveLambda(text)) return text
    const name = below.get(text) ?? printer.unique('k')
    below.set(text, name)
    return name
  }
  const partition = plan.partitionBy
    .filter((key) => key.kind !== 'literal')
    .map((key) => place(printer.forms.equalityKey(printer.expr(key), key.type)))
  const parts = partition.length === 0 ? [] : [`PARTITION BY ${partition.join(', ')}`]
  const order = printWindowOrder(plan.orderBy, printer, place).trimStart()
  const calls = plan.calls.map(({ column, call, ignoreNulls, frame }) => {
    const spec = [
      ...parts,
      frame !== undefined && hasRangeOffset(frame) ? printRangeOrder(plan.orderBy, rangeType(plan, frame), printer).trimStart() : order,
    ].join(' ')
    const over = ` OVER (${spec}${frame === undefined ? '' : ` ${printFrame(frame, plan, printer)}`})`
    const text = printAggregateCall(call, over, ignoreNulls ? ' IGNORE NULLS' : '', printer)
    // A frame that ends before it begins has -1 rows for the kernel.
    const counted =
      call.function.name === 'count' && call.args.length === 0 && frame?.start.value !== undefined && frame.end.value !== undefined
    return `${counted ? `greatest(${text}, 0)` : text} AS ${columnName(column)}`
  })
  const relation = printer.relation(plan.input)
  const keys = [...below].map(([text, name]) => `${text} AS ${name}`).join(', ')
  const input = keys === '' ? relation : `(SELECT *, ${keys} FROM ${relation}) AS ${printer.unique('t')}`
  return `SELECT ${[...outputOf(plan.input).map(columnName), ...calls].join(', ')} FROM ${input}`
}

const hasRangeOffset = (frame: WindowFrame | undefined): boolean =>
  frame?.unit === 'range' && (frame.start.value ?? frame.end.value) !== undefined

function printFrame(frame: WindowFrame, plan: Window, printer: PlanPrinter): string {
  const [key] = hasRangeOffset(frame) ? plan.orderBy : []
  const start = printBound(frame.start, 'starting', frame, key, printer)
  const end = printBound(frame.end, 'ending', frame, key, printer)
  const exclusion = frame.exclusion === undefined ? '' : ` EXCLUDE ${frame.exclusion.toUpperCase()}`
  return `${frame.unit.toUpperCase()} BETWEEN ${start} AND ${end}${exclusion}`
}

/** In which type offsets are added to the key: not in one of fewer bits than theirs. */
function rangeType({ orderBy: [key] }: Window, { start, end }: WindowFrame): Type | undefined {
  const types = [key?.value, start.value, end.value].flatMap((value) => (value !== undefined && isInteger(value.type) ? [value.type] : []))
  return types.reduce<Type | undefined>((common, type) => (common === undefined ? type : commonSuperType(common, type)), undefined)
}

/** `key`: what offsets of a RANGE frame are added to. */
function printBound(bound: FrameBound, which: string, frame: WindowFrame, key: SortKey | undefined, printer: PlanPrinter): string {
  const { value, kind } = bound
  if (value === undefined) return kind.toUpperCase()
  const text = printer.expr(value)
  // Trino fails on a NULL or negative offset; the kernel would take it.
  const fine = value.kind === 'literal' && (typeof value.value === 'bigint' || typeof value.value === 'number') && value.value >= 0
  const what = frame.unit === 'range' ? 'offset value' : 'offset'
  const failure = raise('INVALID_WINDOW_FRAME', `Window frame ${which} ${what} must not be negative or null`)
  const offset = key === undefined ? text : rangeOffset(text, value, (kind === 'preceding') !== key.descending, key.value, printer)
  const float = value.type.kind === 'double' || value.type.kind === 'real'
  return `${fine ? offset : `(CASE WHEN ${text} IS NULL OR ${text} < 0${float ? ` OR isnan(${text})` : ''} THEN ${failure} ELSE ${offset} END)`} ${kind.toUpperCase()}`
}

/** Intervals are stored as numbers; added to a date or timestamp they must be the kernel's intervals. */
function rangeOffset(text: string, offset: Expr, down: boolean, key: Expr, printer: PlanPrinter): string {
  if (isInterval(key.type)) return text
  switch (offset.type.kind) {
    case 'interval day to second':
      // Times with zones sort by their microseconds.
      if (key.type.kind === 'time with time zone') return `(${text} * 1000)`
      return key.type.kind === 'date' ? wholeDays(text, down) : `to_milliseconds(${text})`
    case 'interval year to month':
      return key.type.kind === 'timestamp with time zone' ? zonedMonths(offset, down, key, printer) : `to_months(${text})`
    default:
      return text
  }
}

function wholeDays(text: string, down: boolean): string {
  const failure = raise(
    'INVALID_FUNCTION_ARGUMENT',
    `Cannot ${down ? 'subtract hour, minutes or seconds from' : 'add hour, minutes or seconds to'} a date`,
  )
  return `CASE WHEN ${text} % ${MILLIS_PER_DAY} <> 0 THEN ${failure} ELSE to_milliseconds(${text}) END`
}

const MILLIS_PER_DAY = 86_400_000

/** How long the months are in the zone of the key. */
function zonedMonths(offset: Expr, down: boolean, key: Expr, printer: PlanPrinter): string {
  const bound = bindOperator(down ? 'subtract' : 'add', [key.type, offset.type])
  const limit = printer.forms.orderKey(printer.expr({ kind: 'call', type: bound.type, function: bound, args: [key, offset] }), key.type)
  const place = printer.forms.orderKey(printer.expr(key), key.type)
  return down ? `(${place} - ${limit})` : `(${limit} - ${place})`
}

const isInterval = (type: Type | undefined): boolean => type?.kind === 'interval day to second' || type?.kind === 'interval year to month'
