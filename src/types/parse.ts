/** Parses the text of a type as `formatType` prints it and as catalogs store it (Hive's names included). */
import { QueryError } from '#src/common/errors'
import {
  array,
  BIGINT,
  BOOLEAN,
  char,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  INTERVAL_DAY_TO_SECOND,
  INTERVAL_YEAR_TO_MONTH,
  IPADDRESS,
  JSON_TYPE,
  map,
  REAL,
  type RowField,
  row,
  SMALLINT,
  TINYINT,
  type Type,
  time,
  timestamp,
  timestampWithTimeZone,
  timeWithTimeZone,
  UNKNOWN,
  UUID,
  VARBINARY,
  varchar,
} from './type.ts'

const SIMPLE: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['boolean', BOOLEAN],
  ['tinyint', TINYINT],
  ['smallint', SMALLINT],
  ['int', INTEGER],
  ['integer', INTEGER],
  ['bigint', BIGINT],
  ['real', REAL],
  ['float', REAL],
  ['double', DOUBLE],
  ['string', varchar()],
  ['varbinary', VARBINARY],
  ['binary', VARBINARY],
  ['date', DATE],
  ['json', JSON_TYPE],
  ['uuid', UUID],
  ['ipaddress', IPADDRESS],
  ['unknown', UNKNOWN],
])

/** The precision of `timestamp` and `time` without one. */
const DEFAULT_TIME_PRECISION = 3
const MAX_TIME_PRECISION = 6

/**
 * Parses a whole text.
 * @throws TYPE_NOT_FOUND for an unknown or malformed type, NOT_SUPPORTED for fractions of a second beyond microseconds.
 */
export function parseType(text: string): Type {
  const parser = new TypeParser(text)
  const type = parser.type()
  parser.end()
  return type
}

class TypeParser {
  readonly #text: string
  readonly #tokens: readonly string[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = text.match(/"(?:[^"]|"")*"|[A-Za-z_$][\w$]*|\d+|\S/g) ?? []
  }

  type(): Type {
    const name = this.#take().toLowerCase()
    const plain = SIMPLE.get(name)
    if (plain !== undefined) {
      if (name === 'double' && this.#peek() === 'precision') this.#take()
      return plain
    }
    switch (name) {
      case 'decimal':
      case 'dec': {
        const [precision = 38, scale = 0] = this.#numbers()
        if (precision < 1 || precision > 38 || scale > precision) return this.#fail()
        return decimal(precision, scale)
      }
      case 'varchar':
        return varchar(this.#numbers()[0])
      case 'char':
        return char(this.#numbers()[0] ?? 1)
      case 'time':
      case 'timestamp':
        return this.#datetime(name)
      case 'interval':
        return this.#interval()
      case 'array':
        return array(this.#nested(() => [this.type()])[0] as Type)
      case 'map': {
        const [key, value] = this.#nested(() => {
          const first = this.type()
          this.#expect(',')
          return [first, this.type()]
        })
        return map(key as Type, value as Type)
      }
      case 'row':
        return row(this.#fields('(', ')'))
      case 'struct':
        return row(this.#fields('<', '>'))
      default:
        return this.#fail()
    }
  }

  end(): void {
    if (this.#next < this.#tokens.length) this.#fail()
  }

  #nested(parts: () => Type[]): Type[] {
    const close = this.#take() === '<' ? '>' : ')'
    const types = parts()
    this.#expect(close)
    return types
  }

  #datetime(base: 'time' | 'timestamp'): Type {
    const precision = this.#numbers()[0] ?? DEFAULT_TIME_PRECISION
    if (precision > MAX_TIME_PRECISION) {
      throw new QueryError('NOT_SUPPORTED', `${base}(${precision}) is not supported: the highest precision is ${MAX_TIME_PRECISION}`)
    }
    const zoned = this.#peek() === 'with'
    if (zoned || this.#peek() === 'without') for (const word of [zoned ? 'with' : 'without', 'time', 'zone']) this.#expect(word)
    if (base === 'time') return zoned ? timeWithTimeZone(precision) : time(precision)
    return zoned ? timestampWithTimeZone(precision) : timestamp(precision)
  }

  #interval(): Type {
    const from = this.#take().toLowerCase()
    this.#expect('to')
    const to = this.#take().toLowerCase()
    if (from === 'day' && to === 'second') return INTERVAL_DAY_TO_SECOND
    return from === 'year' && to === 'month' ? INTERVAL_YEAR_TO_MONTH : this.#fail()
  }

  /** Trino's `row(a bigint, varchar)` or Hive's `struct<a:bigint>`. */
  #fields(open: string, close: string): RowField[] {
    this.#expect(open)
    const fields: RowField[] = []
    do {
      if (open === '<') {
        const name = unquote(this.#take())
        this.#expect(':')
        fields.push({ name, type: this.type() })
      } else fields.push(this.#field())
    } while (this.#accept(','))
    this.#expect(close)
    return fields
  }

  /** A word is a field's name when another type begins behind it; `double precision` and `interval day …` are types. */
  #field(): RowField {
    const word = this.#peek()
    const following = this.#tokens[this.#next + 1]
    const starts = following !== undefined && /^["A-Za-z_$]/.test(following)
    const isType =
      (word === 'double' && following === 'precision') ||
      (word === 'interval' && (following === 'day' || following === 'year') && this.#tokens[this.#next + 2] === 'to')
    if (!starts || isType || (following === 'with' && (word === 'time' || word === 'timestamp')))
      return { name: undefined, type: this.type() }
    return { name: unquote(this.#take()), type: this.type() }
  }

  #numbers(): number[] {
    if (!this.#accept('(')) return []
    const numbers: number[] = []
    do {
      const token = this.#take()
      if (!/^\d+$/.test(token)) this.#fail()
      numbers.push(Number(token))
    } while (this.#accept(','))
    this.#expect(')')
    return numbers
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next]?.toLowerCase()
  }

  #accept(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#next++
    return true
  }

  #expect(token: string): void {
    if (!this.#accept(token)) this.#fail()
  }

  #take(): string {
    return this.#tokens[this.#next++] ?? this.#fail()
  }

  #fail(): never {
    throw new QueryError('TYPE_NOT_FOUND', `Unknown type: ${this.#text}`)
  }
}

const unquote = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase())
