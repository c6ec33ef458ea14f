/**
 * Calls of aggregates and window functions for random queries. `@{class:}` and `@{kind}` are operands (tests/support/query-kinds.ts),
 * `@{same}` the kind of the first once more.
 */

export interface CallForm {
  readonly sql: string
  /** Kind of the result; `same`: that of the first operand. */
  readonly kind: string
  /** The result depends on the order of the rows: it needs an ORDER BY that decides. */
  readonly ordered?: true
  /** DISTINCT changes nothing that is left open. */
  readonly distinct?: true
  /** The call stands inside of another: no clause can follow it. */
  readonly wrapped?: true
  /** Trino gets it wrong over windows: values are lost. */
  readonly grouped?: true
}

const form = (sql: string, kind: string, ...flags: readonly ('ordered' | 'distinct' | 'wrapped' | 'grouped')[]): CallForm => ({
  sql,
  kind,
  ...(flags.includes('ordered') && { ordered: true }),
  ...(flags.includes('distinct') && { distinct: true }),
  ...(flags.includes('wrapped') && { wrapped: true }),
  ...(flags.includes('grouped') && { grouped: true }),
})

export const AGGREGATES: readonly CallForm[] = [
  form('count(*)', 'bigint'),
  form('count(@{any:})', 'bigint', 'distinct'),
  form('count_if(@{boolean})', 'bigint'),
  form('sum(@{int:})', 'opaque', 'distinct'),
  form('sum(@{sum:})', 'opaque', 'distinct'),
  form('sum(@{decimal:})', 'opaque', 'distinct'),
  form('sum(@{float:})', 'opaque'),
  form('sum(@{days})', 'days', 'distinct'),
  form('sum(@{months})', 'months', 'distinct'),
  form('avg(@{int:})', 'opaque', 'distinct'),
  form('avg(@{decimal:})', 'same', 'distinct'),
  form('avg(@{float:})', 'opaque'),
  form('avg(@{days})', 'days', 'distinct'),
  form('avg(@{months})', 'months', 'distinct'),
  form('min(@{orderkey:})', 'same', 'distinct'),
  form('max(@{orderkey:})', 'same', 'distinct'),
  form('min(@{orderkey:}, 2)', 'opaque', 'grouped'),
  form('max(@{orderkey:}, 3)', 'opaque', 'grouped'),
  form('max(@{orderkey:}, @{bound})', 'opaque', 'grouped'),
  form('min_by(@{any:}, @{total})', 'same'),
  form('max_by(@{any:}, @{total})', 'same'),
  // As fields: Trino mixes up values and NULLs here.
  form('min_by(ROW(@{any:}), @{total}, 2)', 'opaque', 'grouped'),
  form('max_by(ROW(@{any:}), @{total}, 3)', 'opaque', 'grouped'),
  form("at_timezone(min(@{zoned}), 'UTC')", 'opaque', 'wrapped'),
  form("at_timezone(max(@{zoned micros}), 'UTC')", 'opaque', 'wrapped'),
  form('(0e0 + max(@{special}))', 'opaque', 'wrapped'),
  form('(0e0 + min(@{special}))', 'opaque', 'wrapped'),
  form('any_value(@{constant})', 'opaque'),
  form('arbitrary(@{constant})', 'opaque', 'distinct'),
  form('bool_and(@{boolean})', 'boolean', 'distinct'),
  form('bool_or(@{boolean})', 'boolean', 'distinct'),
  form('every(@{boolean})', 'boolean'),
  form('bitwise_and_agg(@{int:})', 'huge', 'distinct'),
  form('bitwise_or_agg(@{int:})', 'huge', 'distinct'),
  form('bitwise_xor_agg(@{int:})', 'huge'),
  form('array_agg(@{any:})', 'opaque', 'ordered'),
  form('array_sort(array_agg(DISTINCT @{orderkey:}))', 'opaque', 'wrapped'),
  form('cardinality(array_agg(DISTINCT @{key:}))', 'bigint', 'wrapped'),
  form('listagg(@{varchar}, @{separator})', 'varchar', 'ordered'),
  form('listagg(DISTINCT @{varchar}, @{separator}) WITHIN GROUP (ORDER BY @{first})', 'varchar', 'wrapped'),
  form('map_agg(@{key:}, @{any:})', 'opaque', 'ordered'),
  form('multimap_agg(@{key:}, @{any:})', 'opaque', 'ordered'),
  form('array_sort(map_keys(map_union(@{map:})))', 'opaque', 'wrapped'),
  form('histogram(@{key:})', 'opaque'),
  form('numeric_histogram(50, @{double}, 2)', 'opaque'),
  form('approx_distinct(@{exact:})', 'bigint', 'distinct'),
  form('approx_distinct(@{exact:}, 0.05e0)', 'bigint'),
  form('approx_percentile(@{bigint}, 0.5)', 'opaque'),
  form('approx_percentile(@{double}, 0.9e0)', 'double'),
  form('approx_percentile(@{double}, ARRAY[0.1e0, 1e0, 0e0])', 'opaque'),
  form('approx_percentile(@{real}, 0.25)', 'real'),
  form('approx_most_frequent(500, @{bigint}, 1000)', 'opaque'),
  form('approx_most_frequent(500, @{varchar}, 1000)', 'opaque'),
  form('checksum(@{any:})', 'varbinary', 'distinct'),
  form('stddev(@{float:})', 'opaque'),
  form('stddev_pop(@{bigint})', 'opaque', 'distinct'),
  form('stddev_samp(@{double})', 'opaque'),
  form('variance(@{int:})', 'opaque'),
  form('var_pop(@{float:})', 'opaque'),
  form('var_samp(@{integer})', 'opaque', 'distinct'),
  form('skewness(@{double})', 'opaque'),
  form('kurtosis(@{double})', 'opaque'),
  form('skewness(@{special})', 'opaque'),
  form('kurtosis(@{special})', 'opaque'),
  form('geometric_mean(@{float:})', 'opaque'),
  form('geometric_mean(@{integer})', 'opaque'),
  form('corr(@{double}, @{integer})', 'opaque'),
  form('corr(@{real}, @{smallint})', 'opaque'),
  form('covar_pop(@{double}, @{double})', 'opaque'),
  form('covar_samp(@{special}, @{double})', 'opaque'),
  form('regr_slope(@{double}, @{integer})', 'opaque'),
  form('regr_intercept(@{double}, @{smallint})', 'opaque'),
  form('regr_slope(@{special}, @{special})', 'opaque'),
  form("reduce_agg(@{bigint}, BIGINT '0', (s, x) -> s + x, (s, t) -> s + t)", 'bigint'),
  form('reduce_agg(@{boolean}, true, (s, x) -> s AND x, (s, t) -> s AND t)', 'boolean'),
]

