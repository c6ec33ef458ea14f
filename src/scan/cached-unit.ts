/** What the block cache knows of its files. */

export interface StoredChunk {
  readonly start: number
  readonly length: number
  /** One a piece (connectors/formats/parquet/ranges.ts). */
  readonly crcs: readonly number[]
  /** Written by this process, or compared with its crc since it started. */
  trusted: boolean
}

/** All units of one object version, and what is on its way for them. */
export interface CachedObject {
  /** Location and version. */
  readonly key: string
  readonly units: Map<string, CachedUnit>
  /** Chunks that some query is fetching, by start: they settle with the unit that has them. */
  readonly flights: Map<number, Promise<CachedUnit>>
}

/** How far a unit's file is: not made yet; from before a restart and not looked at; good; wrong or deleted. */
type UnitState = 'new' | 'unchecked' | 'ready' | 'gone'

export interface CachedUnit {
  readonly id: number
  readonly path: string
  readonly object: CachedObject
  /** `all`, `rg:0,1,2` (kept row groups), `text`, or `link`. */
  readonly name: string
  state: UnitState
  /** Where a Parquet unit's footer begins; the size of a text. */
  end: number
  /** crc32 of the footer, or of the whole text. */
  crc: number
  readonly chunks: Map<number, StoredChunk>
  /** On disk, as counted against the budget. */
  bytes: number
  /** Queries using it; only a unit without any may be deleted. */
  pins: number
  /** The query that used it last: a second one proves that it is worth keeping. */
  user: object | undefined
  /** Making, checking or filling the whole file; later comers wait for it. */
  busy: Promise<void> | undefined
  /** Milliseconds since the process started. */
  usedAt: number
  /** What a text file begins with, once it was looked at. */
  head: TextHead | undefined
}

/** A CSV file's columns as its header names them, and the lines to skip. */
export interface TextHead {
  /** The reader options and columns that it was looked at with: two tables may read one file differently. */
  readonly reading: string
  readonly columns: readonly string[]
  readonly skip: number
}

const SEPARATOR = '\0'

/** The key under which the cache keeps an object version; `bucket` as formatLocation prints its root. */
export function objectKey(bucket: string, key: string, version: string): string {
  return `${bucket}${SEPARATOR}${key}${SEPARATOR}${version}`
}

export function objectOf(object: CachedObject): { readonly key: string; readonly version: string } {
  const [, key, version] = object.key.split(SEPARATOR)
  return { key: key as string, version: version as string }
}
