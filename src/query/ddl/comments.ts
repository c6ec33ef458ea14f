/** COMMENT ON TABLE | VIEW | COLUMN … IS 'text' | NULL */
import type { TableColumn } from '#catalog/model'
import { QueryError } from '#src/common/errors'
import type { CatalogStatement, QualifiedName } from '#src/sql/ast'
import { type Ddl, type DdlContext, lakeName, placed, tableText } from './context.ts'
import { viewMissing } from './relations.ts'

type CommentOn = Extract<CatalogStatement, { kind: 'comment-on' }>

export function commentOn(statement: CommentOn, context: DdlContext): Ddl {
  return { updateType: 'COMMENT', run: () => placed(statement.at, () => run(statement, context)) }
}

async function run(statement: CommentOn, context: DdlContext): Promise<readonly string[]> {
  const { object, at, comment } = statement
  switch (object) {
    case 'table': {
      const name = lakeName(statement.name, at, context)
      const changed = await context.catalog.alter(name.schema, name.name, ({ comment: _old, ...table }) => withComment(table, comment))
      if (changed !== undefined) return []
      const isView = (await context.catalog.getView(name.schema, name.name)) !== undefined
      const text = tableText(name)
      throw new QueryError(
        'TABLE_NOT_FOUND',
        isView
          ? `Table '${text}' does not exist, but a view with that name exists. Did you mean COMMENT ON VIEW ${text} IS ...?`
          : `Table does not exist: ${text}`,
      )
    }
    case 'view': {
      const name = lakeName(statement.name, at, context)
      const view = await context.catalog.getView(name.schema, name.name)
      if (view === undefined) {
        throw await viewMissing(
          name,
          at,
          { missing: 'TABLE_NOT_FOUND', other: 'TABLE_NOT_FOUND', instead: (text) => `COMMENT ON TABLE ${text} IS ...` },
          context,
        )
      }
      const { comment: _old, ...rest } = view
      await context.catalog.createView(withComment(rest, comment), { replace: true })
      return []
    }
    case 'column':
      return columnComment(statement, context)
  }
}

async function columnComment({ name: path, at, comment }: CommentOn, context: DdlContext): Promise<readonly string[]> {
  const column = path.parts.at(-1)?.value.toLowerCase()
  const table: QualifiedName = { ...path, parts: path.parts.slice(0, -1) }
  if (column === undefined || table.parts.length === 0) throw new QueryError('SYNTAX_ERROR', 'Table must be specified', { at })
  const name = lakeName(table, at, context)
  const change = (columns: readonly TableColumn[]): readonly TableColumn[] =>
    columns.map(({ comment: old, ...one }) => withComment(one, one.name === column ? comment : old))
  const check = (columns: readonly TableColumn[]): void => {
    if (!columns.some((one) => one.name === column)) throw new QueryError('COLUMN_NOT_FOUND', `Column does not exist: ${column}`)
  }
  const changed = await context.catalog.alter(name.schema, name.name, (definition) => {
    check([...definition.columns, ...definition.partitionKeys])
    return { ...definition, columns: change(definition.columns), partitionKeys: change(definition.partitionKeys) }
  })
  if (changed !== undefined) return []
  const view = await context.catalog.getView(name.schema, name.name)
  if (view === undefined) throw new QueryError('TABLE_NOT_FOUND', `Table does not exist: ${tableText(name)}`)
  check(view.columns)
  await context.catalog.createView({ ...view, columns: change(view.columns) }, { replace: true })
  return []
}

const withComment = <T extends object>(item: T, comment: string | undefined): T & { readonly comment?: string } =>
  comment === undefined ? item : { ...item, comment }
