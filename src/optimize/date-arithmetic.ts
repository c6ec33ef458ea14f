import { civilOf, daysOf, MICROS_PER_DAY } from '#src/types/calendar'

/** 0001-01-01 and 9999-12-31: beyond, dates are left to the kernel. */
const FIRST = -719_162n
const LAST = 2_932_896n

/** Adds months; a day that the target month lacks becomes its last day (Trino's rule). Undefined beyond years 1 to 9999. */
export function addMonths(days: bigint, months: bigint): bigint | undefined {
  if (days < FIRST || days > LAST || months < -120_000n || months > 120_000n) return undefined
  const { year, month, day } = civilOf(days)
  const total = year * 12 + month - 1 + Number(months)
  const target = { year: Math.floor(total / 12), month: (((total % 12) + 12) % 12) + 1 }
  if (target.year < 1 || target.year > 9999) return undefined
  for (let last = day; last >= 28; last--) {
    const found = daysOf({ ...target, day: last })
    if (found !== undefined) return found
  }
  return daysOf({ ...target, day })
}

/** Undefined beyond years 1 to 9999. */
export function addDays(days: bigint, count: bigint): bigint | undefined {
  const sum = days + count
  return sum < FIRST || sum > LAST ? undefined : sum
}

/** Undefined beyond years 1 to 9999. */
export function addMicros(micros: bigint, count: bigint): bigint | undefined {
  const sum = micros + count
  return sum < FIRST * MICROS_PER_DAY || sum >= (LAST + 1n) * MICROS_PER_DAY ? undefined : sum
}
