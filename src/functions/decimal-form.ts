/**
 * Arithmetic on DECIMAL(p,s) columns of the kernel.
 *
 * The kernel types `a + b` and `a * b` as Trino does, with one trap: when both operands fit 18 digits and the result may
 * not, it keeps the result at DECIMAL(18) and fails on overflow. Widening one operand beyond 18 digits avoids that, at
 * twice the cost; callers that can prove the bound leave it out.
 *
 * A value's unscaled integer is reached exactly by splitting it at the point, and an integer becomes a decimal of scale
 * s by a multiplication with 10^-s, which moves no digit.
 */
import { raise } from './kernel-error.ts'

export const DIVISION_BY_ZERO = raise('DIVISION_BY_ZERO', 'Division by zero')

export interface DecimalText {
  readonly sql: string
  /** Precision and scale of the kernel's type, which may be wider than Trino's. */
  readonly precision: number
  readonly scale: number
}

const MAX_PRECISION = 38
/** The widest precision that the kernel stores in 64 bits. */
const MAX_SHORT_PRECISION = 18

/** `proven`: the result's unscaled value is known to stay below 10^18. */
export function decimalArithmetic(operator: '+' | '-' | '*', a: DecimalText, b: DecimalText, proven = false): DecimalText {
  const scale = operator === '*' ? a.scale + b.scale : Math.max(a.scale, b.scale)
  const exact = operator === '*' ? a.precision + b.precision : Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1
  if (operator !== '*' && a.scale !== b.scale && Math.max(a.precision - a.scale, b.precision - b.scale) + scale > MAX_PRECISION) {
    return { sql: sumOfWide(operator, a, b, scale), precision: MAX_PRECISION, scale }
  }
  const short = Math.max(a.precision, b.precision) <= MAX_SHORT_PRECISION
  if (short && exact > MAX_SHORT_PRECISION) {
    if (proven) return { sql: `(${a.sql} ${operator} ${b.sql})`, precision: MAX_SHORT_PRECISION, scale }
    const wide: DecimalText = {
      sql: `CAST(${a.sql} AS DECIMAL(${MAX_SHORT_PRECISION + 1}, ${a.scale}))`,
      precision: MAX_SHORT_PRECISION + 1,
      scale: a.scale,
    }
    return decimalArithmetic(operator, wide, b)
  }
  return { sql: `(${a.sql} ${operator} ${b.sql})`, precision: Math.min(MAX_PRECISION, exact), scale }
}

/**
 * What may need more than 38 digits at the common scale, where the result does not: Trino adds whole numbers of 128 bits.
 * Beside NULL it moves no digits, which could fail.
 */
function sumOfWide(operator: '+' | '-', a: DecimalText, b: DecimalText, scale: number): string {
  const shifted = (value: DecimalText, other: DecimalText): string =>
    value.scale === scale
      ? unscaled(value)
      : `(${unscaled(value)} * CASE WHEN ${other.sql} IS NOT NULL THEN CAST(1${'0'.repeat(scale - value.scale)} AS HUGEINT) END)`
  return scaled(`weir_38_digits(${shifted(a, b)} ${operator} ${shifted(b, a)})`, MAX_PRECISION, scale)
}

/** The unscaled value as HUGEINT; exact for all values of the type. */
export function unscaled({ sql, precision, scale }: DecimalText): string {
  if (scale === 0) return `CAST(${sql} AS HUGEINT)`
  const factor = `1${'0'.repeat(scale)}`
  // Multiplying by 10^s needs s more digits; where they are not there, the digits are taken from the text.
  if (precision + scale <= MAX_PRECISION) return `CAST(CAST(${sql} AS DECIMAL(${precision + scale}, ${scale})) * ${factor} AS HUGEINT)`
  if (2 * scale <= MAX_PRECISION) return `weir_unscaled(${sql}, CAST(${factor} AS DECIMAL(${scale + 1}, 0)))`
  return `CAST(replace(CAST(${sql} AS VARCHAR), '.', '') AS HUGEINT)`
}

/** An integer of the kernel as DECIMAL(precision, scale), its last `scale` digits behind the point. */
function scaled(sql: string, precision: number, scale: number): string {
  if (scale === 0) return `CAST(${sql} AS DECIMAL(${precision}, 0))`
  const unit = scale === 0 ? '1' : `CAST(0.${'0'.repeat(scale - 1)}1 AS DECIMAL(${scale}, ${scale}))`
  return `CAST((CAST(${sql} AS DECIMAL(38, 0)) * ${unit}) AS DECIMAL(${precision}, ${scale}))`
}

/**
 * a / b rounded half away from zero to `result.scale` digits; what has more than 38 digits fails as an overflow. `nonZero`: the
 * divisor is a literal other than 0.
 */
export function decimalDivision(a: DecimalText, b: DecimalText, result: { precision: number; scale: number }, nonZero: boolean): string {
  const shift = result.scale - a.scale + b.scale
  if (shift >= MAX_PRECISION) {
    // Trino shifts by 37 digits at most.
    const checked = nonZero ? '' : ` WHEN ${b.sql} = 0 THEN ${DIVISION_BY_ZERO}`
    const overflow = raise('NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow')
    return `CAST(CASE WHEN ${a.sql} IS NULL OR ${b.sql} IS NULL THEN NULL${checked} ELSE ${overflow} END AS DECIMAL(${result.precision}, ${result.scale}))`
  }
  return quotient(a, b, result, nonZero ? '' : ` WHEN ${b.sql} = 0 THEN ${DIVISION_BY_ZERO}`)
}

