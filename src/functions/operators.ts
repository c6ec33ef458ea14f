/** Arithmetic operators and the subscript, as rows like the functions'. `||` is the function concat. */
import { QueryError } from '#src/common/errors'
import { type DecimalType, decimal, type Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { type DecimalText, DIVISION_BY_ZERO, decimalArithmetic, decimalDivision, decimalModulus } from './decimal-form.ts'
import { type FunctionDefinition, scalar } from './definition.ts'
import type { CallTypes, ScalarForm } from './function.ts'
import { raise } from './kernel-error.ts'

export type OperatorName = 'add' | 'subtract' | 'multiply' | 'divide' | 'modulus' | 'negate' | 'subscript'

const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint']
const FLOATS = ['real', 'double']
const NUMBERS = [...INTEGERS, ...FLOATS]

const binary = (name: string, types: readonly string[]) => types.map((type) => `${name}(${type}, ${type}) -> ${type}`)

const decimals = (args: readonly Type[]) => [args[0] as DecimalType, args[1] as DecimalType] as const
const text = (sql: string | undefined, type: DecimalType): DecimalText => ({
  sql: sql ?? 'NULL',
  precision: type.precision,
  scale: type.scale,
})

/** Result types of decimal operators. */
const decimalSumType = (args: readonly Type[]): DecimalType => {
  const [a, b] = decimals(args)
  const scale = Math.max(a.scale, b.scale)
  return decimal(Math.min(38, Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1), scale)
}
const decimalProductType = (args: readonly Type[]): DecimalType => {
  const [a, b] = decimals(args)
  const scale = a.scale + b.scale
  if (scale > 38) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `DECIMAL scale must be in range [0, precision (38)]: ${scale}`)
  return decimal(Math.min(38, a.precision + b.precision), scale)
}
const decimalQuotientType = (args: readonly Type[]): DecimalType => {
  const [a, b] = decimals(args)
  return decimal(Math.min(38, a.precision + b.scale + Math.max(b.scale - a.scale, 0)), Math.max(a.scale, b.scale))
}
const decimalModulusType = (args: readonly Type[]): DecimalType => {
  const [a, b] = decimals(args)
  const scale = Math.max(a.scale, b.scale)
  return decimal(Math.min(b.precision - b.scale, a.precision - a.scale) + scale, scale)
}

const decimalForm =
  (operator: '+' | '-' | '*'): ScalarForm =>
  ([a, b], { arguments: types }) => {
    const [left, right] = decimals(types)
    return decimalArithmetic(operator, text(a, left), text(b, right)).sql
  }

function isNonZero(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== 0n && value !== 0
}

/** The divisor, failing when it is zero; a literal other than zero needs no guard. */
function divisor(sql: string | undefined, types: CallTypes): string {
  return isNonZero(types.constants[1]) ? `${sql}` : `CASE WHEN ${sql} = 0 THEN ${DIVISION_BY_ZERO} ELSE ${sql} END`
}

/** The operator `%` and the function mod. */
export function remainders(name: string, documentation: string): readonly FunctionDefinition[] {
  return [
    // The least number modulo -1 is nothing but 0, which the kernel fails at.
    ...scalar(binary(name, INTEGERS), documentation, ([a, b], types) => {
      const constant = types.constants[1]
      if (typeof constant === 'bigint' && constant !== 0n && constant !== -1n) return `(${a} % ${b})`
      const zero = name === 'mod' ? raise('GENERIC_INTERNAL_ERROR', '/ by zero') : DIVISION_BY_ZERO
      return `CASE WHEN ${b} = 0 THEN ${zero} WHEN ${b} = -1 THEN CAST(${a} AS ${types.kernel.stored(types.result)}) - ${a} ELSE ${a} % ${b} END`
    }),
    ...scalar(binary(name, FLOATS), documentation, '($1 % $2)'),
    ...scalar(
      `${name}(decimal(p,s), decimal(q,t)) -> decimal(p,s)`,
      documentation,
      ([a, b], types) => {
        const [left, right] = decimals(types.arguments)
        return decimalModulus(text(a, left), text(b, right), types.result as DecimalType, isNonZero(types.constants[1]))
      },
      { resultType: decimalModulusType },
    ),
  ]
}

