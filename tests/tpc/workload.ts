/** The two TPC benchmarks as the suites run them: data, tables, and texts whose answers do not depend on ties. */
import type { Table } from '#catalog/model'
import { type TpcQuery, tpcQueries } from '#tests/support/tpc-queries'
import { TPCDS_LAKE_TABLES, tpcdsLake } from '#tests/support/tpcds-data'
import { TPCH_TABLES, tpchLake } from '#tests/support/tpch-data'

export type Benchmark = 'tpch' | 'tpcds'

export interface Workload {
  readonly schema: Benchmark
  /** One folder a table. */
  readonly folder: string
  readonly tables: readonly string[]
  /** Definitions where the files do not say all: char and varchar(n). */
  readonly definitions: ReadonlyMap<string, Table> | undefined
  readonly queries: readonly TpcQuery[]
}

/** The texts, over the lake's schema of the benchmark's name. Throws MissingTool where they cannot be had. */
export function benchmarkQueries(benchmark: Benchmark): Promise<readonly TpcQuery[]> {
  return tpcQueries(benchmark, benchmark)
}

/** Throws MissingTool where data or texts cannot be had. */
export async function openWorkload(benchmark: Benchmark, scale: number): Promise<Workload> {
  const queries = await benchmarkQueries(benchmark)
  return benchmark === 'tpch'
    ? { schema: 'tpch', folder: await tpchLake(scale), tables: TPCH_TABLES, definitions: undefined, queries }
    : {
        schema: 'tpcds',
        folder: await tpcdsLake(scale),
        tables: [...TPCDS_LAKE_TABLES.keys()],
        definitions: TPCDS_LAKE_TABLES,
        queries,
      }
}

/** The query without its last LIMIT: which of the rows that sort alike make it into the first hundred is nobody's error. */
export function withoutLimit(sql: string): string {
  return sql.replace(/\sLIMIT\s+\d+\s*$/i, '')
}
