/**
 * Row groups that statistics cannot exclude, judged once more by what tells the values of columns that are compared for
 * equality: their bloom filters, or else their dictionaries where all of a chunk's values are in one.
 *
 *   id = '0b5e…' over min '0001…', max 'fffe…'    maybe: every row group spans nearly all ids
 *   the same, and the filter lacks '0b5e…'        never
 *
 * Whether that could help is tried first without them: a predicate that may hold even if none of its constants occurred is
 * not decided by any filter. They are fetched only where they are far smaller than what skipping the row group saves, and where
 * statistics do not say that all row groups hold the same values.
 */
import { readBloomFilter } from '#connectors/formats/parquet/bloom-filter'
import { readDictionary } from '#connectors/formats/parquet/dictionary-page'
import type { ByteRange, ColumnChunk, DictionaryPage, ParquetColumn, RowGroup } from '#connectors/formats/parquet/footer'
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
const WORTH = 10
/** What one request brings in the time that it takes anyway: where less can be saved row groups are read as they are. */
const LEAST_SAVING = 512 * 1024
/** After so many row groups filters must have excluded one of eight, or the others are not asked. */
const TRIALS = 32
const LEAST_SHARE = 1 / 8

/** Files are planned without what these row groups hold. */
export interface FilteredParquet extends PlannedParquet {
  readonly byBloomFilter: number
  readonly byDictionary: number
}

/** A row group that filters may exclude. */
interface Doubtful {
  readonly group: number
  readonly filters: ReadonlyMap<Filter, ParquetColumn>
  /** Bytes of the row group that are needed otherwise. */
  readonly saving: number
  /** What statistics say of the columns' values; undefined where they do not say how many there are. */
  readonly values: string | undefined
}

/** Where a column chunk's filter or dictionary lies; by identity. */
type Filter = ByteRange | DictionaryPage

/** A value as it may stand in a file. */
interface Form {
  readonly bytes: Uint8Array
  readonly hash: bigint
}
type MayHold = (form: Form) => boolean

/** What is known not to occur in a column chunk that reads as `type`; undefined where no filter tells. */
type Exclusions = (chunk: ColumnChunk, column: ParquetColumn, type: Type) => ValueRange['excludes']
/** Ranges in a row group of the file, with what is excluded. */
type FileRanges = (group: number, exclusions: Exclusions) => ColumnRanges

const filterOf = ({ bloomFilter, dictionary }: ColumnChunk): Filter | undefined => bloomFilter ?? dictionary
const isDictionary = (filter: Filter): filter is DictionaryPage => 'codec' in filter

/** For one scan, of all its files; remembers how well filters have done so far. */
export class ValueFilters {
  readonly #scan: Scan
  readonly #bucket: Bucket
  readonly #source: ObjectParts
  /** Files of one schema share their columns. */
  readonly #forms = new Map<ParquetColumn, Map<Value, readonly Form[] | undefined>>()
  #tested = 0
  #excluded = 0

  constructor(scan: Scan, bucket: Bucket, source: ObjectParts) {
    this.#scan = scan
    this.#bucket = bucket
    this.#source = source
  }