const MS_PER_DAY = 86_400_000

/** A date moves by whole days only. */
const dateMove =
  (sign: '+' | '-', dateIndex: number): ScalarForm =>
  (args, { constants }) => {
    const date = args[dateIndex]
    const interval = args[1 - dateIndex]
    const constant = constants[1 - dateIndex]
    if (typeof constant === 'bigint' && constant % BigInt(MS_PER_DAY) === 0n) {
      return `(${date} ${sign} CAST(${constant / BigInt(MS_PER_DAY)} AS INTEGER))`
    }
    const guard = raise(
      'INVALID_FUNCTION_ARGUMENT',
      `Cannot ${sign === '+' ? 'add' : 'subtract'} hour, minutes or seconds ${sign === '+' ? 'to' : 'from'} a date`,
    )
    return `(${date} ${sign} CAST(CASE WHEN ${date} IS NOT NULL AND ${interval} % ${MS_PER_DAY} <> 0 THEN ${guard} ELSE ${interval} // ${MS_PER_DAY} END AS INTEGER))`
  }

const inMillis = (type: Type): Type =>
  'precision' in type && type.kind !== 'decimal' ? { ...type, precision: Math.max(3, type.precision) } : type

const DAY_SECOND = 'interval day to second'
const YEAR_MONTH = 'interval year to month'

/** Rows for `moment ± interval` and `interval + moment`. */
function moves(): FunctionDefinition[] {
  const rows: FunctionDefinition[] = []
  const moments: readonly (readonly [
    moment: string,
    result: ((type: Type) => Type) | undefined,
    daySecond: (m: string, i: string) => string,
    yearMonth: ((m: string, i: string) => string) | undefined,
  ])[] = [
    ['timestamp(p)', inMillis, (m, i) => `(${m} + to_microseconds(${i} * 1000))`, (m, i) => `(${m} + to_months(${i}))`],
    [
      'timestamp(p) with time zone',
      inMillis,
      (m, i) => `weir_zoned_add(${m}, to_microseconds(${i} * 1000))`,
      (m, i) => `weir_zoned_add_wall(${m}, to_months(${i}))`,
    ],
    ['time(p)', inMillis, (m, i) => `(${m} + to_microseconds(${i} * 1000))`, undefined],
    ['time(p) with time zone', inMillis, (m, i) => `weir_time_zoned_add(${m}, ${i})`, undefined],
  ]
  for (const [moment, result, daySecond, yearMonth] of moments) {
    for (const [interval, form] of [
      [DAY_SECOND, daySecond],
      [YEAR_MONTH, yearMonth],
    ] as const) {
      if (form === undefined) continue
      const forward = (index: number) => ({
        resultType: (args: readonly Type[]) => (interval === DAY_SECOND && result ? result(args[index] as Type) : (args[index] as Type)),
      })
      rows.push(...scalar(`add(${moment}, ${interval}) -> ${moment}`, '', ([m = '', i = '']) => form(m, i), forward(0)))
      rows.push(...scalar(`add(${interval}, ${moment}) -> ${moment}`, '', ([i = '', m = '']) => form(m, i), forward(1)))
      rows.push(...scalar(`subtract(${moment}, ${interval}) -> ${moment}`, '', ([m = '', i = '']) => form(m, `(-${i})`), forward(0)))
    }
  }
  rows.push(
    ...scalar(`add(date, ${DAY_SECOND}) -> date`, '', dateMove('+', 0)),
    ...scalar(`add(${DAY_SECOND}, date) -> date`, '', dateMove('+', 1)),
    ...scalar(`subtract(date, ${DAY_SECOND}) -> date`, '', dateMove('-', 0)),
    ...scalar(`add(date, ${YEAR_MONTH}) -> date`, '', 'CAST(($1 + to_months($2)) AS DATE)'),
    ...scalar(`add(${YEAR_MONTH}, date) -> date`, '', 'CAST(($2 + to_months($1)) AS DATE)'),
    ...scalar(`subtract(date, ${YEAR_MONTH}) -> date`, '', 'CAST(($1 + to_months(-$2)) AS DATE)'),
  )
  return rows
}

