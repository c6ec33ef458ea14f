/** Finding the line of a unit's first bad row, after the fact: one thread reads the file in order. */
import { QueryError } from '#src/common/errors'
import type { PreparedScan, UnitGroup } from '#src/scan/units'
import type { KernelQuery } from '../kernel.ts'
import { createPlanPrinter } from './printer.ts'
import { printRecords, printTextRows } from './text-reader.ts'

/** Statements of one connection: what runs first, and the query whose text is the answer. */
export interface Lookup {
  readonly setup: readonly string[]
  readonly sql: string
}

/** The line's number as text; no text when there is no bad row. Lines inside quoted values count. */
export function printLocateBadRow(scan: PreparedScan, group: UnitGroup, unit: number, query: KernelQuery): Lookup {
  const only = group.units[unit]
  if (only === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A rejected row names no unit of its group')
  const printer = createPlanPrinter({ queryId: query.queryId, zone: query.zone, now: 0n, scans: query.scans })
  const rows = printTextRows(scan.plan.columns, { ...group, units: [only] }, printer, { inOrder: true })
  const skip = group.csv?.skip ?? 0
  const numbered = `SELECT *, ${skip} + sum(lines) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - lines + 1 AS line FROM ${rows.from}`
  return { setup: [], sql: `SELECT CAST(CAST(line AS BIGINT) AS VARCHAR) FROM (${numbered}) AS u WHERE ${rows.bad} LIMIT 1` }
}

/** The byte, from 1, at which a CSV unit's first record begins that cannot be split into its columns; no text when there is none. */
export function printLocateMalformed(group: UnitGroup, unit: number): Lookup {
  const only = group.units[unit]
  if (only === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A malformed record names no unit of its group')
  const tables = { errors: 'malformed_errors', scans: 'malformed_scans' }
  const records = printRecords({ ...group, units: [only] }, { rejects: tables })
  return {
    setup: [`CREATE TEMP TABLE malformed_count AS SELECT count(v0) AS n FROM ${records}`],
    sql: `SELECT coalesce(CAST(min(line_byte_position) AS VARCHAR), '') FROM ${tables.errors}`,
  }
}
