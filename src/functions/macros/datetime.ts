/** Dates, times, zones. A timestamp with time zone is a struct of the instant (UTC) and the zone's name. */
import { OFFSET_PATTERN, UTC_PATTERN, ZONE_NAME_PATTERN } from '#src/types/zone'
import { raise } from '../kernel-error.ts'
import { macro } from './macro.ts'

const notADate = `CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_CAST_ARGUMENT|Value cannot be cast to date: ' || x) END`
const notATimestamp = `CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_CAST_ARGUMENT|Value cannot be cast to timestamp: ' || x) END`
const notATime = `CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_CAST_ARGUMENT|Value cannot be cast to time: ' || x) END`

/** Microseconds of the moments that Trino's timestamps with time zone hold: their milliseconds have 52 bits. */
const LEAST_ZONED = '-2251799813685248000'
const GREATEST_ZONED = '2251799813685247999'
const millisOverflow = `error('WEIR|INVALID_FUNCTION_ARGUMENT|Millis overflow: ' || epoch_ms(s.t))`

const DATE_PATTERN = '([+-]?\\d{1,9})-(\\d{1,2})-(\\d{1,2})'
const TIMESTAMP_PATTERN = `([+-]?\\d{4,9})-(\\d{1,2})-(\\d{1,2})(?: (?:(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d+))?)?)?\\s*(.+)?)?`
const TIME_PATTERN = `(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,12}))?)?\\s*([+-]\\d\\d:\\d\\d)?`
/** No zone, offsets, and the names that are not of the form `Area/City`. */
const PLAIN_ZONE = `(?:(?:UTC|GMT|UT)?[+-]\\d{1,2}(?::?\\d\\d)?|UTC|GMT0?|UT|UCT|Z|Zulu|Greenwich|Universal)?`

const notIso = `CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Invalid format: "' || x || '"') END`
const ISO_WEEK = '([+-]?[0-9]+)-W([0-9]{1,2})(?:-([0-9]))?'
const ISO_TIME = '([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:[.,]([0-9]+))?)?)?'
const ISO_OFFSET = '(Z|[+-][0-9]{2}(?::?[0-9]{2})?)$'
const isoPart = (pattern: string, group: number) => `CAST(regexp_extract(x, '${pattern}', ${group}) AS INTEGER)`
const isoClockPart = (group: number) => `coalesce(TRY_CAST(regexp_extract(t, '${ISO_TIME}', ${group}) AS INTEGER), 0)`

const part = (pattern: string, group: number) => `regexp_extract(x, '^${pattern}$', ${group})`
const number = (pattern: string, group: number) => `coalesce(TRY_CAST(${part(pattern, group)} AS INTEGER), 0)`
const clock = (pattern: string, first: number) => {
  const [hour, minute, second] = [number(pattern, first), number(pattern, first + 1), number(pattern, first + 2)]
  return `CASE WHEN ${hour} <= 23 AND ${minute} <= 59 AND ${second} <= 59 THEN (CAST(${hour} AS BIGINT) * 3600 + ${minute} * 60 + ${second}) * 1000000000 + CAST(rpad(${part(pattern, first + 3)}[1:9], 9, '0') AS BIGINT) END`
}

