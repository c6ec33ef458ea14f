/**
 * The typed body of a function as one expression. Statements become what follows them:
 *
 *     SET x = e; rest                    →  let x = e in rest
 *     IF c THEN RETURN a; END IF; rest   →  CASE WHEN c THEN a ELSE rest END
 *     IF c THEN SET x = a; END IF; rest  →  let s = CASE WHEN c THEN ROW(a) ELSE ROW(x) END in rest, x being s[1]
 *     WHILE c DO … END WHILE; rest       →  let s = loop(ROW(0, x, …), s -> CASE WHEN c THEN … ELSE ROW(left, x, …) END) in rest
 *
 * Where several ways lead to the rest, as in the third and the fourth, they meet in a row of the variables that they set, with a
 * code that says how they end: so the rest stands once.
 */
import { endlessLoop, letFunction, loopFunction } from '#src/functions/routine'
import { caseBranch, comparison, literal, nullOf } from '#src/logical/build'
import { mapExpr } from '#src/logical/expr-walk'
import type { Column, ColumnId, Expr } from '#src/logical/expression'
import { BIGINT, type RowType, type Type } from '#src/types/type'
import type { Routine } from './routine.ts'

/** The value that each variable has. */
type Values = ReadonlyMap<ColumnId, Expr>

type Continue = (values: Values) => Expr

/** What becomes of the ends of a statement; all give a value of type `answer`. */
interface Ends {
  readonly answer: Type
  readonly next: Continue
  /** `next` gives a small expression, which may stand in several places. */
  readonly nextIsSmall: boolean
  readonly returned: (value: Expr, values: Values) => Expr
  /** By `leave` or `iterate` and the label. */
  readonly jumps: ReadonlyMap<string, Continue>
}

export type NewColumn = (name: string, type: Type) => Column

/** @param values the parameters' */
export function routineExpression(routine: Routine, values: Values, returns: Type, column: NewColumn): Expr {
  const builder = new Builder(column)
  const unreached: Continue = () => nullOf(returns)
  return builder.statement(routine, values, {
    answer: returns,
    next: unreached,
    nextIsSmall: true,
    returned: (value) => value,
    jumps: new Map(),
  })
}

const RUNS = 0n
const RETURNED = 1n
const ENDED = 2n

class Builder {
  readonly #column: NewColumn
  #names = 0

  constructor(column: NewColumn) {
    this.#column = column
  }

  statement(node: Routine, values: Values, ends: Ends): Expr {
    switch (node.kind) {
      case 'return':
        return ends.returned(valueIn(node.value, values), values)
      case 'set':
        return this.#assign(node.variable, node.value, values, ends.answer, ends.next)
      case 'block':
        return this.#block(node, values, ends)
      case 'iterate':
      case 'leave':
        return (ends.jumps.get(`${node.kind} ${node.label}`) as Continue)(values)
      case 'branch': {
        const open = [...node.branches.map(({ body }) => body), node.otherwise].filter(fallsThrough)
        if (open.length <= 1 || ends.nextIsSmall) return this.#branch(node, values, ends)
        return this.#meet(node, values, ends, (meeting) => this.#branch(node, values, meeting.ends))
      }
      case 'loop':
        return this.#meet(node, values, ends, (meeting) => this.#loop(node, values, meeting), true)
    }
  }

  #list(nodes: readonly Routine[], values: Values, ends: Ends): Expr {
    const [first, ...rest] = nodes
    if (first === undefined) return ends.next(values)
    if (rest.length === 0) return this.statement(first, values, ends)
    return this.statement(first, values, { ...ends, nextIsSmall: false, next: (after) => this.#list(rest, after, ends) })
  }

  #block(node: Extract<Routine, { kind: 'block' }>, values: Values, ends: Ends): Expr {
    const declare = (index: number, before: Values): Expr => {
      const declared = node.variables[index]
      if (declared === undefined) return this.#list(node.body, before, ends)
      return this.#assign(declared.variable, declared.value, before, ends.answer, (after) => declare(index + 1, after))
    }
    return declare(0, values)
  }