/** Functions that need OVER. */
export const RANKINGS: readonly CallForm[] = [
  form('rank()', 'bigint'),
  form('dense_rank()', 'bigint'),
  form('percent_rank()', 'opaque'),
  form('cume_dist()', 'opaque'),
  form('row_number()', 'bigint', 'ordered'),
  form('ntile(@{count})', 'bigint', 'ordered'),
]

/** Those that take IGNORE NULLS. */
export const VALUE_FUNCTIONS: readonly CallForm[] = [
  form('first_value(@{any:})', 'same', 'ordered'),
  form('last_value(@{any:})', 'same', 'ordered'),
  form('nth_value(@{any:}, @{count})', 'same', 'ordered'),
]

/** Those that take IGNORE NULLS and no frame. */
export const NEIGHBORS: readonly CallForm[] = [
  form('lag(@{any:})', 'same', 'ordered'),
  form('lead(@{any:})', 'same', 'ordered'),
  form('lag(@{any:}, @{count})', 'same', 'ordered'),
  form('lead(@{any:}, @{offset})', 'same', 'ordered'),
  form('lag(@{any:}, @{offset}, @{same})', 'same', 'ordered'),
  form('lead(@{any:}, 1, @{same})', 'same', 'ordered'),
]

/** Wrong calls and expressions, for the names and places of errors: each stands where an aggregate may. */
export const MISTAKES: readonly string[] = [
  'sum(@{text:})',
  'sum(count(*))',
  'avg(@{date})',
  'max(@{map:})',
  'min(@{json})',
  'bool_and(@{integer})',
  'sum(@{integer}, @{integer})',
  'count(DISTINCT *)',
  'histogram()',
  'array_agg(DISTINCT @{varchar} ORDER BY @{integer})',
  'listagg(@{varchar}, @{varchar}) WITHIN GROUP (ORDER BY @{total})',
  "listagg(@{integer}, ',') WITHIN GROUP (ORDER BY @{total})",
  "listagg(DISTINCT @{varchar}, ',') WITHIN GROUP (ORDER BY @{total})",
  'approx_percentile(@{varchar}, 0.5)',
  'max(@{total}, 0)',
  'max_by(@{integer}, @{total}, 10001)',
  'reduce_agg(@{integer}, 0, (s, x) -> s || x, (s, t) -> s)',
  'GROUPING(@{integer})',
  '(SELECT 1, 2)',
  '(SELECT * FROM (VALUES 1, 2) v(v))',
  'no_such_function(@{integer})',
  'no_such_column',
  'sum(no_such_column)',
  'count(*) FILTER (WHERE @{integer})',
  'upper(@{varchar}) FILTER (WHERE true)',
  'abs(DISTINCT @{integer})',
  '@{integer} IN (SELECT v, v FROM (VALUES 1) v(v))',
  "@{integer} = ALL (SELECT 'x')",
  '@{array:} < ANY (SELECT 1)',
]

