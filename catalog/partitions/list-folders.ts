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
  const size = Math.max(1, Math.ceil(outer.length / RUNS))
  const runs: string[][] = []
  for (let at = 0; at < outer.length; at += size) runs.push(outer.slice(at, at + size))
  await Promise.all(runs.map((run) => (together && run.length > 1 ? listRun(lister, run, sink) : listEach(lister, run, sink))))
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
