/** Registered and projected partitions, and what tells partitions that must not be seen, through a server over a folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'

let folder: string
let weir: WeirServer
let next = 0
let root: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-partitions-'))
  weir = await startWeir({ args: ['--allow', `${folder}/`] })
})
afterAll(async () => {
  await weir?.stop()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  root = join(folder, `t${++next}`)
})

function lake(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}

async function run(sql: string): Promise<unknown> {
  const { json } = await weir.sql(sql)
  if (json.error !== undefined) return `${json.error.name}: ${json.error.message}`
  return json.updateType ?? json.rows
}
const hints = async (sql: string): Promise<readonly string[]> => (await weir.sql(sql)).json.stats.hints

const text = (columns: string, keys: string, properties: string): string =>
  `create external table t${next} (${columns}) partitioned by (${keys}) row format delimited fields terminated by ',' location '${root}/' tblproperties (${properties})`
const REGISTERED = "'partition_discovery' = 'registered'"

describe('registered partitions', () => {
  it('are what ADD, DROP, RENAME PARTITION and MSCK say', async () => {
    lake({
      'dt=2024-01-01/f': '1\n',
      'dt=2024-01-02/f': '2\n',
      'dt=2024-01-03/f': '3\n',
      'elsewhere/f': '9\n',
      '_tmp/dt=2024-01-09/f': '7\n',
      'dt=bad/f': '8\n',
    })
    const t = `t${next}`
    expect(await run(text('id int', 'dt date', REGISTERED))).toBe('CREATE TABLE')
    expect(await run(`select id from ${t}`)).toEqual([])
    expect(await hints(`select id from ${t}`)).toEqual([
      `default.${t}: 3 folders are not registered; MSCK REPAIR TABLE default.${t} registers them`,
    ])
    expect(await run(`alter table ${t} add partition (dt = '2024-01-02')`)).toBe('ADD PARTITION')
    expect(await run(`alter table ${t} add partition (dt = '2024-01-02')`)).toBe(
      'ALREADY_EXISTS: line 1:1: Partition already exists: dt=2024-01-02',
    )
    expect(
      await run(
        `alter table ${t} add if not exists partition (dt = '2024-01-02') partition (dt = date '2024-02-01') location '${root}/elsewhere'`,
      ),
    ).toBe('ADD PARTITION')
    expect(await run(`select id, dt from ${t} order by id`)).toEqual([
      [2, '2024-01-02'],
      [9, '2024-02-01'],
    ])
    expect(await hints(`msck repair table ${t}`)).toEqual(['Added 2 partitions'])
    expect(await run(`show partitions ${t}`)).toEqual([['dt=2024-01-01'], ['dt=2024-01-02'], ['dt=2024-01-03'], ['dt=2024-02-01']])
    expect(await run(`select id from ${t} where dt > date '2024-01-01' and dt < date '2024-02-01' order by id`)).toEqual([[2], [3]])
    expect(await run(`alter table ${t} drop partition (dt >= '2024-01-03'), partition (dt = '2024-01-01')`)).toBe('DROP PARTITION')
    expect(await run(`alter table ${t} partition (dt = '2024-01-02') rename to partition (dt = '2025-01-02')`)).toBe('RENAME PARTITION')
    expect(await run(`select id, dt, "$partition" from ${t}`)).toEqual([[2, '2025-01-02', 'dt=2025-01-02']])
    expect(await run(`alter table ${t} drop if exists partition (dt = '1999-01-01')`)).toBe('DROP PARTITION')
    expect(await run(`select dt, "$file_count", "$bytes" from "${t}$partitions"`)).toEqual([['2025-01-02', 1, 2]])
    expect(await run(`select * from "${t}$partitions"`)).toEqual([['2025-01-02']])
    expect(await run(`alter table ${t} drop partition (dt = '1999-01-01')`)).toBe(
      `NOT_FOUND: line 1:1: Partition 'dt' of 'lake.default.${t}' is not registered`,
    )
    expect(await hints(`select id from ${t} where dt = date '2024-01-02'`)).toContain(
      `default.${t}: 0 of 1 registered partitions match; the newest is dt=2025-01-02`,
    )
  })

  it('MSCK drops what is gone, and leaves alone what lies elsewhere', async () => {
    lake({ 'a=1/b=x/f': '1\n', 'a=02/b=y/f': '2\n', 'a=2/b=z/f': '3\n', 'other/f': '4\n' })
    const t = `t${next}`
    await run(text('id int', 'a int, b string', REGISTERED))
    await run(`alter table ${t} add partition (a = 7, b = 'o') location '${root}/other/'`)
    expect(await hints(`msck repair table ${t} sync partitions`)).toEqual(['Added 3 partitions'])
    rmSync(join(root, 'a=1'), { recursive: true })
    expect(await hints(`msck repair table ${t} add partitions`)).toEqual([])
    expect(await hints(`msck repair table ${t} drop partitions`)).toEqual(['Dropped 1 partition'])
    expect(await run(`select id, a, b from ${t} where a >= 2 order by id`)).toEqual([
      [2, 2, 'y'],
      [3, 2, 'z'],
      [4, 7, 'o'],
    ])
  })

  it("Trino's procedures", async () => {
    lake({ 'dt=2024-01-01/f': '1\n', 'dt=2024-01-02/f': '2\n' })
    const t = `t${next}`
    await run(text('id int', 'dt string', REGISTERED))
    const of = (name: string, value: string) => `call system.${name}('default', '${t}', array['dt'], array['${value}'])`
    const expected: readonly (readonly [string, unknown])[] = [
      [of('create_empty_partition', '2024-01-01'), 'CALL'],
      [of('create_empty_partition', '2024-01-01'), 'ALREADY_EXISTS: Partition already exists'],
      [
        `call system.create_empty_partition('default', '${t}', array['dx'], array['x'])`,
        'INVALID_PROCEDURE_ARGUMENT: Provided partition column names do not match actual partition column names: [dt]',
      ],
      [
        `call system.create_empty_partition('default', 'nope', array['dx'], array['x'])`,
        "INVALID_PROCEDURE_ARGUMENT: Table 'default.nope' does not exist",
      ],
      [of('unregister_partition', '2024-01-09'), "NOT_FOUND: Partition 'dt=2024-01-09' does not exist"],
      [of('unregister_partition', '2024-01-01'), 'CALL'],
      [
        `call system.sync_partition_metadata('default', '${t}', 'FOO')`,
        'INVALID_PROCEDURE_ARGUMENT: Invalid partition metadata sync mode: FOO',
      ],
      [`call system.sync_partition_metadata(schema_name => 'default', table_name => '${t}', mode => 'FULL')`, 'CALL'],
      [
        `call system.sync_partition_metadata('default')`,
        "INVALID_ARGUMENTS: line 1:1: Required procedure argument 'TABLE_NAME' is missing",
      ],
      [`call system.nope('default')`, 'PROCEDURE_NOT_FOUND: Procedure not registered: system.nope'],
      [`select count(*) from ${t}`, [[2]]],
    ]
    for (const [sql, answer] of expected) expect([sql, await run(sql)]).toEqual([sql, answer])
  })

  it('a table that lists sees registered folders of other places beside, and instead of, what it lists', async () => {
    lake({ 'dt=1/f': '1\n', 'dt=2/f': '2\n', 'x/f': '20\n', 'y/f': '30\n' })
    const t = `t${next}`
    await run(text('id int', 'dt string', "'x' = 'y'"))
    await run(
      `alter table ${t} add partition (dt = '2') location '${root}/x' partition (dt = '3') location '${root}/y' partition (dt = '4')`,
    )
    expect(await run(`select id, dt from ${t} order by id`)).toEqual([
      [1, '1'],
      [20, '2'],
      [30, '3'],
    ])
    expect(await run(`select id from ${t} where dt = '3'`)).toEqual([[30]])
    await run(`alter table ${t} drop partition (dt = '2')`)
    expect(await run(`select id from ${t} where dt = '2'`)).toEqual([[2]])
  })
})

describe('projected partitions', () => {
  it("dates in folders of their own, from Athena's properties", async () => {
    lake({ 'logs/2024/01/30/f': '1\n', 'logs/2024/01/31/f': '2\n', 'logs/2024/02/01/f': '3\n', 'logs/2023/12/31/f': '0\n' })
    const t = `t${next}`
    const properties = `'projection.enabled' = 'true', 'projection.dt.type' = 'date', 'projection.dt.range' = '2024/01/01,NOW', 'projection.dt.format' = 'yyyy/MM/dd', 'storage.location.template' = 'file://${root}/logs/\${dt}/'`
    expect(await run(text('id int', 'dt string', properties))).toBe('CREATE TABLE')
    expect(await run(`select id, dt from ${t} order by id`)).toEqual([
      [1, '2024/01/30'],
      [2, '2024/01/31'],
      [3, '2024/02/01'],
    ])
    expect(await run(`select id from ${t} where dt between '2024/01/31' and '2024/02/01' order by id`)).toEqual([[2], [3]])
    const { json } = await weir.sql(`select id from ${t} where dt = '2024/01/31'`)
    expect(json.stats.requests.list).toBe(1)
    expect(await run(`select id from ${t} where substr(dt, 6, 2) = '02'`)).toEqual([[3]])
    expect(await run(`alter table ${t} add partition (dt = '2020/01/01')`)).toBe(
      `NOT_SUPPORTED: line 1:1: The partitions of 'lake.default.${t}' are projected: its properties tell which there are`,
    )
  })

  it('enums, integers with digits and intervals, injected keys', async () => {
    lake({
      'region=eu/h=00/f': '1\n',
      'region=eu/h=06/f': '2\n',
      'region=us/h=06/f': '3\n',
      'region=us/h=07/f': '4\n',
      'region=xx/h=06/f': '5\n',
    })
    const t = `t${next}`
    const keys = (type: string) =>
      `'projection.enabled' = 'true', 'projection.region.type' = '${type}', 'projection.region.values' = 'eu,us', 'projection.h.type' = 'integer', 'projection.h.range' = '0,23', 'projection.h.interval' = '6', 'projection.h.digits' = '2'`
    await run(text('id int', 'region string, h int', keys('enum')))
    expect(await run(`select id, region, h from ${t} order by id`)).toEqual([
      [1, 'eu', 0],
      [2, 'eu', 6],
      [3, 'us', 6],
    ])
    expect(await run(`select id from ${t} where region = 'eu' and h > 0`)).toEqual([[2]])
    await run(`alter table ${t} set tblproperties ('projection.region.type' = 'injected')`)
    expect(await run(`select id from ${t} where region in ('xx', 'us') order by id`)).toEqual([[3], [5]])
    expect(await run(`select id from ${t}`)).toBe(
      'CONSTRAINT_VIOLATION: For the injected projected partition column region, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.',
    )
  })

  it('is checked when the table is made', async () => {
    const bad = async (properties: string) => run(text('id int', 'dt string', `'projection.enabled' = 'true'${properties}`))
    expect(await bad('')).toBe(
      "INVALID_TABLE_PROPERTY: line 1:1: Column projection for column 'dt' failed. Property 'projection.dt.type' must be enum, integer, date or injected",
    )
    expect(
      await bad(", 'projection.dt.type' = 'date', 'projection.dt.range' = '2024-01-01,LATER', 'projection.dt.format' = 'yyyy-MM-dd'"),
    ).toMatch(/'LATER' is neither NOW/)
    expect(
      await bad(", 'projection.dt.type' = 'date', 'projection.dt.range' = 'NOW-1DAYS,NOW', 'projection.dt.format' = 'yyyy-MM-dd-HH'"),
    ).toMatch(/interval.unit' is needed/)
    expect(
      await bad(", 'projection.dt.type' = 'enum', 'projection.dt.values' = 'a,b', 'storage.location.template' = 's3://other/'"),
    ).toMatch(/lacks the partition key: \$\{dt\}/)
  })
})

describe('rules of a table', () => {
  it('visible_when, require_partition_filter, max_bytes', async () => {
    lake({ 'dt=1/f': '1\n', 'dt=1/_SUCCESS': '', 'dt=2/f': '2\n', 'dt=2/below/_SUCCESS': '' })
    const t = `t${next}`
    await run(text('id int', 'dt string', "'visible_when' = '_SUCCESS'"))
    expect(await run(`select id from ${t}`)).toEqual([[1]])
    expect(await hints(`select id from ${t}`)).toContain(`default.${t}: 1 partition has no _SUCCESS and is left out`)
    lake({ 'dt=2/_SUCCESS': '' })
    expect(await run(`select count(*) from ${t}`)).toEqual([[2]])
    await run(`alter table ${t} set tblproperties ('require_partition_filter' = 'true', 'max_bytes' = '3')`)
    expect(await run(`select id from ${t}`)).toBe(
      `QUERY_REJECTED: line 1:16: Filter required on default.${t} for at least one of the partition columns: dt`,
    )
    expect(await run(`select id from ${t} where dt = '2'`)).toEqual([[2]])
    expect(await run(`select id from ${t} where dt >= '1'`)).toMatch(
      /^EXCEEDED_SCAN_LIMIT: .*the table's limit of 3 bytes: it would read 4 bytes$/,
    )
  })
  it('an answer from metadata tells what is not in it, too', async () => {
    await run("create table counted with (partitioned_by = array['k']) as select * from (values (1, 0), (2, 1)) t(x, k)")
    expect(await run('select count(*) from counted where k = 9')).toEqual([[0]])
    expect(await hints('select count(*) from counted where k = 9')).toEqual(['default.counted: 0 of 2 partitions match; the newest is k=1'])
    expect(await hints('select count(*), max(k) from counted')).toEqual([])
    await run("alter table counted set tblproperties ('visible_when' = '_SUCCESS')")
    expect(await run('select count(*) from counted')).toEqual([[0]])
    expect(await hints('select count(*) from counted')).toContain('default.counted: 2 partitions have no _SUCCESS and are left out')
  })
})
