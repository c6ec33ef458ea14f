/** CREATE, DROP and ALTER SCHEMA. */
import { CATALOG_NAME } from '#catalog/catalog'
import { QueryError } from '#src/common/errors'
import type { CatalogStatement } from '#src/sql/ast'
import { constantOf } from '../prepared-statements.ts'
import { type Ddl, type DdlContext, placed, schemaName } from './context.ts'

type Kind<K extends CatalogStatement['kind']> = Extract<CatalogStatement, { kind: K }>

/** Schemas of the engine's own tables. */
const isReserved = (name: string): boolean => name === 'information_schema'

/** CREATE SCHEMA [IF NOT EXISTS] s [AUTHORIZATION user] [WITH (location = …)]; Hive's CREATE DATABASE s [COMMENT …] [LOCATION …] [WITH DBPROPERTIES (…)] */
export function createSchema(statement: Kind<'create-schema'>, context: DdlContext): Ddl {
  const { at, ifNotExists } = statement
  const name = schemaName(statement.name, at, context)
  const { authorization } = statement
  // Trino's text for catalogs like this one.
  if (authorization?.kind === 'role') throw new QueryError('NOT_SUPPORTED', 'This connector does not support roles')
  const owner = authorization === undefined ? context.session.user : (authorization.name.written ?? authorization.name.value)
  const location = statement.location ?? locationProperty(statement, context)
  return {
    updateType: 'CREATE SCHEMA',
    run: () =>
      placed(at, async () => {
        const options = {
          ...(location !== undefined && { location }),
          ...(statement.comment !== undefined && { comment: statement.comment }),
          owner,
        }
        const isNew = !isReserved(name) && (await context.catalog.createSchema(name, options))
        if (!isNew && !ifNotExists) throw new QueryError('SCHEMA_ALREADY_EXISTS', `Schema '${CATALOG_NAME}.${name}' already exists`)
        return []
      }),
  }
}

function locationProperty({ properties }: Kind<'create-schema'>, context: DdlContext): string | undefined {
  let location: string | undefined
  for (const { name, value, at } of properties) {
    // DBPROPERTIES are quoted, and may be anything.
    if (name.value.toLowerCase() !== 'location') {
      if (name.quoted) continue
      throw new QueryError('INVALID_SCHEMA_PROPERTY', `Catalog '${CATALOG_NAME}' schema property '${name.value}' does not exist`, { at })
    }
    const constant = value && constantOf(value, context.session)
    if (constant?.type.kind !== 'varchar' || typeof constant.value !== 'string')
      throw new QueryError('INVALID_SCHEMA_PROPERTY', `Invalid value for catalog '${CATALOG_NAME}' schema property 'location'`, { at })
    location = constant.value
  }
  return location
}

/** DROP SCHEMA [IF EXISTS] s [CASCADE | RESTRICT] */
export function dropSchema(statement: Kind<'drop-schema'>, context: DdlContext): Ddl {
  const { at, ifExists, cascade } = statement
  const name = schemaName(statement.name, at, context)
  return {
    updateType: 'DROP SCHEMA',
    run: () =>
      placed(at, async () => {
        if (isReserved(name)) throw new QueryError('SCHEMA_NOT_EMPTY', `Cannot drop non-empty schema '${name}'`)
        try {
          await context.catalog.dropSchema(name, cascade)
        } catch (error) {
          if (!(error instanceof QueryError) || error.errorName !== 'SCHEMA_NOT_FOUND') throw error
          if (!ifExists) throw schemaMissing(name)
        }
        return []
      }),
  }
}

/** ALTER SCHEMA s RENAME TO t */
export function renameSchema(statement: Kind<'rename-schema'>, context: DdlContext): Ddl {
  const { at } = statement
  const name = schemaName(statement.name, at, context)
  const to = statement.to.value.toLowerCase()
  return {
    updateType: 'RENAME SCHEMA',
    run: () =>
      placed(at, async () => {
        const { catalog } = context
        if (!(await catalog.schemaExists(name))) throw schemaMissing(name)
        if (isReserved(to) || (await catalog.schemaExists(to))) {
          throw new QueryError('SCHEMA_ALREADY_EXISTS', `Target schema '${CATALOG_NAME}.${to}' already exists`)
        }
        if (!(await catalog.renameSchema(name, to))) throw schemaMissing(name)
        return []
      }),
  }
}

const schemaMissing = (name: string): QueryError => new QueryError('SCHEMA_NOT_FOUND', `Schema '${CATALOG_NAME}.${name}' does not exist`)
