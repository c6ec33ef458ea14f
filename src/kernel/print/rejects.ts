/** Bad rows of CSV and JSON: how the printed SQL reports them and how the report is read back. */
import { KERNEL_ERROR_MARK } from '#src/functions/kernel-error'

/** Function of the kernel process: counts a rejected row under a key and its unit's index, gives true. */
export const REJECT_FUNCTION = 'weir_reject'

const BAD_ROW = `${KERNEL_ERROR_MARK}BAD_ROW|`

export interface BadRow {
  readonly scan: number
  readonly group: number
  /** Index of the unit in its group. */
  readonly unit: number
  /** Index into the scan's columns; undefined: the row itself is malformed. */
  readonly column: number | undefined
  readonly value: string
}

/** SQL that ends the query, naming the place of the bad value. */
export function raiseBadRow(scan: number, group: number, unit: string, column: number | undefined, value: string | undefined): string {
  const text = value === undefined ? "''" : `substr(CAST(${value} AS VARCHAR), 1, 100)`
  return `error('${BAD_ROW}${scan}|${group}|' || ${unit} || '|${column ?? ''}|' || ${text})`
}

/** The bad row that a kernel text tells of. */
export function parseBadRow(kernelText: string): BadRow | undefined {
  const start = kernelText.indexOf(BAD_ROW)
  if (start < 0) return undefined
  const [scan, group, unit, column, ...value] = kernelText.slice(start + BAD_ROW.length).split('|')
  return {
    scan: Number(scan),
    group: Number(group),
    unit: Number(unit),
    column: column === '' || column === undefined ? undefined : Number(column),
    value: value.join('|'),
  }
}

/** Names a scan's group in what the kernel process counts. */
export function rejectKey(queryId: string, scan: number, group: number): string {
  return `${queryId}|${scan}|${group}`
}

export function parseRejectKey(key: string): { readonly scan: number; readonly group: number } {
  const parts = key.split('|')
  return { scan: Number(parts.at(-2)), group: Number(parts.at(-1)) }
}
