/** `%t…` of java.util.Formatter over the ISO text of a date or time. */

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const TEXT = /^(?:([+-]?\d{4,})-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(.*)$/
/**
 * java.time's text: no seconds where they are zero, fractions by threes of digits. A moment with a zone comes as its
 * instant, microseconds since 1970, a blank, its local time, a blank, and the zone.
 */
export function isoText(written: string): string {
  const zoned = /^(-?\d+)@(.*) (\S+)$/.exec(written)
  const local = zoned?.[2] ?? written
  const match = /^(.*?)T?(\d\d:\d\d):(\d\d)(?:\.(\d+))?$/.exec(local.replace(' ', 'T'))
  if (match === null) return local
  const [, date = '', minutes = '', second = '', part = ''] = match
  const fraction = /^0*$/.test(part) ? '' : `.${part.replace(/0+$/, '').padEnd(Math.ceil(part.replace(/0+$/, '').length / 3) * 3, '0')}`
  const time = `${date === '' ? '' : `${date}T`}${minutes}${second === '00' && fraction === '' ? '' : `:${second}${fraction}`}`
  if (zoned === null) return time
  const zone = zoned[3] as string
  const offset = offsetText(zoned[1] as string, local)
  return /^[+-]\d/.test(zone) ? `${time}${offset}` : `${time}${offset}[${zone}]`
}

/** How far the local time is from UTC: Z, ±HH:MM or, long ago, ±HH:MM:SS. */
function offsetText(instant: string, local: string): string {
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] =
    /^([+-]?\d+)-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(local) ?? []
  const wall = new Date(0)
  wall.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  wall.setUTCHours(Number(hour), Number(minute), Number(second))
  const seconds = Math.round(wall.getTime() / 1000) - Math.floor(Number(instant) / 1_000_000)
  if (seconds === 0) return 'Z'
  const size = Math.abs(seconds)
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, ...(size % 60 === 0 ? [] : [size % 60])]
  return `${seconds < 0 ? '-' : '+'}${parts.map((part) => String(part).padStart(2, '0')).join(':')}`
}

const MS_PER_DAY = 86_400_000
/** Years before the first count backwards, and there is none of number 0. */
const yearOfEra = (year: number): number => (year > 0 ? year : 1 - year)

/**
 * @param isInstant the text is a number of milliseconds since 1970 in UTC
 * @param field the letter behind `t`
 */
export function formatMoment(text: string, isInstant: boolean, field: string, invalid: (why: string) => never): string {
  const micros = /^(-?\d+)@/.exec(text)?.[1]
  const zoneName = micros === undefined ? undefined : text.slice(text.lastIndexOf(' ') + 1)
  const local = micros === undefined ? text : text.slice(text.indexOf('@') + 1, text.lastIndexOf(' '))
  const offset = micros === undefined ? '' : offsetText(micros, local)
  const iso = isInstant ? new Date(Number(text)).toISOString() : `${local.replace(' ', 'T')}${offset}`
  const [, year, month = '', day = '', hour, minute = '', second = '00', part = '', zone = ''] = TEXT.exec(iso) ?? []
  const two = (value: number) => String(value).padStart(2, '0')
  const dated = () => {
    if (year === undefined) invalid(`UnsupportedTemporalType: Unsupported field`)
    const time = Date.UTC(2000, Number(month) - 1, Number(day))
    const date = new Date(time)
    date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
    return { year: Number(year), month: Number(month), day: Number(day), date }
  }
  const timed = () => {
    if (hour === undefined) invalid(`UnsupportedTemporalType: Unsupported field`)
    return { hour: Number(hour), minute, second, nanos: part.padEnd(9, '0').slice(0, 9) }
  }
  const all = (fields: string) => fields.replace(/[a-zA-Z]/g, (letter) => formatMoment(text, isInstant, letter, invalid))
  const year4 = (value: number) => String(value).padStart(4, '0')
  switch (field) {
    case 'H':
      return two(timed().hour)
    case 'I':
      return two(timed().hour % 12 || 12)
    case 'k':
      return String(timed().hour)
    case 'l':
      return String(timed().hour % 12 || 12)
    case 'M':
      return timed().minute
    case 'S':
      return timed().second
    case 'L':
      return timed().nanos.slice(0, 3)
    case 'N':
      return timed().nanos
    case 'p':
      return timed().hour < 12 ? 'am' : 'pm'
    case 'Y':
      return year4(yearOfEra(dated().year))
    case 'C':
      return two(Math.floor(yearOfEra(dated().year) / 100))
    case 'y':
      return two(yearOfEra(dated().year) % 100)
    case 'B':
      return MONTHS[dated().month - 1] as string
    case 'b':
    case 'h':
      return (MONTHS[dated().month - 1] as string).slice(0, 3)
    case 'm':
      return two(dated().month)
    case 'd':
      return two(dated().day)
    case 'e':
      return String(dated().day)
    case 'A':
      return DAYS[dated().date.getUTCDay()] as string
    case 'a':
      return (DAYS[dated().date.getUTCDay()] as string).slice(0, 3)
    case 'j': {
      const { year: of, date } = dated()
      const first = new Date(Date.UTC(2000, 0, 1))
      first.setUTCFullYear(of, 0, 1)
      return String(Math.round((date.getTime() - first.getTime()) / MS_PER_DAY) + 1).padStart(3, '0')
    }
    case 'R':
      return all('H:M')
    case 'T':
      return all('H:M:S')
    case 'r':
      return `${all('I:M:S')} ${all('p').toUpperCase()}`
    case 'D':
      return all('m/d/y')
    case 'F':
      return all('Y-m-d')
    case 'c':
      return zone === '' && !isInstant ? invalid('UnsupportedTemporalType: Unsupported field: OffsetSeconds') : all('a b d T Z Y')
    case 's':
    case 'Q': {
      if (!isInstant && micros === undefined) return invalid('UnsupportedTemporalType: Unsupported field: InstantSeconds')
      const millis = isInstant ? Number(text) : Math.floor(Number(micros) / 1000)
      return String(field === 'Q' ? millis : Math.floor(millis / 1000))
    }
    case 'Z':
    case 'z': {
      if (isInstant) return field === 'z' ? '+0000' : 'UTC'
      if (zone === '') return invalid('UnsupportedTemporalType: Unsupported field: OffsetSeconds')
      return field === 'z' ? (offset === 'Z' ? '+0000' : offset.replace(':', '')) : (zoneName ?? 'UTC')
    }
    default:
      return invalid(`UnknownFormatConversion: Conversion = 't${field}'`)
  }
}
