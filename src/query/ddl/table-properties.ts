/** `WITH (…)` of CREATE TABLE and CREATE TABLE AS: Trino's Hive connector's properties, Athena's of CTAS, and Weir's own. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { FileFormat } from '#catalog/model'
import { canonicalProperties } from '#catalog/properties'
import type { AnalysisContext } from '#src/analyze/context'
import { QueryError } from '#src/common/errors'
import type { Property } from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import type { MapValue, Value } from '#src/types/value'
import { constantOf } from '../prepared-statements.ts'

export interface TableProperties {
  readonly format: FileFormat
  /** Absent: managed. */
  readonly location?: string
  /** Lower case. */
  readonly partitionedBy: readonly string[]
  /** Canonical (catalog/properties.ts). */
  readonly properties: Readonly<Record<string, string>>
}

interface Given {
  readonly type: string
  readonly value: Value
  /** Scalars as text. */
  readonly text: string
  readonly property: Property
}

/** Formats of Trino and Athena: how Weir reads the ones that it reads. */
const FORMATS: Readonly<Record<string, { readonly format: FileFormat; readonly serde?: string } | undefined>> = {
  PARQUET: { format: 'parquet' },
  CSV: { format: 'csv', serde: 'opencsv' },
  TEXTFILE: { format: 'csv', serde: 'lazysimple' },
  JSON: { format: 'json', serde: 'hivejson' },
  OPENX_JSON: { format: 'json', serde: 'openx' },
}
const OTHER_FORMATS: ReadonlySet<string> = new Set(['ORC', 'AVRO', 'RCBINARY', 'RCTEXT', 'SEQUENCEFILE', 'REGEX', 'ESRI', 'ION'])

/** Of Trino and Athena, without a meaning for Weir, or meaning what Weir does anyway. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'auto_purge',
  'is_external',
  'parquet_bloom_filter_columns',
  'orc_bloom_filter_columns',
  'orc_bloom_filter_fpp',
  'partition_projection_ignore',
])
const RENAMED: Readonly<Record<string, string>> = {
  partition_projection_enabled: 'projection.enabled',
  partition_projection_location_template: 'storage.location.template',
  write_compression: 'write.compression',
  parquet_compression: 'write.compression',
}

/** @throws INVALID_TABLE_PROPERTY, DUPLICATE_PROPERTY, NOT_SUPPORTED at the property */
export function readTableProperties(properties: readonly Property[], session: AnalysisContext['session']): TableProperties {
  const given = evaluate(properties, session)
  const named = formatOf(given.get('format'))
  const own: Record<string, string> = {}
  for (const [name, item] of given) {
    if (name === 'extra_properties') Object.assign(own, mapOf(item))
    else if (!STRUCTURAL.has(name) && !WITHOUT_EFFECT.has(name)) own[RENAMED[name] ?? name] = item.text
    if (STRUCTURAL.has(name)) checkStructural(name, item)
  }
  const canonical = canonicalPlaced(own, given, given.has('extra_properties'))
  const location = given.get('external_location') ?? given.get('location')
  // Weir's own CSV is asked for by its own properties; what Trino calls CSV is Hive's OpenCSV.
  const isOwnCsv = named.format === 'csv' && Object.keys(own).some((name) => name.startsWith('csv.'))
  const serde = named.serde === undefined || isOwnCsv || canonical.serde !== undefined ? {} : { serde: named.serde }
  return {
    format: named.format,
    ...(location !== undefined && { location: location.text }),
    partitionedBy: arrayOf(given.get('partitioned_by')).map((name) => name.toLowerCase()),
    properties: { ...serde, ...canonical, ...sortProperty(given.get('sorted_by')) },
  }
}

/** What decides more than how files are read. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  'format',
  'external_location',
  'location',
  'partitioned_by',
  'bucketed_by',
  'bucket_count',
  'sorted_by',
  'table_type',
])

function checkStructural(name: string, { text, property }: Given): void {
  const at = property.at
  if (name === 'table_type' && !/^hive$/i.test(text))
    throw new QueryError('NOT_SUPPORTED', `Tables of type '${text}' are not supported`, { at })
  if (name === 'bucketed_by' && text !== '[]' && text !== '')
    throw new QueryError('NOT_SUPPORTED', `Table property '${name}' is not supported: tables are not bucketed`, { at })
}

/** The properties' values by name. @throws DUPLICATE_PROPERTY, INVALID_TABLE_PROPERTY */
function evaluate(properties: readonly Property[], session: AnalysisContext['session']): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>()
  for (const property of properties) {
    const name = property.name.value.toLowerCase()
    const { at } = property
    if (given.has(name)) throw new QueryError('DUPLICATE_PROPERTY', `Duplicate property: ${name}`, { at })
    if (property.value === undefined) continue
    const constant = constantOf(property.value, session)
    if (constant === undefined)
      throw new QueryError('INVALID_TABLE_PROPERTY', `Value of table property '${name}' is not a constant`, { at })
    const { type, value } = constant
    if (value === null) {
      throw new QueryError(
        'INVALID_TABLE_PROPERTY',
        `Invalid null value for catalog '${CATALOG_NAME}' table property '${name}' from [null]`,
        { at },
      )
    }
    given.set(name, { type: formatType(type), value, text: formatValue(value, type), property })
  }
  return given
}

