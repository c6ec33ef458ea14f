/** JSON_TABLE: the rows of one value, each the JSON text of an array of texts (functions/sql-json.ts reads them). */
import { QueryError } from '#src/common/errors'
import type { JsonNode } from '../json/json-node.ts'
import { nodeOf } from '../json-path/item-cast.ts'
import type { PathItem } from '../json-path/path-item.ts'
import { parseJsonPath } from '../json-path/path-parser.ts'
import type { TableChild, TableColumn, TableNode, TableSpec } from '../json-path/query-spec.ts'
import { computed } from './computed-function.ts'
import { remembered } from './remembered.ts'
import { evaluate, evaluateOver, preparePath, prepareValue, queryResult, valueResult } from './sql-json.ts'

type Items = readonly PathItem[] | QueryError

/** Reads a column of the item that is the `position`th of its sequence. */
type ColumnReader = (position: number, item: JsonNode) => string | null

/** Parts of rows: places and texts. */
type Part = readonly (readonly [index: number, text: string | null])[]

interface PreparedNode {
  readonly columns: readonly { readonly index: number; readonly read: ColumnReader }[]
  readonly child: PreparedChild | undefined
  readonly outer: boolean
}

/** The parts of rows that a child finds in an item. */
type PreparedChild = (item: JsonNode) => readonly Part[]

const tableOf = remembered((text: string) => {
  const spec = JSON.parse(text) as TableSpec
  const toNodes = (items: Items): readonly JsonNode[] => nodesOf(items, spec.errorOnError)
  return { path: preparePath(spec), toNodes, root: prepareNode(spec.root, toNodes) }
})

/** An error leaves nothing, or is thrown under ERROR ON ERROR. */
function nodesOf(items: Items, errorOnError: boolean): readonly JsonNode[] {
  if (items instanceof QueryError) {
    if (errorOnError) throw items
    return []
  }
  const nodes = items.map(nodeOf)
  if (!nodes.includes(undefined)) return nodes as JsonNode[]
  if (!errorOnError) return []
  const message = 'conversion from JSON failed: JSON path returned a scalar SQL value that cannot be represented as JSON'
  throw new QueryError('JSON_OUTPUT_CONVERSION_ERROR', message)
}

function prepareNode({ columns, child, outer }: TableNode, toNodes: (items: Items) => readonly JsonNode[]): PreparedNode {
  return {
    columns: columns.map((column) => ({ index: column.index, read: readerOf(column) })),
    child: child && prepareChild(child, toNodes),
    outer,
  }
}

function readerOf(column: TableColumn): ColumnReader {
  switch (column.kind) {
    case 'ordinality':
      return String
    case 'value': {
      const prepared = prepareValue(column.spec)
      return (_position, item) => valueResult(prepared, evaluateOver(prepared, item))
    }
    case 'query': {
      const prepared = preparePath(column.spec)
      return (_position, item) => queryResult(prepared, evaluateOver(prepared, item))
    }
  }
}

function prepareChild(child: TableChild, toNodes: (items: Items) => readonly JsonNode[]): PreparedChild {
  switch (child.kind) {
    case 'nested': {
      const path = { spec: { path: child.path, input: 'text', variables: [] }, path: parseJsonPath(child.path), types: [] } as const
      const node = prepareNode(child.node, toNodes)
      return (item) => partsOf(node, toNodes(evaluateOver(path, item)))
    }
    case 'union': {
      const parts = child.parts.map((part) => prepareChild(part, toNodes))
      return (item) => parts.flatMap((part) => part(item))
    }
    case 'cross': {
      const parts = child.parts.map((part) => prepareChild(part, toNodes))
      return (item) => parts.reduce<readonly Part[]>((rows, part) => (rows.length === 0 ? [] : product(rows, part(item))), [[]])
    }
  }
}

const product = (left: readonly Part[], right: readonly Part[]): readonly Part[] => left.flatMap((a) => right.map((b) => [...a, ...b]))

function partsOf({ columns, child, outer }: PreparedNode, sequence: readonly JsonNode[]): readonly Part[] {
  return sequence.flatMap((item, at) => {
    const own: Part = columns.map(({ index, read }) => [index, read(at + 1, item)])
    if (child === undefined) return [own]
    const found = child(item)
    return found.length === 0 && outer ? [own] : product([own], found)
  })
}

function table(input: string, specText: string, texts: string): readonly string[] {
  const { path, toNodes, root } = tableOf(specText)
  return partsOf(root, toNodes(evaluate(path, input, texts))).map((part) => {
    const row = new Array<string | null>(path.spec.width).fill(null)
    for (const [index, text] of part) row[index] = text
    return JSON.stringify(row)
  })
}

export const JSON_TABLES = [computed('weir_json_table', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR[]', table)]
