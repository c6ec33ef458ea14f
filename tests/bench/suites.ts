/** All suites, in the order of `all`. */
import type { Suite } from './suite.ts'
import { clients } from './suites/clients.ts'
import { concurrency } from './suites/concurrency.ts'
import { csvGz, manyFiles, tpcds, tpch, tpchSf10, wide } from './suites/lakes.ts'
import { manyPartitions } from './suites/many-partitions.ts'
import { planning } from './suites/planning.ts'
import { shaped } from './suites/shaped.ts'
import { start } from './suites/start.ts'
import { transfer } from './suites/transfer.ts'

export const SUITES: readonly Suite[] = [
  start,
  planning,
  manyPartitions,
  tpch,
  shaped,
  wide,
  csvGz,
  manyFiles,
  concurrency,
  transfer,
  clients,
  tpcds,
  tpchSf10,
]
