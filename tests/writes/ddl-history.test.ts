/**
 * Random histories of DDL and DML against a model, by two servers on one catalog in turns: columns that come, go and are renamed
 * while files are written, partitions that are registered and forgotten, views, replaced tables, compaction.
 *
 * The model keeps what a file keeps: for each row the values under the names that the columns had when it was written. A column
 * is read under the oldest of its names that the row has (JSON files: under its first); one that was dropped and added again is the old one, as files know
 * names only.
 */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { WeirServer } from '#tests/support/weir'
import { describeLakes, useServerPair } from './describe-lakes.ts'

/** `HISTORIES=300 npx vitest run -c vitest.writes.config.ts tests/writes/ddl-history.test.ts` is a campaign. */
const HISTORIES = Number(process.env.HISTORIES ?? 20)

type Cell = number | string | null

interface Column {
  readonly name: string
  readonly type: 'integer' | 'bigint' | 'varchar'
  /** All names that it has had, the oldest first; its own among them. */
  readonly names: readonly string[]
}

interface Row {
  readonly k: number
  /** The statement that has written its file, by number. */
  readonly file: number
  /** By the names in the file. */
  readonly cells: Readonly<Record<string, Cell>>
}

interface Table {
  readonly format: 'PARQUET' | 'JSON'
  readonly registered: boolean
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  /** Of a table that registers its partitions. */
  readonly partitions: ReadonlySet<number>
}

interface View {
  /** Its columns when it was made. */
  readonly columns: string
}

interface Model {
  readonly table: Table | undefined
  readonly view: View | undefined
  /** Statements so far. */
  readonly steps: number
}

/** Texts depend on what there is: values fit the columns. */
interface Step {
  readonly sql: (model: Model) => string
  /** Undefined: the statement is refused. */
  readonly next: (model: Model) => Model | undefined
}

const KEYS = [0, 1, 2]
const NUMBERS = ['a', 'b', 'c', 'd']
const TEXTS = ['s', 't']
const typeOf = (name: string): Column['type'] => (TEXTS.includes(name) ? 'varchar' : 'integer')

const isVisible =
  (table: Table) =>
  ({ k }: Row): boolean =>
    !table.registered || table.partitions.has(k)

const onTable =
  (change: (table: Table, steps: number) => Table | undefined): Step['next'] =>
  (model) => {
    const table = model.table && change(model.table, model.steps)
    return table && { ...model, table }
  }

/** What new files call a column: JSON files have its first name for ever, Parquet files the one of the day. */
const fileName = (format: Table['format'], { name, names }: Column): string => (format === 'JSON' ? (names[0] as string) : name)

/** Under which names a column is looked for in a file. */
const fileNames = (format: Table['format'], column: Column): readonly string[] =>
  format === 'JSON' ? [fileName(format, column)] : column.names

/** Values of so many rows for the columns that there are, from numbers. */
interface Seed {
  readonly k: number
  readonly n: number
}
const seeds = fc.array(fc.record({ k: fc.constantFrom(...KEYS), n: fc.integer({ min: 0, max: 9 }) }), { minLength: 1, maxLength: 3 })

const cellOf = ({ type }: Column, n: number, place: number): Cell =>
  (n + place) % 4 === 0 ? null : type === 'varchar' ? `v${n + place}` : n * 10 + place
const literal = (cell: Cell): string => (cell === null ? 'NULL' : typeof cell === 'string' ? `'${cell}'` : String(cell))

function rowsOf(format: Table['format'], columns: readonly Column[], given: readonly Seed[], file: number): readonly Row[] {
  return given.map(({ k, n }) => ({
    k,
    file,
    cells: Object.fromEntries(columns.map((column, place) => [fileName(format, column), cellOf(column, n, place)])),
  }))
}

function valuesOf(columns: readonly Column[], given: readonly Seed[], withKey: boolean): string {
  const row = ({ k, n }: Seed) => [...columns.map((column, place) => literal(cellOf(column, n, place))), ...(withKey ? [String(k)] : [])]
  return `VALUES ${given.map((seed) => `(${row(seed).join(', ')})`).join(', ')}`
}

const namesOf = (columns: readonly Column[], withKey: boolean): string =>
  [...columns.map(({ name }) => name), ...(withKey ? ['k'] : [])].join(', ')
const FALLBACK: readonly Column[] = [{ name: 'a', type: 'integer', names: ['a'] }]
const columnsOf = ({ table }: Model): readonly Column[] => table?.columns ?? FALLBACK
const added = (partitions: ReadonlySet<number>, ...keys: readonly number[]): ReadonlySet<number> => new Set([...partitions, ...keys])
const isUsed = (table: Table, name: string, but?: Column): boolean =>
  table.columns.some((one) => one !== but && (one.name === name || fileNames(table.format, one).includes(name)))

