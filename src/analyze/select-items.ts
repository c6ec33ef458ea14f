/** The select list: expressions, `*`, `t.*`, `(row).*`. */

import { QueryError } from '#src/common/errors'
import { columnRef } from '#src/logical/build'
import type { Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import type { Type } from '#src/types/type'
import { checkAliases } from './aliases.ts'
import type { ExprContext } from './analysis.ts'
import { analyzeExpression } from './expression.ts'
import { namePath } from './names.ts'
import { positionOf } from './positions.ts'
import { type Field, resolve, resolveRelation, spelling, visibleFields } from './scope.ts'

export interface OutputItem {
  /** Undefined: the column has no name (`_col0` in a result). */
  readonly name: string | undefined
  readonly value: Expr
  /** Undefined for columns that `*` stands for. */
  readonly node: ast.Expression | undefined
  /** How Trino calls a column of `*` in messages. */
  readonly star: string
}

export function analyzeSelectItems(select: ast.Select, context: ExprContext): readonly OutputItem[] {
  return select.items.flatMap((item) => {
    if (item.kind === 'all') return expandAll(item, select, context)
    const value = analyzeExpression(item.value, context)
    return [{ name: itemName(item), value, node: item.value, star: '' }]
  })
}

function itemName(item: ast.SelectItem & { kind: 'expression' }): string | undefined {
  if (item.alias) return spelling(item.alias)
  if (item.value.kind === 'identifier') return spelling(item.value)
  // `(row).field` has no name: only a dotted name hands its last part on.
  return item.value.kind === 'dereference' && namePath(item.value) ? spelling(item.value.field) : undefined
}

type AllItem = ast.SelectItem & { kind: 'all' }

function expandAll(item: AllItem, select: ast.Select, context: ExprContext): readonly OutputItem[] {
  if (item.target) return expandTarget(item, item.target, context)
  if (item.aliases.length > 0) throw new QueryError('NOT_SUPPORTED', 'Column aliases not supported', { at: item.at })
  if (!select.from) {
    throw new QueryError('COLUMN_NOT_FOUND', 'SELECT * not allowed in queries without FROM clause', { at: item.at })
  }
  const fields = visibleFields(context.scope.fields)
  if (fields.length === 0) {
    throw new QueryError('COLUMN_NOT_FOUND', 'SELECT * not allowed from relation that has no columns', { at: item.at })
  }
  return itemsOf(fields, item)
}

/** Aliases behind a star are folded to upper case by Trino, unlike all others. */
const starAlias = (alias: ast.Identifier): string => (alias.quoted ? alias.value : alias.value.toUpperCase())

function itemsOf(fields: readonly Field[], item: AllItem): readonly OutputItem[] {
  if (item.aliases.length > 0) checkAliases(item.aliases, fields.length)
  return fields.map((field, index) => ({
    name: item.aliases[index] ? starAlias(item.aliases[index]) : field.name,
    value: columnRef(field.column),
    node: undefined,
    star: starName(field, index),
  }))
}

function starName(field: Field, index: number): string {
  if (field.name === undefined) return String(index + 1)
  return field.relation ? `'${[...field.relation, field.name].join('.')}'` : `'${field.name}'`
}

/** `t.*` where t is a relation; otherwise the fields of a row. */
function expandTarget(item: AllItem, target: ast.Expression, context: ExprContext): readonly OutputItem[] {
  const path = namePath(target)
  if (path) {
    const fields = resolveRelation(context.scope, path.parts)
    if (fields) {
      if (fields.length === 0) {
        throw new QueryError('COLUMN_NOT_FOUND', 'SELECT * not allowed from relation that has no columns', { at: item.at })
      }
      const isOuter = fields.some((field) => !context.scope.fields.includes(field))
      if (isOuter && fields.some(({ name }) => name === undefined)) {
        const message = 'SELECT * from outer scope table not supported with anonymous columns'
        throw new QueryError('NOT_SUPPORTED', message, { at: context.collector?.at ?? item.at })
      }
      return itemsOf(fields, item)
    }
    // A single name can only be a relation.
    if (path.parts.length === 1 || !leadsToRow(path.parts, item, context)) {
      throw new QueryError('TABLE_NOT_FOUND', `Unable to resolve reference ${path.text}`, { at: item.at })
    }
  }
  return expandRow(item, target, context)
}

/** Whether the parts before the last one mean a row, or nothing of them is a column. */
function leadsToRow(parts: readonly string[], item: AllItem, context: ExprContext): boolean {
  const whole = resolve(context.scope, { parts, text: parts.join('.') }, item.at)
  if (whole.kind === 'missing' || (whole.kind === 'field' && whole.field.column.type.kind !== 'row')) return false
  let type: Type | undefined
  for (let count = 1; count < parts.length; count++) {
    const path = parts.slice(0, count)
    if (type === undefined) {
      const found = resolve(context.scope, { parts: path, text: path.join('.') }, item.at)
      type = found.kind === 'field' ? found.field.column.type : undefined
    } else if (type.kind === 'row') {
      type = type.fields.find((field) => field.name?.toLowerCase() === path.at(-1))?.type
      if (type === undefined) return true
    }
    if (type !== undefined && type.kind !== 'row') return false
  }
  return true
}

function expandRow(item: AllItem, target: ast.Expression, context: ExprContext): readonly OutputItem[] {
  const base = analyzeExpression(target, context)
  const { type } = base
  if (type.kind !== 'row')
    throw new QueryError('TYPE_MISMATCH', 'expected expression of type Row', { at: context.collector?.at ?? positionOf(target) })
  if (item.aliases.length > 0) checkAliases(item.aliases, type.fields.length)
  return type.fields.map((field, index) => {
    const alias = item.aliases[index]
    const value: Expr = { kind: 'field', type: field.type, base, index }
    return { name: alias ? starAlias(alias) : field.name, value, node: target, star: '' }
  })
}
