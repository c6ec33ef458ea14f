/** ORDER BY: every key sorts by its order key, with the place of NULLs said. */
import { QueryError } from '#src/common/errors'
import type { Limit, Sort, SortKey } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { columnList, type PlanPrinter } from './context.ts'

/**
 * ` ORDER BY k1 ASC NULLS LAST, k2 DESC NULLS FIRST`, or nothing where every key is a constant: constants order nothing,
 * and the kernel takes a bare number for a column's place.
 */
export function printOrderBy(keys: readonly SortKey[], printer: PlanPrinter): string {
  return listKeys(
    keys.filter((key) => key.value.kind !== 'literal'),
    printer,
  )
}

/** The same for a window, where frames want an order even if it is that of a constant. */
export function printWindowOrder(keys: readonly SortKey[], printer: PlanPrinter): string {
  return printOrderBy(keys, printer) || listKeys(keys.slice(0, 1), printer)
}

function listKeys(keys: readonly SortKey[], printer: PlanPrinter): string {
  if (keys.length === 0) return ''
  const texts = keys.map(({ value, descending, nullsFirst }) => {
    const text = printer.forms.orderKey(printer.expr(value), value.type)
    return `${text} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`
  })
  return ` ORDER BY ${texts.join(', ')}`
}

export function printSort(plan: Sort, printer: PlanPrinter): string {
  return `SELECT ${columnList(outputOf(plan))} FROM ${printer.relation(plan.input)}${printOrderBy(plan.keys, printer)}`
}

/** Over a Sort, ORDER BY and LIMIT stand in one SELECT: the kernel then keeps only the first rows while it sorts. */
export function printLimit(plan: Limit, printer: PlanPrinter): string {
  if (plan.withTies) return printWithTies(plan, printer)
  const input =
    plan.input.kind === 'sort'
      ? printSort(plan.input, printer)
      : `SELECT ${columnList(outputOf(plan))} FROM ${printer.relation(plan.input)}`
  const limit = plan.count === undefined ? '' : ` LIMIT ${plan.count}`
  const offset = plan.offset === 0 ? '' : ` OFFSET ${plan.offset}`
  return input + limit + offset
}

/** All rows whose place is behind the offset and whose rank says that they are not behind the last row taken. */
function printWithTies(plan: Limit, printer: PlanPrinter): string {
  const { input: sort, count, offset } = plan
  if (sort.kind !== 'sort' || count === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'WITH TIES stands over no ORDER BY')
  const columns = columnList(outputOf(plan))
  const over = `OVER (${printOrderBy(sort.keys, printer).trimStart()})`
  const ranked = `SELECT ${columns}, rank() ${over} AS ties_rank, row_number() ${over} AS ties_place FROM ${printer.relation(sort.input)}`
  const taken = count === 0 ? 'false' : `ties_place > ${offset} AND ties_rank <= ${offset + count}`
  return `SELECT ${columns} FROM (${ranked}) WHERE ${taken} ORDER BY ties_place`
}
