/**
 * How many objects lie below a key folder, estimated from the beginning of a flat listing and from the folders listed since.
 * Level i has i keys bound: level 0 is the table's folder, level n (the number of keys) its partitions.
 */
export interface Estimate {
  readonly objects: number
  /** False when a folder was only seen in part: then it is a guess of twice the part. */
  readonly isSure: boolean
}

interface Level {
  /** The folder that the flat listing is in; it may go on. */
  open: string | undefined
  openObjects: number
  openChildren: number
  /** Folders that the flat listing has passed. */
  folders: number
  objects: number
  children: number
  /** Folders whose children were listed, and these children. */
  expanded: number
  expandedChildren: number
}

export class Density {
  readonly #levels: readonly Level[]
  #pages = 0
  #listed = 0

  constructor(keys: number) {
    this.#levels = Array.from({ length: keys + 1 }, () => ({
      open: undefined,
      openObjects: 0,
      openChildren: 0,
      folders: 0,
      objects: 0,
      children: 0,
      expanded: 0,
      expandedChildren: 0,
    }))
  }

  /** The next page of the flat listing from the table's folder on; keys relative to it. */
  addPage(keys: readonly string[]): void {
    this.#pages++
    this.#listed += keys.length
    for (const key of keys) {
      let end = 0
      let isNew = false
      for (const level of this.#levels.keys()) {
        if (level > 0) {
          const slash = key.indexOf('/', end)
          if (slash < 0) break
          end = slash + 1
        }
        isNew = this.#count(level, key.slice(0, end), isNew)
      }
    }
  }

  /** Folders of `level` whose children were listed, and how many children these had. */
  addExpanded(level: number, folders: number, children: number): void {
    const entry = this.#levels[level] as Level
    entry.expanded += folders
    entry.expandedChildren += children
  }

  /** Objects of the flat pages so far. */
  get listed(): number {
    return this.#listed
  }

  /** Objects below a folder of a level; undefined when nothing is known. */
  objects(level: number): Estimate | undefined {
    const entry = this.#levels[level]
    if (entry === undefined) return undefined
    if (entry.folders > 0) return { objects: entry.objects / entry.folders, isSure: true }
    const below = this.objects(level + 1)
    if (entry.expanded > 0 && below !== undefined) {
      return { objects: (entry.expandedChildren / entry.expanded) * below.objects, isSure: below.isSure }
    }
    return entry.openChildren >= 3 ? { objects: 2 * entry.openObjects, isSure: false } : undefined
  }

  /** Folders directly in a folder of a level; at least 1. */
  children(level: number): number {
    const { folders, children, openChildren, expanded, expandedChildren } = this.#levels[level] as Level
    const known = folders > 0 ? children / folders : expanded > 0 ? expandedChildren / expanded : openChildren
    return Math.max(1, known)
  }

  /** Folders of the levels `from` to `to` that the flat listing has met for each page of it. */
  foldersPerPage(from: number, to: number): number {
    let folders = 0
    for (let level = from; level <= to; level++) {
      const entry = this.#levels[level]
      if (entry !== undefined) folders += entry.folders + (entry.open === undefined ? 0 : 1)
    }
    return this.#pages === 0 ? 0 : folders / this.#pages
  }

  /** Counts an object in its folder of a level; true when the folder is a new one. */
  #count(level: number, folder: string, parentIsNew: boolean): boolean {
    const entry = this.#levels[level] as Level
    const isNew = parentIsNew || folder !== entry.open
    if (isNew) {
      if (entry.open !== undefined) {
        entry.folders++
        entry.objects += entry.openObjects
        entry.children += entry.openChildren
      }
      entry.open = folder
      entry.openObjects = 0
      entry.openChildren = 0
      const parent = this.#levels[level - 1]
      if (parent !== undefined) parent.openChildren++
    }
    entry.openObjects++
    return isNew
  }
}
