/**
 * The registered partitions of one table in memory, by columns, so that a million of them are searched in milliseconds: each
 * key's values are numbered, a partition is a number for each key, and a predicate becomes a set of numbers.
 *
 *   dt: ['2024-01-01', '2024-01-02', …]   codes 0 0 1 1 …        dt = '2024-01-02'  →  {1}  →  rows 2, 3
 *   h:  [0, 1, …]                         codes 0 1 0 1 …
 */
import { setImmediate as othersFirst } from 'node:timers/promises'
import { compareValues } from '#src/types/compare'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { TableColumn } from '../model.ts'
import type { RegisteredPartition } from '../store/store.ts'
import type { KeyDomain, PartitionFilter } from './discovery.ts'
import { inTurns } from './in-turns.ts'
import { domainSlices } from './key-domain.ts'
import { parseKeyValue } from './key-types.ts'
import { parseKeySegment } from './path.ts'

/** Tuples that a filter is asked about at once. */
const ASKED_AT_ONCE = 50_000
/** Rows looked at before the thread serves others: a few milliseconds. */
const ROWS_AT_ONCE = 20_000

export interface IndexedPartition {
  readonly name: string
  readonly values: readonly Value[]
  readonly location: string | undefined
}

/** A name that is none of the table's keys, or a value that does not fit its key. */
export interface BadPartition {
  readonly name: string
  readonly key: string
  readonly text: string
}

export class PartitionIndex {
  readonly #keys: readonly TableColumn[]
  readonly #columns: readonly KeyColumn[]
  readonly #names = new Texts()
  readonly #locations = new Map<number, string>()
  readonly #bad: BadPartition[] = []
  #count = 0
  /** The last partition of all by its values, among the first `of` of them. */
  #newest = { row: 0, of: 0 }

  constructor(keys: readonly TableColumn[]) {
    this.#keys = keys
    this.#columns = keys.map((key) => new KeyColumn(key.type))
  }

  get count(): number {
    return this.#count
  }

  /** Registered under keys or values that the table no longer has. */
  get bad(): readonly BadPartition[] {
    return this.#bad
  }

