/** What names mean at a place of the text: the fields of the relations in FROM, then those of the enclosing queries. */
import { type Position, QueryError } from '#src/common/errors'
import { nearestNames } from '#src/common/nearest'
import type { Column, ColumnId } from '#src/logical/expression'
import type { Expression, Identifier } from '#src/sql/ast'

/** A column as a name can mean it. */
export interface Field {
  /** As written; undefined for a column without a name. Matched in lower case. */
  readonly name: string | undefined
  /** The relation's alias, or the parts of the table's full name; undefined for columns that only their own name reaches. */
  readonly relation: readonly string[] | undefined
  readonly column: Column
  /** Selectable by name, but not part of `*`. */
  readonly hidden: boolean
}

/** A query named by WITH. */
export interface NamedQuery {
  readonly cteId: number
  readonly name: string
  readonly fields: readonly { readonly name: string | undefined; readonly column: Column }[]
  references: number
}

export type NamedQueries = ReadonlyMap<string, NamedQuery>

export interface Scope {
  readonly fields: readonly Field[]
  /** The enclosing query's scope, or the left side of a lateral join. */
  readonly parent: Scope | undefined
  readonly named: NamedQueries
  /** Receives what names its columns where that is an error: those of the select list, in aggregates of ORDER BY. */
  readonly refused?: Expression[]
}

/** A dotted name. `text` is for messages. */
export interface NamePath {
  readonly parts: readonly string[]
  readonly text: string
}

export const lower = (text: string): string => text.toLowerCase()

/** The name as it was written. */
export const spelling = (identifier: Identifier): string => identifier.written ?? identifier.value

const indexes = new WeakMap<readonly Field[], ReadonlyMap<string, readonly Field[]>>()

function fieldsNamed(fields: readonly Field[], name: string): readonly Field[] {
  let index = indexes.get(fields)
  if (!index) {
    const built = new Map<string, Field[]>()
    for (const field of fields) {
      if (field.name === undefined) continue
      const key = lower(field.name)
      const same = built.get(key)
      if (same) same.push(field)
      else built.set(key, [field])
    }
    index = built
    indexes.set(fields, index)
  }
  return index.get(name) ?? []
}

/** Whether `prefix` is the end of the relation's name: `orders` and `default.orders` both reach `lake.default.orders`. */
function matchesRelation(field: Field, prefix: readonly string[]): boolean {
  const { relation } = field
  if (!relation || prefix.length > relation.length) return false
  const offset = relation.length - prefix.length
  return prefix.every((part, index) => part === relation[offset + index])
}

function matching(fields: readonly Field[], parts: readonly string[]): readonly Field[] {
  const name = parts.at(-1)
  if (name === undefined) return []
  const named = fieldsNamed(fields, name)
  if (parts.length === 1) return named
  const prefix = parts.slice(0, -1)
  return named.filter((field) => matchesRelation(field, prefix))
}

/** Whether a shorter beginning of the name is a column, so that the rest are row fields. */
function hasColumnPrefix(fields: readonly Field[], parts: readonly string[]): boolean {
  for (let length = parts.length - 1; length > 0; length--) {
    if (matching(fields, parts.slice(0, length)).length > 0) return true
  }
  return false
}

export type Resolution =
  | { readonly kind: 'field'; readonly field: Field; readonly scope: Scope }
  /** A prefix of the name is a column. */
  | { readonly kind: 'prefix' }
  | { readonly kind: 'missing' }

/** @throws AMBIGUOUS_NAME when the innermost scope that knows the name knows it more than once. */
export function resolve(scope: Scope, path: NamePath, at: Position): Resolution {
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    const found = matching(current.fields, path.parts)
    const [field] = found
    if (found.length > 1) throw new QueryError('AMBIGUOUS_NAME', `Column '${path.text}' is ambiguous`, { at })
    if (field) return { kind: 'field', field, scope: current }
    if (path.parts.length > 1 && hasColumnPrefix(current.fields, path.parts)) return { kind: 'prefix' }
  }
  return { kind: 'missing' }
}

/** The innermost scope that has a relation of this name, with its visible fields. */
export function resolveRelation(scope: Scope, prefix: readonly string[]): readonly Field[] | undefined {
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    const fields = current.fields.filter((field) => matchesRelation(field, prefix))
    if (fields.length > 0) return fields.filter((field) => !field.hidden)
  }
  return undefined
}

/** COLUMN_NOT_FOUND with the nearest names of the scope as its hint. */
export function missingColumn(scope: Scope, text: string, at: Position): QueryError {
  const names = new Set<string>()
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    for (const field of current.fields) if (field.name !== undefined && !field.hidden) names.add(field.name)
  }
  const last = text.slice(text.lastIndexOf('.') + 1)
  return new QueryError('COLUMN_NOT_FOUND', `Column '${text}' cannot be resolved`, { at, hint: suggestion(last, names) })
}

/** `Did you mean 'a' or 'b'?`, or nothing when no name is near. */
export function suggestion(wanted: string, names: Iterable<string>): string | undefined {
  const near = nearestNames(wanted, names).map((name) => `'${name}'`)
  if (near.length === 0) return undefined
  const last = near.at(-1)
  return near.length === 1 ? `Did you mean ${last}?` : `Did you mean ${near.slice(0, -1).join(', ')} or ${last}?`
}

/** Ids of all columns that the scope's own relations give. */
export const ownColumns = (scope: Scope): Set<ColumnId> => new Set(scope.fields.map((field) => field.column.id))

export const visibleFields = (fields: readonly Field[]): readonly Field[] => fields.filter((field) => !field.hidden)
