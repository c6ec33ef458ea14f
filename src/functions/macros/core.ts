/** Numbers, texts and casts. */
import { raise } from '../kernel-error.ts'
import { macro } from './macro.ts'

const bad = (type: string) => `CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_CAST_ARGUMENT|Cannot cast ''' || x || ''' to ${type}') END`

/** Java's trim: everything up to U+0020 at both ends. */
const TRIMMED = `regexp_replace(x, '^[\\x00-\\x20]+|[\\x00-\\x20]+$', '', 'g')`

const integers = [
  ['integer', 'INTEGER', 'INT'],
  ['bigint', 'BIGINT', 'BIGINT'],
  ['smallint', 'SMALLINT', 'SMALLINT'],
  ['tinyint', 'TINYINT', 'TINYINT'],
].map(([name, type, shown]) =>
  // Most texts are what the number reads as, which is five times as fast to see as that they match a pattern.
  macro(
    `weir_text_to_${name}(x) := coalesce(CASE WHEN CAST(TRY_CAST(x AS ${type}) AS VARCHAR) = x THEN TRY_CAST(x AS ${type}) WHEN regexp_full_match(x, '[\\x00-\\x20]*[+-]?[0-9]+[\\x00-\\x20]*') THEN TRY_CAST(trim(${TRIMMED}) AS ${type}) END, ${bad(shown ?? '')})`,
  ),
)

const FLOAT_PATTERN = `([+-]?)([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?`

/** What the kernel reads as a finite number Java does, too, but for `1_000` and `+-5`. */
const PLAIN_DOUBLE = `
    WHEN isfinite(TRY_CAST(x AS DOUBLE)) AND NOT contains(x, '_') AND NOT contains(x, '+') THEN TRY_CAST(x AS DOUBLE)`

/** By way of a double a real would be rounded twice. Only what is too large for one is. */
const finite = (text: string, isDouble: boolean): string =>
  isDouble ? `CAST(${text} AS DOUBLE)` : `coalesce(TRY_CAST(${text} AS FLOAT), weir_to_real_any(CAST(${text} AS DOUBLE)))`

const floats = [
  ['double', 'DOUBLE'],
  ['real', 'FLOAT'],
].map(([name, type]) =>
  macro(`weir_text_to_${name}(x) := coalesce(CASE${type === 'DOUBLE' ? PLAIN_DOUBLE : ''}
    WHEN regexp_full_match(${TRIMMED}, '${FLOAT_PATTERN}') THEN ${finite(`regexp_replace(${TRIMMED}, '[dDfF]$', '')`, type === 'DOUBLE')}
    WHEN ${TRIMMED} IN ('NaN', '+NaN', '-NaN') THEN CAST('NaN' AS ${type})
    WHEN ${TRIMMED} IN ('Infinity', '+Infinity') THEN CAST('Infinity' AS ${type})
    WHEN ${TRIMMED} = '-Infinity' THEN CAST('-Infinity' AS ${type}) END, ${bad(name?.toUpperCase() ?? '')})`),
)

