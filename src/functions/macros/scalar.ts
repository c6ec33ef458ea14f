/** Macros behind single functions. */
import { raise } from '../kernel-error.ts'
import { macro } from './macro.ts'

const invalid = (message: string) => raise('INVALID_FUNCTION_ARGUMENT', message)

export const SCALAR_MACROS = [
  // ---- math
  macro(`weir_finite(x) := CASE WHEN isfinite(x) THEN x END`),
  macro(
    `weir_logarithm(x, v) := CASE WHEN x > 0 THEN v WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN x IS NOT NULL THEN CAST('NaN' AS DOUBLE) END`,
  ),
  macro(
    `weir_bucket(x, a, b, n) := CASE WHEN x < a THEN 0 WHEN x >= b THEN n + 1 ELSE CAST(floor(n * (x - a) / (b - a)) AS BIGINT) + 1 END`,
  ),
  macro(`weir_width_bucket(x, a, b, n) := CASE
    WHEN x IS NULL OR a IS NULL OR b IS NULL OR n IS NULL THEN NULL
    WHEN n <= 0 THEN ${invalid('bucketCount must be greater than 0')}
    WHEN isnan(x) THEN ${invalid('operand must not be NaN')}
    WHEN NOT isfinite(a) THEN ${invalid('first bound must be finite')}
    WHEN NOT isfinite(b) THEN ${invalid('second bound must be finite')}
    WHEN a = b THEN ${invalid('bounds cannot equal each other')}
    WHEN a < b THEN weir_bucket(x, a, b, n)
    ELSE n - weir_bucket(x, b, a, n) + 1 END`),
  macro(`weir_ten(n) := CAST(pow(CAST(10 AS DOUBLE), n) AS HUGEINT)`),
  // Half away from zero to tens, hundreds …, in a type that holds what comes out.
  macro(
    `weir_round_integer(x, n) := CASE WHEN n >= 0 THEN x WHEN n < -19 THEN 0 ELSE CAST(sign(x) AS HUGEINT) * ((abs(CAST(x AS HUGEINT)) + weir_ten(-n) // 2) // weir_ten(-n)) * weir_ten(-n) END`,
  ),
  // ---- bits: b is the type's width
  macro(`weir_bits_of(x, b) := CAST(x AS HUGEINT) & ((CAST(1 AS HUGEINT) << b) - 1)`),
  macro(`weir_signed(u, b) := CASE WHEN u >= (CAST(1 AS HUGEINT) << (b - 1)) THEN u - (CAST(1 AS HUGEINT) << b) ELSE u END`),
  // Java takes the last six bits of a negative shift.
  macro(`weir_shift(s) := CASE WHEN s < 0 THEN s & 63 ELSE s END`),
  macro(
    `weir_left_shift(x, s, b) := CASE WHEN weir_shift(s) >= b THEN x & 0 ELSE weir_signed(weir_bits_of(weir_bits_of(x, b - weir_shift(s)) << CAST(weir_shift(s) AS INTEGER), b), b) END`,
  ),
  macro(
    `weir_right_shift(x, s, b) := CASE WHEN weir_shift(s) >= b THEN x & 0 ELSE weir_signed(weir_bits_of(x, b) >> CAST(weir_shift(s) AS INTEGER), b) END`,
  ),
  macro(`weir_bit_count(x, b) := CASE
    WHEN x IS NULL THEN NULL
    WHEN b < 2 OR b > 64 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Bits specified in bit_count must be between 2 and 64, got ' || b)
    WHEN x <> weir_signed(weir_bits_of(x, b), b) THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Number must be representable with the bits specified. ' || x || ' cannot be represented with ' || b || ' bits')
    ELSE CAST(bit_count(weir_bits_of(x, b)) AS BIGINT) END`),
  // ---- texts
  // The kernel has a capital for it; Java leaves it.
  macro(
    `weir_upper(x) := CASE WHEN contains(x, 'ß') THEN array_to_string(list_transform(string_split(x, 'ß'), lambda s: upper(s)), 'ß') ELSE upper(x) END`,
  ),
  macro(
    `weir_substr(x, s) := CASE WHEN s > 0 THEN substr(x, least(s, 4294967295)) WHEN s < 0 AND s >= -length(x) THEN substr(x, length(x) + s + 1) WHEN x IS NOT NULL AND s IS NOT NULL THEN '' END`,
  ),
  macro(
    `weir_substr_n(x, s, n) := CASE WHEN n <= 0 AND x IS NOT NULL AND s IS NOT NULL THEN '' WHEN n > 0 THEN left(weir_substr(x, s), least(n, 4294967295)) END`,
  ),
  // The kernel's array_to_string wants a constant between the texts.
  macro(`weir_join(l, d) := CASE WHEN len(l) = 0 THEN '' ELSE list_reduce(l, lambda a, b: a || d || b) END`),
  macro(`weir_between_all(x, r) := CASE WHEN x = '' THEN r ELSE r || weir_join(string_split(x, ''), r) || r END`),
  macro(`weir_split_limit(x, d, n) := CASE
    WHEN x IS NULL OR n IS NULL THEN NULL
    WHEN n <= 0 THEN ${invalid('Limit must be positive')}
    WHEN n > 2147483647 THEN ${invalid('Limit is too large')}
    WHEN len(string_split(x, d)) <= n THEN string_split(x, d)
    ELSE list_append(string_split(x, d)[1:n - 1], weir_join(string_split(x, d)[n:], d)) END`),
  macro(
    `weir_chr(x) := CASE WHEN x < 0 OR x > 1114111 OR (x >= 55296 AND x <= 57343) THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Not a valid Unicode code point: ' || x) ELSE chr(CAST(x AS INTEGER)) END`,
  ),
  macro(`weir_parts(x, d) := CASE WHEN d <> '' THEN string_split(x, d) WHEN x = '' THEN [] WHEN d = '' THEN string_split(x, '') END`),
  // Java's (long) of a double.
  macro(
    `weir_java_long(x) := CASE WHEN isnan(x) THEN 0 WHEN x >= 9223372036854775807 THEN 9223372036854775807 WHEN x <= -9223372036854775808 THEN CAST('-9223372036854775808' AS BIGINT) ELSE CAST(trunc(x) AS BIGINT) END`,
  ),
  // Texts with what stands between them; NULL when any of that is NULL.
  macro(
    `weir_interleave(l, m) := CASE WHEN l IS NULL OR len(list_filter(m, lambda i: i.r IS NULL)) > 0 THEN NULL ELSE array_to_string(list_transform(generate_series(1, len(l)), lambda i: l[i] || coalesce(m[i].r, '')), '') END`,
  ),
  // ---- aggregates
  macro(
    `weir_listagg(x) := CASE WHEN strlen(x) > 1048576 THEN ${raise('EXCEEDED_FUNCTION_MEMORY_LIMIT', 'Concatenated string has the length in bytes larger than the maximum output length 1048576')} ELSE x END`,
  ),
  macro(
    `weir_percentile(l, p) := CASE WHEN l IS NULL THEN NULL WHEN p < 0 OR p > 1 THEN ${invalid('Percentile must be between 0 and 1')} ELSE l[least(len(l), CAST(floor(p * len(l)) AS BIGINT) + 1)] END`,
  ),
]
