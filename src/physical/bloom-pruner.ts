/**
 * Row groups that statistics cannot exclude, judged once more by the bloom filters of the columns that are compared for
 * equality:
 *
 *   id = '0b5e…' over min '0001…', max 'fffe…'    maybe: every row group spans nearly all ids
 *   the same, and the filter lacks '0b5e…'        never
 *
 * Whether filters could help is tried first without them: a predicate that may hold even if none of its constants occurred is
 * not decided by any filter. They are fetched only where they are far smaller than what skipping the row group saves.
 */
import { type BloomFilter, readBloomFilter } from '#connectors/formats/parquet/bloom-filter'
import type { ByteRange, ColumnChunk, ParquetColumn, RowGroup } from '#connectors/formats/parquet/footer'
import { plainForms } from '#connectors/formats/parquet/plain-value'
import { xxh64 } from '#connectors/formats/parquet/xxh64'
import type { Bucket, ObjectInfo } from '#connectors/storage/object-store'
import { castPreimage } from '#src/logical/cast-preimage'
import type { Expr } from '#src/logical/expression'
import type { Scan } from '#src/logical/plan'
import type { ColumnRanges } from '#src/logical/predicate-outcome'
import type { ValueRange } from '#src/logical/value-range'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { judge, judgeAll } from './interval-pruner.ts'
import type { ObjectParts } from './object-parts.ts'
import type { ParquetScan } from './plan.ts'
import { type PlannedParquet, rangesInRowGroup, withRowGroups } from './plan-parquet-file.ts'

/** Skipping a row group must save so many times the bytes of its filters. */
const WORTH = 8
/** What one request brings in the time that it takes anyway: a file whose doubtful row groups have less is read as it is. */
const LEAST_SAVING = 512 * 1024
/** After so many row groups filters must have excluded one of eight, or the others are not asked. */
const TRIALS = 64
const LEAST_SHARE = 1 / 8

/** A row group that filters may exclude. */
interface Doubtful {
  readonly group: number
  readonly filters: readonly ByteRange[]
  /** Bytes of the row group that are needed otherwise. */
  readonly saving: number
}

/** What is known not to occur in a column chunk that reads as `type`; undefined where no filter tells. */
type Exclusions = (chunk: ColumnChunk, column: ParquetColumn, type: Type) => ValueRange['excludes']
/** Ranges in a row group of the file, with what is excluded. */
type FileRanges = (group: number, exclusions: Exclusions) => ColumnRanges

/** For one scan, of all its files; remembers how well filters have done so far. */
export class BloomPruner {
  readonly #scan: Scan
  readonly #bucket: Bucket
  readonly #source: ObjectParts
  /** Files of one schema share their columns. */
  readonly #hashes = new Map<ParquetColumn, Map<Value, readonly bigint[] | undefined>>()
  #tested = 0
  #excluded = 0

  constructor(scan: Scan, bucket: Bucket, source: ObjectParts) {
    this.#scan = scan
    this.#bucket = bucket
    this.#source = source
  }