  add(partitions: readonly RegisteredPartition[]): void {
    for (const { name, location } of partitions) {
      const codes = this.#codes(name)
      if (codes === undefined) continue
      for (const [level, column] of this.#columns.entries()) column.set(this.#count, codes[level] as number)
      this.#names.push(name)
      if (location !== undefined) this.#locations.set(this.#count, location)
      this.#count++
    }
  }

  #codes(name: string): readonly number[] | undefined {
    const segments = name.split('/')
    const codes: number[] = []
    for (const [level, column] of this.#columns.entries()) {
      const segment = parseKeySegment(segments[level] ?? '')
      const key = this.#keys[level]?.name as string
      const code = segment?.key === key ? column.codeOf(segment.value) : undefined
      // Told at the first key that is missing, or at the last where there is more than keys.
      const isLast = level === Math.min(segments.length, this.#columns.length) - 1
      if (code !== undefined && isLast && segments.length > this.#columns.length) {
        this.#bad.push({ name, key, text: segments.at(-1) ?? '' })
        return undefined
      }
      if (code === undefined) {
        this.#bad.push({ name, key, text: segment?.value ?? '' })
        return undefined
      }
      codes.push(code)
    }
    return codes
  }

  partition(row: number): IndexedPartition {
    return { name: this.#names.at(row), values: this.#columns.map((column) => column.at(row)), location: this.#locations.get(row) }
  }

  /** Rows of the partitions with these values of the first keys. */
  find(values: readonly Value[]): readonly number[] {
    const domains = values.map((value, level): KeyDomain => {
      const bound = { value, inclusive: true }
      return value === null || this.#columns[level] === undefined
        ? { nulls: true, ranges: [] }
        : { nulls: false, ranges: [{ low: bound, high: bound }] }
    })
    return [...(this.#withinDomains(domains) ?? this.#all())]
  }

  /** All partitions; the thread serves others in between. */
  all(): AsyncGenerator<IndexedPartition> {
    return inTurns(this.#partitions())
  }

  *#partitions(): Generator<IndexedPartition> {
    for (let row = 0; row < this.#count; row++) yield this.partition(row)
  }

  /** Says of many partitions' values whether each is registered. */
  async has(): Promise<(values: readonly Value[]) => boolean> {
    const columns = this.#columns.map((column) => column.distinct())
    const asNumber = columns.reduce((product, { numbers }) => product * numbers.size, 1) < Number.MAX_SAFE_INTEGER
    // One number for a tuple: each key's number is a digit of it.
    const tupleOf = (numbers: readonly number[]): number | string =>
      asNumber ? numbers.reduce((tuple, number, level) => tuple * (columns[level]?.numbers.size ?? 1) + number, 0) : numbers.join()
    const known = new Set<number | string>()
    for (let row = 0; row < this.#count; row++) {
      if (row % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await othersFirst()
      known.add(tupleOf(columns.map(({ ofCode }, level) => ofCode[this.#columns[level]?.codeAt(row) as number] as number)))
    }
    return (values) => {
      const numbers = columns.map(({ numbers }, level) => numbers.get(textOf(values[level] ?? null)))
      return !numbers.includes(undefined) && known.has(tupleOf(numbers as number[]))
    }
  }

  /** Rows that a filter keeps. */
  async select(filter: PartitionFilter | undefined): Promise<Int32Array> {
    let rows = this.#withinDomains(filter?.domains ?? [])
    if (filter === undefined || !filter.constrained.some(Boolean)) return rows ?? this.#all()
    const first = this.#columns[0]
    if (rows === undefined && first !== undefined && filter.constrained[0] === true) {
      // A function of the first key: asked once for each of its values.
      const verdicts = await filter.keep(first.values.map((value) => [value]))
      rows = first.rowsOf(Uint8Array.from(verdicts, Number), this.#count, undefined)
    }
    const candidates = rows ?? this.#all()
    const kept = new Int32Array(candidates.length)
    let count = 0
    for (let start = 0; start < candidates.length; start += ASKED_AT_ONCE) {
      const some = candidates.subarray(start, start + ASKED_AT_ONCE)
      const verdicts = await filter.keep(Array.from(some, (row) => this.#columns.map((column) => column.at(row))))
      for (const [place, row] of some.entries()) if (verdicts[place] !== false) kept[count++] = row
    }
    return kept.slice(0, count)
  }

  /** The partition whose values sort last, for messages. */
  newest(): IndexedPartition | undefined {
    if (this.#newest.of !== this.#count) {
      let best = 0
      for (let row = 1; row < this.#count; row++) if (this.#compareRows(row, best) > 0) best = row
      this.#newest = { row: best, of: this.#count }
    }
    return this.#count === 0 ? undefined : this.partition(this.#newest.row)
  }

  #compareRows(a: number, b: number): number {
    for (const column of this.#columns) {
      const order = column.compare(a, b)
      if (order !== 0) return order
    }
    return 0
  }

  #all(): Int32Array {
    const rows = new Int32Array(this.#count)
    for (let row = 0; row < rows.length; row++) rows[row] = row
    return rows
  }

  /** Undefined: the domains say nothing. */
  #withinDomains(domains: readonly (KeyDomain | undefined)[]): Int32Array | undefined {
    let rows: Int32Array | undefined
    for (const [level, domain] of domains.entries()) {
      const column = this.#columns[level]
      if (domain !== undefined && column !== undefined) rows = column.rowsOf(column.codesIn(domain), this.#count, rows)
    }
    return rows
  }
}

const textOf = (value: Value): string | null => (value === null ? null : String(value))

/** One key's values, numbered as they come. */
class KeyColumn {
  readonly #type: Type
  /** By number. */
  readonly values: Value[] = []
  readonly #byText = new Map<string | null, number>()
  #codes = new Int32Array(1024)
  /** Numbers in the order of their values, NULL left out; undefined after an addition. */
  #sorted: { readonly codes: Int32Array; readonly values: readonly Value[]; readonly ranks: Int32Array } | undefined

  constructor(type: Type) {
    this.#type = type
  }

  /** Undefined for a text that is no value of the key's type. Two spellings of a value are two numbers. */
  codeOf(text: string | null): number | undefined {
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    const value = text === null ? null : parseKeyValue(this.#type, text)
    if (value === undefined) return undefined
    const code = this.values.length
    this.values.push(value)
    this.#byText.set(text, code)
    this.#sorted = undefined
    return code
  }

  set(row: number, code: number): void {
    if (row >= this.#codes.length) {
      const larger = new Int32Array(this.#codes.length * 2)
      larger.set(this.#codes)
      this.#codes = larger
    }
    this.#codes[row] = code
  }

  codeAt(row: number): number {
    return this.#codes[row] as number
  }

  /** Values that are the same have one number, however they are spelled; by the values' texts, and by code. */
  distinct(): { readonly numbers: ReadonlyMap<string | null, number>; readonly ofCode: Int32Array } {
    const numbers = new Map<string | null, number>()
    const ofCode = Int32Array.from(this.values, (value) => {
      const text = textOf(value)
      const number = numbers.get(text) ?? numbers.size
      numbers.set(text, number)
      return number
    })
    return { numbers, ofCode }
  }

  at(row: number): Value {
    return this.values[this.#codes[row] as number] ?? null
  }

  compare(a: number, b: number): number {
    const { ranks } = this.#order()
    return (ranks[this.#codes[a] as number] as number) - (ranks[this.#codes[b] as number] as number)
  }

  /** For each number 1 or 0: its value lies in the domain. */
  codesIn(domain: KeyDomain): Uint8Array {
    const wanted = new Uint8Array(this.values.length)
    const { codes, values } = this.#order()
    for (const [from, to] of domainSlices(domain, values, this.#type)) {
      for (let place = from; place < to; place++) wanted[codes[place] as number] = 1
    }
    const none = this.#byText.get(null)
    if (none !== undefined && domain.nulls) wanted[none] = 1
    return wanted
  }

  /** Of the given rows (all when undefined) those whose numbers are wanted. */
  rowsOf(wanted: Uint8Array, count: number, rows: Int32Array | undefined): Int32Array {
    const found = new Int32Array(rows?.length ?? count)
    let length = 0
    const codes = this.#codes
    if (rows === undefined) {
      for (let row = 0; row < count; row++) if (wanted[codes[row] as number] === 1) found[length++] = row
    } else {
      for (const row of rows) if (wanted[codes[row] as number] === 1) found[length++] = row
    }
    return found.slice(0, length)
  }

  #order() {
    if (this.#sorted !== undefined) return this.#sorted
    const codes = Int32Array.from(this.values.keys()).filter((code) => this.values[code] !== null)
    codes.sort((a, b) => compareValues(this.values[a] as Value, this.values[b] as Value, this.#type))
    const values = Array.from(codes, (code) => this.values[code] as Value)
    const ranks = new Int32Array(this.values.length).fill(-1)
    for (const [rank, code] of codes.entries()) {
      // Spellings of one value have one rank.
      const same = rank > 0 && compareValues(values[rank - 1] as Value, values[rank] as Value, this.#type) === 0
      ranks[code] = same ? (ranks[codes[rank - 1] as number] as number) : rank
    }
    this.#sorted = { codes, values, ranks }
    return this.#sorted
  }
}

/** Many short texts in one piece of memory. */
class Texts {
  #bytes = Buffer.alloc(4096)
  #ends = new Float64Array(256)
  #count = 0

  push(text: string): void {
    const start = this.#count === 0 ? 0 : (this.#ends[this.#count - 1] as number)
    const length = Buffer.byteLength(text)
    if (start + length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, start + length))
      this.#bytes.copy(larger, 0, 0, start)
      this.#bytes = larger
    }
    if (this.#count === this.#ends.length) {
      const larger = new Float64Array(this.#ends.length * 2)
      larger.set(this.#ends)
      this.#ends = larger
    }
    this.#bytes.write(text, start)
    this.#ends[this.#count++] = start + length
  }

  at(index: number): string {
    return this.#bytes.toString('utf8', index === 0 ? 0 : this.#ends[index - 1], this.#ends[index])
  }
}
