/** Decisions of the adaptive listing, from estimates alone: no calls are made here. */
import type { Value } from '#src/types/value'
import type { Density } from './density.ts'
import type { Range } from './lister.ts'

/** A key folder that was found by walking. Kept ones are all of the level that the walk has reached. */
export interface Folder {
  /** Ends with '/'. */
  readonly prefix: string
  /** How many keys it binds. */
  readonly level: number
  readonly values: readonly Value[]
  /** False: the filter excludes all that is below. */
  readonly kept: boolean
}

export interface ListingState {
  readonly density: Density
  /** Objects of a full page. */
  readonly pageSize: number
  /** Number of keys. */
  readonly keys: number
  readonly constrained: readonly boolean[]
  /** Everything up to this key was listed; '' = nothing. */
  readonly seenUpTo: string
}

/** A walk that needs so many calls for every flat page is not worth beginning. */
const CALLS_PER_PAGE = 1.5
/** Neighbours are listed together, though it saves no call, up to so many pages: beyond, parallel listing is faster. */
const PAGES_TOGETHER = 4

/** Whether to list what is below the kept folders of `level`, or to look at their children first. */
export function chooseListing(state: ListingState, folders: readonly Folder[], level: number): 'flat' | 'walk' {
  const next = state.constrained.findIndex((constrained, index) => constrained && index >= level)
  if (next < 0 || level >= state.keys) return 'flat'
  const estimate = state.density.objects(level)
  if (estimate === undefined) return next > level && state.density.foldersPerPage(level + 1, next) >= CALLS_PER_PAGE ? 'flat' : 'walk'
  const kept = folders.filter((folder) => folder.kept).length
  const flat = level === 0 ? remainingPages(state, estimate.objects) : flatRuns(state, folders).calls
  const walk = kept + callsBelow(state, level + 1, branches(state, level, kept))
  // A guess must promise a gain; what is known to cost the same is better flat, which needs no calls one after the other.
  return flat < walk || (flat === walk && estimate.isSure) ? 'flat' : 'walk'
}

/** Pages of the flat listing that are still to come, by the estimate of its whole. */
function remainingPages(state: ListingState, objects: number): number {
  const listed = state.density.listed
  return Math.max(1, Math.ceil((objects - listed) / state.pageSize))
}

/** Calls that `folders` folders of a level will need, listed flat or walked, whichever is less. */
function callsBelow(state: ListingState, level: number, folders: number): number {
  const estimate = state.density.objects(level)
  const flat = estimate === undefined ? undefined : folders * Math.max(1, Math.ceil(estimate.objects / state.pageSize))
  const isLast = level >= state.keys || !state.constrained.some((constrained, index) => constrained && index >= level)
  if (isLast) return flat ?? folders
  const walk = folders + callsBelow(state, level + 1, branches(state, level, folders))
  return flat === undefined ? walk : Math.min(flat, walk)
}

/** Folders of the next level that a walk will keep: one of each folder where the filter decides, all where it does not. */
function branches(state: ListingState, level: number, folders: number): number {
  return state.constrained[level] ? folders : folders * state.density.children(level)
}

export interface Runs {
  readonly ranges: readonly Range[]
  /** Estimated. */
  readonly calls: number
  /** Folders that are not kept and in no range. */
  readonly skipped: readonly Folder[]
}

/**
 * Ranges that cover all kept folders. Kept neighbours, and kept folders with few objects between them, share a range where
 * that needs fewer calls: 365 days of three files each are two pages, not 365 calls.
 */
export function flatRuns(state: ListingState, folders: readonly Folder[]): Runs {
  const pages = (objects: number) => Math.max(1, Math.ceil(objects / state.pageSize))
  const ranges: Range[] = []
  const skipped: Folder[] = []
  let calls = 0
  let run: { readonly first: Folder; readonly last: Folder; readonly objects: number } | undefined
  let gap: Folder[] = []
  const end = () => {
    if (run !== undefined) {
      ranges.push(rangeOf(state, run.first, run.last))
      calls += Number.isFinite(run.objects) ? pages(run.objects) : 1
    }
    for (const folder of gap) skipped.push(folder)
    gap = []
  }
  for (const folder of folders) {
    if (!folder.kept) {
      gap.push(folder)
      continue
    }
    const objects = state.density.objects(folder.level)?.objects ?? Number.POSITIVE_INFINITY
    if (run !== undefined) {
      const joined = run.objects + objects + gap.reduce((sum, one) => sum + sureObjects(state, one), 0)
      const together = pages(joined)
      const apart = pages(run.objects) + pages(objects)
      if (together < apart || (together === apart && gap.length === 0 && together <= PAGES_TOGETHER)) {
        run = { first: run.first, last: folder, objects: joined }
        gap = []
        continue
      }
    }
    end()
    run = { first: folder, last: folder, objects }
  }
  end()
  return { ranges, calls, skipped }
}

function sureObjects(state: ListingState, folder: Folder): number {
  const estimate = state.density.objects(folder.level)
  return estimate?.isSure ? estimate.objects : Number.POSITIVE_INFINITY
}

function rangeOf({ seenUpTo }: ListingState, first: Folder, last: Folder): Range {
  const begun = seenUpTo.startsWith(first.prefix) ? seenUpTo : undefined
  if (first === last) return { prefix: first.prefix, after: begun }
  let shared = 0
  while (shared < first.prefix.length && first.prefix[shared] === last.prefix[shared]) shared++
  const folder = first.prefix.lastIndexOf('/', shared - 1) + 1
  return { prefix: first.prefix.slice(0, folder), after: begun ?? first.prefix, until: last.prefix }
}
