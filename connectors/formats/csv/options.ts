/** A CSV table's properties (CONTRACT.md section 3; Hive's and Athena's names beside ours). */
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
  const delimiter = character(properties, ['csv.delimiter', 'separatorChar', 'field.delim'], ',')
  const quote = character(properties, ['csv.quote', 'quoteChar'], '"', true)
  const escaping = character(properties, ['csv.escape', 'escapeChar', 'escape.delim'], quote, true)
  const nullText = first(properties, ['csv.null', 'serialization.null.format'])?.value ?? ''
  if (quote !== '' && quote === delimiter) throw invalid('csv.quote', quote, 'is the delimiter as well')
  const skip = first(properties, ['skip.header.line.count'])
  const header = properties['csv.header']
  if (header === undefined && skip !== undefined) {
    if (!/^\d{1,4}$/.test(skip.value)) throw invalid(skip.name, skip.value, 'is not a number of lines')
    return { delimiter, quote, escape: escaping, nullText, header: 'none', skip: Number(skip.value) }
  }
  return { delimiter, quote, escape: escaping, nullText, header: headerOf(header), skip: 0 }
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

const ESCAPES: Readonly<Record<string, string>> = { '\\t': '\t', '\\u0001': '\u0001', '\\001': '\u0001', '\\\\': '\\' }

/** One ASCII character, as such or as `\t`, `\u0001`, `\001`. */
function character(properties: Properties, names: readonly string[], fallback: string, mayBeEmpty = false): string {
  const found = first(properties, names)
  if (found === undefined) return fallback
  const value = ESCAPES[found.value] ?? found.value
  if (value === '' && mayBeEmpty) return ''
  if (value.length !== 1 || value === '\n' || value === '\r' || value === '\0' || value > '\u007f')
    throw invalid(found.name, found.value, 'is not one ASCII character')
  return value
}

function first(properties: Properties, names: readonly string[]): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = properties[name]
    if (value !== undefined) return { name, value }
  }
  return undefined
}

function invalid(name: string, value: string, why: string): QueryError {
  return new QueryError('INVALID_TABLE_PROPERTY', `Invalid value for table property '${name}': '${value}' ${why}`)
}
