/** The direct children of every relation; the only list of where they are. */
import { unreachable } from '#src/common/errors'
import type { Join, JsonTableColumn, MatchRecognize, Relation, TableFunctionArgument } from './ast.ts'
import { mapItems, mapOptional, mapSortItems, update, type Visitor } from './walk.ts'
import { mapPathCall, mapValueBehaviour } from './walk-expressions.ts'

export function mapRelationChildren(node: Relation, visitor: Visitor): Relation {
  const map = visitor.expression
  switch (node.kind) {
    case 'table-reference':
      return update(node, { version: mapOptional(node.version, (version) => update(version, { value: map(version.value) })) })
    case 'subquery-relation':
    case 'lateral':
      return update(node, { query: visitor.query(node.query) })
    case 'unnest':
      return update(node, { items: mapItems(node.items, map) })
    case 'join':
      return mapJoin(node, visitor)
    case 'aliased':
      return update(node, { relation: visitor.relation(node.relation) })
    case 'sampled':
      return update(node, { relation: visitor.relation(node.relation), percentage: map(node.percentage) })
    case 'table-function':
      return update(node, { arguments: mapItems(node.arguments, (argument) => mapArgument(argument, visitor)) })
    case 'match-recognize':
      return mapMatchRecognize(node, visitor)
    case 'json-table':
      return update(node, { call: mapPathCall(node.call, visitor), columns: mapColumns(node.columns, visitor) })
  }
  return unreachable(node)
}

function mapJoin(node: Join, visitor: Visitor): Join {
  const left = visitor.relation(node.left)
  const right = visitor.relation(node.right)
  const { criteria } = node
  if (criteria?.kind !== 'on') return update(node, { left, right })
  return update(node, { left, right, criteria: update(criteria, { condition: visitor.expression(criteria.condition) }) })
}

function mapArgument(argument: TableFunctionArgument, visitor: Visitor): TableFunctionArgument {
  const { value } = argument
  switch (value.kind) {
    case 'expression':
      return update(argument, { value: update(value, { value: visitor.expression(value.value) }) })
    case 'table':
      return update(argument, {
        value: update(value, {
          relation: visitor.relation(value.relation),
          partitionBy: mapOptional(value.partitionBy, (items) => mapItems(items, visitor.expression)),
          orderBy: mapSortItems(value.orderBy, visitor),
        }),
      })
    case 'descriptor':
      return argument
  }
  return unreachable(value)
}

function mapMatchRecognize(node: MatchRecognize, visitor: Visitor): MatchRecognize {
  const map = visitor.expression
  const relation = visitor.relation(node.relation)
  const partitionBy = mapItems(node.partitionBy, map)
  const orderBy = mapSortItems(node.orderBy, visitor)
  const pattern = update(node.pattern, {
    measures: mapItems(node.pattern.measures, (item) => update(item, { value: map(item.value) })),
    definitions: mapItems(node.pattern.definitions, (item) => update(item, { condition: map(item.condition) })),
  })
  return update(node, { relation, partitionBy, orderBy, pattern })
}

function mapColumns(columns: readonly JsonTableColumn[], visitor: Visitor): readonly JsonTableColumn[] {
  return mapItems(columns, (column) => {
    switch (column.kind) {
      case 'value':
        return update(column, {
          onEmpty: mapValueBehaviour(column.onEmpty, visitor),
          onError: mapValueBehaviour(column.onError, visitor),
        })
      case 'nested':
        return update(column, { columns: mapColumns(column.columns, visitor) })
      case 'ordinality':
      case 'query':
        return column
    }
    return unreachable(column)
  })
}
