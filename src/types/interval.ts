/** Interval literals: `INTERVAL '1 02:03:04.5' DAY TO SECOND`. */
import { type Position, QueryError } from '#src/common/errors'
import type { TypedValue } from './literal.ts'
import { INTERVAL_DAY_TO_SECOND, INTERVAL_YEAR_TO_MONTH } from './type.ts'

export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'

const FIELDS: readonly IntervalField[] = ['day', 'hour', 'minute', 'second']
const MILLIS = { day: 86_400_000n, hour: 3_600_000n, minute: 60_000n, second: 1000n } as const
/** What stands before each field when it is not the first. */
const SEPARATORS = { day: '', hour: ' ', minute: ':', second: ':' } as const

/**
 * @param sign the sign written before the quotes
 * @throws INVALID_LITERAL when the text does not fit the fields, NOT_SUPPORTED for fields that Trino does not combine
 */
export function intervalLiteral(
  text: string,
  sign: '+' | '-',
  from: IntervalField,
  to: IntervalField | undefined,
  at?: Position,
): TypedValue {
  const last = to ?? from
  const yearMonth = from === 'year' || from === 'month'
  const amount = yearMonth ? months(text, from, last) : millis(text, from, last)
  if (amount === undefined) {
    throw new QueryError('INVALID_LITERAL', `'${text}' is not a valid INTERVAL literal`, { at })
  }
  return { type: yearMonth ? INTERVAL_YEAR_TO_MONTH : INTERVAL_DAY_TO_SECOND, value: sign === '-' ? -amount : amount }
}

function months(text: string, from: IntervalField, to: IntervalField): bigint | undefined {
  const match = from === 'year' && to === 'month' ? /^([+-]?)(\d+)-(\d+)$/.exec(text) : from === to ? /^([+-]?)(\d+)$/.exec(text) : null
  if (match === null) return undefined
  const [, sign, first = '0', second = '0'] = match
  const total = from === 'year' ? BigInt(first) * 12n + BigInt(second) : BigInt(first)
  if (total > 2_147_483_647n) return undefined
  return sign === '-' ? -total : total
}

function millis(text: string, from: IntervalField, to: IntervalField): bigint | undefined {
  const fields = FIELDS.slice(FIELDS.indexOf(from), FIELDS.indexOf(to) + 1)
  if (fields.length === 0 || fields[0] !== from) return undefined
  const pattern = fields.map((field, index) => `${index === 0 ? '' : SEPARATORS[field as 'hour']}(\\d+)`).join('')
  const fraction = to === 'second' ? '(?:\\.(\\d{1,9}))?' : '()'
  const match = new RegExp(`^([+-]?)${pattern}${fraction}$`).exec(text)
  if (match === null) return undefined
  let total = 0n
  fields.forEach((field, index) => {
    total += BigInt(match[index + 2] ?? '0') * MILLIS[field as 'day']
  })
  total += BigInt((match.at(-1) ?? '').padEnd(3, '0').slice(0, 3))
  if (total > 9_223_372_036_854_775_807n) return undefined
  return match[1] === '-' ? -total : total
}
