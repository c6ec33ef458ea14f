/** Random relations of several: joins, UNNEST, set operations, queries in parentheses. */
import { KINDS } from './query-kinds.ts'
import { type Column, type Dice, isOf, Operands, type Relation, tableRelation, valuesRelation } from './relation-generator.ts'

export class Relations {
  readonly #dice: Dice
  /** A query in parentheses. */
  readonly #derived: (depth: number) => Relation

  constructor(random: Dice, derived: (depth: number) => Relation) {
    this.#dice = random
    this.#derived = derived
  }

  relation(depth: number): Relation {
    const { pick, chance } = this.#dice
    const roll = this.#dice.random()
    if (depth <= 0 || roll < 0.55) return chance(0.75) ? valuesRelation(this.#dice) : tableRelation(this.#dice)
    if (roll < 0.75) return this.#join(depth - 1)
    if (roll < 0.83) return this.#unnest(depth - 1)
    const kind = pick(['select', 'select', 'select', 'set', 'with'])
    if (kind === 'set') return this.#setRelation(depth - 1)
    return this.#derived(depth - 1)
  }

  #join(depth: number): Relation {
    const { pick, chance, name } = this.#dice
    const left = this.relation(depth)
    if (chance(0.12)) return this.#lateral(left)
    const shared = left.columns.filter(({ kind }) => isOf(kind, 'key'))
    if (shared.length > 0 && chance(0.15)) return this.#using(left, pick(shared))
    const wanted = shared.length > 0 && chance(0.7) ? [pick(shared).kind] : []
    const right = chance(0.8) ? valuesRelation(this.#dice, wanted) : this.relation(depth)
    const key = left.key !== undefined && right.key !== undefined ? [...left.key, ...right.key] : undefined
    const columns = [...left.columns, ...right.columns]
    const kind = pick(['JOIN', 'INNER JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'FULL OUTER JOIN', 'CROSS JOIN', ','])
    if (kind === 'CROSS JOIN') return { sql: `${left.sql} CROSS JOIN ${right.sql}`, columns, key }
    if (kind === ',') return { sql: `(SELECT * FROM ${left.sql}, ${right.sql}) ${name('q')}`, columns, key }
    return { sql: `${left.sql} ${kind} ${right.sql} ON ${this.#joinCondition(left, right)}`, columns, key }
  }

  #joinCondition(left: Relation, right: Relation): string {
    const { pick, chance } = this.#dice
    const [one, other] = [new Operands(this.#dice, left), new Operands(this.#dice, right)]
    const pairs = left.columns.flatMap((a) =>
      right.columns.filter((b) => a.kind === b.kind && isOf(a.kind, 'key')).map((b) => [a, b] as const),
    )
    const parts: string[] = []
    const equality = pairs.length > 0 && chance(0.8)
    if (equality) {
      const [a, b] = pick(pairs)
      const operator = isOf(a.kind, 'order') ? pick(['=', '=', '=', '=', 'IS NOT DISTINCT FROM', '<', '>=', '<>']) : '='
      parts.push(operator === 'IS NOT DISTINCT FROM' ? `NOT (${a.name} IS DISTINCT FROM ${b.name})` : `${a.name} ${operator} ${b.name}`)
    } else parts.push(`${one.of('int:').sql} = ${other.of('int:').sql}`)
    if (chance(0.3)) parts.push(pick([one, other]).condition())
    return parts.join(chance(0.85) ? ' AND ' : ' OR ')
  }

  #using(left: Relation, column: Column): Relation {
    const { pick, name } = this.#dice
    const right = valuesRelation(this.#dice, [column.kind])
    const same = right.columns.find(({ kind }) => kind === column.kind) as Column
    const rest = right.columns.filter((other) => other !== same)
    const list = [`${same.name} AS ${column.name}`, ...rest.map((other) => other.name)].join(', ')
    const kind = pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'])
    // The key of the left side may be the shared column, which a full join fills from either side.
    const key =
      left.key === undefined || left.key.includes(column.name) || right.key?.includes(same.name)
        ? undefined
        : [...left.key, ...(right.key as readonly string[])]
    return {
      sql: `${left.sql} ${kind} (SELECT ${list} FROM ${right.sql}) ${name('u')} USING (${column.name})`,
      columns: [column, ...left.columns.filter((other) => other !== column), ...rest],
      key,
    }
  }

  /** A join with a query that names columns of the left side. */
  #lateral(left: Relation): Relation {
    const { pick, name } = this.#dice
    const outer = new Operands(this.#dice, left)
    const right = valuesRelation(this.#dice, ['integer'])
    const inner = new Operands(this.#dice, right)
    const link = `${pick(right.columns.filter(({ kind }) => kind === 'integer')).name} = ${outer.of('integer', 0).sql}`
    const [one, two] = [name('v'), name('w')]
    const form = pick(['items', 'items', 'aggregate', 'aggregate'])
    if (form === 'items') {
      const [first, second] = [outer.of('any:'), outer.of('any:')]
      return {
        sql: `${left.sql} CROSS JOIN LATERAL (SELECT ${first.sql} AS ${one}, ${second.sql} AS ${two}) ${name('l')}`,
        columns: [...left.columns, { name: one, kind: first.kind }, { name: two, kind: second.kind }],
        key: left.key,
      }
    }
    const max = inner.fill('max(@{orderkey:})')
    return {
      sql: `${left.sql} ${pick(['CROSS JOIN LATERAL', 'LEFT JOIN LATERAL', 'LEFT JOIN LATERAL'])} (SELECT ${max.sql} AS ${one}, count(*) AS ${two} FROM ${right.sql} WHERE ${link}) ${name('l')}`.replace(
        /(LEFT JOIN LATERAL .*)$/s,
        '$1 ON true',
      ),
      columns: [...left.columns, { name: one, kind: max.kind }, { name: two, kind: 'bigint' }],
      key: left.key,
    }
  }

  #unnest(depth: number): Relation {
    const { pick, chance, name } = this.#dice
    const nesting = pick(['array', 'texts', 'map', 'numbers', 'gaps', 'nested', 'records'])
    const left = chance(0.7) ? valuesRelation(this.#dice, [nesting]) : this.relation(depth)
    const nested = left.columns.filter(({ kind }) => kind in ELEMENTS)
    const operands =
      nested.length === 0
        ? [new Operands(this.#dice, left).of('array')]
        : this.#dice.some(nested, pick([1, 1, 2])).map((column) => ({ sql: column.name, kind: column.kind }))
    const columns = operands.flatMap(({ kind }) =>
      (ELEMENTS[kind] as readonly string[]).map((element) => ({ name: name('n'), kind: element })),
    )
    const ordinal = name('o')
    const numbered = chance(0.6)
    const names = [...columns.map((column) => column.name), ...(numbered ? [ordinal] : [])].join(', ')
    const join = chance(0.6) ? ['CROSS JOIN', ''] : [pick(['LEFT JOIN', 'LEFT JOIN', 'JOIN']), ' ON true']
    return {
      sql: `${left.sql} ${join[0]} UNNEST(${operands.map(({ sql }) => sql).join(', ')})${numbered ? ' WITH ORDINALITY' : ''} ${name('x')}(${names})${join[1]}`,
      columns: [...left.columns, ...columns, ...(numbered ? [{ name: ordinal, kind: 'bigint' }] : [])],
      key: numbered && left.key !== undefined ? [...left.key, ordinal] : undefined,
    }
  }

  #setRelation(depth: number): Relation {
    const { name } = this.#dice
    const kinds = this.setKinds()
    const columns = kinds.map((kind) => ({ name: name('s'), kind }))
    return {
      sql: `(${this.setOf(kinds, depth)}) ${name('q')}(${columns.map((column) => column.name).join(', ')})`,
      columns,
      key: undefined,
    }
  }

  setKinds(): readonly string[] {
    const { some, below } = this.#dice
    return some(
      Object.keys(KINDS).filter((kind) => isOf(kind, 'key')),
      1 + below(3),
    )
  }

  setOf(kinds: readonly string[], depth: number): string {
    const { pick, chance, below } = this.#dice
    const side = (): string => {
      const of = kinds.map((kind) => (chance(0.15) ? pick(RELATED[kind] ?? [kind]) : kind))
      const relation = chance(0.8) ? valuesRelation(this.#dice, of) : this.relation(depth)
      const operands = new Operands(this.#dice, relation)
      const where = chance(0.3) ? ` WHERE ${operands.condition()}` : ''
      return `SELECT ${pick(['', '', 'DISTINCT '])}${of.map((kind) => operands.of(kind).sql).join(', ')} FROM ${relation.sql}${where}`
    }
    let sql = side()
    for (let count = 1 + below(2); count > 0; count--) {
      const operator = pick(['UNION', 'UNION ALL', 'UNION DISTINCT', 'INTERSECT', 'INTERSECT ALL', 'EXCEPT', 'EXCEPT ALL'])
      sql = chance(0.3) ? `(${sql}) ${operator} (${side()})` : `${sql} ${operator} ${side()}`
    }
    return sql
  }
}

/** What UNNEST makes of a column. */
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  array: ['integer'],
  gaps: ['integer'],
  texts: ['varchar'],
  nested: ['array'],
  records: ['integer', 'varchar'],
  map: ['varchar', 'integer'],
  numbers: ['integer', 'varchar'],
}

/** Kinds whose values are coerced to a common type with those of a kind. */
const RELATED: Readonly<Record<string, readonly string[]>> = {
  tinyint: ['smallint', 'integer', 'bigint', 'decimal', 'double'],
  smallint: ['tinyint', 'integer', 'bigint', 'double'],
  integer: ['tinyint', 'bigint', 'short', 'decimal', 'double', 'real'],
  bigint: ['integer', 'decimal', 'long'],
  real: ['double', 'integer', 'short'],
  double: ['real', 'integer', 'decimal'],
  decimal: ['short', 'integer', 'double', 'fine'],
  short: ['decimal', 'tinyint', 'fine'],
  varchar: ['name', 'char', 'integer'],
  name: ['varchar'],
  char: ['varchar', 'name'],
  date: ['timestamp', 'seconds', 'moment', 'integer'],
  seconds: ['timestamp', 'moment', 'date'],
  timestamp: ['seconds', 'moment'],
  time: ['micros'],
}
