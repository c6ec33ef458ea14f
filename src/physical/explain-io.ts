/** EXPLAIN (TYPE IO) in the shape of Trino's IoPlan: for each scan its table, what the predicate says of its columns, and how much is read. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { LogicalPlan, Scan } from '#src/logical/plan'
import { walkPlan } from '#src/logical/plan-walk'
import { wireType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import type { Type } from '#src/types/type'
import { columnDomain, type Domain, type DomainBound } from './column-domain.ts'
import { NOT_KNOWN } from './explain-json.ts'
import type { PhysicalPlan, ScanPlan } from './plan.ts'
import { keptRows } from './scan-summary.ts'

/** JSON text. */
export function explainIo(plan: PhysicalPlan): string {
  const scans = scansOf(plan.root)
  const tables = scans.flatMap((scan) => {
    const planned = plan.scans.get(scan.id)
    return planned === undefined ? [] : [tableInfo(scan, planned)]
  })
  const estimate = {
    outputRowCount: NOT_KNOWN,
    outputSizeInBytes: NOT_KNOWN,
    cpuCost: plan.totals.bytes.kept,
    maxMemory: NOT_KNOWN,
    networkCost: 0,
  }
  return JSON.stringify({ inputTableColumnInfos: tables, estimate }, undefined, 2)
}

function scansOf(root: LogicalPlan): readonly Scan[] {
  const scans: Scan[] = []
  walkPlan(root, (node) => {
    if (node.kind === 'scan') scans.push(node)
  })
  return scans
}

function tableInfo(scan: Scan, planned: ScanPlan) {
  const { schema, name } = scan.table
  const constraints = scan.columns.flatMap(({ column, source }) => {
    const domain = columnDomain(scan.predicate, column.id, column.type)
    return domain === undefined ? [] : [{ columnName: source.name, type: wireType(column.type), domain: formatDomain(domain, column.type) }]
  })
  const none = constraints.some(({ domain }) => !domain.nullsAllowed && domain.ranges.length === 0)
  const bytes = planned.totals.bytes.kept
  return {
    table: { catalog: CATALOG_NAME, schemaTable: { schema, table: name } },
    constraint: { none, columnConstraints: none ? [] : constraints },
    estimate: { outputRowCount: keptRows(planned) ?? NOT_KNOWN, outputSizeInBytes: bytes, cpuCost: bytes, maxMemory: 0, networkCost: 0 },
  }
}

function formatDomain(domain: Domain, type: Type) {
  return {
    nullsAllowed: domain.nulls,
    ranges: domain.ranges.map(({ low, high }) => ({ low: marker(low, type, 'ABOVE'), high: marker(high, type, 'BELOW') })),
  }
}

/** A bound that is not reached, or not there at all, lies ABOVE (of a low one) or BELOW (of a high one). */
function marker(bound: DomainBound | undefined, type: Type, beyond: 'ABOVE' | 'BELOW') {
  if (bound === undefined) return { bound: beyond }
  return { value: formatValue(bound.value, type), bound: bound.inclusive ? 'EXACTLY' : beyond }
}