export const CORE_MACROS = [
  // ---- decimals
  macro(
    `weir_38_digits(x) := CASE WHEN abs(x) >= CAST(1${'0'.repeat(38)} AS HUGEINT) THEN ${raise('NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow')} ELSE x END`,
  ),
  // (x + y) modulo b without going beyond b.
  macro(`weir_add_mod(x, y, b) := CASE WHEN x >= b - y THEN x - (b - y) ELSE x + y END`),
  macro(
    `weir_ten_mod(r, b) := list_transform([weir_add_mod(r, r, b)], lambda d: list_transform([weir_add_mod(d, d, b)], lambda q: weir_add_mod(weir_add_mod(q, q, b), d, b))[1])[1]`,
  ),
  // a * 10^n modulo b. Trino fails where the quotient needs more than 128 bits.
  macro(
    `weir_mod_shifted(a, b, n) := CASE WHEN abs(a) / CAST(abs(b) AS DOUBLE) * CAST('1e' || n AS DOUBLE) >= 340282366920938463463374607431768211456e0 THEN ${raise('NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow')}
      ELSE (CASE WHEN a < 0 THEN -1 ELSE 1 END) * list_reduce(list_prepend(abs(a) % abs(b), list_transform(range(n), lambda i: CAST(0 AS HUGEINT))), lambda r, z: weir_ten_mod(r, abs(b))) END`,
  ),
  macro(`weir_mod_by_shifted(a, b, f) := CASE WHEN abs(b) > abs(a) // f THEN a ELSE a % (b * f) END`),
  macro(`weir_unscaled(d, f) := CAST(trunc(d) AS HUGEINT) * CAST(f AS HUGEINT) + CAST((d - trunc(d)) * f AS HUGEINT)`),
  macro(`weir_floor_div(a, b) := a // b - CASE WHEN a % b < 0 THEN 1 ELSE 0 END`),
  macro(`weir_us_to_ms(u) := weir_floor_div(u + 500, 1000)`),
  // ---- numbers from text
  macro(
    `weir_to_real_any(x) := coalesce(TRY_CAST(x AS FLOAT), CASE WHEN x > 0 THEN CAST('Infinity' AS FLOAT) WHEN x < 0 THEN CAST('-Infinity' AS FLOAT) END)`,
  ),
  ...integers,
  ...floats,
  macro(
    `weir_text_to_boolean(x) := coalesce(CASE WHEN lower(x) IN ('t', 'true', '1') THEN true WHEN lower(x) IN ('f', 'false', '0') THEN false END, ${bad('BOOLEAN')})`,
  ),
  macro(`weir_is_decimal_text(x) := regexp_full_match(x, '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?')`),
  macro(`weir_java_trim(x) := ${TRIMMED}`),
  // ---- text of numbers
  macro(
    `weir_java_double(x) := CASE WHEN isfinite(x) AND abs(x) < 1e7 AND (x = 0 OR abs(x) >= 1e-3) THEN CAST(x AS VARCHAR) ELSE weir_double_shortest(x) END`,
  ),
  macro(`weir_multiplier(x) := CASE WHEN isnan(x) THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Cannot multiply by double NaN')} ELSE x END`),
  macro(
    `weir_divisor(x) := CASE WHEN isnan(x) OR x = 0 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Cannot divide by double ' || weir_java_double(x)) ELSE x END`,
  ),
  // ---- varchar(n)
  macro(
    `weir_bounded(s, n) := CASE WHEN length(s) > n THEN error('WEIR|INVALID_CAST_ARGUMENT|Value ' || s || ' cannot be represented as varchar(' || n || ')') ELSE s END`,
  ),
  // ---- collections
  // Three-valued AND over a list: false wins, then NULL; a NULL list is NULL.
  macro(
    `weir_all(l) := CASE WHEN l IS NULL THEN NULL WHEN list_contains(l, false) THEN false WHEN list_contains(list_transform(l, lambda b: b IS NULL), true) THEN NULL ELSE true END`,
  ),
  macro(
    `weir_any(l) := CASE WHEN l IS NULL THEN NULL WHEN list_contains(l, true) THEN true WHEN list_contains(list_transform(l, lambda b: b IS NULL), true) THEN NULL ELSE false END`,
  ),
  // By its length, for the kernel knows that ARRAY[…] is not NULL: it would not compute it where there is no index.
  macro(`weir_array_subscript(a, i) := CASE
    WHEN len(a) IS NULL THEN NULL
    WHEN i IS NULL THEN NULL
    WHEN i = 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')}
    WHEN i < 0 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Array subscript is negative: ' || i)
    WHEN i > len(a) THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Array subscript must be less than or equal to array length: ' || i || ' > ' || len(a))
    ELSE a[i] END`),
]
