/**
 * The one walker over expressions and queries. `mapChildren` rebuilds a node from its direct children, each put through the visitor's
 * function for its sort; a node none of whose children changed comes back as the same object. `children` lists them in text order.
 * Nobody else needs to know which field of which node holds what.
 */
import { unreachable } from '#src/common/errors'
import type { Expression, Limit, Query, QueryBody, Relation, SelectItem, SortItem, WindowSpecification } from './ast.ts'
import { mapExpressionChildren } from './walk-expressions.ts'
import { mapRelationChildren } from './walk-relations.ts'

export type Node = Expression | Query | QueryBody | Relation

/** What becomes of each direct child. */
export interface Visitor {
  expression(expression: Expression): Expression
  query(query: Query): Query
  body(body: QueryBody): QueryBody
  relation(relation: Relation): Relation
}

/** `node` with `patch` laid over it, or `node` itself if that changes nothing. */
export function update<T extends object>(node: T, patch: Partial<T>): T {
  for (const key of Object.keys(patch) as (keyof T)[]) {
    if (patch[key] !== node[key]) return { ...node, ...patch }
  }
  return node
}

/** `items.map(map)`, or `items` itself if no item changed. */
export function mapItems<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  let result: T[] | undefined
  items.forEach((item, index) => {
    const next = map(item)
    if (next !== item) result ??= items.slice()
    if (result !== undefined) result[index] = next
  })
  return result ?? items
}

export const mapOptional = <T>(item: T | undefined, map: (item: T) => T): T | undefined => (item === undefined ? undefined : map(item))

export function mapSortItems(items: readonly SortItem[], visitor: Visitor): readonly SortItem[] {
  return mapItems(items, (item) => update(item, { value: visitor.expression(item.value) }))
}

/** The expressions of a window, those of its frame's bounds and pattern too. */
export function mapWindow(window: WindowSpecification, visitor: Visitor): WindowSpecification {
  const partitionBy = mapItems(window.partitionBy, visitor.expression)
  const orderBy = mapSortItems(window.orderBy, visitor)
  const frame = mapOptional(window.frame, (old) => {
    const bound = (item: NonNullable<typeof old.end>) => update(item, { value: mapOptional(item.value, visitor.expression) })
    const measures = (pattern: NonNullable<typeof old.pattern>) =>
      mapItems(pattern.measures, (item) => update(item, { value: visitor.expression(item.value) }))
    const pattern = mapOptional(old.pattern, (item) =>
      update(item, {
        measures: measures(item),
        definitions: mapItems(item.definitions, (definition) =>
          update(definition, { condition: visitor.expression(definition.condition) }),
        ),
      }),
    )
    return update(old, { start: bound(old.start), end: mapOptional(old.end, bound), pattern })
  })
  return update(window, { partitionBy, orderBy, frame })
}

function mapQueryChildren(query: Query, visitor: Visitor): Query {
  return update(query, {
    with: mapOptional(query.with, (old) =>
      update(old, { queries: mapItems(old.queries, (item) => update(item, { query: visitor.query(item.query) })) }),
    ),
    body: visitor.body(query.body),
    orderBy: mapSortItems(query.orderBy, visitor),
    offset: mapOptional(query.offset, visitor.expression),
    limit: mapOptional(query.limit, (limit) => mapLimit(limit, visitor)),
  })
}

function mapLimit(limit: Limit, visitor: Visitor): Limit {
  switch (limit.kind) {
    case 'limit':
      return update(limit, { count: visitor.expression(limit.count) })
    case 'fetch':
      return update(limit, { count: mapOptional(limit.count, visitor.expression) })
    case 'limit all':
      return limit
  }
  return unreachable(limit)
}

function mapSelectItem(item: SelectItem, visitor: Visitor): SelectItem {
  if (item.kind === 'expression') return update(item, { value: visitor.expression(item.value) })
  return update(item, { target: mapOptional(item.target, visitor.expression) })
}

function mapBodyChildren(body: QueryBody, visitor: Visitor): QueryBody {
  switch (body.kind) {
    case 'select':
      return update(body, {
        items: mapItems(body.items, (item) => mapSelectItem(item, visitor)),
        from: mapOptional(body.from, visitor.relation),
        where: mapOptional(body.where, visitor.expression),
        groupBy: mapOptional(body.groupBy, (groupBy) =>
          update(groupBy, {
            elements: mapItems(groupBy.elements, (element) => {
              if (element.kind === 'simple') return update(element, { columns: mapItems(element.columns, visitor.expression) })
              return update(element, { sets: mapItems(element.sets, (set) => mapItems(set, visitor.expression)) })
            }),
          }),
        ),
        having: mapOptional(body.having, visitor.expression),
        windows: mapItems(body.windows, (item) => update(item, { window: mapWindow(item.window, visitor) })),
      })
    case 'set-operation':
      return update(body, { left: visitor.body(body.left), right: visitor.body(body.right) })
    case 'values':
      return update(body, { rows: mapItems(body.rows, visitor.expression) })
    case 'subquery-body':
      return update(body, { query: visitor.query(body.query) })
    case 'table':
      return body
  }
  return unreachable(body)
}

/** The node with its direct children mapped; the same object if none changed. */
export function mapChildren<T extends Node>(node: T, visitor: Visitor): T
export function mapChildren(node: Node, visitor: Visitor): Node {
  switch (node.kind) {
    case 'query':
      return mapQueryChildren(node, visitor)
    case 'select':
    case 'set-operation':
    case 'values':
    case 'table':
    case 'subquery-body':
      return mapBodyChildren(node, visitor)
    case 'table-reference':
    case 'subquery-relation':
    case 'lateral':
    case 'unnest':
    case 'join':
    case 'aliased':
    case 'sampled':
    case 'table-function':
    case 'match-recognize':
    case 'json-table':
      return mapRelationChildren(node, visitor)
    default:
      return mapExpressionChildren(node, visitor)
  }
}

/** The direct children, in the order of the text. */
export function children(node: Node): readonly Node[] {
  const found: Node[] = []
  const collect = <T extends Node>(child: T): T => {
    found.push(child)
    return child
  }
  mapChildren(node, { expression: collect, query: collect, body: collect, relation: collect })
  return found
}
