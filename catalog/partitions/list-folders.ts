/**
 * Lists many folders with few calls. A page of a listing holds a thousand keys: where folders are small and near each other,
 * one page that begins at a folder covers the next ones too; where they are not, the next call begins at the next wanted folder.
 *
 *   wanted a/ b/ … z/     a/───────b/───c/ page │ d/──e/ page │   … or, far apart, one call each
 */
import { compareKeys } from '#connectors/storage/key-order'
import type { ObjectInfo } from '#connectors/storage/object-store'
import type { Lister } from './lister.ts'

const RUNS = 32
/** After so many calls for one folder each it is tried again whether pages cover several. */
const TRY_AGAIN = 16

/** Receives objects below the wanted folders, and others met on the way. */
export type FolderSink = (objects: readonly ObjectInfo[]) => void

/** `folders` are keys that end with '/'. `together`: pages may begin at one folder and cover others. */
export async function listFolders(lister: Lister, folders: readonly string[], sink: FolderSink, together: boolean): Promise<void> {
  const outer: string[] = []
  for (const folder of [...new Set(folders)].sort(compareKeys)) {
    const last = outer.at(-1)
    if (last === undefined || !folder.startsWith(last)) outer.push(folder)
  }
  await Promise.all(runsOf(outer).map((run) => (together && run.length > 1 ? listRun(lister, run, sink) : listEach(lister, run, sink))))
}

/**
 * The folders directly in each of many folders, none of which lies in another, by the folder. Flat pages answer for several folders
 * where little lies in them; where much does, each folder is asked for what is directly in it.
 */
export async function listChildren(
  lister: Lister,
  folders: readonly string[],
  together: boolean,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  const runs = runsOf([...folders].sort(compareKeys))
  await Promise.all(runs.map((run) => childrenOfRun(lister, run, together, found)))
  return found
}

async function childrenOfRun(
  lister: Lister,
  folders: readonly string[],
  together: boolean,
  found: Map<string, readonly string[]>,
): Promise<void> {
  const prefix = commonFolder(folders[0] as string, folders.at(-1) as string)
  let single = together ? 0 : folders.length
  for (let at = 0; at < folders.length; ) {
    const folder = folders[at] as string
    if (single > 0 || at === folders.length - 1) {
      found.set(folder, (await lister.children(folder)).prefixes)
      single--
      at++
      continue
    }
    const { objects, continuation } = await lister.page({ prefix, startAfter: folder })
    const last = objects.at(-1)?.key
    const ended = continuation === undefined || last === undefined
    let next = 0
    const before = at
    for (let current = folders[at]; current !== undefined; current = folders[at]) {
      // What lies in a folder that the page ends in is not all there.
      if (!ended && (compareKeys(last, current) < 0 || last.startsWith(current))) break
      const children = new Set<string>()
      while (next < objects.length && compareKeys((objects[next] as ObjectInfo).key, current) < 0) next++
      for (; next < objects.length; next++) {
        const { key } = objects[next] as ObjectInfo
        if (!key.startsWith(current)) break
        const slash = key.indexOf('/', current.length)
        if (slash >= 0) children.add(key.slice(0, slash + 1))
      }
      found.set(current, [...children])
      at++
    }
    if (at - before < 2) single = TRY_AGAIN
  }
}

function runsOf(folders: readonly string[]): readonly (readonly string[])[] {
  const size = Math.max(1, Math.ceil(folders.length / RUNS))
  const runs: string[][] = []
  for (let at = 0; at < folders.length; at += size) runs.push(folders.slice(at, at + size))
  return runs
}

async function listEach(lister: Lister, folders: readonly string[], sink: FolderSink): Promise<void> {
  for (const folder of folders) await listOne(lister, folder, sink)
}

async function listOne(lister: Lister, prefix: string, sink: FolderSink): Promise<void> {
  for (let continuation: string | undefined; ; ) {
    const page = await lister.page({ prefix, ...(continuation !== undefined && { continuation }) })
    sink(page.objects)
    continuation = page.continuation
    if (continuation === undefined) return
  }
}

/** Folders in key order, none within another. */
async function listRun(lister: Lister, folders: readonly string[], sink: FolderSink): Promise<void> {
  const prefix = commonFolder(folders[0] as string, folders.at(-1) as string)
  let single = 0
  for (let at = 0; at < folders.length; ) {
    const folder = folders[at] as string
    if (single > 0 || at === folders.length - 1) {
      await listOne(lister, folder, sink)
      single--
      at++
      continue
    }
    let covered = 0
    for (let after = folder; ; ) {
      const page = await lister.page({ prefix, startAfter: after })
      sink(page.objects)
      if (page.continuation === undefined) return
      after = page.objects.at(-1)?.key ?? after
      for (let next = folders[at]; next !== undefined && compareKeys(after, next) > 0 && !after.startsWith(next); next = folders[at]) {
        at++
        covered++
      }
      // Inside of a wanted folder the listing goes on; between two it begins anew.
      if (at >= folders.length || !after.startsWith(folders[at] as string)) break
    }
    if (covered < 2) single = TRY_AGAIN
  }
}

function commonFolder(first: string, last: string): string {
  let end = 0
  for (let at = 0; at < Math.min(first.length, last.length) && first[at] === last[at]; at++) if (first[at] === '/') end = at + 1
  return first.slice(0, end)
}
