/**
 * Schema tree → top-level columns with Trino types. Lists follow the backward-compatibility rules of Parquet's
 * LogicalTypes.md:
 *
 *     optional group f (LIST) { repeated group list { optional int32 element } }   array(integer)        three levels
 *     optional group f (LIST) { repeated int32 element }                           array(integer)        two levels
 *     optional group f (LIST) { repeated group array { a; b } }                    array(row(a, b))      two levels
 *     repeated int32 f                                                             array(integer)        no annotation
 *
 * The kernel's reader takes a repeated group of one field for that field, whatever it is called. Where the rules make a
 * one-field row of it (a group named `array` or `f_tuple`, or a repeated group without annotation), the column is refused
 * rather than read as something else.
 */
import { array, map, type RowField, row, type Type } from '#src/types/type'
import type { ParquetColumn } from './footer.ts'
import { leafType } from './leaf-type.ts'
import { CONVERTED, type SchemaElement } from './schema-element.ts'
import { ThriftError } from './thrift-compact.ts'

/** A leaf of the schema: one column chunk in each row group. */
interface Leaf {
  /** Index of its top-level column. */
  readonly column: number
  readonly element: SchemaElement
  /** Not nested: the only leaf of its column, one value or NULL a row. */
  readonly flat: boolean
}

export interface FileSchema {
  readonly columns: readonly ParquetColumn[]
  readonly leaves: readonly Leaf[]
}

interface Node {
  readonly element: SchemaElement
  readonly fields: readonly Node[]
}

type Shape = { readonly type: Type; readonly physical: string } | { readonly unsupported: string }

const MAX_DEPTH = 100

/** Throws ThriftError when the elements do not make a tree. */
export function buildSchema(elements: readonly SchemaElement[]): FileSchema {
  const root = elements[0]
  if (root === undefined) throw new ThriftError('the schema is empty')
  const cursor = { at: 0 }
  const tree = readNode(elements, cursor, 0)
  if (cursor.at !== elements.length) throw new ThriftError('the schema has elements outside of its tree')
  const leaves: Leaf[] = []
  const columns = tree.fields.map((node, column): ParquetColumn => {
    const { name, physical, repetition, typeLength } = node.element
    const flat = node.fields.length === 0 && repetition !== 'repeated'
    collectLeaves(node, column, leaves, flat)
    const shape = repeatedShape(node)
    const primitive = flat && physical !== undefined ? { type: physical, length: typeLength } : undefined
    return 'type' in shape
      ? { name, type: shape.type, physical: shape.physical, unsupported: undefined, ...(primitive && { primitive }) }
      : { name, type: undefined, physical: '', unsupported: shape.unsupported }
  })
  return { columns, leaves }
}

function readNode(elements: readonly SchemaElement[], cursor: { at: number }, depth: number): Node {
  const element = elements[cursor.at++]
  if (element === undefined) throw new ThriftError('the schema ends too early')
  if (depth > MAX_DEPTH) throw new ThriftError('the schema is nested too deeply')
  if (element.children < 0 || element.children > elements.length)
    throw new ThriftError(`'${element.name}' has an impossible number of fields`)
  const fields: Node[] = []
  for (let index = 0; index < element.children; index++) fields.push(readNode(elements, cursor, depth + 1))
  return { element, fields }
}

function collectLeaves(node: Node, column: number, leaves: Leaf[], flat: boolean): void {
  if (node.element.physical !== undefined) leaves.push({ column, element: node.element, flat })
  for (const field of node.fields) collectLeaves(field, column, leaves, flat)
}

/** A node as its parent's field: a repeated one without LIST around it is a list of its own. */
function repeatedShape(node: Node): Shape {
  if (node.element.repetition !== 'repeated') return shapeOf(node)
  if (node.fields.length === 1) return { unsupported: `'${node.element.name}' is a repeated group of one field without LIST annotation` }
  return listOf(shapeOf(node))
}

/** The type of one value of the node, its repetition aside. */
function shapeOf(node: Node): Shape {
  const { element, fields } = node
  if (fields.length === 0) return leafType(element)
  const kind = element.annotation.kind
  if (kind === 'other') return { unsupported: kindName(node) }
  // The kernel's reader goes by the older annotation alone.
  if ((kind === 'list' && element.converted !== CONVERTED.LIST) || (kind === 'map' && element.converted !== CONVERTED.MAP))
    return { unsupported: `'${element.name}' has the ${kind} annotation without its converted type` }
  if (kind === 'list') return listShape(node)
  // Writers before 2014 put MAP_KEY_VALUE on the outer group.
  if (kind === 'map') return mapShape(node)
  if (kind === 'map-key-value' && element.repetition !== 'repeated')
    return { unsupported: `'${element.name}' is a map of the oldest form (MAP_KEY_VALUE)` }
  return rowShape(fields)
}

function kindName(node: Node): string {
  const { annotation } = node.element
  return annotation.kind === 'other' ? annotation.name : annotation.kind
}

function listShape(node: Node): Shape {
  const repeated = node.fields[0] as Node
  if (node.fields.length !== 1 || repeated.element.repetition !== 'repeated')
    return { unsupported: `list '${node.element.name}' does not hold one repeated field` }
  if (repeated.fields.length === 0) return listOf(leafType(repeated.element))
  if (repeated.fields.length > 1) return listOf(rowShape(repeated.fields))
  const only = repeated.fields[0] as Node
  if (repeated.element.name === 'array' || repeated.element.name === `${node.element.name}_tuple`)
    return { unsupported: `'${node.element.name}' is a list of one-field rows in the old two-level form` }
  if (only.element.repetition === 'repeated') return { unsupported: `list '${node.element.name}' has a repeated element` }
  return listOf(shapeOf(only))
}

function mapShape(node: Node): Shape {
  const entries = node.fields[0] as Node
  if (node.fields.length !== 1 || entries.element.repetition !== 'repeated' || entries.fields.length !== 2)
    return { unsupported: `map '${node.element.name}' does not hold repeated pairs of key and value` }
  const [key, value] = entries.fields.map(repeatedShape) as [Shape, Shape]
  if ('unsupported' in key) return key
  if ('unsupported' in value) return value
  return { type: map(key.type, value.type), physical: `map(${key.physical},${value.physical})` }
}

function rowShape(fields: readonly Node[]): Shape {
  const members: RowField[] = []
  const physical: string[] = []
  const names = new Set<string>()
  for (const field of fields) {
    const shape = repeatedShape(field)
    if ('unsupported' in shape) return shape
    const name = field.element.name.toLowerCase()
    if (names.has(name)) return { unsupported: `two fields of a row are called '${name}'` }
    names.add(name)
    members.push({ name, type: shape.type })
    physical.push(`${JSON.stringify(name)}:${shape.physical}`)
  }
  return { type: row(members), physical: `row(${physical.join(',')})` }
}

function listOf(element: Shape): Shape {
  return 'unsupported' in element ? element : { type: array(element.type), physical: `array(${element.physical})` }
}
