/** The command line as a process (CONTRACT, section 1): results on stdout, the rest on stderr, exit codes 0, 1, 2. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type SampleLake, sampleLake } from '#tests/support/sample-lake'
import { type CommandResult, LAUNCHER, weir as run, startWeir, type WeirServer } from '#tests/support/weir'

let lake: SampleLake
let data: string
let server: WeirServer
const weir = (...args: string[]): Promise<CommandResult> => run([...args, '--data', data])

beforeAll(async () => {
  lake = await sampleLake()
  data = mkdtempSync(join(tmpdir(), 'weir-cli-'))
  server = await startWeir({ args: ['--allow', lake.folder] })
})
afterAll(async () => {
  await server?.stop()
  rmSync(data, { recursive: true, force: true })
  lake?.close()
})

describe('weir catalog', () => {
  it('add prints the DDL that it used; list, show, refresh, drop', async () => {
    const added = await weir('catalog', 'add', 'sample.trips', join(lake.folder, 'trips'))
    expect(added.code).toBe(0)
    expect(added.stdout).toBe(`CREATE TABLE lake.sample.trips (
   id bigint,
   name varchar,
   fare decimal(10,2),
   ratio double,
   day date,
   at timestamp(6),
   flag boolean,
   maybe bigint,
   pair array(bigint),
   year integer,
   month integer
)
WITH (
   external_location = 'file://${lake.folder}/trips/',
   format = 'PARQUET',
   partitioned_by = ARRAY['year','month']
)
`)
    const list = await weir('catalog', 'list', '--format', 'json')
    expect(JSON.parse(list.stdout)).toEqual([
      { schema: 'sample', name: 'trips', format: 'parquet', location: `file://${lake.folder}/trips/` },
    ])
    expect((await weir('catalog', 'list')).stdout).toMatch(/^Schema +Table +Format +Location\nsample +trips +parquet +file:/)
    expect((await weir('catalog', 'show', 'sample.trips')).stdout).toBe(added.stdout)
    expect((await weir('catalog', 'refresh', 'trips', '--schema', 'sample')).stdout).toBe(added.stdout)
    expect(JSON.parse((await weir('catalog', 'show', 'sample.trips', '--format', 'json')).stdout).columns[0]).toEqual({
      name: 'id',
      type: 'bigint',
    })
    const again = await weir('catalog', 'add', 'sample.trips', join(lake.folder, 'trips'))
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toMatch(/Table 'lake\.sample\.trips' already exists/)
    expect((await weir('catalog', 'add', 'sample.trips', join(lake.folder, 'trips'), '--replace')).code).toBe(0)
    expect((await weir('catalog', 'add', 'sample.t2', join(lake.folder, 'trips'), '--dry-run')).code).toBe(0)
    const missing = await weir('catalog', 'drop', 'sample.t2')
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/Table 'lake\.sample\.t2' does not exist/)])
  })

  it('a CSV with typed columns, keys and properties by flag', async () => {
    const folder = join(lake.folder, 'events', 'dt=20240101')
    const { mkdirSync } = await import('node:fs')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'a.csv'), '1;x\n2;y\n')
    const added = await weir(
      'catalog',
      'add',
      'events',
      join(lake.folder, 'events'),
      '--format',
      'csv',
      '--property',
      'csv.delimiter=;',
      '--property',
      'csv.header=false',
      '--column',
      'id integer',
      '--column',
      'kind varchar',
      '--partition',
      'dt integer',
    )
    expect(added.stderr + added.stdout).toContain('partitioned_by')
    const rows = await weir('query', 'SELECT * FROM events ORDER BY id')
    expect(rows.stdout).toBe('id,kind,dt\n1,x,20240101\n2,y,20240101\n')
  })

  it('what cannot be read is refused', async () => {
    const nothing = await weir('catalog', 'add', 'x', join(lake.folder, 'nothing-here'))
    expect(nothing.code).toBeGreaterThan(0)
    expect(nothing.stderr).toMatch(/nothing-here/)
    const format = await weir('catalog', 'add', 'x', lake.folder, '--format', 'orc')
    expect([format.code, format.stderr]).toEqual([1, expect.stringContaining("Unknown format 'orc'")])
    const name = await weir('catalog', 'add', 'a.b.c', lake.folder)
    expect([name.code, name.stderr]).toEqual([1, expect.stringContaining("'a.b.c' is not a table name")])
  })
})

describe('weir query', () => {
  const sql = 'SELECT id, name, fare FROM sample.trips WHERE year = 2024 AND id < 20 ORDER BY id LIMIT 2'

  it('csv by default when not on a terminal; statistics on stderr', async () => {
    const { code, stdout, stderr } = await weir('query', sql)
    expect([code, stdout]).toEqual([0, 'id,name,fare\n1,name 1,1.25\n3,name 3,3.75\n'])
    expect(stderr).toMatch(/^\[partitions 3 of 6, files 3 of 6,.* ms\]\n$/)
  })

  it.each([
    ['table', ' id | name   | fare\n----+--------+------\n  1 | name 1 | 1.25\n  3 | name 3 | 3.75\n(2 rows)\n'],
    ['vertical', '-[ RECORD 1 ]\nid   | 1\nname | name 1\nfare | 1.25\n-[ RECORD 2 ]\nid   | 3\nname | name 3\nfare | 3.75\n'],
    ['tsv', 'id\tname\tfare\n1\tname 1\t1.25\n3\tname 3\t3.75\n'],
    ['ndjson', '{"id":1,"name":"name 1","fare":"1.25"}\n{"id":3,"name":"name 3","fare":"3.75"}\n'],
  ])('--format %s', async (format, expected) => {
    expect((await weir('query', sql, '--format', format)).stdout).toBe(expected)
  })

  it('arrow and parquet into a file', async () => {
    const arrow = join(data, 'out.arrow')
    expect((await weir('query', sql, '--format', 'arrow', '-o', arrow)).code).toBe(0)
    expect(tableFromIPC(readFileSync(arrow)).numRows).toBe(2)
    const parquet = join(data, 'out.parquet')
    expect((await weir('query', sql, '--format', 'parquet', '-o', parquet)).code).toBe(0)
    expect(await lake.duck(`SELECT id, fare::VARCHAR FROM '${parquet}'`)).toEqual([
      [1, '1.25'],
      [3, '3.75'],
    ])
  })

  it("the file's name says the format, unless a flag does", async () => {
    const parquet = join(data, 'named.PARQUET')
    expect((await weir('query', sql, '-o', parquet)).code).toBe(0)
    expect(await lake.duck(`SELECT id FROM read_parquet('${parquet}')`)).toEqual([[1], [3]])
    const lines = join(data, 'named.jsonl')
    await weir('query', 'SELECT 1 AS a', '-o', lines)
    expect(readFileSync(lines, 'utf8')).toBe('{"a":1}\n')
    await weir('query', 'SELECT 1 AS a', '--format', 'csv', '-o', lines)
    expect(readFileSync(lines, 'utf8')).toBe('a\n1\n')
    const words = await weir('query', 'SELECT', '1')
    expect([words.code, words.stderr]).toEqual([1, expect.stringContaining('Hint: A shell splits at spaces: put SQL between quotes.')])
  })

  it('a failed query leaves no file and exits with 1, its place shown', async () => {
    const path = join(data, 'never.csv')
    const { code, stdout, stderr } = await weir('query', 'SELECT nope\nFROM sample.trips', '-o', path)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^Query \S+ failed: line 1:8: Column 'nope' cannot be resolved\nSELECT nope\n {7}\^\n/)
    expect(() => readFileSync(path)).toThrow()
  })

  it('a result that has no place is refused at once', async () => {
    const path = join(data, 'nowhere', 'result.csv')
    const { code, stderr } = await weir('query', 'SELECT 1', '-o', path)
    expect([code, stderr]).toEqual([1, expect.stringContaining(`Cannot write ${path}: ENOENT`)])
  })

  it('what is no plain file is written to, not replaced', async () => {
    const device = join(data, 'device')
    symlinkSync('/dev/full', device)
    const { code, stderr } = await weir('query', 'SELECT 1', '-o', device)
    expect([code, stderr]).toEqual([1, expect.stringContaining(`Cannot write ${device}: ENOSPC`)])
    expect(readlinkSync(device)).toBe('/dev/full')
  })

  it('a dry run leaves nothing beside the name of the result', async () => {
    const folder = mkdtempSync(join(data, 'dry-'))
    await weir('query', 'SELECT 1', '--dry-run', '-o', join(folder, 'result.csv'))
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(['csv', 'table'])('a reader that has seen enough of a %s is no failure', async (format) => {
    const sql = 'SELECT a FROM UNNEST(sequence(1, 10000)) t(a), UNNEST(sequence(1, 100)) u(b)'
    const child = spawn(process.execPath, [LAUNCHER, 'query', sql, '--format', format, '--data', data], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const stderr = (await child.stderr.setEncoding('utf8').toArray()).join('')
    expect([child.exitCode ?? (await once(child, 'exit'))[0], stderr]).toEqual([0, expect.stringMatching(/^\[.*\]\n$/)])
  })

  it('killed while a query runs, it leaves no kernel process behind', async () => {
    const [numbers, sql] = ['UNNEST(sequence(1, 10000))', 'SELECT count(*) FROM']
    const query = `${sql} ${numbers} t(a), ${numbers} u(b), ${numbers} v(c)`
    const child = spawn(process.execPath, [LAUNCHER, 'query', query, '--data', data], { stdio: 'ignore' })
    const table = () =>
      execFileSync('ps', ['-eo', 'pid,ppid,cputimes'], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
    await vi.waitUntil(() => table().some(([, parent, seconds]) => parent === child.pid && (seconds ?? 0) >= 2), {
      timeout: 120_000,
      interval: 200,
    })
    const kernel = table().find(([, parent]) => parent === child.pid)?.[0]
    child.kill('SIGKILL')
    await vi.waitUntil(() => table().every(([pid]) => pid !== kernel), { timeout: 60_000, interval: 100 })
  })

  it('statements from a file and from standard input', async () => {
    const file = join(data, 'two.sql')
    writeFileSync(file, "-- first\nSELECT 1 AS a;\nSELECT ';' AS b;\n")
    expect((await weir('query', '-f', file)).stdout).toBe('a\n1\nb\n;\n')
    expect((await run(['query', '--data', data], { input: 'SELECT 2 AS c;' })).stdout).toBe('c\n2\n')
  })

  it('--dry-run reads nothing, --max-bytes refuses', async () => {
    const dry = await weir('query', 'SELECT * FROM sample.trips', '--dry-run')
    expect(JSON.parse(dry.stdout).bytes).toMatchObject({ fromStore: 0, fromCache: 0 })
    const refused = await weir('query', 'SELECT * FROM sample.trips', '--max-bytes', '1kB')
    expect(refused.stderr).toMatch(/exceeded scan limit of 1000 bytes/)
    expect(refused.code).toBe(2)
  })

  it('weir explain', async () => {
    const { stdout } = await weir('explain', 'SELECT sum(id) FROM sample.trips WHERE month = 2 AND fare > 1')
    expect(stdout).toMatch(/Partitions: 1 of 6 \(5 skipped by partition predicate\)/)
  })
})

describe('--server', () => {
  it('runs the same commands over HTTP', async () => {
    const remote = (...args: string[]) => run([...args, '--server', server.url])
    expect((await remote('catalog', 'add', 'far.trips', `file://${lake.folder}/trips/`)).stdout).toMatch(/^CREATE TABLE lake\.far\.trips/)
    expect((await remote('catalog', 'list')).stdout).toMatch(/far +trips/)
    expect((await remote('query', 'SELECT count(*) AS n FROM far.trips')).stdout).toBe('n\n1200\n')
    expect((await remote('query', 'SELECT 9007199254740993 AS n', '--format', 'table')).stdout).toContain('9007199254740993')
    const failed = await remote('query', 'SELECT nope FROM far.trips')
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("line 1:8: Column 'nope' cannot be resolved")])
    expect((await remote('cache', 'stats', '--format', 'json')).code).toBe(0)
    expect((await remote('cache', 'clear')).code).toBe(0)
    expect((await remote('catalog', 'drop', 'far.trips')).code).toBe(0)
  })

  it('no server there: exit 2', async () => {
    const { code, stderr } = await run(['query', 'SELECT 1', '--server', 'http://127.0.0.1:9'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^Cannot reach the server http:\/\/127\.0\.0\.1:9: /)])
  })
})

describe('settings', () => {
  it('environment and weir.yaml give what flags do not; a typo is an error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-settings-'))
    try {
      writeFileSync(join(folder, 'weir.yaml'), `data: ${data}\nschema: sample\nformat: tsv\n`)
      expect((await run(['query', 'SELECT count(*) AS n FROM trips'], { cwd: folder })).stdout).toBe('n\n1200\n')
      expect((await run(['query', 'SELECT 1 AS a, 2 AS b'], { cwd: folder })).stdout).toBe('a\tb\n1\t2\n')
      expect((await run(['query', 'SELECT 1 AS a, 2 AS b'], { cwd: folder, env: { WEIR_FORMAT: 'csv' } })).stdout).toBe('a,b\n1,2\n')
      expect((await run(['query', 'SELECT 1 AS a', '--format', 'ndjson'], { cwd: folder, env: { WEIR_FORMAT: 'csv' } })).stdout).toBe(
        '{"a":1}\n',
      )
      writeFileSync(join(folder, 'weir.yaml'), 'schemas: x\n')
      const typo = await run(['query', 'SELECT 1'], { cwd: folder })
      expect([typo.code, typo.stderr]).toEqual([1, expect.stringContaining("weir.yaml: unknown key 'schemas'")])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('unknown commands and flags exit with 1', async () => {
    expect((await run(['frobnicate'])).code).toBe(1)
    expect((await weir('query', 'SELECT 1', '--nope')).code).toBe(1)
    const version = await run(['--version'])
    expect([version.code, version.stdout]).toEqual([
      0,
      `${JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')).version}\n`,
    ])
  })

  it('a data folder that is none, a port in use, a wrong certificate: told as such, exit 2', async () => {
    const file = join(data, 'a-file')
    writeFileSync(file, 'no PEM')
    const query = await run(['query', 'SELECT 1', '--data', file])
    expect([query.code, query.stderr]).toEqual([2, expect.stringContaining(`Cannot use the data folder ${file}: EEXIST`)])
    const { port } = new URL(server.url)
    const second = await weir('serve', '--port', port)
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`Cannot listen on 127.0.0.1:${port}: listen EADDRINUSE`)])
    const tls = await weir('serve', '--port', '0', '--tls-cert', file, '--tls-key', file)
    expect([tls.code, tls.stderr]).toEqual([2, expect.stringContaining('Cannot use the certificate ')])
    const missing = await weir('serve', '--port', '0', '--tls-cert', `${file}-not`, '--tls-key', file)
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('Cannot read the file of --tls-cert: ENOENT')])
  })

  it('a server on another address needs a token', async () => {
    const { code, stderr } = await weir('serve', '--host', '0.0.0.0', '--port', '0')
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('Without authentication the server listens on loopback only, not on 0.0.0.0'),
    ])
  })

  it('a token by environment guards the server and opens it to the command line', async () => {
    const guarded = await startWeir({ env: { WEIR_TOKEN: 's3cret-token' } })
    try {
      expect((await guarded.sql('SELECT 1')).status).toBe(401)
      expect((await guarded.sql('SELECT 1', {}, { authorization: 'Bearer s3cret-token' })).json.rows).toEqual([[1]])
      expect((await run(['query', 'SELECT 1 AS a', '--server', guarded.url], { env: { WEIR_TOKEN: 's3cret-token' } })).stdout).toBe(
        'a\n1\n',
      )
      expect(guarded.log()).not.toContain('s3cret-token')
    } finally {
      await guarded.stop()
    }
  })
})
