/** DESCRIBE OUTPUT: the columns of a prepared statement, where they come from, and their types. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { VirtualTable } from '#src/analyze/context'
import { constantText, showStats as showStatsTable } from '#src/analyze/show'
import type { ColumnId } from '#src/logical/expression'
import type { QueryPlan } from '#src/logical/plan'
import { walkPlan } from '#src/logical/plan-walk'
import type { Statement } from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { BIGINT, BOOLEAN, INTEGER, type Type, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { Compiled } from './compile.ts'
import { aliasedOutputs } from './output-aliases.ts'

interface Origin {
  readonly catalog: string
  readonly schema: string
  readonly table: string
  readonly column: string
}

const NAMES = ['Column Name', 'Catalog', 'Schema', 'Table', 'Type'] as const

/** Statements without a result have no rows; what EXPLAIN gives is its text. */
export function describeOutput(compiled: Compiled, statement: Statement): VirtualTable {
  const rows = outputRows(compiled, statement)
  return {
    kind: 'virtual',
    columns: [
      ...NAMES.map((name, index) => ({ name, type: constantText(rows.map((row) => row[index])) })),
      { name: 'Type Size', type: rows.length === 0 ? BIGINT : INTEGER },
      { name: 'Aliased', type: BOOLEAN },
    ],
    rows,
  }
}

function outputRows(compiled: Compiled, statement: Statement): readonly (readonly Value[])[] {
  switch (compiled.kind) {
    case 'session':
    case 'ddl':
      return []
    case 'write':
      return compiled.write.kind === 'truncate' ? [] : [['rows', '', '', '', formatType(BIGINT), 8n, false]]
    case 'stats':
      return showStatsTable([], null).columns.map(({ name, type }) => [name, '', '', '', formatType(type), typeSize(type), false])
    case 'explain':
    case 'explain-write':
      if (compiled.explain.type === 'validate') return [['Valid', '', '', '', formatType(BOOLEAN), 1n, false]]
      return [['Query Plan', '', '', '', formatType(VARCHAR), 0n, false]]
    case 'rows':
      return planRows(compiled.plan, statement)
  }
}

function planRows(plan: QueryPlan, statement: Statement): readonly (readonly Value[])[] {
  const origins = originsOf(plan)
  const aliased = aliasedOutputs(
    statement,
    plan.output.map(({ name }) => name),
  )
  return plan.output.map(({ name, column }, index) => {
    const origin = origins.get(column.id)
    const from = origin === undefined ? ['', '', ''] : [origin.catalog, origin.schema, origin.table]
    return [name, ...from, formatType(column.type), typeSize(column.type), aliased[index] ?? false]
  })
}

/** Columns that are a table's own, through any projections that only rename. */
function originsOf(plan: QueryPlan): ReadonlyMap<ColumnId, Origin> {
  const origins = new Map<ColumnId, Origin>()
  const renamed = new Map<ColumnId, ColumnId>()
  walkPlan(plan.root, (node) => {
    if (node.kind === 'scan') {
      for (const { column, source } of node.columns)
        origins.set(column.id, { catalog: CATALOG_NAME, schema: node.table.schema, table: node.table.name, column: source.name })
    }
    if (node.kind === 'system-scan') {
      const { catalog, schema, name: table, columns } = node.table
      for (const { column, index } of node.columns) {
        const name = columns[index]?.name
        if (name !== undefined) origins.set(column.id, { catalog, schema, table, column: name })
      }
    }
    if (node.kind === 'project') {
      for (const { column, value } of node.assignments)
        if (value.kind === 'column' && value.id !== column.id) renamed.set(column.id, value.id)
    }
  })
  for (const id of renamed.keys()) {
    let source: ColumnId | undefined = id
    while (source !== undefined && !origins.has(source)) source = renamed.get(source)
    const origin = source === undefined ? undefined : origins.get(source)
    if (origin !== undefined) origins.set(id, origin)
  }
  return origins
}

/** Bytes of a value in Trino's memory; 0 where they differ from value to value. */
function typeSize(type: Type): bigint {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'unknown':
      return 1n
    case 'smallint':
      return 2n
    case 'integer':
    case 'real':
    case 'date':
    case 'interval year to month':
      return 4n
    case 'bigint':
    case 'double':
    case 'time':
    case 'timestamp':
    case 'interval day to second':
    case 'time with time zone':
      return 8n
    case 'timestamp with time zone':
      return type.precision <= 3 ? 8n : 12n
    case 'decimal':
      return type.precision <= 18 ? 8n : 16n
    case 'uuid':
    case 'ipaddress':
      return 16n
    default:
      return 0n
  }
}
