/**
 * Rows of constants as a query. Values travel as text in one literal a column (a list of 20,000 literals takes the
 * kernel's parser longer than reading the files it describes) and are converted there.
 */
import { QueryError } from '#src/common/errors'
import { quote } from '#src/functions/kernel-error'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { PlanPrinter } from './context.ts'

export interface ValueColumn {
  /** The column's name in the query. */
  readonly name: string
  readonly type: Type
  readonly values: readonly Value[]
}

/** A SELECT with one row an index: column `index`, then the columns in their stored forms. */
export function printValueTable(columns: readonly ValueColumn[], rows: number, printer: PlanPrinter): string {
  const constants = [`${rows} AS n`]
  const raw = columns.map((column, at) => `unnest(${rawList(column, `s${at}`, constants, printer)}) AS r${at}`)
  const typed = columns.map((column, at) => `${fromRaw(`r${at}`, column.type, printer)} AS ${column.name}`)
  // The texts are columns of a query below: of a constant the kernel would make a list of constants first, which takes six times as long.
  return `SELECT ${['row_index', ...typed].join(', ')} FROM (SELECT ${[`unnest(range(n)) AS row_index`, ...raw].join(', ')} FROM (SELECT ${constants.join(', ')}))`
}

/** A list, made of a text that is added to `constants` under a name that begins with `name`. */
function rawList(column: ValueColumn, name: string, constants: string[], printer: PlanPrinter): string {
  if (travelsAsText(column.type)) {
    const texts = column.values.map((value) => rawText(value, column.type))
    const runs = isInRuns(texts) ? runsOf(texts) : undefined
    constants.push(`${quote(JSON.stringify(runs?.texts ?? texts))} AS ${name}`)
    const list = `from_json(${name}, '["VARCHAR"]')`
    if (runs === undefined) return list
    constants.push(`[${runs.lengths.join(', ')}] AS ${name}n`)
    return `flatten(list_transform(list_zip(${list}, ${name}n), lambda p: list_resize([p[1]], p[2], p[1])))`
  }
  const literals = column.values.map((value) => printer.expr({ kind: 'literal', type: column.type, value }))
  return `CAST([${literals.join(', ')}] AS ${printer.forms.stored(column.type)}[])`
}

/** Whether equal values follow each other, four or more on average. */
export function isInRuns(values: readonly Value[]): boolean {
  let runs = 1
  for (let index = 1; index < values.length; index++) if (values[index] !== values[index - 1]) runs++
  return runs * 4 <= values.length
}

interface Runs {
  readonly texts: readonly (string | null)[]
  readonly lengths: readonly number[]
}

/** Equal texts that follow each other, once with how many there are: lists in order are full of them. */
function runsOf(texts: readonly (string | null)[]): Runs {
  const values: (string | null)[] = []
  const lengths: number[] = []
  for (const text of texts) {
    const last = values.length - 1
    if (last >= 0 && values[last] === text) lengths[last] = (lengths[last] as number) + 1
    else {
      values.push(text)
      lengths.push(1)
    }
  }
  return { texts: values, lengths }
}

/** A list of texts as a constant: the kernel reads one long JSON text much faster than a list of literals. */
export function textList(texts: readonly (string | null)[]): string {
  return `from_json(${quote(JSON.stringify(texts))}, '["VARCHAR"]')`
}

function travelsAsText(type: Type): boolean {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal':
    case 'varchar':
    case 'date':
    case 'timestamp':
      return true
    default:
      return false
  }
}

function rawText(value: Value, type: Type): string | null {
  if (value === null) return null
  if (type.kind === 'decimal') return decimalText(value as bigint, type.scale)
  if (typeof value === 'string') return value
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new QueryError('GENERIC_INTERNAL_ERROR', `A value of type ${type.kind} cannot travel as text`)
}

/** 150n with scale 2 is `1.50`. */
function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${unscaled < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`}`
}

function fromRaw(raw: string, type: Type, printer: PlanPrinter): string {
  switch (type.kind) {
    case 'date':
      return `(DATE '1970-01-01' + CAST(${raw} AS INTEGER))`
    case 'timestamp':
      return `make_timestamp(CAST(${raw} AS BIGINT))`
    case 'varchar':
      return raw
    default:
      return travelsAsText(type) ? `CAST(${raw} AS ${printer.forms.stored(type)})` : raw
  }
}
