/**
 * Rows of a listing as its client reads them, without the kernel: a driver that browses asks for the columns of a system
 * table as they are, in their own order, of tables that a pattern names. Such rows are encoded here; the kernel would first
 * have to be given all of them as text. Nothing is computed: a predicate must be decided by ranges of its columns' values
 * (predicate-outcome.ts) and the rows must lie in the order that is asked for, otherwise the plan is the kernel's.
 */
import { setImmediate } from 'node:timers/promises'
import type { KernelFrame } from '#src/kernel/kernel'
import { walkExpr } from '#src/logical/expr-walk'
import type { ColumnId, ColumnRef, Expr } from '#src/logical/expression'
import type { LogicalPlan, QueryPlan, SortKey, SystemScan } from '#src/logical/plan'
import { CAN_BE_TRUE, outcomeOf } from '#src/logical/predicate-outcome'
import type { PartedRow } from '#src/logical/system-table'
import { compareBounds, rangeOfValue } from '#src/logical/value-range'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { filterOf, wantedOf } from './system-tables/load.ts'

/** Of a frame; one row that is longer has its own. */
const FRAME_BYTES = 1024 * 1024

/** Rows after which others get their turn. */
const ROWS_AT_ONCE = 8192

type ColumnKey = SortKey & { readonly value: ColumnRef }
const isColumnKey = (key: SortKey): key is ColumnKey => key.value.kind === 'column'

/** `scan`, those of its rows that satisfy all of `predicate`, in the order of `keys`, of them some; columns as the output wants them. */
interface Listing {
  readonly scan: SystemScan
  /** What columns above the scan are, below: most have the same id. */
  readonly names: ReadonlyMap<ColumnId, ColumnId>
  readonly predicate: readonly Expr[]
  readonly keys: readonly ColumnKey[]
  readonly offset: number
  readonly count: number
}

/** Frames of `json-rows`; undefined when the plan is more than a listing, or its rows are in another order. */
export async function directRows(plan: QueryPlan, signal: AbortSignal): Promise<AsyncIterable<KernelFrame> | undefined> {
  const listing = listingOf(plan.root)
  if (listing === undefined || !plan.output.every(({ column }) => isEncoded(column.type))) return undefined
  const { scan, keys } = listing
  const rows = await scan.table.load(filterOf(scan), signal, wantedOf(scan))
  const [first] = rows
  if (first === undefined) return encode([], () => false, [], listing, signal)
  const places = placesOf(scan, first)
  const placeOf = (id: ColumnId): Place => places.get(id) ?? placeOf(listing.names.get(id) as ColumnId)
  const filters = listing.predicate.map((term) => rowFilter(term, placeOf))
  const compare = keys.map((key) => rowOrder(key, placeOf))
  const kept = (row: PartedRow): boolean | undefined => {
    for (const filter of filters) {
      const keeps = filter(row)
      if (keeps !== true) return keeps
    }
    return true
  }
  // All of them are looked at before the first is given: afterwards there is no way back.
  let previous: PartedRow | undefined
  let looked = 0
  for (const row of rows) {
    if (++looked % ROWS_AT_ONCE === 0) await setImmediate(undefined, { signal })
    const keeps = kept(row)
    if (keeps === undefined) return undefined
    if (!keeps) continue
    if (previous !== undefined && !inOrder(previous, row, compare)) return undefined
    previous = row
  }
  return encode(rows, (row) => kept(row) === true, runsOf(plan.output.map(({ column }) => placeOf(column.id))), listing, signal)
}

/** Whether nothing but nodes of a listing is over one system table: cheap, for plans that are not optimized yet. */
export function mayBeListing(root: LogicalPlan): boolean {
  let node = root
  while (node.kind === 'project' || node.kind === 'sort' || node.kind === 'limit' || node.kind === 'filter') node = node.input
  return node.kind === 'system-scan'
}

/** The nodes that a listing may have, whatever their order; a sort below a limit, and columns only passed on. */
function listingOf(root: LogicalPlan): Listing | undefined {
  const predicate: Expr[] = []
  const names = new Map<ColumnId, ColumnId>()
  let keys: readonly ColumnKey[] | undefined
  let limit: { readonly offset: number; readonly count: number } | undefined
  for (let node = root; ; node = node.input) {
    switch (node.kind) {
      case 'project':
        for (const { column, value } of node.assignments) {
          if (value.kind !== 'column') return undefined
          names.set(column.id, value.id)
        }
        break
      case 'sort':
        if (keys !== undefined || !node.keys.every(isColumnKey)) return undefined
        keys = node.keys
        break
      case 'limit':
        if (limit !== undefined || keys !== undefined || predicate.length > 0 || node.withTies) return undefined
        limit = { offset: node.offset, count: node.count ?? Number.POSITIVE_INFINITY }
        break
      case 'filter':
        predicate.push(...conjuncts(node.predicate))
        break
      case 'system-scan':
        return { scan: node, names, predicate, keys: keys ?? [], offset: 0, count: Number.POSITIVE_INFINITY, ...limit }
      default:
        return undefined
    }
  }
}

const conjuncts = (expr: Expr): readonly Expr[] => (expr.kind === 'logical' && expr.operator === 'and' ? expr.terms : [expr])

/** Where a column's value is in a row. */
interface Place {
  readonly part: number
  readonly index: number
}

type PlaceOf = (id: ColumnId) => Place

/** Of each of the scan's columns: all rows of a table have their parts alike. */
function placesOf({ columns }: SystemScan, row: PartedRow): ReadonlyMap<ColumnId, Place> {
  const places = row.flatMap((values, part) => values.map((_, index) => ({ part, index })))
  return new Map(columns.map(({ column, index }) => [column.id, places[index] as Place]))
}

