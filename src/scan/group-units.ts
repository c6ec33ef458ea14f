/** Files of one physical schema, as far as the scanned columns go, are read by one reader call: which group is a file's? */

import type { ParquetColumn } from '#connectors/formats/parquet/footer'
import type { HiveText } from '#connectors/formats/text-serde'
import { checkReadable } from '#connectors/formats/widening'
import { formatLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'
import type { FileScan, ParquetScan, ScanPlan } from '#src/physical/plan'
import { formatType } from '#src/types/format'
import type { CsvReaderOptions, Unit, UnitColumn, UnitGroup } from './units.ts'

/** A group while units are added. */
export interface OpenGroup extends UnitGroup {
  readonly units: Unit[]
}

export class ParquetGroups {
  readonly #plan: ScanPlan
  readonly #groups = new Map<string, OpenGroup>()
  /** Equal schemas are one object (decode-footer.ts), so that a file's group is found without looking at its columns. */
  readonly #bySchema = new Map<readonly ParquetColumn[], Map<string, OpenGroup>>()

  constructor(plan: ScanPlan) {
    this.#plan = plan
  }

  /** Throws HIVE_PARTITION_SCHEMA_MISMATCH, NOT_SUPPORTED. */
  groupOf(file: FileScan, parquet: ParquetScan): OpenGroup {
    const { columns } = parquet.footer
    let places = this.#bySchema.get(columns)
    if (places === undefined) {
      places = new Map()
      this.#bySchema.set(columns, places)
    }
    const place = parquet.columnIndexes.join()
    let group = places.get(place)
    if (group === undefined) {
      group = this.#group(file, parquet)
      places.set(place, group)
    }
    return group
  }

  all(): readonly UnitGroup[] {
    return [...this.#groups.values()]
  }

  #group(file: FileScan, parquet: ParquetScan): OpenGroup {
    const columns = this.#plan.columns.map((_, index) => this.#column(file, parquet, index))
    const key = columns
      .map((column) => (column.kind === 'file' ? JSON.stringify([column.name, formatType(column.type), column.physical]) : column.kind))
      .join()
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = { format: 'parquet', columns, fileColumns: [], csv: undefined, units: [] }
      this.#groups.set(key, group)
    }
    return group
  }

  #column(file: FileScan, parquet: ParquetScan, index: number): UnitColumn {
    const scanned = this.#plan.columns[index]
    if (scanned === undefined || scanned.source.kind !== 'data') return { kind: 'from-plan' }
    const found = parquet.footer.columns[parquet.columnIndexes[index] ?? -1]
    if (found === undefined) return { kind: 'missing' }
    const { name } = scanned.source
    const location = formatLocation({ bucket: this.#plan.bucket, key: file.info.key })
    if (found.type === undefined)
      throw new QueryError('NOT_SUPPORTED', `Column '${name}' of Parquet file ${location} cannot be read: ${found.unsupported}`)
    const declared = scanned.column.type
    if (checkReadable(found.type, declared) === undefined)
      throw schemaMismatch(this.#plan, name, location, formatType(declared), formatType(found.type))
    return { kind: 'file', name: found.name, type: found.type, physical: found.physical }
  }
}

function schemaMismatch(plan: ScanPlan, column: string, location: string, declared: string, found: string): QueryError {
  const table = `${plan.table.schema}.${plan.table.name}`
  return new QueryError(
    'HIVE_PARTITION_SCHEMA_MISMATCH',
    `Column '${column}' of table ${table} is declared as ${declared}, but ${location} has it as ${found}`,
    { hint: 'Change the type of the column in the table, or rewrite the file.' },
  )
}

/** CSV: files whose headers name the same columns in the same order. JSON: all files. */
export class TextGroups {
  readonly #plan: ScanPlan
  readonly #groups = new Map<string, OpenGroup>()

  constructor(plan: ScanPlan) {
    this.#plan = plan
  }

  csvGroup(fileColumns: readonly string[], csv: CsvReaderOptions): OpenGroup {
    const key = JSON.stringify([fileColumns, csv.skip])
    return this.#open(key, () => {
      const places = new Map(fileColumns.map((name, index) => [name.toLowerCase(), index]))
      return { format: 'csv', columns: this.#columns((name) => fileColumns[places.get(name) ?? -1]), fileColumns, csv, units: [] }
    })
  }

  /** Files that are split by Hive's rules: columns by their places in the table. */
  hiveGroup(hive: HiveText): OpenGroup {
    const fileColumns = this.#plan.table.columns.map((column) => column.name)
    const csv = { delimiter: hive.separators[0] ?? ',', quote: '', escape: '', nullText: undefined, skip: hive.skip }
    return this.#open('', () => ({ format: 'csv', columns: this.#columns((name) => name), fileColumns, csv, hive, units: [] }))
  }

  jsonGroup(): OpenGroup {
    const { properties } = this.#plan.table
    const json = {
      anyCase: properties.serde !== undefined && properties['case.insensitive'] !== 'false',
      brokenAsNull: properties['ignore.malformed.json'] === 'true',
    }
    return this.#open('', () => ({
      json,
      format: 'json',
      columns: this.#columns((name) => this.#plan.table.properties[`mapping.${name}`] ?? name),
      fileColumns: [],
      csv: undefined,
      units: [],
    }))
  }

  all(): readonly UnitGroup[] {
    return [...this.#groups.values()]
  }

  #open(key: string, make: () => OpenGroup): OpenGroup {
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = make()
      this.#groups.set(key, group)
    }
    return group
  }

  /** Text has no types of its own: the kernel reads it as the table's. */
  #columns(find: (name: string) => string | undefined): UnitColumn[] {
    return this.#plan.columns.map(({ column, source }): UnitColumn => {
      if (source.kind !== 'data') return { kind: 'from-plan' }
      const name = find(source.name)
      return name === undefined ? { kind: 'missing' } : { kind: 'file', name, type: column.type, physical: 'text' }
    })
  }
}
