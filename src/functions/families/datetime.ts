/** Dates, times and intervals. What has a zone is taken by its wall time there. */
import { QueryError } from '#src/common/errors'
import { DATE, type Type, timestampWithTimeZone } from '#src/types/type'
import { normalizeZone } from '#src/types/zone'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { quote, raise } from '../kernel-error.ts'

const ZONED = 'timestamp(p) with time zone'
const DAY_SECOND = 'interval day to second'
const YEAR_MONTH = 'interval year to month'

/** A DATE, TIMESTAMP or TIME that shows what the clock shows. */
function wall(value: string, type: Type | undefined): string {
  if (type?.kind === 'timestamp with time zone') return `weir_zoned_wall(${value})`
  return type?.kind === 'time with time zone' ? `(${value}).t` : value
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

/** The unit that the first argument names. It must be constant: another unit is another computation. */
function unitOf({ constants, arguments: types, at }: CallTypes, name: string, momentIndex: number): Unit | undefined {
  const constant = constants[0]
  if (constant === null) return undefined
  if (typeof constant !== 'string') throw new QueryError('NOT_SUPPORTED', `${name} needs a constant unit`, { at })
  const unit = UNITS.find((known) => known === constant.toLowerCase())
  const type = types[momentIndex] as Type
  const isDate = type.kind === 'date'
  const isTime = type.kind === 'time' || type.kind === 'time with time zone'
  if (unit === undefined || (isDate && isClockUnit(unit)) || (isTime && !isClockUnit(unit))) {
    throw new QueryError(
      'INVALID_FUNCTION_ARGUMENT',
      `'${constant}' is not a valid ${isDate ? 'DATE' : isTime ? 'TIME' : 'TIMESTAMP'} field`,
      { at },
    )
  }
  return unit
}

const nullOf = ({ kernel, result }: CallTypes) => `CAST(NULL AS ${kernel.stored(result)})`

const truncated: ScalarForm = ([, value = ''], types) => {
  const unit = unitOf(types, 'date_trunc', 1)
  if (unit === undefined) return nullOf(types)
  const type = types.arguments[1] as Type
  switch (type.kind) {
    case 'date':
      return `CAST(date_trunc('${unit}', ${value}) AS DATE)`
    case 'time':
      return `weir_time_of_us(weir_floor_div(epoch_us(${value}), ${MICROS[unit]}) * ${MICROS[unit]})`
    case 'timestamp with time zone':
      return isClockUnit(unit)
        ? `list_transform([${value}], lambda x: weir_zoned(x.t - (weir_wall(x.t, x.z) - date_trunc('${unit}', weir_wall(x.t, x.z))), x.z))[1]`
        : `list_transform([${value}], lambda x: weir_zoned(weir_instant(date_trunc('${unit}', weir_wall(x.t, x.z)), x.z), x.z))[1]`
    default:
      return `date_trunc('${unit}', ${value})`
  }
}

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

const added: ScalarForm = ([, count = '', value = ''], types) => {
  const unit = unitOf(types, 'date_add', 2)
  if (unit === undefined) return nullOf(types)
  const type = types.arguments[2] as Type
  const step = interval(unit, count)
  switch (type.kind) {
    case 'date':
      return `CAST(${value} + ${step} AS DATE)`
    case 'time':
      return `weir_time_of_us(((epoch_us(${value}) + ${count} * ${MICROS[unit]}) % 86400000000 + 86400000000) % 86400000000)`
    case 'timestamp with time zone':
      return isClockUnit(unit) ? `weir_zoned_add(${value}, ${step})` : `weir_zoned_add_wall(${value}, ${step})`
    default:
      return `(${value} + ${step})`
  }
}

/** Complete units between two moments; both by the clock of the first one's zone. */
const difference: ScalarForm = ([, from = '', to = ''], types) => {
  const unit = unitOf(types, 'date_diff', 1)
  if (unit === undefined) return nullOf(types)
  if ((types.arguments[1] as Type).kind !== 'timestamp with time zone') return `date_sub('${unit}', ${from}, ${to})`
  if (isClockUnit(unit)) return `date_sub('${unit}', (${from}).t, (${to}).t)`
  return `list_transform([struct_pack(a := ${from}, b := ${to})], lambda x: date_sub('${unit}', weir_wall(x.a.t, x.a.z), weir_wall(x.b.t, x.a.z)))[1]`
}

// ---- zones

/** A zone argument: a constant is checked and normalized here. */
function zoneText(sql: string, constant: unknown, at: CallTypes['at']): string {
  if (typeof constant !== 'string') return `weir_zone_name(${sql})`
  const zone = normalizeZone(constant)
  if (zone === undefined) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `'${constant}' is not a valid time zone`, { at })
  return quote(zone)
}

