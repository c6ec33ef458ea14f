/** ORDER BY: every key sorts by its order key, with the place of NULLs said. */
import type { Limit, Sort, SortKey } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { columnList, type PlanPrinter } from './context.ts'

/** `k1 ASC NULLS LAST, k2 DESC NULLS FIRST`. */
export function printSortKeys(keys: readonly SortKey[], printer: PlanPrinter): string {
  return keys
    .map(
      (key) =>
        `${sortable(printer.forms.orderKey(printer.expr(key.value), key.value.type))} ${key.descending ? 'DESC' : 'ASC'} NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`,
    )
    .join(', ')
}

/** A bare number in ORDER BY or PARTITION BY would be a column's position. */
export function sortable(text: string): string {
  return /^[-+]?[\d.]/.test(text) ? `(${text} + 0)` : text
}

export function printSort(plan: Sort, printer: PlanPrinter): string {
  return `SELECT ${columnList(outputOf(plan))} FROM ${printer.relation(plan.input)} ORDER BY ${printSortKeys(plan.keys, printer)}`
}

/** Over a Sort, ORDER BY and LIMIT stand in one SELECT: the kernel then keeps only the first rows while it sorts. */
export function printLimit(plan: Limit, printer: PlanPrinter): string {
  if (plan.withTies && plan.input.kind === 'sort' && plan.count !== undefined) return printWithTies(plan, plan.input, plan.count, printer)
  const input =
    plan.input.kind === 'sort'
      ? printSort(plan.input, printer)
      : `SELECT ${columnList(outputOf(plan))} FROM ${printer.relation(plan.input)}`
  const limit = plan.count === undefined ? '' : ` LIMIT ${plan.count}`
  const offset = plan.offset === 0 ? '' : ` OFFSET ${plan.offset}`
  return input + limit + offset
}

/** All rows whose place is behind the offset and whose rank says that they are not behind the last row taken. */
function printWithTies(plan: Limit, sort: Sort, count: number, printer: PlanPrinter): string {
  const columns = columnList(outputOf(plan))
  const order = printSortKeys(sort.keys, printer)
  const ranked = `SELECT ${columns}, rank() OVER (ORDER BY ${order}) AS ties_rank, row_number() OVER (ORDER BY ${order}) AS ties_place FROM ${printer.relation(sort.input)}`
  const taken = count === 0 ? 'false' : `ties_place > ${plan.offset} AND ties_rank <= ${plan.offset + count}`
  return `SELECT ${columns} FROM (${ranked}) WHERE ${taken} ORDER BY ties_place`
}