  /** The same without the row groups that filters exclude. `terms` and `known` as in planParquetFile; throws what ObjectParts does. */
  async prune(
    planned: PlannedParquet,
    info: ObjectInfo,
    terms: readonly Expr[],
    known: ColumnRanges,
    signal: AbortSignal,
  ): Promise<PlannedParquet> {
    const { parquet, certain } = planned
    if (terms.length === 0 || (this.#tested >= TRIALS && this.#excluded < this.#tested * LEAST_SHARE)) return planned
    const ranges = this.#rangesOf(parquet, known)
    const doubtful = parquet.rowGroups.flatMap((group, place) => (certain[place] ? [] : this.#doubtful(parquet, group, terms, ranges)))
    if (doubtful.reduce((sum, { saving }) => sum + saving, 0) < LEAST_SAVING) return planned

    const wanted = doubtful.flatMap(({ filters }) => filters)
    const parts = await this.#source.parts(this.#bucket, info, wanted, signal)
    const filters = new Map<ByteRange | undefined, BloomFilter | undefined>(
      parts.map((bytes, place) => [wanted[place], readBloomFilter(bytes)]),
    )
    const exclusions: Exclusions = ({ bloomFilter }, column, type) => {
      const filter = filters.get(bloomFilter)
      return filter && ((value) => this.#hashesOf(column, type, value)?.every((hash) => !filter.mayContain(hash)) ?? false)
    }
    const excluded = new Set(doubtful.flatMap(({ group }) => (judgeAll(terms, ranges(group, exclusions)) === 'never' ? [group] : [])))
    this.#tested += doubtful.length
    this.#excluded += excluded.size
    if (excluded.size === 0) return planned
    const isKept = (group: number): boolean => !excluded.has(group)
    return {
      parquet: withRowGroups(parquet.footer, parquet.columnIndexes, parquet.rowGroups.filter(isKept)),
      certain: certain.filter((_, place) => isKept(parquet.rowGroups[place] as number)),
    }
  }

  /** Nothing where filters cannot decide, or cost too much. */
  #doubtful({ footer, columnIndexes }: ParquetScan, group: number, terms: readonly Expr[], ranges: FileRanges): readonly Doubtful[] {
    if (columnIndexes.every((index) => footer.rowGroups[group]?.chunks[index]?.bloomFilter === undefined)) return []
    const filters = new Set<ByteRange>()
    for (const term of terms) {
      const asked: ByteRange[] = []
      const everything: Exclusions = ({ bloomFilter }, column, type) =>
        bloomFilter &&
        ((value) => {
          if (this.#hashesOf(column, type, value) === undefined) return false
          asked.push(bloomFilter)
          return true
        })
      if (judge(term, ranges(group, everything)) === 'never') for (const filter of asked) filters.add(filter)
    }
    if (filters.size === 0) return []
    const saving = lengthOf(withRowGroups(footer, columnIndexes, [group]).ranges)
    return lengthOf([...filters]) * WORTH > saving ? [] : [{ group, filters: [...filters], saving }]
  }

  #rangesOf({ footer, columnIndexes }: ParquetScan, known: ColumnRanges): FileRanges {
    const bounds = rangesInRowGroup(this.#scan, footer, columnIndexes, known)
    const places = new Map(this.#scan.columns.map(({ column }, place) => [column.id, place]))
    return (group, exclusions) => {
      const rowGroup = footer.rowGroups[group] as RowGroup
      const inGroup = bounds(rowGroup)
      return (id) => {
        const range = inGroup(id)
        const index = columnIndexes[places.get(id) ?? -1] ?? -1
        const [chunk, column] = [rowGroup.chunks[index], footer.columns[index]]
        const excludes = range && chunk && column && exclusions(chunk, column, range.type)
        return range === undefined || excludes === undefined ? range : { ...range, excludes }
      }
    }
  }

  /** Of all forms in which the value may stand in the file; undefined where they are not known. */
  #hashesOf(column: ParquetColumn, type: Type, value: Value): readonly bigint[] | undefined {
    let hashes = this.#hashes.get(column)
    if (hashes === undefined) {
      hashes = new Map()
      this.#hashes.set(column, hashes)
    }
    if (!hashes.has(value)) hashes.set(value, hashesOf(column, type, value))
    return hashes.get(value)
  }
}

function hashesOf(column: ParquetColumn, type: Type, value: Value): readonly bigint[] | undefined {
  const stored = column.type && castPreimage(value, column.type, type)
  const forms = stored?.map((one) => plainForms(one, column))
  if (forms === undefined || forms.includes(undefined)) return undefined
  return forms.flatMap((bytes) => (bytes ?? []).map(xxh64))
}

const lengthOf = (ranges: readonly ByteRange[]): number => ranges.reduce((sum, { length }) => sum + length, 0)
