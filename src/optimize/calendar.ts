/** Dates as days since 1970-01-01 in the proleptic Gregorian calendar, for years 1 to 9999. */

const MS_PER_DAY = 86_400_000
const FIRST = -719_162n
const LAST = 2_932_896n

/** Days of `yyyy-mm-dd`; undefined for any other spelling and for days that do not exist. */
export function daysOfDate(text: string): bigint | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return undefined
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month - 1)) return undefined
  return daysOf(year, month - 1, day)
}

/** `month` from 0. */
function daysOf(year: number, month: number, day: number): bigint {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  return BigInt(date.getTime() / MS_PER_DAY)
}

function daysInMonth(year: number, month: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month + 1, 0)
  return date.getUTCDate()
}

/** Adds months; a day that the target month lacks becomes its last day (Trino's rule). Undefined beyond years 1 to 9999. */
export function addMonths(days: bigint, months: bigint): bigint | undefined {
  if (days < FIRST || days > LAST || months < -120_000n || months > 120_000n) return undefined
  const date = new Date(Number(days) * MS_PER_DAY)
  const total = date.getUTCFullYear() * 12 + date.getUTCMonth() + Number(months)
  const year = Math.floor(total / 12)
  const month = total - year * 12
  if (year < 1 || year > 9999) return undefined
  return daysOf(year, month, Math.min(date.getUTCDate(), daysInMonth(year, month)))
}

/** Undefined beyond years 1 to 9999. */
export function addDays(days: bigint, count: bigint): bigint | undefined {
  const sum = days + count
  return sum < FIRST || sum > LAST ? undefined : sum
}
