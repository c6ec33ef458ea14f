/**
 * CAST from json. A scalar comes out as a text that the kernel casts on; an array, map or row as JSON of a shape that the
 * kernel reads natively: texts for scalars, arrays of {k, v} for maps, objects of f1, f2 … for rows.
 */
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import { formatDecimal, formatValue } from '#src/types/format-value'
import { tryParseLiteral } from '#src/types/literal'
import { DOUBLE, type RowType, type Type } from '#src/types/type'
import { quotePlainly, readNode, writeJson } from './json-node.ts'
import { JsonScanner, JsonSyntaxError } from './json-scanner.ts'

type Shape = null | string | readonly Shape[] | { readonly [name: string]: Shape }

/** Why a value does not fit its type. */
class JsonCastError extends Error {}

/** Null for JSON's null. @throws INVALID_CAST_ARGUMENT `Cannot cast '…' to bigint` */
export function castJson(json: string, type: Type): string | null {
  const scanner = new JsonScanner(json)
  try {
    scanner.next()
    const shape = read(scanner, type)
    if (scanner.next() !== undefined) throw new JsonCastError('Unexpected trailing token')
    return shape === null || typeof shape === 'string' ? shape : JSON.stringify(shape)
  } catch (error) {
    if (!(error instanceof JsonCastError || error instanceof JsonSyntaxError)) throw error
    throw new QueryError('INVALID_CAST_ARGUMENT', `Cannot cast '${json}' to ${formatType(type)}`, { cause: error })
  }
}

function read(scanner: JsonScanner, type: Type): Shape {
  switch (type.kind) {
    case 'json':
      return writeJson(readNode(scanner), { quote: quotePlainly })
    case 'array':
    case 'map':
    case 'row':
      if (scanner.token === 'null') return null
      return type.kind === 'array'
        ? readArray(scanner, type.element)
        : type.kind === 'map'
          ? readMap(scanner, type)
          : readRow(scanner, type)
    default:
      return readScalar(scanner, type)
  }
}

function readArray(scanner: JsonScanner, element: Type): Shape {
  if (scanner.token !== '[') throw new JsonCastError('Expected a json array')
  const items: Shape[] = []
  while (scanner.next() !== ']') items.push(read(scanner, element))
  return items
}

function readMap(scanner: JsonScanner, type: Type & { kind: 'map' }): Shape {
  if (scanner.token !== '{') throw new JsonCastError('Expected a json object')
  const entries = new Map<string, Shape>()
  while (scanner.next() === 'name') {
    const key = readScalar(scanner, type.key)
    if (key === null) throw new JsonCastError('A key is null')
    scanner.next()
    if (entries.has(key)) throw new JsonCastError('Duplicate keys are not allowed')
    entries.set(key, read(scanner, type.value))
  }
  return [...entries].map(([k, v]) => ({ k, v }))
}

function readRow(scanner: JsonScanner, type: RowType): Shape {
  const fields = new Array<Shape>(type.fields.length).fill(null)
  const written = new Set<number>()
  if (scanner.token === '[') {
    for (const [index, field] of type.fields.entries()) {
      scanner.next()
      fields[index] = read(scanner, field.type)
    }
    if (scanner.next() !== ']') throw new JsonCastError('Expected json array ending')
  } else if (scanner.token === '{') {
    if (type.fields[0]?.name === undefined)
      throw new JsonCastError('Cannot cast a JSON object to anonymous row type. Input must be a JSON array.')
    while (scanner.next() === 'name') {
      const name = scanner.text.toLowerCase()
      const index = type.fields.findLastIndex((field) => field.name === name)
      scanner.next()
      if (index < 0) scanner.skipChildren()
      else {
        if (written.has(index)) throw new JsonCastError(`Duplicate field: ${name}`)
        written.add(index)
        fields[index] = read(scanner, (type.fields[index] as RowType['fields'][number]).type)
      }
    }
  } else throw new JsonCastError('Expected a json array or object')
  return Object.fromEntries(fields.map((field, index) => [`f${index + 1}`, field]))
}

const INTEGER_BITS = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 } as const

/** The text of the value; a name is read like a string. */
function readScalar({ token, text }: JsonScanner, type: Type): string | null {
  if (token === 'null') return null
  if (token === '{' || token === '[' || token === '}' || token === ']' || token === undefined) {
    throw new JsonCastError(`Unexpected token when cast to ${formatType(type)}`)
  }
  const isText = token === 'string' || token === 'name'
  const isTruth = token === 'true' || token === 'false'
  switch (type.kind) {
    case 'varchar':
      return token === 'fraction' ? formatValue(Number(text), DOUBLE) : text
    case 'boolean':
      if (isTruth) return text
      if (isText) return literalText(text, type)
      return String(token === 'fraction' ? Number(text) !== 0 : BigInt(inRange(BigInt(text), 64)) !== 0n)
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint': {
      if (isText) return literalText(text, type)
      const bits = INTEGER_BITS[type.kind]
      if (isTruth) return token === 'true' ? '1' : '0'
      return inRange(token === 'integer' ? BigInt(text) : rounded(Number(text)), bits)
    }
    case 'double':
    case 'real': {
      if (isText) return literalText(text, type)
      const number = isTruth ? Number(token === 'true') : Number(text)
      return String(type.kind === 'real' ? Math.fround(number) : number)
    }
    case 'decimal':
      return decimalText(isTruth ? String(Number(token === 'true')) : text, type.precision, type.scale)
    default:
      throw new QueryError('NOT_SUPPORTED', `CAST from json to ${formatType(type)} is not supported`)
  }
}

function literalText(text: string, type: Type): string {
  const value = tryParseLiteral(text, type)
  if (value === undefined || value === null) throw new JsonCastError(`'${text}' is not a ${formatType(type)}`)
  return typeof value === 'number' ? String(value) : formatValue(value, type)
}

function inRange(value: bigint, bits: number): string {
  if (BigInt.asIntN(bits, value) !== value) throw new JsonCastError(`Out of range for ${bits} bits: ${value}`)
  return value.toString()
}

/** To the nearest integer, halves away from zero. */
function rounded(value: number): bigint {
  if (!Number.isFinite(value)) throw new JsonCastError(`Cannot cast ${value}`)
  return BigInt(Math.sign(value) * Math.floor(Math.abs(value)) + (Math.abs(value) % 1 >= 0.5 ? Math.sign(value) : 0))
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

function decimalText(text: string, precision: number, scale: number): string {
  const match = DECIMAL.exec(text)
  if (match === null || !/\d/.test(text.split(/[eE]/)[0] ?? '')) throw new JsonCastError(`'${text}' is not a number`)
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const unscaled = BigInt(`${whole}${fraction}` || '0')
  const shift = scale - fraction.length + Number(exponent)
  const size = shift >= 0 ? unscaled * 10n ** BigInt(shift) : halfUp(unscaled, 10n ** BigInt(-shift))
  if (size >= 10n ** BigInt(precision)) throw new JsonCastError(`Cannot cast input json to DECIMAL(${precision},${scale})`)
  return formatDecimal(sign === '-' ? -size : size, scale)
}

const halfUp = (value: bigint, divisor: bigint): bigint => value / divisor + ((value % divisor) * 2n >= divisor ? 1n : 0n)
