/**
 * Reading units. Every group of one physical schema is one reader call with a projection to the table's types; groups
 * are put together by UNION ALL. Partition keys and hidden columns come from a table of the query's files, joined by the
 * reader's file index; where all of a group's files agree they are constants.
 */
import { formatLocation } from '#connectors/storage/location'
import { QueryError, unreachable } from '#src/common/errors'
import type { Scan, ScanColumn } from '#src/logical/plan'
import type { ScanPlan } from '#src/physical/plan'
import type { PreparedScan, Unit, UnitGroup } from '#src/scan/units'
import type { Value } from '#src/types/value'
import { columnName, identifier, type PlanPrinter } from './context.ts'
import { printParquetColumn } from './parquet-column.ts'
import { printStoredColumns } from './result.ts'
import { printTextReader } from './text-reader.ts'
import { printValueTable, textList } from './value-table.ts'

export function printScan(plan: Scan, printer: PlanPrinter): string {
  const stored = printer.storedFiles(plan.id)
  if (stored !== undefined) return printStoredScan(plan, stored)
  const scan = printer.scan(plan.id)
  const groups = scan.groups.filter((group) => group.units.length > 0)
  if (groups.length === 0) {
    const nulls = plan.columns.map(({ column }) => `CAST(NULL AS ${printer.forms.stored(column.type)}) AS ${columnName(column)}`)
    return `SELECT ${nulls.length === 0 ? 'NULL AS none' : nulls.join(', ')} WHERE false`
  }
  return groups.map((group) => printGroup(plan, scan, group, printer)).join(' UNION ALL ')
}

function printStoredScan({ columns }: Scan, files: readonly string[]): string {
  return printStoredColumns(
    files,
    columns.map(({ column }) => ({ type: column.type, name: columnName(column) })),
  )
}

/** What a group's reader gives: a FROM item, and an expression over it for each column that is in the files. */
export interface GroupReader {
  readonly from: string
  /** Conditions that rows must meet to be rows of the table. */
  readonly where: string | undefined
  readonly value: (index: number) => string
  /** Column of the reader that tells the unit: its index in the group, or its path. */
  readonly unit: { readonly name: string; readonly by: 'index' | 'path' }
}

function printGroup(plan: Scan, scan: PreparedScan, group: UnitGroup, printer: PlanPrinter): string {
  const reader = group.format === 'parquet' ? parquetReader(plan, scan, group, printer) : printTextReader(plan, scan, group, printer)
  const fromPlan = plan.columns.filter((_, index) => columnOf(group, index).kind === 'from-plan')
  const files = fromPlan.length === 0 ? undefined : fileValues(scan.plan, group.units, fromPlan)
  const constant = files?.every((column) => column.values.every((value) => same(value, column.values[0] as Value))) ?? true
  const items = plan.columns.map((entry, index) => {
    const name = columnName(entry.column)
    const source = columnOf(group, index)
    switch (source.kind) {
      case 'file':
        return `${reader.value(index)} AS ${name}`
      case 'missing':
        return `CAST(NULL AS ${printer.forms.stored(entry.column.type)}) AS ${name}`
      case 'from-plan': {
        if (!constant) return `f.${name} AS ${name}`
        const value = files?.[fromPlan.indexOf(entry)]?.values[0] ?? null
        return `${printer.expr({ kind: 'literal', type: entry.column.type, value })} AS ${name}`
      }
      default:
        return unreachable(source)
    }
  })
  const select = `SELECT ${items.length === 0 ? 'NULL AS none' : items.join(', ')}`
  const where = reader.where === undefined ? '' : ` WHERE ${reader.where}`
  if (files === undefined || constant) return `${select} FROM ${reader.from} AS u${where}`

  const table = printer.unique(`files_${plan.id}_`)
  const columns = files.map((column, index) => ({ ...column, name: columnName((fromPlan[index] as ScanColumn).column) }))
  const values =
    reader.unit.by === 'index'
      ? printValueTable(columns, group.units.length, printer).replace('SELECT row_index', 'SELECT CAST(row_index AS UBIGINT) AS unit')
      : printValueTable(
          [...columns, { name: 'unit', type: { kind: 'varchar', length: undefined }, values: group.units.map((unit) => unit.path) }],
          group.units.length,
          printer,
        )
  printer.before(`CREATE TEMP TABLE ${table} AS ${values}`)
  return `${select} FROM ${reader.from} AS u JOIN ${table} AS f ON u.${reader.unit.name} = f.unit${where}`
}

function columnOf(group: UnitGroup, index: number): UnitGroup['columns'][number] {
  const column = group.columns[index]
  if (column === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `A unit group lacks column ${index} of its scan`)
  return column
}

function same(left: Value, right: Value): boolean {
  if (typeof left === 'object' && left !== null && 'micros' in left && typeof right === 'object' && right !== null && 'micros' in right)
    return left.micros === right.micros && left.zone === right.zone
  return Object.is(left, right)
}

/** The values of the columns that are not in the files, one a unit. */
function fileValues(scan: ScanPlan, units: readonly Unit[], columns: readonly ScanColumn[]) {
  return columns.map((entry) => ({ type: entry.column.type, values: units.map((unit) => fileValue(scan, unit, entry)) }))
}

function fileValue(scan: ScanPlan, unit: Unit, entry: ScanColumn): Value {
  const file = scan.files[unit.file]
  const partition = file === undefined ? undefined : scan.partitions[file.partition]
  if (file === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `A unit names file ${unit.file}, which its scan does not have`)
  const { source } = entry
  switch (source.kind) {
    case 'key': {
      const at = scan.table.partitionKeys.findIndex((key) => key.name === source.name)
      return partition?.values[at] ?? null
    }
    case 'hidden': {
      const { name } = source
      switch (name) {
        case '$path':
          return formatLocation({ bucket: scan.bucket, key: file.info.key })
        case '$file_size':
          return BigInt(file.info.size)
        case '$file_modified_time':
          return { micros: BigInt(Math.trunc(file.info.modified)) * 1000n, zone: 'UTC' }
        case '$partition':
          return partition?.path ?? ''
        default:
          return unreachable(name)
      }
    }
    case 'data':
      throw new QueryError('GENERIC_INTERNAL_ERROR', `Column '${source.name}' is not in the files and not a key`)
    default:
      return unreachable(source)
  }
}

/** Name of the reader's own column of paths where its file index is hidden by a column of the files. */
const PATH_COLUMN = 'weir unit path'

function parquetReader(plan: Scan, scan: PreparedScan, group: UnitGroup, printer: PlanPrinter): GroupReader {
  // A column of the files comes before the reader's virtual column of the same name.
  const shadowed = group.units.some((unit) =>
    scan.plan.files[unit.file]?.parquet?.footer.columns.some((column) => column.name.toLowerCase() === 'file_index'),
  )
  const paths = textList(group.units.map((unit) => unit.path))
  const options = ['hive_partitioning = false', 'union_by_name = false', ...(shadowed ? [`filename = '${PATH_COLUMN}'`] : [])]
  return {
    from: `read_parquet(${paths}, ${options.join(', ')})`,
    where: undefined,
    value: (index) => {
      const source = columnOf(group, index)
      const column = (plan.columns[index] as ScanColumn).column
      if (source.kind !== 'file') throw new QueryError('GENERIC_INTERNAL_ERROR', 'not a column of the file')
      return printParquetColumn(`u.${identifier(source.name)}`, source.type, source.physical, column.type, printer.forms)
    },
    unit: shadowed ? { name: identifier(PATH_COLUMN), by: 'path' } : { name: 'file_index', by: 'index' },
  }
}
