/** The line under a result: what was read, what was skipped, how long it took. */
import type { Counted } from '#src/physical/plan'
import type { QueryStats } from '#src/query/query'
import { formatBytes } from './output.ts'

const counted = ({ total, kept }: Counted): string => `${kept} of ${total ?? '?'}`

export function summaryLine(stats: QueryStats): string {
  const parts: string[] = []
  if (stats.files.total !== 0) {
    if (stats.partitions.total !== 1 || stats.partitions.kept !== 1) parts.push(`partitions ${counted(stats.partitions)}`)
    parts.push(`files ${counted(stats.files)}`)
    if (stats.rowGroups.total !== 0) parts.push(`row groups ${counted(stats.rowGroups)}`)
    parts.push(`${formatBytes(stats.bytes.kept)} of ${stats.bytes.total === null ? '?' : formatBytes(stats.bytes.total)} needed`)
    if (stats.bytes.fromStore + stats.bytes.fromCache > 0)
      parts.push(`${formatBytes(stats.bytes.fromStore)} from store, ${formatBytes(stats.bytes.fromCache)} from cache`)
  }
  if (stats.rejectedRows > 0) parts.push(`${stats.rejectedRows} rejected rows`)
  parts.push(`${Math.round(stats.elapsedMs)} ms`)
  return `[${parts.join(', ')}]`
}

/** `scanning 12.3 MB of 98.1 MB, 13 %`, for a terminal's last line. */
export function progressLine(stats: QueryStats): string {
  const read = stats.bytes.fromStore + stats.bytes.fromCache
  const percent = stats.bytes.kept > 0 ? `, ${Math.min(100, Math.floor((100 * read) / stats.bytes.kept))} %` : ''
  const files = stats.files.kept > 0 ? ` (${stats.files.kept} files)` : ''
  const seconds = `${(stats.elapsedMs / 1000).toFixed(1)} s  `
  if (stats.bytes.kept === 0) return `${seconds}${stats.fetchMs + stats.kernelMs > 0 ? 'executing' : 'planning'}${files}`
  return `${seconds}${formatBytes(read)} of ${formatBytes(stats.bytes.kept)}${files}${percent}`
}
