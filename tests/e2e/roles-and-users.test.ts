/** Roles, privileges, the session's user and path: what Trino 476 answers over a catalog without access control. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postStatement, trinoStatement } from '#tests/support/trino-statement'
import { startWeir, type WeirServer } from '#tests/support/weir'

let weir: WeirServer

const run = (sql: string, headers: Readonly<Record<string, string>> = {}) =>
  trinoStatement(weir.url, sql, { 'x-trino-schema': 'default', 'x-trino-transaction-id': 'NONE', ...headers })

beforeAll(async () => {
  weir = await startWeir()
  expect((await run('CREATE TABLE t (a bigint)')).last).not.toHaveProperty('error')
  expect((await run('CREATE VIEW v AS SELECT 1 x')).last).not.toHaveProperty('error')
})

afterAll(() => weir?.stop())

const names = async (sql: string): Promise<readonly string[]> => {
  const { last, rows } = await run(sql)
  expect(rows).toEqual([])
  expect(last.columns.map((column: { type: string }) => column.type)).toEqual(last.columns.map(() => 'varchar'))
  return last.columns.map((column: { name: string }) => column.name)
}

/** Name, place and text of the error. */
const failure = async (sql: string, headers: Readonly<Record<string, string>> = {}): Promise<readonly unknown[]> => {
  const { error } = (await run(sql, headers)).last
  return [error?.errorName, error?.message.split('\n')[0]]
}

describe('roles and privileges', () => {
  it('there are none', async () => {
    expect(await names('SHOW ROLES')).toEqual(['Role'])
    expect(await names('SHOW CURRENT ROLES')).toEqual(['Role'])
    expect(await names('SHOW ROLE GRANTS')).toEqual(['Role Grants'])
    const columns = 'Grantor,Grantor Type,Grantee,Grantee Type,Catalog,Schema,Table,Privilege,Grantable,With Hierarchy'.split(',')
    for (const on of ['', ' ON t', ' ON TABLE lake.default.t', ' ON v', ' ON information_schema.tables', ' ON system.runtime.nodes'])
      expect(await names(`SHOW GRANTS${on}`)).toEqual(columns)
    expect((await run('EXPLAIN (TYPE VALIDATE) SHOW ROLES')).rows).toEqual([[true]])
  })

  it('what is not there may be dropped', async () => {
    expect((await run('DROP ROLE IF EXISTS r')).last).toMatchObject({ columns: [], updateType: 'DROP ROLE' })
  })

  const noRoles = ['NOT_SUPPORTED', "line 1:1: Catalog 'lake' does not support role management"]
  const noCatalog = ['CATALOG_NOT_FOUND', "line 1:1: Catalog 'nope' not found"]
  const noRole = ['ROLE_NOT_FOUND', "line 1:1: Role 'r' does not exist"]
  const noTable = ['TABLE_NOT_FOUND', "line 1:1: Table 'lake.default.nope' does not exist"]
  const noSchema = ['SCHEMA_NOT_FOUND', "line 1:1: Schema 'lake.nope' does not exist"]
  const noPermissions = ['NOT_SUPPORTED', 'Catalog does not support permission management: lake']
  it.each([
    ['SHOW ROLES FROM lake', noRoles],
    ['SHOW CURRENT ROLES IN nope', noCatalog],
    ['SHOW ROLE GRANTS FROM lake', noRoles],
    ['SHOW GRANTS ON nope', noTable],
    ['SHOW GRANTS ON SCHEMA nope', noTable],
    ['CREATE ROLE r', ['NOT_SUPPORTED', 'System roles are not enabled']],
    ['CREATE ROLE r WITH ADMIN CURRENT_USER IN lake', noRoles],
    ['CREATE ROLE r IN nope', noCatalog],
    ['DROP ROLE "R"', noRole],
    ['DROP ROLE IF EXISTS r IN lake', noRoles],
    ['GRANT r, s TO USER bob WITH ADMIN OPTION', noRole],
    ['GRANT r TO bob IN lake', noRoles],
    ['REVOKE ADMIN OPTION FOR r FROM bob', noRole],
    ['REVOKE r FROM bob IN nope', noCatalog],
    ['GRANT SELECT ON t TO bob', noPermissions],
    ['GRANT ALL PRIVILEGES ON v TO ROLE r WITH GRANT OPTION', noPermissions],
    ['GRANT SELECT ON nope TO bob', noTable],
    ['GRANT CREATE ON SCHEMA default TO bob', noPermissions],
    ['REVOKE GRANT OPTION FOR SELECT ON t FROM bob', noPermissions],
    ['REVOKE SELECT ON SCHEMA nope FROM bob', noSchema],
    ['DENY INSERT ON lake.default.t TO bob', noPermissions],
    ['GRANT Foo ON t TO bob', ['INVALID_PRIVILEGE', "line 1:1: Unknown privilege: 'Foo'"]],
    ['GRANT foo ON nope TO bob', noTable],
    ['ALTER TABLE t SET AUTHORIZATION bob', noPermissions],
    ['ALTER TABLE v SET AUTHORIZATION bob', noPermissions],
    ['ALTER TABLE t SET AUTHORIZATION ROLE r', noRole],
    ['ALTER TABLE nope SET AUTHORIZATION ROLE r', noTable],
    ['ALTER VIEW v SET AUTHORIZATION USER bob', noPermissions],
    ['ALTER VIEW t SET AUTHORIZATION bob', ['TABLE_NOT_FOUND', "line 1:1: View 'lake.default.t' does not exist"]],
    ['ALTER SCHEMA default SET AUTHORIZATION bob', noPermissions],
    ['ALTER SCHEMA nope SET AUTHORIZATION ROLE r', noSchema],
    ['CREATE SCHEMA s AUTHORIZATION ROLE r', ['NOT_SUPPORTED', 'This connector does not support roles']],
  ])('%s', async (sql, expected) => {
    expect(await failure(sql)).toEqual(expected)
  })

  it('a schema may be created for another user', async () => {
    expect((await run('CREATE SCHEMA bobs AUTHORIZATION bob')).last).toMatchObject({ updateType: 'CREATE SCHEMA', columns: [] })
    expect((await run("SHOW SCHEMAS LIKE 'bobs'")).rows).toEqual([['bobs']])
  })

  it('roles in headers: all and none are the same, one of them is refused', async () => {
    expect((await run('SELECT 1', { 'x-trino-role': 'system=ALL,lake=ROLE%7Bx%7D' })).rows).toEqual([[1]])
    expect(await failure('SELECT 1', { 'x-trino-role': 'nope=ALL' })).toEqual(['CATALOG_NOT_FOUND', "Catalog 'nope' not found"])
    const refused = await postStatement(weir.url, 'SELECT 1', { 'x-trino-role': 'system=ROLE{x}' })
    expect([refused.status, await refused.text()]).toEqual([403, 'Access Denied: Cannot set role x'])
    for (const role of ['garbage', 'system=x', 'system=ROLE{}'])
      expect((await postStatement(weir.url, 'SELECT 1', { 'x-trino-role': role })).status).toBe(400)
  })
})

