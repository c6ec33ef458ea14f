/**
 * Every error that a user can see is a row of this table: Trino's name, number and type (io.trino.spi.StandardErrorCode,
 * io.trino.plugin.hive.HiveErrorCode), and the HTTP status that REST answers with.
 */

export type ErrorType = 'USER_ERROR' | 'INTERNAL_ERROR' | 'INSUFFICIENT_RESOURCES' | 'EXTERNAL'

export interface ErrorCode {
  readonly code: number
  readonly type: ErrorType
  readonly status: number
}

const user = (code: number, status = 400): ErrorCode => ({ code, type: 'USER_ERROR', status })
const internal = (code: number, status = 500): ErrorCode => ({ code: 65536 + code, type: 'INTERNAL_ERROR', status })
const resources = (code: number, status = 503): ErrorCode => ({ code: 131072 + code, type: 'INSUFFICIENT_RESOURCES', status })
const external = (code: number, status = 502): ErrorCode => ({ code: 0x0100_0000 + code, type: 'EXTERNAL', status })

export const ERRORS = {
  GENERIC_USER_ERROR: user(0),
  SYNTAX_ERROR: user(1),
  ABANDONED_QUERY: user(2),
  USER_CANCELED: user(3),
  PERMISSION_DENIED: user(4, 403),
  NOT_FOUND: user(5, 404),
  FUNCTION_NOT_FOUND: user(6),
  INVALID_FUNCTION_ARGUMENT: user(7),
  DIVISION_BY_ZERO: user(8),
  INVALID_CAST_ARGUMENT: user(9),
  OPERATOR_NOT_FOUND: user(10),
  ALREADY_EXISTS: user(12),
  NOT_SUPPORTED: user(13),
  INVALID_SESSION_PROPERTY: user(14),
  INVALID_WINDOW_FRAME: user(15),
  CONSTRAINT_VIOLATION: user(16),
  TRANSACTION_CONFLICT: user(17, 409),
  INVALID_TABLE_PROPERTY: user(18),
  NUMERIC_VALUE_OUT_OF_RANGE: user(19),
  UNKNOWN_TRANSACTION: user(20),
  NOT_IN_TRANSACTION: user(21),
  TRANSACTION_ALREADY_ABORTED: user(22),
  UNSUPPORTED_ISOLATION_LEVEL: user(26),
  ROLE_NOT_FOUND: user(48),
  INCOMPATIBLE_CLIENT: user(27),
  SUBQUERY_MULTIPLE_ROWS: user(28),
  AMBIGUOUS_FUNCTION_CALL: user(32),
  QUERY_TEXT_TOO_LARGE: user(35),
  UNSUPPORTED_SUBQUERY: user(36),
  EXCEEDED_FUNCTION_MEMORY_LIMIT: user(37),
  ADMINISTRATIVELY_KILLED: user(38),
  TYPE_NOT_FOUND: user(43),
  CATALOG_NOT_FOUND: user(44),
  SCHEMA_NOT_FOUND: user(45),
  TABLE_NOT_FOUND: user(46),
  COLUMN_NOT_FOUND: user(47),
  SCHEMA_ALREADY_EXISTS: user(49),
  TABLE_ALREADY_EXISTS: user(50),
  COLUMN_ALREADY_EXISTS: user(51),
  DUPLICATE_NAMED_QUERY: user(53),
  DUPLICATE_COLUMN_NAME: user(54),
  MISSING_COLUMN_NAME: user(55),
  MISSING_CATALOG_NAME: user(56),
  MISSING_SCHEMA_NAME: user(57),
  TYPE_MISMATCH: user(58),
  INVALID_LITERAL: user(59),
  COLUMN_TYPE_UNKNOWN: user(60),
  MISMATCHED_COLUMN_ALIASES: user(61),
  AMBIGUOUS_NAME: user(62),
  INVALID_COLUMN_REFERENCE: user(63),
  MISSING_GROUP_BY: user(64),
  MISSING_ORDER_BY: user(65),
  MISSING_OVER: user(66),
  NESTED_AGGREGATION: user(67),
  NESTED_WINDOW: user(68),
  EXPRESSION_NOT_IN_DISTINCT: user(69),
  TOO_MANY_GROUPING_SETS: user(70),
  FUNCTION_NOT_WINDOW: user(71),
  FUNCTION_NOT_AGGREGATE: user(72),
  EXPRESSION_NOT_AGGREGATE: user(73),
  EXPRESSION_NOT_SCALAR: user(74),
  INVALID_PRIVILEGE: user(78),
  EXPRESSION_NOT_CONSTANT: user(75),
  INVALID_ARGUMENTS: user(76),
  TOO_MANY_ARGUMENTS: user(77),
  DUPLICATE_PROPERTY: user(79),
  INVALID_PARAMETER_USAGE: user(80),
  INVALID_RECURSIVE_REFERENCE: user(87),
  MISSING_COLUMN_ALIASES: user(88),
  NESTED_RECURSIVE: user(89),
  INVALID_LIMIT_CLAUSE: user(90),
  INVALID_ORDER_BY: user(91),
  DUPLICATE_WINDOW_NAME: user(92),
  INVALID_WINDOW_REFERENCE: user(93),
  INVALID_PARTITION_BY: user(94),
  INVALID_PROCESSING_MODE: user(97),
  TABLE_HAS_NO_COLUMNS: user(101),
  INVALID_RANGE: user(102),
  MISSING_ROW_PATTERN: user(106),
  INVALID_WINDOW_MEASURE: user(107),
  STACK_OVERFLOW: user(108),
  MISSING_ARGUMENT: user(111),
  DUPLICATE_PARAMETER_NAME: user(112),
  INVALID_PATH: user(113),
  JSON_INPUT_CONVERSION_ERROR: user(114),
  JSON_OUTPUT_CONVERSION_ERROR: user(115),
  PATH_EVALUATION_ERROR: user(116),
  JSON_VALUE_RESULT_ERROR: user(118),
  MISSING_RETURN: user(126),
  DUPLICATE_COLUMN_OR_PATH_NAME: user(127),
  MISSING_PATH_NAME: user(128),
  INVALID_PLAN: user(129),
  NULL_TREATMENT_NOT_ALLOWED: user(83),
  PROCEDURE_NOT_FOUND: user(29),
  INVALID_PROCEDURE_ARGUMENT: user(30),
  VIEW_IS_RECURSIVE: user(82),
  AUTOCOMMIT_WRITE_CONFLICT: user(25),
  INVALID_COLUMN_PROPERTY: user(39),
  INVALID_ANALYZE_PROPERTY: user(42),
  VIEW_IS_STALE: user(81),
  INVALID_VIEW: user(11),
  INVALID_SCHEMA_PROPERTY: user(33),
  SCHEMA_NOT_EMPTY: user(34),
  READ_ONLY_VIOLATION: user(23),
  QUERY_REJECTED: user(31),
  GENERIC_INTERNAL_ERROR: internal(0),
  SERVER_SHUTTING_DOWN: internal(9, 503),
  SERVER_STARTING_UP: internal(12, 503),
  KERNEL_LOST: internal(0x4000, 503),
  GENERIC_INSUFFICIENT_RESOURCES: resources(0),
  EXCEEDED_GLOBAL_MEMORY_LIMIT: resources(1),
  QUERY_QUEUE_FULL: resources(2),
  EXCEEDED_TIME_LIMIT: resources(3),
  EXCEEDED_SPILL_LIMIT: resources(6),
  EXCEEDED_LOCAL_MEMORY_LIMIT: resources(7),
  EXCEEDED_SCAN_LIMIT: resources(9, 400),
  HIVE_METASTORE_ERROR: external(0),
  HIVE_CURSOR_ERROR: external(1),
  HIVE_CANNOT_OPEN_SPLIT: external(3),
  HIVE_FILE_NOT_FOUND: external(4),
  HIVE_BAD_DATA: external(7),
  HIVE_PARTITION_SCHEMA_MISMATCH: external(8),
  HIVE_COLUMN_ORDER_MISMATCH: { code: 0x0100_0000 + 23, type: 'USER_ERROR', status: 400 },
  HIVE_INVALID_PARTITION_VALUE: external(10),
  HIVE_INVALID_METADATA: external(12),
  HIVE_PATH_ALREADY_EXISTS: external(15, 409),
  HIVE_FILESYSTEM_ERROR: external(16),
  HIVE_UNSUPPORTED_FORMAT: external(19),
  HIVE_PARTITION_DROPPED_DURING_QUERY: external(31),
  HIVE_UNSERIALIZABLE_JSON_VALUE: external(44, 400),
} as const satisfies Record<string, ErrorCode>

