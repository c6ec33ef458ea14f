/** Rules for names (CONTRACT.md, section 3): lower case, matched without regard to case. */
import { QueryError } from '#src/common/errors'
import type { TableColumn } from './model.ts'

const LONGEST_NAME = 255
/** Columns that every table has without declaring them. */
const HIDDEN_COLUMNS: ReadonlySet<string> = new Set(['$path', '$file_size', '$file_modified_time', '$partition'])
const RESERVED_SCHEMAS: ReadonlySet<string> = new Set(['information_schema'])

/**
 * A schema's or table's name in lower case. Throws GENERIC_USER_ERROR for names that could not be written in a URL, a path or
 * on a command line: a dot would read as `schema.table`, a slash as a folder.
 */
export function canonicalName(kind: 'schema' | 'table', text: string): string {
  const name = text.toLowerCase()
  const invalid = (why: string) => new QueryError('GENERIC_USER_ERROR', `Invalid ${kind} name '${printable(text)}': ${why}`)
  if (name === '') throw invalid('it is empty')
  if (name.length > LONGEST_NAME) throw invalid(`it is longer than ${LONGEST_NAME} characters`)
  if (hasControl(name)) throw invalid('it contains a control character')
  const reserved = /["'`\\/.?#%*]/.exec(name)
  if (reserved !== null) throw invalid(`it contains ${reserved[0]}`)
  if (name.trim() !== name) throw invalid('it begins or ends with a blank')
  if (name.includes('$')) throw invalid('$ is reserved for metadata tables')
  if (kind === 'schema' && RESERVED_SCHEMAS.has(name)) throw invalid('it is reserved')
  return name
}

/** A column's name in lower case. Throws GENERIC_USER_ERROR; `where` names the file it came from. */
function canonicalColumnName(text: string, where?: string): string {
  const name = text.toLowerCase()
  const place = where === undefined ? '' : ` in ${where}`
  const invalid = (why: string) => new QueryError('GENERIC_USER_ERROR', `Invalid column name '${printable(text)}'${place}: ${why}`)
  if (name === '') throw invalid('it is empty')
  if (name.length > LONGEST_NAME) throw invalid(`it is longer than ${LONGEST_NAME} characters`)
  if (name.includes('\0')) throw invalid('it contains a NUL character')
  if (HIDDEN_COLUMNS.has(name)) throw invalid('it is reserved for a hidden column')
  return name
}

/**
 * Lower-case names of columns as spelled. Throws DUPLICATE_COLUMN_NAME naming both spellings when two differ only by case,
 * and for one that comes twice.
 */
export function canonicalColumnNames(spelled: readonly string[], where?: string): readonly string[] {
  const seen = new Map<string, string>()
  return spelled.map((text) => {
    const name = canonicalColumnName(text, where)
    const other = seen.get(name)
    if (other !== undefined) throw duplicate(other, text, where)
    seen.set(name, text)
    return name
  })
}

/** Throws DUPLICATE_COLUMN_NAME when a name comes twice among columns and keys. */
export function checkDistinctColumns(columns: readonly TableColumn[], partitionKeys: readonly TableColumn[]): void {
  const names = new Set<string>()
  for (const { name } of [...columns, ...partitionKeys]) {
    if (names.has(name)) throw duplicate(name, name, undefined)
    names.add(name)
  }
}

function duplicate(one: string, other: string, where: string | undefined): QueryError {
  const place = where === undefined ? '' : ` of ${where}`
  if (one === other) return new QueryError('DUPLICATE_COLUMN_NAME', `Column name '${printable(one)}'${place} specified more than once`)
  return new QueryError('DUPLICATE_COLUMN_NAME', `Columns '${printable(one)}' and '${printable(other)}'${place} differ only by case`)
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f')
}

function printable(text: string): string {
  const shown = [...text]
    .slice(0, LONGEST_NAME)
    .map((character) => (hasControl(character) ? JSON.stringify(character).slice(1, -1) : character))
  return shown.join('')
}
