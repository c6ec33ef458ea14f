/** Random relations, and expressions over their columns, for random queries. */
import { EXPRESSIONS, KINDS, type Kind, literal } from './query-kinds.ts'

export interface Column {
  /** Unique within a query. */
  readonly name: string
  /** Of `KINDS`. */
  readonly kind: string
}

export interface Relation {
  /** As it stands behind FROM. */
  readonly sql: string
  readonly columns: readonly Column[]
  /** Columns whose values tell every two rows apart; undefined: rows may repeat. */
  readonly key: readonly string[] | undefined
}

export interface Dice {
  readonly random: () => number
  readonly chance: (share: number) => boolean
  readonly pick: <T>(items: readonly T[]) => T
  /** So many items, none twice. */
  readonly some: <T>(items: readonly T[], count: number) => readonly T[]
  readonly below: (end: number) => number
  /** A name that no other call gives. */
  readonly name: (stem: string) => string
}

export function dice(random: () => number): Dice {
  let names = 0
  const below = (end: number): number => Math.floor(random() * end)
  return {
    random,
    below,
    chance: (share) => random() < share,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    some: (items, count) => {
      const left = [...items]
      return Array.from({ length: Math.min(count, items.length) }, () => left.splice(below(left.length), 1)[0] as (typeof items)[number])
    },
    name: (stem) => `${stem}${++names}`,
  }
}

/** Columns of tpch's small tables: name, key, kinds, and a predicate that leaves few rows. */
const TABLES: readonly (readonly [table: string, key: string, columns: Readonly<Record<string, string>>, few: string])[] = [
  ['nation', 'nationkey', { nationkey: 'bigint', name: 'varchar', regionkey: 'bigint' }, 'nationkey < 13'],
  ['region', 'regionkey', { regionkey: 'bigint', name: 'varchar' }, 'regionkey > 0'],
  ['supplier', 'suppkey', { suppkey: 'bigint', nationkey: 'bigint', acctbal: 'double', phone: 'varchar' }, 'suppkey <= 40'],
  ['customer', 'custkey', { custkey: 'bigint', nationkey: 'bigint', acctbal: 'double', mktsegment: 'varchar' }, 'custkey % 41 = 3'],
  [
    'orders',
    'orderkey',
    {
      orderkey: 'bigint',
      custkey: 'bigint',
      orderstatus: 'varchar',
      totalprice: 'double',
      orderdate: 'date',
      orderpriority: 'varchar',
      shippriority: 'integer',
    },
    'orderkey < 130',
  ],
  [
    'part',
    'partkey',
    { partkey: 'bigint', brand: 'varchar', size: 'integer', retailprice: 'double', container: 'varchar' },
    'partkey <= 25',
  ],
]

const COLUMN_KINDS = Object.keys(KINDS).filter((name) => name !== 'opaque')
/** Rows are enough to repeat values, few enough to read. */
const MOST_ROWS = 9

/** `(VALUES …) t(…)`: rows with NULLs, extremes and repetitions; the first column numbers them. */
export function valuesRelation({ pick, chance, below, name, some }: Dice, wanted: readonly string[] = []): Relation {
  const more = some(
    COLUMN_KINDS.filter((kind) => !wanted.includes(kind)),
    2 + below(4),
  )
  const kinds = [...wanted, ...more]
  const columns = kinds.map((kind) => ({ name: name(kind.replace(/ .*/, '').slice(0, 3)), kind }))
  const key = name('id')
  const gaps = pick([0, 0.15, 0.15, 0.5])
  const count = 1 + below(MOST_ROWS)
  const rows = Array.from({ length: count }, (_, row) => {
    const values = kinds.map((kind) => literal(kind, chance(gaps) ? undefined : pick((KINDS[kind] as Kind).values)))
    return `(${[row + 1, ...values].join(', ')})`
  })
  const table = `(VALUES ${rows.join(', ')}) ${name('t')}(${[key, ...columns.map((column) => column.name)].join(', ')})`
  const all = [{ name: key, kind: 'integer' }, ...columns]
  if (!chance(0.08)) return { sql: table, columns: all, key: [key] }
  return { sql: `(SELECT * FROM ${table} WHERE ${key} < 0) ${name('e')}`, columns: all, key: [key] }
}

/** A table of tpch with its columns renamed. */
export function tableRelation({ pick, chance, name }: Dice): Relation {
  const [table, key, kinds, few] = pick(TABLES)
  const columns = Object.entries(kinds).map(([column, kind]) => ({ column, name: name(column.slice(0, 3)), kind }))
  const list = columns.map((column) => `${column.column} AS ${column.name}`).join(', ')
  const where = chance(0.1) ? `${few} AND ${key} < 0` : few
  const named = columns.find(({ column }) => column === key)?.name as string
  return {
    sql: `(SELECT ${list} FROM ${table} WHERE ${where}) ${name('t')}`,
    columns: columns.map((column) => ({ name: column.name, kind: column.kind })),
    key: [named],
  }
}