const valueAt = (row: PartedRow, { part, index }: Place): Value => row[part]?.[index] ?? null

/** Whether a row satisfies the term; undefined: that cannot be told here. */
function rowFilter(term: Expr, placeOf: PlaceOf): (row: PartedRow) => boolean | undefined {
  const types = columnTypes(term)
  const decide = (of: (id: ColumnId) => Value): boolean | undefined => {
    const outcome = outcomeOf(term, (id) => rangeOfValue(types.get(id) as Type, of(id)))
    // A row on which the term fails has no outcome.
    if (outcome === CAN_BE_TRUE) return true
    return outcome === 0 || (outcome & CAN_BE_TRUE) !== 0 ? undefined : false
  }
  const [only] = types.keys()
  if (types.size !== 1 || only === undefined) return (row) => decide((id) => valueAt(row, placeOf(id)))
  // Names and types repeat.
  const place = placeOf(only)
  const known = new Map<Value, boolean | undefined>()
  return (row) => {
    const value = valueAt(row, place)
    const found = known.get(value)
    if (found !== undefined) return found
    const decided = decide(() => value)
    known.set(value, decided)
    return decided
  }
}

function columnTypes(expr: Expr): ReadonlyMap<ColumnId, Type> {
  const types = new Map<ColumnId, Type>()
  walkExpr(expr, (node) => {
    if (node.kind === 'column') types.set(node.id, node.type)
  })
  return types
}

/** Negative: the left row comes first; undefined: the type has no order here. */
type RowOrder = (left: PartedRow, right: PartedRow) => number | undefined

function rowOrder({ value: { type, id }, descending, nullsFirst }: ColumnKey, placeOf: PlaceOf): RowOrder {
  const place = placeOf(id)
  const nullLeft = nullsFirst ? -1 : 1
  return (left, right) => {
    if (left[place.part] === right[place.part]) return 0
    const [a, b] = [valueAt(left, place), valueAt(right, place)]
    if (a === b) return 0
    if (a === null || b === null) return a === null ? nullLeft : -nullLeft
    const order = compareBounds(type, a, b)
    return order === undefined || !descending ? order : -order
  }
}

function inOrder(left: PartedRow, right: PartedRow, orders: readonly RowOrder[]): boolean {
  for (const compare of orders) {
    const order = compare(left, right)
    if (order === undefined || order > 0) return false
    if (order < 0) return true
  }
  return true
}

const isEncoded = ({ kind }: Type): boolean => kind === 'varchar' || kind === 'bigint' || kind === 'integer' || kind === 'boolean'

/** As the kernel's json_array has them. */
const jsonText = (value: Value): string => (typeof value === 'string' ? JSON.stringify(value) : String(value))

/** Parts whose texts are remembered, a run of columns. */
const MOST_TEXTS = 20_000

/** Text of neighbouring columns that are in one part, with what stands between it and its neighbours. */
interface Run {
  readonly part: number
  textOf(values: readonly Value[]): Uint8Array
}

/** `[a,b,c],\n` in pieces: what rows share is encoded once. */
function runsOf(places: readonly Place[]): readonly Run[] {
  const runs: { readonly part: number; readonly indexes: number[] }[] = []
  for (const { part, index } of places) {
    const last = runs.at(-1)
    if (last?.part === part) last.indexes.push(index)
    else runs.push({ part, indexes: [index] })
  }
  return runs.map(({ part, indexes }, at) => {
    const known = new Map<unknown, Uint8Array>()
    const [before, after] = [at === 0 ? '[' : ',', at === runs.length - 1 ? ROW_END : '']
    return {
      part,
      textOf(values) {
        // Parts of one value are seldom shared, the values are.
        const key = values.length === 1 ? values[0] : values
        const found = known.get(key)
        if (found !== undefined) return found
        const text = Buffer.from(`${before}${indexes.map((index) => jsonText(values[index] ?? null)).join(',')}${after}`)
        if (known.size >= MOST_TEXTS) known.clear()
        known.set(key, text)
        return text
      },
    }
  })
}

const ROW_END = '],\n'
/** What follows a frame's last row no more. */
const TRIM = 2

async function* encode(
  rows: Iterable<PartedRow>,
  keeps: (row: PartedRow) => boolean,
  runs: readonly Run[],
  { offset, count }: Pick<Listing, 'offset' | 'count'>,
  signal: AbortSignal,
): AsyncGenerator<KernelFrame> {
  let frame = Buffer.allocUnsafeSlow(FRAME_BYTES)
  let used = 0
  let inFrame = 0
  let kept = 0
  let looked = 0
  const texts: Uint8Array[] = []
  for (const row of rows) {
    if (++looked % ROWS_AT_ONCE === 0) await setImmediate(undefined, { signal })
    if (!keeps(row) || kept++ < offset) continue
    if (kept > offset + count) break
    let size = 0
    for (let at = 0; at < runs.length; at++) {
      const { part, textOf } = runs[at] as Run
      const text = textOf(row[part] ?? [])
      texts[at] = text
      size += text.length
    }
    if (used + size > frame.length) {
      if (inFrame > 0) yield { bytes: frame.subarray(0, used - TRIM), rows: inFrame }
      frame = Buffer.allocUnsafeSlow(Math.max(FRAME_BYTES, size))
      used = 0
      inFrame = 0
    }
    for (const text of texts) {
      frame.set(text, used)
      used += text.length
    }
    inFrame++
  }
  if (inFrame > 0) yield { bytes: frame.subarray(0, used - TRIM), rows: inFrame }
}
