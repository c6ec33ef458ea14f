/**
 * Text of a logical plan: one line a node, children indented below. A column is called by its name; where several columns
 * of a plan share one, the later ones (in order of evaluation) get `_1`, `_2`…, so that texts do not depend on ids.
 *
 *   Output[flag, total := sum]
 *     Aggregate[flag; sum := sum(price)]
 *       TableScan[default.lineitem; flag, price]
 */
import { unreachable } from '#src/common/errors'
import type { Type } from '#src/types/type'
import { and } from './build.ts'
import { type ExprNames, printCall, printExpr, printFrame, printSortKey } from './expr-print.ts'
import { planOfExpr, walkExpr } from './expr-walk.ts'
import type { Column, ColumnId, Expr } from './expression.ts'
import type { Join, LogicalPlan, QueryPlan, Scan, SystemScan } from './plan.ts'
import { children, expressionsOf, outputOf, producedBy } from './plan-walk.ts'

/** A node as text, for whoever lays out the tree: EXPLAIN in its formats. */
export interface PrintedNode {
  /** Undefined for a QueryPlan's Output line. */
  readonly plan: LogicalPlan | undefined
  /** `TableScan` */
  readonly name: string
  /** `default.orders; orderkey, dt` */
  readonly detail: string
  readonly outputs: readonly { readonly symbol: string; readonly type: Type }[]
  readonly subqueries: readonly { readonly mark: string; readonly root: PrintedNode }[]
  readonly children: readonly PrintedNode[]
}

/** The whole tree as lines; a QueryPlan begins with its Output line. Ends without a newline. */
export function printPlan(plan: QueryPlan | LogicalPlan): string {
  return linesOf(printNodes(plan), 0).join('\n')
}

function linesOf(node: PrintedNode, depth: number): readonly string[] {
  const indent = '  '.repeat(depth)
  return [
    `${indent}${node.name}[${node.detail}]`,
    ...node.subqueries.flatMap(({ mark, root }) => [`${indent}  ${mark}:`, ...linesOf(root, depth + 2)]),
    ...node.children.flatMap((child) => linesOf(child, depth + 1)),
  ]
}

/** The whole tree with every node described; symbols are unique in it. */
export function printNodes(plan: QueryPlan | LogicalPlan): PrintedNode {
  const printer = createPrinter()
  if ('kind' in plan) {
    printer.nameColumns(plan)
    return printer.print(plan)
  }
  printer.nameColumns(plan.root)
  const output = plan.output.map(({ name, column }) => {
    const symbol = printer.symbol(column)
    return name === symbol ? name : `${name} := ${symbol}`
  })
  return {
    plan: undefined,
    name: 'Output',
    detail: output.join(', '),
    outputs: plan.output.map(({ column }) => ({ symbol: printer.symbol(column), type: column.type })),
    subqueries: [],
    children: [printer.print(plan.root)],
  }
}

interface Printer {
  nameColumns(plan: LogicalPlan): void
  symbol(column: Column): string
  print(plan: LogicalPlan): PrintedNode
}

function createPrinter(): Printer {
  const symbols = new Map<ColumnId, string>()
  const taken = new Set<string>()
  let subqueries = 0

  const name = (column: Column): void => {
    if (symbols.has(column.id)) return
    let candidate = column.name
    for (let suffix = 1; taken.has(candidate); suffix++) candidate = `${column.name}_${suffix}`
    taken.add(candidate)
    symbols.set(column.id, candidate)
  }
  const nameColumns = (plan: LogicalPlan): void => {
    for (const child of children(plan)) nameColumns(child)
    for (const subplan of subplansOf(plan)) nameColumns(subplan)
    for (const column of producedBy(plan)) name(column)
  }
  const symbolOf = (id: ColumnId, fallback: string): string => symbols.get(id) ?? `${fallback}?${id}`
  const symbol = (column: Column): string => symbolOf(column.id, column.name)

  const print = (plan: LogicalPlan): PrintedNode => {
    const subplans: { readonly mark: string; readonly plan: LogicalPlan }[] = []
    const names: ExprNames = {
      column: symbolOf,
      subquery: (subplan) => {
        const mark = `subquery#${++subqueries}`
        subplans.push({ mark, plan: subplan })
        return mark
      },
    }
    const text = describe(plan, names, symbol)
    const bracket = text.indexOf('[')
    return {
      plan,
      name: text.slice(0, bracket),
      detail: text.slice(bracket + 1, -1),
      outputs: outputOf(plan).map((column) => ({ symbol: symbol(column), type: column.type })),
      subqueries: subplans.map((subplan) => ({ mark: subplan.mark, root: print(subplan.plan) })),
      children: children(plan).map(print),
    }
  }
  return { nameColumns, symbol, print }
}

function subplansOf(plan: LogicalPlan): LogicalPlan[] {
  const found: LogicalPlan[] = []
  for (const expr of expressionsOf(plan)) {
    walkExpr(expr, (node) => {
      const subplan = planOfExpr(node)
      if (subplan) found.push(subplan)
    })
  }
  return found
}