const CLASSES: ReadonlyMap<string, readonly string[]> = new Map(
  [...new Set(Object.values(KINDS).flatMap(({ classes }) => classes))].map((of) => [of, COLUMN_KINDS.filter((kind) => isOf(kind, of))]),
)
const COMPOSED = new Map(['any', 'orderkey', 'exact'].map((of) => [of, COLUMN_KINDS.filter((kind) => isOf(kind, of))]))

export function isOf(kind: string, of: string): boolean {
  if (of === 'any') return kind !== 'opaque'
  if (of === 'orderkey') return isOf(kind, 'key') && isOf(kind, 'order')
  if (of === 'exact') return isOf(kind, 'orderkey') && !/^(real|double)$/.test((KINDS[kind] as Kind).type)
  return (KINDS[kind] as Kind).classes.includes(of)
}

const kindsOf = (of: string): readonly string[] => COMPOSED.get(of) ?? CLASSES.get(of) ?? []

export interface Operand {
  readonly sql: string
  readonly kind: string
}

/** Operands over the columns of a relation. */
export class Operands {
  readonly #dice: Dice
  readonly #relation: Relation

  constructor(random: Dice, relation: Relation) {
    this.#dice = random
    this.#relation = relation
  }

  /** Of a kind, or of a class (`key:`). */
  of(wanted: string, depth = 1): Operand {
    const { pick, chance } = this.#dice
    const kind = wanted.endsWith(':') ? this.#kindOf(wanted.slice(0, -1)) : wanted
    const forms = depth > 0 && chance(0.3) ? EXPRESSIONS.filter(([of]) => of === kind || of === 'same') : []
    if (forms.length > 0) {
      const { sql } = this.fill(pick(forms)[1], depth - 1, kind)
      return { kind, sql: /^\w+\(/.test(sql) ? sql : `(${sql})` }
    }
    const columns = this.#relation.columns.filter((column) => column.kind === kind)
    if (columns.length > 0 && chance(0.93)) return { kind, sql: pick(columns).name }
    return { kind, sql: this.#literal(kind) }
  }

  #literal(kind: string): string {
    const { pick, chance } = this.#dice
    return literal(kind, chance(0.1) ? undefined : pick((KINDS[kind] as Kind).values))
  }

  /** A form with its operands; `kind` is that of the first, or the given one of `@{same}`. */
  fill(form: string, depth = 1, same?: string): Operand {
    let first = same
    let opening: string | undefined
    const sql = form.replaceAll(/@\{([^}]+)\}/g, (_all, name: string) => {
      if (name === 'total') return this.#relation.key?.[0] ?? this.of('orderkey:', 0).sql
      if (name === 'count') return this.#dice.pick(['1', '2', '3', '7'])
      if (name === 'offset') return this.#dice.pick(['0', '1', '2', '100'])
      if (name === 'bound') return this.#dice.pick(['1', '2', 'CAST(NULL AS bigint)', '100'])
      if (name === 'constant')
        return this.#dice.pick([literal('varchar', "'c'"), literal('date', undefined), literal('array', 'ARRAY[1, 2]')])
      // Trino gets lists of IN wrong in which columns repeat or a NULL is.
      if (name === 'value') return literal(first as string, this.#dice.pick((KINDS[first as string] as Kind).values))
      if (name === 'first') return opening as string
      if (name === 'separator') return this.#dice.pick(["','", "''", "' – '"])
      const operand = this.of(name === 'same' ? (first as string) : name, depth)
      first ??= operand.kind
      opening ??= operand.sql
      return operand.sql
    })
    return { sql, kind: first ?? 'opaque' }
  }

  /** Whether the relation has columns of all kinds that a form names. */
  has(form: string): boolean {
    return [...form.matchAll(/@\{(\w+)\}/g)].every(
      ([, kind = '']) => !(kind in KINDS) || this.#relation.columns.some((column) => column.kind === kind),
    )
  }

  /** Of the kinds in a class rather one that the relation has. */
  #kindOf(of: string): string {
    const { pick, chance } = this.#dice
    const here = this.#relation.columns.filter((column) => isOf(column.kind, of))
    return here.length > 0 && chance(0.95) ? pick(here).kind : pick(kindsOf(of))
  }

  /** A condition without subqueries. */
  condition(depth = 1): string {
    const { pick } = this.#dice
    return this.fill(pick(CONDITIONS), depth).sql
  }
}

const CONDITIONS: readonly string[] = [
  '@{boolean}',
  '@{any:} IS NULL',
  '@{any:} IS NOT NULL',
  '@{orderkey:} < @{same}',
  '@{orderkey:} >= @{same}',
  '@{key:} = @{same}',
  '@{key:} <> @{same}',
  '@{orderkey:} BETWEEN @{same} AND @{same}',
  '@{exact:} IN (@{value}, @{value}, @{value})',
  '@{exact:} NOT IN (@{value}, @{value})',
  '@{key:} IS DISTINCT FROM @{same}',
  'NOT (@{boolean} OR @{integer} > 1)',
  '(@{orderkey:} > @{same} AND @{boolean})',
  '@{integer} % 2 = 0',
  'true',
  'NULL',
]
