/** A CSV table's properties (CONTRACT.md section 3), under the names that the catalog keeps. */
import { QueryError } from '#src/common/errors'
import type { CsvDialect } from './records.ts'

export interface CsvOptions extends CsvDialect {
  /** An unquoted field of exactly this text is NULL. */
  readonly nullText: string
  /** `names`: the first record names the columns; `none`: columns by place; `auto`: looked at in each file. */
  readonly header: 'names' | 'none' | 'auto'
  /** Hive's skip.header.line.count: records passed over, columns by place. Only with header `none`. */
  readonly skip: number
}

type Properties = Readonly<Record<string, string>>

/** Throws INVALID_TABLE_PROPERTY. */
export function csvOptions(properties: Properties): CsvOptions {
  const delimiter = character(properties, 'csv.delimiter', ',')
  const quote = character(properties, 'csv.quote', '"', true)
  const escaping = character(properties, 'csv.escape', quote, true)
  const nullText = properties['csv.null'] ?? ''
  if (quote !== '' && quote === delimiter) throw invalid('csv.quote', quote, 'is the delimiter as well')
  // What is left of such a text once its record is split could not be told from others.
  for (const [name, one] of [
    ['csv.delimiter', delimiter],
    ['csv.quote', quote],
    ['csv.escape', escaping],
  ] as const)
    if (one !== '' && nullText.includes(one)) throw invalid('csv.null', nullText, `contains '${one}', which is ${name}`)
  const dialect = { delimiter, quote, escape: escaping, nullText }
  const skip = properties['skip.header.line.count']
  const header = properties['csv.header']
  if (header !== undefined || skip === undefined) return { ...dialect, header: headerOf(header), skip: 0 }
  if (!/^\d{1,4}$/.test(skip)) throw invalid('skip.header.line.count', skip, 'is not a number of lines')
  return { ...dialect, header: 'none', skip: Number(skip) }
}

function headerOf(text: string | undefined): CsvOptions['header'] {
  switch (text?.toLowerCase()) {
    case undefined:
    case 'auto':
      return 'auto'
    case 'true':
      return 'names'
    case 'false':
      return 'none'
    default:
      throw invalid('csv.header', text as string, 'is not true, false or auto')
  }
}

/** One ASCII character that does not end a line. */
function character(properties: Properties, name: string, fallback: string, mayBeEmpty = false): string {
  const value = properties[name] ?? fallback
  if (value === '' && mayBeEmpty) return ''
  if (value.length !== 1 || value === '\n' || value === '\r' || value === '\0' || value > '\u007f')
    throw invalid(name, value, 'is not one ASCII character')
  return value
}

function invalid(name: string, value: string, why: string): QueryError {
  return new QueryError('INVALID_TABLE_PROPERTY', `Invalid value for table property '${name}': '${value}' ${why}`)
}
