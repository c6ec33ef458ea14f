/** `sorted_by`: the order of the rows in the files that Weir writes. */
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import type { Table } from './model.ts'

export interface SortColumn {
  readonly name: string
  readonly descending: boolean
}

/** The property's value: a JSON list of `name`, `name ASC` or `name DESC`. Undefined when it is none. */
export function readSortOrder(text: string): readonly SortColumn[] | undefined {
  let items: unknown
  try {
    items = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) return undefined
  return items.map((item: string) => {
    const [, name = item, direction = 'ASC'] = /^(.*\S)\s+(ASC|DESC)$/i.exec(item) ?? []
    return { name: name.toLowerCase(), descending: direction.toUpperCase() === 'DESC' }
  })
}

export const formatSortOrder = (columns: readonly SortColumn[]): string =>
  JSON.stringify(columns.map(({ name, descending }) => (descending ? `${name} DESC` : name)))

export const sortOrder = ({ properties }: Pick<Table, 'properties'>): readonly SortColumn[] =>
  properties.sorted_by === undefined ? [] : (readSortOrder(properties.sorted_by) ?? [])

const UNORDERED: ReadonlySet<string> = new Set(['array', 'map', 'row'])

/** @throws INVALID_TABLE_PROPERTY for columns that the table does not have, and for values that have no order */
export function checkSortOrder(table: Pick<Table, 'columns' | 'properties'>): void {
  const order = sortOrder(table)
  const missing = order.filter(({ name }) => !table.columns.some((column) => column.name === name))
  if (missing.length > 0)
    throw new QueryError('INVALID_TABLE_PROPERTY', `Sorting columns [${missing.map(({ name }) => name).join(', ')}] not present in schema`)
  for (const { name } of order) {
    const type = table.columns.find((column) => column.name === name)?.type
    if (type !== undefined && UNORDERED.has(type.kind))
      throw new QueryError('INVALID_TABLE_PROPERTY', `Rows cannot be sorted by column '${name}' of type ${formatType(type)}`)
  }
}
