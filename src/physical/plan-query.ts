/** From the optimized logical plan to the physical one: every scan becomes files, row groups and byte ranges. */
import { QueryError } from '#src/common/errors'
import type { LogicalPlan, QueryPlan, Scan } from '#src/logical/plan'
import { mapPlan, walkPlan } from '#src/logical/plan-walk'
import { type OptimizerOptions, optimize } from '#src/optimize/optimizer'
import { type BuildSideReader, DynamicFilters } from './dynamic-filters.ts'
import { pruneByFirstRows } from './first-rows.ts'
import { planningHints } from './hints.ts'
import { answerFromMetadata } from './metadata-answers.ts'
import type { PhysicalPlan, PlanTotals, ScanPlan } from './plan.ts'
import { type PlannedScan, type PlanningSources, planScan } from './plan-scan.ts'
import { scansToSettle, settleSubqueries } from './settle-subqueries.ts'
import { sharedListings } from './shared-listings.ts'
import { sumTotals } from './totals.ts'

export interface PlanQueryOptions {
  readonly signal: AbortSignal
  /** Refuses the plan when it would read more bytes of objects. */
  readonly maxBytes?: number | undefined
  /** Reads small sides of joins for dynamic filters; without it (nothing may be read yet) there are none. */
  readonly buildSides?: BuildSideReader | undefined
  /** Row groups of a probe side are pruned by dynamic filters from so many bytes on; 0: always. */
  readonly leastProbeBytes?: number | undefined
  /** For the plan's second optimization, when subqueries have become constants. */
  readonly optimizer?: OptimizerOptions
}

/**
 * Lists, reads footers and prunes, all scans at once; no object data is read. Throws EXCEEDED_SCAN_LIMIT beyond `maxBytes`,
 * and what planScan throws.
 */
export async function planQuery(plan: QueryPlan, from: PlanningSources, options: PlanQueryOptions): Promise<PhysicalPlan> {
  const sources = { ...from, lister: sharedListings(from.lister) }
  const planned = new Map<number, PlannedScan>()
  const planScans = async (scans: readonly Scan[]): Promise<void> => {
    // When one scan fails the others' listing and footers are of no use any more.
    const failure = new AbortController()
    const signal = AbortSignal.any([options.signal, failure.signal])
    try {
      await Promise.all(scans.map(async (scan) => planned.set(scan.id, await planScan(scan, sources, signal))))
    } catch (error) {
      failure.abort(error)
      throw error
    }
  }
  await planScans(scansToSettle(plan.root))
  const settled = settleSubqueries(plan.root, planned)
  const optimized = (root: LogicalPlan): LogicalPlan =>
    root === plan.root ? root : optimize({ ...plan, root }, { ...options.optimizer, signal: options.signal }).plan.root
  // A scan whose predicate has become another one in the meantime is planned by that.
  const outdated = (root: LogicalPlan): readonly Scan[] =>
    scansOf(root).filter((scan) => planned.get(scan.id)?.scan.predicate !== scan.predicate)
  let root = optimized(settled)
  let dynamicFilters: readonly string[] | undefined
  if (options.buildSides !== undefined) {
    const dynamic = new DynamicFilters(root)
    const { waiting } = dynamic
    await planScans(outdated(root).filter(({ id }) => !waiting.has(id)))
    const { root: filtered, filters } = await dynamic.apply(planned, options.buildSides, options)
    if (filters.length > 0) {
      root = optimized(filtered)
      dynamicFilters = filters
    }
  }
  await planScans(outdated(root))
  pruneByFirstRows(root, planned)
  const answered = answerFromMetadata(root, planned)
  const scanPlans = new Map<number, ScanPlan>()
  for (const scan of scansOf(answered.root)) {
    const found = planned.get(scan.id)
    if (found !== undefined) scanPlans.set(scan.id, found.plan)
  }
  const totals = sumTotals(
    [...planned.values()].map((scan) => (scanPlans.has(scan.scan.id) ? scan.plan.totals : withoutReads(scan.plan.totals))),
  )
  for (const { table, totals: scanned, id } of scanPlans.values()) checkTableLimit(table, scanned.bytes.kept, planned.get(id)?.scan.at)
  if (options.maxBytes !== undefined && totals.bytes.kept > options.maxBytes) {
    throw new QueryError(
      'EXCEEDED_SCAN_LIMIT',
      `Query exceeded scan limit of ${options.maxBytes} bytes: it would read ${totals.bytes.kept} bytes`,
      {
        hint: planningHints([...planned.values()])[0],
      },
    )
  }
  return {
    root: settleLimits(answered.root, scanPlans),
    output: plan.output,
    scans: scanPlans,
    totals,
    hints: planningHints(
      [...planned.values()].filter(({ scan }) => scanPlans.has(scan.id)),
      [...planned.values()].filter(({ scan }) => !scanPlans.has(scan.id)),
    ),
    ...(dynamicFilters && { dynamicFilters }),
  }
}

/** `max_bytes`: what one scan of the table may read. */
function checkTableLimit(table: Scan['table'], bytes: number, at: Scan['at']): void {
  const most = Number(table.properties.max_bytes ?? Number.POSITIVE_INFINITY)
  if (bytes <= most) return
  throw new QueryError(
    'EXCEEDED_SCAN_LIMIT',
    `The scan of ${table.schema}.${table.name} exceeds the table's limit of ${most} bytes: it would read ${bytes} bytes`,
    {
      at,
      hint: table.partitionKeys.length > 0 ? `Compare ${table.partitionKeys.map((key) => key.name).join(', ')} with constants` : undefined,
    },
  )
}

function scansOf(root: LogicalPlan): readonly Scan[] {
  const scans: Scan[] = []
  walkPlan(root, (node) => {
    if (node.kind === 'scan') scans.push(node)
  })
  return scans
}

/** Totals of a scan whose answer came from its metadata: everything was looked at, nothing is read. */
function withoutReads(totals: PlanTotals): PlanTotals {
  const unread = (counted: PlanTotals['files']): PlanTotals['files'] => ({ ...counted, kept: 0 })
  return { ...totals, files: unread(totals.files), rowGroups: unread(totals.rowGroups), bytes: unread(totals.bytes) }
}

/** A Scan's limit counts rows that satisfy its predicate; where files cannot promise that, it must not be applied to their rows. */
function settleLimits(root: LogicalPlan, scans: ReadonlyMap<number, ScanPlan>): LogicalPlan {
  return mapPlan(root, (node) => {
    if (node.kind !== 'scan' || node.limit === undefined) return node
    const limit = scans.get(node.id)?.limit
    return limit === node.limit ? node : { ...node, limit }
  })
}
