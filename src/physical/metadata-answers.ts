/**
 * Aggregates that listing and footers have answered already, replaced by their rows:
 *
 *   SELECT count(*) FROM t WHERE dt = '2024-01-31'      rows of the kept files
 *   SELECT DISTINCT dt FROM t                           partitions that have rows
 *   SELECT max(day), min(price) FROM t                  keys; exact bounds in every row group (integers, dates, decimals)
 *
 * Only where every kept row is sure to pass the filters between, and only over Parquet: a CSV file's rows are not known
 * before it is read. Bounds of strings may be cut, those of floats hide NaN, those of INT96 are not ordered.
 */
import type { ColumnStatistics } from '#connectors/formats/parquet/footer'
import { literal } from '#src/logical/build'
import type { Column, Expr } from '#src/logical/expression'
import type { Aggregate, AggregateCall, LogicalPlan, Scan } from '#src/logical/plan'
import { mapPlan, outputOf } from '#src/logical/plan-walk'
import { castExactly } from '#src/logical/range-cast'
import { compareValues } from '#src/types/compare'
import { sameType } from '#src/types/format'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { PlannedFile, PlannedScan } from './plan-scan.ts'
import { coveredSource, type RowSource } from './row-source.ts'

export interface MetadataAnswers {
  readonly root: LogicalPlan
  /** Scans that are no longer in the plan. */
  readonly answered: readonly number[]
}

export function answerFromMetadata(root: LogicalPlan, scans: ReadonlyMap<number, PlannedScan>): MetadataAnswers {
  const answered: number[] = []
  const next = mapPlan(root, (node) => {
    if (node.kind !== 'aggregate') return node
    const source = coveredSource(node.input)
    const planned = source && scans.get(source.scan.id)
    if (source === undefined || planned === undefined) return node
    const rows = answer(node, source, planned)
    if (rows === undefined) return node
    answered.push(source.scan.id)
    return { kind: 'values', columns: outputOf(node), rows }
  })
  return { root: next, answered }
}

/** One partition's kept files: the rows that share the keys' values. */
interface Group {
  readonly values: readonly Value[]
  readonly files: PlannedFile[]
}

function answer(plan: Aggregate, source: RowSource, planned: PlannedScan): readonly (readonly Expr[])[] | undefined {
  if (plan.groupings.length > 0 || plan.groupingSets.length !== 1 || plan.groupingSets[0]?.length !== plan.keys.length) return undefined
  if (!planned.files.every((file) => file.scan.parquet !== undefined && file.certain.every((sure) => sure))) return undefined
  const { scan } = source
  const keyPlaces = plan.keys.map((key) => keyPlace(scan, source.value({ kind: 'column', ...key })))
  if (keyPlaces.some((place) => place === undefined)) return undefined
  const compute = plan.aggregates.map(({ column, call }) => aggregateOf(column, call, source))
  if (compute.some((one) => one === undefined)) return undefined

  const rows: (readonly Expr[])[] = []
  for (const group of groupFiles(planned, keyPlaces as readonly number[])) {
    const keys = plan.keys.map((key, index) => literal(key.type, group.values[index] ?? null))
    const values: Expr[] = []
    for (const [index, { column }] of plan.aggregates.entries()) {
      const value = compute[index]?.(group.files, planned)
      if (value === undefined) return undefined
      values.push(literal(column.type, value))
    }
    rows.push([...keys, ...values])
  }
  return rows
}

function keyPlace(scan: Scan, expr: Expr): number | undefined {
  if (expr.kind !== 'column') return undefined
  const entry = scan.columns.find(({ column }) => column.id === expr.id)
  if (entry?.source.kind !== 'key') return undefined
  const place = scan.table.partitionKeys.findIndex(({ name }) => name === entry.source.name)
  return place < 0 ? undefined : place
}

/** Without keys one group, which is there even when nothing is kept. Files without rows make no group. */
function groupFiles(planned: PlannedScan, places: readonly number[]): readonly Group[] {
  if (places.length === 0) return [{ values: [], files: [...planned.files] }]
  const groups = new Map<string, Group>()
  for (const file of planned.files) {
    const partition = planned.plan.partitions[file.scan.partition]
    const values = places.map((place) => partition?.values[place] ?? null)
    const key = values.map((value) => (value === null ? 'null' : `${typeof value} ${JSON.stringify(String(value))}`)).join(',')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { values, files: [file] })
    else group.files.push(file)
  }
  return [...groups.values()]
}

