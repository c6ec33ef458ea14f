/** Time zones: names of the IANA database and fixed offsets `+05:30`, which are zones of their own. */
import { floorDiv, MICROS_PER_SECOND } from './calendar.ts'

const FORMATS = new Map<string, Intl.DateTimeFormat | undefined>()

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!FORMATS.has(zone)) {
    let format: Intl.DateTimeFormat | undefined
    try {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
    } catch {
      // Not a zone: remembered as such.
    }
    FORMATS.set(zone, format)
  }
  return FORMATS.get(zone)
}

const MAX_OFFSET_MINUTES = 14 * 60

/** Spellings of UTC, and of an offset with its hours, or hours and minutes. */
export const UTC_PATTERN = 'UTC|GMT|UT|Z|Zulu|UCT|GMT0|Greenwich|Universal|Etc/(?:UTC|GMT|UCT|UT|GMT[+-]?0|Universal)'
export const OFFSET_PATTERN = '(?:UTC|GMT|UT|Etc/UTC)?([+-])(?:(\\d{1,2})|(\\d\\d):?(\\d\\d))'
const UTC_NAME = new RegExp(`^(?:${UTC_PATTERN})$`)
const OFFSET = new RegExp(`^${OFFSET_PATTERN}$`)

/**
 * The zone's name as Trino keeps it: `UTC` for its synonyms (GMT, Z, +00:00 …), `+05:30` for an offset in any spelling
 * (`UTC+5`, `+0530`), else the name, which must be spelled as in the database. Undefined when there is no such zone.
 */
export function normalizeZone(text: string): string | undefined {
  const offset = OFFSET.exec(text)
  if (offset !== null) {
    const [, sign, few, two, minutes = '00'] = offset
    const hours = few ?? two ?? '0'
    const total = Number(hours) * 60 + Number(minutes)
    if (Number(minutes) > 59 || total > MAX_OFFSET_MINUTES) return undefined
    return total === 0 ? 'UTC' : `${sign}${hours.padStart(2, '0')}:${minutes}`
  }
  if (UTC_NAME.test(text)) return 'UTC'
  return isZoneName(text) ? text : undefined
}

/** Names of the database as Trino knows them: with capitals as they are written there, and without EST and its like. */
function isZoneName(text: string): boolean {
  if (!new RegExp(`^(?:${ZONE_NAME_PATTERN})$`).test(text) || formatOf(text) === undefined) return false
  const known = ZONE_NAMES.get(text.toLowerCase())
  return known === undefined || known === text
}

/** The form of a name: a region with places, or one of the few names without a region. */
export const ZONE_NAME_PATTERN =
  '(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US)(?:/[A-Z][A-Za-z0-9_+-]*)+|' +
  'Etc/GMT[+-]\\d{1,2}|CET|CST6CDT|Cuba|EET|EST5EDT|Egypt|Eire|GB|GB-Eire|Hongkong|Iceland|Iran|Israel|Jamaica|Japan|Kwajalein|Libya|MET|MST7MDT|NZ|NZ-CHAT|Navajo|PRC|PST8PDT|Poland|Portugal|ROK|Singapore|Turkey|W-SU|WET'

const ZONE_NAMES = new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]))

/** Seconds that the zone's clock is ahead of UTC at an instant. `zone` comes from `normalizeZone`. */
export function zoneOffsetSeconds(zone: string, instantMicros: bigint): number {
  const fixed = fixedOffsetSeconds(zone)
  if (fixed !== undefined) return fixed
  const seconds = floorDiv(instantMicros, MICROS_PER_SECOND)
  const format = formatOf(zone)
  if (format === undefined) return 0
  const parts = new Map(format.formatToParts(Number(seconds) * 1000).map((part) => [part.type, part.value]))
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type))
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year')
  const wall = new Date(0)
  wall.setUTCFullYear(year, number('month') - 1, number('day'))
  wall.setUTCHours(number('hour'), number('minute'), number('second'))
  return wall.getTime() / 1000 - Number(seconds)
}

function fixedOffsetSeconds(zone: string): number | undefined {
  if (zone === 'UTC') return 0
  const match = /^([+-])(\d\d):(\d\d)$/.exec(zone)
  if (match === null) return undefined
  const seconds = (Number(match[2]) * 60 + Number(match[3])) * 60
  return match[1] === '-' ? -seconds : seconds
}

/**
 * The instant at which the zone's clock shows `wallMicros`. Where clocks go back and show a time twice it is the first;
 * a time that is skipped is moved forward by the gap, as java.time does.
 */
export function instantOf(wallMicros: bigint, zone: string): bigint {
  const before = zoneOffsetSeconds(zone, wallMicros - 86_400n * MICROS_PER_SECOND)
  const after = zoneOffsetSeconds(zone, wallMicros + 86_400n * MICROS_PER_SECOND)
  const at = (offset: number) => wallMicros - BigInt(offset) * MICROS_PER_SECOND
  if (zoneOffsetSeconds(zone, at(before)) === before) return at(before)
  return zoneOffsetSeconds(zone, at(after)) === after ? at(after) : at(before)
}

export function wallOf(instantMicros: bigint, zone: string): bigint {
  return instantMicros + BigInt(zoneOffsetSeconds(zone, instantMicros)) * MICROS_PER_SECOND
}
