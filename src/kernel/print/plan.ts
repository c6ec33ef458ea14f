/**
 * A logical plan as one SELECT statement of the kernel. Every node becomes a query whose columns are called `c12` after
 * their ids: ids are unique in a plan, so a correlated reference is just the outer query's column.
 */
import { QueryError, unreachable } from '#src/common/errors'
import { isRandom } from '#src/logical/expr-properties'
import type { Expr } from '#src/logical/expression'
import type { CteRef, Join, LogicalPlan, RecursiveCte, Sample, Values, With } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { printAggregate } from './aggregate.ts'
import { columnList, columnName, type PlanPrinter } from './context.ts'
import { printFilter } from './filter.ts'
import { printInput, printLeftInput } from './outer-columns.ts'
import { printScan } from './scan.ts'
import { printSetOperation } from './set-operation.ts'
import { printLimit, printSort } from './sort.ts'
import { printSystemScan } from './system-scan.ts'
import { printUnnest } from './unnest.ts'
import { printWindow } from './window.ts'

/** A SELECT statement (with its WITH clause) that gives the plan's output columns. */
export function printQuery(plan: LogicalPlan, printer: PlanPrinter): string {
  switch (plan.kind) {
    case 'scan':
      return printScan(plan, printer)
    case 'system-scan':
      return printSystemScan(plan, printer)
    case 'values':
      return printValues(plan, printer)
    case 'filter':
      return printFilter(plan, printer)
    case 'project': {
      const order = isRowsOfValues(plan.input) ? 'any' : undefined
      const items = plan.assignments.map(({ column, value }) =>
        value.kind === 'column' && value.id === column.id ? columnName(column) : `${printer.expr(value, order)} AS ${columnName(column)}`,
      )
      const values = plan.assignments.map(({ value }) => value)
      const select = items.length === 0 ? 'NULL AS none' : items.join(', ')
      return `SELECT ${select} FROM ${printInput(plan.input, values, select, printer)}`
    }
    case 'aggregate':
      return printAggregate(plan, printer)
    case 'window':
      return printWindow(plan, printer)
    case 'join':
      return `SELECT ${columnList(outputOf(plan))} FROM ${printJoin(plan, printer)}`
    case 'set-operation':
      return printSetOperation(plan, printer)
    case 'sort':
      return printSort(plan, printer)
    case 'limit':
      return printLimit(plan, printer)
    case 'sample':
      return printSample(plan, printer)
    case 'unnest':
      return printUnnest(plan, printer)
    case 'with':
      return printWith(plan, printer)
    case 'cte-ref':
      return printCteRef(plan)
    case 'recursive-cte':
      return `WITH ${printRecursion(plan, printer)} SELECT ${columnList(plan.columns)} FROM ${cteName(plan.cteId)}`
    default:
      return unreachable(plan)
  }
}

/** An item of a FROM clause. Joins stand as they are, which keeps the nesting shallow. */
export function printRelation(plan: LogicalPlan, printer: PlanPrinter): string {
  if (plan.kind === 'join') return printJoin(plan, printer)
  return `(${printQuery(plan, printer)}) AS ${printer.unique('t')}`
}

/** Rows that Trino computes when it plans, together with what is projected from them. */
function isRowsOfValues(plan: LogicalPlan): boolean {
  return plan.kind === 'values' || (plan.kind === 'project' && isRowsOfValues(plan.input))
}

