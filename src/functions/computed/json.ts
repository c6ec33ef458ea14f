/** JSON functions, as exact and as lenient as Trino's. Paths and types are parsed once. */

import { quoteJson } from '#src/types/json'
import { parseType } from '#src/types/parse'
import { castJson } from '../json/json-cast.ts'
import { byUnits, parseJson, quotePlainly, readNode, writeJson, writeNumber } from '../json/json-node.ts'
import { JsonScanner, JsonSyntaxError } from '../json/json-scanner.ts'
import { extractAt, parseLegacyPath } from '../json/legacy-path.ts'
import { computed, fail } from './computed-function.ts'
import { remembered } from './remembered.ts'

const pathOf = remembered(parseLegacyPath)
const typeOf = remembered(parseType)

/** What `read` makes of a text; null where the text is malformed as far as it is read. */
function leniently<T>(json: string, read: (scanner: JsonScanner) => T | null): T | null {
  try {
    return read(new JsonScanner(json))
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null
    throw error
  }
}

function parse(json: string): string {
  try {
    return writeJson(parseJson(json), { order: byUnits })
  } catch (error) {
    if (error instanceof JsonSyntaxError) return fail(`Cannot convert value to JSON: '${json}'`)
    throw error
  }
}

/** The value at the scanner's token as compact JSON: all its members in their order, numbers as Java writes them. */
function copy(scanner: JsonScanner): string {
  switch (scanner.token) {
    case '{': {
      const members: string[] = []
      while (scanner.next() === 'name') {
        const name = quoteJson(scanner.text)
        scanner.next()
        members.push(`${name}:${copy(scanner)}`)
      }
      return `{${members.join(',')}}`
    }
    case '[': {
      const items: string[] = []
      while (scanner.next() !== ']') items.push(copy(scanner))
      return `[${items.join(',')}]`
    }
    case 'name':
    case undefined:
    case '}':
    case ']':
      throw new JsonSyntaxError('Expected a value')
    default:
      return writeJson(readNode(scanner))
  }
}

const scalarText = (scanner: JsonScanner): string | null =>
  scanner.token === '{' || scanner.token === '[' || scanner.token === 'null' ? null : scanner.text

function size(scanner: JsonScanner): bigint {
  const { token } = scanner
  let count = 0n
  if (token === '[') {
    for (; scanner.next() !== ']'; count++) scanner.skipChildren()
  } else if (token === '{') {
    for (; scanner.next() === 'name'; count++) {
      scanner.next()
      scanner.skipChildren()
    }
  }
  return count
}

const arrayLength = (json: string): bigint | null => leniently(json, (scanner) => (scanner.next() === '[' ? size(scanner) : null))

function arrayContains(json: string, isWanted: (scanner: JsonScanner) => boolean): boolean | null {
  return leniently(json, (scanner) => {
    if (scanner.next() !== '[') return null
    while (scanner.next() !== ']') {
      if (isWanted(scanner)) return true
      scanner.skipChildren()
    }
    return false
  })
}

/** The element at a place, from the end if negative: a structure as JSON, of a string or number its text. */
function arrayElement(json: string, index: bigint): string | null {
  return leniently(json, (scanner) => {
    if (scanner.next() !== '[') return null
    const last: (string | null)[] = []
    for (let place = 0n; scanner.next() !== ']'; place++) {
      const isStructure = scanner.token === '{' || scanner.token === '['
      const text = isStructure ? writeJson(readNode(scanner), { quote: quotePlainly }) : scalarText(scanner)
      if (place === index) return text
      if (index < 0n) last.push(text)
    }
    return index < 0n ? (last.at(Number(index)) ?? null) : null
  })
}

function isScalar(json: string): boolean {
  try {
    const scanner = new JsonScanner(json)
    const first = scanner.next()
    scanner.skipChildren()
    if (first !== undefined && scanner.next() === undefined) return first !== '{' && first !== '['
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
  }
  return fail(`Invalid JSON value: ${json}`)
}

const isLong = (text: string) => BigInt.asIntN(64, BigInt(text)) === BigInt(text)

export const JSONS = [
  computed('weir_json_parse', ['VARCHAR'], 'VARCHAR', parse),
  computed('weir_json_extract', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (json, path) => extractAt(json, pathOf(path), copy)),
  computed('weir_json_extract_scalar', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (json, path) => extractAt(json, pathOf(path), scalarText)),
  computed('weir_json_size', ['VARCHAR', 'VARCHAR'], 'BIGINT', (json, path) => extractAt(json, pathOf(path), size)),
  computed('weir_json_array_length', ['VARCHAR'], 'BIGINT', arrayLength),
  computed('weir_json_array_get', ['VARCHAR', 'BIGINT'], 'VARCHAR', arrayElement),
  computed('weir_json_array_contains_boolean', ['VARCHAR', 'BOOLEAN'], 'BOOLEAN', (json, value) =>
    arrayContains(json, ({ token }) => token === String(value)),
  ),
  computed('weir_json_array_contains_bigint', ['VARCHAR', 'BIGINT'], 'BOOLEAN', (json, value) =>
    arrayContains(json, ({ token, text }) => token === 'integer' && isLong(text) && BigInt(text) === value),
  ),
  computed('weir_json_array_contains_double', ['VARCHAR', 'DOUBLE'], 'BOOLEAN', (json, value) =>
    Number.isFinite(value) ? arrayContains(json, ({ token, text }) => token === 'fraction' && Number(text) === value) : false,
  ),
  computed('weir_json_array_contains_varchar', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', (json, value) =>
    arrayContains(json, ({ token, text }) => token === 'string' && text === value),
  ),
  computed('weir_is_json_scalar', ['VARCHAR'], 'BOOLEAN', isScalar),
  computed('weir_json_quote', ['VARCHAR'], 'VARCHAR', quoteJson),
  computed('weir_json_decimal', ['VARCHAR'], 'VARCHAR', (text) => {
    const [whole = '', fraction = ''] = text.split('.')
    return writeNumber({ kind: 'decimal', unscaled: BigInt(`${whole}${fraction}`), scale: fraction.length })
  }),
  computed('weir_json_cast', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (json, type) => castJson(json, typeOf(type))),
]
