/** Table definitions from short texts, for tests that analyze and plan without files. */
import type { Table, TableColumn } from '#catalog/model'
import { parseType } from '#src/types/parse'

/** `orders: 'id bigint, total decimal(12,2)'`; columns behind `|` are partition keys. */
export function schemaTables(schema: string, definitions: Readonly<Record<string, string>>): ReadonlyMap<string, Table> {
  return new Map(Object.entries(definitions).map(([name, text]) => [name, defineTable(schema, name, text)]))
}

export function defineTable(schema: string, name: string, text: string): Table {
  const [columns = '', keys = ''] = text.split('|')
  return {
    schema,
    name,
    format: 'parquet',
    location: `file:///lake/${schema}/${name}/`,
    columns: parseColumns(columns),
    partitionKeys: parseColumns(keys),
    properties: {},
    version: 1,
  }
}

/** Commas inside parentheses belong to a type. */
function parseColumns(text: string): readonly TableColumn[] {
  const parts = text.trim() === '' ? [] : text.trim().split(/,\s*(?![^()]*(?:\([^()]*\)[^()]*)*\))/)
  return parts.map((part) => {
    const [, name = '', type = ''] = /^(\S+)\s+(.+)$/s.exec(part.trim()) ?? []
    return { name, type: parseType(type) }
  })
}
