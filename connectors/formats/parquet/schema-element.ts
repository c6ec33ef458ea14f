import { type CompactReader, ThriftError, WIRE } from './thrift-compact.ts'

/** Physical types of parquet.thrift, by number. */
const PHYSICAL = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'] as const
export type PhysicalType = (typeof PHYSICAL)[number]

export type TimeUnit = 'millis' | 'micros' | 'nanos'

/** What a schema element's LogicalType, or else its older ConvertedType, says; one form for both. */
export type Annotation =
  | {
      readonly kind:
        | 'none'
        | 'string'
        | 'map'
        | 'map-key-value'
        | 'list'
        | 'enum'
        | 'date'
        | 'null'
        | 'json'
        | 'bson'
        | 'uuid'
        | 'float16'
        | 'interval'
    }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'time' | 'timestamp'; readonly unit: TimeUnit; readonly utc: boolean }
  | { readonly kind: 'integer'; readonly bits: number; readonly signed: boolean }
  /** VARIANT, GEOMETRY, GEOGRAPHY and what later versions of the format will bring. */
  | { readonly kind: 'other'; readonly name: string }

/** One node of the schema tree, which the footer keeps flattened in depth-first order. */
export interface SchemaElement {
  readonly name: string
  /** Undefined for a group. */
  readonly physical: PhysicalType | undefined
  readonly typeLength: number
  readonly repetition: 'required' | 'optional' | 'repeated'
  readonly children: number
  readonly annotation: Annotation
  /** Set on groups by writers of either age; the kernel's reader looks at this one only. */
  readonly converted: number | undefined
}

export const CONVERTED = { MAP: 1, MAP_KEY_VALUE: 2, LIST: 3 } as const
const REPETITION = ['required', 'optional', 'repeated'] as const

export function readSchemaElement(reader: CompactReader): SchemaElement {
  let name = ''
  let physical: PhysicalType | undefined
  let typeLength = 0
  let repetition: SchemaElement['repetition'] = 'required'
  let children = 0
  let converted: number | undefined
  let scale = 0
  let precision = 0
  let logical: Annotation | undefined
  reader.struct((id) => {
    if (id === 1) {
      const number = reader.i32()
      physical = PHYSICAL[number]
      if (physical === undefined) throw new ThriftError(`unknown physical type ${number}`)
    } else if (id === 2) typeLength = reader.i32()
    else if (id === 3) repetition = REPETITION[reader.i32()] ?? 'required'
    else if (id === 4) name = reader.text()
    else if (id === 5) children = reader.i32()
    else if (id === 6) converted = reader.i32()
    else if (id === 7) scale = reader.i32()
    else if (id === 8) precision = reader.i32()
    else if (id === 10) logical = readLogicalType(reader)
  })
  const annotation = logical ?? (converted === undefined ? NONE : fromConverted(converted, precision, scale))
  return { name, physical, typeLength, repetition, children, annotation, converted }
}

const NONE: Annotation = { kind: 'none' }

function readLogicalType(reader: CompactReader): Annotation | undefined {
  let result: Annotation | undefined
  reader.struct((id) => {
    result = readLogicalMember(reader, id)
  })
  return result
}

function readLogicalMember(reader: CompactReader, id: number): Annotation {
  switch (id) {
    case 1:
      return { kind: 'string' }
    case 2:
      return { kind: 'map' }
    case 3:
      return { kind: 'list' }
    case 4:
      return { kind: 'enum' }
    case 5: {
      let scale = 0
      let precision = 0
      reader.struct((field) => {
        if (field === 1) scale = reader.i32()
        else if (field === 2) precision = reader.i32()
      })
      return { kind: 'decimal', precision, scale }
    }
    case 6:
      return { kind: 'date' }
    case 7:
    case 8: {
      let utc = false
      let unit: TimeUnit | undefined
      reader.struct((field, type) => {
        if (field === 1) utc = type === WIRE.TRUE
        else if (field === 2) unit = readTimeUnit(reader)
      })
      if (unit === undefined) throw new ThriftError('a time type has no unit')
      return { kind: id === 7 ? 'time' : 'timestamp', unit, utc }
    }
    case 10: {
      let bits = 0
      let signed = true
      reader.struct((field, type) => {
        if (field === 1) bits = reader.byte()
        else if (field === 2) signed = type === WIRE.TRUE
      })
      return { kind: 'integer', bits, signed }
    }
    case 11:
      return { kind: 'null' }
    case 12:
      return { kind: 'json' }
    case 13:
      return { kind: 'bson' }
    case 14:
      return { kind: 'uuid' }
    case 15:
      return { kind: 'float16' }
    case 16:
      return { kind: 'other', name: 'VARIANT' }
    case 17:
      return { kind: 'other', name: 'GEOMETRY' }
    case 18:
      return { kind: 'other', name: 'GEOGRAPHY' }
    default:
      return { kind: 'other', name: `logical type ${id}` }
  }
}

function readTimeUnit(reader: CompactReader): TimeUnit | undefined {
  let unit: TimeUnit | undefined
  reader.struct((id) => {
    if (id === 1) unit = 'millis'
    else if (id === 2) unit = 'micros'
    else if (id === 3) unit = 'nanos'
  })
  return unit
}

/** ConvertedType is the older annotation (parquet.thrift); its times are all UTC-adjusted. */
function fromConverted(converted: number, precision: number, scale: number): Annotation {
  switch (converted) {
    case 0:
      return { kind: 'string' }
    case CONVERTED.MAP:
      return { kind: 'map' }
    case CONVERTED.MAP_KEY_VALUE:
      return { kind: 'map-key-value' }
    case CONVERTED.LIST:
      return { kind: 'list' }
    case 4:
      return { kind: 'enum' }
    case 5:
      return { kind: 'decimal', precision, scale }
    case 6:
      return { kind: 'date' }
    case 7:
      return { kind: 'time', unit: 'millis', utc: true }
    case 8:
      return { kind: 'time', unit: 'micros', utc: true }
    case 9:
      return { kind: 'timestamp', unit: 'millis', utc: true }
    case 10:
      return { kind: 'timestamp', unit: 'micros', utc: true }
    case 11:
    case 12:
    case 13:
    case 14:
      return { kind: 'integer', bits: 8 << (converted - 11), signed: false }
    case 15:
    case 16:
    case 17:
    case 18:
      return { kind: 'integer', bits: 8 << (converted - 15), signed: true }
    case 19:
      return { kind: 'json' }
    case 20:
      return { kind: 'bson' }
    case 21:
      return { kind: 'interval' }
    default:
      return { kind: 'other', name: `converted type ${converted}` }
  }
}
