/** Content negotiation (RFC 9110, sections 12.4 and 12.5): the result's format by Accept, its coding by Accept-Encoding. */
import type { ResultFormat } from '#src/kernel/kernel'

export interface ResultMediaType {
  readonly mediaType: string
  readonly format: Exclude<ResultFormat, 'stored'>
}

/** In order of our preference; the first is what `*` and no Accept header give. */
export const RESULT_MEDIA_TYPES: readonly ResultMediaType[] = [
  { mediaType: 'application/json', format: 'json-rows' },
  { mediaType: 'application/x-ndjson', format: 'ndjson' },
  { mediaType: 'text/csv', format: 'csv' },
  { mediaType: 'application/vnd.apache.arrow.stream', format: 'arrow' },
  { mediaType: 'application/vnd.apache.parquet', format: 'parquet' },
]

interface Weighted {
  readonly name: string
  readonly weight: number
}

function parseWeighted(header: string): Weighted[] {
  return header
    .split(',')
    .map((part) => {
      const [name, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))
      const weight = quality === undefined ? 1 : Number(quality.slice(2))
      return { name: name ?? '', weight: Number.isFinite(weight) ? weight : 0 }
    })
    .filter((item) => item.name !== '')
}

/** The media type to answer with, or undefined when none of ours is acceptable (406). */
export function negotiateFormat(accept: string | undefined): ResultMediaType | undefined {
  if (accept === undefined || accept.trim() === '') return RESULT_MEDIA_TYPES[0]
  const ranges = parseWeighted(accept)
  const weightOf = (mediaType: string): number => {
    const family = `${mediaType.split('/')[0]}/*`
    const match =
      ranges.find((range) => range.name === mediaType) ??
      ranges.find((range) => range.name === family) ??
      ranges.find((range) => range.name === '*/*')
    return match?.weight ?? 0
  }
  let best: ResultMediaType | undefined
  let bestWeight = 0
  for (const candidate of RESULT_MEDIA_TYPES) {
    const weight = weightOf(candidate.mediaType)
    if (weight > bestWeight) {
      best = candidate
      bestWeight = weight
    }
  }
  return best
}

export type ContentCoding = 'zstd' | 'gzip' | undefined

/** Parquet is compressed inside already, so it is sent as it is. */
export function negotiateCoding(acceptEncoding: string | undefined, format: ResultFormat): ContentCoding {
  if (acceptEncoding === undefined || format === 'parquet') return undefined
  const codings = parseWeighted(acceptEncoding)
  const weightOf = (name: string): number =>
    (codings.find((item) => item.name === name) ?? codings.find((item) => item.name === '*'))?.weight ?? 0
  const zstd = weightOf('zstd')
  const gzip = weightOf('gzip')
  if (zstd <= 0 && gzip <= 0) return undefined
  return zstd >= gzip ? 'zstd' : 'gzip'
}
