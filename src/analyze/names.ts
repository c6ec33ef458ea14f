/** Identifiers and dotted names: lambda parameters, columns, fields of rows. */
import { QueryError } from '#src/common/errors'
import { columnRef } from '#src/logical/build'
import type { Column, Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import type { ExprContext } from './analysis.ts'
import { analyzeExpression } from './expression.ts'
import { expressionText } from './expression-text.ts'
import { positionOf } from './positions.ts'
import { lower, missingColumn, type NamePath, type Resolution, resolve, spelling } from './scope.ts'

function lambdaParameter(name: string, context: ExprContext): Column | undefined {
  for (let scope = context.lambda; scope; scope = scope.parent) {
    const parameter = scope.parameters.get(name)
    if (parameter) return parameter
  }
  return undefined
}

export function analyzeIdentifier(node: ast.Identifier, context: ExprContext): Expr {
  const name = lower(node.value)
  const parameter = lambdaParameter(name, context)
  if (parameter) return { kind: 'lambda-ref', type: parameter.type, id: parameter.id, name: parameter.name }
  const found = resolve(context.scope, { parts: [name], text: name }, node.at)
  if (found.kind === 'field') return reference(found, node, context)
  throw missingColumn(context.scope, name, node.at)
}

/** Notes where columns of other scopes than the innermost are named, for messages about them. */
function reference(found: Resolution & { kind: 'field' }, node: ast.Expression, context: ExprContext): Expr {
  const { column } = found.field
  found.scope.refused?.push(node)
  if (found.scope !== context.scope) context.analysis.outerReferences.set(column.id, node)
  else if (context.outputScope) context.analysis.outputReferences.set(column.id, node)
  return columnRef(column)
}

/** The parts of `a.b.c`; undefined when something else than names stands in it. */
export function namePath(node: ast.Expression): NamePath | undefined {
  const parts: string[] = []
  let current = node
  while (current.kind === 'dereference') {
    parts.unshift(lower(current.field.value))
    current = current.base
  }
  if (current.kind !== 'identifier') return undefined
  parts.unshift(lower(current.value))
  return { parts, text: parts.join('.') }
}

/** A qualified column where the name is one; otherwise a field of the row before the last dot. */
export function analyzeDereference(node: ast.Dereference, context: ExprContext): Expr {
  const path = namePath(node)
  if (path && !lambdaParameter(path.parts[0] ?? '', context)) {
    const found = resolve(context.scope, path, node.at)
    if (found.kind === 'field') return reference(found, node, context)
    if (found.kind === 'missing') throw missingColumn(context.scope, path.text, node.at)
  }
  return fieldOf(analyzeExpression(node.base, context), node, path)
}

function fieldOf(base: Expr, node: ast.Dereference, path: NamePath | undefined): Expr {
  if (base.type.kind !== 'row') {
    const message = `Expression ${expressionText(node.base)} is not of type ROW`
    throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(node.base) })
  }
  const { fields } = base.type
  const wanted = lower(node.field.value)
  const index = fields.findIndex((field) => field.name !== undefined && lower(field.name) === wanted)
  const field = fields[index]
  if (!field) {
    const text = path?.text ?? expressionText(node)
    throw new QueryError('INVALID_COLUMN_REFERENCE', `Column reference '${text}' is invalid`, { at: node.at })
  }
  if (fields.some((other, place) => place > index && other.name !== undefined && lower(other.name) === wanted)) {
    throw new QueryError('AMBIGUOUS_NAME', `Ambiguous row field reference: ${spelling(node.field)}`, { at: node.field.at })
  }
  return { kind: 'field', type: field.type, base, index }
}
