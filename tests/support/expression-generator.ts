/** Random expressions of known types, for a differential test of functions, operators and casts. */
import { FUNCTION_FORMS } from './expression-forms.ts'

export interface Expression {
  readonly sql: string
  /** As a cast names it. */
  readonly type: string
}

const DEEPEST = 3

/** Columns that expressions may name: a row of ordinary values, one of extremes, one of NULLs. */
const COLUMNS: Readonly<Record<string, readonly [type: string, ...values: readonly string[]]>> = {
  b: ['boolean', 'true', 'false'],
  i: ['integer', '7', '-2147483648'],
  l: ['bigint', '-13', '9223372036854775807'],
  f: ['real', "REAL '2.5'", "REAL '-0.0'"],
  d: ['double', '-1.5E0', 'nan()'],
  n: ['decimal(18,4)', "DECIMAL '12.5000'", "DECIMAL '-99999999999999.9999'"],
  h: ['decimal(38,0)', "DECIMAL '5'", "DECIMAL '99999999999999999999999999999999999999'"],
  s: ['varchar', "'Grüße, Welt 😀'", "''"],
  c: ['char(5)', "'ab'", "' é'"],
  x: ['varbinary', "X'00FF61'", "X''"],
  e: ['date', "DATE '2020-02-29'", "DATE '1899-12-31'"],
  t: ['timestamp(3)', "TIMESTAMP '2021-03-28 01:30:00.123'", "TIMESTAMP '0001-01-01 00:00:00.000'"],
  z: ['timestamp(3) with time zone', "TIMESTAMP '2021-10-31 02:30:00.000 Europe/Berlin'", "TIMESTAMP '1969-12-31 23:59:59.999 -08:00'"],
  m: ['time(3)', "TIME '23:59:59.999'", "TIME '00:00:00.000'"],
  a: ['array(integer)', 'ARRAY[3, NULL, 1]', 'ARRAY[]'],
  w: ['array(varchar)', "ARRAY['b', 'ä', NULL]", 'ARRAY[]'],
  p: ['map(varchar, integer)', "MAP(ARRAY['k', 'ü'], ARRAY[1, NULL])", 'MAP()'],
  j: ['json', `JSON '{"a": [1, 2.5, null, "x"], "b": {}}'`, "JSON 'null'"],
}