  #assign(variable: Column, value: Expr, values: Values, answer: Type, next: Continue): Expr {
    return this.#let(valueIn(value, values), answer, (ref) => next(new Map(values).set(variable.id, ref)))
  }

  #branch({ operand, branches, otherwise }: Extract<Routine, { kind: 'branch' }>, values: Values, ends: Ends): Expr {
    const chosen = (known: Values): Expr => ({
      kind: 'case',
      type: ends.answer,
      operand: undefined,
      whens: branches.map(({ condition, body }) => caseBranch(valueIn(condition, known), this.#list(body, values, ends))),
      otherwise: this.#list(otherwise, values, ends),
    })
    if (operand === undefined) return chosen(values)
    return this.#let(valueIn(operand.value, values), ends.answer, (ref) => chosen(new Map(values).set(operand.name.id, ref)))
  }

  #loop(
    { test, condition, body, label }: Extract<Routine, { kind: 'loop' }>,
    values: Values,
    { row, stateOf, ends, valuesOf }: Meeting,
  ): Expr {
    const state = this.#fresh('loop', row)
    const ref: Expr = { kind: 'lambda-ref', type: row, id: state.id, name: state.name }
    const before = valuesOf(ref)
    const again: Continue = (after) => stateOf(after, RUNS)
    const end: Continue = (after) => stateOf(after, ENDED)
    const tested = (known: Values, met: Expr, unmet: Expr): Expr => ({
      kind: 'case',
      type: row,
      operand: undefined,
      whens: [caseBranch(valueIn(condition, known), met)],
      otherwise: unmet,
    })
    const jumps = new Map(ends.jumps).set(`leave ${label}`, end).set(`iterate ${label}`, again)
    const next: Continue = test === 'until' ? (after) => tested(after, end(after), again(after)) : again
    const round = this.#list(body, before, { ...ends, next, nextIsSmall: test !== 'until', jumps })
    const step = test === 'while' ? tested(before, round, end(before)) : round
    return {
      kind: 'call',
      type: row,
      function: loopFunction(row),
      args: [
        stateOf(values, RUNS),
        { kind: 'lambda', type: { kind: 'function', parameters: [row], result: row }, parameters: [state], body: step },
      ],
    }
  }

  /** Lets the ends of statements meet in a row, and goes on from there. */
  #meet(node: Routine, values: Values, ends: Ends, build: (meeting: Meeting) => Expr, isLoop = false): Expr {
    const set = [...assigned([node])].filter((id) => values.has(id))
    const exits = [...ends.jumps].filter(([name]) => contains(node, (part) => jumpName(part) === name))
    const returned = returnType([node])
    const types = [BIGINT, ...(returned ? [returned] : []), ...set.map((id) => (values.get(id) as Expr).type)]
    const row: RowType = { kind: 'row', fields: types.map((type) => ({ name: undefined, type })) }
    const first = returned ? 2 : 1
    const stateOf = (after: Values, code: bigint, result?: Expr): Expr => ({
      kind: 'row',
      type: row,
      fields: [literal(BIGINT, code), ...(returned ? [result ?? nullOf(returned)] : []), ...set.map((id) => after.get(id) as Expr)],
    })
    const field = (ref: Expr, index: number): Expr => ({ kind: 'field', type: types[index] as Type, base: ref, index })
    const valuesOf = (ref: Expr): Values => new Map([...values, ...set.map((id, index) => [id, field(ref, first + index)] as const)])
    const codes = exits.map(([name, go], index) => ({ name, go, code: ENDED + 1n + BigInt(index) }))
    const meeting: Meeting = {
      row,
      stateOf,
      valuesOf,
      ends: {
        answer: row,
        next: (after) => stateOf(after, ENDED),
        nextIsSmall: true,
        returned: (value, after) => stateOf(after, RETURNED, value),
        jumps: new Map(codes.map(({ name, code }) => [name, (after: Values) => stateOf(after, code)])),
      },
    }
    return this.#let(build(meeting), ends.answer, (ref) => {
      const after = valuesOf(ref)
      const is = (code: bigint): Expr => comparison('=', field(ref, 0), literal(BIGINT, code))
      const endless: Expr = { kind: 'call', type: ends.answer, function: endlessLoop(ends.answer), args: [field(ref, 0)] }
      const whens = [
        ...(returned ? [caseBranch(is(RETURNED), ends.returned(field(ref, 1), after))] : []),
        ...codes.map(({ go, code }) => caseBranch(is(code), go(after))),
        ...(isLoop ? [caseBranch(is(RUNS), endless)] : []),
      ]
      if (whens.length === 0) return ends.next(after)
      return { kind: 'case', type: ends.answer, operand: undefined, whens, otherwise: ends.next(after) }
    })
  }

  /** Gives a value a name; one that has one already, or is a literal, needs none. */
  #let(value: Expr, answer: Type, body: (ref: Expr) => Expr): Expr {
    if (isName(value)) return body(value)
    const column = this.#fresh('let', value.type)
    const inside = body({ kind: 'lambda-ref', type: column.type, id: column.id, name: column.name })
    return {
      kind: 'call',
      type: answer,
      function: letFunction(value.type, answer),
      args: [
        value,
        { kind: 'lambda', type: { kind: 'function', parameters: [value.type], result: answer }, parameters: [column], body: inside },
      ],
    }
  }

  /** Names differ within a function, and are the same for each of its calls. */
  #fresh(name: string, type: Type): Column {
    return this.#column(`${name}${++this.#names}`, type)
  }
}