const create = fc
  .record({
    format: fc.constantFrom<Table['format'][]>('PARQUET', 'PARQUET', 'JSON'),
    registered: fc.boolean(),
    replace: fc.boolean(),
    names: fc.subarray(['a', 'b', 's'], { minLength: 1 }),
    given: seeds,
  })
  .map(({ format, registered, replace, names, given }): Step => {
    const columns = names.map((name): Column => ({ name, type: typeOf(name), names: [name] }))
    const properties = `format = '${format}', partitioned_by = ARRAY['k']${registered ? ", partition_discovery = 'registered'" : ''}`
    const casts = columns.map(({ name, type }) => `CAST(${name} AS ${type}) AS ${name}`)
    return {
      sql: () =>
        `CREATE ${replace ? 'OR REPLACE ' : ''}TABLE d WITH (${properties}) AS SELECT ${casts.join(', ')}, k FROM (${valuesOf(columns, given, true)}) t(${namesOf(columns, true)})`,
      next: (model) =>
        model.table !== undefined && !replace
          ? undefined
          : {
              ...model,
              table: {
                format,
                registered,
                columns,
                rows: rowsOf(format, columns, given, model.steps),
                partitions: new Set(given.map(({ k }) => k)),
              },
            },
    }
  })

const insert = seeds.map(
  (given): Step => ({
    sql: (model) => `INSERT INTO d (${namesOf(columnsOf(model), true)}) ${valuesOf(columnsOf(model), given, true)}`,
    next: onTable((table, steps) => ({
      ...table,
      rows: [...table.rows, ...rowsOf(table.format, table.columns, given, steps)],
      partitions: added(table.partitions, ...given.map(({ k }) => k)),
    })),
  }),
)

const overwrite = fc.tuple(seeds, fc.boolean()).map(([given, isStatic]): Step => {
  const keys = new Set(isStatic ? [given[0]?.k ?? 0] : given.map(({ k }) => k))
  const placed = isStatic ? given.map(({ n }) => ({ n, k: given[0]?.k ?? 0 })) : given
  return {
    sql: (model) =>
      `INSERT OVERWRITE d ${isStatic ? `PARTITION (k = ${given[0]?.k}) ` : ''}${valuesOf(columnsOf(model), placed, !isStatic)}`,
    next: onTable((table, steps) => ({
      ...table,
      rows: [...table.rows.filter(({ k }) => !keys.has(k)), ...rowsOf(table.format, table.columns, placed, steps)],
      partitions: added(table.partitions, ...keys),
    })),
  }
})

const removal = fc.constantFrom(...KEYS).map(
  (key): Step => ({
    sql: () => `DELETE FROM d WHERE k >= ${key}`,
    next: onTable((table) => ({ ...table, rows: table.rows.filter((row) => row.k < key || !isVisible(table)(row)) })),
  }),
)

const alterColumn = fc.oneof(
  fc.constantFrom(...NUMBERS, ...TEXTS).map(
    (name): Step => ({
      sql: () => `ALTER TABLE d ADD COLUMN ${name} ${typeOf(name)}`,
      next: onTable((table) =>
        isUsed(table, name) ? undefined : { ...table, columns: [...table.columns, { name, type: typeOf(name), names: [name] }] },
      ),
    }),
  ),
  fc.constantFrom(...NUMBERS, ...TEXTS).map(
    (name): Step => ({
      sql: () => `ALTER TABLE d DROP COLUMN ${name}`,
      next: onTable((table) => {
        const columns = table.columns.filter((column) => column.name !== name)
        return columns.length === table.columns.length || columns.length === 0 ? undefined : { ...table, columns }
      }),
    }),
  ),
  fc
    .oneof(
      fc.tuple(fc.constantFrom(...NUMBERS), fc.constantFrom(...NUMBERS)),
      fc.tuple(fc.constantFrom(...TEXTS), fc.constantFrom(...TEXTS)),
    )
    .map(
      ([from, to]): Step => ({
        sql: () => `ALTER TABLE d RENAME COLUMN ${from} TO ${to}`,
        next: onTable((table) => {
          const column = table.columns.find(({ name }) => name === from)
          if (column === undefined || from === to || isUsed(table, to, column)) return undefined
          const names =
            table.format === 'JSON' ? [column.names[0] as string, to] : column.names.includes(to) ? column.names : [...column.names, to]
          return { ...table, columns: table.columns.map((one) => (one === column ? { ...column, name: to, names } : one)) }
        }),
      }),
    ),
  fc.constantFrom(...NUMBERS).map(
    (name): Step => ({
      sql: () => `ALTER TABLE d ALTER COLUMN ${name} SET DATA TYPE bigint`,
      next: onTable((table) =>
        table.columns.some((column) => column.name === name)
          ? { ...table, columns: table.columns.map((one) => (one.name === name ? { ...one, type: 'bigint' } : one)) }
          : undefined,
      ),
    }),
  ),
)

