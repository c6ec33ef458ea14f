/**
 * JSON_TABLE: a function gives the rows of one JSON value as an array of texts, which is unnested beside the row that holds
 * the value; each column reads its cell.
 *
 *     t, JSON_TABLE(t.j, …)  →  Project(columns, Project(cells, Unnest(t, json_table(t.j, specification))))
 */
import { type Position, QueryError } from '#src/common/errors'
import type { PathSpec, TableColumn, TableSpec } from '#src/functions/json-path/query-spec'
import { jsonTableCells, jsonTableFunction, jsonTableOrdinality, jsonTableQuery, jsonTableValue } from '#src/functions/sql-json'
import { columnRef, literal, passThrough } from '#src/logical/build'
import type { Column, Expr } from '#src/logical/expression'
import type { Assignment, LogicalPlan } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { BIGINT, VARCHAR } from '#src/types/type'
import type { Analysis, ExprContext, Relation } from './analysis.ts'
import { analyzePathCall, analyzeQueryClauses, analyzeValueClauses, checkPath, readPath, specification, toCall } from './json.ts'
import { canonical, type NestedColumns, type PathColumns, planJsonTable } from './json-table-plan.ts'
import { scalarCallsOnly } from './policy.ts'
import type { Field, Scope } from './scope.ts'

/** How a column is read from the cells of its row. */
interface OutputColumn {
  readonly name: string
  readonly read: (cells: Expr, place: Expr) => Expr
}

/** Over `left`'s rows, whose columns it may name. `outer` keeps those for which there are no rows. */
export function analyzeJsonTable(node: ast.JsonTable, left: Relation, scope: Scope, outer: boolean, analysis: Analysis): Relation {
  const inner: Scope = { fields: [], parent: scope, named: scope.named }
  const context = (clause: string, root: ast.Expression): ExprContext => ({
    analysis,
    scope: inner,
    lambda: undefined,
    collector: undefined,
    calls: scalarCallsOnly(clause, root),
  })
  const call = analyzePathCall(node.call, context('JSON_TABLE input expression', node.call.input), (value) =>
    context('JSON_TABLE path parameter', value),
  )
  const outputs: OutputColumn[] = []
  const names = new Set(node.call.pathName ? [canonical(node.call.pathName)] : [])
  const errorOnError = node.onError === 'error'
  const columns = analyzeColumns(node.columns, { context, outputs, names, onError: errorOnError ? 'error' : 'null' })
  const spec: TableSpec = { ...call.spec, width: outputs.length, errorOnError, root: planJsonTable(node, columns) }
  const rows = toCall(jsonTableFunction(call.types, call.input.type), [call.input, specification(spec), ...call.variables], node.at)

  const row = analysis.ids.column('row', VARCHAR)
  const cells = analysis.ids.column('cells', jsonTableCells.type)
  const unnested: LogicalPlan = {
    kind: 'unnest',
    input: left.plan,
    items: [{ value: rows, columns: [row] }],
    ordinality: undefined,
    outer,
  }
  const kept = outputOf(left.plan).map(passThrough)
  const split: LogicalPlan = {
    kind: 'project',
    input: unnested,
    assignments: [...kept, { column: cells, value: toCall(jsonTableCells, [columnRef(row)], node.at) }],
  }
  const fields: Field[] = []
  const assignments = outputs.map(({ name, read }, index): Assignment => {
    const value = read(columnRef(cells), literal(BIGINT, BigInt(index + 1)))
    const column: Column = analysis.ids.column(name, value.type)
    fields.push({ name, relation: undefined, column, hidden: false })
    return { column, value }
  })
  return { plan: { kind: 'project', input: split, assignments: [...kept, ...assignments] }, fields }
}

interface ColumnsContext {
  readonly context: (clause: string, root: ast.Expression) => ExprContext
  /** All columns in the order of the text. */
  readonly outputs: OutputColumn[]
  readonly names: Set<string>
  /** Of columns that do not say it. */
  readonly onError: 'null' | 'error'
}

function analyzeColumns(columns: readonly ast.JsonTableColumn[], context: ColumnsContext): PathColumns {
  const own: TableColumn[] = []
  const nested: { node: NestedColumns; columns: PathColumns }[] = []
  for (const column of columns) {
    if (column.kind === 'nested') {
      if (column.pathName) takeName(column.pathName, context)
      pathSpec(column.path, column.pathAt)
      nested.push({ node: column, columns: analyzeColumns(column.columns, context) })
    } else {
      own.push(analyzeColumn(column, context))
    }
  }
  return { own, nested }
}

function analyzeColumn(
  column: Exclude<ast.JsonTableColumn, NestedColumns>,
  { outputs, names, context, onError }: ColumnsContext,
): TableColumn {
  const name = takeName(column.name, { names })
  const { at } = column.name
  const index = outputs.length
  if (column.kind === 'ordinality') {
    outputs.push({ name, read: (cells, place) => toCall(jsonTableOrdinality, [cells, place], at) })
    return { kind: 'ordinality', index }
  }
  const { spec: path, result } = pathSpec(column.path ?? `lax $."${name.replaceAll('"', '""')}"`, column.pathAt)
  const clauses = { returning: column.type, at }
  if (column.kind === 'query') {
    const { wrapper, quotes, onEmpty, format: returningFormat } = column
    const { spec, returning } = analyzeQueryClauses(
      { ...clauses, returningFormat, wrapper, quotes, onEmpty, onError: column.onError },
      path,
      onError,
    )
    outputs.push({ name, read: (cells, place) => toCall(jsonTableQuery(returning), [cells, place], at) })
    return { kind: 'query', index, spec }
  }
  const { onEmpty } = column
  const { spec, returning, defaults } = analyzeValueClauses(
    { ...clauses, onEmpty, onError: column.onError },
    { spec: path, result },
    onError,
    (value) => context('default expression for JSON_TABLE column', value),
  )
  outputs.push({ name, read: (cells, place) => toCall(jsonTableValue(spec, returning), [cells, place, ...defaults], at) })
  return { kind: 'value', index, spec }
}

/** A path without variables, checked. */
function pathSpec(path: string, at: Position): { readonly spec: PathSpec; readonly result: ReturnType<typeof checkPath> } {
  return { spec: { path, input: 'text', variables: [] }, result: checkPath(readPath(path, at), new Set(), at) }
}

/** @throws DUPLICATE_COLUMN_OR_PATH_NAME */
function takeName(identifier: ast.Identifier, { names }: Pick<ColumnsContext, 'names'>): string {
  const name = canonical(identifier)
  if (!names.has(name)) {
    names.add(name)
    return name
  }
  const message = 'All column and path names in JSON_TABLE invocation must be unique'
  throw new QueryError('DUPLICATE_COLUMN_OR_PATH_NAME', message, { at: identifier.at })
}
