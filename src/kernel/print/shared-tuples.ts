/** Columns that together have few different tuples of values: what describes the types of columns, for one. */
import type { Value } from '#src/types/value'
import type { ValueColumn } from './value-table.ts'

export interface SharedTuples {
  readonly columns: readonly ValueColumn[]
  /** By row: its tuple. */
  readonly codes: readonly number[]
  /** By tuple: the first row that has it. */
  readonly firstRows: readonly number[]
}

/** Takes in one column after the other as long as there are fewer than `most` tuples; undefined when fewer than two fit. */
export function shareTuples(columns: readonly ValueColumn[], most: number): SharedTuples | undefined {
  const taken: ValueColumn[] = []
  let codes: readonly number[] = []
  let firstRows: readonly number[] = [0]
  for (const column of columns) {
    const refined = refine(codes, firstRows.length, column.values, most)
    if (refined === undefined) continue
    taken.push(column)
    codes = refined.codes
    firstRows = refined.firstRows
  }
  return taken.length < 2 ? undefined : { columns: taken, codes, firstRows }
}

/** The tuples with one more value; undefined when there are too many of them, or values without a plain equality. */
function refine(
  codes: readonly number[],
  tuples: number,
  values: readonly Value[],
  most: number,
): Pick<SharedTuples, 'codes' | 'firstRows'> | undefined {
  const byValue: Map<Value, number>[] = Array.from({ length: tuples }, () => new Map())
  const refined: number[] = []
  const firstRows: number[] = []
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? null
    // A Map takes 0 and -0 for one.
    if ((value !== null && typeof value === 'object') || typeof value === 'number') return undefined
    const known = byValue[codes[row] ?? 0] as Map<Value, number>
    let code = known.get(value)
    if (code === undefined) {
      code = firstRows.length
      if (code >= most) return undefined
      known.set(value, code)
      firstRows.push(row)
    }
    refined.push(code)
  }
  return { codes: refined, firstRows }
}
