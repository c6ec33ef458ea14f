/** ORDER BY: every key sorts by its order key, with the place of NULLs said. */
import { QueryError } from '#src/common/errors'
import { holdsFloat, leastNaN } from '#src/functions/least-nan'
import { coerce } from '#src/logical/coerce'
import type { Limit, Sort, SortKey } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { isInteger } from '#src/types/coercion'
import type { Type } from '#src/types/type'
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

/**
 * The same for a window, where frames want an order even if it is that of a constant.
 * @param place gives each key's text another form
 */
export function printWindowOrder(keys: readonly SortKey[], printer: PlanPrinter, place: (text: string) => string): string {
  const varying = keys.filter((key) => key.value.kind !== 'literal')
  return listKeys(varying.length > 0 ? varying : keys.slice(0, 1), printer, place)
}

/** The same where offsets of a RANGE frame are added to the key, which then is the only one; integers of the type that is given. */
export function printRangeOrder([key]: readonly SortKey[], as: Type | undefined, printer: PlanPrinter): string {
  if (key === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A RANGE frame with an offset has no sort key')
  const value = as !== undefined && isInteger(key.value.type) ? coerce(key.value, as) : key.value
  // The field of a NULL struct has no type for the kernel.
  const untyped = value.kind === 'literal' && value.value === null && value.type.kind === 'timestamp with time zone'
  const text = untyped ? 'CAST(NULL AS TIMESTAMP)' : printer.forms.orderKey(printer.expr(value), value.type)
  return ` ORDER BY ${text} ${directionOf(key)}`
}

function listKeys(keys: readonly SortKey[], printer: PlanPrinter, place = (text: string) => text): string {
  if (keys.length === 0) return ''
  const texts = keys.flatMap((key) => {
    const direction = directionOf(key)
    return orderKeys(key, printer).map((text) => `${place(text)} ${direction}`)
  })
  return ` ORDER BY ${texts.join(', ')}`
}

const directionOf = ({ descending, nullsFirst }: SortKey): string => `${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`

/** Under NULLS FIRST Trino takes NaN for the least of numbers, otherwise for the greatest, as the kernel does. */
function orderKeys({ value, nullsFirst }: SortKey, printer: PlanPrinter): readonly string[] {
  const { forms } = printer
  const text = printer.expr(value)
  if (!nullsFirst || !holdsFloat(value.type)) return [forms.orderKey(text, value.type)]
  return value.type.kind === 'real' || value.type.kind === 'double'
    ? [`(NOT isnan(${text}))`, text]
    : [`CASE WHEN ${text} IS NOT NULL THEN ${leastNaN(text, value.type, forms)} END`]
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
