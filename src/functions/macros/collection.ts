/** Arrays and maps. */
import { raise } from '../kernel-error.ts'
import { macro } from './macro.ts'

const invalid = (message: string) => raise('INVALID_FUNCTION_ARGUMENT', message)

/** Places of all subsets of `size` over `b`, the subsets of one less, in the order of their last places, then those before. */
const subsets = (size: number): string =>
  `flatten(list_transform(range(${size}, n + 1), lambda i: list_transform(list_filter(b, lambda c: c[-1] < i), lambda c: list_append(c, i))))`

const combinationLevels = [2, 3, 4, 5].map((size) =>
  macro(`weir_combinations_${size}(n) := list_transform([weir_combinations_${size - 1}(n)], lambda b: ${subsets(size)})[1]`),
)

export const COLLECTION_MACROS = [
  macro(`weir_has_null(l) := list_contains(list_transform(l, lambda b: b IS NULL), true)`),
  macro(
    `weir_contains(l, v) := CASE WHEN l IS NULL OR v IS NULL THEN NULL WHEN list_contains(l, v) THEN true WHEN weir_has_null(l) THEN NULL ELSE false END`,
  ),
  macro(`weir_slice(l, s, n) := CASE
    WHEN l IS NULL OR s IS NULL OR n IS NULL THEN NULL
    WHEN s = 0 THEN ${invalid('SQL array indices start at 1')}
    WHEN n < 0 THEN ${invalid('length must be greater than or equal to 0')}
    WHEN n = 0 OR s > len(l) OR s < -len(l) THEN l[1:0]
    WHEN s > 0 THEN l[s:s + n - 1]
    ELSE l[len(l) + s + 1:len(l) + s + n] END`),
  macro(`weir_day(d) := CAST(d - DATE '1970-01-01' AS BIGINT)`),
  macro(`weir_sequence(a, b, s) := CASE
    WHEN a IS NULL OR b IS NULL THEN NULL
    WHEN s = 0 THEN ${invalid('step must not be zero')}
    WHEN (s > 0 AND a > b) OR (s < 0 AND a < b) THEN ${invalid('sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start')}
    WHEN (CAST(b AS HUGEINT) - a) // s >= 10000 THEN ${invalid('result of sequence function must not have more than 10000 entries')}
    WHEN a IS NOT NULL AND b IS NOT NULL AND s IS NOT NULL THEN generate_series(a, b, s) END`),
  macro(`weir_month_steps(a, b, m) := CASE
    WHEN a IS NULL OR b IS NULL THEN NULL
    WHEN m = 0 THEN ${invalid('step must not be zero')}
    WHEN (m > 0 AND a > b) OR (m < 0 AND a < b) THEN ${invalid('sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start')}
    WHEN abs(date_diff('month', a, b)) // abs(m) >= 10000 THEN ${invalid('result of sequence function must not have more than 10000 entries')}
    WHEN a IS NOT NULL AND b IS NOT NULL AND m IS NOT NULL THEN list_filter(list_transform(generate_series(0, abs(date_diff('month', a, b)) // abs(m)), lambda i: a + to_months(CAST(i * m AS INTEGER))), lambda t: CASE WHEN m > 0 THEN t <= b ELSE t >= b END) END`),
  // Lists of what array.ts calls relations.
  macro(
    `weir_relations_contain(r) := CASE WHEN r IS NULL THEN NULL WHEN coalesce(list_position(r, 2), 2147483647) < coalesce(list_position(r, 1), 2147483647) THEN ${raise('NOT_SUPPORTED', 'contains does not support arrays with elements that are null or contain null')} WHEN list_contains(r, 1) THEN true WHEN list_contains(r, 0) THEN NULL ELSE false END`,
  ),
  macro(
    `weir_relations_position(r) := CASE WHEN coalesce(list_position(r, 2), 2147483647) < coalesce(list_position(r, 1), 2147483647) THEN ${raise('NOT_SUPPORTED', 'array_position does not support arrays with elements that are null or contain null')} ELSE CAST(coalesce(list_position(r, 1), 0) AS BIGINT) END`,
  ),
  macro(`weir_trim_array(l, n) := CASE
    WHEN l IS NULL OR n IS NULL THEN NULL
    WHEN n < 0 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|size must not be negative: ' || n)
    WHEN n > len(l) THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|size must not exceed array cardinality ' || len(l) || ': ' || n)
    ELSE l[1:len(l) - n] END`),
  macro(`weir_combinations_1(n) := list_transform(range(1, n + 1), lambda i: [i])`),
  ...combinationLevels,
  // How many subsets of k of n there are, as a product of at most five factors.
  macro(
    `weir_subsets(n, k) := round(list_reduce(list_transform(range(1, k + 1), lambda i: (n - k + i) / i), lambda a, b: a * b, CAST(1 AS DOUBLE)))`,
  ),
  macro(`weir_combinations(n, k) := CASE
    WHEN k < 0 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|combination size must not be negative: ' || k)
    WHEN k > 5 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|combination size must not exceed 5: ' || k)
    WHEN k > n THEN CAST([] AS BIGINT[][])
    WHEN weir_subsets(n, k) * k > 100000 THEN ${invalid('combinations exceed max size')}
    WHEN k = 0 THEN [CAST([] AS BIGINT[])]
    WHEN k = 1 THEN weir_combinations_1(n)
    WHEN k = 2 THEN weir_combinations_2(n)
    WHEN k = 3 THEN weir_combinations_3(n)
    WHEN k = 4 THEN weir_combinations_4(n)
    WHEN k = 5 THEN weir_combinations_5(n) END`),
  // ---- vectors: NULLs inside are read as 0 by all but the cosine of arrays
  macro(
    `weir_same_length(a, b) := CASE WHEN len(a) <> len(b) THEN ${invalid('The arguments must have the same length')} WHEN b IS NOT NULL THEN a END`,
  ),
  macro(`weir_sum(l) := list_reduce(l, lambda s, x: s + x, CAST(0 AS DOUBLE))`),
  macro(`weir_less(l, x) := list_transform([x], lambda f: list_transform(l, lambda v: v - f))[1]`),
  // Seen from the first value, equal values are exactly zero.
  macro(`weir_centered(l) := list_transform([weir_less(l, l[1])], lambda d: weir_less(d, list_sum(d) / len(d)))[1]`),
  macro(`weir_power_sum(l, p) := list_sum(list_transform(l, lambda v: pow(v, p)))`),
  macro(`weir_skewness(l) := list_transform([l], lambda c: sqrt(len(c)) * weir_power_sum(c, 3) / pow(weir_power_sum(c, 2), 1.5))[1]`),
  // From the second and the fourth central moment.
  macro(`weir_excess(n, v, q) := (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * q / (v * v) - 3 * (n - 1))`),
  macro(
    `weir_kurtosis(l) := list_transform([l], lambda c: weir_excess(CAST(len(c) AS DOUBLE), weir_power_sum(c, 2) / len(c), weir_power_sum(c, 4) / len(c)))[1]`,
  ),
  // s: number, mean m and variance v of the values, their covariance c with their squares and the variance w of these.
  macro(`weir_third_moment(s) := s.c - 2 * s.m * s.v`),
  macro(`weir_skewness_of(s) := weir_third_moment(s) / pow(s.v, 1.5)`),
  macro(
    `weir_kurtosis_of(s) := weir_excess(CAST(s.n AS DOUBLE), s.v, s.w - 4 * s.m * s.m * s.v - 4 * s.m * weir_third_moment(s) + s.v * s.v)`,
  ),
  macro(`weir_dot(a, b) := weir_sum(list_transform(list_zip(a, b), lambda p: coalesce(p[1], 0) * coalesce(p[2], 0)))`),
  macro(`weir_dot_product(a, b) := CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN weir_dot(weir_same_length(a, b), b) END`),
  macro(
    `weir_euclidean_distance(a, b) := CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN sqrt(weir_sum(list_transform(list_zip(weir_same_length(a, b), b), lambda p: (coalesce(p[1], 0) - coalesce(p[2], 0)) * (coalesce(p[1], 0) - coalesce(p[2], 0))))) END`,
  ),
  macro(`weir_cosine(d, m) := CASE WHEN m = 0 THEN ${invalid('Vector magnitude cannot be zero')} ELSE d / sqrt(m) END`),
  macro(
    `weir_cosine_similarity(a, b) := CASE WHEN weir_same_length(a, b) IS NULL OR weir_has_null(a) OR weir_has_null(b) THEN NULL ELSE weir_cosine(weir_dot(a, b), weir_dot(a, a) * weir_dot(b, b)) END`,
  ),
  macro(`weir_norm(m) := CASE WHEN NOT weir_has_null(map_values(m)) THEN sqrt(weir_dot(map_values(m), map_values(m))) END`),
  macro(
    `weir_sparse_cosine_similarity(a, b) := weir_sum(list_transform(map_entries(a), lambda e: coalesce(e.value * map_extract(b, e.key)[1], 0))) / (weir_norm(a) * weir_norm(b))`,
  ),
  // ---- texts to maps: entries as structs of k and v
  macro(`weir_split_entries(x, e, k) := CASE
    WHEN x IS NULL OR e IS NULL OR k IS NULL THEN NULL
    WHEN e = '' THEN ${invalid('entryDelimiter is empty')}
    WHEN k = '' THEN ${invalid('keyValueDelimiter is empty')}
    WHEN e = k THEN ${invalid('entryDelimiter and keyValueDelimiter must not be the same')}
    ELSE list_transform(
      list_transform([string_split(x, e)], lambda l: CASE WHEN l[-1] = '' THEN l[1:len(l) - 1] ELSE l END)[1],
      lambda s: CASE
        WHEN len(string_split(s, k)) <> 2 THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Key-value delimiter must appear exactly once in each entry. Bad input: ''' || s || '''')
        ELSE struct_pack(k := string_split(s, k)[1], v := string_split(s, k)[2]) END) END`),
]
