/** Random queries with aggregates, windows, joins, subqueries and set operations, for a differential test. What they give is determined. */
import { AGGREGATES, type CallForm, MISTAKES, NEIGHBORS, RANKINGS, VALUE_FUNCTIONS, WINDOW_MISTAKES } from './aggregate-forms.ts'
import { randomNumbers } from './expression-generator.ts'
import { KINDS, literal } from './query-kinds.ts'
import { type Column, type Dice, dice, isOf, Operands, type Relation, tableRelation, valuesRelation } from './relation-generator.ts'

export interface Query {
  readonly sql: string
  /** The rows come in this order. */
  readonly ordered: boolean
  /** The same with fewer items each, for whoever wants to know what differs. */
  readonly smaller: readonly string[]
}

interface Item extends Column {
  readonly sql: string
}

/** A SELECT whose items have names. */
interface Select {
  readonly items: readonly Item[]
  /** How many of the first items have to stay: the keys of the groups. */
  readonly fixed: number
  /** Names of items that tell every two rows apart. */
  readonly key: readonly string[] | undefined
  readonly print: (items: readonly string[]) => string
  /** Sort keys beside the items. */
  readonly sorts: readonly string[]
}

interface Window {
  /** PARTITION BY and ORDER BY. */
  readonly base: string
  readonly frame: string
  /** The order decides between every two rows. */
  readonly total: boolean
}

const DEEPEST = 2

/** The same queries for the same seed. */
export function querySource(seed: number): () => Query {
  const random = randomNumbers(seed)
  return () => new Generator(dice(random)).query()
}

class Generator {
  readonly #dice: Dice
  /** One mistake is left to make: of several, which one is told depends on the order of their checks. */
  #mistake: boolean

  constructor(random: Dice) {
    this.#dice = random
    this.#mistake = random.chance(0.08)
  }

  #mistakes(): boolean {
    if (!this.#mistake) return false
    this.#mistake = false
    return true
  }

  query(): Query {
    const { chance } = this.#dice
    if (chance(0.1)) return { sql: this.#setOperation(DEEPEST), ordered: false, smaller: [] }
    const select = this.#select(DEEPEST)
    const named = select.items.map(({ sql, name }) => (chance(0.5) ? sql : `${sql} AS ${name}`))
    const smaller = select.items
      .slice(select.fixed)
      .map((item) => select.print([...select.items.slice(0, select.fixed), item].map(({ sql }) => sql)))
    if (chance(0.55)) return { sql: select.print(named), ordered: false, smaller }
    const { tail, ordered } = this.#tail(select)
    return { sql: `${select.print(select.items.map(({ sql, name }) => `${sql} AS ${name}`))} ${tail}`, ordered, smaller }
  }

  /** ORDER BY and what cuts the rows off; nothing is cut where the order leaves rows open. */
  #tail({ items, key, sorts }: Select): { readonly tail: string; readonly ordered: boolean } {
    const { pick, some, chance, below } = this.#dice
    const sortable = [...items.filter(({ kind }) => isOf(kind, 'order')).map(({ name }) => name), ...sorts]
    const first = some(sortable, below(3))
    const total = key !== undefined
    const keys = [...first, ...(total ? key.filter((name) => !first.includes(name)) : [])]
    if (keys.length === 0) return { tail: '', ordered: false }
    const order = (names: readonly string[]): string => `ORDER BY ${names.map((name) => name + this.#direction()).join(', ')}`
    if (first.length > 0 && chance(0.25)) {
      const ties = first.slice(0, 1)
      return { tail: `${order(ties)} FETCH FIRST ${pick(['1', '2', '5'])} ROWS WITH TIES`, ordered: false }
    }
    if (!total) return { tail: order(keys), ordered: false }
    const cut = pick([
      '',
      '',
      ' LIMIT 3',
      ' LIMIT 0',
      ' LIMIT ALL',
      ' OFFSET 2',
      ' OFFSET 1 ROW LIMIT 2',
      ' FETCH FIRST ROW ONLY',
      ' OFFSET 1 ROWS FETCH NEXT 3 ROWS ONLY',
      ' OFFSET 100',
    ])
    return { tail: order(keys) + cut, ordered: true }
  }

