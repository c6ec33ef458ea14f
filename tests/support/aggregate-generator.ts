/** Random queries with aggregates, windows, joins, subqueries and set operations, for a differential test. What they give is determined. */
import { AGGREGATES, MISTAKES, NEIGHBORS, RANKINGS, VALUE_FUNCTIONS, WINDOW_MISTAKES } from './aggregate-forms.ts'
import { Calls } from './call-generator.ts'
import { randomNumbers } from './expression-generator.ts'
import { Relations } from './joined-relations.ts'
import { literal } from './query-kinds.ts'
import { type Column, type Dice, dice, isOf, type Operand, Operands, type Relation, valuesRelation } from './relation-generator.ts'

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

const DEEPEST = 2

/** The same queries for the same seed. */
export function querySource(seed: number): () => Query {
  const random = randomNumbers(seed)
  return () => new Generator(dice(random)).query()
}

class Generator {
  readonly #dice: Dice
  readonly #calls: Calls
  readonly #relations: Relations
  /** One mistake is left to make: of several, which one is told depends on the order of their checks. */
  #mistake: boolean

  constructor(random: Dice) {
    this.#dice = random
    this.#calls = new Calls(random)
    this.#relations = new Relations(random, (depth) => this.#derived(depth))
    this.#mistake = random.chance(0.08)
  }

  #mistakes(): boolean {
    if (!this.#mistake) return false
    this.#mistake = false
    return true
  }

