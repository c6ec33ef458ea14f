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
    `weir_cbrt(x) := CASE WHEN NOT isfinite(x) OR x = 0 THEN x ELSE cbrt(x) - (cbrt(x) * cbrt(x) * cbrt(x) - x) / (3 * cbrt(x) * cbrt(x)) END`,
  ),
  macro(`weir_width_bucket(x, a, b, n) := CASE
    WHEN n <= 0 THEN ${invalid('bucketCount must be greater than 0')}
    WHEN isnan(x) THEN ${invalid('operand must not be NaN')}
    WHEN NOT isfinite(a) THEN ${invalid('first bound must be finite')}
    WHEN NOT isfinite(b) THEN ${invalid('second bound must be finite')}
    WHEN a = b THEN ${invalid('bounds cannot equal each other')}
    WHEN a < b THEN CASE WHEN x < a THEN 0 WHEN x >= b THEN n + 1 ELSE CAST(floor(n * (x - a) / (b - a)) AS BIGINT) + 1 END
    ELSE CASE WHEN x > a THEN 0 WHEN x <= b THEN n + 1 ELSE CAST(floor(n * (a - x) / (a - b)) AS BIGINT) + 1 END END`),
  macro(`weir_width_bucket_of(x, l) := CASE
    WHEN len(l) = 0 THEN ${invalid('Bins cannot be an empty array')}
    WHEN isnan(x) THEN ${invalid('Operand cannot be NaN')}
    WHEN l <> list_sort(l) THEN ${invalid('Bin values are not sorted in ascending order')}
    WHEN x IS NOT NULL AND l IS NOT NULL THEN CAST(len(list_filter(l, lambda b: b <= x)) AS BIGINT) END`),
  macro(`weir_to_base(x, r) := CASE
    WHEN r < 2 OR r > 36 THEN ${invalid('Radix must be between 2 and 36')}
    WHEN x < 0 THEN '-' || lower(to_base(-x, CAST(r AS INTEGER))) ELSE lower(to_base(x, CAST(r AS INTEGER))) END`),
  macro(`weir_from_base(s, r) := CASE
    WHEN r < 2 OR r > 36 THEN ${invalid('Radix must be between 2 and 36')}
    WHEN s IS NULL OR r IS NULL THEN NULL
    WHEN NOT regexp_full_match(s, '[+-]?[0-9A-Za-z]{1,100}') OR len(list_filter(string_split(lower(ltrim(s, '+-')), ''), lambda c: strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) > r)) > 0
      THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Not a valid base-' || r || ' number: ' || s)
    ELSE CAST((CASE WHEN starts_with(s, '-') THEN -1 ELSE 1 END) * list_reduce(list_transform(string_split(lower(ltrim(s, '+-')), ''), lambda c: CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1 AS HUGEINT)), lambda a, d: a * r + d, CAST(0 AS HUGEINT)) AS BIGINT) END`),
  // ---- bits: b is the type's width
  macro(`weir_bits_of(x, b) := CAST(x AS HUGEINT) & ((CAST(1 AS HUGEINT) << b) - 1)`),
  macro(`weir_signed(u, b) := CASE WHEN u >= (CAST(1 AS HUGEINT) << (b - 1)) THEN u - (CAST(1 AS HUGEINT) << b) ELSE u END`),
  macro(
    `weir_left_shift(x, s, b) := CASE WHEN s >= b THEN 0 WHEN s < 0 THEN ${invalid('Shift must be positive')} ELSE weir_signed(weir_bits_of(weir_bits_of(x, b - s) << CAST(s AS INTEGER), b), b) END`,
  ),
  macro(
    `weir_right_shift(x, s, b) := CASE WHEN s >= b THEN 0 WHEN s < 0 THEN ${invalid('Shift must be positive')} ELSE weir_signed(weir_bits_of(x, b) >> CAST(s AS INTEGER), b) END`,
  ),
  macro(`weir_bit_count(x, b) := CASE
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
  macro(`weir_between_all(x, r) := CASE WHEN x = '' THEN r ELSE r || array_to_string(string_split(x, ''), r) || r END`),
  macro(`weir_split_limit(x, d, n) := CASE
    WHEN n <= 0 THEN ${invalid('Limit must be positive')}
    WHEN len(string_split(x, d)) <= n THEN string_split(x, d)
    ELSE list_append(string_split(x, d)[1:n - 1], array_to_string(string_split(x, d)[n:], d)) END`),
  macro(
    `weir_chr(x) := CASE WHEN x < 0 OR x > 1114111 OR (x >= 55296 AND x <= 57343) THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Not a valid Unicode code point: ' || x) ELSE chr(CAST(x AS INTEGER)) END`,
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
