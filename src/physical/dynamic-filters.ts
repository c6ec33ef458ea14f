/**
 * Dynamic filters: what the small side of a join holds is asked of the kernel first, and prunes the partitions and row groups
 * of the other side before they are listed and fetched.
 *
 *   FROM sales JOIN days ON sales.dt = days.dt WHERE days.month = '2024-02'    →  sales.dt IN (29 dates)
 *   WHERE dt IN (SELECT dt FROM days WHERE holiday)                            →  likewise
 *   WHERE dt > (SELECT max(dt) FROM loads WHERE ok)                            →  dt > DATE '2024-01-31'
 *
 * The predicate is added above the join, where it changes no row, and travels to the scans by the optimizer's own rules.
 * It is an addition only: when the small side cannot be read, the query runs without it.
 */
import { QueryError } from '#src/common/errors'
import { and, columnRef, comparison, conjuncts, FALSE, literal } from '#src/logical/build'
import { printExpr } from '#src/logical/expr-print'
import { hasSubquery, isDeterministic } from '#src/logical/expr-properties'
import type { Column, ColumnId, ComparisonOperator, Expr, ScalarSubquery } from '#src/logical/expression'
import { namesOnly } from '#src/logical/implied-predicate'
import type { Filter, Join, LogicalPlan, Scan } from '#src/logical/plan'
import { children, expressionsOf, freeColumns, highestId, mapChildren, outputOf, referencedColumns, walkPlan } from '#src/logical/plan-walk'
import { compareValues } from '#src/types/compare'
import { BOOLEAN, type Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { type ColumnOrigin, originsOf } from './column-origin.ts'
import type { PhysicalPlan, ScanPlan } from './plan.ts'
import type { PlannedScan } from './plan-scan.ts'
import { sumTotals } from './totals.ts'

/** Reads a small plan; declared here, implemented by the query layer over scan and kernel. */
export interface BuildSideReader {
  /** Values of the plan's only column, NULLs among them. Rejects when the plan fails; the caller does without. */
  read(plan: PhysicalPlan): Promise<readonly Value[]>
}

/** Where a predicate could be added once the build side is known. */
interface Candidate {
  readonly node: Join | Filter
  readonly build: Build
  /** The predicate that the values make. */
  readonly predicate: (values: readonly Value[]) => Expr | undefined
  readonly probe: readonly ColumnOrigin[]
  readonly describe: string
}

/** A build side that reads more is no small one: asking it first would cost what it saves. */
const MOST_BUILD_BYTES = 32 * 1024 * 1024
/** A list of so many values is kept whole (Trino's small limit is of this order); beyond it only the range is used. */
const LONGEST_LIST = 1000
const MOST_VALUES = 10_000
/** Row groups of a probe side are pruned only where there is so much to save. */
const LEAST_PROBE_BYTES = 64 * 1024 * 1024
const MOST_PROBE_FILES = 5000
/** Rows that are read in the time of a request or two: more would delay a probe side that is in the cache already. */
const MOST_BUILD_ROWS = 100_000
const LEAST_ROW_BYTES = 16
/** Row groups whose ranges cover more than this share of all values, on average, would all be kept. */
const CLUSTERED_SHARE = 0.5
/** Per row: a filter takes a byte or more for each different value, so that a value repeats ten times at most. */
const SELECTIVE_FILTER_BYTES = 1 / 8

export class DynamicFilters {
  readonly #root: LogicalPlan
  readonly #candidates: readonly Candidate[]
  /** Scans that had better wait: their partitions may be pruned by what a small side holds. */
  readonly waiting: ReadonlySet<number>

  constructor(root: LogicalPlan) {
    this.#root = root
    const { candidates, waiting } = inOrder(candidatesOf(root))
    this.#candidates = candidates
    this.waiting = waiting
  }

  /** The plan with the predicates of all small sides that could be read; the same one when there are none. */
  async apply(
    planned: ReadonlyMap<number, PlannedScan>,
    reader: BuildSideReader,
    options: { readonly signal: AbortSignal; readonly maxBytes?: number | undefined; readonly leastProbeBytes?: number | undefined },
  ): Promise<{ readonly root: LogicalPlan; readonly filters: readonly string[] }> {
    const { signal, maxBytes = MOST_BUILD_BYTES, leastProbeBytes = LEAST_PROBE_BYTES } = options
    const limits = { build: Math.min(maxBytes, MOST_BUILD_BYTES), probe: leastProbeBytes }
    const found = new Map<LogicalPlan, Expr[]>()
    const filters: string[] = []
    const id = highestId(this.#root) + 1
    for (const candidate of this.#candidates) {
      if (!isWorthwhile(candidate, planned, limits)) continue
      const values = await readValues(reader, keysPlan(candidate, planned, id), signal)
      const predicate = values === undefined ? undefined : candidate.predicate(values)
      if (values === undefined || predicate === undefined) continue
      found.set(candidate.node, [...(found.get(candidate.node) ?? []), predicate])
      filters.push(`${candidate.describe}: ${values.length} values`)
    }
    if (found.size === 0) return { root: this.#root, filters }
    return { root: withPredicates(this.#root, found), filters }
  }
}

/**
 * Decides who waits for whom: build sides that promise most are read first, and what is read first cannot wait itself. A
 * candidate whose build side holds a scan that waits takes the part of it that does not, or goes.
 */
function inOrder(all: readonly Candidate[]): { readonly candidates: readonly Candidate[]; readonly waiting: ReadonlySet<number> } {
  const effort = ({ build }: Candidate): number => {
    const scans = scansOf(build.plan)
    return scans.length + (scans.some(({ predicate }) => predicate.length > 0) ? 0 : scans.length)
  }
  const candidates: Candidate[] = []
  const waiting = new Set<number>()
  const read = new Set<number>()
  for (const candidate of all
    .map((one) => ({ one, cost: effort(one) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ one }) => one)) {
    const build = withoutScans(candidate.build, waiting)
    if (build === undefined) continue
    candidates.push({ ...candidate, build })
    const probes = candidate.probe.filter(({ source, scan }) => source.kind === 'key' && !read.has(scan.id))
    if (probes.length === 0) continue
    for (const { scan } of probes) waiting.add(scan.id)
    for (const { id } of scansOf(build.plan)) read.add(id)
  }
  return { candidates, waiting }
}

/** The build side, or the side of its inner joins that has the values and none of the scans: it holds all of them, and perhaps more. */
function withoutScans({ value, plan }: Build, scans: ReadonlySet<number>): Build | undefined {
  if (!scansOf(plan).some(({ id }) => scans.has(id))) return { value, plan }
  if (plan.kind === 'filter') return withoutScans({ value, plan: plan.input }, scans)
  if (plan.kind !== 'join' || plan.type !== 'inner' || plan.lateral) return undefined
  for (const side of [plan.left, plan.right]) {
    const ids = new Set(outputOf(side).map((column) => column.id))
    if (namesOnly(value, (id) => ids.has(id))) return withoutScans({ value, plan: side }, scans)
  }
  return undefined
}

/** Nodes are found by identity, before what is below them changes. Plans inside expressions stay as they are. */
function withPredicates(node: LogicalPlan, found: ReadonlyMap<LogicalPlan, readonly Expr[]>): LogicalPlan {
  const predicates = found.get(node)
  const next = mapChildren(node, (child) => withPredicates(child, found))
  return predicates === undefined ? next : { kind: 'filter', input: next, predicate: and(...predicates) }
}

function candidatesOf(root: LogicalPlan): readonly Candidate[] {
  const candidates: Candidate[] = []
  const visit = (node: LogicalPlan): void => {
    if (node.kind === 'join') candidates.push(...ofJoin(node))
    if (node.kind === 'filter') candidates.push(...ofFilter(node))
    for (const child of children(node)) visit(child)
  }
  visit(root)
  return candidates
}

function ofJoin(join: Join): readonly Candidate[] {
  if (join.type !== 'inner' || join.lateral || join.condition === undefined) return []
  const sides = [join.left, join.right] as const
  const ids = sides.map((side) => new Set(outputOf(side).map((column) => column.id)))
  const isOf = (expr: Expr, side: number): boolean => namesOnly(expr, (id) => ids[side]?.has(id) ?? false)
  return conjuncts(join.condition).flatMap((term) => {
    if (term.kind !== 'comparison' || term.operator !== '=') return []
    const [left, right] = isOf(term.left, 0) && isOf(term.right, 1) ? [term.left, term.right] : [term.right, term.left]
    if (!isOf(left, 0) || !isOf(right, 1)) return []
    return [
      ...equalTo(join, left, { value: right, plan: join.right }, sides[0]),
      ...equalTo(join, right, { value: left, plan: join.left }, sides[1]),
    ]
  })
}

function ofFilter(filter: Filter): readonly Candidate[] {
  return conjuncts(filter.predicate).flatMap((term) => {
    if (term.kind === 'in-subquery') return equalTo(filter, term.value, { value: onlyColumn(term.plan), plan: term.plan }, filter.input)
    if (term.kind !== 'comparison') return []
    if (term.right.kind === 'scalar-subquery') return compared(filter, term.operator, term.left, term.right)
    if (term.left.kind === 'scalar-subquery') return compared(filter, MIRRORED[term.operator], term.right, term.left)
    return []
  })
}

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

const onlyColumn = (plan: LogicalPlan): Expr => columnRef(outputOf(plan)[0] as Column)

/** `probe` is one of the values that the build side has. */
function equalTo(node: Join | Filter, probe: Expr, build: Build, probeSide: LogicalPlan): readonly Candidate[] {
  const type = probe.type
  return candidate(node, probe, build, probeSide, (values) => {
    const present = values.filter((value) => value !== null)
    if (present.length === 0) return FALSE
    if (present.length <= LONGEST_LIST)
      return { kind: 'in-list', type: BOOLEAN, value: probe, items: present.map((value) => literal(type, value)) }
    const [first] = present
    const bound = (least: boolean): Value =>
      present.reduce((best, value) => (compareValues(value, best, type) < 0 === least ? value : best), first as Value)
    return { kind: 'between', type: BOOLEAN, value: probe, low: literal(type, bound(true)), high: literal(type, bound(false)) }
  })
}

/** `probe` stands in a comparison with the only row of a subquery; none is NULL, and more are an error, which stays the subquery's. */
function compared(filter: Filter, operator: ComparisonOperator, probe: Expr, { plan }: ScalarSubquery): readonly Candidate[] {
  if (operator === '<>') return []
  return candidate(filter, probe, { value: onlyColumn(plan), plan }, filter.input, (values) => {
    const [value = null, second] = values
    if (second !== undefined) return undefined
    return value === null ? FALSE : comparison(operator, probe, literal(probe.type, value))
  })
}

interface Build {
  readonly value: Expr
  readonly plan: LogicalPlan
}

function candidate(
  node: Join | Filter,
  probe: Expr,
  build: Build,
  probeSide: LogicalPlan,
  predicate: Candidate['predicate'],
): readonly Candidate[] {
  if (!isReadable(probe.type) || hasSubquery(probe) || !isDeterministic(probe) || !isSelfContained(build)) return []
  const origins = [...referencedColumns(probe)].flatMap((id) => originsOf(probeSide, id))
  if (origins.length === 0) return []
  return [{ node, build, predicate, probe: origins, describe: printExpr(probe) }]
}

/** Types whose values are read and compared exactly as the kernel does. */
function isReadable(type: Type): boolean {
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'date':
    case 'varchar':
    case 'timestamp':
      return true
    default:
      return false
  }
}

/** Can be run on its own, and gives the same rows as within the query. */
function isSelfContained({ value, plan }: Build): boolean {
  if (hasSubquery(value) || !isDeterministic(value) || freeColumns(plan).size > 0) return false
  const defined = new Set<number>()
  const used = new Set<number>()
  let repeatable = true
  walkPlan(plan, (node) => {
    if (node.kind === 'with' || node.kind === 'recursive-cte') defined.add(node.cteId)
    if (node.kind === 'cte-ref') used.add(node.cteId)
    if (node.kind === 'sample' || (node.kind === 'limit' && node.count !== undefined) || !expressionsOf(node).every(isDeterministic))
      repeatable = false
  })
  return repeatable && [...used].every((id) => defined.has(id))
}

function scansOf(plan: LogicalPlan): readonly Scan[] {
  const scans: Scan[] = []
  walkPlan(plan, (node) => {
    if (node.kind === 'scan') scans.push(node)
  })
  return scans
}

const bytesOf = (scans: readonly PlannedScan[]): number => scans.reduce((sum, { plan }) => sum + plan.totals.bytes.kept, 0)

/** A small build side that is planned, and a probe side with something to save. */
function isWorthwhile(
  { build, probe }: Candidate,
  planned: ReadonlyMap<number, PlannedScan>,
  limits: { readonly build: number; readonly probe: number },
): boolean {
  const builds = scansOf(build.plan).map(({ id }) => planned.get(id))
  if (builds.includes(undefined)) return false
  const bytes = bytesOf(builds.flatMap((scan) => scan ?? []))
  if (bytes > limits.build) return false
  return probe.some((origin) => {
    const scan = planned.get(origin.scan.id)
    if (scan === undefined) return origin.source.kind === 'key'
    const worth =
      scan.plan.totals.bytes.kept >= Math.max(limits.probe, limits.probe === 0 ? 0 : 4 * bytes) &&
      scan.plan.files.length <= MOST_PROBE_FILES
    if (!worth || builds.some((one) => one !== undefined && !hasFewRows(one.plan))) return false
    return origin.source.kind === 'key' || isClustered(scan.plan, origin.id) || hasSelectiveFilters(scan.plan, origin.id)
  })
}

/** Of text files, whose rows nobody has counted, the bytes tell. */
function hasFewRows({ files }: ScanPlan): boolean {
  let rows = 0
  for (const { parquet, info } of files) {
    if (parquet === undefined) rows += info.size / LEAST_ROW_BYTES
    else for (const index of parquet.rowGroups) rows += parquet.footer.rowGroups[index]?.rows ?? 0
  }
  return rows <= MOST_BUILD_ROWS
}

/** Whether a row group mostly holds a narrow part of the column's values; without statistics it is not known to. */
function isClustered({ files, columns }: ScanPlan, id: ColumnId): boolean {
  const place = columns.findIndex(({ column }) => column.id === id)
  let widths = 0
  let count = 0
  let least: bigint | undefined
  let most: bigint | undefined
  for (const { parquet } of files) {
    if (parquet === undefined) return false
    for (const index of parquet.rowGroups) {
      const statistics = parquet.footer.rowGroups[index]?.chunks[parquet.columnIndexes[place] ?? -1]?.statistics
      if (typeof statistics?.min !== 'bigint' || typeof statistics.max !== 'bigint') return false
      widths += Number(statistics.max - statistics.min)
      count++
      if (least === undefined || statistics.min < least) least = statistics.min
      if (most === undefined || statistics.max > most) most = statistics.max
    }
  }
  return least !== undefined && most !== undefined && widths / count <= CLUSTERED_SHARE * Number(most - least)
}

/** Whether bloom filters of a length that only many different values need may tell row groups of few of them apart. */
function hasSelectiveFilters({ files, columns }: ScanPlan, id: ColumnId): boolean {
  const place = columns.findIndex(({ column }) => column.id === id)
  return files.every(({ parquet }) =>
    parquet?.rowGroups.every((index) => {
      const rowGroup = parquet.footer.rowGroups[index]
      const filter = rowGroup?.chunks[parquet.columnIndexes[place] ?? -1]?.bloomFilter
      return rowGroup !== undefined && filter !== undefined && filter.length >= rowGroup.rows * SELECTIVE_FILTER_BYTES
    }),
  )
}

/** The distinct values of the build side, one more than can be used at most. */
function keysPlan({ build }: Candidate, planned: ReadonlyMap<number, PlannedScan>, id: number): PhysicalPlan {
  const column: Column = { id, name: 'key', type: build.value.type }
  const input: LogicalPlan = { kind: 'project', input: build.plan, assignments: [{ column, value: build.value }] }
  const distinct: LogicalPlan = { kind: 'aggregate', input, keys: [column], groupingSets: [[id]], aggregates: [], groupings: [] }
  const scans = scansOf(build.plan).flatMap((scan) => planned.get(scan.id)?.plan ?? [])
  return {
    root: { kind: 'limit', input: distinct, count: MOST_VALUES + 1, offset: 0, withTies: false },
    output: [{ name: 'key', column }],
    scans: new Map(scans.map((scan) => [scan.id, scan])),
    totals: sumTotals(scans.map((scan) => scan.totals)),
    hints: [],
  }
}

/** Undefined when there are too many, or when they cannot be had: the query itself will say why, if it must. */
async function readValues(reader: BuildSideReader, plan: PhysicalPlan, signal: AbortSignal): Promise<readonly Value[] | undefined> {
  try {
    const values = await reader.read(plan)
    return values.length > MOST_VALUES ? undefined : values
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof QueryError) return undefined
    throw error
  }
}
