/** Names of the files that Weir writes: `weir-<catalog id><sequence>-<n>.<ext>`. */

/** Of the catalog's id, in hexadecimal digits. */
const CATALOG_ID_LENGTH = 8

export function transactionId(catalogId: string, sequence: number): string {
  return `${catalogId}${sequence.toString(36)}`
}

/** `extension` without its dot: `parquet`, `csv.gz`. */
export function writtenFileName(transaction: string, number: number, extension: string): string {
  return `weir-${transaction}-${number}.${extension}`
}

/** The transaction that a key's file name tells of; undefined for other names. */
export function transactionOf(key: string): { readonly catalogId: string; readonly sequence: number } | undefined {
  const name = key.slice(key.lastIndexOf('/') + 1)
  const id = /^weir-([0-9a-f]{8}[0-9a-z]+)-\d+\./.exec(name)?.[1]
  if (id === undefined) return undefined
  return { catalogId: id.slice(0, CATALOG_ID_LENGTH), sequence: Number.parseInt(id.slice(CATALOG_ID_LENGTH), 36) }
}
