/** ROW FORMAT, STORED AS and SerDe classes of Hive: which of Weir's formats they mean, with which properties. */
import type { FileFormat } from '#catalog/model'
import { canonicalProperties } from '#catalog/properties'
import { QueryError } from '#src/common/errors'
import type { HiveCreateTable, RowFormat } from '#src/sql/ast'

export interface HiveStorage {
  readonly format: FileFormat
  /** Canonical (catalog/properties.ts): the SerDe's and the table's. */
  readonly properties: Readonly<Record<string, string>>
}

type Meaning = { readonly format: FileFormat; readonly serde?: string }

const PARQUET: Meaning = { format: 'parquet' }
const TEXT: Meaning = { format: 'csv', serde: 'lazysimple' }
const JSON_LINES: Meaning = { format: 'json', serde: 'hivejson' }

/** By the class's last name. */
const SERDES: Readonly<Record<string, Meaning | undefined>> = {
  LazySimpleSerDe: TEXT,
  OpenCSVSerde: { format: 'csv', serde: 'opencsv' },
  ParquetHiveSerDe: PARQUET,
}
/** Two SerDes have one last name. */
function jsonSerde(name: string): Meaning | undefined {
  if (!/\.Json[Ss]er[Dd]e$/.test(name)) return undefined
  return name.startsWith('org.openx.') ? { format: 'json', serde: 'openx' } : JSON_LINES
}

const STORED_AS: Readonly<Record<string, Meaning | undefined>> = { PARQUET, TEXTFILE: TEXT, JSONFILE: JSON_LINES }
const INPUT_FORMATS: Readonly<Record<string, 'parquet' | 'text' | undefined>> = {
  MapredParquetInputFormat: 'parquet',
  DeprecatedParquetInputFormat: 'parquet',
  TextInputFormat: 'text',
}

const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

/** @throws NOT_SUPPORTED for what Weir does not read, INVALID_TABLE_PROPERTY, with the statement's position */
export function readHiveStorage(statement: HiveCreateTable): HiveStorage {
  const { rowFormat, at } = statement
  const meaning = meaningOf(statement)
  const given = {
    ...serdeProperties(rowFormat, meaning),
    ...Object.fromEntries(statement.properties.map(({ key, value }) => [key, value])),
  }
  try {
    const properties = canonicalProperties(given, { lenient: true })
    return { format: meaning.format, properties: { ...(meaning.serde !== undefined && { serde: meaning.serde }), ...properties } }
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    throw new QueryError(error.errorName, error.message, { at, hint: error.hint })
  }
}

function meaningOf(statement: HiveCreateTable): Meaning {
  const { rowFormat, storedAs, at } = statement
  const unsupported = (what: string): QueryError =>
    new QueryError(
      'NOT_SUPPORTED',
      `${what} is not supported; supported are Parquet, text (LazySimpleSerDe, OpenCSVSerde) and JSON (org.openx.data.jsonserde.JsonSerDe, org.apache.hive.hcatalog.data.JsonSerDe)`,
      { at },
    )
  const stored = storedMeaning(storedAs)
  if (storedAs !== undefined && stored === undefined)
    throw unsupported(typeof storedAs === 'string' ? `STORED AS ${storedAs}` : `INPUTFORMAT '${storedAs.input}'`)
  if (rowFormat?.kind === 'serde') {
    const serde =
      jsonSerde(rowFormat.name) ?? (Object.hasOwn(SERDES, lastName(rowFormat.name)) ? SERDES[lastName(rowFormat.name)] : undefined)
    if (serde === undefined) throw unsupported(`SERDE '${rowFormat.name}'`)
    const isText = serde.format !== 'parquet'
    if (stored !== undefined && isText !== (stored.format !== 'parquet')) throw unsupported(`SERDE '${rowFormat.name}' over such files`)
    return serde
  }
  if (stored === undefined) return TEXT
  if (rowFormat !== undefined && stored.serde !== 'lazysimple') throw unsupported('ROW FORMAT DELIMITED of a format that is not text')
  return stored
}

function storedMeaning(storedAs: HiveCreateTable['storedAs']): Meaning | undefined {
  if (storedAs === undefined) return undefined
  if (typeof storedAs === 'string') return Object.hasOwn(STORED_AS, storedAs) ? STORED_AS[storedAs] : undefined
  const name = lastName(storedAs.input)
  const input = Object.hasOwn(INPUT_FORMATS, name) ? INPUT_FORMATS[name] : undefined
  return input === undefined ? undefined : input === 'parquet' ? PARQUET : TEXT
}

function serdeProperties(rowFormat: RowFormat | undefined, meaning: Meaning): Readonly<Record<string, string>> {
  switch (rowFormat?.kind) {
    case undefined:
      return {}
    case 'delimited': {
      const { fields, escaped, collectionItems, mapKeys, lines, nullDefinedAs } = rowFormat
      return {
        ...(fields !== undefined && { 'field.delim': fields }),
        ...(escaped !== undefined && { 'escape.delim': escaped }),
        ...(collectionItems !== undefined && { 'collection.delim': collectionItems }),
        ...(mapKeys !== undefined && { 'mapkey.delim': mapKeys }),
        ...(lines !== undefined && { 'line.delim': lines }),
        ...(nullDefinedAs !== undefined && { 'serialization.null.format': nullDefinedAs }),
      }
    }
    case 'serde': {
      const given = Object.fromEntries(rowFormat.properties.map(({ key, value }) => [key, value]))
      if (meaning.serde !== 'lazysimple') return given
      // Hive's rule: a field is delimited by field.delim, else by serialization.format; a number is a character's code.
      const { 'serialization.format': format, ...others } = given
      if (format === undefined || others['field.delim'] !== undefined) return given
      return { ...others, 'field.delim': /^\d{1,3}$/.test(format) ? String.fromCharCode(Number(format)) : format }
    }
  }
}
