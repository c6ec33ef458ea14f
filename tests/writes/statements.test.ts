/** What statements that write do to tables and files, in each place that Weir writes to. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { describeLakes } from './describe-lakes.ts'
import type { Lake } from './lakes.ts'

describeLakes('writing to', (open) => {
  let lake: Lake
  let server: WeirServer
  beforeAll(async () => {
    lake = await open()
    server = await startWeir({
      env: lake.env,
      args: ['--warehouse', `${lake.location}warehouse/`, '--allow', lake.location, '--write-grace', '1'],
    })
  })
  afterAll(async () => {
    await server?.stop()
    await lake?.close()
  })

  const rows = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    const { json } = await server.sql(sql)
    if (json.error !== undefined) throw new Error(`${json.error.name}: ${json.error.message}`)
    return json.rows
  }
  const write = async (sql: string, headers = {}) => {
    const { json, status } = await server.sql(sql, {}, headers)
    if (json.error !== undefined) return { status, error: json.error.name, line: json.error.line, column: json.error.column }
    return { updateType: json.updateType, updateCount: (json as { updateCount?: number }).updateCount }
  }
  const filesBelow = async (folder: string) => (await lake.files()).filter((file) => file.startsWith(`${lake.location}${folder}`))

  it('CREATE TABLE AS, INSERT, INSERT OVERWRITE, DELETE, TRUNCATE, DROP: rows and files', async () => {
    expect(
      await write("CREATE TABLE t WITH (partitioned_by = ARRAY['k']) AS SELECT x, x % 3 AS k FROM unnest(sequence(1, 9)) t(x)"),
    ).toEqual({
      updateType: 'CREATE TABLE',
      updateCount: 9,
    })
    expect(await write('INSERT INTO t (k, x) VALUES (0, 100), (7, 700), (NULL, 5)')).toEqual({ updateType: 'INSERT', updateCount: 3 })
    const sums = 'SELECT k, sum(x), count(*) FROM t GROUP BY k ORDER BY k'
    expect(await rows(sums)).toEqual([
      [0, 118, 4],
      [1, 12, 3],
      [2, 15, 3],
      [7, 700, 1],
      [null, 5, 1],
    ])
    expect(await write('INSERT OVERWRITE TABLE t PARTITION (k = 1) SELECT x FROM t WHERE k = 7')).toEqual({
      updateType: 'INSERT',
      updateCount: 1,
    })
    expect(await write('INSERT OVERWRITE t SELECT x + 1, k FROM t WHERE k IN (2, 7) OR k IS NULL')).toEqual({
      updateType: 'INSERT',
      updateCount: 5,
    })
    expect(await rows(sums)).toEqual([
      [0, 118, 4],
      [1, 700, 1],
      [2, 18, 3],
      [7, 701, 1],
      [null, 6, 1],
    ])
    expect(await write('INSERT OVERWRITE TABLE t PARTITION (k = 7) SELECT x FROM t WHERE false')).toEqual({
      updateType: 'INSERT',
      updateCount: 0,
    })
    expect(await write('DELETE FROM t WHERE k > 1 OR k IS NULL')).toEqual({ updateType: 'DELETE', updateCount: undefined })
    expect(await rows(sums)).toEqual([
      [0, 118, 4],
      [1, 700, 1],
    ])
    expect(await write('DELETE FROM t WHERE x = 1')).toMatchObject({ error: 'NOT_SUPPORTED', line: 1, column: 1 })
    expect(await rows('SELECT DISTINCT "$path" FROM t')).toHaveLength(3)
    await expect.poll(() => filesBelow('warehouse/default/t-')).toHaveLength(3)
    expect(await write('TRUNCATE TABLE t')).toEqual({ updateType: 'TRUNCATE TABLE', updateCount: undefined })
    expect(await rows('SELECT * FROM t')).toEqual([])
    expect(await write('INSERT INTO t VALUES (1, 1)')).toMatchObject({ updateCount: 1 })
    expect(await write('DROP TABLE t')).toMatchObject({ updateType: 'DROP TABLE' })
    await expect.poll(() => filesBelow('warehouse/')).toEqual([])
  })

  it('files of others are read, hidden by INSERT OVERWRITE, and never deleted', async () => {
    // Weir's own bytes under a name that Weir has not given.
    const place = `${lake.location}copy/dt=2024-01-01/part-00000.parquet`
    const answered = await server.request('/api/v1/sql', {
      method: 'POST',
      body: JSON.stringify({ sql: 'SELECT 1 x, 2 y' }),
      headers: { 'content-type': 'application/json', accept: 'application/vnd.apache.parquet' },
    })
    const parquet = Buffer.from(await answered.arrayBuffer())
    await lake.put(place, parquet)
    await write(
      `CREATE TABLE others (x integer, y integer, dt date) WITH (external_location = '${lake.location}copy/', partitioned_by = ARRAY['dt'])`,
    )
    expect(await write("INSERT INTO others VALUES (10, 20, DATE '2024-01-01')")).toMatchObject({ updateCount: 1 })
    expect(await rows('SELECT x, y FROM others ORDER BY x')).toEqual([
      [1, 2],
      [10, 20],
    ])
    const answer = await server.sql("INSERT OVERWRITE TABLE others PARTITION (dt = '2024-01-01') SELECT x + 1, y FROM others")
    expect(answer.json.stats.hints).toContain('1 files that Weir did not write are hidden from its readers now, and not deleted')
    expect(await rows('SELECT x, y FROM others ORDER BY x')).toEqual([
      [2, 2],
      [11, 20],
    ])
    await sleep(3000)
    await expect.poll(() => filesBelow('copy/')).toHaveLength(2)
    expect((await filesBelow('copy/')).filter((file) => file.endsWith('part-00000.parquet'))).toEqual([place])
    // What is written over it is another file; in S3 the same bytes are the same version.
    await lake.put(place, parquet)
    expect((await rows('SELECT x FROM others ORDER BY x')).flat()).toEqual(lake.name === 'MinIO' ? [2, 11] : [1, 2, 11])
    await write('DROP TABLE others')
    await sleep(2500)
    await expect.poll(() => filesBelow('copy/')).toHaveLength(2)
  })

  it('ALTER TABLE EXECUTE optimize puts small files together, and only those that Weir wrote', async () => {
    await write("CREATE TABLE small (x integer, k double) WITH (partitioned_by = ARRAY['k'])")
    for (const x of [1, 2, 3]) await write(`INSERT INTO small VALUES (${x}, 1), (${x}, NULL), (${x}, 2), (${x}, nan())`)
    const contents = 'SELECT k, sum(x), count(*), count(DISTINCT "$path") FROM small GROUP BY k ORDER BY k'
    expect(await rows(contents)).toEqual([
      [1, 6, 3, 3],
      [2, 6, 3, 3],
      ['NaN', 6, 3, 3],
      [null, 6, 3, 3],
    ])
    expect(await write('ALTER TABLE small EXECUTE optimize WHERE k = 1')).toEqual({
      updateType: 'ALTER TABLE EXECUTE',
      updateCount: undefined,
    })
    expect(await rows(contents)).toEqual([
      [1, 6, 3, 1],
      [2, 6, 3, 3],
      ['NaN', 6, 3, 3],
      [null, 6, 3, 3],
    ])
    expect(await write('ALTER TABLE small EXECUTE optimize WHERE x = 1')).toMatchObject({ error: 'NOT_SUPPORTED' })
    await write("ALTER TABLE small EXECUTE optimize(file_size_threshold => '1B')")
    expect(await rows('SELECT count(DISTINCT "$path") FROM small')).toEqual([[10]])
    await write('ALTER TABLE small EXECUTE optimize')
    expect(await rows(contents)).toEqual([
      [1, 6, 3, 1],
      [2, 6, 3, 1],
      ['NaN', 6, 3, 1],
      [null, 6, 3, 1],
    ])
    const [[path] = []] = await rows('SELECT "$path" FROM small WHERE k = 2')
    await lake.put(String(path).replace(/[^/]*$/, 'part-0.parquet'), Buffer.from('PAR1 of somebody else'))
    await write('INSERT INTO small VALUES (4, 2)')
    expect(await write('ALTER TABLE small EXECUTE optimize WHERE k = 2')).toMatchObject({ error: 'NOT_SUPPORTED' })
  })

  it('every format gives back what was written', async () => {
    const texts = [
      `''`,
      'NULL',
      `'plain'`,
      `' led by blanks '`,
      `'a,b;c|d'`,
      `'quote " and '' both'`,
      `'two\nlines'`,
      `'cr\r\nlf'`,
      `'\\N'`,
      `'back\\slash'`,
      `'日本 é 😀'`,
      `'null'`,
      `'"quoted"'`,
    ]
    const source = `SELECT n, s, n * bigint '1000000000000' b, n / 8e0 d, CAST(n AS decimal(20,3)) / 8 de, date '1969-12-31' + n * interval '1' day dt,
        timestamp '2024-01-02 03:04:05.123456' + n * interval '1' second ts, n % 2 = 0 o FROM (VALUES ${texts.map((text, n) => `(${n}, ${text})`).join(', ')}) t(n, s)`
    const expected = await rows(`${source} ORDER BY n`)
    const formats = [
      `format = 'PARQUET'`,
      `format = 'CSV', "csv.quote" = '"'`,
      `format = 'CSV', "csv.delimiter" = ';', "csv.header" = 'false', "csv.null" = 'nil', write_compression = 'GZIP'`,
      `format = 'CSV', "csv.delimiter" = '|', "csv.escape" = '\\', "csv.null" = 'none', write_compression = 'ZSTD'`,
      `format = 'JSON', write_compression = 'GZIP'`,
    ]
    for (const [index, format] of formats.entries()) {
      expect(await write(`CREATE TABLE f${index} WITH (${format}) AS ${source}`)).toEqual({
        updateType: 'CREATE TABLE',
        updateCount: texts.length,
      })
      expect([format, await rows(`SELECT * FROM f${index} ORDER BY n`)]).toEqual([format, expected])
      expect(await write(`INSERT INTO f${index} SELECT * FROM f${index}`)).toEqual({ updateType: 'INSERT', updateCount: texts.length })
      expect(await rows(`SELECT count(*), count(DISTINCT s), count(s) FROM f${index}`)).toEqual([[26, 12, 24]])
    }
  })

  it('UNLOAD fails where something lies, and writes a manifest last', async () => {
    const to = `${lake.location}unloaded/`
    expect(
      await write(
        `UNLOAD (SELECT x, x % 2 AS odd FROM unnest(sequence(1, 10)) t(x)) TO '${to}' WITH (format = 'JSON', compression = 'GZIP', partitioned_by = ARRAY['odd'], manifest = true)`,
      ),
    ).toEqual({ updateType: 'UNLOAD', updateCount: 10 })
    const files = await filesBelow('unloaded/')
    expect(files.map((file) => file.slice(to.length).replace(/weir-[0-9a-z]+/, 'weir')).sort()).toEqual([
      '_manifest.json',
      'odd=0/weir-1.json.gz',
      'odd=1/weir-2.json.gz',
    ])
    expect(await write(`UNLOAD (SELECT 1 x) TO '${to}' WITH (format = 'PARQUET')`)).toMatchObject({
      error: 'HIVE_PATH_ALREADY_EXISTS',
      status: 409,
    })
    await write(
      `CREATE TABLE unloaded (x integer, odd integer) WITH (external_location = '${to}', partitioned_by = ARRAY['odd'], format = 'JSON')`,
    )
    expect(await rows('SELECT odd, sum(x) FROM unloaded GROUP BY odd ORDER BY odd')).toEqual([
      [0, 30],
      [1, 25],
    ])
  })

  it('a statement that fails on the way leaves nothing', async () => {
    const before = await lake.files()
    expect(await write('CREATE TABLE broken AS SELECT 10 / (x - 500) AS y FROM unnest(sequence(1, 1000)) t(x)')).toMatchObject({
      error: 'DIVISION_BY_ZERO',
    })
    expect(await write('SELECT * FROM broken')).toMatchObject({ error: 'TABLE_NOT_FOUND' })
    expect(await lake.files()).toEqual(before)
  })

  it('two that overwrite one partition: one wins; two that append: both', async () => {
    await write("CREATE TABLE race (x bigint, k integer) WITH (partitioned_by = ARRAY['k'])")
    const many = 'SELECT x FROM unnest(sequence(1, 2000)) t(x)'
    const outcomes = await Promise.all(
      [1, 2, 3].map((k) => write(`INSERT OVERWRITE TABLE race PARTITION (k = 1) ${many} WHERE x % 3 < ${k}`)),
    )
    const won = outcomes.filter((outcome) => !('error' in outcome))
    const lost = outcomes.filter((outcome) => 'error' in outcome)
    expect(won.length).toBeGreaterThan(0)
    expect(new Set(lost.map((outcome) => ('error' in outcome ? `${outcome.status} ${outcome.error}` : '')))).toEqual(
      new Set(lost.length === 0 ? [] : ['409 TRANSACTION_CONFLICT']),
    )
    const [[count] = []] = await rows('SELECT count(*) FROM race')
    expect(won.map((outcome) => ('updateCount' in outcome ? outcome.updateCount : 0))).toContain(count)
    await Promise.all([1, 2, 3].map((x) => write(`INSERT INTO race VALUES (${x}, 2)`)))
    expect(await rows('SELECT sum(x) FROM race WHERE k = 2')).toEqual([[6]])
  })

  it('a key runs its statement once', async () => {
    await write('CREATE TABLE once (x bigint)')
    const key = { 'idempotency-key': 'step-1' }
    const same = await Promise.all([1, 2, 3].map(() => write('INSERT INTO once VALUES 1, 2', key)))
    expect(same).toEqual([1, 2, 3].map(() => ({ updateType: 'INSERT', updateCount: 2 })))
    expect(await write('INSERT INTO once VALUES 3', key)).toMatchObject({ error: 'GENERIC_USER_ERROR' })
    expect(await write('INSERT INTO once SELECT 1 / 0', { 'idempotency-key': 'step-2' })).toMatchObject({ error: 'DIVISION_BY_ZERO' })
    expect(await rows('SELECT sum(x), count(*) FROM once')).toEqual([[3, 2]])
  })
})
