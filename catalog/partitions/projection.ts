/**
 * Partition projection (Athena's `projection.*` properties): the partitions are computed, not listed or registered.
 *
 *   projection.dt.type = date, .range = 2024-01-01,NOW, .format = yyyy/MM/dd
 *   storage.location.template = s3://logs/${dt}/                             →   dt = '2024/01/01': s3://logs/2024/01/01/, …
 */
import { formatLocation, parseLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { Table, TableColumn } from '../model.ts'
import { addUnits, type DateUnit, datePattern, UNITS } from './date-pattern.ts'
import type { KeyDomain } from './discovery.ts'
import { inDomain, pointsOf } from './key-domain.ts'
import { parseKeyValue } from './key-types.ts'
import { hiveSegment } from './path.ts'
import { locationTemplate, projectionSetting } from './projection-properties.ts'

/** One value of a key: as the query sees it and as the path spells it. */
export interface ProjectedValue {
  readonly value: Value
  readonly text: string
}

interface KeyProjection {
  readonly key: TableColumn
  /** Values under a domain, in order. */
  readonly values: (domain: KeyDomain | undefined, now: Date) => readonly ProjectedValue[]
}

/** More values of one key than this are a mistake in the range. */
const MOST_VALUES = 2_000_000

export interface Projection {
  readonly keys: readonly KeyProjection[]
  /** Canonical folder of a partition. */
  location(texts: readonly string[]): string
}

type Projected = Pick<Table, 'schema' | 'name' | 'location' | 'partitionKeys' | 'properties'>

/** Throws INVALID_TABLE_PROPERTY where the properties do not say how the partitions follow. */
export function checkProjection(table: Projected): void {
  for (const { values, key } of projectionOf(table).keys) {
    if (projectionSetting(table.properties, key.name, 'type')?.toLowerCase() !== 'injected') values(undefined, new Date())
  }
}

export function projectionOf(table: Projected): Projection {
  if (table.partitionKeys.length === 0) throw invalid('Partition projection is enabled for a table without partition keys')
  const keys = table.partitionKeys.map((key) => keyProjection(key, table.properties))
  const template = locationTemplate(table.properties)
  if (template === undefined) {
    return {
      keys,
      location: (texts) =>
        table.location + texts.map((text, level) => `${hiveSegment(table.partitionKeys[level]?.name as string, text)}/`).join(''),
    }
  }
  const missing = table.partitionKeys.find((key) => !template.toLowerCase().includes(`\${${key.name}}`))
  if (missing !== undefined)
    throw invalid(`Partition projection's storage.location.template '${template}' lacks the partition key: \${${missing.name}}`)
  const places = new Map(table.partitionKeys.map((key, level) => [key.name, level]))
  const location = (texts: readonly string[]): string => {
    const filled = template.replace(/\$\{([^}]*)\}/g, (whole, name: string) => texts[places.get(name.toLowerCase()) ?? -1] ?? whole)
    return formatLocation(parseLocation(filled)).replace(/\/?$/, '/')
  }
  const [home, there] = [parseLocation(table.location).bucket, parseLocation(location(keys.map(() => 'x'))).bucket]
  if (home.scheme !== there.scheme || home.name !== there.name)
    throw invalid(`Partition projection's storage.location.template '${template}' leaves the table's bucket`)
  return { keys, location }
}

function keyProjection(key: TableColumn, properties: Table['properties']): KeyProjection {
  const setting = (name: Parameters<typeof projectionSetting>[2]) => projectionSetting(properties, key.name, name)
  const type = setting('type')?.toLowerCase()
  const bad = (why: string): QueryError => invalid(`Column projection for column '${key.name}' failed. ${why}`)
  const kinds: readonly Type['kind'][] = KEY_TYPES[type ?? ''] ?? []
  if (kinds.length === 0) throw bad(`Property 'projection.${key.name}.type' must be enum, integer, date or injected`)
  if (!kinds.includes(key.type.kind)) throw bad(`The type ${type} is not for columns of type ${formatType(key.type)}`)
  switch (type) {
    case 'enum':
      return enumKey(key, setting('values'), bad)
    case 'integer':
      return integerKey(key, setting('range'), setting('interval'), setting('digits'), bad)
    case 'date':
      return dateKey(
        key,
        { range: setting('range'), format: setting('format'), interval: setting('interval'), unit: setting('interval.unit') },
        bad,
      )
    default:
      return injectedKey(key)
  }
}