/** A double cut to a whole number, the greatest or least where it is beyond. */
const milliseconds = (sql: string): string => `list_transform([${sql}], lambda ms: weir_java_long(ms))[1]`

const BASIC: readonly (readonly FunctionDefinition[])[] = [
  scalar(binary('add', NUMBERS), '', '($1 + $2)'),
  scalar('add(decimal(p,s), decimal(q,t)) -> decimal(p,s)', '', decimalForm('+'), { resultType: decimalSumType }),
  scalar([`add(${DAY_SECOND}, ${DAY_SECOND}) -> ${DAY_SECOND}`, `add(${YEAR_MONTH}, ${YEAR_MONTH}) -> ${YEAR_MONTH}`], '', '($1 + $2)'),
  moves(),
  scalar(binary('subtract', NUMBERS), '', '($1 - $2)'),
  scalar('subtract(decimal(p,s), decimal(q,t)) -> decimal(p,s)', '', decimalForm('-'), { resultType: decimalSumType }),
  scalar(
    [`subtract(${DAY_SECOND}, ${DAY_SECOND}) -> ${DAY_SECOND}`, `subtract(${YEAR_MONTH}, ${YEAR_MONTH}) -> ${YEAR_MONTH}`],
    '',
    '($1 - $2)',
  ),
  scalar(`subtract(date, date) -> ${DAY_SECOND}`, '', `(CAST($1 - $2 AS BIGINT) * ${MS_PER_DAY})`),
  scalar(`subtract(timestamp(p), timestamp(p)) -> ${DAY_SECOND}`, '', 'weir_us_to_ms(epoch_us($1) - epoch_us($2))'),
  // The casts give a constant NULL its type.
  scalar(
    `subtract(timestamp(p) with time zone, timestamp(p) with time zone) -> ${DAY_SECOND}`,
    '',
    'weir_us_to_ms(epoch_us(CAST(($1).t AS TIMESTAMP)) - epoch_us(CAST(($2).t AS TIMESTAMP)))',
  ),
  scalar(`subtract(time(p), time(p)) -> ${DAY_SECOND}`, '', 'weir_us_to_ms(epoch_us($1) - epoch_us($2))'),
  scalar(
    `subtract(time(p) with time zone, time(p) with time zone) -> ${DAY_SECOND}`,
    '',
    'weir_us_to_ms(weir_time_utc_us($1) - weir_time_utc_us($2))',
  ),
  scalar(binary('multiply', NUMBERS), '', '($1 * $2)'),
  scalar('multiply(decimal(p,s), decimal(q,t)) -> decimal(p,s)', '', decimalForm('*'), { resultType: decimalProductType }),
  scalar(`multiply(${DAY_SECOND}, bigint) -> ${DAY_SECOND}`, '', '($1 * $2)'),
  scalar(`multiply(bigint, ${DAY_SECOND}) -> ${DAY_SECOND}`, '', '($1 * $2)'),
  scalar(`multiply(${DAY_SECOND}, double) -> ${DAY_SECOND}`, '', milliseconds('$1 * weir_multiplier($2)')),
  scalar(`multiply(double, ${DAY_SECOND}) -> ${DAY_SECOND}`, '', milliseconds('weir_multiplier($1) * $2')),
  scalar(`multiply(${YEAR_MONTH}, bigint) -> ${YEAR_MONTH}`, '', 'CAST($1 * $2 AS INTEGER)'),
  scalar(`multiply(bigint, ${YEAR_MONTH}) -> ${YEAR_MONTH}`, '', 'CAST($1 * $2 AS INTEGER)'),
  scalar(`multiply(${YEAR_MONTH}, double) -> ${YEAR_MONTH}`, '', 'CAST(trunc($1 * weir_multiplier($2)) AS INTEGER)'),
  scalar(`multiply(double, ${YEAR_MONTH}) -> ${YEAR_MONTH}`, '', 'CAST(trunc(weir_multiplier($1) * $2) AS INTEGER)'),
  scalar(binary('divide', INTEGERS), '', ([a, b], types) => `(${a} // ${divisor(b, types)})`),
  scalar(binary('divide', FLOATS), '', '($1 / $2)'),
  scalar(
    'divide(decimal(p,s), decimal(q,t)) -> decimal(p,s)',
    '',
    ([a, b], types) => {
      const [left, right] = decimals(types.arguments)
      return decimalDivision(text(a, left), text(b, right), types.result as DecimalType, isNonZero(types.constants[1]))
    },
    { resultType: decimalQuotientType },
  ),
  scalar(`divide(${DAY_SECOND}, double) -> ${DAY_SECOND}`, '', milliseconds('$1 / weir_divisor($2)')),
  scalar(`divide(${YEAR_MONTH}, double) -> ${YEAR_MONTH}`, '', 'CAST(trunc($1 / weir_divisor($2)) AS INTEGER)'),
  remainders('modulus', ''),
  scalar(
    [
      ...NUMBERS.map((type) => `negate(${type}) -> ${type}`),
      'negate(decimal(p,s)) -> decimal(p,s)',
      `negate(${DAY_SECOND}) -> ${DAY_SECOND}`,
      `negate(${YEAR_MONTH}) -> ${YEAR_MONTH}`,
    ],
    '',
    '(-$1)',
  ),
  scalar('subscript(array(E), bigint) -> E', '', 'weir_array_subscript($1, $2)'),
  scalar('subscript(map(K, V), K) -> V', '', ([map, key], types) => mapSubscript(map ?? '', key ?? '', types)),
]