function printValues(plan: Values, printer: PlanPrinter): string {
  if (plan.columns.length === 0) return `SELECT NULL AS none FROM range(${plan.rows.length})`
  if (plan.rows.length === 0) {
    const nulls = plan.columns.map((column) => `CAST(NULL AS ${printer.forms.stored(column.type)}) AS ${columnName(column)}`)
    return `SELECT ${nulls.join(', ')} WHERE false`
  }
  const [only] = plan.rows
  if (plan.rows.length === 1 && only !== undefined)
    return `SELECT ${only.map((value, index) => `${printer.expr(value, 'any')} AS c${plan.columns[index]?.id}`).join(', ')}`
  const rows = plan.rows.map((row) => `(${row.map((value) => printer.expr(value, 'any')).join(', ')})`)
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS ${printer.unique('v')}(${plan.columns.map(columnName).join(', ')})`
}

function printJoin(plan: Join, printer: PlanPrinter): string {
  // Operands as they are: the kernel looks for equalities to hash by.
  const condition = plan.condition === undefined ? 'true' : printCondition(plan.type, plan.condition, printer)
  const left = printLeftInput(plan, condition, printer)
  // A lateral right side must be one derived table.
  const right = plan.lateral ? `LATERAL (${printer.query(plan.right)}) AS ${printer.unique('t')}` : printer.relation(plan.right)
  if (plan.type === 'cross') return `(${left} CROSS JOIN ${right})`
  return `(${left} ${plan.type.toUpperCase()} JOIN ${right} ON ${condition})`
}

/** An inner join's condition is a filter's. */
function printCondition(type: Join['type'], condition: Expr, printer: PlanPrinter): string {
  return type === 'inner' ? printer.predicate(condition, true, 'none') : printer.expr(condition, 'none')
}

function printSample(plan: Sample, printer: PlanPrinter): string {
  if (plan.percentage < 0 || plan.percentage > 100) throw new QueryError('INVALID_ARGUMENTS', 'Sample percentage must be between 0 and 100')
  const columns = columnList(outputOf(plan))
  return `SELECT ${columns} FROM (${printer.query(plan.input)}) AS ${printer.unique('t')} TABLESAMPLE ${plan.method} (${plan.percentage} PERCENT)`
}

function cteName(cteId: number): string {
  return `cte${cteId}`
}

function printWith(plan: With, printer: PlanPrinter): string {
  const { query } = plan
  const definition =
    query.kind === 'recursive-cte' && query.cteId === plan.cteId
      ? printRecursion(query, printer)
      : // In Trino a named query is run anew for each of its uses.
        `${cteName(plan.cteId)} AS ${isRandom(query) ? 'NOT MATERIALIZED ' : ''}(${printer.query(query)})`
  return `WITH ${definition} ${parenthesized(printer.query(plan.body))}`
}

/** A body that begins with a WITH of its own needs a SELECT around it. */
function parenthesized(body: string): string {
  return body.startsWith('WITH') ? `SELECT * FROM (${body})` : body
}

function printRecursion(plan: RecursiveCte, printer: PlanPrinter): string {
  const union = plan.distinct ? 'UNION' : 'UNION ALL'
  const distinct = plan.distinct ? plan.columns.find((column) => !printer.forms.isNative(column.type)) : undefined
  if (distinct)
    throw new QueryError('NOT_SUPPORTED', `A recursive UNION DISTINCT over the type of column '${distinct.name}' is not supported`)
  const name = cteName(plan.cteId)
  const columns = plan.columns.map(columnName).join(', ')
  const side = (input: LogicalPlan, depth: string, from = '') =>
    `(SELECT ${columnList(outputOf(input))}, ${depth} FROM ${printer.relation(input)}${from})`
  const base = side(plan.base, '0')
  // All rows that a step sees are of one depth, whatever the step makes of them.
  const step = side(plan.recursive, nextDepth(plan.maxDepth), ` CROSS JOIN (SELECT depth FROM ${name} LIMIT 1) AS before`)
  const recursion = `${name}(${columns}, depth) AS (${base} ${union} ${step})`
  // The second query of the same name hides the first. Materialized: a LIMIT must not end the recursion before it fails.
  return `${name} AS MATERIALIZED (WITH RECURSIVE ${recursion} SELECT ${plan.distinct ? 'DISTINCT ' : ''}${columns} FROM ${name})`
}

/** A column of the step's rows: their depth; one that goes too deep fails the query. */
function nextDepth(maxDepth: number): string {
  const message = `Recursion depth limit exceeded (${maxDepth}). Use ''max_recursion_depth'' session property to modify the limit.`
  return `CASE WHEN before.depth >= ${maxDepth} THEN CAST(error('WEIR|NOT_SUPPORTED|${message}') AS INTEGER) ELSE before.depth + 1 END`
}

function printCteRef(plan: CteRef): string {
  const columns = plan.columns.map((column, index) => `c${plan.source[index]} AS ${columnName(column)}`)
  return `SELECT ${columns.length === 0 ? 'NULL AS none' : columns.join(', ')} FROM ${cteName(plan.cteId)}`
}
