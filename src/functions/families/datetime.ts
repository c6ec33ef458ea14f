/** Dates, times and intervals. What has a zone is taken by its wall time there. */
import { QueryError } from '#src/common/errors'
import { DATE, type Type, timestamp, timestampWithTimeZone, varchar } from '#src/types/type'
import { normalizeZone } from '#src/types/zone'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { quote } from '../kernel-error.ts'
import { allGiven } from './array.ts'

const ZONED = 'timestamp(p) with time zone'
const TIME_ZONED = 'time(p) with time zone'
const DAY_SECOND = 'interval day to second'
const YEAR_MONTH = 'interval year to month'

/** A DATE, TIMESTAMP or TIME that shows what the clock shows. */
function wall(value: string, type: Type | undefined): string {
  if (type?.kind === 'timestamp with time zone') return `weir_zoned_wall(${value})`
  return type?.kind === 'time with time zone' ? `CAST((${value}).t AS TIME)` : value
}

/** A field of what has a calendar. */
const field =
  (text: (moment: string) => string): ScalarForm =>
  ([value = ''], { arguments: [type] }) =>
    `CAST(${text(wall(value, type))} AS BIGINT)`

const calendar = (name: string, description: string, text: (moment: string) => string) =>
  scalar([`${name}(date) -> bigint`, `${name}(timestamp(p)) -> bigint`, `${name}(${ZONED}) -> bigint`], description, field(text))

const clock = (name: string, description: string, text: (moment: string) => string, ofInterval: string) => [
  ...scalar(
    [
      `${name}(timestamp(p)) -> bigint`,
      `${name}(${ZONED}) -> bigint`,
      `${name}(time(p)) -> bigint`,
      `${name}(time(p) with time zone) -> bigint`,
    ],
    description,
    field(text),
  ),
  ...scalar(`${name}(${DAY_SECOND}) -> bigint`, description, ofInterval),
]

// ---- units

const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
type Unit = (typeof UNITS)[number]
const isClockUnit = (unit: Unit) => UNITS.indexOf(unit) < UNITS.indexOf('day')

/** What `form` makes of the unit that the first argument names: one form for a constant, else a choice for each row. */
function byUnit(args: readonly string[], types: CallTypes, momentIndex: number, form: (unit: Unit) => string): string {
  const { kind } = types.arguments[momentIndex] as Type
  const isTime = kind === 'time' || kind === 'time with time zone'
  const units = UNITS.filter((unit) => (isTime ? isClockUnit(unit) : kind !== 'date' || !isClockUnit(unit)))
  const stored = types.kernel.stored(types.result)
  const nulls = args.map((arg) => `${arg} IS NULL`).join(' OR ')
  const kindName = kind === 'date' ? 'DATE' : isTime ? 'TIME' : 'TIMESTAMP'
  const shown = isTime ? `lower(${args[0]})` : args[0]
  const failed = `CAST(error('WEIR|INVALID_FUNCTION_ARGUMENT|''' || ${shown} || ''' is not a valid ${kindName} field') AS ${stored})`
  const constant = types.constants[0]
  if (constant === null) return `CAST(NULL AS ${stored})`
  if (typeof constant === 'string') {
    const unit = units.find((known) => known === constant.toLowerCase())
    return unit === undefined ? `CASE WHEN ${nulls} THEN NULL ELSE ${failed} END` : form(unit)
  }
  const choices = units.map((unit) => `WHEN lower(${args[0]}) = '${unit}' THEN ${form(unit)}`)
  return `CASE WHEN ${nulls} THEN NULL ${choices.join(' ')} ELSE ${failed} END`
}

/** A time, with time zone or without, whose microseconds of the day are changed; they may lie beyond the day. */
const timeOf = (value: string, type: Type, micros: (us: string) => string): string =>
  type.kind === 'time'
    ? `weir_time_of_us(${micros(`epoch_us(${value})`)})`
    : `CASE WHEN ${value} IS NOT NULL THEN struct_pack(t := weir_time_of_us(${micros(`epoch_us(CAST((${value}).t AS TIME))`)}), z := (${value}).z) END`

