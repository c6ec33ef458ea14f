/**
 * Random queries over a random lake (random-lake.ts), each as Trino's text and as DuckDB's. The two differ where the
 * dialects do: a comparison with NaN is false in Trino, while DuckDB orders NaN above all numbers.
 */
import fc from 'fast-check'
import type { LakeSpec, TableSpec } from './random-lake.ts'

export interface QueryPair {
  readonly trino: string
  readonly duck: string
  /** The rows come in this order; otherwise they are a bag. */
  readonly ordered: boolean
  /** Any so many rows of those that DuckDB gives. */
  readonly anyRows?: number
}

type Pair = { readonly trino: string; readonly duck: string }
type Text = fc.Arbitrary<Pair>

const same = (text: string): Pair => ({ trino: text, duck: text })
const pick = (...texts: readonly string[]): Text => fc.constantFrom(...texts).map(same)
/** `text\`a ${x} b\``: the parts put together, in both dialects. */
const text = (parts: TemplateStringsArray, ...values: readonly (Text | string)[]): Text =>
  fc.tuple(...values.map((value) => (typeof value === 'string' ? fc.constant(same(value)) : value))).map((chosen) => ({
    trino: parts.reduce((sql, part, place) => sql + (chosen[place - 1]?.trino ?? '') + part),
    duck: parts.reduce((sql, part, place) => sql + (chosen[place - 1]?.duck ?? '') + part),
  }))

const operator = pick('=', '<>', '<', '<=', '>', '>=')
const number = (min: number, max: number): Text => fc.integer({ min, max }).map((value) => same(String(value)))
const day = fc.integer({ min: 1, max: 31 }).map((value) => same(`DATE '2024-01-${String(value).padStart(2, '0')}'`))
const word = pick("'a'", "'b'", "'Bc'", "'zz'", "'ü'", "''", "'a b'")

/** NaN compares as false with everything, but differs from everything. */
const doubleTest = (column: string): Text =>
  fc.tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), fc.integer({ min: -22, max: 22 })).map(([sign, quarter]) => {
    const value = `DOUBLE '${quarter / 4}'`
    const comparison = `${column} ${sign} ${value}`
    const plain = `${column} ${sign} ${quarter / 4}::DOUBLE`
    return { trino: comparison, duck: sign === '<>' || sign === '=' || sign[0] === '<' ? plain : `(${plain} AND NOT isnan(${column}))` }
  })

const nanTest = (column: string): Text => fc.constant({ trino: `is_nan(${column})`, duck: `isnan(${column})` })

const dataTests = (alias: string): readonly Text[] => [
  text`${alias}k ${operator} ${number(-1, 41)}`,
  text`${alias}k IN (${number(0, 40)}, ${number(0, 40)}, ${pick('5', 'NULL')})`,
  text`${alias}k BETWEEN ${number(0, 40)} AND ${number(0, 40)}`,
  text`${alias}k IS ${pick('', 'NOT ')}NULL`,
  text`${alias}id ${operator} ${fc.constantFrom(0, 3000, 99_999, 100_001, 300_500).map((value) => same(String(value)))}`,
  text`${alias}s ${operator} ${word}`,
  text`${alias}s ${pick('', 'NOT ')}LIKE ${pick("'b%'", "'%'", "'_c'", "'% %'", "'ü'")}`,
  text`${alias}s IS DISTINCT FROM ${word}`,
  text`${alias}d ${operator} ${day}`,
  text`${alias}amount ${operator} ${pick('0', '-3.25', '9.99', '100')}`,
  doubleTest(`${alias}v`),
  nanTest(`${alias}v`),
]

function keyTests(table: TableSpec, alias: string): readonly Text[] {
  return table.keys.flatMap(({ name }) => testsOfKey(name, `${alias}${name}`))
}

