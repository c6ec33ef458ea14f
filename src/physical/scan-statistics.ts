/**
 * What a scan's rows are like, without reading them: from the footers of the files that planning keeps, from the values of
 * partition keys, and from what ANALYZE has counted of the same files. Where a predicate may keep only some rows of a row
 * group, how many is estimated as Trino does it: by the part of the column's range, 1 / distinct values for one value,
 * 0.9 for what says nothing of ranges.
 */
import { type AnalyzedColumn, type FreshStatistics, partitionScope } from '#catalog/statistics'
import { collectColumns } from '#src/logical/expr-walk'
import type { ColumnId, Expr } from '#src/logical/expression'
import { rangeOfValue, unknownRange, type ValueRange } from '#src/logical/value-range'
import { compareValues } from '#src/types/compare'
import { formatValue } from '#src/types/format-value'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { columnDomain, type Domain } from './column-domain.ts'
import { judge, rangeInRowGroup } from './interval-pruner.ts'
import type { PhysicalPlan, ScanPlan } from './plan.ts'
import { type RowSource, rowSource } from './row-source.ts'
import { analyzedRange, toNumber } from './statistics-values.ts'

/** Of one output column; undefined: unknown. */
export interface ColumnEstimate {
  readonly type: Type
  readonly bytes: number | undefined
  readonly distinct: number | undefined
  /** 0 to 1. */
  readonly nulls: number | undefined
  readonly low: Value | undefined
  readonly high: Value | undefined
}

export interface ScanEstimate {
  readonly rows: number | undefined
  /** One an output column; undefined: an expression. */
  readonly columns: readonly (ColumnEstimate | undefined)[]
}

/** Rows that share what is known of their columns: a row group, or what ANALYZE has seen. */
interface Block {
  readonly rows: number
  /** Of several partitions, of which planning has kept those that the predicate wants. */
  readonly pruned?: boolean
  readonly column: (id: ColumnId) => BlockColumn
}
interface BlockColumn {
  readonly range: ValueRange
  readonly nulls: number | undefined
  readonly bytes: number | undefined
}

/** Undefined for a plan that is more than a filter and a projection of one table's rows. */
export function estimateScan(plan: PhysicalPlan, fresh: FreshStatistics | undefined): ScanEstimate | undefined {
  const types = plan.output.map(({ column }) => column.type)
  if (plan.root.kind === 'values') return plan.root.rows.length === 0 ? { rows: 0, columns: types.map(noRows) } : undefined
  const source = rowSource(plan.root)
  if (source === undefined) return undefined
  const scanned = plan.scans.get(source.scan.id)
  if (scanned === undefined) return undefined
  const estimate = new Estimate(source, scanned, fresh)
  return {
    rows: estimate.rows,
    columns: plan.output.map(({ column }) => {
      const value = source.value({ kind: 'column', ...column })
      return value.kind === 'column' ? estimate.column(value.id, value.type) : undefined
    }),
  }
}

const noRows = (type: Type): ColumnEstimate => ({ type, bytes: 0, distinct: 0, nulls: 1, low: undefined, high: undefined })

/** Of filters that say nothing of their columns' ranges: Trino's UNKNOWN_FILTER_COEFFICIENT. */
const UNKNOWN_FILTER = 0.9
const TEXTS: ReadonlySet<string> = new Set(['varchar', 'char', 'varbinary'])
const NESTED: ReadonlySet<string> = new Set(['array', 'map', 'row'])

class Estimate {
  readonly rows: number | undefined
  readonly #source: RowSource
  readonly #scan: ScanPlan
  readonly #fresh: FreshStatistics | undefined
  readonly #blocks: readonly { readonly block: Block; readonly rows: number }[] | undefined

  constructor(source: RowSource, scan: ScanPlan, fresh: FreshStatistics | undefined) {
    this.#source = source
    this.#scan = scan
    this.#fresh = fresh
    const blocks = scan.format === 'parquet' ? this.#rowGroups() : this.#analyzedBlocks()
    this.#blocks = blocks?.map((block) => ({ block, rows: block.rows * this.#selectivity(block) }))
    this.rows = this.#blocks?.reduce((sum, { rows }) => sum + rows, 0)
  }