const alterPartitions = fc.oneof(
  fc.constantFrom(...KEYS).map(
    (key): Step => ({
      sql: () => `ALTER TABLE d ADD PARTITION (k = ${key})`,
      // Where partitions are found by listing there is nothing to be registered in the table's own folder.
      next: onTable((table) =>
        !table.registered ? table : table.partitions.has(key) ? undefined : { ...table, partitions: added(table.partitions, key) },
      ),
    }),
  ),
  fc.constantFrom(...KEYS).map(
    (key): Step => ({
      sql: () => `ALTER TABLE d DROP PARTITION (k = ${key})`,
      next: onTable((table) =>
        table.registered && table.partitions.has(key)
          ? { ...table, partitions: new Set([...table.partitions].filter((one) => one !== key)) }
          : undefined,
      ),
    }),
  ),
  fc.constant<Step>({
    sql: () => 'MSCK REPAIR TABLE d',
    next: onTable((table) => ({ ...table, partitions: added(table.partitions, ...table.rows.map(({ k }) => k)) })),
  }),
)

const others = fc.oneof(
  fc.constant<Step>({ sql: () => 'ALTER TABLE d EXECUTE optimize', next: onTable(optimized) }),
  fc.constant<Step>({
    sql: () => 'TRUNCATE TABLE d',
    next: onTable((table) => ({ ...table, rows: table.rows.filter((row) => !isVisible(table)(row)) })),
  }),
  fc.constant<Step>({
    sql: () => 'DROP TABLE d',
    next: (model) => (model.table === undefined ? undefined : { ...model, table: undefined }),
  }),
  fc.constant<Step>({
    sql: () => 'CREATE OR REPLACE VIEW v AS SELECT * FROM d',
    next: (model) => (model.table === undefined ? undefined : { ...model, view: { columns: shapeOf(model.table) } }),
  }),
  fc.constant<Step>({ sql: () => 'DROP VIEW v', next: (model) => (model.view === undefined ? undefined : { ...model, view: undefined }) }),
)

/** Partitions of several files are written anew, under the names that the columns have now; what is not a column is gone then. */
function optimized(table: Table, steps: number): Table {
  const several = new Set(KEYS.filter((key) => new Set(table.rows.filter(({ k }) => k === key).map(({ file }) => file)).size > 1))
  const rows = table.rows.map((row) => {
    if (!several.has(row.k) || !isVisible(table)(row)) return row
    return {
      k: row.k,
      file: steps,
      cells: Object.fromEntries(table.columns.map((column) => [fileName(table.format, column), read(table.format, column, row)])),
    }
  })
  return { ...table, rows }
}

const shapeOf = ({ columns }: Table): string => columns.map(({ name, type }) => `${name} ${type}`).join(', ')

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: create },
  { weight: 4, arbitrary: insert },
  { weight: 3, arbitrary: overwrite },
  { weight: 1, arbitrary: removal },
  { weight: 9, arbitrary: alterColumn },
  { weight: 3, arbitrary: alterPartitions },
  { weight: 3, arbitrary: others },
)

const read = (format: Table['format'], column: Column, { cells }: Row): Cell =>
  cells[fileNames(format, column).find((name) => Object.hasOwn(cells, name)) ?? ''] ?? null

/** Lines that are the same for the same rows. */
const linesOf = (rows: readonly (readonly unknown[])[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort()

function contentsOf(table: Table): readonly string[] {
  return linesOf(
    table.rows.filter(isVisible(table)).map((row) => [...table.columns.map((column) => read(table.format, column, row)), row.k]),
  )
}

async function ask(server: WeirServer, sql: string): Promise<readonly string[] | string> {
  const { json } = await server.sql(sql)
  return json.error === undefined ? linesOf(json.rows) : json.error.name
}

describeLakes('on', (open) => {
  const pair = useServerPair(open, '2GB')

  it('holds what the model holds after every step', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(create, fc.array(step, { minLength: 4, maxLength: 20 }), async (first, steps) => {
        await pair()[0].sql('DROP TABLE IF EXISTS d')
        await pair()[0].sql('DROP VIEW IF EXISTS v')
        let model: Model = { table: undefined, view: undefined, steps: 0 }
        const history: string[] = []
        for (const [index, { sql, next }] of [first, ...steps].entries()) {
          const [writer, reader] = (index % 2 === 0 ? pair() : pair().toReversed()) as [WeirServer, WeirServer]
          const text = sql(model)
          history.push(text)
          const { json } = await writer.sql(text)
          const expected = next(model)
          expect([history, json.error === undefined ? 'done' : 'refused']).toEqual([history, expected === undefined ? 'refused' : 'done'])
          model = { ...(expected ?? model), steps: model.steps + 1 }
          const { table, view } = model
          expect([history, await ask(reader, 'SELECT * FROM d')]).toEqual([
            history,
            table === undefined ? 'TABLE_NOT_FOUND' : contentsOf(table),
          ])
          if (view === undefined) continue
          const isStale = table === undefined || shapeOf(table) !== view.columns
          const seen = await ask(reader, 'SELECT * FROM v')
          if (isStale) expect([history, typeof seen]).toEqual([history, 'string'])
          else expect([history, seen]).toEqual([history, contentsOf(table)])
        }
      }),
      {
        numRuns: HISTORIES,
        ...(process.env.HISTORIES === undefined && { interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false }),
      },
    )
  })
})