/** sum / count rounded half away from zero to the sum's scale; NULL for no values. `most`: digits that the sum can have. */
export function decimalAverage(sum: string, count: string, most: number, result: { precision: number; scale: number }): string {
  const total: DecimalText = { sql: sum, precision: Math.min(MAX_PRECISION, most), scale: result.scale }
  return quotient(total, { sql: count, precision: MAX_SHORT_PRECISION, scale: 0 }, result, '')
}

/**
 * The average of decimal(38, 38): the kernel's text of a sum of 1 or more has lost the digit before the point. `whole`: the sum of
 * the unscaled values.
 */
export function averageBelowOne(whole: string, count: string): string {
  const divisor = `CAST(${count} AS VARCHAR) || '${'0'.repeat(MAX_PRECISION)}'`
  return `CAST(weir_quotient(CAST(${whole} AS VARCHAR), ${divisor}, ${MAX_PRECISION}) AS DECIMAL(${MAX_PRECISION}, ${MAX_PRECISION}))`
}

/** Digits of what is doubled and added to another such number within 128 bits. */
const MOST_DIGITS = 37

/**
 * The kernel plans each place of an operand, so there are few: (2a ± |b|) // 2b in whole numbers of 128 bits, cut towards zero.
 * What the types let be too large for that is compared first, and divided by JavaScript where it is.
 */
function quotient(a: DecimalText, b: DecimalText, result: { precision: number; scale: number }, zero: string): string {
  const shift = result.scale - a.scale + b.scale
  const long = `CAST(weir_quotient(CAST(${a.sql} AS VARCHAR), CAST(${b.sql} AS VARCHAR), ${result.scale}) AS DECIMAL(${result.precision}, ${result.scale}))`
  const guards: string[] = []
  for (const [{ sql, precision, scale }, digits] of [
    [a, a.scale + shift],
    [b, b.scale],
  ] as const) {
    if (precision + digits <= MOST_DIGITS) continue
    const whole = MOST_DIGITS - scale - digits
    if (whole <= 0) return zero === '' ? long : `CASE${zero} ELSE ${long} END`
    guards.push(`abs(${sql}) < CAST(1${'0'.repeat(whole)} AS DECIMAL(${MAX_PRECISION}, ${scale}))`)
  }
  const unit = `1${'0'.repeat(b.scale)}`
  const half = multiplied({ ...b, sql: `abs(${b.sql})` }, `CASE WHEN ${a.sql} < 0 THEN -${unit} ELSE ${unit} END`, b.scale)
  const rounded = `(${multiplied(a, `2${'0'.repeat(a.scale + shift)}`, a.scale + shift)} + ${half})`
  const short = scaled(`${rounded} // ${multiplied(b, `2${'0'.repeat(b.scale)}`, b.scale)}`, result.precision, result.scale)
  if (zero === '' && guards.length === 0) return short
  if (guards.length === 0) return `CASE${zero} ELSE ${short} END`
  return `CASE${zero} WHEN ${guards.join(' AND ')} THEN ${short} ELSE ${long} END`
}

/** The value times a whole number of `digits` + 1 digits, which must fit 38 digits, as HUGEINT. */
function multiplied({ sql, precision, scale }: DecimalText, by: string, digits: number): string {
  const wide = Math.min(MAX_PRECISION, precision + digits + 1)
  return `CAST(CAST(${sql} AS DECIMAL(${wide}, ${scale})) * CAST(${by} AS DECIMAL(${digits + 1}, 0)) AS HUGEINT)`
}

/**
 * a % b with the sign of a. Where both have no common decimal type the kernel would compute with doubles: there the
 * unscaled integers are taken, digit by digit where they do not fit 128 bits.
 */
export function decimalModulus(a: DecimalText, b: DecimalText, result: { precision: number; scale: number }, nonZero: boolean): string {
  const scale = Math.max(a.scale, b.scale)
  if (Math.max(a.precision - a.scale, b.precision - b.scale) + scale <= MAX_PRECISION) {
    return nonZero ? `(${a.sql} % ${b.sql})` : `(${a.sql} % CASE WHEN ${b.sql} = 0 THEN ${DIVISION_BY_ZERO} ELSE ${b.sql} END)`
  }
  const divisor = nonZero ? unscaled(b) : `CASE WHEN ${b.sql} = 0 THEN ${DIVISION_BY_ZERO} ELSE ${unscaled(b)} END`
  const digits = scale - a.scale
  const remainder =
    digits > 0
      ? `weir_mod_shifted(${unscaled(a)}, ${divisor}, ${digits})`
      : `weir_mod_by_shifted(${unscaled(a)}, ${divisor}, CAST(1${'0'.repeat(scale - b.scale)} AS HUGEINT))`
  return scaled(remainder, result.precision, result.scale)
}
