/** listagg's ON OVERFLOW TRUNCATE. */
import { computed } from './computed-function.ts'

/** Bytes that listagg may give. */
const MOST_BYTES = 1_048_576

export const LISTAGG = [
  /** `values` is a JSON array of texts. */
  computed('weir_listagg_truncated', ['VARCHAR', 'VARCHAR', 'VARCHAR', 'BOOLEAN'], 'VARCHAR', (values, separator, filler, withCount) => {
    const items = JSON.parse(values) as readonly string[]
    const separatorBytes = Buffer.byteLength(separator)
    let bytes = 0
    for (const [index, item] of items.entries()) {
      bytes += Buffer.byteLength(item) + (index > 0 ? separatorBytes : 0)
      if (bytes <= MOST_BYTES) continue
      const kept = items.slice(0, index)
      return [...kept, filler].join(separator) + (withCount ? `(${items.length - index})` : '')
    }
    return items.join(separator)
  }),
]