export const DATETIME_MACROS = [
  // ---- zones
  macro(
    `weir_offset_minutes(z) := (CASE WHEN z[1:1] = '-' THEN -1 ELSE 1 END) * (TRY_CAST(z[2:3] AS INTEGER) * 60 + TRY_CAST(z[5:6] AS INTEGER))`,
  ),
  macro(`weir_is_offset(z) := z[1:1] IN ('+', '-')`),
  // What stands behind a time: nothing, or at most fourteen hours.
  macro(`weir_valid_offset(z) := z = '' OR (TRY_CAST(z[5:6] AS INTEGER) < 60 AND abs(weir_offset_minutes(z)) <= 840)`),
  macro(`weir_offset_name(z) := CASE z WHEN '-00:00' THEN '+00:00' ELSE z END`),
  macro(
    `weir_offset_clock(s) := CASE WHEN s < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(s) // 3600 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(s) % 3600 // 60 AS VARCHAR), 2, '0')`,
  ),
  macro(`weir_named_wall(v, z) := timezone(z, timezone('UTC', v))`),
  macro(
    `weir_wall(v, z) := CASE WHEN z = 'UTC' THEN v WHEN weir_is_offset(z) THEN v + to_minutes(weir_offset_minutes(z)) ELSE weir_named_wall(v, z) END`,
  ),
  // A list of one gives its item a name, so that it is printed and computed once. A time that the clock shows twice is the
  // first of the two: the instant by the offset of the day before, if the clock shows that time then.
  macro(`weir_instant(v, z) := list_transform([struct_pack(w := v, n := z)], lambda s: CASE
    WHEN s.n = 'UTC' THEN s.w
    WHEN weir_is_offset(s.n) THEN s.w - to_minutes(weir_offset_minutes(s.n))
    ELSE list_transform([timezone('UTC', timezone(s.n, s.w))], lambda i:
      list_transform([s.w - (weir_named_wall(i - to_days(1), s.n) - (i - to_days(1)))], lambda e:
        CASE WHEN weir_named_wall(e, s.n) = s.w THEN e ELSE i END)[1])[1] END)[1]`),
  // As Joda-Time has it where a time may be shown twice or never: by the offset that the zone has at the wall time taken as an
  // instant, which gives the later instant east of Greenwich and the earlier one west of it.
  macro(`weir_lenient_instant(v, z) := list_transform([struct_pack(w := v, n := z)], lambda s: CASE
    WHEN s.n = 'UTC' THEN s.w
    WHEN weir_is_offset(s.n) THEN s.w - to_minutes(weir_offset_minutes(s.n))
    ELSE list_transform([s.w - (weir_named_wall(s.w, s.n) - s.w)], lambda i:
      list_transform([s.w - (weir_named_wall(i, s.n) - i)], lambda e:
        CASE WHEN i > s.w AND weir_named_wall(e, s.n) <> s.w THEN i ELSE e END)[1])[1] END)[1]`),
  // The instant of a wall time that was made of the one at `o`, whose offset it keeps where it can.
  macro(
    `weir_near_instant(v, z, o) := list_transform([struct_pack(w := v, n := z, i := v - (weir_wall(o, z) - o))], lambda c: CASE WHEN weir_wall(c.i, c.n) = c.w THEN c.i ELSE weir_lenient_instant(c.w, c.n) END)[1]`,
  ),
  macro(
    `weir_zoned(v, zone) := list_transform([v], lambda w: CASE WHEN w IS NOT NULL AND zone IS NOT NULL THEN struct_pack(t := w, z := zone) END)[1]`,
  ),
  // Years -69387 to 73326.
  macro(
    `weir_within_millis(v) := list_transform([v], lambda m: CASE WHEN epoch_us(m) BETWEEN ${LEAST_ZONED} AND ${GREATEST_ZONED} THEN m END)[1]`,
  ),
  macro(
    `weir_checked_zoned(x) := list_transform([x], lambda s: CASE WHEN s.t IS NOT NULL AND weir_within_millis(s.t) IS NULL THEN ${millisOverflow} ELSE s END)[1]`,
  ),
  // A time that the zone's clocks skip is no moment.
  macro(`weir_parsed_zoned(v, zone, x) := list_transform([struct_pack(w := v, n := zone)], lambda p: list_transform([struct_pack(w := p.w, n := p.n, i := weir_instant(p.w, p.n))], lambda q: CASE
    WHEN weir_wall(q.i, q.n) <> q.w THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Cannot parse "' || x || '": Illegal instant due to time zone offset transition (' || q.n || ')')
    ELSE weir_checked_zoned(weir_zoned(q.i, q.n)) END)[1])[1]`),
  macro(`weir_zoned_wall(x) := list_transform([x], lambda s: weir_wall(s.t, s.z))[1]`),
  macro(
    `weir_zoned_add(x, i) := list_transform([x], lambda s: CASE WHEN s.t + i IS NOT NULL THEN struct_pack(t := s.t + i, z := s.z) END)[1]`,
  ),
  macro(
    `weir_zoned_add_wall(x, i) := list_transform([x], lambda o: weir_zoned(weir_near_instant(weir_wall(o.t, o.z) + i, o.z, o.t), o.z))[1]`,
  ),
  macro(
    `weir_known_zone_offset(s, h, m) := list_transform([lpad(h, 2, '0') || ':' || coalesce(nullif(m, ''), '00')], lambda o: CASE WHEN o = '00:00' THEN 'UTC' WHEN o <= '14:00' AND o[4:5] < '60' THEN s || o END)[1]`,
  ),
  macro(
    `weir_known_zone(zone) := list_transform([zone], lambda z: CASE
      WHEN regexp_full_match(z, '${UTC_PATTERN}') THEN 'UTC'
      WHEN regexp_full_match(z, '[+-]\\d\\d:[0-5]\\d') AND right(z, 5) <> '00:00' THEN CASE WHEN abs(weir_offset_minutes(z)) <= 840 THEN z END
      WHEN regexp_full_match(z, '${OFFSET_PATTERN}') THEN weir_known_zone_offset(regexp_extract(z, '^${OFFSET_PATTERN}$', 1), regexp_extract(z, '^${OFFSET_PATTERN}$', 2) || regexp_extract(z, '^${OFFSET_PATTERN}$', 3), regexp_extract(z, '^${OFFSET_PATTERN}$', 4))
      WHEN regexp_full_match(z, '${ZONE_NAME_PATTERN}') AND TRY(timezone(z, TIMESTAMP '2000-01-01 00:00:00')) IS NOT NULL THEN z END)[1]`,
  ),
  macro(
    `weir_zone_name(zone) := list_transform([zone], lambda y: coalesce(weir_known_zone(y), CASE WHEN y IS NOT NULL THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|''' || y || ''' is not a valid time zone') END))[1]`,
  ),
  macro(
    `weir_supported_zone(z) := coalesce(weir_known_zone(z), CASE WHEN z IS NOT NULL THEN error('WEIR|NOT_SUPPORTED|Time zone not supported: ' || z) END)`,
  ),
  // Behind a timestamp the names are written in capitals.
  macro(
    `weir_written_zone(zone) := list_transform([zone], lambda y: CASE WHEN regexp_full_match(y, '[a-z].*') THEN NULL ELSE weir_known_zone(y) END)[1]`,
  ),
  macro(
    `weir_time_zoned_add(x, i) := list_transform([struct_pack(v := x, m := i)], lambda s: CASE WHEN s.v IS NOT NULL AND s.m IS NOT NULL THEN struct_pack(t := weir_time_of_us(epoch_us(s.v.t) + s.m % 86400000 * 1000 + 86400000000), z := s.v.z) END)[1]`,
  ),
  macro(`weir_zone_of_minutes(m) := CASE
      WHEN m = 0 THEN 'UTC'
      WHEN abs(m) > 840 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Invalid offset minutes ' || m)
      ELSE weir_offset_clock(m * 60) END`),
  macro(
    `weir_minutes_of_ms(i) := CASE WHEN i % 60000 <> 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Invalid time zone offset interval: interval contains seconds')} ELSE i // 60000 END`,
  ),
  macro(`weir_zone_minutes(z, now) := (epoch_us(weir_wall(make_timestamp(now), z)) - now) // 60000000`),
  macro(
    `weir_time_at(x, m) := list_transform([struct_pack(v := x, o := m)], lambda s: CASE WHEN s.v IS NOT NULL AND s.o IS NOT NULL THEN struct_pack(t := weir_time_of_us((epoch_us(s.v.t) + (s.o - weir_offset_minutes(s.v.z)) * CAST(60000000 AS BIGINT)) % 86400000000 + 86400000000), z := weir_offset_clock(s.o * 60)) END)[1]`,
  ),
  // Math.round(s * 1000) of Java: half up, NaN is 0; what does not fit into 52 bits is refused.
  macro(
    `weir_ts_of_seconds(s) := CASE WHEN isnan(s) THEN make_timestamp(0) WHEN abs(s) * 1000 >= 2251799813685248e0 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Millis overflow: ' || CAST(CASE WHEN s * 1000 >= 9223372036854775807e0 THEN 9223372036854775807 WHEN s * 1000 <= -9223372036854775807e0 THEN -9223372036854775808 ELSE CAST(s * 1000 AS BIGINT) END AS VARCHAR)) ELSE make_timestamp(CAST(floor(s * 1000 + 0.5e0) AS BIGINT) * 1000) END`,
  ),
  // The cast gives a constant NULL its type.
  macro(
    `weir_time_utc_us(x) := (epoch_us(CAST((x).t AS TIME)) - weir_offset_minutes((x).z) * CAST(60000000 AS BIGINT) + 86400000000) % 86400000000`,
  ),
  // ---- rounding: u is the unit in microseconds
  macro(`weir_round_us(v, u) := weir_floor_div(v + u // 2, u) * u`),
  macro(`weir_round_ts(v, u) := make_timestamp(weir_round_us(epoch_us(v), u))`),
  macro(`weir_trunc_ts(v, u) := make_timestamp(weir_floor_div(epoch_us(v), u) * u)`),
  macro(`weir_time_of_us(v) := CAST(make_timestamp(v % 86400000000) AS TIME)`),
  // ---- text to date and time
  macro(
    // A name for the text: TRY takes nothing volatile.
    `weir_slow_date(text) := list_transform([text], lambda x: TRY(make_date(CAST(${part(DATE_PATTERN, 1)} AS INTEGER), CAST(${part(DATE_PATTERN, 2)} AS INTEGER), CAST(${part(DATE_PATTERN, 3)} AS INTEGER))))[1]`,
  ),
  macro(
    `weir_try_date(x) := CASE WHEN regexp_full_match(x, '\\d{4}-\\d{2}-\\d{2}') AND x >= '0001' THEN TRY_CAST(x AS DATE) WHEN x IS NOT NULL THEN weir_slow_date(weir_java_trim(x)) END`,
  ),
  macro(`weir_text_to_date(x) := coalesce(weir_try_date(x), ${notADate})`),
  // A zone behind a timestamp without one is dropped, but must be one. The kernel knows the names, and fails for others.
  macro(
    `weir_is_zone(z) := regexp_full_match(z, '${PLAIN_ZONE}') OR (regexp_full_match(z, '${ZONE_NAME_PATTERN}') AND timezone(z, TIMESTAMP '2000-01-01 00:00:00') IS NOT NULL)`,
  ),
  macro(
    `weir_slow_timestamp(x, u) := CASE WHEN weir_is_zone(${part(TIMESTAMP_PATTERN, 8)}) THEN CAST(weir_slow_date(${part(TIMESTAMP_PATTERN, 1)} || '-' || ${part(TIMESTAMP_PATTERN, 2)} || '-' || ${part(TIMESTAMP_PATTERN, 3)}) AS TIMESTAMP)
      + to_microseconds(weir_round_us(${clock(TIMESTAMP_PATTERN, 4)}, u * 1000) // 1000) END`,
  ),
  macro(
    `weir_try_timestamp(x, u) := CASE
      WHEN regexp_full_match(x, '[1-9]\\d{3}-\\d{2}-\\d{2} ([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?') THEN weir_round_ts(TRY_CAST(x AS TIMESTAMP), u)
      WHEN x IS NOT NULL THEN weir_slow_timestamp(weir_java_trim(x), u) END`,
  ),
  macro(`weir_text_to_timestamp(x, u) := coalesce(weir_try_timestamp(x, u), ${notATimestamp})`),
  macro(`weir_zone_of_text(x, zone) := coalesce(nullif(${part(TIMESTAMP_PATTERN, 8)}, ''), zone)`),
  macro(
    `weir_text_to_zoned(x, u, zone) := coalesce(list_transform([struct_pack(w := weir_try_timestamp(x, u), n := weir_written_zone(weir_zone_of_text(weir_java_trim(x), zone)))],
      lambda p: weir_zoned(weir_within_millis(weir_instant(p.w, p.n)), p.n))[1], ${notATimestamp})`,
  ),
  macro(`weir_slow_time(x, u) := weir_time_of_us(weir_round_us(${clock(TIME_PATTERN, 1)}, u * 1000) // 1000)`),
  macro(
    `weir_text_to_time(x, u) := coalesce(CASE WHEN regexp_full_match(weir_java_trim(x), '\\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d{1,12})?)?') THEN weir_slow_time(weir_java_trim(x), u) END, ${notATime})`,
  ),
  macro(
    `weir_text_to_time_zoned(x, u, z) := coalesce(CASE WHEN regexp_full_match(weir_java_trim(x), '${TIME_PATTERN}') AND weir_valid_offset(${part(TIME_PATTERN, 5).replace('(x,', '(weir_java_trim(x),')})
      THEN list_transform([weir_slow_time(weir_java_trim(x), u)], lambda t: CASE WHEN t IS NOT NULL THEN struct_pack(t := t, z := weir_offset_name(coalesce(nullif(${part(TIME_PATTERN, 5).replace('(x,', '(weir_java_trim(x),')}, ''), z))) END)[1] END,
      CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_CAST_ARGUMENT|Value cannot be cast to time with time zone: ' || x) END)`,
  ),
  // ---- date and time to text
  macro(
    `weir_year_text(y) := CASE WHEN y < 0 THEN '-' WHEN y > 9999 THEN '+' ELSE '' END || lpad(CAST(abs(y) AS VARCHAR), CAST(greatest(4, length(CAST(abs(y) AS VARCHAR))) AS INTEGER), '0')`,
  ),
  macro(
    `weir_date_text(x) := CASE WHEN x >= DATE '0001-01-01' AND x <= DATE '9999-12-31' THEN CAST(x AS VARCHAR) ELSE weir_year_text(year(x)) || '-' || lpad(CAST(month(x) AS VARCHAR), 2, '0') || '-' || lpad(CAST(day(x) AS VARCHAR), 2, '0') END`,
  ),
  // `f` is strftime's format of the clock behind a blank, `zeros` its text of no fraction: most timestamps have none, and
  // their cast takes half of strftime's time.
  macro(
    `weir_timestamp_text(x, f, zeros) := CASE WHEN x >= TIMESTAMP '1000-01-01 00:00:00' AND x < TIMESTAMP '10000-01-01 00:00:00'
      THEN CASE WHEN epoch_us(x) % 1000000 = 0 THEN CAST(x AS VARCHAR) || zeros ELSE strftime(x, '%Y-%m-%d' || f) END
      ELSE weir_date_text(CAST(x AS DATE)) || strftime(x, f) END`,
  ),
  macro(
    `weir_zoned_text(x, f, zeros, cut) := list_transform([x], lambda o: CASE WHEN cut IS NULL THEN weir_timestamp_text(weir_wall(o.t, o.z), f, zeros) ELSE left(weir_timestamp_text(weir_wall(o.t, o.z), f, zeros), cut) END || ' ' || o.z)[1]`,
  ),
  macro(`weir_time_text(x, f) := strftime(make_timestamp(epoch_us(x)), f)`),
  // ---- offsets and ISO 8601
  macro(
    `weir_offset_seconds(x) := list_transform([x], lambda o: CAST(epoch_us(weir_wall(o.t, o.z)) - epoch_us(o.t) AS BIGINT) // 1000000)[1]`,
  ),
  macro(
    `weir_offset_text(s) := CASE WHEN s = 0 THEN 'Z' ELSE CASE WHEN s < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(s) // 3600 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(s) % 3600 // 60 AS VARCHAR), 2, '0') END`,
  ),
  macro(
    `weir_iso_week(y, w, d) := list_transform([CAST(date_trunc('week', make_date(y, 1, 4)) AS DATE) + (w * 7 - 7)], lambda m: CASE WHEN w > 0 AND d BETWEEN 1 AND 7 AND isoyear(m) = y THEN m + (d - 1) END)[1]`,
  ),
  macro(
    `weir_iso_ordinal(y, n) := list_transform([make_date(y, 1, 1) + (n - 1)], lambda m: CASE WHEN n > 0 AND year(m) = y THEN m END)[1]`,
  ),
  // A calendar date, a week date or a day of the year, of which all but the year may be missing.
  // A calendar date, a week date or a day of the year, of which all but the year may be missing. Lists of one give names to
  // what would otherwise be repeated in each place of a macro.
  macro(`weir_try_iso_date(t) := list_transform([t], lambda x: CASE
      WHEN regexp_full_match(x, '[+-]?[0-9]{1,9}(-[0-9]{1,2}){0,2}') THEN list_transform([x || CASE length(ltrim(x, '+-')) - length(replace(ltrim(x, '+-'), '-', '')) WHEN 0 THEN '-1-1' WHEN 1 THEN '-1' ELSE '' END], lambda f: weir_slow_date(f))[1]
      WHEN regexp_full_match(x, '[+-]?[0-9]{1,9}-[0-9]{3}') THEN TRY(weir_iso_ordinal(${isoPart('([+-]?[0-9]+)-([0-9]{3})', 1)}, ${isoPart('([+-]?[0-9]+)-([0-9]{3})', 2)}))
      WHEN regexp_full_match(x, '[+-]?[0-9]{1,9}-W[0-9]{1,2}(-[0-9])?') THEN TRY(weir_iso_week(${isoPart(ISO_WEEK, 1)}, ${isoPart(ISO_WEEK, 2)}, coalesce(TRY_CAST(regexp_extract(x, '${ISO_WEEK}', 3) AS INTEGER), 1))) END)[1]`),
  macro(`weir_iso_date(x) := coalesce(weir_try_iso_date(x), ${notIso})`),
  // Microseconds of the day, the fraction cut to milliseconds.
  macro(
    `weir_iso_clock(text) := list_transform([text], lambda t: CASE WHEN t = '' THEN 0 WHEN regexp_full_match(t, '${ISO_TIME}') THEN list_transform([struct_pack(h := ${isoClockPart(1)}, m := ${isoClockPart(2)}, s := ${isoClockPart(3)}, f := rpad(left(regexp_extract(t, '${ISO_TIME}', 4), 3), 3, '0'))], lambda c: CASE WHEN c.h <= 23 AND c.m <= 59 AND c.s <= 59 THEN ((c.h * 3600 + c.m * 60 + c.s) * 1000 + CAST(c.f AS INTEGER)) * CAST(1000 AS BIGINT) END)[1] END)[1]`,
  ),
  macro(
    `weir_iso_zone(text, session) := list_transform([text], lambda o: CASE o WHEN '' THEN session WHEN 'Z' THEN 'UTC' ELSE weir_zone_name(o) END)[1]`,
  ),
  macro(
    `weir_iso_moment(day, text, session, x) := list_transform([struct_pack(d := day, t := text)], lambda s: list_transform([struct_pack(w := CAST(s.d AS TIMESTAMP) + to_microseconds(weir_iso_clock(regexp_replace(s.t, '${ISO_OFFSET}', ''))), n := weir_iso_zone(regexp_extract(s.t, '${ISO_OFFSET}', 1), session))], lambda q: weir_parsed_zoned(q.w, q.n, x))[1])[1]`,
  ),
  macro(
    `weir_iso_timestamp(x, session) := coalesce(weir_iso_moment(CASE WHEN starts_with(x, 'T') THEN DATE '1970-01-01' ELSE weir_try_iso_date(split_part(x, 'T', 1)) END, split_part(x, 'T', 2), session, x), ${notIso})`,
  ),
  macro(
    `weir_padded(n, digits) := CASE WHEN n < 0 THEN '-' ELSE '' END || lpad(CAST(abs(n) AS VARCHAR), CAST(greatest(digits, length(CAST(abs(n) AS VARCHAR))) AS INTEGER), '0')`,
  ),
  // ---- intervals
  macro(
    `weir_abs_day_second_text(x) := CAST(x // 86400000 AS VARCHAR) || ' ' || strftime(make_timestamp(CAST(x % 86400000 AS BIGINT) * 1000), '%H:%M:%S.%g')`,
  ),
  macro(`weir_day_second_text(x) := CASE WHEN x < 0 THEN '-' ELSE '' END || weir_abs_day_second_text(abs(CAST(x AS HUGEINT)))`),
  macro(
    `weir_year_month_text(x) := CASE WHEN x < 0 THEN '-' ELSE '' END || CAST(abs(CAST(x AS BIGINT)) // 12 AS VARCHAR) || '-' || CAST(abs(CAST(x AS BIGINT)) % 12 AS VARCHAR)`,
  ),
]
