/**
 * Evaluates a path. In lax mode arrays open themselves where an item is wanted and items pass for arrays where one is
 * wanted; what is missing is nothing. In strict mode both are errors. Inside filters an error is "unknown", a third truth
 * value, which is undefined here.
 */
import { tryParseLiteral } from '#src/types/literal'
import { DOUBLE, INTEGER, varchar } from '#src/types/type'
import { isArray, isObject, type JsonNode, type JsonObject, MISSING } from '../json/json-node.ts'
import { asDouble, calculate, compareItems, negated, toNumber, wholeNumber } from './path-arithmetic.ts'
import { isNumericType, itemName, json, numberOf, PathEvaluationError, type PathItem, type SqlItem, scalarOf, sql } from './path-item.ts'
import type { JsonPath, PathNode, PathPredicate, Subscript } from './path-node.ts'

type Sequence = readonly PathItem[]
/** An empty sequence stands for a JSON value that is NULL. */
export type PathVariables = ReadonlyMap<string, PathItem | undefined>

interface Scope {
  /** Place of the last element of the array whose subscript is evaluated. */
  readonly last?: number
  readonly current?: PathItem
}

/** @throws PathEvaluationError */
export function evaluatePath(path: JsonPath, input: JsonNode, variables: PathVariables): Sequence {
  return new Evaluator(path.lax, input, variables).evaluate(path.root, {})
}

/** What type() says is at most so long. */
const TYPE_NAME = varchar(27)

class Evaluator {
  readonly #lax: boolean
  readonly #input: JsonNode
  readonly #variables: PathVariables
  #objectId = 0n

  constructor(lax: boolean, input: JsonNode, variables: PathVariables) {
    this.#lax = lax
    this.#input = input
    this.#variables = variables
  }

