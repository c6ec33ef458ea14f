/** Trino's types as readonly values. Two types are the same when `formatType` prints them the same. */

export type Type =
  | SimpleType
  | DecimalType
  | VarcharType
  | CharType
  | TimeType
  | TimestampType
  | ArrayType
  | MapType
  | RowType
  | FunctionType

export type SimpleKind =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'real'
  | 'double'
  | 'varbinary'
  | 'date'
  | 'interval day to second'
  | 'interval year to month'
  | 'json'
  | 'uuid'
  | 'ipaddress'
  | 'unknown'

export interface SimpleType {
  readonly kind: SimpleKind
}
export interface DecimalType {
  readonly kind: 'decimal'
  /** 1 to 38. */
  readonly precision: number
  readonly scale: number
}
export interface VarcharType {
  readonly kind: 'varchar'
  /** In code points; undefined = unbounded. */
  readonly length: number | undefined
}
export interface CharType {
  readonly kind: 'char'
  readonly length: number
}
export interface TimeType {
  readonly kind: 'time' | 'time with time zone'
  /** Digits of the second's fraction, 0 to 6 (7 to 12 are refused). */
  readonly precision: number
}
export interface TimestampType {
  readonly kind: 'timestamp' | 'timestamp with time zone'
  /** Digits of the second's fraction, 0 to 6 (7 to 12 are refused). */
  readonly precision: number
}
export interface ArrayType {
  readonly kind: 'array'
  readonly element: Type
}
export interface MapType {
  readonly kind: 'map'
  readonly key: Type
  readonly value: Type
}
export interface RowField {
  /** Undefined for an anonymous field. */
  readonly name: string | undefined
  readonly type: Type
}
export interface RowType {
  readonly kind: 'row'
  readonly fields: readonly RowField[]
}
/** The type of a lambda argument; never the type of a column. */
export interface FunctionType {
  readonly kind: 'function'
  readonly parameters: readonly Type[]
  readonly result: Type
}

const simple = (kind: SimpleKind): SimpleType => Object.freeze({ kind })

export const BOOLEAN = simple('boolean')
export const TINYINT = simple('tinyint')
export const SMALLINT = simple('smallint')
export const INTEGER = simple('integer')
export const BIGINT = simple('bigint')
export const REAL = simple('real')
export const DOUBLE = simple('double')
export const VARBINARY = simple('varbinary')
export const DATE = simple('date')
export const INTERVAL_DAY_TO_SECOND = simple('interval day to second')
export const INTERVAL_YEAR_TO_MONTH = simple('interval year to month')
export const JSON_TYPE = simple('json')
export const UUID = simple('uuid')
export const IPADDRESS = simple('ipaddress')
export const UNKNOWN = simple('unknown')
export const VARCHAR: VarcharType = Object.freeze({ kind: 'varchar', length: undefined })

export const decimal = (precision: number, scale: number): DecimalType => ({ kind: 'decimal', precision, scale })
export const varchar = (length?: number): VarcharType => (length === undefined ? VARCHAR : { kind: 'varchar', length })
export const char = (length: number): CharType => ({ kind: 'char', length })
export const time = (precision: number): TimeType => ({ kind: 'time', precision })
export const timeWithTimeZone = (precision: number): TimeType => ({ kind: 'time with time zone', precision })
export const timestamp = (precision: number): TimestampType => ({ kind: 'timestamp', precision })
export const timestampWithTimeZone = (precision: number): TimestampType => ({ kind: 'timestamp with time zone', precision })
export const array = (element: Type): ArrayType => ({ kind: 'array', element })
export const map = (key: Type, value: Type): MapType => ({ kind: 'map', key, value })
export const row = (fields: readonly RowField[]): RowType => ({ kind: 'row', fields })
