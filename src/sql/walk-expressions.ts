/** The direct children of every expression; the only list of where they are. */
import { unreachable } from '#src/common/errors'
import type { Expression, FunctionCall, JsonFunction, JsonPathCall, JsonValueBehaviour } from './ast.ts'
import { mapItems, mapOptional, mapSortItems, mapWindow, update, type Visitor } from './walk.ts'

export function mapExpressionChildren(node: Expression, visitor: Visitor): Expression {
  const map = visitor.expression
  switch (node.kind) {
    case 'identifier':
    case 'null':
    case 'boolean-literal':
    case 'number':
    case 'string':
    case 'binary':
    case 'generic-literal':
    case 'interval':
    case 'parameter':
    case 'star':
    case 'current':
      return node
    case 'measure':
      return node.over.kind === 'window' ? update(node, { over: mapWindow(node.over, visitor) }) : node
    case 'dereference':
      return update(node, { base: map(node.base) })
    case 'subscript':
      return update(node, { base: map(node.base), index: map(node.index) })
    case 'arithmetic':
    case 'comparison':
    case 'distinct-from':
      return update(node, { left: map(node.left), right: map(node.right) })
    case 'sign':
    case 'not':
    case 'is-null':
    case 'cast':
    case 'extract':
      return update(node, { value: map(node.value) })
    case 'logical':
      return update(node, { terms: mapItems(node.terms, map) })
    case 'between':
      return update(node, { value: map(node.value), low: map(node.low), high: map(node.high) })
    case 'in-list':
      return update(node, { value: map(node.value), items: mapItems(node.items, map) })
    case 'in-subquery':
    case 'quantified':
      return update(node, { value: map(node.value), query: visitor.query(node.query) })
    case 'like':
      return update(node, { value: map(node.value), pattern: map(node.pattern), escape: mapOptional(node.escape, map) })
    case 'exists':
    case 'subquery':
      return update(node, { query: visitor.query(node.query) })
    case 'case':
      return update(node, {
        operand: mapOptional(node.operand, map),
        whens: mapItems(node.whens, (item) => update(item, mapWhen(item, map))),
        otherwise: mapOptional(node.otherwise, map),
      })
    case 'at-time-zone':
      return update(node, { value: map(node.value), zone: map(node.zone) })
    case 'call':
      return mapCall(node, visitor)
    case 'lambda':
      return update(node, { body: map(node.body) })
    case 'row':
      return update(node, { fields: mapItems(node.fields, (field) => update(field, { value: map(field.value) })) })
    case 'array':
      return update(node, { items: mapItems(node.items, map) })
    case 'trim':
      return update(node, { characters: mapOptional(node.characters, map), value: map(node.value) })
    case 'json':
      return mapJson(node, visitor)
    case 'grouping':
      return update(node, { columns: mapItems(node.columns, map) })
  }
  return unreachable(node)
}

type When = Extract<Expression, { kind: 'case' }>['whens'][number]

// biome-ignore lint/suspicious/noThenProperty: the word of the language; nobody awaits a syntax tree
const mapWhen = (item: When, map: Visitor['expression']): Partial<When> => ({ when: map(item.when), then: map(item.then) })

function mapCall(node: FunctionCall, visitor: Visitor): FunctionCall {
  return update(node, {
    arguments: mapItems(node.arguments, visitor.expression),
    orderBy: mapSortItems(node.orderBy, visitor),
    filter: mapOptional(node.filter, visitor.expression),
    over: node.over?.kind === 'window' ? mapWindow(node.over, visitor) : node.over,
  })
}

/** The parts that JSON_EXISTS, JSON_VALUE, JSON_QUERY and JSON_TABLE share. */
export function mapPathCall<T extends JsonPathCall>(node: T, visitor: Visitor): T {
  const patch: Partial<JsonPathCall> = {
    input: visitor.expression(node.input),
    passing: mapItems(node.passing, (item) => update(item, { value: visitor.expression(item.value) })),
  }
  return update(node, patch as Partial<T>)
}

export function mapValueBehaviour(behaviour: JsonValueBehaviour | undefined, visitor: Visitor): JsonValueBehaviour | undefined {
  return behaviour?.kind === 'default' ? update(behaviour, { value: visitor.expression(behaviour.value) }) : behaviour
}

function mapJson(node: JsonFunction, visitor: Visitor): JsonFunction {
  const map = visitor.expression
  switch (node.name) {
    case 'json_exists':
    case 'json_query':
      return mapPathCall(node, visitor)
    case 'json_value': {
      const call = mapPathCall(node, visitor)
      return update(call, { onEmpty: mapValueBehaviour(node.onEmpty, visitor), onError: mapValueBehaviour(node.onError, visitor) })
    }
    case 'json_object':
      return update(node, { members: mapItems(node.members, (item) => update(item, { key: map(item.key), value: map(item.value) })) })
    case 'json_array':
      return update(node, { items: mapItems(node.items, (item) => update(item, { value: map(item.value) })) })
  }
  return unreachable(node)
}