interface Meeting {
  readonly row: RowType
  readonly stateOf: (values: Values, code: bigint, result?: Expr) => Expr
  readonly valuesOf: (ref: Expr) => Values
  readonly ends: Ends
}

const valueIn = (expr: Expr, values: Values): Expr =>
  mapExpr(expr, (part) => (part.kind === 'lambda-ref' ? (values.get(part.id) ?? part) : part))

function isName(expr: Expr): boolean {
  return expr.kind === 'literal' || expr.kind === 'lambda-ref' || expr.kind === 'column' || (expr.kind === 'field' && isName(expr.base))
}

function childrenOf(node: Routine): readonly Routine[] {
  switch (node.kind) {
    case 'block':
    case 'loop':
      return node.body
    case 'branch':
      return [...node.branches.flatMap(({ body }) => body), ...node.otherwise]
    case 'return':
    case 'set':
    case 'iterate':
    case 'leave':
      return []
  }
}

const contains = (node: Routine, test: (node: Routine) => boolean): boolean =>
  test(node) || childrenOf(node).some((child) => contains(child, test))

const jumpName = (node: Routine): string | undefined =>
  node.kind === 'iterate' || node.kind === 'leave' ? `${node.kind} ${node.label}` : undefined

/** Of the first RETURN; undefined when there is none. */
function returnType(nodes: readonly Routine[]): Type | undefined {
  for (const node of nodes) {
    const type = node.kind === 'return' ? node.value.type : returnType(childrenOf(node))
    if (type !== undefined) return type
  }
  return undefined
}

function assigned(nodes: readonly Routine[], found = new Set<ColumnId>()): ReadonlySet<ColumnId> {
  for (const node of nodes) {
    if (node.kind === 'set') found.add(node.variable.id)
    assigned(childrenOf(node), found)
  }
  return found
}

/** Whether the end of the list may be reached. */
const fallsThrough = (nodes: readonly Routine[]): boolean => nodes.every(goesOn)

function goesOn(node: Routine): boolean {
  switch (node.kind) {
    case 'return':
    case 'iterate':
    case 'leave':
      return false
    case 'block':
      return fallsThrough(node.body)
    case 'branch':
      return [...node.branches.map(({ body }) => body), node.otherwise].some(fallsThrough)
    case 'set':
    case 'loop':
      return true
  }
}
