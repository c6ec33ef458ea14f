/** Statements that make a table's files of stored results. */
import { QueryError, unreachable } from '#src/common/errors'
import { quote, raise } from '#src/functions/kernel-error'
import type { Type } from '#src/types/type'
import { arrowForm, csvForm, fieldName, storedType } from '../representation.ts'
import type { CopyRequest, FileEncoding, PartitionRequest, RowOrder, StoredColumns, TextEncoding } from '../table-files.ts'
import { identifier } from './context.ts'

const PART = 'part'
/** Not in any text that is written: lines are made whole here, and the kernel only puts them behind each other. */
const NO_DELIMITER = '\u0001'

/** The last columns' texts, and a number that is the same where all texts are. */
export function printPartitions({ stored, keys, order, file }: PartitionRequest): { readonly copy: string; readonly counts: string } {
  const { columns } = stored
  if (keys === 0) return printSorted(stored, order, file)
  const first = columns.length - keys
  const names = columns.map((_, index) => `c${index}`)
  const texts = columns.slice(first).map(({ type }, key) => `nullif(${csvForm(`c${first + key}`, type)}, '') AS k${key}`)
  const keyNames = texts.map((_, key) => `k${key}`)
  const rows = `SELECT ${[...names, ...texts].join(', ')} FROM (${printStoredColumns(stored)})`
  const numbered = `SELECT ${keyNames.join(', ')}, row_number() OVER (ORDER BY ${keyNames.join(', ')}) - 1 AS ${PART} FROM (SELECT DISTINCT ${keyNames.join(', ')} FROM (${rows}))`
  const same = keyNames.map((name) => `r.${name} IS NOT DISTINCT FROM p.${name}`).join(' AND ')
  const all = [...names, ...keyNames].map((name) => `r.${name}`).join(', ')
  const sorted = `SELECT ${all}, CAST(p.${PART} AS BIGINT) AS ${PART} FROM (${rows}) r JOIN (${numbered}) p ON ${same} ORDER BY ${[`p.${PART}`, ...orderItems(order, 'r.')].join(', ')}`
  const values = `json_array(${keyNames.join(', ')})`
  return {
    copy: `COPY (${sorted}) TO ${quote(file)} (FORMAT parquet, COMPRESSION lz4_raw)`,
    counts: `SELECT CAST(json_object('values', any_value(${values}), 'rows', count(*)) AS VARCHAR) || chr(10) FROM (SELECT ${[...keyNames, PART].join(', ')} FROM read_parquet(${quote(file)})) GROUP BY ${PART} ORDER BY ${PART}`,
  }
}

/** Rows without keys are one partition. */
function printSorted(stored: StoredColumns, order: readonly RowOrder[], file: string): { readonly copy: string; readonly counts: string } {
  return {
    copy: `COPY (SELECT * FROM (${printStoredColumns(stored)}) ORDER BY ${orderItems(order, '').join(', ')}) TO ${quote(file)} (FORMAT parquet, COMPRESSION lz4_raw)`,
    counts: `SELECT CAST(json_object('values', json_array(), 'rows', count(*)) AS VARCHAR) || chr(10) FROM read_parquet(${quote(file)})`,
  }
}

const orderItems = (order: readonly RowOrder[], prefix: string): readonly string[] =>
  order.map(({ column, descending }) => `${prefix}c${column} ${descending ? 'DESC' : 'ASC'} NULLS LAST`)

/** One COPY. Throws NOT_SUPPORTED for what the encoding has no place for. */
export function printCopy({ stored, keys, partitions, rows: window, encoding, order, folder, fileBytes }: CopyRequest): string {
  const data = stored.columns.slice(0, stored.columns.length - keys)
  const part = partitions === undefined ? [] : [PART]
  const conditions = [
    ...(partitions === undefined ? [] : [`${PART} BETWEEN ${partitions.first} AND ${partitions.last}`]),
    ...(window === undefined ? [] : [`file_row_number BETWEEN ${window.first} AND ${window.last}`]),
  ]
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const files = window === undefined ? stored.files : [window.file]
  const rows = `SELECT ${[...data.map((column, index) => printColumn(index, column.type)), ...part].join(', ')} FROM read_parquet(${fileList(files)})${where}`
  const { items, settings } = encoded(data, encoding)
  const layout = fileBytes === undefined ? (partitions === undefined ? [] : [`PARTITION_BY (${PART})`]) : [`FILE_SIZE_BYTES ${fileBytes}`]
  const kept = fileBytes === undefined ? part : []
  if (order.length > 0) {
    // The kernel keeps an order in one file only.
    if (partitions !== undefined || fileBytes !== undefined)
      throw new QueryError('GENERIC_INTERNAL_ERROR', 'Rows in an order were to become several files')
    return `COPY (SELECT ${items.join(', ')} FROM (${rows}) ORDER BY ${orderItems(order, '').join(', ')}) TO ${quote(`${folder}/sorted`)} (${settings.join(', ')})`
  }
  return `COPY (SELECT ${[...items, ...kept].join(', ')} FROM (${rows})) TO ${quote(folder)} (${[...settings, ...layout].join(', ')})`
}

