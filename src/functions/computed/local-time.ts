/**
 * A local time in milliseconds since 1970, and its fields as Joda-Time has them: a field's value can be set, and all that
 * is finer than the field can be cleared. Years are those of ISO 8601, with a year 0.
 */
import { civilOf, daysOf, floorDiv } from '#src/types/calendar'

export interface Field {
  /** Milliseconds of one, about, and of what its numbers begin anew in: years of nothing, days of a month. */
  readonly unit: number
  readonly range: number
  /** Undefined for a value that the field cannot have there. */
  readonly set: (time: number, value: number) => number | undefined
  /** The time at which the field's present value began. */
  readonly floor: (time: number) => number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const HALF_DAY = 12 * HOUR
export const DAY = 24 * HOUR
const WEEK = 7 * DAY
const MONTH = 2_629_746_000
const YEAR = 12 * MONTH
const EVER = Number.POSITIVE_INFINITY

const MAX_YEAR = 270_000

const dayOf = (time: number): number => Math.floor(time / DAY)
const timeOfDay = (time: number): number => time - dayOf(time) * DAY

/** Days since 1970 of a day that there is. */
const firstOf = (year: number, month: number): number => Number(daysOf({ year, month, day: 1 }) as bigint)

export interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly dayOfYear: number
  /** 1 is Monday. */
  readonly weekday: number
  readonly weekYear: number
  readonly week: number
}

export function partsOf(time: number): Parts {
  const days = dayOf(time)
  const { year, month, day } = civilOf(BigInt(days))
  const weekday = ((((days + 3) % 7) + 7) % 7) + 1
  const thursday = days - weekday + 4
  const weekYear = civilOf(BigInt(thursday)).year
  const week = Math.floor((thursday - firstOf(weekYear, 1)) / 7) + 1
  return { year, month, day, dayOfYear: days - firstOf(year, 1) + 1, weekday, weekYear, week }
}

const isLeap = (year: number): boolean => firstOf(year + 1, 1) - firstOf(year, 1) === 366
const monthLength = (year: number, month: number): number =>
  (month === 12 ? firstOf(year + 1, 1) : firstOf(year, month + 1)) - firstOf(year, month)
/** The Monday of the first week, days since 1970. */
function firstWeek(weekYear: number): number {
  const fourth = firstOf(weekYear, 1) + 3
  return fourth - (partsOf(fourth * DAY).weekday - 1)
}
const weeksOf = (weekYear: number): number => (firstWeek(weekYear + 1) - firstWeek(weekYear)) / 7

/** After the end of February a date keeps its day and month, as Joda has it. */
function setYear(time: number, year: number): number | undefined {
  if (Math.abs(year) > MAX_YEAR) return undefined
  const from = partsOf(time)
  const shift = from.dayOfYear <= 59 ? 0 : Number(isLeap(year)) - Number(isLeap(from.year))
  return (firstOf(year, 1) + from.dayOfYear + shift - 1) * DAY + timeOfDay(time)
}

function setWeekYear(time: number, weekYear: number): number | undefined {
  if (Math.abs(weekYear) > MAX_YEAR) return undefined
  const from = partsOf(time)
  return (firstWeek(weekYear) + (Math.min(from.week, weeksOf(weekYear)) - 1) * 7 + from.weekday - 1) * DAY + timeOfDay(time)
}

function setMonth(time: number, month: number): number | undefined {
  if (month < 1 || month > 12) return undefined
  const { year, day } = partsOf(time)
  return (firstOf(year, month) + Math.min(day, monthLength(year, month)) - 1) * DAY + timeOfDay(time)
}

/** A field whose numbers count units of fixed length, from `first` on. */
function counted(unit: number, range: number, first: number, numberOf: (time: number) => number, most: (time: number) => number): Field {
  return {
    unit,
    range,
    set: (time, value) => (value < first || value > most(time) ? undefined : time + (value - numberOf(time)) * unit),
    floor: (time) => Math.floor(time / unit) * unit,
  }
}

const clock = (unit: number, range: number): Field =>
  counted(
    unit,
    range,
    0,
    (time) => Math.floor((timeOfDay(time) % range) / unit),
    () => range / unit - 1,
  )

