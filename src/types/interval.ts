/** Interval literals: `INTERVAL '1 02:03:04.5' DAY TO SECOND`. Fields at the end may be missing, and a field may exceed its unit. */
import { type Position, QueryError } from '#src/common/errors'
import type { TypedValue } from './literal.ts'
import { INTERVAL_DAY_TO_SECOND, INTERVAL_YEAR_TO_MONTH } from './type.ts'

export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'

const YEAR_MONTH: readonly IntervalField[] = ['year', 'month']
const DAY_SECOND: readonly IntervalField[] = ['day', 'hour', 'minute', 'second']
/** What a field counts: months, or milliseconds. */
const UNITS: Readonly<Record<IntervalField, bigint>> = {
  year: 12n,
  month: 1n,
  day: 86_400_000n,
  hour: 3_600_000n,
  minute: 60_000n,
  second: 1000n,
}
/** What stands before each field when it is not the first. */
const SEPARATORS: Readonly<Record<IntervalField, string>> = { year: '', month: '-', day: '', hour: ' ', minute: ':', second: ':' }

/** A single field is a 32-bit number. */
const MAX_FIELD = 2_147_483_647n

/**
 * @param sign the sign written before the quotes
 * @throws INVALID_LITERAL when the text does not fit the fields, or the fields do not belong together
 */
export function intervalLiteral(
  text: string,
  sign: '+' | '-',
  from: IntervalField,
  to: IntervalField | undefined,
  at?: Position,
): TypedValue {
  const family = YEAR_MONTH.includes(from) ? YEAR_MONTH : DAY_SECOND
  const fields = family.slice(family.indexOf(from), to === undefined ? family.indexOf(from) + 1 : family.indexOf(to) + 1)
  if (to !== undefined && fields.length < 2) {
    throw new QueryError('INVALID_LITERAL', `Invalid interval qualifier: ${from.toUpperCase()} TO ${to.toUpperCase()}`, { at })
  }
  const amount = amountOf(text, fields)
  if (amount === undefined) {
    const qualifier = (to === undefined ? from : `${from} TO ${to}`).toUpperCase()
    throw new QueryError('INVALID_LITERAL', `Invalid INTERVAL ${qualifier} value: ${text}`, { at })
  }
  return { type: family === YEAR_MONTH ? INTERVAL_YEAR_TO_MONTH : INTERVAL_DAY_TO_SECOND, value: sign === '-' ? -amount : amount }
}

/** The sum of the fields; undefined for a text that does not fit them. */
function amountOf(text: string, fields: readonly IntervalField[]): bigint | undefined {
  const negative = text.startsWith('-')
  const rest = negative ? text.slice(1) : text
  if (rest === '') return 0n
  const match = patternOf(fields).exec(rest)
  if (match === null) return undefined
  let total = 0n
  for (const [index, field] of fields.entries()) {
    const value = BigInt(match[index + 1] ?? '0')
    if (value > MAX_FIELD) return undefined
    total += value * UNITS[field]
  }
  if (fields.at(-1) === 'second') total += BigInt((match[fields.length + 1] ?? '').padEnd(3, '0').slice(0, 3))
  if (total > (fields.includes('month') || fields.includes('year') ? MAX_FIELD : 9_223_372_036_854_775_807n)) return undefined
  return negative ? -total : total
}

/** Each field stands inside the group of the one before it, so that what is missing is missing at the end. */
function patternOf(fields: readonly IntervalField[]): RegExp {
  const nested = fields.reduceRight((inner, field, index) => {
    const fraction = field === 'second' ? '(?:\\.(\\d+))?' : ''
    const own = `\\+?(\\d+)${fraction}${inner}`
    return index === 0 ? own : `(?:${SEPARATORS[field]}${own})?`
  }, '')
  return new RegExp(`^${nested}$`)
}