  #direction(): string {
    return this.#dice.pick(['', '', ' ASC', ' DESC', ' DESC', ' NULLS FIRST', ' NULLS LAST', ' DESC NULLS LAST', ' DESC NULLS FIRST'])
  }

  #select(depth: number): Select {
    const { pick } = this.#dice
    switch (pick(['groups', 'groups', 'groups', 'windows', 'windows', 'windows', 'rows', 'distinct'])) {
      case 'groups':
        return this.#groups(depth)
      case 'windows':
        return this.#windows(depth)
      case 'rows':
        return this.#rows(depth)
      default:
        return this.#distinct(depth)
    }
  }

  #relation(depth: number): Relation {
    const { pick, chance } = this.#dice
    const roll = this.#dice.random()
    if (depth <= 0 || roll < 0.55) return chance(0.75) ? valuesRelation(this.#dice) : tableRelation(this.#dice)
    if (roll < 0.75) return this.#join(depth - 1)
    if (roll < 0.83) return this.#unnest(depth - 1)
    const kind = pick(['select', 'select', 'select', 'set', 'with'])
    if (kind === 'set') return this.#setRelation(depth - 1)
    return this.#derived(depth - 1)
  }

  /** A query in parentheses. */
  #derived(depth: number): Relation {
    const { name } = this.#dice
    const select = this.#select(depth)
    const sql = select.print(select.items.map((item) => `${item.sql} AS ${item.name}`))
    const tail = this.#dice.chance(0.2) ? this.#tail(select).tail : ''
    return { sql: `(${sql}${tail === '' ? '' : ` ${tail}`}) ${name('q')}`, columns: select.items, key: select.key }
  }

  #join(depth: number): Relation {
    const { pick, chance, name } = this.#dice
    const left = this.#relation(depth)
    if (chance(0.12)) return this.#lateral(left)
    const shared = left.columns.filter(({ kind }) => isOf(kind, 'key'))
    if (shared.length > 0 && chance(0.15)) return this.#using(left, pick(shared))
    const wanted = shared.length > 0 && chance(0.7) ? [pick(shared).kind] : []
    const right = chance(0.8) ? valuesRelation(this.#dice, wanted) : this.#relation(depth)
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
    const nesting = pick(['array', 'texts', 'map', 'numbers', 'gaps', 'nested'])
    const left = chance(0.7) ? valuesRelation(this.#dice, [nesting]) : this.#relation(depth)
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
    const kinds = this.#setKinds()
    const columns = kinds.map((kind) => ({ name: name('s'), kind }))
    return {
      sql: `(${this.#setOf(kinds, depth)}) ${name('q')}(${columns.map((column) => column.name).join(', ')})`,
      columns,
      key: undefined,
    }
  }

  #setOperation(depth: number): string {
    return this.#setOf(this.#setKinds(), depth)
  }

  #setKinds(): readonly string[] {
    const { some, below } = this.#dice
    return some(
      Object.keys(KINDS).filter((kind) => isOf(kind, 'key')),
      1 + below(3),
    )
  }

  #setOf(kinds: readonly string[], depth: number): string {
    const { pick, chance, below } = this.#dice
    const side = (): string => {
      const of = kinds.map((kind) => (chance(0.15) ? pick(RELATED[kind] ?? [kind]) : kind))
      const relation = chance(0.8) ? valuesRelation(this.#dice, of) : this.#relation(depth)
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

  #rows(depth: number): Select {
    const { below } = this.#dice
    const relation = this.#relation(depth)
    const operands = new Operands(this.#dice, relation)
    const items = Array.from({ length: 1 + below(4) }, () =>
      this.#item(this.#dice.chance(0.4) ? this.#subqueryValue(operands) : operands.of('any:')),
    )
    return this.#over(relation, items, operands)
  }

  /** Items over a relation without groups, its key among them. */
  #over(relation: Relation, items: readonly Item[], operands: Operands): Select {
    const keys = (relation.key ?? []).map((column) => ({ sql: column, name: this.#dice.name('k'), kind: kindOf(relation, column) }))
    const where = this.#where(operands)
    return {
      items: [...keys, ...items],
      fixed: 0,
      key: relation.key === undefined ? undefined : keys.map(({ name }) => name),
      print: (list) => `SELECT ${list.join(', ')} FROM ${relation.sql}${where}`,
      sorts: relation.columns.filter(({ kind }) => isOf(kind, 'order')).map(({ name }) => name),
    }
  }

  #distinct(depth: number): Select {
    const { below } = this.#dice
    const relation = this.#relation(depth)
    const operands = new Operands(this.#dice, relation)
    const items = Array.from({ length: 1 + below(3) }, () => this.#item(operands.of('orderkey:')))
    const where = this.#where(operands)
    return {
      items,
      fixed: items.length,
      key: items.map(({ name }) => name),
      print: (list) => `SELECT DISTINCT ${list.join(', ')} FROM ${relation.sql}${where}`,
      sorts: [],
    }
  }

  #item({ sql, kind }: { readonly sql: string; readonly kind: string }): Item {
    return { sql, kind, name: this.#dice.name('c') }
  }

  #where(operands: Operands): string {
    const { chance } = this.#dice
    if (!chance(0.35)) return ''
    const condition = chance(0.4) ? this.#subqueryCondition(operands) : operands.condition()
    return ` WHERE ${condition}${chance(0.2) ? ` OR ${operands.condition()}` : ''}`
  }

  /** A condition with a subquery over a relation of its own. */
  #subqueryCondition(outer: Operands): string {
    const { pick, chance } = this.#dice
    const wanted = outer.of('orderkey:')
    const relation = valuesRelation(this.#dice, [wanted.kind])
    const inner = new Operands(this.#dice, relation)
    const own = pick(relation.columns.filter(({ kind }) => kind === wanted.kind)).name
    const where = chance(0.5) ? ` WHERE ${inner.condition()}` : ''
    const linked = ` WHERE ${pick(relation.columns.filter(({ kind }) => kind === wanted.kind)).name} = ${wanted.sql}${chance(0.4) ? ` AND ${inner.condition()}` : ''}`
    return pick([
      () => `${wanted.sql} IN (SELECT ${own} FROM ${relation.sql}${where})`,
      () => `${wanted.sql} NOT IN (SELECT ${own} FROM ${relation.sql}${where})`,
      () => `EXISTS (SELECT 1 FROM ${relation.sql}${where})`,
      () => `EXISTS (SELECT ${own} FROM ${relation.sql}${linked})`,
      () => `NOT EXISTS (SELECT * FROM ${relation.sql}${linked})`,
      () =>
        `${wanted.sql} ${pick(['=', '<>', '<', '<=', '>', '>='])} ${pick(['ALL', 'ANY', 'SOME'])} (SELECT ${own} FROM ${relation.sql}${where})`,
      () => `${wanted.sql} ${pick(['=', '<', '>='])} (SELECT ${pick(['min', 'max'])}(${own}) FROM ${relation.sql}${where})`,
      () => `${outer.of('bigint').sql} < (SELECT count(*) FROM ${relation.sql}${linked})`,
      () => `(${wanted.sql}, ${outer.of('integer', 0).sql}) IN (SELECT ${own}, ${inner.of('integer', 0).sql} FROM ${relation.sql}${where})`,
    ])()
  }

  /** A scalar subquery, or a condition as a value. */
  #subqueryValue(outer: Operands): { readonly sql: string; readonly kind: string } {
    const { pick, chance } = this.#dice
    if (chance(0.4)) return { kind: 'boolean', sql: this.#subqueryCondition(outer) }
    const wanted = outer.of('key:')
    const relation = valuesRelation(this.#dice, [wanted.kind])
    const inner = new Operands(this.#dice, relation)
    const link = chance(0.6) ? ` WHERE ${pick(relation.columns.filter(({ kind }) => kind === wanted.kind)).name} = ${wanted.sql}` : ''
    const { sql, kind } = this.#aggregate(inner, relation)
    return { sql: `(SELECT ${sql} FROM ${relation.sql}${link})`, kind }
  }

  #groups(depth: number): Select {
    const { chance, below, pick } = this.#dice
    const relation = this.#relation(depth)
    const operands = new Operands(this.#dice, relation)
    const columns = chance(0.5)
    const keys = columns
      ? this.#dice
          .some(
            relation.columns.filter(({ kind }) => isOf(kind, 'key')),
            1 + below(3),
          )
          .map((column) => this.#item({ sql: column.name, kind: column.kind }))
      : Array.from({ length: pick([0, 1, 1, 2, 2, 3]) }, () => this.#item(operands.of(chance(0.8) ? 'orderkey:' : 'key:')))
    const grouping = this.#grouping(
      keys.map(({ sql }) => sql),
      columns,
    )
    const calls = Array.from({ length: 1 + below(4) }, () => this.#item(this.#groupItem(operands, relation, keys, columns)))
    const where = this.#where(operands)
    const having = chance(0.2) ? ` HAVING ${this.#having(operands, relation, keys)}` : ''
    const plain = grouping === '' || grouping === ' GROUP BY ()' || grouping.startsWith(' GROUP BY plain:')
    const tells = plain && keys.every(({ kind }) => isOf(kind, 'order'))
    return {
      items: [...keys, ...calls],
      fixed: keys.length,
      key: tells && keys.length > 0 ? keys.map(({ name }) => name) : undefined,
      print: (list) => `SELECT ${list.join(', ')} FROM ${relation.sql}${where}${grouping.replace('plain:', '')}${having}`,
      sorts: [],
    }
  }

  /** Only columns can stand in grouping sets. */
  #grouping(keys: readonly string[], columns: boolean): string {
    const { pick, chance, some, below } = this.#dice
    if (keys.length === 0) return pick(['', '', '', ' GROUP BY ()'])
    const list = keys.join(', ')
    const ordinals = keys.map((_, index) => index + 1).join(', ')
    if (!columns || chance(0.3)) return ` GROUP BY plain:${chance(0.75) ? list : ordinals}`
    const sets = Array.from({ length: 1 + below(3) }, () => `(${some(keys, below(keys.length + 1)).join(', ')})`)
    return ` GROUP BY ${pick([
      () => `ROLLUP (${list})`,
      () => `CUBE (${list})`,
      () => `GROUPING SETS (${[...sets, `(${list})`].join(', ')})`,
      () => `GROUPING SETS ((${list}), ())`,
      () => `${keys[0]}, ROLLUP (${list})`,
      () => `DISTINCT ROLLUP (${list}), CUBE (${keys[0]})`,
      () => `ALL ROLLUP (${list}), CUBE (${keys[0]})`,
      () => `AUTO`,
    ])()}`.replace(' AUTO', ` ${list}`)
  }

  /** What may stand in the SELECT of groups. */
  #groupItem(
    operands: Operands,
    relation: Relation,
    keys: readonly Item[],
    columns: boolean,
  ): { readonly sql: string; readonly kind: string } {
    const { pick, chance } = this.#dice
    const roll = this.#dice.random()
    if (this.#mistakes()) return { sql: operands.fill(pick(MISTAKES)).sql, kind: 'opaque' }
    if (roll < 0.1 && keys.length > 0 && columns)
      return {
        sql: `GROUPING(${this.#dice
          .some(keys, 2)
          .map(({ sql }) => sql)
          .join(', ')})`,
        kind: 'integer',
      }
    if (roll < 0.2) {
      const over = pick([
        '',
        `PARTITION BY count(*)`,
        `ORDER BY count(*)${this.#direction()}`,
        ...keys.filter(({ kind }) => isOf(kind, 'order')).map(({ sql }) => `ORDER BY ${sql}${this.#direction()}`),
      ])
      return pick([
        () => ({ sql: `rank() OVER (${over})`, kind: 'bigint' }),
        () => ({ sql: `sum(count(*)) OVER (${over})`, kind: 'opaque' }),
        () => ({ sql: `max(${operands.fill('max(@{orderkey:})').sql}) OVER (${over})`, kind: 'opaque' }),
        () => ({ sql: `count(*) OVER (${over})`, kind: 'bigint' }),
      ])()
    }
    const call = this.#aggregate(operands, relation)
    if (roll < 0.28 && call.kind !== 'opaque')
      return {
        sql: `coalesce(${call.sql}, ${operands.of(call.kind, 0).sql.startsWith('CAST') ? operands.of(call.kind, 0).sql : literal(call.kind, undefined)})`,
        kind: call.kind,
      }
    if (roll < 0.32) return { sql: `${operands.fill(`max(@{integer})`).sql} + ${chance(0.5) ? 'count(*)' : 'min(0)'}`, kind: 'bigint' }
    return call
  }

  #having(operands: Operands, relation: Relation, keys: readonly Item[]): string {
    const { pick } = this.#dice
    return pick([
      () => 'count(*) > 1',
      () => 'count(*) % 2 = 1',
      () => `${this.#aggregate(operands, relation).sql} IS NOT NULL`,
      () => `${operands.fill('max(@{orderkey:}) >= min(@{same})').sql}`,
      () => (keys[0] === undefined ? 'count(*) > 0' : `${keys[0].sql} IS NOT NULL`),
      () => `count(*) > (SELECT min(v) FROM (VALUES 1, 2) ${this.#dice.name('h')}(v))`,
    ])()
  }

  /** A call of an aggregate with the clauses that it may have. */
  #aggregate(operands: Operands, relation: Relation): { readonly sql: string; readonly kind: string } {
    const { chance } = this.#dice
    const form = this.#form(AGGREGATES, operands)
    const called = this.#call(form, operands, relation)
    const filter = chance(0.2) && !form.wrapped
    return filter ? { sql: `${called.sql} FILTER (WHERE ${operands.condition()})`, kind: called.kind } : called
  }

  /** Rather a form whose operands are columns. */
  #form(forms: readonly CallForm[], operands: Operands): CallForm {
    const { pick, chance } = this.#dice
    const fitting = chance(0.85) ? forms.filter(({ sql }) => operands.has(sql)) : forms
    return pick(fitting.length > 0 ? fitting : forms)
  }

  /** With ORDER BY where the order of the rows shows, and DISTINCT where it may stand. */
  #call(form: CallForm, operands: Operands, relation: Relation): { readonly sql: string; readonly kind: string } {
    const { chance } = this.#dice
    if ((form.ordered || form.sql.includes('@{total}')) && relation.key === undefined) return { sql: 'count(*)', kind: 'bigint' }
    if (form.sql.includes('@{total}') && relation.key?.length !== 1) return { sql: 'count(*)', kind: 'bigint' }
    const { sql, kind } = operands.fill(form.sql)
    const result = form.kind === 'same' ? kind : form.kind
    if (form.distinct && chance(0.25)) return { sql: sql.replace('(', '(DISTINCT '), kind: result }
    if (!form.ordered) return { sql, kind: result }
    const order = this.#totalOrder(operands, relation.key as readonly string[])
    if (sql.startsWith('listagg')) return { sql: `${sql} WITHIN GROUP (${order})`, kind: result }
    return { sql: `${sql.slice(0, -1)} ${order})`, kind: result }
  }

  #totalOrder(operands: Operands, key: readonly string[]): string {
    const { chance } = this.#dice
    const first = chance(0.4) ? [operands.of('order:').sql] : []
    return `ORDER BY ${[...first, ...key].map((column) => column + this.#direction()).join(', ')}`
  }

  #windows(depth: number): Select {
    const { chance, below, pick, name } = this.#dice
    const relation = this.#relation(depth)
    const operands = new Operands(this.#dice, relation)
    const windows = Array.from({ length: below(3) }, () => ({ name: name('w'), ...this.#window(operands, relation) }))
    const items = Array.from({ length: 1 + below(4) }, () => {
      if (this.#mistakes()) return this.#item({ sql: operands.fill(pick(WINDOW_MISTAKES)).sql, kind: 'opaque' })
      const named = windows.length > 0 && chance(0.6) ? pick(windows) : undefined
      const window = named ?? this.#window(operands, relation)
      const forms = pick([AGGREGATES, AGGREGATES, RANKINGS, VALUE_FUNCTIONS, NEIGHBORS])
      const { sql, kind } = this.#windowCall(forms, operands, relation, window)
      const frameless = forms === RANKINGS || forms === NEIGHBORS
      // Those that take no frame, and what extends a window, need one without.
      const whole = named !== undefined && (window.frame === '' || !frameless)
      const text = whole
        ? window.frame === '' && chance(0.3)
          ? `(${named.name})`
          : named.name
        : `(${window.base}${frameless ? '' : window.frame})`
      return this.#item({ sql: `${sql} OVER ${text}`, kind })
    })
    const over = this.#over(relation, items, operands)
    const clause =
      windows.length === 0 ? '' : ` WINDOW ${windows.map((window) => `${window.name} AS (${window.base}${window.frame})`).join(', ')}`
    return { ...over, print: (list) => over.print(list) + clause }
  }

  #windowCall(
    forms: readonly CallForm[],
    operands: Operands,
    relation: Relation,
    { total, base }: Window,
  ): { readonly sql: string; readonly kind: string } {
    const { pick, chance } = this.#dice
    const usable = forms.filter(
      (form) =>
        !form.wrapped &&
        (total || !form.ordered) &&
        (forms !== NEIGHBORS || base.includes('ORDER BY')) &&
        (!form.sql.includes('@{total}') || relation.key?.length === 1),
    )
    if (usable.length === 0) return { sql: 'count(*)', kind: 'bigint' }
    const form = this.#form(usable, operands)
    if (forms === AGGREGATES && (chance(0.1) || form.sql.startsWith('listagg'))) return this.#call(form, operands, relation)
    const { sql, kind } = operands.fill(form.sql)
    const nulls = forms === NEIGHBORS || forms === VALUE_FUNCTIONS ? pick(['', '', ' IGNORE NULLS', ' RESPECT NULLS']) : ''
    return { sql: sql + nulls, kind: form.kind === 'same' ? kind : form.kind }
  }

  #window(operands: Operands, relation: Relation): Window {
    const { chance, pick, below } = this.#dice
    const partition = chance(0.5)
      ? `PARTITION BY ${Array.from({ length: 1 + below(2) }, () => operands.of('orderkey:').sql).join(', ')} `
      : ''
    const roll = this.#dice.random()
    const framed = (frames: readonly string[]): string => {
      const frame = pick(frames)
      return frame === '' ? '' : ` ${frame}`
    }
    if (roll < 0.15) return { base: partition.trim(), frame: framed(['', '', ...UNORDERED_FRAMES]), total: false }
    if (roll < 0.3) {
      const [sort, offset] = this.#rangeKey(operands)
      return { base: `${partition}ORDER BY ${sort}${this.#direction()}`, frame: ` RANGE ${this.#frame(offset)}`, total: false }
    }
    const groups = `GROUPS ${this.#frame(GROUP_OFFSETS)}`
    if (roll < 0.5 || relation.key === undefined) {
      const sorts = Array.from({ length: 1 + below(2) }, () => operands.of('order:').sql + this.#direction())
      return {
        base: `${partition}ORDER BY ${sorts.join(', ')}`,
        frame: framed(['', '', 'RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING', 'RANGE CURRENT ROW', groups]),
        total: false,
      }
    }
    const rows = `ROWS ${this.#frame(GROUP_OFFSETS)}`
    return {
      base: `${partition}${this.#totalOrder(operands, relation.key)}`,
      frame: framed(['', '', 'RANGE UNBOUNDED PRECEDING', rows, rows, groups]),
      total: true,
    }
  }

  #rangeKey(operands: Operands): readonly [sort: string, offsets: readonly string[]] {
    const { sql, kind } = operands.of('range:', 0)
    return [sql, RANGE_OFFSETS[kind] ?? ['0', '1', '2', '100']]
  }

  #frame(offsets: readonly string[]): string {
    const { pick } = this.#dice
    const offset = (): string => pick(offsets)
    return pick([
      () => `${offset()} PRECEDING`,
      () => `BETWEEN ${offset()} PRECEDING AND CURRENT ROW`,
      () => `BETWEEN ${offset()} PRECEDING AND ${offset()} FOLLOWING`,
      () => `BETWEEN ${offset()} PRECEDING AND ${offset()} PRECEDING`,
      () => `BETWEEN ${offset()} FOLLOWING AND ${offset()} FOLLOWING`,
      () => `BETWEEN CURRENT ROW AND ${offset()} FOLLOWING`,
      () => `BETWEEN UNBOUNDED PRECEDING AND ${offset()} PRECEDING`,
      () => `BETWEEN UNBOUNDED PRECEDING AND ${offset()} FOLLOWING`,
      () => `BETWEEN ${offset()} FOLLOWING AND UNBOUNDED FOLLOWING`,
      () => `BETWEEN ${offset()} PRECEDING AND UNBOUNDED FOLLOWING`,
      () => 'BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
      () => 'BETWEEN CURRENT ROW AND CURRENT ROW',
      () => 'BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
      () => 'UNBOUNDED PRECEDING',
    ])()
  }
}

const kindOf = (relation: Relation, column: string): string => relation.columns.find(({ name }) => name === column)?.kind ?? 'opaque'

/** What UNNEST makes of a column. */
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  array: ['integer'],
  gaps: ['integer'],
  texts: ['varchar'],
  nested: ['array'],
  map: ['varchar', 'integer'],
  numbers: ['integer', 'varchar'],
}

const UNORDERED_FRAMES = ['ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING', 'RANGE UNBOUNDED PRECEDING', 'RANGE CURRENT ROW']
const GROUP_OFFSETS = ['0', '1', '1', '2', '5', "BIGINT '3'"]
const INTERVALS = ["INTERVAL '1' DAY", "INTERVAL '0' SECOND", "INTERVAL '1' MONTH", "INTERVAL '10' YEAR", "INTERVAL '12' HOUR"]
const RANGE_OFFSETS: Readonly<Record<string, readonly string[]>> = {
  tinyint: ['0', '1', '100'].map((digits) => `TINYINT '${digits}'`),
  smallint: ['0', '1', '100'].map((digits) => `SMALLINT '${digits}'`),
  integer: ['0', '1', '2', '10'],
  bigint: ['0', '1', '2', "BIGINT '5'"],
  double: ['0e0', '0.5e0', '1', '100e0', 'infinity()'],
  decimal: ['0', '0.0001', '2.5', '1000'],
  short: ['0', '1.5', '20'],
  long: ['0', '3', '10'],
  date: ["INTERVAL '1' DAY", "INTERVAL '0' DAY", "INTERVAL '1' MONTH", "INTERVAL '29' DAY", "INTERVAL '1' YEAR"],
  seconds: INTERVALS,
  timestamp: INTERVALS,
  moment: INTERVALS,
  zoned: INTERVALS,
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