/** Fails for a key that is not there; the message names it, as text where it has one. */
function mapSubscript(map: string, key: string, { arguments: types, kernel }: CallTypes): string {
  const keyType = types[1] as Type
  const found = mapEntry(map, key, types[0] as Type, kernel)
  const message =
    keyType.kind === 'array' || keyType.kind === 'row' || keyType.kind === 'map' || keyType.kind === 'varbinary'
      ? "''"
      : `': ' || ${kernel.cast(key, keyType, { kind: 'varchar', length: undefined })}`
  return `CASE WHEN ${map} IS NULL OR ${key} IS NULL THEN NULL WHEN len(${found}) = 0 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Key not present in map' || ${message}) ELSE ${found}[1] END`
}

/** The values of a key as a list of one or none. */
export function mapEntry(map: string, key: string, type: Type, kernel: CallTypes['kernel']): string {
  if (type.kind !== 'map') return 'NULL'
  if (kernel.equal('a', 'b', type.key) === '(a = b)') return `map_extract(${map}, ${key})`
  return `list_transform(list_filter(map_entries(${map}), lambda weir_entry: ${kernel.equal('weir_entry.key', key, type.key)}), lambda weir_entry: weir_entry.value)`
}

export const OPERATORS: ReadonlyMap<string, readonly FunctionDefinition[]> = groupByName(BASIC.flat())

function groupByName(definitions: readonly FunctionDefinition[]): Map<string, FunctionDefinition[]> {
  const groups = new Map<string, FunctionDefinition[]>()
  for (const definition of definitions) {
    const group = groups.get(definition.name)
    if (group === undefined) groups.set(definition.name, [definition])
    else group.push(definition)
  }
  return groups
}
