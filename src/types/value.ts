/**
 * A constant of a Trino type in JavaScript: literals, partition values, column bounds. The type is kept beside it.
 *
 * | type                         | value                                                        |
 * | ---------------------------- | ------------------------------------------------------------ |
 * | boolean                      | boolean                                                      |
 * | tinyint … bigint             | bigint                                                       |
 * | real, double                 | number (NaN and infinities included)                         |
 * | decimal(p, s)                | bigint, unscaled: 1.50 is 150n                               |
 * | varchar, json, ipaddress, uuid | string (json: canonical text)                              |
 * | char(n)                      | string without trailing blanks                               |
 * | varbinary                    | Uint8Array                                                   |
 * | date                         | bigint, days since 1970-01-01                                |
 * | time(p)                      | bigint, microseconds of the day                              |
 * | timestamp(p)                 | bigint, microseconds since 1970-01-01 00:00:00               |
 * | timestamp(p) with time zone  | { micros, zone }: the instant in UTC and the zone's name     |
 * | time(p) with time zone       | { micros, zone }: microseconds of the local day, zone as ±HH:MM |
 * | interval day to second       | bigint, milliseconds                                         |
 * | interval year to month       | bigint, months                                               |
 * | array, row                   | Value[]                                                      |
 * | map                          | MapValue                                                     |
 * | any                          | null                                                         |
 */
export type Value = null | boolean | bigint | number | string | Uint8Array | ZonedValue | MapValue | readonly Value[]

export interface ZonedValue {
  readonly micros: bigint
  readonly zone: string
}

export interface MapValue {
  readonly entries: readonly (readonly [Value, Value])[]
}
