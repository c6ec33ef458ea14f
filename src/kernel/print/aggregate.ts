/** GROUP BY with grouping sets. Keys that are not their own equality key group by it and show one of the group's values. */
import { QueryError } from '#src/common/errors'
import type { Column, ColumnId } from '#src/logical/expression'
import type { Aggregate, AggregateCall } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { columnName, type PlanPrinter } from './context.ts'
import { printInput } from './outer-columns.ts'
import { printOrderBy } from './sort.ts'

export function printAggregate(plan: Aggregate, printer: PlanPrinter): string {
  const foreign = plan.keys.filter((key) => !printer.forms.isNative(key.type))
  const keyText = (id: ColumnId) => (foreign.some((key) => key.id === id) ? `k${id}` : `c${id}`)
  const oneSet = plan.groupingSets.length === 1 && plan.groupingSets[0]?.length === plan.keys.length
  const select = [
    ...plan.keys.map((key) => (foreign.includes(key) ? `${shown(key, oneSet)} AS ${columnName(key)}` : columnName(key))),
    ...plan.aggregates.map((entry) => `${printAggregateCall(entry.call, '', '', printer)} AS ${columnName(entry.column)}`),
    ...plan.groupings.map(
      (entry) =>
        `CAST(${entry.of.length === 0 ? '0' : `GROUPING(${entry.of.map(keyText).join(', ')})`} AS ${printer.forms.stored(entry.column.type)}) AS ${columnName(entry.column)}`,
    ),
  ]
  const arguments_ = plan.aggregates.flatMap(({ call }) => [...call.args, ...(call.filter === undefined ? [] : [call.filter])])
  const relation = printInput(plan.input, arguments_, select.join(), printer)
  const input =
    foreign.length === 0
      ? relation
      : `(SELECT ${[
          ...outputOf(plan.input).map(columnName),
          ...foreign.map((key) => `${printer.forms.equalityKey(columnName(key), key.type)} AS k${key.id}`),
        ].join(', ')} FROM ${relation})`
  const from = `SELECT ${select.length === 0 ? 'NULL AS none' : select.join(', ')} FROM ${input}`
  const having = plan.aggregates.length === 0 && select.length === 0 ? ' HAVING count(*) >= 0' : ''
  if (oneSet) return plan.keys.length === 0 ? from + having : `${from} GROUP BY ${plan.keys.map((key) => keyText(key.id)).join(', ')}`
  const sets = plan.groupingSets.map((set) => `(${set.map(keyText).join(', ')})`).join(', ')
  return `${from} GROUP BY GROUPING SETS (${sets})`
}

function shown(key: Column, oneSet: boolean): string {
  const value = `any_value(${columnName(key)})`
  return oneSet ? value : `CASE WHEN GROUPING(k${key.id}) = 0 THEN ${value} END`
}

/** Their forms do what DISTINCT asks for with values of any type, or repetitions change nothing for them. */
const OWN_DISTINCT = new Set(['array_agg', 'min', 'max', 'arbitrary', 'any_value', 'checksum'])

/** `over` is the OVER clause of a window call, or empty; `nulls` its IGNORE NULLS. */
export function printAggregateCall(call: AggregateCall, over: string, nulls: string, printer: PlanPrinter): string {
  const { forms } = printer
  const filter = call.filter === undefined ? '' : ` FILTER (WHERE ${printer.expr(call.filter)})`
  const orderBy = printOrderBy(call.orderBy, printer)
  const foreign = call.distinct && !OWN_DISTINCT.has(call.function.name) && call.args.some((arg) => !forms.isNative(arg.type))
  if (foreign && call.function.name !== 'count')
    throw new QueryError('NOT_SUPPORTED', `${call.function.name}(DISTINCT …) over this type is not supported`, { at: call.at })
  const args = call.args.map((arg) => (foreign ? forms.equalityKey(printer.expr(arg), arg.type) : printer.expr(arg)))
  return call.function.form(args, printer.callTypes(call.args, call.function.type, call.at), {
    distinct: call.distinct ? 'DISTINCT ' : '',
    orderBy,
    suffix: filter + over,
    nulls,
  })
}