  column(id: ColumnId, type: Type): ColumnEstimate {
    if (this.rows === 0) return noRows(type)
    const place = this.#keyPlace(id)
    const distinct = place === undefined ? this.#distinct(id, type) : this.#keyDistinct(place)
    const known = { type, distinct: this.rows === undefined || distinct === undefined ? distinct : Math.min(distinct, this.rows) }
    const blocks = this.#blocks
    if (blocks === undefined || this.rows === undefined)
      return { ...known, bytes: undefined, nulls: undefined, ...(place === undefined ? NO_BOUNDS : this.#keyBounds(place, type)) }
    if (NESTED.has(type.kind)) return { type, distinct: undefined, bytes: undefined, nulls: undefined, ...NO_BOUNDS }
    const domain = columnDomain(this.#source.terms, id, type)
    const parts = blocks.map(({ block, rows }) => ({ ...block.column(id), rows, share: block.rows === 0 ? 0 : rows / block.rows }))
    const nulls = domain?.nulls === false ? 0 : sum(parts.map((part) => part.nulls && part.nulls * part.share))
    const ranges = parts.map(({ range }) => range)
    return {
      ...known,
      bytes: TEXTS.has(type.kind) ? sum(parts.map((part) => part.bytes && part.bytes * part.share)) : undefined,
      nulls: nulls === undefined ? undefined : Math.min(1, nulls / this.rows),
      ...clip(boundsOf(ranges, type), domain, type),
    }
  }

  /** Undefined: one of the columns of the files, or a hidden one. */
  #keyPlace(id: ColumnId): number | undefined {
    const source = this.#scan.columns.find(({ column }) => column.id === id)?.source
    const place = source?.kind === 'key' ? this.#scan.table.partitionKeys.findIndex(({ name }) => name === source.name) : -1
    return place < 0 ? undefined : place
  }

  #rowGroups(): readonly Block[] {
    return this.#scan.files.flatMap((file): readonly Block[] => {
      const { parquet } = file
      if (parquet === undefined) return []
      const values = this.#scan.partitions[file.partition]?.values ?? []
      return parquet.rowGroups.flatMap((group): readonly Block[] => {
        const rowGroup = parquet.footer.rowGroups[group]
        if (rowGroup === undefined) return []
        const column = (id: ColumnId): BlockColumn => {
          const place = this.#scan.columns.findIndex((entry) => entry.column.id === id)
          const entry = this.#scan.columns[place]
          if (entry === undefined || entry.source.kind === 'hidden') return unknownColumn(entry?.column.type)
          const key = this.#keyPlace(id)
          if (key !== undefined) return keyColumn(entry.column.type, values[key] ?? null, rowGroup.rows)
          const index = parquet.columnIndexes[place] ?? -1
          const chunk = rowGroup.chunks[index]
          const range = rangeInRowGroup(parquet.footer.columns, rowGroup, index, entry.column.type)
          if (index < 0) return { range, nulls: rowGroup.rows, bytes: 0 }
          return {
            range,
            nulls: chunk?.statistics?.nullCount,
            bytes: this.#analyzedBytes(entry.column.name, rowGroup.rows) ?? chunk?.valueBytes,
          }
        }
        return [{ rows: rowGroup.rows, column }]
      })
    })
  }

  /** The text's own bytes, where ANALYZE has counted them, instead of what they take encoded. */
  #analyzedBytes(name: string, rows: number): number | undefined {
    const whole = this.#fresh?.table
    const bytes = whole?.columns[name]?.bytes
    return whole === undefined || bytes === undefined || whole.rows === 0 ? undefined : (bytes * rows) / whole.rows
  }

  /** Of text files only ANALYZE knows; undefined where it does not. */
  #analyzedBlocks(): readonly Block[] | undefined {
    const { files, partitions, table } = this.#scan
    if (files.length === 0) return []
    const fresh = this.#fresh
    const scopes = new Map(files.map((file) => [partitionScope(table, partitions[file.partition]?.values ?? []), file.partition]))
    const known = [...scopes].map(([scope, partition]) => ({ scope: fresh?.partitions.get(scope), partition }))
    if (known.every(({ scope }) => scope !== undefined) && table.partitionKeys.length > 0)
      return known.flatMap(({ scope, partition }) => {
        if (scope === undefined) return []
        const values = partitions[partition]?.values ?? []
        return [{ rows: scope.rows, column: (id) => this.#analyzedColumn(id, scope.columns, scope.rows, 1, values) }]
      })
    if (fresh?.table === undefined || fresh.bytes === 0) return undefined
    const { rows, columns } = fresh.table
    const share = files.reduce((bytes, { info }) => bytes + info.size, 0) / fresh.bytes
    return [{ rows: rows * share, pruned: true, column: (id) => this.#analyzedColumn(id, columns, rows, share, undefined) }]
  }

  #analyzedColumn(
    id: ColumnId,
    columns: Readonly<Record<string, AnalyzedColumn>>,
    rows: number,
    share: number,
    values: readonly Value[] | undefined,
  ): BlockColumn {
    const entry = this.#scan.columns.find(({ column }) => column.id === id)
    const key = this.#keyPlace(id)
    if (entry !== undefined && key !== undefined && values !== undefined) return keyColumn(entry.column.type, values[key] ?? null, rows)
    const analyzed = entry === undefined ? undefined : columns[entry.source.name]
    if (entry === undefined || analyzed === undefined) return unknownColumn(entry?.column.type)
    const { nulls, bytes } = analyzed
    return {
      range: analyzedRange(entry.column.type, analyzed, rows),
      nulls: nulls * share,
      bytes: bytes === undefined ? undefined : bytes * share,
    }
  }

  #distinct(id: ColumnId, type: Type): number | undefined {
    const name = this.#scan.columns.find(({ column, source }) => column.id === id && source.kind === 'data')?.source.name
    if (name === undefined) return undefined
    const whole = this.#fresh?.table?.columns[name]?.distinct
    const counted = whole ?? this.#partitionsDistinct(name)
    const domain = columnDomain(this.#source.terms, id, type)
    if (counted === undefined || domain === undefined || this.#blocks === undefined) return counted
    const ranges = this.#blocks.map(({ block }) => block.column(id).range)
    const { low, high } = boundsOf(ranges, type)
    const part = low === undefined || high === undefined ? undefined : overlap(domain, type, low, high, counted)
    return part === undefined ? counted : Math.max(1, counted * part)
  }

  /** Trino's way: of all partitions the one that has most. */
  #partitionsDistinct(name: string): number | undefined {
    const { files, partitions, table } = this.#scan
    const scopes = new Set(files.map((file) => partitionScope(table, partitions[file.partition]?.values ?? [])))
    const counts = [...scopes].map((scope) => this.#fresh?.partitions.get(scope)?.columns[name]?.distinct)
    return counts.reduce((most, count) => (most === undefined || count === undefined ? undefined : Math.max(most, count)), 0)
  }

  #keyValues(place: number): readonly Value[] {
    return [...new Set(this.#scan.files.map(({ partition }) => partition))].map(
      (partition) => this.#scan.partitions[partition]?.values[place] ?? null,
    )
  }

  #keyDistinct(place: number): number {
    const type = this.#scan.table.partitionKeys[place]?.type
    const texts = this.#keyValues(place).flatMap((value) => (value === null || type === undefined ? [] : [formatValue(value, type)]))
    return new Set(texts).size
  }

  #keyBounds(place: number, type: Type): Bounds {
    return boundsOf(
      this.#keyValues(place).map((value) => rangeOfValue(type, value)),
      type,
    )
  }

  /** The part of a block's rows that the predicate is likely to keep. */
  #selectivity(block: Block): number {
    const ranges = (id: ColumnId): ValueRange => block.column(id).range
    const byColumn = new Map<ColumnId, Expr[]>()
    let part = 1
    for (const term of this.#source.terms) {
      const columns = new Set<ColumnId>()
      collectColumns(term, columns)
      if (block.pruned && [...columns].every((id) => this.#keyPlace(id) !== undefined)) continue
      const verdict = judge(term, ranges)
      if (verdict === 'always') continue
      if (verdict === 'never') return 0
      const [id] = columns
      const isKnown = id !== undefined && columns.size === 1 && columnDomain([term], id, ranges(id).type) !== undefined
      if (!isKnown) part *= UNKNOWN_FILTER
      else byColumn.set(id, [...(byColumn.get(id) ?? []), term])
    }
    for (const [id, terms] of byColumn) part *= this.#selected(block, id, terms)
    return part
  }

  #selected(block: Block, id: ColumnId, terms: readonly Expr[]): number {
    const { range, nulls } = block.column(id)
    const domain = columnDomain(terms, id, range.type)
    if (domain === undefined) return UNKNOWN_FILTER
    const nullPart = block.rows === 0 ? 0 : (nulls ?? 0) / block.rows
    const values = 1 - nullPart
    if (domain.ranges.length === 0) return domain.nulls ? nullPart : 0
    const name = this.#scan.columns.find(({ column }) => column.id === id)?.source.name
    const counted = name === undefined ? undefined : (this.#fresh?.table?.columns[name]?.distinct ?? this.#partitionsDistinct(name))
    const distinct = Math.min(counted ?? Number.POSITIVE_INFINITY, Math.max(1, block.rows * values))
    const part = overlap(domain, range.type, range.min, range.max, distinct) ?? UNKNOWN_FILTER
    return values * part + (domain.nulls ? nullPart : 0)
  }
}

const unknownColumn = (type: Type | undefined): BlockColumn => ({
  range: unknownRange(type ?? { kind: 'unknown' }),
  nulls: undefined,
  bytes: undefined,
})

function keyColumn(type: Type, value: Value, rows: number): BlockColumn {
  const bytes = value === null ? 0 : Buffer.byteLength(formatValue(value, type)) * rows
  return { range: rangeOfValue(type, value), nulls: value === null ? rows : 0, bytes }
}

interface Bounds {
  readonly low: Value | undefined
  readonly high: Value | undefined
}
const NO_BOUNDS: Bounds = { low: undefined, high: undefined }

function boundsOf(ranges: readonly ValueRange[], type: Type): Bounds {
  const valued = ranges.filter(({ values }) => values)
  if (valued.some(({ min, max }) => min === undefined || max === undefined)) return NO_BOUNDS
  const best = (values: readonly (Value | undefined)[], sign: number): Value | undefined =>
    values.reduce((found, value) => {
      if (found === undefined || value === undefined) return found ?? value
      return compareValues(value, found, type) * sign < 0 ? value : found
    }, undefined)
  return {
    low: best(
      valued.map(({ min }) => min),
      1,
    ),
    high: best(
      valued.map(({ max }) => max),
      -1,
    ),
  }
}

/** Not beyond what the predicate lets through. */
function clip({ low, high }: Bounds, domain: Domain | undefined, type: Type): Bounds {
  if (domain === undefined || low === undefined || high === undefined) return { low, high }
  const [first, last] = [domain.ranges[0]?.low?.value, domain.ranges.at(-1)?.high?.value]
  return {
    low: first !== undefined && first !== null && compareValues(first, low, type) > 0 ? first : low,
    high: last !== undefined && last !== null && compareValues(last, high, type) < 0 ? last : high,
  }
}

/** The part of the values from `min` to `max` that lies in the domain, were they spread evenly; undefined for types without distances. */
function overlap(domain: Domain, type: Type, min: Value | undefined, max: Value | undefined, distinct: number): number | undefined {
  const isOne = domain.ranges.every(
    ({ low, high }) => low !== undefined && high !== undefined && compareValues(low.value, high.value, type) === 0,
  )
  if (isOne) return Number.isFinite(distinct) ? Math.min(1, domain.ranges.length / distinct) : undefined
  const [low, high] = [toNumber(type, min), toNumber(type, max)]
  if (low === undefined || high === undefined) return undefined
  if (high <= low) return 1
  const parts = domain.ranges.map((range) => {
    const from = Math.max(low, toNumber(type, range.low?.value) ?? low)
    const to = Math.min(high, toNumber(type, range.high?.value) ?? high)
    return Math.max(0, to - from)
  })
  return Math.min(1, parts.reduce((sum, part) => sum + part, 0) / (high - low))
}

const sum = (parts: readonly (number | undefined)[]): number | undefined =>
  parts.reduce((all, part) => (all === undefined || part === undefined ? undefined : all + part), 0)