const truncated: ScalarForm = (args, types) =>
  byUnit(args, types, 1, (unit) => {
    const value = args[1] as string
    const type = types.arguments[1] as Type
    switch (type.kind) {
      case 'date':
        return `CAST(date_trunc('${unit}', ${value}) AS DATE)`
      case 'time':
      case 'time with time zone':
        return timeOf(value, type, (us) => `${us} // ${MICROS[unit]} * ${MICROS[unit]}`)
      case 'timestamp with time zone':
        return isClockUnit(unit)
          ? `list_transform([${value}], lambda x: weir_zoned(x.t - (weir_wall(x.t, x.z) - date_trunc('${unit}', weir_wall(x.t, x.z))), x.z))[1]`
          : `list_transform([${value}], lambda x: weir_zoned(weir_near_instant(date_trunc('${unit}', weir_wall(x.t, x.z)), x.z, x.t), x.z))[1]`
      default:
        return `date_trunc('${unit}', ${value})`
    }
  })

const MICROS: Readonly<Record<Unit, bigint>> = {
  millisecond: 1000n,
  second: 1_000_000n,
  minute: 60_000_000n,
  hour: 3_600_000_000n,
  day: 86_400_000_000n,
  week: 604_800_000_000n,
  month: 0n,
  quarter: 0n,
  year: 0n,
}

/** The kernel's interval of `count` units. */
function interval(unit: Unit, count: string): string {
  switch (unit) {
    case 'month':
      return `to_months(CAST(${count} AS INTEGER))`
    case 'quarter':
      return `to_months(CAST(${count} * 3 AS INTEGER))`
    case 'year':
      return `to_months(CAST(${count} * 12 AS INTEGER))`
    case 'day':
      return `to_days(CAST(${count} AS INTEGER))`
    case 'week':
      return `to_days(CAST(${count} * 7 AS INTEGER))`
    default:
      return `to_microseconds(${count} * ${MICROS[unit]})`
  }
}

const MICROS_PER_DAY = 86_400_000_000n
const precisionOf = (type: Type): number => ('precision' in type && type.kind !== 'decimal' ? type.precision : 0)

const added: ScalarForm = (args, types) =>
  byUnit(args, types, 2, (unit) => {
    const sql = addedTo(unit, args, types)
    // The kernel's intervals have no place for a larger number, which beside NULL does not matter.
    const constant = types.constants[1]
    const fits = typeof constant === 'bigint' && constant === BigInt.asIntN(32, constant)
    return fits ? sql : allGiven([args[2] ?? ''], sql)
  })

function addedTo(unit: Unit, args: readonly string[], types: CallTypes): string {
  const [, count = '', value = ''] = args
  const type = types.arguments[2] as Type
  if (type.kind === 'date') return `CAST(${value} + ${interval(unit, count)} AS DATE)`
  // The least unit is the millisecond: only coarser times need rounding.
  const digit = unit === 'millisecond' && precisionOf(type) < 3 ? 10 ** (6 - precisionOf(type)) : 1
  if (type.kind === 'time' || type.kind === 'time with time zone') {
    const moved = (us: string) => `(${us} + ${count} % ${MICROS_PER_DAY / MICROS[unit]} * ${MICROS[unit]} + ${MICROS_PER_DAY})`
    return timeOf(value, type, (us) => (digit === 1 ? moved(us) : `weir_round_us(${moved(us)}, ${digit})`))
  }
  const step = interval(unit, count)
  if (type.kind !== 'timestamp with time zone') return digit === 1 ? `(${value} + ${step})` : `weir_round_ts(${value} + ${step}, ${digit})`
  if (!isClockUnit(unit)) return `weir_zoned_add_wall(${value}, ${step})`
  return digit === 1
    ? `weir_zoned_add(${value}, ${step})`
    : `weir_zoned(weir_round_ts(CAST((${value}).t AS TIMESTAMP) + ${step}, ${digit}), (${value}).z)`
}

