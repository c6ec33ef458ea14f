/** The types of partition keys: inferred from their texts, and the texts as typed values (CONTRACT.md, section 3). */
import { QueryError } from '#src/common/errors'
import { daysOf, MICROS_PER_DAY, MICROS_PER_SECOND } from '#src/types/calendar'
import { formatType } from '#src/types/format'
import { BIGINT, DATE, INTEGER, type Type, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'
import { CATALOG_NAME } from '../catalog.ts'
import type { Table, TableColumn } from '../model.ts'

/** The type that all texts seen have; varchar for none. NULLs (Hive's default partition) are to be left out. */
export function inferKeyType(texts: Iterable<string>): Type {
  let candidates: readonly KeyRule[] = RULES
  let any = false
  for (const text of texts) {
    any = true
    candidates = candidates.filter((rule) => rule.fits(text))
  }
  return any ? (candidates[0]?.type ?? VARCHAR) : VARCHAR
}

interface KeyRule {
  readonly type: Type
  readonly fits: (text: string) => boolean
}

/** In order of preference. `20240315` is text: as a number it would compare, but every date function would need it as text. */
const RULES: readonly KeyRule[] = [
  { type: DATE, fits: (text) => parseDate(text) !== undefined },
  {
    type: VARCHAR,
    fits: (text) => /^\d{8}$/.test(text) && parseDate(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`) !== undefined,
  },
  { type: INTEGER, fits: (text) => /^-?\d+$/.test(text) && parseKeyValue(INTEGER, text) !== undefined },
  { type: BIGINT, fits: (text) => /^-?\d+$/.test(text) && parseKeyValue(BIGINT, text) !== undefined },
]

const INTEGER_BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 }

/** Whether Weir reads partition keys of this type: the primitive types that Hive has. */
export function isKeyType(type: Type): boolean {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal':
    case 'varchar':
    case 'char':
    case 'date':
    case 'timestamp':
      return true
    default:
      return false
  }
}

/** The typed value of a folder's text; undefined when the text does not fit the type. */
export function parseKeyValue(type: Type, text: string): Value | undefined {
  switch (type.kind) {
    case 'varchar':
      return type.length === undefined || [...text].length <= type.length ? text : undefined
    case 'char': {
      const trimmed = text.replace(/ +$/, '')
      return [...trimmed].length <= type.length ? trimmed : undefined
    }
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return parseInteger(text, INTEGER_BITS[type.kind] as number)
    case 'decimal':
      return parseDecimal(text, type.precision, type.scale)
    case 'boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined
    case 'real':
    case 'double': {
      const value = parseDouble(text)
      return value === undefined || type.kind === 'double' ? value : Math.fround(value)
    }
    case 'date':
      return parseDate(text)
    case 'timestamp':
      return parseTimestamp(text, type.precision)
    default:
      throw new QueryError('GENERIC_INTERNAL_ERROR', `A partition key of type ${formatType(type)}`)
  }
}

function parseInteger(text: string, bits: number): bigint | undefined {
  if (!/^[+-]?\d{1,100}$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return BigInt.asIntN(bits, value) === value ? value : undefined
}

/** Unscaled; a value with more digits than the type has is not rounded but refused, as Trino does. */
function parseDecimal(text: string, precision: number, scale: number): bigint | undefined {
  const match = /^([+-]?)(\d{0,100})(?:\.(\d{0,100}))?$/.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = ''] = match
  if (whole === '' && fraction === '') return undefined
  if (/[1-9]/.test(fraction.slice(scale))) return undefined
  const unscaled = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
  if (unscaled >= 10n ** BigInt(precision)) return undefined
  return sign === '-' ? -unscaled : unscaled
}

function parseDouble(text: string): number | undefined {
  if (/^NaN$/.test(text)) return Number.NaN
  const infinity = /^([+-]?)Infinity$/.exec(text)
  if (infinity !== null) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

/** Days since 1970-01-01 of `yyyy-mm-dd`. */
function parseDate(text: string): bigint | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return undefined
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  return daysOf({ year, month, day })
}

/** Microseconds since 1970-01-01 of `yyyy-mm-dd[ hh:mm:ss[.fraction]]`; more digits than the type has do not fit. */
function parseTimestamp(text: string, precision: number): bigint | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/.exec(text)
  if (match === null) return undefined
  const [, date = '', hour = '0', minute = '0', second = '0', fraction = ''] = match
  const days = parseDate(date)
  if (days === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  if (/[1-9]/.test(fraction.slice(precision))) return undefined
  const seconds = BigInt(hour) * 3600n + BigInt(minute) * 60n + BigInt(second)
  return days * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
}

/** A folder whose value does not fit its key's type, found after the table was made. */
export function invalidKeyValue(
  table: Pick<Table, 'schema' | 'name' | 'location'>,
  key: TableColumn,
  text: string,
  folder: string,
): QueryError {
  const wider = key.type.kind === 'integer' && parseKeyValue(BIGINT, text) !== undefined ? BIGINT : VARCHAR
  const name = `${CATALOG_NAME}.${table.schema}.${table.name}`
  const alter = `ALTER TABLE ${name} ALTER COLUMN ${key.name} SET DATA TYPE ${formatType(wider)}`
  return new QueryError(
    'HIVE_INVALID_PARTITION_VALUE',
    `Invalid partition value '${text}' for ${formatType(key.type)} partition key: ${key.name} in ${folder}; to read it: ${alter}`,
    {
      hint: `Or register the table again: weir catalog add ${table.schema}.${table.name} ${table.location} --partition '${key.name} ${formatType(wider)}' --replace`,
    },
  )
}
