/** Finding the line of a unit's first bad row, after the fact: one thread reads the file in order. */
import { QueryError } from '#src/common/errors'
import type { PreparedScan, UnitGroup } from '#src/scan/units'
import type { KernelQuery } from '../kernel.ts'
import { createPlanPrinter } from './printer.ts'
import { printTextRows } from './text-reader.ts'

/** A query with one row, the line's number as text; no row when there is no bad one. Lines inside quoted values count. */
export function printLocateBadRow(scan: PreparedScan, group: UnitGroup, unit: number, query: KernelQuery): string {
  const only = group.units[unit]
  if (only === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A rejected row names no unit of its group')
  const printer = createPlanPrinter({ queryId: query.queryId, zone: query.zone, now: 0n, scans: query.scans })
  const rows = printTextRows(scan.plan.columns, { ...group, units: [only] }, printer, { inOrder: true })
  const skip = group.csv?.skip ?? 0
  const numbered = `SELECT *, ${skip} + sum(lines) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - lines + 1 AS line FROM ${rows.from}`
  return `SELECT CAST(CAST(line AS BIGINT) AS VARCHAR) FROM (${numbered}) AS u WHERE ${rows.bad} LIMIT 1`
}