/** Complete units between two moments, fractions of milliseconds left out; days and more by the clock of the first one's zone. */
const difference: ScalarForm = (args, types) =>
  byUnit(args, types, 1, (unit) => {
    const [, from = '', to = ''] = args
    const type = types.arguments[1] as Type
    const isFine = precisionOf(type) > 3
    const whole = (value: string) => (isFine ? `date_trunc('millisecond', ${value})` : value)
    switch (type.kind) {
      case 'time':
        return `((epoch_us(${to}) - epoch_us(${from})) // ${MICROS[unit]})`
      case 'time with time zone':
        return `((weir_time_utc_us(${to}) - weir_time_utc_us(${from})) // ${MICROS[unit]})`
      case 'timestamp with time zone':
        // Beyond milliseconds Trino counts days in UTC.
        return isClockUnit(unit) || isFine
          ? `date_sub('${unit}', ${whole(`CAST((${from}).t AS TIMESTAMP)`)}, ${whole(`CAST((${to}).t AS TIMESTAMP)`)})`
          : `list_transform([struct_pack(a := ${from}, b := ${to})], lambda x: date_sub('${unit}', weir_wall(x.a.t, x.a.z), weir_wall(x.b.t, x.a.z)))[1]`
      default:
        return `date_sub('${unit}', ${whole(from)}, ${whole(to)})`
    }
  })

// ---- zones

/** A zone argument; a constant is normalized here. */
function zoneText(sql: string, constant: unknown): string {
  const zone = typeof constant === 'string' ? normalizeZone(constant) : undefined
  return zone === undefined ? `weir_zone_name(${sql})` : quote(zone)
}

const sessionZone = (zone: string) => quote(normalizeZone(zone) ?? zone)

const fromUnixTime: ScalarForm = ([seconds = '', zone], types) => {
  if (zone === undefined) return `weir_zoned(weir_ts_of_seconds(${seconds}), ${sessionZone(types.zone)})`
  const constant = types.constants[1]
  const known = typeof constant === 'string' ? normalizeZone(constant) : undefined
  if (known !== undefined) return `weir_zoned(weir_ts_of_seconds(${seconds}), ${quote(known)})`
  return allGiven([seconds, zone], `weir_zoned(weir_ts_of_seconds(${seconds}), weir_supported_zone(${zone}))`)
}

const nowLiteral = ({ now, zone }: CallTypes) => `struct_pack(t := make_timestamp(${(now / 1000n) * 1000n}), z := ${sessionZone(zone)})`

/** Milliseconds and what lies beyond them are divided one by one, as Trino does: the last digit of a double depends on it. */
function secondsOf(value: string, type: Type | undefined): string {
  const millis = `weir_floor_div(epoch_us(${value}), 1000)`
  if (type === undefined || precisionOf(type) <= 3) return `(${millis} / 1000e0)`
  return `(${millis} / 1000e0 + (epoch_us(${value}) - ${millis} * 1000) * 1000000e0 / 1000000000000e0)`
}

/** Digits of a year with its sign, the rest of the date and the clock, the fraction with its point. */
function isoLength(type: Type | undefined): number {
  const precision = type === undefined ? 0 : precisionOf(type)
  return 22 + Math.min(precision, 1) + precision
}

const refusedNanos: ScalarForm = (_args, { at }) => {
  throw new QueryError('NOT_SUPPORTED', 'timestamp(9) with time zone is not supported: the highest precision is 6', { at })
}

const momentTypes = ['date', 'timestamp(p)', ZONED]
const sameAs = (index: number) => ({ resultType: (args: readonly Type[]) => args[index] as Type })

