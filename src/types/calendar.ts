/** The proleptic Gregorian calendar on plain numbers, for years that JavaScript's Date cannot hold. */

export const MICROS_PER_SECOND = 1_000_000n
export const MICROS_PER_DAY = 86_400_000_000n
/** Widest range of a date, in days since 1970-01-01: what 32 bits hold and the kernel does not use as infinity. */
const MAX_DAY = 2_147_483_646n

export interface Civil {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
}

/** Days since 1970-01-01; undefined for a day that does not exist. */
export function daysOf({ year, month, day }: Civil): bigint | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  // Years begin in March here, so that the leap day is the last of its year.
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  const days = BigInt(era) * 146_097n + BigInt(dayOfEra) - 719_468n
  return days > MAX_DAY || days < -MAX_DAY ? undefined : days
}

export function civilOf(days: bigint): Civil {
  const shifted = days + 719_468n
  const era = floorDiv(shifted, 146_097n)
  const dayOfEra = Number(shifted - era * 146_097n)
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + Number(era) * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Rounds towards negative infinity. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

/** `2024-02-29`; years beyond 9999 have a sign, as ISO 8601 wants. */
export function formatDate(days: bigint): string {
  const { year, month, day } = civilOf(days)
  const digits = Math.abs(year).toString().padStart(4, '0')
  const sign = year < 0 ? '-' : year > 9999 ? '+' : ''
  return `${sign}${digits}-${two(month)}-${two(day)}`
}

/** `03:04:05.678` with exactly `precision` digits of the fraction. */
export function formatTimeOfDay(micros: bigint, precision: number): string {
  const seconds = Number(micros / MICROS_PER_SECOND)
  const fraction = (micros % MICROS_PER_SECOND).toString().padStart(6, '0').slice(0, precision)
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return precision === 0 ? clock : `${clock}.${fraction}`
}

export function formatTimestamp(micros: bigint, precision: number): string {
  const days = floorDiv(micros, MICROS_PER_DAY)
  return `${formatDate(days)} ${formatTimeOfDay(micros - days * MICROS_PER_DAY, precision)}`
}

export const two = (value: number): string => value.toString().padStart(2, '0')