  evaluate(node: PathNode, scope: Scope): Sequence {
    switch (node.kind) {
      case 'literal':
        return [sql(node.type, node.value)]
      case 'null':
        return [json(null)]
      case 'context':
        return [json(this.#input)]
      case 'current-item':
        return scope.current === undefined ? wrong('@ outside of a filter') : [scope.current]
      case 'last':
        return scope.last === undefined
          ? wrong('accessing the last array index with no enclosing array')
          : [sql(INTEGER, BigInt(scope.last))]
      case 'variable': {
        const value = this.#variables.get(node.name)
        return value === undefined ? [] : [value]
      }
      case 'member':
        return this.#unwrapped(node.base, scope).flatMap((item) => this.#member(item, node.name))
      case 'descendants':
        return this.evaluate(node.base, scope).flatMap((item) => (item.kind === 'json' ? descendants(item.node, node.name).map(json) : []))
      case 'elements':
        return this.evaluate(node.base, scope).flatMap((item) => this.#elements(item, node.subscripts, scope))
      case 'filter':
        return this.#unwrapped(node.base, scope).filter((current) => this.#test(node.predicate, { ...scope, current }) === true)
      case 'method':
        return this.#method(node, scope)
      case 'sign':
        return this.#unwrapped(node.base, scope).map((item) => (node.sign === '-' ? negated(number(item)) : number(item)))
      case 'arithmetic': {
        const [left, right] = [this.#unwrapped(node.left, scope), this.#unwrapped(node.right, scope)]
        if (left.length !== 1 || right.length !== 1) return wrong('arithmetic binary expression requires singleton operands')
        return [calculate(node.operator, anyNumber(left[0] as PathItem), anyNumber(right[0] as PathItem))]
      }
    }
  }

  #unwrapped(node: PathNode, scope: Scope): Sequence {
    return this.#open(this.evaluate(node, scope))
  }

  #open(items: Sequence): Sequence {
    if (!this.#lax) return items
    return items.flatMap((item) => (item.kind === 'json' && isArray(item.node) ? item.node.map(json) : [item]))
  }

  #member(item: PathItem, name: string | undefined): Sequence {
    if (item.kind !== 'json' || !isObject(item.node)) return this.#lax ? [] : wrong(`OBJECT expected, but was ${itemName(item)}`)
    if (name === undefined) return [...item.node.values()].map(json)
    const value = item.node.get(name)
    if (value !== undefined) return [json(value)]
    return this.#lax ? [] : wrong(`missing member '${name}' in JSON object`)
  }

  #elements(item: PathItem, subscripts: readonly Subscript[] | undefined, scope: Scope): Sequence {
    const isList = item.kind === 'json' && isArray(item.node)
    if (!isList && !this.#lax) return wrong(`ARRAY expected, but was ${itemName(item)}`)
    const elements = isList ? (item.node as readonly JsonNode[]).map(json) : [item]
    if (subscripts === undefined) return elements
    if (elements.length === 0) return this.#lax ? [] : wrong('invalid array subscript for empty array')
    const inside = { ...scope, last: elements.length - 1 }
    return subscripts.flatMap(({ from, to }) => {
      const first = this.#index(from, inside)
      const last = to === undefined ? first : this.#index(to, inside)
      if (!this.#lax && (first < 0 || last >= elements.length || first > last)) {
        return wrong(`invalid array subscript: [${first}, ${last}] for array of size ${elements.length}`)
      }
      return elements.slice(Math.max(first, 0), Math.max(last + 1, 0))
    })
  }

  #index(node: PathNode, scope: Scope): number {
    const items = this.evaluate(node, scope)
    if (items.length !== 1) return wrong('array subscript value must be singleton numeric')
    const item = number(items[0] as PathItem)
    // Numbers of the document are cut, those of expressions are rounded.
    if (items[0]?.kind === 'json') return Math.trunc(toNumber(item))
    const value = toNumber(item)
    return Math.sign(value) * Math.round(Math.abs(value))
  }

  #method(node: PathNode & { kind: 'method' }, scope: Scope): Sequence {
    switch (node.name) {
      case 'type':
        return this.evaluate(node.base, scope).map((item) => sql(TYPE_NAME, typeName(item)))
      case 'size':
        return this.evaluate(node.base, scope).map((item) => {
          if (item.kind === 'json' && isArray(item.node)) return sql(INTEGER, BigInt(item.node.length))
          return this.#lax ? sql(INTEGER, 1n) : wrong(`ARRAY expected, but was ${itemName(item)}`)
        })
      case 'double':
        return this.#unwrapped(node.base, scope).map(double)
      case 'ceiling':
      case 'floor': {
        const direction = node.name
        return this.#unwrapped(node.base, scope).map((item) => wholeNumber(direction, number(item)))
      }
      case 'abs':
        return this.#unwrapped(node.base, scope).map((item) => {
          const value = number(item)
          return toNumber(value) < 0 ? negated(value) : value
        })
      case 'keyvalue':
        return this.#unwrapped(node.base, scope).flatMap((item) => this.#keyValues(item))
      case 'datetime':
        return wrong('datetime method is not supported')
    }
  }

  #keyValues(item: PathItem): Sequence {
    if (item.kind !== 'json' || !isObject(item.node)) return wrong(`OBJECT expected, but was ${itemName(item)}`)
    const id = { kind: 'integer', value: this.#objectId++ } as const
    return [...item.node].map(([name, value]) => {
      const pair: JsonObject = new Map<string, JsonNode>([
        ['name', name],
        ['value', value],
        ['id', id],
      ])
      return json(pair)
    })
  }

  /** Undefined is "unknown". */
  #test(predicate: PathPredicate, scope: Scope): boolean | undefined {
    switch (predicate.kind) {
      case 'and': {
        const left = this.#test(predicate.left, scope)
        if (left === false) return false
        const right = this.#test(predicate.right, scope)
        return right === false ? false : left === undefined || right === undefined ? undefined : true
      }
      case 'or': {
        const left = this.#test(predicate.left, scope)
        if (left === true) return true
        const right = this.#test(predicate.right, scope)
        return right === true ? true : left === undefined || right === undefined ? undefined : false
      }
      case 'not': {
        const inner = this.#test(predicate.predicate, scope)
        return inner === undefined ? undefined : !inner
      }
      case 'is-unknown':
        return this.#test(predicate.predicate, scope) === undefined
      case 'exists': {
        const items = this.#attempt(predicate.path, scope)
        return items && items.length > 0
      }
      case 'comparison':
        return this.#compare(predicate, scope)
      case 'starts-with':
        return this.#startsWith(predicate, scope)
      case 'like-regex':
        return undefined
    }
  }

  #attempt(node: PathNode, scope: Scope): Sequence | undefined {
    try {
      return this.evaluate(node, scope)
    } catch (error) {
      if (error instanceof PathEvaluationError) return undefined
      throw error
    }
  }

  #compare({ operator, left, right }: PathPredicate & { kind: 'comparison' }, scope: Scope): boolean | undefined {
    const [first, second] = [this.#attempt(left, scope), this.#attempt(right, scope)]
    if (first === undefined || second === undefined) return undefined
    const [a, b] = [classify(this.#open(first)), classify(this.#open(second))]
    if (a.count === 0 || b.count === 0) return false
    if ((a.structures && (b.structures || b.scalars.length > 0)) || (a.scalars.length > 0 && b.structures)) return undefined
    let found = operator === '==' && a.nulls && b.nulls
    if (operator === '<>' && ((a.nulls && (b.scalars.length > 0 || b.structures)) || (b.nulls && (a.scalars.length > 0 || a.structures)))) {
      found = true
    }
    if (found && this.#lax) return true
    const [lefts, rights] = [scalars(a.scalars), scalars(b.scalars)]
    if (lefts === undefined || rights === undefined) return a.scalars.length > 0 && b.scalars.length > 0 ? undefined : found
    for (const one of lefts) {
      for (const other of rights) {
        const holds = compareItems(operator, one, other)
        if (holds === undefined) return undefined
        if (holds && this.#lax) return true
        found ||= holds
      }
    }
    return found
  }

  #startsWith({ value, prefix }: PathPredicate & { kind: 'starts-with' }, scope: Scope): boolean | undefined {
    const [values, prefixes] = [this.#attempt(value, scope), this.#attempt(prefix, scope)]
    const start = prefixes?.length === 1 ? textOf(prefixes[0] as PathItem) : undefined
    if (values === undefined || start === undefined) return undefined
    let found = false
    for (const item of this.#open(values)) {
      const text = textOf(item)
      if (text === undefined) return undefined
      if (!text.startsWith(start)) continue
      if (this.#lax) return true
      found = true
    }
    return found
  }
}

function wrong(message: string): never {
  throw new PathEvaluationError(message)
}

function number(item: PathItem): SqlItem {
  return numberOf(item) ?? wrong(`NUMBER expected, but was ${itemName(item)}`)
}

/** Operators see SQL values of all types, and say themselves which they take. */
const anyNumber = (item: PathItem): SqlItem => (item.kind === 'sql' ? item : number(item))

function double(item: PathItem): SqlItem {
  const value = scalarOf(item)
  if (value !== undefined && isNumericType(value.type)) return asDouble(value)
  const text = textOf(item) ?? wrong(`NUMBER or TEXT expected, but was ${itemName(item)}`)
  const parsed = tryParseLiteral(text, DOUBLE)
  return parsed === undefined ? wrong(`Cannot cast '${text}' to DOUBLE`) : sql(DOUBLE, parsed)
}

function descendants(node: JsonNode, name: string): JsonNode[] {
  if (node === null || typeof node !== 'object') return []
  if (isArray(node)) return node.flatMap((item) => descendants(item, name))
  if (!isObject(node)) return []
  const own = node.get(name)
  return [...(own === undefined ? [] : [own]), ...[...node.values()].flatMap((value) => descendants(value, name))]
}

interface Classes {
  readonly count: number
  readonly nulls: boolean
  readonly structures: boolean
  readonly scalars: readonly PathItem[]
}

function classify(items: Sequence): Classes {
  const isStructure = (item: PathItem) =>
    item.kind === 'json' && item.node !== null && (isArray(item.node) || isObject(item.node) || item.node === MISSING)
  const isNull = (item: PathItem) => item.kind === 'json' && item.node === null
  return {
    count: items.length,
    nulls: items.some(isNull),
    structures: items.some(isStructure),
    scalars: items.filter((item) => !isNull(item) && !isStructure(item)),
  }
}

/** Undefined when one of them is too big for SQL. */
function scalars(items: readonly PathItem[]): readonly SqlItem[] | undefined {
  try {
    return items.flatMap((item) => scalarOf(item) ?? [])
  } catch (error) {
    if (error instanceof PathEvaluationError) return undefined
    throw error
  }
}

function textOf(item: PathItem): string | undefined {
  if (item.kind === 'json') return typeof item.node === 'string' ? item.node : undefined
  if (item.type.kind === 'char') return (item.value as string).padEnd(item.type.length)
  return item.type.kind === 'varchar' ? (item.value as string) : undefined
}

function typeName(item: PathItem): string {
  if (item.kind === 'json') return itemName(item).toLowerCase()
  switch (item.type.kind) {
    case 'boolean':
    case 'date':
    case 'time with time zone':
    case 'timestamp with time zone':
      return item.type.kind
    case 'time':
    case 'timestamp':
      return `${item.type.kind} without time zone`
    default:
      return isNumericType(item.type) ? 'number' : 'string'
  }
}