const INTEGERS: readonly Type['kind'][] = ['tinyint', 'smallint', 'integer', 'bigint']
const KEY_TYPES: Readonly<Record<string, readonly Type['kind'][]>> = {
  enum: ['varchar', 'char'],
  integer: ['varchar', ...INTEGERS],
  date: ['varchar', 'date', 'timestamp'],
  injected: ['varchar', 'char', 'date', 'timestamp', ...INTEGERS],
}

type Bad = (why: string) => QueryError

function enumKey(key: TableColumn, values: string | undefined, bad: Bad): KeyProjection {
  const texts = values?.split(',').map((text) => text.trim()) ?? []
  if (texts.length === 0 || texts.includes('')) throw bad(`Property 'projection.${key.name}.values' must list values`)
  const all = [...new Set(texts)].map((text) => projected(key, text, bad))
  return { key, values: (domain) => all.filter(({ value }) => inDomain(domain, value, key.type)) }
}

function integerKey(
  key: TableColumn,
  range: string | undefined,
  interval: string | undefined,
  digits: string | undefined,
  bad: Bad,
): KeyProjection {
  const match = /^\s*(-?\d{1,19})\s*,\s*(-?\d{1,19})\s*$/.exec(range ?? '')
  if (match === null) throw bad(`Property 'projection.${key.name}.range' must be two integers: 'min,max'`)
  const [low, high] = [BigInt(match[1] as string), BigInt(match[2] as string)]
  if (low > high) throw bad(`Property 'projection.${key.name}.range' is empty: ${range}`)
  const step = positive(interval, 'interval') ?? 1n
  const width = Number(positive(digits, 'digits') ?? 0n)
  const textOf = (number: bigint): string =>
    number < 0n ? `-${String(-number).padStart(width, '0')}` : String(number).padStart(width, '0')
  const isText = key.type.kind === 'varchar'
  // An integer that the column cannot hold would be a partition that nobody can name.
  if (!isText) for (const bound of [low, high]) projected(key, String(bound), bad)
  return {
    key,
    values: (domain) => {
      const points = pointsOf(domain)
      if (points !== undefined && !isText) {
        return points
          .filter((value): value is bigint => typeof value === 'bigint' && value >= low && value <= high && (value - low) % step === 0n)
          .map((value) => ({ value, text: textOf(value) }))
      }
      const [from, to] = isText ? [low, high] : clamp(domain, low, high, step)
      if ((to - from) / step > BigInt(MOST_VALUES)) throw tooMany(key, bad)
      const values: ProjectedValue[] = []
      for (let number = from; number <= to; number += step) {
        const text = textOf(number)
        const value = isText ? text : number
        if (inDomain(domain, value, key.type)) values.push({ value, text })
      }
      return values
    },
  }

  function positive(text: string | undefined, name: string): bigint | undefined {
    if (text === undefined) return undefined
    if (!/^[1-9]\d{0,9}$/.test(text.trim())) throw bad(`Property 'projection.${key.name}.${name}' must be a positive integer`)
    return BigInt(text.trim())
  }
}

/** The part of an arithmetic sequence that lies between the outer bounds of a domain. */
function clamp(domain: KeyDomain | undefined, low: bigint, high: bigint, step: bigint): readonly [bigint, bigint] {
  const [first, last] = [domain?.ranges[0]?.low?.value, domain?.ranges.at(-1)?.high?.value]
  const from = typeof first === 'bigint' && first > low ? low + ((first - low + step - 1n) / step) * step : low
  return [from, typeof last === 'bigint' && last < high ? last : high]
}

const NOW = /^\s*NOW\s*(?:([+-])\s*(\d{1,9})\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?\s*)?$/i

