/** Which column chunks' data pages all refer to the dictionary, by what the footer says of encodings. */
import type { CompactReader } from './thrift-compact.ts'

/** Numbers of parquet.thrift's Encoding and PageType. */
const PLAIN_DICTIONARY = 2
const RLE = 3
const BIT_PACKED = 4
const RLE_DICTIONARY = 8
const DATA_PAGE = 0
const DATA_PAGE_V2 = 3

export function readEncodings(reader: CompactReader): readonly number[] {
  const encodings: number[] = []
  reader.list(() => encodings.push(reader.i32()))
  return encodings
}

/** Whether every data page is encoded by the dictionary; false where none is counted. */
export function readEncodingStats(reader: CompactReader): boolean {
  let only = true
  let pages = 0
  reader.list(() => {
    let type = -1
    let encoding = -1
    let count = 0
    reader.struct((id) => {
      if (id === 1) type = reader.i32()
      else if (id === 2) encoding = reader.i32()
      else if (id === 3) count = reader.i32()
    })
    if (count <= 0 || (type !== DATA_PAGE && type !== DATA_PAGE_V2)) return
    pages += count
    only &&= encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY
  })
  return only && pages > 0
}

/**
 * The same from the list of encodings alone, as far as it tells: PLAIN_DICTIONARY is of the format's first version, where RLE
 * and BIT_PACKED are those of levels. RLE_DICTIONARY may stand beside pages of levels only, and RLE for anything.
 */
export function tellDictionaryOnly(encodings: readonly number[]): boolean {
  return (
    encodings.includes(PLAIN_DICTIONARY) &&
    encodings.every((encoding) => encoding === PLAIN_DICTIONARY || encoding === RLE || encoding === BIT_PACKED)
  )
}