  /** Leaves out the row groups that filters exclude. `terms` and `known` as in planParquetFile; throws what ObjectParts does. */
  async prune(
    planned: PlannedParquet,
    info: ObjectInfo,
    terms: readonly Expr[],
    known: ColumnRanges,
    signal: AbortSignal,
  ): Promise<FilteredParquet> {
    const { parquet, certain } = planned
    const ranges = this.#rangesOf(parquet, known)
    const doubtful =
      terms.length === 0
        ? []
        : parquet.rowGroups.flatMap((group, place) => (certain[place] ? [] : this.#doubtful(parquet, group, terms, ranges)))
    const excluded = new Map<number, Doubtful>()
    if (!holdTheSame(doubtful) && lengthOf(doubtful.map(({ saving }) => ({ length: saving }))) >= LEAST_SAVING) {
      for (const part of [doubtful.slice(0, TRIALS), doubtful.slice(TRIALS)]) {
        if (this.#tested >= TRIALS && this.#excluded < this.#tested * LEAST_SHARE) break
        const exclusions = await this.#fetch(part, info, signal)
        const found = part.filter(({ group }) => judgeAll(terms, ranges(group, exclusions)) === 'never')
        for (const one of found) excluded.set(one.group, one)
        this.#tested += part.length
        this.#excluded += found.length
      }
    }
    if (excluded.size === 0) return { ...planned, byBloomFilter: 0, byDictionary: 0 }
    const byDictionary = [...excluded.values()].filter(({ filters }) => [...filters.keys()].some(isDictionary)).length
    const isKept = (group: number): boolean => !excluded.has(group)
    return {
      parquet: withRowGroups(parquet.footer, parquet.columnIndexes, parquet.rowGroups.filter(isKept)),
      certain: certain.filter((_, place) => isKept(parquet.rowGroups[place] as number)),
      byBloomFilter: excluded.size - byDictionary,
      byDictionary,
    }
  }

  /** Nothing where filters cannot decide, or cost too much. */
  #doubtful({ footer, columnIndexes }: ParquetScan, group: number, terms: readonly Expr[], ranges: FileRanges): readonly Doubtful[] {
    const chunks = footer.rowGroups[group]?.chunks
    if (columnIndexes.every((index) => chunks?.[index] === undefined || filterOf(chunks[index]) === undefined)) return []
    const filters = new Map<Filter, ParquetColumn>()
    for (const term of terms) {
      const asked = new Map<Filter, ParquetColumn>()
      const everything: Exclusions = (chunk, column, type) => {
        const filter = filterOf(chunk)
        if (filter === undefined) return undefined
        return (value) => {
          if (this.#formsOf(column, type, value) === undefined) return false
          asked.set(filter, column)
          return true
        }
      }
      if (judge(term, ranges(group, everything)) === 'never') for (const [filter, column] of asked) filters.set(filter, column)
    }
    if (filters.size === 0) return []
    const saving = lengthOf(withRowGroups(footer, columnIndexes, [group]).ranges)
    if (lengthOf([...filters.keys()]) * WORTH > saving) return []
    // Dictionaries lie apart, each in a request of its own; bloom filters mostly beside each other.
    return saving < LEAST_SAVING && [...filters.keys()].some(isDictionary)
      ? []
      : [{ group, filters, saving, values: valuesOf(chunks ?? [], filters) }]
  }

  async #fetch(doubtful: readonly Doubtful[], info: ObjectInfo, signal: AbortSignal): Promise<Exclusions> {
    const wanted = doubtful.flatMap(({ filters }) => [...filters])
    const ranges = wanted.map(([filter]) => filter)
    const parts = ranges.length === 0 ? [] : await this.#source.parts(this.#bucket, info, ranges, signal)
    const readers = new Map<Filter | undefined, MayHold | undefined>()
    for (const [place, [filter, column]] of wanted.entries())
      readers.set(filter, await readFilter(parts[place] as Uint8Array, filter, column))
    return (chunk, column, type) => {
      const mayHold = readers.get(filterOf(chunk))
      return mayHold && ((value) => this.#formsOf(column, type, value)?.every((form) => !mayHold(form)) ?? false)
    }
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

  /** All forms in which the value may stand in the file; undefined where they are not known. */
  #formsOf(column: ParquetColumn, type: Type, value: Value): readonly Form[] | undefined {
    let forms = this.#forms.get(column)
    if (forms === undefined) {
      forms = new Map()
      this.#forms.set(column, forms)
    }
    if (!forms.has(value)) forms.set(value, formsOf(column, type, value))
    return forms.get(value)
  }
}

/** As many values from the same first one to the same last one, as the columns of enumerations have: filters keep all row groups or none. */
function holdTheSame([first, ...others]: readonly Doubtful[]): boolean {
  return first?.values !== undefined && others.length > 0 && others.every(({ values }) => values === first.values)
}

function valuesOf(chunks: readonly ColumnChunk[], filters: ReadonlyMap<Filter, ParquetColumn>): string | undefined {
  const texts: string[] = []
  for (const chunk of chunks) {
    const filter = filterOf(chunk)
    if (filter === undefined || !filters.has(filter)) continue
    const { distinctCount, min, max } = chunk.statistics ?? {}
    if (distinctCount === undefined || min === undefined || max === undefined) return undefined
    texts.push(`${distinctCount} ${String(min)} ${String(max)}`)
  }
  return texts.join('\n')
}

async function readFilter(bytes: Uint8Array, filter: Filter, { primitive }: ParquetColumn): Promise<MayHold | undefined> {
  if (isDictionary(filter)) {
    const dictionary = primitive && (await readDictionary(bytes, filter.codec, primitive))
    return dictionary && ((form) => dictionary.has(form.bytes))
  }
  const bloom = readBloomFilter(bytes)
  return bloom && (({ hash }) => bloom.mayContain(hash))
}

function formsOf(column: ParquetColumn, type: Type, value: Value): readonly Form[] | undefined {
  const stored = column.type && castPreimage(value, column.type, type)
  const forms = stored?.map((one) => plainForms(one, column))
  if (forms === undefined || forms.includes(undefined)) return undefined
  return forms.flatMap((all) => (all ?? []).map((bytes) => ({ bytes, hash: xxh64(bytes) })))
}

const lengthOf = (ranges: readonly Pick<ByteRange, 'length'>[]): number => ranges.reduce((sum, { length }) => sum + length, 0)