function formatOf(given: Given | undefined): { readonly format: FileFormat; readonly serde?: string } {
  if (given === undefined) return { format: 'parquet' }
  const at = given.property.at
  const where = `catalog '${CATALOG_NAME}' table property 'format'`
  if (!given.type.startsWith('varchar')) {
    throw new QueryError('INVALID_TABLE_PROPERTY', `Invalid value for ${where}: Cannot convert [${given.text}] to varchar`, { at })
  }
  const name = given.text.toUpperCase()
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined
  if (format !== undefined) return format
  if (OTHER_FORMATS.has(name))
    throw new QueryError('NOT_SUPPORTED', `Format ${name} is not supported; supported are ${Object.keys(FORMATS).join(', ')}`, { at })
  const valid = `Invalid value [${given.text}]. Valid values: [${Object.keys(FORMATS).join(', ')}]`
  throw new QueryError('INVALID_TABLE_PROPERTY', `Unable to set ${where} to ['${given.text}']: ${valid}`, { at })
}

function arrayOf(given: Given | undefined): readonly string[] {
  if (given === undefined) return []
  if (Array.isArray(given.value)) return given.value.map(String)
  const name = given.property.name.value.toLowerCase()
  throw new QueryError(
    'INVALID_TABLE_PROPERTY',
    `Invalid value for catalog '${CATALOG_NAME}' table property '${name}': Cannot convert ['${given.text}'] to array(varchar)`,
    { at: given.property.at },
  )
}

function sortProperty(given: Given | undefined): Readonly<Record<string, string>> {
  return given === undefined ? {} : canonicalProperties({ sorted_by: JSON.stringify(arrayOf(given)) })
}

function mapOf(given: Given): Readonly<Record<string, string>> {
  if (typeof given.value !== 'object' || given.value === null || !('entries' in given.value) || Array.isArray(given.value)) {
    throw new QueryError('INVALID_TABLE_PROPERTY', `Table property 'extra_properties' must be a map(varchar, varchar)`, {
      at: given.property.at,
    })
  }
  return Object.fromEntries((given.value as MapValue).entries.map(([name, value]) => [String(name), String(value)]))
}

/** canonicalProperties, with an error where the property stands. */
function canonicalPlaced(
  own: Readonly<Record<string, string>>,
  given: ReadonlyMap<string, Given>,
  lenient: boolean,
): Readonly<Record<string, string>> {
  for (const [name, text] of Object.entries(own)) {
    const at = (given.get(name) ?? [...given].find(([spelled]) => RENAMED[spelled] === name)?.[1])?.property.at
    try {
      canonicalProperties({ [name]: text }, { lenient: lenient && !given.has(name) })
    } catch (error) {
      if (!(error instanceof QueryError) || at === undefined) throw error
      throw new QueryError(error.errorName, error.message.replace(/^Table property/, `Catalog '${CATALOG_NAME}' table property`), {
        at,
        hint: error.hint,
      })
    }
  }
  return canonicalProperties(own, { lenient })
}

/** `partition_projection_*` of a partition column. */
export function readColumnProperties(
  column: string,
  properties: readonly Property[],
  session: AnalysisContext['session'],
): Readonly<Record<string, string>> {
  const own: Record<string, string> = {}
  for (const [name, { value, text, property }] of evaluate(properties, session)) {
    const setting = COLUMN_PROPERTIES[name]
    if (setting === undefined) {
      throw new QueryError('INVALID_COLUMN_PROPERTY', `Catalog '${CATALOG_NAME}' column property '${name}' does not exist`, {
        at: property.at,
      })
    }
    own[`projection.${column}.${setting}`] = Array.isArray(value) ? value.map(String).join(',') : text
  }
  return own
}

const COLUMN_PROPERTIES: Readonly<Record<string, string | undefined>> = {
  partition_projection_type: 'type',
  partition_projection_format: 'format',
  partition_projection_interval: 'interval',
  partition_projection_interval_unit: 'interval.unit',
  partition_projection_digits: 'digits',
  partition_projection_range: 'range',
  partition_projection_values: 'values',
}
