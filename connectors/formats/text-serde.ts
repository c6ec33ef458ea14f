/**
 * Text as Hive's SerDes read it, where that is not CSV as RFC 4180 has it: a line is a record whatever stands in it, columns come by
 * place, too few fields leave NULLs, too many are passed over.
 *
 *   lazysimple   no quotes; delimiters may be escaped; `\N` is NULL; lists, maps and rows have delimiters of their own
 *   opencsv      quotes, and an escape character inside of them; nothing is NULL
 */
import { QueryError } from '#src/common/errors'

type Properties = Readonly<Record<string, string>>

export interface HiveText {
  readonly serde: 'lazysimple' | 'opencsv'
  /** Of fields, list items, map keys, and what is nested deeper. */
  readonly separators: readonly string[]
  /** '' for none. */
  readonly quote: string
  readonly escape: string
  /** Only of lazysimple. */
  readonly nullText: string
  /** Lines at the beginning of each file that are no records. */
  readonly skip: number
}

/** Hive's `serdeConstants`: the separators by level of nesting; the first three can be named. */
const SEPARATORS: readonly string[] = ['\u0001', '\u0002', '\u0003', '\u0004', '\u0005', '\u0006', '\u0007', '\u0008']

/** Undefined: the table is plain CSV. Throws INVALID_TABLE_PROPERTY. */
export function hiveText(properties: Properties): HiveText | undefined {
  const { serde } = properties
  if (serde !== 'lazysimple' && serde !== 'opencsv') return undefined
  const skip = Number(properties['skip.header.line.count'] ?? 0)
  const isLazy = serde === 'lazysimple'
  const field = properties['csv.delimiter'] ?? (isLazy ? '\u0001' : ',')
  const quote = isLazy ? '' : (properties['csv.quote'] ?? '"')
  const escaping = properties['csv.escape'] ?? (isLazy ? '' : '\\')
  const separators = isLazy
    ? [field, properties['collection.delim'] ?? '\u0002', properties['mapkey.delim'] ?? '\u0003', ...SEPARATORS.slice(3)]
    : [field]
  if (field === quote || field === escaping)
    throw new QueryError(
      'INVALID_TABLE_PROPERTY',
      `The delimiter '${field}' cannot be the ${field === quote ? 'quote' : 'escape character'} as well`,
    )
  return { serde, separators, quote, escape: escaping, nullText: properties['csv.null'] ?? '\\N', skip }
}
