/** Kinds of columns for random queries: a type and the values that its columns hold, few enough to repeat. */

export interface Kind {
  readonly type: string
  /**
   * What its values are good for: `key` (equal values look alike, so that groups and DISTINCT show no choice), `order` (comparable
   * without failing), `sum` (added up in any order they give one sum), `range` (RANGE frames with offsets), …
   */
  readonly classes: readonly string[]
  readonly values: readonly string[]
}

const kind = (type: string, classes: string, ...values: readonly string[]): Kind => ({ type, classes: classes.split(' '), values })

export const KINDS: Readonly<Record<string, Kind>> = {
  boolean: kind('boolean', 'key order', 'true', 'false'),
  tinyint: kind('tinyint', 'key order sum int range', "'127'", "'-128'", '0', '1'),
  smallint: kind('smallint', 'key order sum int range', '32767', '-1', '0', '12'),
  integer: kind('integer', 'key order sum int range', '0', '1', '1', '2', '3', '-7', '2147483647'),
  bigint: kind('bigint', 'key order sum int range', '0', '1', '2', '2', '-3', '3000000000'),
  huge: kind('bigint', 'key order int', '9223372036854775807', '9223372036854775806', '0', '5'),
  least: kind('bigint', 'key order int', '-9223372036854775807 - 1', '-9223372036854775807', '0'),
  real: kind('real', 'key order float', '0.5', '-2.25', '1.5', '1.5', '16777216', 'nan()'),
  double: kind('double', 'key order float range', '0.5', '-2.25', '1.5', '1.5', '100', '0.1e0'),
  special: kind('double', 'order float', 'nan()', '-0e0', '0e0', 'infinity()', '1.5', '-2e0'),
  extreme: kind('double', 'key order', '1.7976931348623157e308', '5e-324', '-infinity()', 'nan()', '1e-7'),
  decimal: kind('decimal(18,4)', 'key order sum decimal range', '0', '-0.0001', '2.5', '2.5', '12345678901234.5678'),
  short: kind('decimal(3,1)', 'key order sum decimal range', '1.5', '-99.9', '0.0', '10.0'),
  long: kind('decimal(38,0)', 'key order decimal range', '5', '-7', '0', "DECIMAL '9999999999999999999999999999999999999'"),
  fine: kind('decimal(38,18)', 'key order sum decimal', '0', "DECIMAL '0.000000000000000001'", '-2.5', "DECIMAL '12345678901234567890.5'"),
  varchar: kind('varchar', 'key order text', "''", "'a'", "'a'", "'A'", "'abc'", "'ab '", "'😀é'", "'ß'", "'10'"),
  name: kind('varchar(7)', 'key order text', "'x'", "'y'", "'x '", "'Zürich'", "''"),
  char: kind('char(5)', 'key order', "'ab'", "'ab '", "''", "'é😀'", "'b'"),
  varbinary: kind('varbinary', 'key order', "X''", "X'00'", "X'61'", "X'FFFE'", "X'6100'"),
  date: kind(
    'date',
    'key order range',
    "DATE '1970-01-01'",
    "DATE '2024-02-29'",
    "DATE '2024-01-31'",
    "DATE '-0001-03-01'",
    "DATE '9999-12-31'",
  ),
  time: kind('time(3)', 'key order', "TIME '12:34:56.789'", "TIME '00:00:00.000'", "TIME '23:59:59.999'"),
  micros: kind('time(6)', 'key order', "TIME '01:02:03.000001'", "TIME '01:02:03'", "TIME '23:59:59.999999'"),
  timez: kind('time(3) with time zone', 'order', "TIME '10:00:00.000 +05:30'", "TIME '04:30:00.000 +00:00'", "TIME '00:00:00.000 -14:00'"),
  seconds: kind('timestamp(0)', 'key order range', "TIMESTAMP '2000-01-01 00:00:00'", "TIMESTAMP '1999-12-31 23:59:59'"),
  timestamp: kind(
    'timestamp(3)',
    'key order range',
    "TIMESTAMP '1969-12-31 23:59:59.999'",
    "TIMESTAMP '2012-12-31 23:59:59.500'",
    "TIMESTAMP '2024-02-29 12:00:00.000'",
  ),
  moment: kind('timestamp(6)', 'key order range', "TIMESTAMP '2020-05-05 05:05:05.123456'", "TIMESTAMP '1900-01-01 00:00:00.999999'"),
  zoned: kind(
    'timestamp(3) with time zone',
    'order range',
    "TIMESTAMP '2020-06-01 12:00:00.000 America/New_York'",
    "TIMESTAMP '2020-06-01 16:00:00.000 UTC'",
    "TIMESTAMP '2021-10-31 02:30:00.000 Europe/Berlin'",
    "TIMESTAMP '1969-12-31 23:59:59.999 -08:00'",
  ),
  'zoned micros': kind(
    'timestamp(6) with time zone',
    'order',
    "TIMESTAMP '2020-06-01 12:00:00.000001 Asia/Tokyo'",
    "TIMESTAMP '2020-06-01 03:00:00.000001 UTC'",
    "TIMESTAMP '2020-06-01 12:00:00 Asia/Tokyo'",
  ),
  days: kind(
    'interval day to second',
    'key order sum',
    "INTERVAL '1' DAY",
    "INTERVAL '-36' HOUR",
    "INTERVAL '0.001' SECOND",
    "INTERVAL '24' HOUR",
  ),
  months: kind('interval year to month', 'key order sum', "INTERVAL '1' MONTH", "INTERVAL '-3' YEAR", "INTERVAL '2-5' YEAR TO MONTH"),
  array: kind('array(integer)', 'key order array', 'ARRAY[1, 2]', 'ARRAY[1]', 'ARRAY[]', 'ARRAY[2, 1, 1]'),
  gaps: kind('array(integer)', 'key array', 'ARRAY[NULL]', 'ARRAY[1, NULL]', 'ARRAY[]', 'ARRAY[NULL, 2]'),
  // None that looks like another when it is a key of a map.
  texts: kind('array(varchar)', 'key order array', "ARRAY['a', 'b']", "ARRAY['', 'q']", "ARRAY['ä', 'a', 'z']", 'ARRAY[]'),
  nested: kind('array(array(integer))', 'key order array', 'ARRAY[ARRAY[1]]', 'ARRAY[ARRAY[], ARRAY[2, 3]]', 'ARRAY[]'),
  records: kind('array(row(p integer, q varchar))', 'key array', "ARRAY[ROW(1, 'a'), ROW(2, NULL)]", "ARRAY[NULL, ROW(3, '')]", 'ARRAY[]'),
  map: kind(
    'map(varchar, integer)',
    'key map',
    "MAP(ARRAY['a', 'b'], ARRAY[1, 2])",
    "MAP(ARRAY['b'], ARRAY[NULL])",
    'MAP()',
    "MAP(ARRAY['c'], ARRAY[3])",
  ),
  numbers: kind('map(integer, varchar)', 'key map', "MAP(ARRAY[1], ARRAY['x'])", "MAP(ARRAY[1, 2], ARRAY['y', ''])", 'MAP()'),
  row: kind('row(p integer, q varchar)', 'key order row', "ROW(1, 'a')", "ROW(1, 'b')", "ROW(0, '')"),
  holes: kind('row(p integer, q varchar)', 'key row', 'ROW(1, NULL)', 'ROW(NULL, NULL)', "ROW(1, 'a')"),
  json: kind('json', 'key', "JSON '1'", `JSON '"x"'`, `JSON '[1, {"a": null}]'`, "JSON 'null'"),
  uuid: kind('uuid', 'key order', "UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'", "UUID '00000000-0000-0000-0000-000000000000'"),
  address: kind('ipaddress', 'key order', "IPADDRESS '10.0.0.1'", "IPADDRESS '2001:db8::1'", "IPADDRESS '9.0.0.255'"),
  /** What is computed with rounding or in no given form: it can be selected and counted. */
  opaque: kind('opaque', 'shown'),
}