function testsOfKey(name: TableSpec['keys'][number]['name'], column: string): readonly Text[] {
  switch (name) {
    case 'dt':
      return [
        text`${column} ${operator} ${day}`,
        text`${column} IS ${pick('', 'NOT ')}NULL`,
        text`CAST(${column} AS varchar) LIKE '2024-0${pick('1', '2')}%'`,
      ]
    case 'region':
      return [
        text`${column} ${operator} ${pick("'eu'", "'x=y'", "'ü%'", "'a b'")}`,
        text`lower(${column}) = ${pick("'eu'", "'é'")}`,
        text`coalesce(${column}, 'none') IN ('none', 'us')`,
      ]
    case 'n':
      return [
        text`${column} ${operator} ${number(-1, 11)}`,
        text`${column} IN (1, ${number(0, 10)}, ${pick('2', 'NULL')})`,
        text`${column} % 2 = ${number(0, 1)}`,
      ]
  }
}

/** Tests of keys come as often as those of all columns: they are what prunes partitions. */
function predicate(table: TableSpec, alias = ''): Text {
  const keys = keyTests(table, alias)
  const data = fc.oneof(...dataTests(alias))
  const leaf = keys.length === 0 ? data : fc.oneof(fc.oneof(...keys), data)
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 3, arbitrary: text`(${leaf} AND ${leaf})` },
    { weight: 2, arbitrary: text`(${leaf} OR ${leaf})` },
    { weight: 1, arbitrary: text`NOT (${leaf} AND ${leaf})` },
    { weight: 1, arbitrary: text`((${leaf} AND ${leaf}) OR ${leaf})` },
  )
}

const COLUMN_NAMES = ['id', 'k', 's', 'd', 'amount'] as const

/** Pairs of columns, one of each table, that can be compared: keys where both have one. */
function joinColumns(left: TableSpec, right: TableSpec): readonly string[] {
  const shared = left.keys.filter(({ name }) => right.keys.some((key) => key.name === name)).map(({ name }) => `a.${name} = b.${name}`)
  const days = [
    ...(left.keys.some(({ name }) => name === 'dt') ? ['a.dt = b.d'] : []),
    ...(right.keys.some(({ name }) => name === 'dt') ? ['a.d = b.dt'] : []),
    ...(left.keys.some(({ name }) => name === 'n') ? ['a.n = b.k'] : []),
    ...(left.keys.some(({ name }) => name === 'region') ? ['a.region = b.s'] : []),
  ]
  return [...shared, ...shared, ...days, 'a.k = b.k', 'a.d = b.d AND a.k = b.k']
}

