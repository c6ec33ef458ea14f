/** Rows that the engine has made, as a query. */
import { QueryError } from '#src/common/errors'
import type { SystemScan } from '#src/logical/plan'
import { BIGINT } from '#src/types/type'
import type { Value } from '#src/types/value'
import { columnList, columnName, type PlanPrinter } from './context.ts'
import { shareTuples } from './shared-tuples.ts'
import { isInRuns, printValueTable, type ValueColumn } from './value-table.ts'

export function printSystemScan({ table, columns, rows }: SystemScan, printer: PlanPrinter): string {
  if (rows === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `The rows of ${table.schema}.${table.name} were not fetched`)
  const varying: ValueColumn[] = []
  const constant: string[] = []
  for (const { column, index } of columns) {
    const values = rows.map((row) => row[index] ?? null)
    const [first = null] = values
    // A column of one value (a catalog's name, what is never known) costs nothing as a literal.
    if (isPlain(first) && values.every((value) => value === first)) {
      const value = printer.expr({ kind: 'literal', type: column.type, value: first })
      constant.push(`CAST(${value} AS ${printer.forms.stored(column.type)}) AS ${columnName(column)}`)
    } else varying.push({ name: columnName(column), type: column.type, values })
  }
  const items = [...varying.map(({ name }) => name), ...constant]
  const every = columnList(columns.map(({ column }) => column))
  return `SELECT ${every} FROM (SELECT ${items.length === 0 ? 'NULL AS none' : items.join(', ')} FROM ${printVarying(varying, rows.length, printer)})`
}

const isPlain = (value: Value): boolean => value === null || typeof value !== 'object'

/** Fewer rows are quick in any form. */
const LONG = 1000

/** Many rows of few different tuples: these once, and for every row which one it has. */
function printVarying(columns: readonly ValueColumn[], rows: number, printer: PlanPrinter): string {
  const candidates = rows < LONG ? [] : columns.filter((column) => !isInRuns(column.values))
  const shared = shareTuples(candidates, rows / 8)
  if (shared === undefined) return `(${printValueTable(columns, rows, printer)})`
  const others = columns.filter((column) => !shared.columns.includes(column))
  const code: ValueColumn = { name: 'tuple', type: BIGINT, values: shared.codes.map(BigInt) }
  const tuples = shared.columns.map((column) => ({ ...column, values: shared.firstRows.map((row) => column.values[row] ?? null) }))
  const [left, right] = [printer.unique('t'), printer.unique('t')]
  return `(${printValueTable([...others, code], rows, printer)}) AS ${left} JOIN (${printValueTable(tuples, shared.firstRows.length, printer)}) AS ${right} ON ${left}.tuple = ${right}.row_index`
}