function printStoredColumns({ files, columns }: StoredColumns): string {
  return `SELECT ${columns.map(({ type }, index) => printColumn(index, type)).join(', ')} FROM read_parquet(${fileList(files)})`
}

const printColumn = (index: number, type: Type): string => `CAST(c${index} AS ${storedType(type)}) AS c${index}`
const fileList = (files: readonly string[]): string => `[${files.map(quote).join(', ')}]`

function encoded(
  data: StoredColumns['columns'],
  encoding: FileEncoding,
): { readonly items: readonly string[]; readonly settings: readonly string[] } {
  if (encoding.kind === 'parquet') {
    return {
      items: data.map(({ name, type }, index) => `${parquetForm(`c${index}`, type)} AS ${identifier(name)}`),
      settings: ['FORMAT parquet', `COMPRESSION ${encoding.codec}`, `ROW_GROUP_SIZE ${encoding.rowGroupRows}`],
    }
  }
  const { line, header } = textLine(data, encoding)
  return {
    items: [`${line} AS ${identifier(header ?? 'line')}`],
    settings: [
      'FORMAT csv',
      `HEADER ${header !== undefined}`,
      "QUOTE ''",
      "ESCAPE ''",
      `DELIMITER '${NO_DELIMITER}'`,
      `COMPRESSION ${encoding.codec}`,
    ],
  }
}

/** As other engines read them: a char without its padding, rows with their fields' names. */
function parquetForm(value: string, type: Type): string {
  switch (type.kind) {
    case 'char':
      return value
    case 'array':
      return `list_transform(${value}, lambda v: ${parquetForm('v', type.element)})`
    case 'row': {
      const fields = type.fields.map(
        (field, index) => `${identifier(field.name ?? `field${index}`)} := ${parquetForm(`(${value}).${fieldName(index)}`, field.type)}`,
      )
      return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
    }
    case 'map': {
      const entry = `struct_pack(k := ${parquetForm('e.key', type.key)}, v := ${parquetForm('e.value', type.value)})`
      return `CASE WHEN ${value} IS NOT NULL THEN map_from_entries(list_transform(map_entries(${value}), lambda e: ${entry})) END`
    }
    default:
      return arrowForm(value, type)
  }
}

function textLine(data: StoredColumns['columns'], encoding: TextEncoding): { readonly line: string; readonly header: string | undefined } {
  switch (encoding.kind) {
    case 'json-lines': {
      const members = data.map(({ type }, index) => ({ name: encoding.names[index] as string, text: jsonText(`c${index}`, type) }))
      return { line: jsonObject(members), header: undefined }
    }
    case 'delimited': {
      const fields = data.map(({ type }, index) => delimitedField(textOf(`c${index}`, type), encoding))
      const header = encoding.header ? data.map(({ name }) => headerField(name, encoding)).join(encoding.delimiter) : undefined
      return { line: `concat_ws(${quote(encoding.delimiter)}, ${fields.join(', ')})`, header }
    }
    default:
      return unreachable(encoding)
  }
}

/** A scalar's text as Weir, Hive and Spark read it; a char without its padding. */
const textOf = (value: string, type: Type): string => (type.kind === 'char' ? value : csvForm(value, type))

type Delimited = Extract<TextEncoding, { kind: 'delimited' }>