const LITERALS: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true', 'false', 'NULL'],
  tinyint: ["TINYINT '127'", "TINYINT '-128'", "TINYINT '0'"],
  smallint: ["SMALLINT '32767'", "SMALLINT '-1'", "SMALLINT '12'"],
  integer: ['0', '1', '-1', '2', '3', '10', '2147483647', '-2147483648', '0x1F'],
  bigint: ["BIGINT '0'", "BIGINT '1'", "BIGINT '-1'", '9223372036854775807', '-9223372036854775807', "BIGINT '64'", '3000000000'],
  real: ["REAL '0.1'", "REAL '-3.4028235e38'", "REAL 'NaN'", "REAL 'Infinity'", "REAL '1e-45'", "REAL '16777217'"],
  double: ['0e0', '-0e0', '1.5e0', '-2.5e0', '0.1e0', '1e300', '5e-324', 'nan()', 'infinity()', '-infinity()', '9.223372036854775807e18'],
  'decimal(18,4)': ["DECIMAL '0.0000'", "DECIMAL '-0.0001'", "DECIMAL '12345678901234.5678'", "DECIMAL '2.5000'"],
  'decimal(3,1)': ['1.5', '-99.9', '0.0', '10.0'],
  'decimal(38,0)': ["DECIMAL '99999999999999999999999999999999999999'", 'CAST(1 AS decimal(38,0))', 'CAST(-7 AS decimal(38,0))'],
  'decimal(38,18)': ["CAST('0.000000000000000001' AS decimal(38,18))", "CAST('-12345678901234567890.5' AS decimal(38,18))"],
  varchar: [
    "''",
    "'a'",
    "'abc'",
    "' pad '",
    "'12'",
    "'-1.5'",
    "'1e3'",
    "'NaN'",
    "'true'",
    "'2020-01-31'",
    "'2020-01-31 10:11:12.5'",
    "'😀é'",
    "U&'e\\0301'",
    "'a,b,,c'",
    "'%_'",
    "'[1, 2]'",
    '\'{"a": 1}\'',
    "'http://x.org:80/p/q?a=1&b=%20#f'",
    "'00ff'",
    "'YWI='",
    "'ΑΣ ß İ'",
    'CAST(NULL AS varchar)',
  ],
  'varchar(3)': ["CAST('ab' AS varchar(3))", "CAST('äöü' AS varchar(3))"],
  'char(5)': ["CAST('abc' AS char(5))", "CHAR 'xy   '", "CAST('' AS char(5))", "CAST('é😀' AS char(5))"],
  varbinary: ["X'61'", "X''", "X'FFFE'", "X'0000000000000001'", "to_utf8('é')"],
  date: ["DATE '1970-01-01'", "DATE '2024-02-29'", "DATE '9999-12-31'", "DATE '-0001-03-01'", "DATE '2023-12-31'"],
  'time(3)': ["TIME '12:34:56.789'", "TIME '00:00:00.000'"],
  'time(6)': ["TIME '01:02:03.000001'"],
  'time(3) with time zone': ["TIME '10:00:00.000 +05:30'", "TIME '00:00:00.000 -14:00'"],
  'timestamp(0)': ["TIMESTAMP '2000-01-01 00:00:00'"],
  'timestamp(3)': ["TIMESTAMP '1969-12-31 23:59:59.999'", "TIMESTAMP '2012-12-31 23:59:59.500'"],
  'timestamp(6)': ["TIMESTAMP '2020-05-05 05:05:05.123456'", "TIMESTAMP '1900-01-01 00:00:00.999999'"],
  'timestamp(3) with time zone': ["TIMESTAMP '2020-06-01 12:00:00.000 America/New_York'", "TIMESTAMP '2000-01-01 00:00:00.001 UTC'"],
  'interval day to second': ["INTERVAL '1' DAY", "INTERVAL '-36' HOUR", "INTERVAL '1 02:03:04.567' DAY TO SECOND", "INTERVAL '0' SECOND"],
  'interval year to month': ["INTERVAL '1' MONTH", "INTERVAL '-3' YEAR", "INTERVAL '2-5' YEAR TO MONTH"],
  'array(integer)': ['ARRAY[1, 2, 3]', 'ARRAY[NULL, 2, 2]', 'CAST(ARRAY[] AS array(integer))', 'sequence(5, 1, -2)'],
  'array(double)': ['ARRAY[1e0, nan(), NULL, -0e0]', 'ARRAY[0.5e0, 2e0]'],
  'array(varchar)': ["ARRAY['x', 'y', NULL]", "ARRAY['', 'ß']", "split('a,b,,c', ',')"],
  'array(array(integer))': ['ARRAY[ARRAY[1], ARRAY[], NULL]', 'ARRAY[ARRAY[2, NULL]]'],
  'map(varchar, integer)': ["MAP(ARRAY['a', 'b'], ARRAY[1, 2])", "MAP(ARRAY['z'], ARRAY[NULL])"],
  'map(integer, double)': ['MAP(ARRAY[1, 2], ARRAY[nan(), -0e0])'],
  'row(p integer, q varchar)': ["CAST(ROW(1, 'a') AS row(p integer, q varchar))", 'CAST(ROW(NULL, NULL) AS row(p integer, q varchar))'],
  json: [
    "JSON '1'",
    `JSON '"x"'`,
    'JSON \'[1, "b", {"c": null}]\'',
    'JSON \'{"k": 1.0, "a": true}\'',
    "JSON '1e500'",
    "json_parse('[9007199254740993]')",
  ],
  uuid: ["UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'"],
}

const COLUMN_LIST = Object.entries(COLUMNS)
/** `(VALUES …) t(…)`: the relation whose columns the expressions name. */
export const EXPRESSION_ROWS = `(VALUES ${[1, 2, 3].map(rowOfValues).join(', ')}) t(${COLUMN_LIST.map(([name]) => name).join(', ')})`

function rowOfValues(row: number): string {
  return `(${COLUMN_LIST.map(([, [type, ...values]]) => `CAST(${values[row - 1] ?? 'NULL'} AS ${type})`).join(', ')})`
}

/** Operands that keep off what Trino itself gets wrong: see "Trino's own mistakes" in docs/sql.md. */
const RESTRAINED: Readonly<Record<string, readonly string[]>> = {
  // Dates, timestamps and intervals beyond their range, which Trino wraps around.
  small: ['0', '1', '-1', '3', '-40', '1000'],
  factor: ['0e0', '-0e0', '1.5e0', '-2.5e0', '0.1e0', 'nan()', '1000e0', 'd'],
  // round() fails for some numbers of digits that are far below zero.
  digits: ['0', '1', '-1', '2', '-2', '3', '7', '20'],
  // A timestamp before 1970 with a fraction has a time of day that is a second early.
  recent: ["TIMESTAMP '2012-12-31 23:59:59.500'", "TIMESTAMP '2020-05-05 05:05:05.123456'", "TIMESTAMP '1970-01-01 00:00:00.000001'"],
  // More than 106 days wrap around where they are added to a time.
  'short interval': ["INTERVAL '1' DAY", "INTERVAL '-36' HOUR", "INTERVAL '1 02:03:04.567' DAY TO SECOND"],
}