export type ErrorName = keyof typeof ERRORS

/** A place in a statement's text; both numbers are 1-based, as Trino prints them. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface QueryErrorOptions {
  readonly at?: Position | undefined
  /** What the user can do about it. */
  readonly hint?: string | undefined
  readonly cause?: unknown
  /** The same statement may succeed when it is sent again. */
  readonly retryable?: boolean
}

/**
 * An error with a row in ERRORS. The message of an error with a position begins with `line L:C: `, as Trino's does;
 * pass the text without it.
 */
export class QueryError extends Error {
  readonly errorName: ErrorName
  readonly at: Position | undefined
  readonly hint: string | undefined
  readonly retryable: boolean
  /** Set by the query life cycle once the statement has an id. */
  queryId: string | undefined

  constructor(errorName: ErrorName, message: string, options: QueryErrorOptions = {}) {
    const { at } = options
    super(at ? `line ${at.line}:${at.column}: ${message}` : message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'QueryError'
    this.errorName = errorName
    this.at = at
    this.hint = options.hint
    this.retryable = options.retryable ?? false
  }

  /** The same error where Trino tells no place. */
  withoutPlace(): QueryError {
    const message = this.at === undefined ? this.message : this.message.slice(this.message.indexOf(': ') + 2)
    return new QueryError(this.errorName, message, { hint: this.hint, cause: this.cause, retryable: this.retryable })
  }

  get code(): number {
    return ERRORS[this.errorName].code
  }

  get type(): ErrorType {
    return ERRORS[this.errorName].type
  }

  get status(): number {
    return ERRORS[this.errorName].status
  }
}

/** Ends an exhaustive switch. Reaching it is our bug. */
export function unreachable(value: never): never {
  throw new QueryError('GENERIC_INTERNAL_ERROR', `Unhandled case: ${JSON.stringify(value)?.slice(0, 200)}`)
}

/** Any thrown thing as a QueryError: unknown ones become GENERIC_INTERNAL_ERROR with the cause kept. */
export function toQueryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error
  return new QueryError('GENERIC_INTERNAL_ERROR', 'Internal error; the server log has the details under this query id', { cause: error })
}
