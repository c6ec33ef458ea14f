/** Tables and views by name, with Trino's words for what is missing or is the other kind. */
import type { Table } from '#catalog/model'
import { type Position, QueryError } from '#src/common/errors'
import type { DdlContext } from './context.ts'
import { tableText } from './context.ts'

interface Name {
  readonly schema: string
  readonly name: string
}

export interface Wording {
  /** The error where there is nothing of the name. */
  readonly missing: 'TABLE_NOT_FOUND' | 'GENERIC_USER_ERROR'
  /** The error where the name is of the other kind. */
  readonly other: 'TABLE_NOT_FOUND' | 'GENERIC_USER_ERROR'
  /** What to write for the other kind. */
  readonly instead?: (name: string) => string
}

/** Throws `Table 'x' does not exist[, but a view with that name exists. Did you mean …?]` */
export async function tableMissing(name: Name, at: Position, wording: Wording, { catalog }: DdlContext): Promise<QueryError> {
  const isView = (await catalog.getView(name.schema, name.name)) !== undefined
  return missing('Table', 'view', name, isView, at, wording)
}

export async function viewMissing(name: Name, at: Position, wording: Wording, { catalog }: DdlContext, kind = 'View'): Promise<QueryError> {
  const isTable = (await catalog.getTable(name.schema, name.name)) !== undefined
  return missing(kind, 'table', name, isTable, at, wording)
}

function missing(kind: string, other: string, name: Name, isOther: boolean, at: Position, wording: Wording): QueryError {
  const text = `${kind} '${tableText(name)}' does not exist`
  if (!isOther) return new QueryError(wording.missing, text, { at })
  const instead = wording.instead === undefined ? '' : ` Did you mean ${wording.instead(tableText(name))}?`
  return new QueryError(wording.other, `${text}, but a ${other} with that name exists.${instead}`, { at })
}

export async function existingTable(name: Name, at: Position, context: DdlContext): Promise<Table> {
  const table = await context.catalog.getTable(name.schema, name.name)
  if (table !== undefined) return table
  throw await tableMissing(name, at, { missing: 'TABLE_NOT_FOUND', other: 'TABLE_NOT_FOUND' }, context)
}
