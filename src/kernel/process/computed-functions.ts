/**
 * Makes the functions that are written in JavaScript (src/functions/computed) known to the database.
 *
 * The database's threads hand over chunks of up to 2,048 rows and wait; JavaScript answers them on the process's main
 * thread, one chunk at a time, between the frames of other queries. A function whose time may grow faster than its input
 * has a deadline of its own for each value; a chunk has one here, so that no query keeps the thread for long.
 */
import duckdb from '@duckdb/node-bindings'
import { QueryError } from '#src/common/errors'
import type { ComputedFunction, ComputedType, ComputedValue } from '#src/functions/computed/computed-function'
import { KERNEL_ERROR_MARK } from '#src/functions/kernel-error'
import { readVector, type WrittenValue, writeVector } from './vector-values.ts'

const CHUNK_DEADLINE_MS = 10_000

/** Results that are kept between chunks, so that a column of few values is computed once for each. */
const KEPT_RESULTS = 4_096
const LONGEST_KEPT_KEY = 512

export function registerComputedFunctions(connection: duckdb.Connection, functions: readonly ComputedFunction[]): void {
  for (const definition of functions) {
    register(connection, definition.name, definition, false)
    register(connection, `try_${definition.name}`, definition, true)
  }
}

function register(connection: duckdb.Connection, name: string, definition: ComputedFunction, safe: boolean): void {
  const scalar = duckdb.create_scalar_function()
  duckdb.scalar_function_set_name(scalar, name)
  for (const type of definition.parameters) duckdb.scalar_function_add_parameter(scalar, logicalType(type))
  duckdb.scalar_function_set_return_type(scalar, logicalType(definition.result))
  const evaluator = new Evaluator(definition, safe)
  duckdb.scalar_function_set_function(scalar, (info, input, output) => {
    try {
      const rows = duckdb.data_chunk_get_size(input)
      const columns = definition.parameters.map((type, index) => readVector(duckdb.data_chunk_get_vector(input, index), type, rows))
      writeVector(output, definition.result, evaluator.evaluate(columns, rows))
    } catch (error) {
      const own = error instanceof QueryError
      duckdb.scalar_function_set_error(info, own ? `${KERNEL_ERROR_MARK}${error.errorName}|${error.message}` : `${name}: ${String(error)}`)
    }
  })
  duckdb.register_scalar_function(connection, scalar)
}

function logicalType(type: ComputedType): duckdb.LogicalType {
  return type === 'VARCHAR[]'
    ? duckdb.create_list_type(duckdb.create_logical_type(duckdb.Type.VARCHAR))
    : duckdb.create_logical_type(duckdb.Type[type])
}

class Evaluator {
  readonly #definition: ComputedFunction
  readonly #safe: boolean
  #kept = new Map<string, WrittenValue>()

  constructor(definition: ComputedFunction, safe: boolean) {
    this.#definition = definition
    this.#safe = safe
  }

  evaluate(columns: readonly (readonly (ComputedValue | null)[])[], rows: number): readonly WrittenValue[] {
    const results = new Array<WrittenValue>(rows).fill(null)
    const deadline = performance.now() + CHUNK_DEADLINE_MS
    for (let row = 0; row < rows; row++) {
      results[row] = this.#row(columns.map((column) => column[row] as ComputedValue | null))
      if (!this.#definition.isCheap && performance.now() > deadline) throw tooSlow(this.#definition.name)
    }
    return results
  }

  #row(args: readonly (ComputedValue | null)[]): WrittenValue {
    if (args.includes(null)) return null
    if (this.#definition.isCheap) return this.#compute(args as ComputedValue[])
    const key = keyOf(args)
    if (key === undefined) return this.#compute(args as ComputedValue[])
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    const result = this.#compute(args as ComputedValue[])
    if (this.#kept.size >= KEPT_RESULTS) this.#kept = new Map()
    this.#kept.set(key, result)
    return result
  }

  #compute(args: readonly ComputedValue[]): WrittenValue {
    try {
      return this.#definition.compute(...args)
    } catch (error) {
      if (this.#safe && error instanceof QueryError) return null
      throw error
    }
  }
}

/** Tells argument tuples apart; undefined for those too long to be kept. */
function keyOf(args: readonly (ComputedValue | null)[]): string | undefined {
  let key = ''
  for (const arg of args) {
    // Each part's length stands before it, so that no two tuples meet.
    const text =
      typeof arg === 'string'
        ? arg
        : arg instanceof Uint8Array
          ? Buffer.from(arg).toString('latin1')
          : Object.is(arg, -0)
            ? '-0'
            : String(arg)
    if (key.length + text.length > LONGEST_KEPT_KEY) return undefined
    key += `${text.length}:${text}`
  }
  return key
}

const tooSlow = (name: string) =>
  new QueryError('EXCEEDED_TIME_LIMIT', `${name.replace('weir_', '')} took longer than ${CHUNK_DEADLINE_MS / 1000} s for a batch of rows`)
