/**
 * Hive's folder layout: `<location>/year=2024/month=03/part-0.parquet`.
 *
 * - Key names are matched without regard to case; keys come in the table's order.
 * - Special characters are written as %XX. Hive and Spark escape ASCII only, one byte a character; pandas and Arrow escape
 *   UTF-8 bytes. Both are read: a run of bytes that is valid UTF-8 is taken as that, any other byte as one character.
 * - `__HIVE_DEFAULT_PARTITION__` is NULL.
 * - Names that begin with '.' or '_' are hidden (`_SUCCESS`, `.part.crc`, `_temporary/`), except folders like `_key=1`.
 */
export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__'

export interface KeySegment {
  /** Lower case, decoded. */
  readonly key: string
  /** Decoded; null for Hive's default partition. */
  readonly value: string | null
}

/** Reads one folder name; undefined when it is not `key=value`. */
export function parseKeySegment(folder: string): KeySegment | undefined {
  const equals = folder.indexOf('=')
  if (equals <= 0) return undefined
  const value = decodePathName(folder.slice(equals + 1))
  return { key: decodePathName(folder.slice(0, equals)).toLowerCase(), value: value === DEFAULT_PARTITION ? null : value }
}

/** Replaces %XX as described above; a '%' that two hex digits do not follow stays. */
export function decodePathName(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      return String.fromCharCode(...bytes)
    }
  })
}

/** A folder whose files are no data. */
export function isHiddenFolder(name: string): boolean {
  return name.startsWith('.') || (name.startsWith('_') && !name.includes('='))
}

/** A file that is no data: hidden, or the empty name of a folder marker. */
export function isHiddenFile(name: string): boolean {
  return name === '' || name.startsWith('.') || name.startsWith('_')
}

/** What a folder below a table's location is. */
export type FolderPlace =
  | { readonly kind: 'hidden' }
  /** Part of no partition: too few key folders, or others than the table's. */
  | { readonly kind: 'misplaced' }
  | {
      readonly kind: 'partition'
      /** `year=2024/month=03`, as spelled; '' without keys. */
      readonly path: string
      readonly values: readonly (string | null)[]
    }

/**
 * Places a folder, given relative to the location with a trailing '/' (`year=2024/month=03/`; '' is the location itself).
 * Folders below a partition's own belong to it.
 */
export function placeFolder(relative: string, keys: readonly string[]): FolderPlace {
  const folders = relative.split('/')
  folders.pop()
  if (folders.some(isHiddenFolder)) return { kind: 'hidden' }
  if (folders.length < keys.length) return { kind: 'misplaced' }
  const values: (string | null)[] = []
  for (const [level, key] of keys.entries()) {
    const segment = parseKeySegment(folders[level] as string)
    if (segment?.key !== key) return { kind: 'misplaced' }
    values.push(segment.value)
  }
  return { kind: 'partition', path: folders.slice(0, keys.length).join('/'), values }
}

/** Characters that Hive writes as %XX in a folder's name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
const ESCAPED = /[\u0000-\u001f\u007f"#%'*/:=?\\{[\]^]/g

/** `key=value` as Hive and Spark spell it; NULL is the default partition. */
export function hiveSegment(key: string, value: string | null): string {
  const spelled = (text: string): string =>
    text.replace(ESCAPED, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
  return `${spelled(key)}=${value === null || value === '' ? DEFAULT_PARTITION : spelled(value)}`
}