/** A value of the kind as an expression of its type. */
export const literal = (name: string, value: string | undefined): string => `CAST(${value ?? 'NULL'} AS ${(KINDS[name] as Kind).type})`

/** Expressions by the kind that they give; `@{kind}` or `@{class}` is a column or literal, `@{same}` one kind in all places. */
export const EXPRESSIONS: readonly (readonly [kind: string, sql: string])[] = [
  ['integer', '@{integer} % 3'],
  ['integer', 'coalesce(@{integer}, 5)'],
  ['integer', 'CAST(@{tinyint} AS integer)'],
  ['bigint', '@{bigint} * 2'],
  ['bigint', '@{bigint} % 2'],
  ['bigint', "@{integer} + BIGINT '10'"],
  ['bigint', 'length(@{text:})'],
  ['bigint', 'cardinality(@{array:})'],
  ['bigint', 'cardinality(@{map:})'],
  ['bigint', 'year(@{date})'],
  ['bigint', 'month(@{timestamp})'],
  ['bigint', 'hour(@{zoned})'],
  ['double', 'CAST(@{integer} AS double)'],
  ['double', 'abs(@{double})'],
  ['double', 'coalesce(@{double}, 7e0)'],
  ['real', 'CAST(@{smallint} AS real)'],
  ['decimal', 'CAST(@{integer} AS decimal(18,4))'],
  ['decimal', 'coalesce(@{decimal}, 1.5)'],
  ['short', 'abs(@{short})'],
  ['varchar', 'upper(@{varchar})'],
  ['varchar', 'substr(@{varchar}, 1, 1)'],
  ['varchar', "coalesce(@{varchar}, 'none')"],
  ['varchar', 'CAST(@{integer} AS varchar)'],
  ['varchar', "@{varchar} || 'x'"],
  ['date', "date_trunc('month', @{date})"],
  ['date', 'CAST(@{timestamp} AS date)'],
  ['timestamp', "date_trunc('hour', @{timestamp})"],
  ['boolean', '(@{integer} > 1)'],
  ['boolean', '(@{order:} IS NULL)'],
  ['boolean', '(NOT @{boolean})'],
  ['boolean', '(@{varchar} < @{varchar})'],
  ['array', 'ARRAY[@{integer} % 2]'],
  ['row', "CAST(ROW(coalesce(@{integer}, 0), coalesce(@{varchar}, '')) AS row(p integer, q varchar))"],
  ['same', 'IF(@{boolean}, @{same}, @{same})'],
  ['same', 'nullif(@{same}, @{same})'],
  ['same', 'coalesce(@{same}, @{same})'],
  ['same', 'CASE WHEN @{boolean} THEN @{same} END'],
]
