/**
 * Columns and types of JSON lines from the beginnings of a few files: boolean, bigint, double, date, timestamp(3),
 * varchar, row and array. Values that have no type in common are varchar, which reads any of them as text.
 */
import { QueryError } from '#src/common/errors'
import { array, row, type Type, VARCHAR } from '#src/types/type'
import { type Sample, sampleText } from '../sample.ts'
import { kindType, mergeKinds, type TextKind, textKind } from '../text-type.ts'

export interface JsonInference {
  /** In the order in which the keys were first seen. */
  readonly columns: readonly { readonly name: string; readonly type: Type }[]
  /** `mapping.<column>` where the files spell a key in upper case (the OpenX JSON SerDe's property). */
  readonly properties: Readonly<Record<string, string>>
}

/** What values at one place have in common. */
interface Shape {
  kind: TextKind | undefined
  fields: Map<string, Shape> | undefined
  element: Shape | undefined
  /** Values of different forms: text only. */
  mixed: boolean
}

/** A number as it is written: JSON.parse would round it. */
class NumberText {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

const emptyShape = (): Shape => ({ kind: undefined, fields: undefined, element: undefined, mixed: false })

/** Throws HIVE_BAD_DATA when a file does not begin with a JSON object on a line of its own, DUPLICATE_COLUMN_NAME for keys that differ only by case. */
export function inferJson(samples: readonly Sample[]): JsonInference {
  const root = emptyShape()
  const spellings = new Map<string, string>()
  for (const sample of samples) {
    for (const object of objectsOf(sample)) {
      for (const key of Object.keys(object)) noteSpelling(spellings, key, sample.location)
      addValue(root, object)
    }
  }
  const columns = [...(root.fields ?? new Map<string, Shape>())].map(([name, shape]) => ({ name, type: shapeType(shape) }))
  if (columns.length === 0) throw new QueryError('HIVE_BAD_DATA', `JSON file ${samples[0]?.location ?? ''} has no object with a key`)
  const properties = Object.fromEntries([...spellings].filter(([name, key]) => name !== key).map(([name, key]) => [`mapping.${name}`, key]))
  return { columns, properties }
}

function objectsOf(sample: Sample): Record<string, unknown>[] {
  const lines = sampleText(sample).split(/\r?\n/)
  // The last line may be cut.
  if (!sample.complete) lines.pop()
  const objects: Record<string, unknown>[] = []
  let first = true
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const value = parseLine(line)
    if (isObject(value)) objects.push(value)
    // Bad lines further down are the scan's business (on_error).
    else if (first)
      throw new QueryError('HIVE_BAD_DATA', `Malformed JSON file ${sample.location}: line ${index + 1} is not a JSON object`, {
        hint: 'Weir reads JSON with one object a line.',
      })
    first = false
  }
  return objects
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line, (_key: string, value: unknown, context?: { readonly source?: string }) =>
      typeof value === 'number' && context?.source !== undefined ? new NumberText(context.source) : value,
    )
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
}

function noteSpelling(spellings: Map<string, string>, key: string, location: string): void {
  const name = key.toLowerCase()
  const known = spellings.get(name)
  if (known === undefined) spellings.set(name, key)
  else if (known !== key) throw new QueryError('DUPLICATE_COLUMN_NAME', `Keys '${known}' and '${key}' in ${location} differ only by case`)
}

function addValue(shape: Shape, value: unknown): void {
  if (value === null || value === undefined || shape.mixed) return
  const { kind, fields, element } = shape
  if (Array.isArray(value)) {
    shape.mixed = kind !== undefined || fields !== undefined
    if (shape.mixed) return
    shape.element = element ?? emptyShape()
    for (const member of value) addValue(shape.element, member)
  } else if (isObject(value)) {
    shape.mixed = kind !== undefined || element !== undefined
    if (shape.mixed) return
    shape.fields = fields ?? new Map()
    for (const [key, member] of Object.entries(value)) {
      const name = key.toLowerCase()
      const field = shape.fields.get(name) ?? emptyShape()
      shape.fields.set(name, field)
      addValue(field, member)
    }
  } else {
    shape.mixed = fields !== undefined || element !== undefined
    if (!shape.mixed) shape.kind = mergeKinds(kind, scalarKind(value))
  }
}

/** Strings have a type of their own only if it is no number's or boolean's: "1" was written as text for a reason. */
function scalarKind(value: unknown): TextKind {
  if (value instanceof NumberText) {
    const kind = textKind(value.source)
    // JSON writes 1e2 and integers of any length.
    return kind === 'bigint' || kind === 'big' ? kind : 'double'
  }
  if (typeof value === 'boolean') return 'boolean'
  const kind = textKind(value as string)
  return kind === 'date' || kind === 'timestamp' ? kind : 'varchar'
}

function shapeType(shape: Shape): Type {
  if (shape.mixed) return VARCHAR
  if (shape.element !== undefined) return array(shapeType(shape.element))
  if (shape.fields !== undefined)
    return shape.fields.size === 0 ? VARCHAR : row([...shape.fields].map(([name, field]) => ({ name, type: shapeType(field) })))
  return kindType(shape.kind)
}