/** Wrong where a window call may stand. */
export const WINDOW_MISTAKES: readonly string[] = [
  'rank() OVER (ORDER BY row_number() OVER ())',
  'sum(rank() OVER (ORDER BY @{integer})) OVER ()',
  'nth_value(@{integer}, 0) OVER (ORDER BY @{total})',
  'ntile(0) OVER (ORDER BY @{total})',
  'lag(@{integer}, -1) OVER (ORDER BY @{total})',
  'lag(@{integer}, 1, @{varchar}) OVER (ORDER BY @{total})',
  'sum(@{integer}) IGNORE NULLS OVER (ORDER BY @{total})',
  'first_value(@{integer}) FILTER (WHERE true) OVER (ORDER BY @{total})',
  'sum(@{integer}) OVER (ORDER BY @{integer}, @{bigint} RANGE 1 PRECEDING)',
  'sum(@{integer}) OVER (ORDER BY @{varchar} RANGE 1 PRECEDING)',
  'sum(@{integer}) OVER (RANGE 1 PRECEDING)',
  'sum(@{integer}) OVER (GROUPS 1 PRECEDING)',
  'sum(@{integer}) OVER (ORDER BY @{date} RANGE 1 PRECEDING)',
  "sum(@{integer}) OVER (ORDER BY @{integer} RANGE INTERVAL '1' DAY PRECEDING)",
  'sum(@{integer}) OVER (ORDER BY @{total} ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)',
  'sum(@{integer}) OVER (ORDER BY @{total} ROWS UNBOUNDED FOLLOWING)',
  'sum(@{integer}) OVER (ORDER BY @{total} ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW)',
  "sum(@{integer}) OVER (ORDER BY @{total} ROWS 'x' PRECEDING)",
  'sum(@{integer}) OVER (ORDER BY @{total} ROWS 1.5 PRECEDING)',
  'sum(@{integer}) OVER missing',
  'max(@{integer}) OVER (PARTITION BY @{map:})',
  'max(@{integer}) OVER (ORDER BY @{map:})',
  'max(@{integer}) OVER (ORDER BY @{json})',
  'abs(@{integer}) OVER ()',
]
