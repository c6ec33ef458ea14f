/** Results laid out for people and simple tools, as Trino's CLI lays them out. */

import type { TableResult } from './connection.ts'
import { cellText, exactJson, JsonNumber } from './json-rows.ts'

export type TextFormat = 'table' | 'vertical' | 'tsv' | 'json'

export function formatResult(result: TableResult, format: TextFormat): string {
  switch (format) {
    case 'table':
      return alignedTable(result)
    case 'vertical':
      return verticalTable(result)
    case 'tsv':
      return tabSeparated(result)
    case 'json':
      return jsonDocument(result)
  }
}

/** Columns that a terminal gives the text; wide East Asian characters and emoji take two (Unicode UAX #11, the common blocks). */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0) as number
    const combining = /\p{Mark}|\u200d|\ufe0f/u.test(character)
    const wide =
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff)
    width += combining ? 0 : wide ? 2 : 1
  }
  return width
}

/** Control characters would move the cursor: they are shown escaped. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function isNumeric(value: unknown): boolean {
  return value instanceof JsonNumber || typeof value === 'number'
}

function alignedTable({ columns, rows }: TableResult): string {
  if (columns.length === 0) return ''
  const cells = rows.map((row) => row.map((value) => printable(cellText(value)).split('\n')))
  const names = columns.map((column) => printable(column.name))
  const widths = names.map((name, index) => Math.max(displayWidth(name), widestCell(cells, index)))
  const right = columns.map(
    (column, index) =>
      /^(tinyint|smallint|integer|bigint|real|double|decimal)/.test(column.type) || (rows.length > 0 && isNumeric(rows[0]?.[index])),
  )
  const pad = (text: string, index: number): string => {
    const space = ' '.repeat(Math.max(0, (widths[index] as number) - displayWidth(text)))
    return right[index] ? space + text : text + space
  }
  const lines = [
    names.map((name, index) => ` ${name}${' '.repeat((widths[index] as number) - displayWidth(name))} `).join('|'),
    widths.map((width) => '-'.repeat(width + 2)).join('+'),
  ]
  for (const row of cells) {
    const height = Math.max(...row.map((cell) => cell.length))
    for (let line = 0; line < height; line++) lines.push(row.map((cell, index) => ` ${pad(cell[line] ?? '', index)} `).join('|'))
  }
  lines.push(`(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`)
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function widestCell(cells: readonly (readonly (readonly string[])[])[], column: number): number {
  let widest = 0
  for (const row of cells) for (const line of row[column] ?? []) widest = Math.max(widest, displayWidth(line))
  return widest
}

function verticalTable({ columns, rows }: TableResult): string {
  const width = Math.max(0, ...columns.map((column) => displayWidth(column.name)))
  const blocks = rows.map((row, index) => {
    const title = `-[ RECORD ${index + 1} ]`
    const fields = columns.map(
      (column, place) => `${printable(column.name)}${' '.repeat(width - displayWidth(column.name))} | ${printable(cellText(row[place]))}`,
    )
    return [title + '-'.repeat(Math.max(0, width + 3 - title.length)), ...fields].join('\n')
  })
  return blocks.length === 0 ? '(no rows)\n' : `${blocks.join('\n')}\n`
}

/** NULL is an empty field; tabs, line breaks and backslashes are escaped. */
function tabSeparated({ columns, rows }: TableResult): string {
  const escaped = (text: string): string =>
    text.replace(/[\\\t\n\r]/g, (character) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[character] as string)
  const line = (fields: readonly string[]): string => `${fields.map(escaped).join('\t')}\n`
  return (
    line(columns.map((column) => column.name)) +
    rows.map((row) => line(row.map((value) => (value === null ? '' : cellText(value))))).join('')
  )
}

function jsonDocument({ columns, rows, stats }: TableResult): string {
  return `{"columns":${JSON.stringify(columns)},"rows":[${rows.map(exactJson).join(',\n')}],"stats":${JSON.stringify(stats)}}\n`
}

/** 1234567 → '1.2 MB' (decimal units, as stores bill). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${units[unit]}`
}
