/**
 * UNION, INTERSECT and EXCEPT. Where the columns are their own equality keys the kernel's own operators do it.
 * Otherwise rows of all sides are put together, tagged with their side, grouped by key, and kept by which sides they
 * have; with ALL the n-th copy of a row meets the n-th copy of the other side.
 */
import type { SetOperation } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { columnList, columnName, type PlanPrinter } from './context.ts'

export function printSetOperation(plan: SetOperation, printer: PlanPrinter): string {
  const native = plan.columns.length > 0 && plan.columns.every((column) => printer.forms.isNative(column.type))
  if (!native && !(plan.operator === 'union' && plan.all)) return printByKeys(plan, printer)
  const operator = `${plan.operator.toUpperCase()}${plan.all ? ' ALL' : ''}`
  const flat = plan.operator === 'union'
  const sides = plan.inputs.map((input) => `(SELECT ${columnList(outputOf(input))} FROM ${printer.relation(input)})`)
  const combined = flat ? sides.join(` ${operator} `) : sides.reduce((left, right) => `(${left} ${operator} ${right})`)
  const names = plan.columns.length === 0 ? 'none' : plan.columns.map(columnName).join(', ')
  return `SELECT ${columnList(plan.columns)} FROM (${combined}) AS ${printer.unique('s')}(${names})`
}

function printByKeys(plan: SetOperation, printer: PlanPrinter): string {
  const names = plan.columns.map(columnName)
  const sides = plan.inputs.map((input, side) => {
    const columns = outputOf(input).map((column, index) => `${columnName(column)} AS ${names[index]}`)
    return `SELECT ${[...columns, `${side} AS side`].join(', ')} FROM ${printer.relation(input)}`
  })
  const keys = plan.columns.map((column) => printer.forms.equalityKey(columnName(column), column.type))
  const keyNames = keys.map((_, index) => `k${index}`)
  const copy = plan.all ? [`row_number() OVER (PARTITION BY ${['side', ...keys].join(', ')}) AS copy`] : []
  const keyed = `SELECT *, ${[...keys.map((key, index) => `${key} AS ${keyNames[index]}`), ...copy].join(', ')} FROM (${sides.join(' UNION ALL ')})`
  const groups = [...keyNames, ...(plan.all ? ['copy'] : [])].join(', ')
  const values = plan.columns.map((column) => `arg_min(${columnName(column)}, side) AS ${columnName(column)}`)
  const first = plan.columns.map((column) => values[plan.columns.indexOf(column)])
  return `SELECT ${first.length === 0 ? 'NULL AS none' : first.join(', ')} FROM (${keyed})${groups === '' ? '' : ` GROUP BY ${groups}`} HAVING ${having(plan)}`
}

function having(plan: SetOperation): string {
  switch (plan.operator) {
    case 'union':
      return 'count(*) > 0'
    case 'intersect':
      return `count(DISTINCT side) = ${plan.inputs.length}`
    case 'except':
      return 'count(*) > 0 AND max(side) = 0'
  }
}
