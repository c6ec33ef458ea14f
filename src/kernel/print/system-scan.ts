/** Rows that the engine has made, as a query. */
import { QueryError } from '#src/common/errors'
import type { SystemScan } from '#src/logical/plan'
import type { Value } from '#src/types/value'
import { columnList, columnName, type PlanPrinter } from './context.ts'
import { printValueTable, type ValueColumn } from './value-table.ts'

export function printSystemScan({ table, columns, rows }: SystemScan, printer: PlanPrinter): string {
  if (rows === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `The rows of ${table.schema}.${table.name} were not fetched`)
  const varying: ValueColumn[] = []
  const constant: string[] = []
  for (const { column, index } of columns) {
    const first: Value = rows[0]?.[index] ?? null
    // A column of one value (a catalog's name, what is never known) costs nothing as a literal.
    if (typeof first !== 'object' || first === null) {
      if (rows.every((row) => (row[index] ?? null) === first)) {
        const value = printer.expr({ kind: 'literal', type: column.type, value: first })
        constant.push(`CAST(${value} AS ${printer.forms.stored(column.type)}) AS ${columnName(column)}`)
        continue
      }
    }
    varying.push({ name: columnName(column), type: column.type, values: rows.map((row) => row[index] ?? null) })
  }
  const every = columnList(columns.map(({ column }) => column))
  const items = [...varying.map(({ name }) => name), ...constant].join(', ')
  return `SELECT ${every} FROM (SELECT ${items === '' ? 'NULL AS none' : items} FROM (${printValueTable(varying, rows.length, printer)}))`
}
