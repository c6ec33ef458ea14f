/**
 * Counts the rows that CSV and JSON scans reject. The printed SQL calls `weir_reject(key, unit)` for such rows only, so
 * a file without bad rows costs nothing.
 */
import { Buffer } from 'node:buffer'
import duckdb from '@duckdb/node-bindings'

export interface RejectCount {
  readonly key: string
  readonly count: number
  /** The lowest unit that had one. */
  readonly unit: number
}

const INLINE_BYTES = 12

export class RejectCounter {
  readonly #counts = new Map<string, { count: number; unit: number }>()

  /** Makes the function known to the database. */
  register(connection: duckdb.Connection): void {
    const reject = duckdb.create_scalar_function()
    duckdb.scalar_function_set_name(reject, 'weir_reject')
    duckdb.scalar_function_add_parameter(reject, duckdb.create_logical_type(duckdb.Type.VARCHAR))
    duckdb.scalar_function_add_parameter(reject, duckdb.create_logical_type(duckdb.Type.UBIGINT))
    duckdb.scalar_function_set_return_type(reject, duckdb.create_logical_type(duckdb.Type.BOOLEAN))
    duckdb.scalar_function_set_volatile(reject)
    duckdb.scalar_function_set_function(reject, (_info, input, output) => {
      const rows = duckdb.data_chunk_get_size(input)
      const keys = duckdb.vector_get_data(duckdb.data_chunk_get_vector(input, 0), rows * 16)
      const units = duckdb.vector_get_data(duckdb.data_chunk_get_vector(input, 1), rows * 8)
      const view = new DataView(units.buffer, units.byteOffset, units.byteLength)
      // The key is a constant of the call.
      const key = rows === 0 ? '' : text(keys)
      for (let row = 0; row < rows; row++) this.#add(key, Number(view.getBigUint64(row * 8, true)))
      const trues = Buffer.alloc(rows, 1)
      duckdb.copy_data_to_vector(output, 0, trues.buffer, trues.byteOffset, rows)
    })
    duckdb.register_scalar_function(connection, reject)
  }

  /** The counts of a query, which are forgotten. */
  take(queryId: string): RejectCount[] {
    const taken: RejectCount[] = []
    for (const [key, { count, unit }] of this.#counts) {
      if (!key.startsWith(`${queryId}|`)) continue
      taken.push({ key, count, unit })
      this.#counts.delete(key)
    }
    return taken
  }

  #add(key: string, unit: number): void {
    const known = this.#counts.get(key)
    if (known === undefined) this.#counts.set(key, { count: 1, unit })
    else {
      known.count++
      known.unit = Math.min(known.unit, unit)
    }
  }
}

/** The first entry of a text vector. */
function text(entries: Uint8Array): string {
  const view = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength)
  const length = view.readUInt32LE(0)
  if (length <= INLINE_BYTES) return view.toString('utf8', 4, 4 + length)
  return Buffer.from(duckdb.get_data_from_pointer(entries.buffer as ArrayBuffer, entries.byteOffset + 8, length)).toString('utf8')
}