/** Of 1 to n, n standing for 0. */
const fromOne = (field: Field): Field => ({
  ...field,
  set: (time, value) => (value === 0 ? undefined : field.set(time, value === field.range / field.unit ? 0 : value)),
})

const dayField = (range: number, numberOf: (parts: Parts) => number, most: (parts: Parts) => number): Field =>
  counted(
    DAY,
    range,
    1,
    (time) => numberOf(partsOf(time)),
    (time) => most(partsOf(time)),
  )

const startOfYear = (time: number): number => firstOf(partsOf(time).year, 1) * DAY

const year: Field = { unit: YEAR, range: EVER, set: setYear, floor: startOfYear }
const hourOfHalfDay = clock(HOUR, HALF_DAY)
const hourOfDay = clock(HOUR, DAY)

const FIELDS = {
  year,
  yearOfEra: { ...year, set: (time, value) => (value < 1 ? undefined : setYear(time, value)) },
  century: {
    ...year,
    unit: 100 * YEAR,
    set: (time, value) => setYear(time, value * 100 + (partsOf(time).year % 100)),
    floor: (time) => firstOf(Math.floor(partsOf(time).year / 100) * 100, 1) * DAY,
  },
  weekYear: { unit: YEAR, range: EVER, set: setWeekYear, floor: (time) => firstWeek(partsOf(time).weekYear) * DAY },
  month: {
    unit: MONTH,
    range: YEAR,
    set: setMonth,
    floor: (time) => {
      const parts = partsOf(time)
      return firstOf(parts.year, parts.month) * DAY
    },
  },
  week: {
    ...counted(
      WEEK,
      YEAR,
      1,
      (time) => partsOf(time).week,
      (time) => weeksOf(partsOf(time).weekYear),
    ),
    floor: (time) => (dayOf(time) - partsOf(time).weekday + 1) * DAY,
  },
  dayOfYear: dayField(
    YEAR,
    (parts) => parts.dayOfYear,
    (parts) => (isLeap(parts.year) ? 366 : 365),
  ),
  day: dayField(
    MONTH,
    (parts) => parts.day,
    (parts) => monthLength(parts.year, parts.month),
  ),
  weekday: dayField(
    WEEK,
    (parts) => parts.weekday,
    () => 7,
  ),
  halfDay: clock(HALF_DAY, DAY),
  hourOfHalfDay,
  clockOfHalfDay: fromOne(hourOfHalfDay),
  hour: hourOfDay,
  clockOfDay: fromOne(hourOfDay),
  minute: clock(MINUTE, HOUR),
  second: clock(SECOND, MINUTE),
  millis: clock(1, SECOND),
} satisfies Record<string, Field>

export type FieldName = keyof typeof FIELDS

const DEFAULT_YEAR = 2000

/**
 * The time that the fields make, set from the coarsest to the finest on 1970-01-01, twice, as Joda does: so later fields
 * win. Dates without a year are of 2000. Undefined where a field cannot have its value.
 */
export function timeOfFields(given: readonly { readonly name: FieldName; readonly value: number }[]): number | undefined {
  const inOrder = (fields: typeof given) =>
    fields
      .map((entry) => ({ ...entry, field: FIELDS[entry.name] as Field }))
      .sort((a, b) => order(b.field.range, a.field.range) || order(b.field.unit, a.field.unit))
  let fields = inOrder(given)
  const [first] = fields
  if (first === undefined) return 0
  if (first.field.unit <= MONTH && first.field.unit >= DAY) fields = inOrder([{ name: 'year', value: DEFAULT_YEAR }, ...given])
  let time = 0
  for (const pass of [1, 2]) {
    for (const [index, { field, value }] of fields.entries()) {
      const set = field.set(time, value)
      if (set === undefined) return undefined
      time = pass === 1 || index === fields.length - 1 ? field.floor(set) : set
    }
  }
  return time
}

const order = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** For callers that hold microseconds. */
export const millisOf = (micros: bigint): number => Number(floorDiv(micros, 1000n))
