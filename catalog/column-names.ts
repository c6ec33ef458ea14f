/**
 * What a column is called in the files: a renamed one has in each file the name that it had when the file was written. The table
 * remembers them all, the oldest first, in the property `renamed.<column>`: a name as it is, several as a JSON list.
 */
import type { Table } from './model.ts'

type Named = Pick<Table, 'properties'>

/**
 * All names of a column, the oldest first. A file has the column under the first of these that it has: no other column could
 * take a name as long as this one remembers it, while a later name may have been another column's before.
 */
export function columnNames(table: Named, name: string): readonly string[] {
  const remembered = rememberedNames(table, name)
  return remembered.includes(name) ? remembered : [...remembered, name]
}

/** Those that the property tells; the column's own is among them when it has come back to it. */
function rememberedNames({ properties }: Named, name: string): readonly string[] {
  const text = properties[`renamed.${name}`]?.toLowerCase()
  if (text === undefined) return []
  if (!text.startsWith('[')) return [text]
  try {
    const names: unknown = JSON.parse(text)
    if (Array.isArray(names) && names.every((one) => typeof one === 'string')) return names
  } catch {
    // A single name that only looks like a list.
  }
  return [text]
}

/** The properties after a column was renamed. */
export function withRenamed(table: Named, name: string, to: string): Readonly<Record<string, string>> {
  const { [`renamed.${name}`]: _former, ...others } = table.properties
  const names = columnNames(table, name)
  const [only = name] = names
  const text = names.length === 1 && !only.startsWith('[') ? only : JSON.stringify(names)
  return { ...others, [`renamed.${to}`]: text }
}