export const datetimeFunctions = [
  scalar('now() -> timestamp(3) with time zone', 'Start of the query', (_args, types) => nowLiteral(types)),
  scalar('current_timezone() -> varchar', "The session's time zone", (_args, { zone }) => sessionZone(zone)),
  scalar(
    ['date(varchar(x)) -> date', 'date(timestamp(p)) -> date', `date(${ZONED}) -> date`],
    'Date of a text or a time',
    ([value = ''], { kernel, arguments: [type] }) => kernel.cast(value, type as Type, DATE),
  ),
  calendar('year', 'Year', (moment) => `year(${moment})`),
  scalar(`year(${YEAR_MONTH}) -> bigint`, 'Years', 'CAST($1 // 12 AS BIGINT)'),
  calendar('quarter', 'Quarter', (moment) => `quarter(${moment})`),
  calendar('month', 'Month', (moment) => `month(${moment})`),
  scalar(`month(${YEAR_MONTH}) -> bigint`, 'Months beside the years', 'CAST($1 % 12 AS BIGINT)'),
  ...['week', 'week_of_year'].map((name) => calendar(name, 'ISO week', (moment) => `weekofyear(${moment})`)),
  ...['year_of_week', 'yow'].map((name) => calendar(name, 'Year of the ISO week', (moment) => `isoyear(${moment})`)),
  ...['day', 'day_of_month'].map((name) => calendar(name, 'Day of the month', (moment) => `day(${moment})`)),
  scalar(`day(${DAY_SECOND}) -> bigint`, 'Days', '($1 // 86400000)'),
  ...['day_of_week', 'dow'].map((name) => calendar(name, 'Day of the week, Monday is 1', (moment) => `isodow(${moment})`)),
  ...['day_of_year', 'doy'].map((name) => calendar(name, 'Day of the year', (moment) => `dayofyear(${moment})`)),
  clock('hour', 'Hour', (moment) => `hour(${moment})`, '(($1 % 86400000) // 3600000)'),
  clock('minute', 'Minute', (moment) => `minute(${moment})`, '(($1 % 3600000) // 60000)'),
  clock('second', 'Second', (moment) => `second(${moment})`, '(($1 % 60000) // 1000)'),
  clock('millisecond', 'Millisecond of the second', (moment) => `millisecond(${moment}) % 1000`, '($1 % 1000)'),
  scalar(`timezone_hour(${ZONED}) -> bigint`, "Hours of the zone's offset", 'weir_offset_seconds($1) // 3600'),
  scalar(`timezone_minute(${ZONED}) -> bigint`, "Minutes of the zone's offset", '(weir_offset_seconds($1) % 3600) // 60'),
  scalar(`timezone_hour(${TIME_ZONED}) -> bigint`, 'Hours of the offset', 'CAST(weir_offset_minutes(($1).z) // 60 AS BIGINT)'),
  scalar(`timezone_minute(${TIME_ZONED}) -> bigint`, 'Minutes of the offset', 'CAST(weir_offset_minutes(($1).z) % 60 AS BIGINT)'),
  scalar([`timezone(${ZONED}) -> varchar`, `timezone(${TIME_ZONED}) -> varchar`], "The zone's name", '($1).z'),
  scalar(
    [...momentTypes, 'time(p)', TIME_ZONED].map((type) => `date_trunc(varchar(x), ${type}) -> ${type}`),
    'Start of the unit that a time lies in',
    truncated,
    sameAs(1),
  ),
  scalar(
    [...momentTypes, 'time(p)', TIME_ZONED].map((type) => `date_add(varchar(x), bigint, ${type}) -> ${type}`),
    'Moves by a number of units',
    added,
    sameAs(2),
  ),
  scalar(
    [...momentTypes, 'time(p)', TIME_ZONED].map((type) => `date_diff(varchar(x), ${type}, ${type}) -> bigint`),
    'Complete units between two times',
    difference,
  ),
  scalar(
    ['last_day_of_month(date) -> date', 'last_day_of_month(timestamp(p)) -> date', `last_day_of_month(${ZONED}) -> date`],
    'Last day of the month',
    ([value = ''], { arguments: [type] }) => `last_day(${wall(value, type)})`,
  ),
  scalar(
    ['from_unixtime(double) -> timestamp(3) with time zone', 'from_unixtime(double, varchar(x)) -> timestamp(3) with time zone'],
    'Time of a number of seconds since 1970',
    fromUnixTime,
  ),
  scalar(
    'from_unixtime(double, bigint, bigint) -> timestamp(3) with time zone',
    'Time of a number of seconds since 1970 at an offset of hours and minutes',
    'CASE WHEN $2 IS NOT NULL AND $3 IS NOT NULL THEN weir_zoned(weir_ts_of_seconds($1), weir_zone_of_minutes($2 * 60 + $3)) END',
  ),
  scalar(`to_unixtime(${ZONED}) -> double`, 'Seconds since 1970', ([value], { arguments: [type] }) =>
    secondsOf(`CAST((${value}).t AS TIMESTAMP)`, type),
  ),
  scalar(
    ['from_unixtime_nanos(bigint) -> timestamp(6) with time zone', 'from_unixtime_nanos(decimal(p,s)) -> timestamp(6) with time zone'],
    'Time of a number of nanoseconds since 1970: refused, since it is finer than microseconds',
    refusedNanos,
  ),
  scalar(
    `at_timezone(${ZONED}, varchar(x)) -> ${ZONED}`,
    'The same instant in another zone',
    ([value, zone = ''], { constants }) => `weir_zoned(CAST((${value}).t AS TIMESTAMP), ${zoneText(zone, constants[1])})`,
    sameAs(0),
  ),
  scalar(
    `at_timezone(${ZONED}, ${DAY_SECOND}) -> ${ZONED}`,
    'The same instant at an offset',
    '(weir_zoned(CAST(($1).t AS TIMESTAMP), weir_zone_of_minutes(weir_minutes_of_ms($2))))',
    sameAs(0),
  ),
  scalar(
    `at_timezone(${TIME_ZONED}, varchar(x)) -> ${TIME_ZONED}`,
    'The same time of day at the offset that a zone has now',
    ([value, zone = ''], { constants, now }) => `weir_time_at(${value}, weir_zone_minutes(${zoneText(zone, constants[1])}, ${now}))`,
    sameAs(0),
  ),
  scalar(
    `at_timezone(${TIME_ZONED}, ${DAY_SECOND}) -> ${TIME_ZONED}`,
    'The same time of day at another offset',
    'weir_time_at($1, weir_minutes_of_ms($2))',
    sameAs(0),
  ),
  scalar(
    `with_timezone(timestamp(p), varchar(x)) -> ${ZONED}`,
    'The same wall time in a zone',
    ([value = '', zone = ''], { constants }) =>
      allGiven(
        [value, zone],
        `list_transform([${zoneText(zone, constants[1])}], lambda n: weir_zoned(weir_lenient_instant(${value}, n), n))[1]`,
      ),
    {
      resultType: ([type]) => timestampWithTimeZone(type?.kind === 'timestamp' ? type.precision : 3),
    },
  ),
  scalar(`to_milliseconds(${DAY_SECOND}) -> bigint`, 'Milliseconds of an interval', '$1'),
  scalar('from_iso8601_date(varchar(x)) -> date', 'Date of an ISO 8601 text', 'weir_iso_date($1)'),
  scalar(
    'from_iso8601_timestamp_nanos(varchar(x)) -> timestamp(6) with time zone',
    'Time of an ISO 8601 text in nanoseconds: refused, since it is finer than microseconds',
    refusedNanos,
  ),
  scalar(
    'from_iso8601_timestamp(varchar(x)) -> timestamp(3) with time zone',
    'Time of an ISO 8601 text',
    ([value], { zone }) => `weir_iso_timestamp(${value}, ${sessionZone(zone)})`,
  ),
  scalar('to_iso8601(date) -> varchar(16)', 'ISO 8601 text', "ltrim(weir_date_text($1), '+')"),
  scalar(
    'to_iso8601(timestamp(p)) -> varchar',
    'ISO 8601 text',
    ([value = ''], { kernel, arguments: [type] }) =>
      `replace(${kernel.cast(value, type as Type, { kind: 'varchar', length: undefined })}, ' ', 'T')`,
    { resultType: ([type]) => varchar(isoLength(type)) },
  ),
  scalar(
    `to_iso8601(${ZONED}) -> varchar`,
    'ISO 8601 text',
    ([value = ''], { kernel, arguments: [type] }) => {
      const local = kernel.cast(`weir_zoned_wall(${value})`, timestamp(precisionOf(type as Type)), { kind: 'varchar', length: undefined })
      return `(replace(${local}, ' ', 'T') || weir_offset_text(weir_offset_seconds(${value})))`
    },
    { resultType: ([type]) => varchar(isoLength(type) + 6) },
  ),
].flat()