type Compute = (files: readonly PlannedFile[], planned: PlannedScan) => Value | undefined

/** Types whose bounds are values that occur, exactly. */
const EXACT_BOUNDS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'date', 'decimal'])
/** Types of partition keys whose order is that of their values; a key's value is known in full. */
const EXACT_KEYS: ReadonlySet<string> = new Set([...EXACT_BOUNDS, 'varchar', 'boolean', 'timestamp'])

/** Undefined: not answered from metadata. */
function aggregateOf(column: Column, call: AggregateCall, source: RowSource): Compute | undefined {
  if (call.filter !== undefined || call.orderBy.length > 0 || call.function.kind !== 'aggregate') return undefined
  const { name } = call.function
  const [arg, ...others] = call.args.map(source.value)
  if (name === 'count') {
    if (call.distinct || others.length > 0) return undefined
    if (arg === undefined || (arg.kind === 'literal' && arg.value !== null)) return (files) => BigInt(rowsOf(files))
    return undefined
  }
  if ((name !== 'min' && name !== 'max') || arg?.kind !== 'column' || others.length > 0 || !sameType(arg.type, column.type))
    return undefined
  const better = (a: Value, b: Value): Value => (compareValues(a, b, arg.type) < 0 === (name === 'min') ? a : b)
  const place = keyPlace(source.scan, arg)
  if (place !== undefined)
    return EXACT_KEYS.has(arg.type.kind) ? (files, planned) => best(keyValues(files, planned, place), better) : undefined
  const index = source.scan.columns.findIndex((entry) => entry.column.id === arg.id && entry.source.kind === 'data')
  if (index < 0 || !EXACT_BOUNDS.has(arg.type.kind)) return undefined
  return (files) => {
    const bounds = files.flatMap((file) => boundsOf(file, index, name, arg.type))
    return bounds.includes(undefined)
      ? undefined
      : best(
          bounds.filter((value) => value !== undefined),
          better,
        )
  }
}

const rowsOf = (files: readonly PlannedFile[]): number =>
  files.reduce(
    (sum, { scan }) =>
      sum + (scan.parquet?.rowGroups.reduce((rows, group) => rows + (scan.parquet?.footer.rowGroups[group]?.rows ?? 0), 0) ?? 0),
    0,
  )

const keyValues = (files: readonly PlannedFile[], planned: PlannedScan, place: number): readonly Value[] =>
  files.map(({ scan }) => planned.plan.partitions[scan.partition]?.values[place] ?? null)

/** NULL when there is no value at all. */
function best(values: readonly Value[], better: (a: Value, b: Value) => Value): Value {
  return values.reduce((found, value) => (value === null ? found : found === null ? value : better(found, value)), null)
}

/** The column's bound in each kept row group: NULL where it has no value, undefined where it is not known exactly. */
function boundsOf(file: PlannedFile, column: number, which: 'min' | 'max', type: Type): readonly (Value | undefined)[] {
  const { parquet } = file.scan
  if (parquet === undefined) return [undefined]
  const index = parquet.columnIndexes[column] ?? -1
  if (index < 0) return [null]
  const fileType = parquet.footer.columns[index]?.type
  return parquet.rowGroups.map((group) => {
    const rowGroup = parquet.footer.rowGroups[group]
    const statistics = rowGroup?.chunks[index]?.statistics
    if (rowGroup === undefined || statistics === undefined || fileType === undefined || !EXACT_BOUNDS.has(fileType.kind)) return undefined
    if (statistics.nullCount === rowGroup.rows) return null
    const bound = exactBound(statistics, which)
    return bound === undefined ? undefined : castExactly(bound, fileType, type)
  })
}

function exactBound(statistics: ColumnStatistics, which: 'min' | 'max'): Value | undefined {
  if (which === 'min') return statistics.minExact ? statistics.min : undefined
  return statistics.maxExact ? statistics.max : undefined
}
