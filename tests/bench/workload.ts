/** Tables in files and queries over them, for engines that take turns. */
import type { Table } from '#catalog/model'
import type { TpcQuery } from '#tests/support/tpc-queries'

export interface Workload {
  readonly schema: string
  /** One subfolder a table. */
  readonly folder: string
  readonly tables: readonly string[]
  /** Where the types that Weir infers are not those of the queries. */
  readonly definitions?: ReadonlyMap<string, Table>
  readonly queries: readonly TpcQuery[]
  /** How DuckDB reads a table's files; Parquet by default. */
  readonly duckdbSource?: (table: string) => string
  /** Options of `weir serve`. */
  readonly serverArgs?: readonly string[]
  /** Also without answers that were stored or files that were kept. */
  readonly cold: boolean
}