const NUMBERS = [
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'decimal(18,4)',
  'decimal(3,1)',
  'decimal(38,0)',
  'decimal(38,18)',
]
const TYPES = Object.keys(LITERALS)

const TIMESTAMPS = ['timestamp(0)', 'timestamp(3)', 'timestamp(6)', 'timestamp(3) with time zone']
const SCALARS = TYPES.filter((type) => !/^(array|map|row|varbinary)/.test(type))

/** Types that Trino casts other types to than `castSources` gives, and wrongly. */
const EXACTING: ReadonlySet<string> = new Set(['varchar(3)', 'time(3)', 'time(6)', 'time(3) with time zone'])

/** Types that mostly can be cast to a type; but for two whose casts Trino gets wrong. */
function castSources(type: string): readonly string[] {
  if (NUMBERS.includes(type) || type === 'boolean') return [...NUMBERS, 'boolean', 'varchar', 'json']
  // A text that is too long is an internal error of Trino's, or passes.
  if (type === 'varchar(3)') return ['varchar', 'char(5)', ...NUMBERS]
  if (type === 'varchar' || type === 'json') return SCALARS
  // char(n) that are cut keep their blanks in Trino, and equal no other.
  if (type === 'char(5)') return ['varchar', 'varchar(3)']
  if (type === 'date' || type.startsWith('timestamp')) return ['varchar', 'date', ...TIMESTAMPS]
  if (type.startsWith('time(')) return ['varchar', 'time(3)', 'time(6)', 'time(3) with time zone', 'timestamp(3) with time zone']
  return [type, 'varchar', 'json']
}

/** A generator of numbers in [0, 1) that repeats for a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The same expressions for the same seed; they name the columns of `EXPRESSION_ROWS`. */
export function expressionSource(seed: number): () => Expression {
  const random = randomNumbers(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T

  const leaf = (type: string): string => {
    const columns = COLUMN_LIST.filter(([, [of]]) => of === type)
    if (columns.length > 0 && random() < 0.4) return pick(columns)[0]
    return random() < 0.06 ? `CAST(NULL AS ${type})` : pick(LITERALS[type] ?? [`CAST(NULL AS ${type})`])
  }

  /** Of the type, or of one that is coerced to it. */
  const of = (type: string, depth: number): string => {
    if (type === 'number') return of(pick(NUMBERS), depth)
    if (type === 'any') return of(pick(TYPES), depth)
    const restrained = RESTRAINED[type]
    if (restrained !== undefined) return pick(restrained)
    if (depth <= 0 || random() < 0.2) return leaf(type)
    const roll = random()
    if (roll < 0.005) return `CAST(${of(pick(EXACTING.has(type) ? castSources(type) : TYPES), depth - 1)} AS ${type})`
    if (roll < 0.08) return `CAST(${of(pick(castSources(type)), depth - 1)} AS ${type})`
    if (roll < 0.16) return `TRY_CAST(${of(pick(castSources(type)), depth - 1)} AS ${type})`
    if (roll < 0.2) return `coalesce(${of(type, depth - 1)}, ${of(type, depth - 1)})`
    if (roll < 0.24) return `IF(${of('boolean', depth - 1)}, ${of(type, depth - 1)}, ${of(type, depth - 1)})`
    if (roll < 0.27) {
      const operand = of(type, depth - 1)
      // Trino takes CASE x WHEN x for true, even where x is NULL.
      const when = pick(LITERALS[type] ?? [])
      if (when !== undefined && !operand.includes(when))
        return `CASE ${operand} WHEN ${when} THEN ${of(type, depth - 1)} ELSE ${of(type, depth - 1)} END`
    }
    if (roll < 0.3) return `nullif(${of(type, depth - 1)}, ${of(type, depth - 1)})`
    if (roll < 0.33) return `TRY(${of(type, depth - 1)})`
    const forms = FUNCTION_FORMS[type] ?? []
    if (forms.length > 0) return fill(pick(forms), depth - 1)
    return leaf(type)
  }

  /** `@{type}` stands for an operand; `@{type!}` for a literal or column. */
  const fill = (form: string, depth: number): string => {
    let same: string | undefined
    return form.replaceAll(/@\{([^}]+)\}/g, (_all, name: string) => {
      if (name === 'same') {
        same ??= pick(TYPES)
        return of(same, depth)
      }
      return name.endsWith('!') ? of(name.slice(0, -1), 0) : of(name, depth)
    })
  }

  return () => {
    const type = pick(TYPES)
    const sql = of(type, DEEPEST)
    return { type, sql: random() < 0.92 ? `TRY(${sql})` : sql }
  }
}