describe('the session’s user', () => {
  const current = async (headers: Readonly<Record<string, string>>) => (await run('SELECT current_user', headers)).rows
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

  it('is X-Trino-User, or who connects', async () => {
    expect(await current({})).toEqual([['alice']])
    expect(await current({ 'x-trino-original-user': 'alice' })).toEqual([['alice']])
    expect(await current({ 'x-trino-user': '', 'x-trino-original-user': 'carol' })).toEqual([['carol']])
    expect(await current({ 'x-trino-user': '', ...basic('bob:') })).toEqual([['bob']])
    expect(await current({ ...basic('alice:') })).toEqual([['alice']])
    expect(await current({ ...basic(':') })).toEqual([['alice']])
  })

  it('nobody acts for another', async () => {
    const denied = (one: string, other: string) => ['PERMISSION_DENIED', `Access Denied: User ${one} cannot impersonate user ${other}`]
    expect(await failure('SELECT 1', { 'x-trino-original-user': 'carol' })).toEqual(denied('carol', 'alice'))
    expect(await failure('SELECT 1', basic('bob:'))).toEqual(denied('bob', 'alice'))
    expect(await failure('SELECT 1', { ...basic('bob:'), 'x-trino-original-user': 'carol' })).toEqual(denied('bob', 'carol'))
    expect(await failure('SET SESSION AUTHORIZATION bob')).toEqual(denied('alice', 'bob'))
  })

  it('a password that nobody checks is refused', async () => {
    const answer = await postStatement(weir.url, 'SELECT 1', basic('alice:secret'))
    expect([answer.status, await answer.text()]).toEqual([401, 'Password not allowed for insecure authentication'])
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Trino"')
  })

  it('does not change within a transaction, nor for clients that do not know how', async () => {
    for (const [statement, verb] of [
      ['SET SESSION AUTHORIZATION alice', 'set'],
      ['RESET SESSION AUTHORIZATION', 'reset'],
    ] as const) {
      const { headers } = await run('START TRANSACTION')
      const open = { 'x-trino-transaction-id': headers['x-trino-started-transaction-id'] as string }
      expect(await failure(statement, open)).toEqual([
        'GENERIC_USER_ERROR',
        `Can't ${verb} authorization user in the middle of a transaction`,
      ])
    }
    const old = { 'x-trino-client-capabilities': '' }
    for (const statement of ['SET SESSION AUTHORIZATION alice', 'RESET SESSION AUTHORIZATION', 'SET PATH a']) {
      const name = statement.replace(/ (alice|a)$/, '')
      expect(await failure(statement, old)).toEqual(['NOT_SUPPORTED', `${name} not supported by client`])
    }
  })
})

describe('the path', () => {
  it('is what the client sends, and must be one', async () => {
    expect((await run('SELECT current_path')).rows).toEqual([['']])
    expect((await run('SELECT current_path', { 'x-trino-path': '"A b".c, D' })).rows).toEqual([['"A b".c, D']])
    expect(await failure('SELECT 1', { 'x-trino-path': 'a.b.c' })).toEqual([
      'SYNTAX_ERROR',
      "line 1:4: mismatched input '.'. Expecting: ',', <EOF>",
    ])
  })

  it('SET PATH names catalogs that are there', async () => {
    expect((await run('SET PATH lake.DEFAULT, system."T", x')).headers).toEqual({ 'x-trino-set-path': 'lake.DEFAULT, system."T", x' })
    expect(await failure('SET PATH nope.x')).toEqual(['CATALOG_NOT_FOUND', "line 1:1: Catalog 'nope' not found"])
  })

  it('a time zone that is none fails the statement', async () => {
    expect(await failure('SELECT 1', { 'x-trino-time-zone': 'foo' })).toEqual(['NOT_SUPPORTED', 'Time zone not supported: foo'])
  })
})
