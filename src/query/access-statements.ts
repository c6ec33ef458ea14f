/**
 * Statements about roles and privileges. There are none of either, as in Trino where no catalog has access control of its own:
 * lists are empty, and what would change them fails as it does there.
 */
import { CATALOG_NAME } from '#catalog/catalog'
import type { VirtualTable } from '#src/analyze/context'
import { showGrants, showRoles } from '#src/analyze/show'
import { completeName } from '#src/analyze/tables'
import { type Position, QueryError } from '#src/common/errors'
import type { CatalogStatement, GrantObject, Identifier, QualifiedName, SecurityStatement, ShowStatement } from '#src/sql/ast'
import { missingAs, type NamesContext, relationOf } from './relation-lookup.ts'
import { hasCatalog, hasSchema } from './table-lookup.ts'

type ChangeRoles = Extract<SecurityStatement, { kind: 'change-roles' }>
type ChangePrivileges = Extract<SecurityStatement, { kind: 'change-privileges' }>

const PRIVILEGES: ReadonlySet<string> = new Set(['create', 'delete', 'insert', 'select', 'update'])

/** SHOW ROLES, SHOW CURRENT ROLES, SHOW ROLE GRANTS. @throws CATALOG_NOT_FOUND, NOT_SUPPORTED for a catalog's own roles */
export function showRolesOf({ which, catalog, at }: Extract<ShowStatement, { kind: 'show-roles' }>): VirtualTable {
  refuseCatalogRoles(catalog, at)
  return showRoles(which === 'ROLE GRANTS' ? 'Role Grants' : 'Role')
}

/** SHOW GRANTS [ON t]. @throws TABLE_NOT_FOUND */
export async function showGrantsOn(
  { object, at }: Extract<ShowStatement, { kind: 'show-grants' }>,
  context: NamesContext,
): Promise<VirtualTable> {
  // Whatever is said to be granted on, Trino takes it for a table.
  if (object !== undefined) await checkRelation(object.name, at, context)
  return showGrants()
}

/** Returns what DROP ROLE IF EXISTS does, which is nothing. @throws CATALOG_NOT_FOUND, NOT_SUPPORTED, ROLE_NOT_FOUND */
export function changeRoles({ change, roles, catalog, ifExists, at }: ChangeRoles): void {
  refuseCatalogRoles(catalog, at)
  switch (change) {
    case 'CREATE ROLE':
      throw new QueryError('NOT_SUPPORTED', 'System roles are not enabled')
    case 'DROP ROLE':
      if (ifExists) return
      throw roleMissing(roles[0] as Identifier, at)
    case 'GRANT ROLE':
    case 'REVOKE ROLE':
      throw roleMissing(roles[0] as Identifier, at)
  }
}

/** @throws TABLE_NOT_FOUND, SCHEMA_NOT_FOUND, INVALID_PRIVILEGE, else NOT_SUPPORTED */
export async function changePrivileges({ privileges, object, at }: ChangePrivileges, context: NamesContext): Promise<never> {
  const catalog = await grantedOn(object, at, context)
  const unknown = privileges.find((privilege) => !PRIVILEGES.has(privilege.toLowerCase()))
  if (unknown !== undefined) throw new QueryError('INVALID_PRIVILEGE', `Unknown privilege: '${unknown}'`, { at })
  throw noPermissions(catalog)
}

/** ALTER TABLE | VIEW | SCHEMA … SET AUTHORIZATION. @throws TABLE_NOT_FOUND, SCHEMA_NOT_FOUND, ROLE_NOT_FOUND, else NOT_SUPPORTED */
export async function changeOwner(statement: Extract<CatalogStatement, { kind: 'alter' }>, context: NamesContext): Promise<never> {
  const { object, name, action, at } = statement
  const full =
    object === 'schema'
      ? await checkSchema(name, at, context)
      : await checkRelation(name, at, context, object === 'view' ? 'View' : 'Table')
  if (action.kind === 'set-authorization' && action.principal.kind === 'role') throw roleMissing(action.principal.name, at)
  throw noPermissions(full)
}

/** ROLE_NOT_FOUND. */
export const roleMissing = ({ value }: Identifier, at: Position): QueryError =>
  new QueryError('ROLE_NOT_FOUND', `Role '${value.toLowerCase()}' does not exist`, { at })

const noPermissions = (catalog: string): QueryError =>
  new QueryError('NOT_SUPPORTED', `Catalog does not support permission management: ${catalog}`)

/** Roles of a catalog's own. @throws CATALOG_NOT_FOUND, NOT_SUPPORTED */
export function refuseCatalogRoles(catalog: Identifier | undefined, at: Position): void {
  if (catalog === undefined) return
  const name = catalog.value.toLowerCase()
  if (!hasCatalog(name)) throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${name}' not found`, { at })
  throw new QueryError('NOT_SUPPORTED', `Catalog '${name}' does not support role management`, { at })
}

/** The catalog of what a privilege is about. */
async function grantedOn({ entity, name }: GrantObject, at: Position, context: NamesContext): Promise<string> {
  if (entity === 'schema') return checkSchema(name, at, context)
  if (entity === undefined || entity === 'table') return checkRelation(name, at, context)
  throw new QueryError('NOT_SUPPORTED', `Privileges on ${entity.toUpperCase()} are not supported`, { at })
}

/** The schema's catalog. */
async function checkSchema({ parts }: QualifiedName, at: Position, { catalog: current, sources }: NamesContext): Promise<string> {
  const names = parts.map(({ value }) => value.toLowerCase())
  if (names.length > 2) throw new QueryError('SYNTAX_ERROR', `Too many parts in schema name: ${names.join('.')}`, { at })
  const [catalog, schema] = names.length === 2 ? (names as [string, string]) : [current, names[0] as string]
  if (hasCatalog(catalog) && (await hasSchema(catalog, schema, sources))) return catalog
  throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${catalog}.${schema}' does not exist`, { at })
}

/** The relation's catalog; a view must be one. */
async function checkRelation(name: QualifiedName, at: Position, context: NamesContext, kind: 'Table' | 'View' = 'Table'): Promise<string> {
  const found = await relationOf(name, at, context).catch(missingAs(kind, name, at, context))
  if (kind === 'View' && !('sql' in found)) {
    const { catalog, schema, name: own } = completeName(name, { catalogName: context.catalog, defaultSchema: context.schema })
    throw new QueryError('TABLE_NOT_FOUND', `View '${catalog}.${schema}.${own}' does not exist`, { at })
  }
  return 'kind' in found ? found.catalog : CATALOG_NAME
}