function delimitedField(text: string, { delimiter, quote: mark, escape: guard, null: nullText, quoteAll }: Delimited): string {
  const nothing = quote(nullText)
  if (mark === '') {
    const special = (characters: readonly string[]) => `regexp_matches(${text}, ${quote(`[${characters.map(regexCharacter).join('')}]`)})`
    const failure = raise(
      'NOT_SUPPORTED',
      'A text with the delimiter or a line break, or that stands for NULL, cannot be written without quotes or an escape character',
    )
    // Where the escape character is part of the text for NULL, it tells the two apart.
    const isNull = guard !== '' && nullText.includes(guard) ? '' : ` WHEN ${text} = ${nothing} THEN ${failure}`
    if (guard === '')
      return `CASE WHEN ${text} IS NULL THEN ${nothing}${isNull} WHEN ${special([delimiter, '\n', '\r'])} THEN ${failure} ELSE ${text} END`
    const escaped = `replace(replace(${text}, ${quote(guard)}, ${quote(guard + guard)}), ${quote(delimiter)}, ${quote(guard + delimiter)})`
    return `CASE WHEN ${text} IS NULL THEN ${nothing}${isNull} WHEN ${special(['\n', '\r'])} THEN ${failure} ELSE ${escaped} END`
  }
  const doubled = (guard === mark ? [mark] : [guard, mark].filter((one) => one !== '')).reduce(
    (sql, one) => `replace(${sql}, ${quote(one)}, ${quote(guard + one)})`,
    text,
  )
  const inside = raise('NOT_SUPPORTED', 'A text with a quote cannot be written without an escape character')
  const whole = `${quote(mark)} || ${doubled} || ${quote(mark)}`
  const quoted = guard === '' ? `CASE WHEN contains(${text}, ${quote(mark)}) THEN ${inside} ELSE ${whole} END` : whole
  if (quoteAll) return `CASE WHEN ${text} IS NULL THEN ${nothing} ELSE ${quoted} END`
  const characters = [...new Set([delimiter, mark, ...(guard === '' ? [] : [guard]), '\n', '\r'])]
  return `CASE WHEN ${text} IS NULL THEN ${nothing} WHEN ${text} = ${nothing} OR ${text} = '' OR regexp_matches(${text}, ${quote(`[${characters.map(regexCharacter).join('')}]`)}) THEN ${quoted} ELSE ${text} END`
}

function headerField(name: string, { delimiter, quote: mark, escape: guard }: Delimited): string {
  if (mark === '' || !(name.includes(delimiter) || name.includes(mark) || /[\r\n]/.test(name))) return name
  return mark + name.replaceAll(mark, (guard === '' ? mark : guard) + mark) + mark
}

/** In a character class. */
const regexCharacter = (character: string): string => `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`

/**
 * A value as JSON text, never NULL: numbers with all their digits (the kernel's own JSON keeps fractions as doubles), dates
 * and times as texts, rows as objects.
 */
function jsonText(value: string, type: Type): string {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal':
      return `coalesce(${csvForm(value, type)}, 'null')`
    case 'real':
    case 'double':
      // As Trino does: readers do not agree on what these would be.
      return `CASE WHEN ${value} IS NULL THEN 'null' WHEN isfinite(${value}) THEN CAST(${value} AS VARCHAR) ELSE ${raise('HIVE_UNSERIALIZABLE_JSON_VALUE', 'NaN and infinities cannot be written to JSON files')} END`
    case 'varchar':
    case 'char':
    case 'date':
    case 'timestamp':
      return `coalesce(CAST(to_json(${textOf(value, type)}) AS VARCHAR), 'null')`
    case 'array':
      return `CASE WHEN ${value} IS NULL THEN 'null' ELSE '[' || ${joined(value, `lambda v: ${jsonText('v', type.element)}`)} || ']' END`
    case 'map': {
      const entry = `lambda e: CAST(to_json(${csvForm('e.key', type.key)}) AS VARCHAR) || ':' || ${jsonText('e.value', type.value)}`
      return `CASE WHEN ${value} IS NULL THEN 'null' ELSE '{' || ${joined(`map_entries(${value})`, entry)} || '}' END`
    }
    case 'row': {
      const fields = type.fields.map(({ name, type: inner }, index) => ({
        name: name ?? `field${index}`,
        text: jsonText(`(${value}).${fieldName(index)}`, inner),
      }))
      return `CASE WHEN ${value} IS NULL THEN 'null' ELSE ${jsonObject(fields)} END`
    }
    default:
      throw new QueryError('NOT_SUPPORTED', `Type ${type.kind} has no form in JSON files`)
  }
}

const joined = (list: string, element: string): string => `coalesce(array_to_string(list_transform(${list}, ${element}), ','), '')`

function jsonObject(members: readonly { readonly name: string; readonly text: string }[]): string {
  const texts = members.map(({ name, text }, index) => `${quote(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`)}, ${text}`)
  return `concat(${texts.join(', ')}, '}')`
}
