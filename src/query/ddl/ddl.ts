/** Statements that change what the catalog knows, none of which has rows. */
import type { CatalogStatement, Statement } from '#src/sql/ast'
import { changeOwner } from '../access-statements.ts'
import { alterTable } from './alter-table.ts'
import { commentOn } from './comments.ts'
import { type Ddl, type DdlContext, lakeName, placed } from './context.ts'
import { createHiveTable, createTable } from './create-table.ts'
import { alterPartitions, repairTable } from './partitions.ts'
import { callProcedure } from './procedures.ts'
import { tableMissing } from './relations.ts'
import { createSchema, dropSchema, renameSchema } from './schemas.ts'
import { createView, dropView, rename } from './views.ts'

type Alter = Extract<CatalogStatement, { kind: 'alter' }>

/**
 * Undefined: the statement is none of these. Throws what is wrong with the statement itself, with its position; what is wrong
 * with the catalog's state is found when it runs.
 */
export async function compileDdl(statement: Statement, context: DdlContext): Promise<Ddl | undefined> {
  switch (statement.kind) {
    case 'create-schema':
      return createSchema(statement, context)
    case 'drop-schema':
      return dropSchema(statement, context)
    case 'rename-schema':
      return renameSchema(statement, context)
    case 'create-table':
      return placed(statement.at, () => createTable(statement, context))
    case 'hive-create-table':
      return placed(statement.at, () => createHiveTable(statement, context))
    case 'drop-table':
      return dropTable(statement, context)
    case 'create-view':
      return createView(statement, context)
    case 'drop-view':
      return dropView(statement, context)
    case 'comment-on':
      return commentOn(statement, context)
    case 'alter':
      return alter(statement, context)
    case 'msck-repair':
      return repairTable(statement, context)
    case 'call-procedure':
      return callProcedure(statement, context)
    default:
      return undefined
  }
}

/** DROP TABLE [IF EXISTS] t: forgets the table. Files that Weir did not write stay. */
function dropTable({ at, ifExists, name: spelled }: Extract<CatalogStatement, { kind: 'drop-table' }>, context: DdlContext): Ddl {
  const name = lakeName(spelled, at, context)
  return {
    updateType: 'DROP TABLE',
    run: () =>
      placed(at, async () => {
        if (await context.catalog.dropTable(name.schema, name.name)) return []
        if (ifExists && (await context.catalog.getView(name.schema, name.name)) === undefined) return []
        throw await tableMissing(
          name,
          at,
          { missing: 'TABLE_NOT_FOUND', other: 'GENERIC_USER_ERROR', instead: (text) => `DROP VIEW ${text}` },
          context,
        )
      }),
  }
}

async function alter(statement: Alter, context: DdlContext): Promise<Ddl | undefined> {
  const { object, action } = statement
  if (action.kind === 'set-authorization')
    return changeOwner(statement, { sources: context.sources, catalog: context.catalogName, schema: context.defaultSchema })
  if (object === 'materialized view' || object === 'schema') return undefined
  if (action.kind === 'rename') return rename(object, statement, action.to, context)
  if (object === 'view') return undefined
  switch (action.kind) {
    case 'add-column':
    case 'hive-add-columns':
    case 'hive-replace-columns':
    case 'drop-column':
    case 'rename-column':
    case 'set-column-type':
    case 'drop-not-null':
    case 'set-not-null':
    case 'set-properties':
    case 'set-tblproperties':
    case 'unset-tblproperties':
      return alterTable(statement, action, context)
    case 'set-location':
      return action.partition === undefined ? alterTable(statement, action, context) : alterPartitions(statement, action, context)
    case 'add-partitions':
    case 'drop-partitions':
    case 'rename-partition':
      return alterPartitions(statement, action, context)
    case 'execute':
      return undefined
  }
}
