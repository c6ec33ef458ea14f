/** Names, strings and types as canonical text. */
import { unreachable } from '#src/common/errors'
import type { Identifier, QualifiedName, TypeName } from '../ast.ts'
import { RESERVED_KEYWORDS } from '../keywords.ts'

const PLAIN = /^[a-zA-Z_]\w*$/

const isPlain = (name: string): boolean => PLAIN.test(name) && !RESERVED_KEYWORDS.has(name.toUpperCase())

const printQuoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export function printIdentifier(identifier: Identifier): string {
  const name = identifier.written ?? identifier.value
  return identifier.quoted || !isPlain(name) ? printQuoted(identifier.value) : name
}

export const printName = (name: QualifiedName): string => name.parts.map(printIdentifier).join('.')

export const printString = (value: string): string => `'${value.replaceAll("'", "''")}'`

export const printList = <T>(items: readonly T[], print: (item: T) => string): string => items.map(print).join(', ')

/** `(a, b)`, or nothing for undefined. */
export const printColumns = (columns: readonly Identifier[] | undefined): string =>
  columns === undefined ? '' : ` (${printList(columns, printIdentifier)})`

/** Names of types that have forms of their own: as a plain generic type they need quotes. */
const SPECIAL_TYPES: ReadonlySet<string> = new Set(['time', 'timestamp', 'x'])

/** Canonical text of a type name: `decimal(10, 2)`, `row(a bigint)`, `timestamp(3) with time zone`. */
export function printTypeName(type: TypeName): string {
  switch (type.kind) {
    case 'generic-type': {
      const plain = isPlain(type.name) && type.name === type.name.toLowerCase() && !SPECIAL_TYPES.has(type.name)
      const name = plain ? type.name : printQuoted(type.name)
      if (type.arguments.length === 0) return name
      return `${name}(${printList(type.arguments, (argument) => (typeof argument === 'number' ? String(argument) : printTypeName(argument)))})`
    }
    case 'row-type':
      return `row(${printList(type.fields, (field) => (field.name === undefined ? '' : `${printIdentifier(field.name)} `) + printTypeName(field.type))})`
    case 'datetime-type': {
      const precision = type.precision === undefined ? '' : `(${type.precision})`
      return `${type.base}${precision}${type.withTimeZone ? ' with time zone' : ''}`
    }
    case 'interval-type':
      return type.from === type.to ? `interval ${type.from}` : `interval ${type.from} to ${type.to}`
  }
  return unreachable(type)
}
