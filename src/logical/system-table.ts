/** Tables whose rows the engine makes when they are asked for: information_schema, the catalog `system`, a table's `$partitions`. */
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

export interface SystemTableColumn {
  readonly name: string
  readonly type: Type
  /** Selectable, but not part of `*`. */
  readonly hidden?: boolean
}

/** False when no row can be wanted whose columns (by name) have these values. Columns that are not given may have any. */
export type RowFilter = (known: Readonly<Record<string, Value>>) => boolean

/** A row in parts, its values one part after the other. Rows that share a part have the same object, so that what is made of it is made once. */
export type PartedRow = readonly (readonly Value[])[]

export interface SystemTable {
  readonly kind: 'system'
  readonly catalog: string
  readonly schema: string
  readonly name: string
  readonly columns: readonly SystemTableColumn[]
  /**
   * Rows with a value a column; those that `keeps` does not want may be left out, and values of columns that are not `wanted` may be
   * NULL. They can be gone through more than once.
   */
  load(keeps: RowFilter, signal: AbortSignal, wanted: ReadonlySet<string>): Promise<Iterable<PartedRow>>
}
