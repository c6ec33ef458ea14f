/** The outermost SELECT: rows in the form that the client reads. Values are columns here, so forms may repeat them. */
import { unreachable } from '#src/common/errors'
import { quote } from '#src/functions/kernel-error'
import type { OutputColumn } from '#src/logical/plan'
import type { Type } from '#src/types/type'
import type { ResultFormat, StoredResult } from '../kernel.ts'
import type { ResultEncoding } from '../process/protocol.ts'
import { arrowForm, csvForm, jsonForm, shortestDouble, storedType } from '../representation.ts'
import { arrowField } from './arrow-type.ts'
import { columnName, identifier } from './context.ts'

export interface PrintedResult {
  readonly sql: string
  readonly encoding: ResultEncoding
}

/** `query` gives the plan's columns under their names; `file` is where a Parquet or stored result is made. */
export function printResult(query: string, output: readonly OutputColumn[], format: ResultFormat, file: string): PrintedResult {
  switch (format) {
    case 'json-rows': {
      const sql = printJsonRows(query, output, (forms) => `CAST(json_array(${forms.join(', ')}) AS VARCHAR)`, "',' || chr(10)")
      return { sql, encoding: { kind: 'text', trim: 2 } }
    }
    case 'ndjson': {
      const names = distinctNames(output, (name) => name)
      const object = (forms: readonly string[]): string => {
        const members = forms.map((form, index) => `${quote(names[index] as string)}, ${form}`)
        return `CAST(json_object(${members.join(', ')}) AS VARCHAR)`
      }
      const sql = printJsonRows(query, output, object, 'chr(10)')
      return { sql, encoding: { kind: 'text', trim: 0 } }
    }
    case 'csv': {
      const texts = output.map(({ column }, index) => `${csvForm(columnName(column), column.type)} AS x${index}`)
      const fields = output.map(({ column }, index) => csvField(`x${index}`, column.type))
      // One call, for a chain of || over a thousand columns is nested too deeply for the kernel.
      const sql = `SELECT concat_ws(',', ${fields.join(', ')}) || chr(10) FROM (SELECT ${texts.join(', ')} FROM (${query}))`
      return { sql, encoding: { kind: 'text', trim: 0 } }
    }
    case 'arrow': {
      const values = output.map(({ column }, index) => `${arrowForm(columnName(column), column.type)} AS a${index}`)
      const fields = output.map(({ name, column }) => arrowField(name, column.type))
      return { sql: `SELECT ${values.join(', ')} FROM (${query})`, encoding: { kind: 'arrow', fields } }
    }
    case 'parquet': {
      const names = distinctNames(output, (name) => name.toLowerCase())
      const values = output.map(
        ({ column }, index) => `${arrowForm(columnName(column), column.type)} AS ${identifier(names[index] as string)}`,
      )
      const sql = `COPY (SELECT ${values.join(', ')} FROM (${query})) TO ${quote(file)} (FORMAT parquet)`
      return { sql, encoding: { kind: 'file', path: file } }
    }
    case 'stored': {
      // Printed arithmetic may be wider or narrower than the type says.
      const values = output.map(({ column }, index) => `CAST(${columnName(column)} AS ${storedType(column.type)}) AS ${storedName(index)}`)
      const sql = `COPY (SELECT ${values.join(', ')} FROM (${query})) TO ${quote(file)} (FORMAT parquet)`
      return { sql, encoding: { kind: 'kept-file', path: file } }
    }
    default:
      return unreachable(format)
  }
}

/**
 * Rows as JSON, each made by `row` of its columns' forms and ended by `end`. NaN and the infinities have a form of their
 * own that takes the other numbers through a text, so rows without them go another way: for 8 columns with one double 1.7
 * times as fast. What both ways share is a column below them, for the kernel plans each form where it stands: 3 ms a query.
 */
function printJsonRows(query: string, output: readonly OutputColumn[], row: (forms: readonly string[]) => string, end: string): string {
  const columns = output.map(({ column }, index) => {
    const name = columnName(column)
    const isFloat = column.type.kind === 'real' || column.type.kind === 'double'
    return { isFloat, type: column.type, below: isFloat ? name : jsonForm(name, column.type), name: `j${index}` }
  })
  const floats = columns.filter(({ isFloat }) => isFloat)
  if (floats.length === 0) return `SELECT ${row(columns.map(({ below }) => below))} || ${end} FROM (${query})`
  const formed = (form: (value: string, type: Type) => string): string =>
    row(columns.map(({ isFloat, name, type }) => (isFloat ? form(name, type) : name)))
  // Not of NULL: it is printed as such either way.
  const finite = floats.map(({ name }) => `isfinite(${name}) IS DISTINCT FROM false`).join(' AND ')
  const below = columns.map(({ below, name }) => `${below} AS ${name}`).join(', ')
  return `SELECT CASE WHEN ${finite} THEN ${formed(shortestDouble)} ELSE ${formed(jsonForm)} END || ${end} FROM (SELECT ${below} FROM (${query}))`
}

const storedName = (index: number): string => columnName({ id: index })

/** The rows of a `stored` result again, in their order; columns are called by their place. */
export function printStored({ files, columns }: Pick<StoredResult, 'files' | 'columns'>): string {
  const named = columns.map(({ type }, index) => ({ type, name: storedName(index) }))
  return `${printStoredColumns(files, named)} ORDER BY file_index, file_row_number`
}

/** The rows of stored results in any order, their columns called so. */
export function printStoredColumns(files: readonly string[], columns: readonly { readonly type: Type; readonly name: string }[]): string {
  const values = columns.map(({ type, name }, index) => `CAST(${storedName(index)} AS ${storedType(type)}) AS ${name}`)
  return `SELECT ${values.length === 0 ? 'NULL AS none' : values.join(', ')} FROM read_parquet([${files.map(quote).join(', ')}])`
}

/** The columns of `printStored`. */
export function storedOutput(columns: StoredResult['columns']): readonly OutputColumn[] {
  return columns.map(({ name, type }, id) => ({ name, column: { id, name, type } }))
}

/** Names of an object's members or a file's columns: repeats get `_2`, `_3` …; `fold` says which names are the same. */
function distinctNames(output: readonly OutputColumn[], fold: (name: string) => string): string[] {
  const used = new Set<string>()
  return output.map(({ name }) => {
    let distinct = name
    for (let copy = 2; used.has(fold(distinct)); copy++) distinct = `${name}_${copy}`
    used.add(fold(distinct))
    return distinct
  })
}

/** NULL is nothing, an empty text is `""`. Only text can hold what must be quoted. */
function csvField(text: string, type: Type): string {
  switch (type.kind) {
    case 'varchar':
    case 'char':
    case 'json':
    case 'array':
    case 'map':
    case 'row':
      return `CASE WHEN ${text} IS NULL THEN '' WHEN ${text} = '' OR regexp_matches(${text}, '[",\\n\\r]') THEN '"' || replace(${text}, '"', '""') || '"' ELSE ${text} END`
    default:
      return `coalesce(${text}, '')`
  }
}