const sessionZone = (zone: string) => quote(normalizeZone(zone) ?? zone)

const fromUnixTime: ScalarForm = ([seconds, zone], types) => {
  const text = zone === undefined ? sessionZone(types.zone) : zoneText(zone, types.constants[1], types.at)
  return `weir_zoned(make_timestamp(CAST(round(${seconds} * 1000) AS BIGINT) * 1000), ${text})`
}

const nowLiteral = ({ now, zone }: CallTypes) => `struct_pack(t := make_timestamp(${(now / 1000n) * 1000n}), z := ${sessionZone(zone)})`

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
  scalar(
    [...momentTypes, 'time(p)'].map((type) => `date_trunc(varchar(x), ${type}) -> ${type}`),
    'Start of the unit that a time lies in',
    truncated,
    sameAs(1),
  ),
  scalar(
    [...momentTypes, 'time(p)'].map((type) => `date_add(varchar(x), bigint, ${type}) -> ${type}`),
    'Moves by a number of units',
    added,
    sameAs(2),
  ),
  scalar(
    [...momentTypes, 'time(p)'].map((type) => `date_diff(varchar(x), ${type}, ${type}) -> bigint`),
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
  scalar('to_unixtime(timestamp(p)) -> double', 'Seconds since 1970', '(epoch_us($1) / CAST(1000000 AS DOUBLE))'),
  scalar(`to_unixtime(${ZONED}) -> double`, 'Seconds since 1970', '(epoch_us(($1).t) / CAST(1000000 AS DOUBLE))'),
  scalar(
    `at_timezone(${ZONED}, varchar(x)) -> ${ZONED}`,
    'The same instant in another zone',
    ([value, zone = ''], { constants, at }) => `weir_zoned((${value}).t, ${zoneText(zone, constants[1], at)})`,
    sameAs(0),
  ),
  scalar(
    `with_timezone(timestamp(p), varchar(x)) -> ${ZONED}`,
    'The same wall time in a zone',
    ([value, zone = ''], { constants, at }) =>
      `list_transform([${zoneText(zone, constants[1], at)}], lambda n: weir_zoned(weir_instant(${value}, n), n))[1]`,
    {
      resultType: ([type]) => timestampWithTimeZone(type?.kind === 'timestamp' ? type.precision : 3),
    },
  ),
  scalar(`to_milliseconds(${DAY_SECOND}) -> bigint`, 'Milliseconds of an interval', '$1'),
  scalar(
    'from_iso8601_date(varchar(x)) -> date',
    'Date of an ISO 8601 text',
    `CASE WHEN regexp_full_match($1, '[0-9]{4}-?W[0-9]{2}(-?[0-9])?|[0-9]{4}-?[0-9]{3}') THEN ${raise('NOT_SUPPORTED', 'from_iso8601_date is supported for year, month and day')} WHEN regexp_full_match($1, '[0-9]{4}(-[0-9]{1,2}){0,2}') THEN weir_text_to_date($1 || CASE length($1) - length(replace($1, '-', '')) WHEN 0 THEN '-01-01' WHEN 1 THEN '-01' ELSE '' END) WHEN $1 IS NOT NULL THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Invalid format: "' || $1 || '"') END`,
  ),
  scalar(
    'from_iso8601_timestamp(varchar(x)) -> timestamp(3) with time zone',
    'Time of an ISO 8601 text',
    ([value], { zone }) => `weir_iso_timestamp(${value}, ${sessionZone(zone)})`,
  ),
  scalar('to_iso8601(date) -> varchar', 'ISO 8601 text', 'weir_date_text($1)'),
  scalar(
    'to_iso8601(timestamp(p)) -> varchar',
    'ISO 8601 text',
    ([value = ''], { kernel, arguments: [type] }) =>
      `replace(${kernel.cast(value, type as Type, { kind: 'varchar', length: undefined })}, ' ', 'T')`,
  ),
  scalar(`to_iso8601(${ZONED}) -> varchar`, 'ISO 8601 text', ([value = ''], { kernel, arguments: [type] }) => {
    const precision = type?.kind === 'timestamp with time zone' ? type.precision : 3
    const local = kernel.cast(`weir_zoned_wall(${value})`, { kind: 'timestamp', precision }, { kind: 'varchar', length: undefined })
    return `(replace(${local}, ' ', 'T') || weir_offset_text(weir_offset_seconds(${value})))`
  }),
].flat()
