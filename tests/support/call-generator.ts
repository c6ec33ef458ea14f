/** Random calls of aggregates and window functions, and random windows. */
import { AGGREGATES, type CallForm, NEIGHBORS, VALUE_FUNCTIONS } from './aggregate-forms.ts'
import type { Dice, Operand, Operands, Relation } from './relation-generator.ts'

export interface Window {
  /** PARTITION BY and ORDER BY. */
  readonly base: string
  readonly frame: string
  /** The order decides between every two rows. */
  readonly total: boolean
}

export class Calls {
  readonly #dice: Dice

  constructor(random: Dice) {
    this.#dice = random
  }

  /** A call of an aggregate with the clauses that it may have. */
  aggregate(operands: Operands, relation: Relation): Operand {
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
  #call(form: CallForm, operands: Operands, relation: Relation): Operand {
    const { chance } = this.#dice
    if ((form.ordered || form.sql.includes('@{total}')) && relation.key === undefined) return { sql: 'count(*)', kind: 'bigint' }
    if (form.sql.includes('@{total}') && relation.key?.length !== 1) return { sql: 'count(*)', kind: 'bigint' }
    const { sql, kind } = operands.fill(form.sql)
    const result = form.kind === 'same' ? kind : form.kind
    if (form.distinct && chance(0.25)) return { sql: sql.replace('(', '(DISTINCT '), kind: result }
    if (!form.ordered) return { sql, kind: result }
    const order = this.totalOrder(operands, relation.key as readonly string[])
    if (sql.startsWith('listagg')) return { sql: `${sql} WITHIN GROUP (${order})`, kind: result }
    return { sql: `${sql.slice(0, -1)} ${order})`, kind: result }
  }

  totalOrder(operands: Operands, key: readonly string[]): string {
    const { chance } = this.#dice
    const first = chance(0.4) ? [operands.of('order:').sql] : []
    return `ORDER BY ${[...first, ...key].map((column) => column + this.direction()).join(', ')}`
  }

  windowCall(forms: readonly CallForm[], operands: Operands, relation: Relation, { total, base }: Window): Operand {
    const { pick, chance } = this.#dice
    const usable = forms.filter(
      (form) =>
        !form.wrapped &&
        !form.grouped &&
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

  window(operands: Operands, relation: Relation): Window {
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
      return { base: `${partition}ORDER BY ${sort}${this.direction()}`, frame: ` RANGE ${this.#frame(offset)}`, total: false }
    }
    const groups = `GROUPS ${this.#frame(GROUP_OFFSETS)}`
    if (roll < 0.5 || relation.key === undefined) {
      const sorts = Array.from({ length: 1 + below(2) }, () => operands.of('order:').sql + this.direction())
      return {
        base: `${partition}ORDER BY ${sorts.join(', ')}`,
        frame: framed(['', '', 'RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING', 'RANGE CURRENT ROW', groups]),
        total: false,
      }
    }
    const rows = `ROWS ${this.#frame(GROUP_OFFSETS)}`
    return {
      base: `${partition}${this.totalOrder(operands, relation.key)}`,
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

  direction(): string {
    return this.#dice.pick(['', '', ' ASC', ' DESC', ' DESC', ' NULLS FIRST', ' NULLS LAST', ' DESC NULLS LAST', ' DESC NULLS FIRST'])
  }
}

const UNORDERED_FRAMES = ['ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING', 'RANGE UNBOUNDED PRECEDING', 'RANGE CURRENT ROW']
const GROUP_OFFSETS = ['0', '1', '1', '2', '5', "BIGINT '3'"]
const INTERVALS = ["INTERVAL '1' DAY", "INTERVAL '0' SECOND", "INTERVAL '1' MONTH", "INTERVAL '10' YEAR", "INTERVAL '12' HOUR"]
const RANGE_OFFSETS: Readonly<Record<string, readonly string[]>> = {
  tinyint: ['0', '1'].map((digits) => `TINYINT '${digits}'`),
  smallint: ['0', '1'].map((digits) => `SMALLINT '${digits}'`),
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
