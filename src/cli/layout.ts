import { displayWidth } from './output.ts'

/** Columns of text, aligned left, under a heading. */
export function alignedText(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, index) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), displayWidth(heading)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell + ' '.repeat((widths[index] as number) - displayWidth(cell)))
      .join('  ')
      .trimEnd()
  return `${[headings, ...rows].map(line).join('\n')}\n`
}
