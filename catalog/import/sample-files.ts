/**
 * What lies at a location, looked at with a bounded number of calls: all of it when it is small, otherwise the first pages
 * and then, down from the top, a few branches of the folder tree from its first to its last.
 */
import { formatLocation, type Location } from '#connectors/storage/location'
import type { ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import { listingError } from '../listing-error.ts'
import { Lister } from '../partitions/lister.ts'
import { DEFAULT_PARTITION, isHiddenFile, isHiddenFolder } from '../partitions/path.ts'

export interface Sample {
  /** A folder (ends with '/') or a single file. */
  readonly location: Location
  /** Data files, in key order: not hidden, not empty. */
  readonly files: readonly ObjectInfo[]
  /** Folders that were seen, below the location (`year=2024/month=03/`), files in them or not. */
  readonly folders: readonly string[]
  /** Whether this is all that lies there. */
  readonly isWhole: boolean
}

/** Flat pages before the tree is looked at branch by branch. */
const FLAT_PAGES = 6
const BRANCHES = 5
/** Deepest folder below the location. */
const DEEPEST = 16

/**
 * Throws QueryError: GENERIC_USER_ERROR where no data files are, HIVE_FILESYSTEM_ERROR naming the call that was refused,
 * NOT_SUPPORTED for the folder of a table format whose files may not be read as they lie there (Delta Lake, Iceberg, Hudi).
 */
export async function sampleFiles(given: Location, store: ObjectStore, signal?: AbortSignal): Promise<Sample> {
  const isFolder = given.key === '' || given.key.endsWith('/')
  const location: Location = isFolder ? given : { bucket: given.bucket, key: `${given.key}/` }
  const survey = new Survey(location, new Lister(store, signal))
  const isWhole = await survey.run()
  if (!isFolder && survey.isEmpty) return oneFile(given, store, signal)
  const files = survey.dataFiles()
  if (files.length === 0) throw noDataFiles(location, survey.otherFiles)
  return { location, files, folders: survey.folders(), isWhole }
}

async function oneFile(location: Location, store: ObjectStore, signal: AbortSignal | undefined): Promise<Sample> {
  try {
    const info = await store.head(location.key, signal)
    if (info.size === 0) throw new QueryError('GENERIC_USER_ERROR', `File ${formatLocation(location)} is empty`)
    return { location, files: [info], folders: [], isWhole: true }
  } catch (error) {
    const known = listingError(error)
    if (known instanceof QueryError && known.errorName === 'HIVE_FILE_NOT_FOUND') throw noDataFiles(location, 0)
    throw known
  }
}

function noDataFiles(location: Location, others: number): QueryError {
  const hint =
    others === 0
      ? "Nothing lies there: check the spelling. Locations are s3://bucket/prefix/, gs://bucket/prefix/ or a folder's path"
      : `${others} files there are empty, or hidden by a name that begins with '_' or '.'`
  return new QueryError('GENERIC_USER_ERROR', `No data files under ${formatLocation(location)}`, { hint })
}

class Survey {
  readonly #location: Location
  readonly #lister: Lister
  readonly #objects = new Map<string, ObjectInfo>()
  readonly #folders = new Set<string>()

  constructor(location: Location, lister: Lister) {
    this.#location = location
    this.#lister = lister
  }

  /** True when everything was listed. */
  async run(): Promise<boolean> {
    let continuation: string | undefined
    for (let pages = 0; pages < FLAT_PAGES; pages++) {
      const page = await this.#lister.page({ prefix: this.#location.key, ...(continuation !== undefined && { continuation }) })
      this.#add(page.objects)
      continuation = page.continuation
      if (continuation === undefined) return true
    }
    await this.#branches([this.#location.key], 0)
    return false
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0
  }

  /** Files that are no data. */
  get otherFiles(): number {
    return [...this.#objects.keys()].filter((key) => !key.endsWith('/')).length - this.dataFiles().length
  }

  dataFiles(): ObjectInfo[] {
    const files = [...this.#objects.values()].filter((info) => info.size > 0 && !isHidden(this.#relative(info.key)))
    // Pages and branches come in key order each; the order of the whole is only needed to be the same every time.
    return files.sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  folders(): string[] {
    return [...this.#folders].sort()
  }

  #add(objects: readonly ObjectInfo[]): void {
    for (const info of objects) {
      const relative = this.#relative(info.key)
      this.#refuseTableFormat(relative)
      this.#objects.set(info.key, info)
      this.#addFolder(relative.slice(0, relative.lastIndexOf('/') + 1))
    }
  }

  #addFolder(relative: string): void {
    if (relative !== '' && !isHidden(relative)) this.#folders.add(relative)
  }

  /** Looks into these folders: the folders in them, a few of which are looked into in turn; files where there are none. */
  async #branches(folders: readonly string[], depth: number): Promise<void> {
    const listed = await Promise.all(folders.map(async (folder) => ({ folder, ...(await this.#firstChildren(folder)) })))
    const below: string[] = []
    for (const { objects, prefixes } of listed) {
      this.#add(objects)
      const visible: string[] = []
      for (const prefix of prefixes) {
        const relative = this.#relative(prefix)
        this.#refuseTableFormat(relative)
        this.#addFolder(relative)
        if (!isHidden(relative)) visible.push(prefix)
      }
      below.push(...visible)
    }
    if (below.length > 0 && depth < DEEPEST) await this.#branches(spread(defaultsFirst(below), BRANCHES), depth + 1)
  }

  /** The first page of a folder's children: enough to know its kind. */
  async #firstChildren(folder: string): Promise<{ readonly objects: readonly ObjectInfo[]; readonly prefixes: readonly string[] }> {
    return this.#lister.page({ prefix: folder, delimiter: '/' })
  }

  #relative(key: string): string {
    return key.slice(this.#location.key.length)
  }

  /** Their folders hold files that were replaced or deleted: read as they lie there they give wrong answers. */
  #refuseTableFormat(relative: string): void {
    const found = TABLE_FORMATS.find(([pattern]) => pattern.test(relative))
    if (found === undefined) return
    const place = formatLocation(this.#location)
    throw new QueryError('NOT_SUPPORTED', `${place} is a table of ${found[1]}, which Weir does not read yet: it has ${relative}`)
  }
}

const TABLE_FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^_delta_log\//, 'Delta Lake'],
  [/^metadata\/[^/]*\.metadata\.json(\.gz)?$/, 'Apache Iceberg'],
  [/^\.hoodie\//, 'Apache Hudi'],
]

/** Whether a path relative to the location is hidden: a file's, or a folder's with its '/'. */
function isHidden(relative: string): boolean {
  const parts = relative.split('/')
  const name = parts.pop() as string
  return parts.some(isHiddenFolder) || (name !== '' && isHiddenFile(name)) || (name === '' && parts.length === 0)
}

/** At most `count` items: the first, the last, and some at equal distances between. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  if (count === 1) return items.slice(-1)
  return Array.from({ length: count }, (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))] as T)
}

/** Paths with Hive's default partition go first, so that the last ones are those with the greatest values: the newest. */
function defaultsFirst(paths: readonly string[]): string[] {
  const isDefault = (path: string) => path.includes(`=${DEFAULT_PARTITION}/`)
  return [...paths.filter(isDefault), ...paths.filter((path) => !isDefault(path))]
}

/**
 * At most `count` files that differ as much as can be told from their places: from as many folders as possible, the first
 * and the last among them. Schemas change from folder to folder more than within one.
 */
export function chooseFiles(sample: Sample, count: number): ObjectInfo[] {
  const byKey = new Map(sample.files.map((info) => [info.key, info]))
  const chosen = choose(defaultsFirst([...byKey.keys()]), count, sample.location.key.length)
  return chosen.map((key) => byKey.get(key) as ObjectInfo)
}

/** `from`: where the part of the path begins by which the files are told apart. */
function choose(keys: readonly string[], count: number, from: number): string[] {
  if (keys.length <= count) return [...keys]
  const groups = [...Map.groupBy(keys, (key) => key.slice(from, key.indexOf('/', from) + 1)).entries()]
  const [only] = groups
  if (groups.length === 1 && only !== undefined) return only[0] === '' ? spread(keys, count) : choose(keys, count, from + only[0].length)
  const taken = spread(groups, count)
  return taken.flatMap(([folder, members], index) => {
    const share = Math.floor((count * (index + 1)) / taken.length) - Math.floor((count * index) / taken.length)
    return folder === '' ? spread(members, share) : choose(members, share, from + folder.length)
  })
}
