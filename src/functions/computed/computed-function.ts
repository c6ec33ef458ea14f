/**
 * Scalar functions that the kernel has no right form of, in JavaScript. The kernel process makes each known to its
 * database under its name (src/kernel/process/computed-functions.ts), so a form calls it like any other function of the
 * kernel: in every clause, inside lambdas, and lazily in the branches of CASE. Equal arguments are computed once.
 *
 * A second name with the prefix `try_` gives NULL where the first one fails, as macros' twins do (macros/macro.ts).
 */
import { type ErrorName, QueryError } from '#src/common/errors'

/** The kernel's types that cross over, by their names. */
export type ComputedType = 'VARCHAR' | 'BLOB' | 'BIGINT' | 'INTEGER' | 'FLOAT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR[]'

/** FLOAT, DOUBLE and INTEGER are numbers, BIGINT a bigint, BLOB bytes. */
export interface JavaScriptTypes {
  readonly VARCHAR: string
  readonly BLOB: Uint8Array
  readonly BIGINT: bigint
  readonly INTEGER: number
  readonly FLOAT: number
  readonly DOUBLE: number
  readonly BOOLEAN: boolean
  readonly 'VARCHAR[]': readonly (string | null)[]
}

export type ComputedValue = JavaScriptTypes[ComputedType]

export interface ComputedFunction {
  /** `weir_…`, known to no other function or macro. */
  readonly name: string
  readonly parameters: readonly ComputedType[]
  readonly result: ComputedType
  /**
   * Arguments are never NULL: a NULL among them gives NULL. Throws QueryError for a row that has no result. It runs on
   * the kernel's main thread: time that may grow faster than the arguments needs a deadline.
   */
  readonly compute: (...args: readonly ComputedValue[]) => ComputedValue | null
  /** Computing it costs less than remembering its results. */
  readonly isCheap: boolean
}

type Arguments<P extends readonly ComputedType[]> = { [I in keyof P]: JavaScriptTypes[P[I]] }

/** Describes one function; its arguments are typed by `parameters`. */
export function computed<const P extends readonly Exclude<ComputedType, 'VARCHAR[]'>[], R extends ComputedType>(
  name: string,
  parameters: P,
  result: R,
  compute: (...args: Arguments<P>) => JavaScriptTypes[R] | null,
  options: { readonly isCheap?: boolean } = {},
): ComputedFunction {
  return { name, parameters, result, compute: compute as unknown as ComputedFunction['compute'], isCheap: options.isCheap ?? false }
}

/** Fails the row, and with it the query, unless TRY stands around it. */
export function fail(message: string, name: ErrorName = 'INVALID_FUNCTION_ARGUMENT'): never {
  throw new QueryError(name, message)
}
