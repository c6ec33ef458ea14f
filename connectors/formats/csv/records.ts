/**
 * Splits CSV text into records by the rules that the kernel's reader follows: RFC 4180, records end with LF, CRLF or CR,
 * line ends inside quotes belong to the field, lines without any character are no records.
 */

export interface CsvDialect {
  /** One character. */
  readonly delimiter: string
  /** One character, or empty: nothing is quoted. */
  readonly quote: string
  /** One character, the quote itself by default; empty: none. */
  readonly escape: string
}

export interface CsvField {
  readonly text: string
  readonly quoted: boolean
}

export type CsvRecord = readonly CsvField[]

export interface CsvText {
  readonly records: readonly CsvRecord[]
  /** A closing quote is followed by something else than a delimiter or the line's end, or the text ends inside of quotes. */
  readonly malformed: boolean
}

/** `complete`: the text is the whole file; else its last record may be cut and is left out. */
export function parseCsv(text: string, dialect: CsvDialect, complete: boolean, limit = Number.POSITIVE_INFINITY): CsvText {
  const records: CsvRecord[] = []
  let at = 0
  while (at < text.length && records.length < limit) {
    const next = lineEnd(text, at)
    if (next !== undefined) {
      at = next
      continue
    }
    const record = readRecord(text, at, dialect)
    if (!complete && (record.end === 'text' || record.end === 'open')) return { records, malformed: false }
    if (record.end === 'malformed' || record.end === 'open') return { records, malformed: true }
    records.push(record.fields)
    at = record.next
  }
  return { records, malformed: false }
}

/** Where the text goes on behind `count` lines, as the kernel's reader skips them: a blank line counts, a record with line ends in quotes counts once. */
export function skipLines(text: string, count: number, dialect: CsvDialect): number {
  let at = 0
  for (let skipped = 0; skipped < count && at < text.length; skipped++) at = lineEnd(text, at) ?? readRecord(text, at, dialect).next
  return at
}

/** Blank lines before the first record. */
export function blankLines(text: string): number {
  let lines = 0
  for (let at = lineEnd(text, 0); at !== undefined; at = lineEnd(text, at)) lines++
  return lines
}

/** Behind the line's end that stands here. */
function lineEnd(text: string, at: number): number | undefined {
  if (text[at] === '\n') return at + 1
  if (text[at] !== '\r') return undefined
  return text[at + 1] === '\n' ? at + 2 : at + 1
}

interface ReadRecord {
  readonly fields: CsvField[]
  readonly next: number
  /** Ended by a line's end, by the text's (`open`: inside of quotes), or not at all. */
  readonly end: 'line' | 'text' | 'open' | 'malformed'
}

function readRecord(text: string, start: number, dialect: CsvDialect): ReadRecord {
  const fields: CsvField[] = []
  for (let at = start; ; ) {
    const quoted = dialect.quote !== '' && text[at] === dialect.quote
    const field = quoted ? readQuoted(text, at + 1, dialect) : readPlain(text, at, dialect.delimiter)
    if (field === undefined) return { fields, next: text.length, end: 'open' }
    fields.push({ text: field.text, quoted })
    const after = text[field.next]
    if (after === undefined) return { fields, next: text.length, end: 'text' }
    if (after === dialect.delimiter) {
      at = field.next + 1
      continue
    }
    const next = lineEnd(text, field.next)
    return next === undefined ? { fields, next: field.next, end: 'malformed' } : { fields, next, end: 'line' }
  }
}

function readPlain(text: string, start: number, delimiter: string): { readonly text: string; readonly next: number } {
  let at = start
  while (at < text.length) {
    const char = text[at]
    if (char === delimiter || char === '\n' || char === '\r') break
    at++
  }
  return { text: text.slice(start, at), next: at }
}

/** Undefined: the text ends inside of the quotes. */
function readQuoted(text: string, start: number, dialect: CsvDialect): { readonly text: string; readonly next: number } | undefined {
  let result = ''
  let from = start
  for (let at = start; at < text.length; at++) {
    const char = text[at]
    const next = text[at + 1]
    if (char === dialect.escape && (next === dialect.quote || (next === dialect.escape && dialect.escape !== dialect.quote))) {
      result += text.slice(from, at) + next
      at++
      from = at + 1
    } else if (char === dialect.quote) return { text: result + text.slice(from, at), next: at + 1 }
  }
  return undefined
}