export function lakeQueries(spec: LakeSpec): fc.Arbitrary<QueryPair> {
  const table = (name: string): TableSpec => spec.tables.find((one) => one.name === name) as TableSpec
  const [events, logs, dims] = [table('events'), table('logs'), table('dims')]
  const any = fc.constantFrom(events, events, events, logs, dims)
  const unordered = (pairs: Text): fc.Arbitrary<QueryPair> => pairs.map((pair) => ({ ...pair, ordered: false }))
  const aggregates =
    'count(*) AS c, count(k) AS ck, sum(k) AS sk, min(d) AS mind, max(d) AS maxd, sum(amount) AS sa, min(s) AS mins, max(id) AS maxid'
  const keyNames = (one: TableSpec): readonly string[] => [...one.keys.map(({ name }) => name), 'k', 's']
  const join = pick('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN')
  const other = fc.constantFrom(logs, dims, dims)

  const rows = any.chain((one) =>
    unordered(
      text`SELECT ${[...COLUMN_NAMES, 'v', ...one.keys.map(({ name }) => name)].join(', ')} FROM ${one.name} WHERE ${predicate(one)} AND ${predicate(one)}`,
    ),
  )
  const totals = any.chain((one) => unordered(text`SELECT ${aggregates} FROM ${one.name} WHERE ${predicate(one)}`))
  const metadata = any.chain((one) => {
    const columns = one.keys.map(({ name }) => name)
    const limits = [...columns, 'd', 'k'].map((name) => `min(${name}) AS min_${name}, max(${name}) AS max_${name}`).join(', ')
    const where = columns.length === 0 ? pick('') : fc.oneof(pick(''), text` WHERE ${fc.oneof(...keyTests(one, ''))}`)
    return unordered(text`SELECT count(*) AS c, ${limits} FROM ${one.name}${where}`)
  })
  const grouped = any.chain((one) =>
    fc
      .constantFrom(...keyNames(one))
      .chain((key) =>
        unordered(
          text`SELECT ${key}, ${aggregates} FROM ${one.name} WHERE ${predicate(one)} GROUP BY ${key} HAVING count(*) > ${number(0, 3)}`,
        ),
      ),
  )
  const distinct = any.chain((one) =>
    unordered(text`SELECT DISTINCT ${fc.constantFrom(...keyNames(one), 'v').map(same)} FROM ${one.name} WHERE ${predicate(one)}`),
  )
  const top = any.chain((one) =>
    text`SELECT id, k, s, d FROM ${one.name} WHERE ${predicate(one)} ORDER BY ${pick('k', 'd', 's', 'amount')} ${pick('ASC', 'DESC')} NULLS ${pick('FIRST', 'LAST')}, id LIMIT ${number(1, 30)}`.map(
      (pair): QueryPair => ({ ...pair, ordered: true }),
    ),
  )
  const limited = any.chain((one) =>
    fc
      .tuple(
        text`SELECT id, k, pad FROM ${one.name}${fc.oneof(pick(''), text` WHERE ${predicate(one)}`)}`,
        fc.integer({ min: 1, max: 3000 }),
      )
      .map(
        ([pair, most]): QueryPair => ({
          trino: `${pair.trino} LIMIT ${most}`,
          duck: pair.duck,
          ordered: false,
          anyRows: most,
        }),
      ),
  )
  const joined = other.chain((right) =>
    fc
      .constantFrom(...joinColumns(events, right))
      .chain((on) =>
        unordered(
          text`SELECT count(*) AS c, count(a.id) AS ca, sum(a.id) AS sa, count(b.id) AS cb, sum(b.amount) AS sb FROM (SELECT * FROM events WHERE ${predicate(events)}) a ${join} (SELECT * FROM ${right.name} WHERE ${predicate(right)} AND id % 100000 < 40) b ON ${on}`,
        ),
      ),
  )
  const inner = other.chain((right) =>
    fc
      .constantFrom(...joinColumns(events, right))
      .chain((on) =>
        unordered(
          text`SELECT a.s, count(*) AS c, sum(a.k) AS sk, max(b.id) AS mb FROM events a, ${right.name} b WHERE ${on} AND ${predicate(right, 'b.')} AND b.id % 100000 < 20 GROUP BY a.s`,
        ),
      ),
  )
  const membership = other.chain((right) => {
    const keys = events.keys.filter(({ name }) => right.keys.some((key) => key.name === name)).map(({ name }) => name)
    return fc
      .constantFrom(...keys, ...keys, 'k', 'd', 's')
      .chain((key) =>
        unordered(
          text`SELECT count(*) AS c, sum(id) AS si FROM events WHERE ${key} ${pick('IN', 'NOT IN')} (SELECT ${key} FROM ${right.name} WHERE ${predicate(right)}) ${pick('AND', 'OR')} ${predicate(events)}`,
        ),
      )
  })
  const exists = other.chain((right) =>
    fc
      .constantFrom(...joinColumns(events, right))
      .chain((on) =>
        unordered(
          text`SELECT count(*) AS c, sum(a.id) AS si FROM events a WHERE ${pick('', 'NOT ')}EXISTS (SELECT 1 FROM ${right.name} b WHERE ${on} AND ${predicate(right, 'b.')}) AND ${predicate(events, 'a.')}`,
        ),
      ),
  )
  const scalar = any.chain((one) =>
    fc
      .constantFrom(...events.keys.filter(({ name }) => one.keys.some((key) => key.name === name)).map(({ name }) => name), 'd', 'k')
      .chain((key) =>
        unordered(
          text`SELECT count(*) AS c, sum(id) AS si FROM events WHERE ${key} ${operator} (SELECT ${pick('max', 'min')}(${key}) FROM ${one.name} WHERE ${predicate(one)})`,
        ),
      ),
  )
  const union = unordered(
    text`SELECT src, count(*) AS c, sum(id) AS si FROM (SELECT 'e' AS src, id FROM events WHERE ${predicate(events)} UNION ALL SELECT 'l', id FROM logs WHERE ${predicate(logs)}) GROUP BY src`,
  )
  return fc.oneof(rows, totals, metadata, grouped, distinct, top, limited, joined, inner, membership, exists, scalar, union)
}