  query(): Query {
    const { chance } = this.#dice
    if (chance(0.1)) return { sql: this.#relations.setOf(this.#relations.setKinds(), DEEPEST), ordered: false, smaller: [] }
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
    const order = (names: readonly string[]): string => `ORDER BY ${names.map((name) => name + this.#calls.direction()).join(', ')}`
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

  /** A query in parentheses. */
  #derived(depth: number): Relation {
    const { name } = this.#dice
    const select = this.#select(depth)
    const sql = select.print(select.items.map((item) => `${item.sql} AS ${item.name}`))
    const tail = this.#dice.chance(0.2) ? this.#tail(select).tail : ''
    return { sql: `(${sql}${tail === '' ? '' : ` ${tail}`}) ${name('q')}`, columns: select.items, key: select.key }
  }

  #rows(depth: number): Select {
    const { below } = this.#dice
    const relation = this.#relations.relation(depth)
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
    const relation = this.#relations.relation(depth)
    const operands = new Operands(this.#dice, relation)
    const items = Array.from({ length: 1 + below(3) }, () => this.#item(operands.of('orderkey:')))
    const where = this.#where(operands)
    return {
      items,
      fixed: items.length,
      key: items.map(({ name }) => name),
      print: (list) => `SELECT DISTINCT ${list.join(', ')} FROM ${relation.sql}${where}`,
      sorts: ['count(*)', ...(relation.columns.length > 0 ? [operands.fill('max(@{orderkey:})', 0).sql] : [])],
    }
  }

  #item({ sql, kind }: Operand): Item {
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
    // In a SELECT list Trino finds NaN among a subquery's values.
    const sets = ['real', 'special', 'extreme'].includes(wanted.kind)
      ? []
      : [
          () => `${wanted.sql} IN (SELECT ${own} FROM ${relation.sql}${where})`,
          () => `${wanted.sql} NOT IN (SELECT ${own} FROM ${relation.sql}${where})`,
          () =>
            `(${wanted.sql}, ${outer.of('integer', 0).sql}) IN (SELECT ${own}, ${inner.of('integer', 0).sql} FROM ${relation.sql}${where})`,
        ]
    return pick([
      ...sets,
      () => `EXISTS (SELECT 1 FROM ${relation.sql}${where})`,
      () => `EXISTS (SELECT ${own} FROM ${relation.sql}${linked})`,
      () => `NOT EXISTS (SELECT * FROM ${relation.sql}${linked})`,
      () =>
        `${wanted.sql} ${pick(['<> ALL', '= ANY', '= SOME', ...['<', '<=', '>', '>='].flatMap((operator) => [`${operator} ALL`, `${operator} ANY`])])} (SELECT ${own} FROM ${relation.sql}${where})`,
      () => `${wanted.sql} ${pick(['=', '<', '>='])} (SELECT ${pick(['min', 'max'])}(${own}) FROM ${relation.sql}${where})`,
      () => `${outer.of('bigint').sql} < (SELECT count(*) FROM ${relation.sql}${linked})`,
    ])()
  }

  /** A scalar subquery, or a condition as a value. */
  #subqueryValue(outer: Operands): Operand {
    const { pick, chance } = this.#dice
    if (chance(0.4)) return { kind: 'boolean', sql: this.#subqueryCondition(outer) }
    const wanted = outer.of('key:')
    const relation = valuesRelation(this.#dice, [wanted.kind])
    const inner = new Operands(this.#dice, relation)
    const link = chance(0.6) ? ` WHERE ${pick(relation.columns.filter(({ kind }) => kind === wanted.kind)).name} = ${wanted.sql}` : ''
    const { sql, kind } = this.#calls.aggregate(inner, relation)
    return { sql: `(SELECT ${sql} FROM ${relation.sql}${link})`, kind }
  }

  #groups(depth: number): Select {
    const { chance, below, pick } = this.#dice
    const relation = this.#relations.relation(depth)
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
  #groupItem(operands: Operands, relation: Relation, keys: readonly Item[], columns: boolean): Operand {
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
        `ORDER BY count(*)${this.#calls.direction()}`,
        ...keys.filter(({ kind }) => isOf(kind, 'order')).map(({ sql }) => `ORDER BY ${sql}${this.#calls.direction()}`),
      ])
      return pick([
        () => ({ sql: `rank() OVER (${over})`, kind: 'bigint' }),
        () => ({ sql: `sum(count(*)) OVER (${over})`, kind: 'opaque' }),
        () => ({ sql: `max(${operands.fill('max(@{orderkey:})').sql}) OVER (${over})`, kind: 'opaque' }),
        () => ({ sql: `count(*) OVER (${over})`, kind: 'bigint' }),
      ])()
    }
    if (roll < 0.24 && columns) {
      // Correlated with the groups' columns.
      const ofGroups = new Operands(this.#dice, { sql: '', columns: keys.map(({ sql, kind }) => ({ name: sql, kind })), key: undefined })
      return this.#subqueryValue(ofGroups)
    }
    const call = this.#calls.aggregate(operands, relation)
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
      () => `${this.#calls.aggregate(operands, relation).sql} IS NOT NULL`,
      () => `${operands.fill('max(@{orderkey:}) >= min(@{same})').sql}`,
      () => (keys[0] === undefined ? 'count(*) > 0' : `${keys[0].sql} IS NOT NULL`),
      () => `count(*) > (SELECT min(v) FROM (VALUES 1, 2) ${this.#dice.name('h')}(v))`,
    ])()
  }

  #windows(depth: number): Select {
    const { chance, below, pick, name } = this.#dice
    const relation = this.#relations.relation(depth)
    const operands = new Operands(this.#dice, relation)
    const windows = Array.from({ length: below(3) }, () => ({ name: name('w'), ...this.#calls.window(operands, relation) }))
    const items = Array.from({ length: 1 + below(4) }, () => {
      if (this.#mistakes()) return this.#item({ sql: operands.fill(pick(WINDOW_MISTAKES)).sql, kind: 'opaque' })
      const named = windows.length > 0 && chance(0.6) ? pick(windows) : undefined
      const window = named ?? this.#calls.window(operands, relation)
      const forms = pick([AGGREGATES, AGGREGATES, RANKINGS, VALUE_FUNCTIONS, NEIGHBORS])
      const { sql, kind } = this.#calls.windowCall(forms, operands, relation, window)
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
    const sorted = `row_number() OVER (${this.#calls.totalOrder(operands, relation.key ?? [(relation.columns[0] as Column).name])})`
    const sorts = relation.key === undefined || items.length > 2 ? over.sorts : [...over.sorts, sorted]
    return { ...over, sorts, print: (list) => over.print(list) + clause }
  }
}

const kindOf = (relation: Relation, column: string): string => relation.columns.find(({ name }) => name === column)?.kind ?? 'opaque'
