/** Chunk ranges → ranged GETs. */
import type { ByteRange } from './footer.ts'

/** Bytes between two ranges that are cheaper to read along than to ask for the second one apart. */
const DEFAULT_GAP = 256 * 1024
/** Longer requests lose parallelism. */
const DEFAULT_MAX = 4 * 1024 * 1024

/** One GET, and the wanted ranges (the objects given, or pieces of long ones) that it brings. */
export interface Request extends ByteRange {
  readonly parts: readonly ByteRange[]
}

/** Cuts a range at multiples of `max` from its start, so that its pieces are the same whatever else is asked for. A short one is its own piece. */
export function pieces(range: ByteRange, max: number = DEFAULT_MAX): readonly ByteRange[] {
  if (range.length <= max) return [range]
  const result: ByteRange[] = []
  for (let offset = 0; offset < range.length; offset += max)
    result.push({ start: range.start + offset, length: Math.min(max, range.length - offset) })
  return result
}

/**
 * Packs ranges (in any order, not overlapping) into requests of at most `max` bytes, reading over gaps of at most `gap`.
 *
 *     [0,100) [150,200) [900,1000)   gap 64   →   GET [0,200), GET [900,1000)
 */
export function coalesce(ranges: readonly ByteRange[], gap: number = DEFAULT_GAP, max: number = DEFAULT_MAX): Request[] {
  const sorted = ranges.flatMap((range) => pieces(range, max)).sort((left, right) => left.start - right.start)
  const requests: Request[] = []
  let parts: ByteRange[] = []
  let start = 0
  let end = 0
  for (const piece of sorted) {
    if (parts.length > 0 && piece.start - end <= gap && piece.start + piece.length - start <= max) {
      parts.push(piece)
      end = Math.max(end, piece.start + piece.length)
      continue
    }
    if (parts.length > 0) requests.push({ start, length: end - start, parts })
    parts = [piece]
    start = piece.start
    end = piece.start + piece.length
  }
  if (parts.length > 0) requests.push({ start, length: end - start, parts })
  return requests
}