function dateKey(
  key: TableColumn,
  given: Readonly<Record<'range' | 'format' | 'interval' | 'unit', string | undefined>>,
  bad: Bad,
): KeyProjection {
  if (given.format === undefined) throw bad(`Property 'projection.${key.name}.format' is missing`)
  const pattern = datePattern(given.format)
  const bounds = given.range?.split(',') ?? []
  if (bounds.length !== 2) throw bad(`Property 'projection.${key.name}.range' must be two dates: 'from,to'`)
  const [from, to] = bounds.map(boundOf) as [(now: Date) => number, (now: Date) => number]
  const unit = unitOf()
  const interval = /^[1-9]\d{0,8}$/.test(given.interval?.trim() ?? '1') ? Number(given.interval ?? 1) : undefined
  if (interval === undefined) throw bad(`Property 'projection.${key.name}.interval' must be a positive integer`)
  return {
    key,
    values: (domain, now) => {
      const values: ProjectedValue[] = []
      const last = atPattern(to(now))
      let count = 0
      for (let instant = atPattern(from(now)); instant <= last; instant = addUnits(instant, interval, unit)) {
        if (++count > MOST_VALUES) throw tooMany(key, bad)
        const text = pattern.format(instant)
        const value = keyValue(instant, text)
        if (inDomain(domain, value, key.type)) values.push({ value, text })
      }
      return values
    },
  }

  /** What of an instant the pattern tells. */
  function atPattern(instant: number): number {
    return pattern.parse(pattern.format(instant)) ?? instant
  }

  function keyValue(instant: number, text: string): Value {
    if (key.type.kind === 'varchar') return text
    return key.type.kind === 'date' ? BigInt(Math.floor(instant / 86_400_000)) : BigInt(instant) * 1000n
  }

  function boundOf(text: string): (now: Date) => number {
    const relative = NOW.exec(text)
    if (relative === null) {
      const instant = pattern.parse(text.trim())
      if (instant === undefined)
        throw bad(
          `Property 'projection.${key.name}.range': '${text.trim()}' is neither NOW[±n UNITS] nor a date of the format ${given.format}`,
        )
      return () => instant
    }
    const [, sign, count, word] = relative
    if (word === undefined) return (now) => now.getTime()
    return (now) => addUnits(now.getTime(), Number(`${sign}${count}`), `${word.toUpperCase()}S` as DateUnit)
  }

  /** Days and months need no interval; the others do, as in Athena. */
  function unitOf(): DateUnit {
    const text = given.unit?.trim().toUpperCase().replace(/S?$/, 'S')
    const found = UNITS.find((name) => name === text)
    if (given.unit !== undefined && found === undefined)
      throw bad(`Property 'projection.${key.name}.interval.unit' must be one of ${UNITS.join(', ')}`)
    if (found !== undefined) return found
    if (pattern.unit === 'DAYS' || pattern.unit === 'MONTHS') return pattern.unit
    throw bad(`Property 'projection.${key.name}.interval.unit' is needed where the format is not of days or months`)
  }
}

function injectedKey(key: TableColumn): KeyProjection {
  return {
    key,
    values: (domain) => {
      const points = pointsOf(domain)
      if (points === undefined) {
        throw new QueryError(
          'CONSTRAINT_VIOLATION',
          `For the injected projected partition column ${key.name}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
        )
      }
      return points.map((value) => ({ value, text: formatValue(value, key.type) }))
    },
  }
}

function projected(key: TableColumn, text: string, bad: Bad): ProjectedValue {
  const value = parseKeyValue(key.type, text)
  if (value === undefined) throw bad(`'${text}' is no ${formatType(key.type)}`)
  return { value, text }
}

const tooMany = (key: TableColumn, bad: Bad): QueryError =>
  bad(
    `More than ${MOST_VALUES.toLocaleString('en-US')} values of ${key.name} would have to be looked at; compare ${key.name} itself with a constant`,
  )

const invalid = (message: string): QueryError => new QueryError('INVALID_TABLE_PROPERTY', message)