function describe(plan: LogicalPlan, names: ExprNames, symbol: (column: Column) => string): string {
  const expr = (value: Expr): string => printExpr(value, names)
  const symbols = (columns: readonly Column[]): string => columns.map(symbol).join(', ')
  switch (plan.kind) {
    case 'scan':
      return `TableScan[${describeScan(plan, names, symbol)}]`
    case 'system-scan':
      return `SystemScan[${describeSystemScan(plan, names, symbol)}]`
    case 'values': {
      const rows = plan.rows.map((row) => `(${row.map(expr).join(', ')})`).join(', ')
      return plan.columns.length === 0 ? `Values[${rows}]` : `Values[${symbols(plan.columns)}; ${rows}]`
    }
    case 'filter':
      return `Filter[${expr(plan.predicate)}]`
    case 'project': {
      const assignments = plan.assignments.map(({ column, value }) =>
        value.kind === 'column' && value.id === column.id ? symbol(column) : `${symbol(column)} := ${expr(value)}`,
      )
      return `Project[${assignments.join(', ')}]`
    }
    case 'aggregate': {
      const parts = [symbols(plan.keys)]
      if (plan.groupingSets.length !== 1)
        parts.push(`sets ${plan.groupingSets.map((set) => describeSet(set, plan.keys, symbol)).join(', ')}`)
      for (const { column, call } of plan.aggregates) parts.push(`${symbol(column)} := ${printCall(call, names)}`)
      for (const { column, of } of plan.groupings) parts.push(`${symbol(column)} := grouping${describeSet(of, plan.keys, symbol)}`)
      return `Aggregate[${parts.join('; ')}]`
    }
    case 'window': {
      const parts: string[] = []
      if (plan.partitionBy.length > 0) parts.push(`partition by ${plan.partitionBy.map(expr).join(', ')}`)
      if (plan.orderBy.length > 0) parts.push(`order by ${plan.orderBy.map((key) => printSortKey(key, names)).join(', ')}`)
      for (const { column, call, ignoreNulls, frame } of plan.calls) {
        const nulls = ignoreNulls ? ' IGNORE NULLS' : ''
        parts.push(`${symbol(column)} := ${printCall(call, names)}${nulls}${frame ? ` ${printFrame(frame, names)}` : ''}`)
      }
      return `Window[${parts.join('; ')}]`
    }
    case 'join':
      return `${joinName(plan)}[${plan.condition ? expr(plan.condition) : ''}]`
    case 'set-operation':
      return `${plan.operator[0]?.toUpperCase()}${plan.operator.slice(1)}${plan.all ? 'All' : ''}[${symbols(plan.columns)}]`
    case 'sort':
      return `Sort[${plan.keys.map((key) => printSortKey(key, names)).join(', ')}]`
    case 'limit': {
      const count = plan.count === undefined ? 'ALL' : String(plan.count)
      return `Limit[${count}${plan.withTies ? ' WITH TIES' : ''}${plan.offset > 0 ? `, offset ${plan.offset}` : ''}]`
    }
    case 'sample':
      return `Sample[${plan.method.toUpperCase()} ${plan.percentage}%]`
    case 'unnest': {
      const items = plan.items.map((item) => `${symbols(item.columns)} := ${expr(item.value)}`)
      const ordinality = plan.ordinality ? `; ordinality ${symbol(plan.ordinality)}` : ''
      return `${plan.outer ? 'LeftJoin' : 'CrossJoin'}Unnest[${items.join('; ')}${ordinality}]`
    }
    case 'with':
      return `With[${plan.name}#${plan.cteId}]`
    case 'cte-ref':
      return `CteScan[${plan.name}#${plan.cteId}; ${symbols(plan.columns)}]`
    case 'recursive-cte':
      return `Recursive${plan.distinct ? 'Union' : 'UnionAll'}[${plan.name}#${plan.cteId}; ${symbols(plan.columns)}]`
    default:
      return unreachable(plan)
  }
}

function describeScan(scan: Scan, names: ExprNames, symbol: (column: Column) => string): string {
  const columns = scan.columns.map(({ column, source }) => {
    const name = symbol(column)
    return name === source.name ? name : `${name} := ${source.name}`
  })
  const parts = [`${scan.table.schema}.${scan.table.name}`]
  if (columns.length > 0) parts.push(columns.join(', '))
  if (scan.predicate.length > 0) parts.push(`predicate ${printExpr(and(...scan.predicate), names)}`)
  if (scan.limit !== undefined) parts.push(`limit ${scan.limit}`)
  return parts.join('; ')
}

function describeSystemScan({ table, columns, predicate }: SystemScan, names: ExprNames, symbol: (column: Column) => string): string {
  const parts = [`${table.catalog}.${table.schema}.${table.name}`]
  if (columns.length > 0) parts.push(columns.map(({ column }) => symbol(column)).join(', '))
  if (predicate.length > 0) parts.push(`predicate ${printExpr(and(...predicate), names)}`)
  return parts.join('; ')
}

function describeSet(set: readonly ColumnId[], keys: readonly Column[], symbol: (column: Column) => string): string {
  const names = set.map((id) => {
    const key = keys.find((candidate) => candidate.id === id)
    return key ? symbol(key) : `?${id}`
  })
  return `(${names.join(', ')})`
}

function joinName(join: Join): string {
  const type = `${join.type[0]?.toUpperCase()}${join.type.slice(1)}`
  return `${type}${join.lateral ? 'Lateral' : ''}Join`
}
