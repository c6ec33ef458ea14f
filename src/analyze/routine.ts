/** Bodies of SQL functions, typed: variables are columns, which lambda-refs name. Every statement is checked in the text's order. */
import { type Position, QueryError } from '#src/common/errors'
import { comparisonType } from '#src/functions/bind'
import { comparison } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import type { Column, Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { canCoerce } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { BOOLEAN, type Type } from '#src/types/type'
import { positionOf } from './positions.ts'
import { lower, spelling } from './scope.ts'

/** A simple CASE compares `operand` once; `value` stands for it in the conditions. */
export type Routine =
  | { readonly kind: 'return'; readonly value: Expr }
  | { readonly kind: 'set'; readonly variable: Column; readonly value: Expr }
  | {
      readonly kind: 'block'
      readonly variables: readonly { readonly variable: Column; readonly value: Expr }[]
      readonly body: readonly Routine[]
    }
  | {
      readonly kind: 'branch'
      readonly operand: { readonly value: Expr; readonly name: Column } | undefined
      readonly branches: readonly { readonly condition: Expr; readonly body: readonly Routine[] }[]
      readonly otherwise: readonly Routine[]
    }
  | {
      readonly kind: 'loop'
      readonly label: string
      readonly test: 'while' | 'until' | undefined
      readonly condition: Expr
      readonly body: readonly Routine[]
    }
  | { readonly kind: 'iterate' | 'leave'; readonly label: string }

/** What the analyzer of the function gives to that of its body. */
export interface RoutineContext {
  readonly returns: Type
  readonly analyze: (value: ast.Expression, variables: ReadonlyMap<string, Column>) => Expr
  readonly type: (written: ast.TypeName, at: Position) => Type
  readonly column: (name: string, type: Type) => Column
}

interface Names {
  readonly variables: Map<string, Column>
  /** Labels in the text by the names that the typed body gives them. */
  readonly labels: Map<string, string>
  readonly next: { label: number }
}

/** @throws MISSING_RETURN, TYPE_MISMATCH, NOT_FOUND, ALREADY_EXISTS and what expressions throw, as Trino does */
export function analyzeRoutine(
  body: ast.RoutineBlock | ast.RoutineReturn,
  parameters: readonly Column[],
  context: RoutineContext,
): Routine {
  if (body.kind === 'block' && body.body.at(-1)?.kind !== 'return')
    throw new QueryError('MISSING_RETURN', 'Function must end in a RETURN statement', { at: body.at })
  const variables = new Map(parameters.map((column) => [column.name, column]))
  return analyzeStatement(body, { variables, labels: new Map(), next: { label: 0 } }, context)
}

function analyzeStatement(node: ast.RoutineStatement, names: Names, context: RoutineContext): Routine {
  switch (node.kind) {
    case 'return':
      return { kind: 'return', value: typed(node.value, context.returns, 'Value of RETURN', names, context) }
    case 'set': {
      const variable = names.variables.get(lower(node.name.value))
      if (variable === undefined)
        throw new QueryError('NOT_FOUND', `Variable cannot be resolved: ${spelling(node.name)}`, { at: node.name.at })
      return { kind: 'set', variable, value: typed(node.value, variable.type, `Value of SET '${spelling(node.name)}'`, names, context) }
    }
    case 'block':
      return analyzeBlock(node, inner(names), context)
    case 'if':
      return {
        kind: 'branch',
        operand: undefined,
        branches: node.branches.map(({ condition, body }, index) => ({
          condition: typed(condition, BOOLEAN, `Condition of ${index === 0 ? 'IF statement' : 'ELSEIF clause'}`, names, context),
          body: analyzeList(body, names, context),
        })),
        otherwise: analyzeList(node.otherwise ?? [], names, context),
      }
    case 'case':
      return analyzeCase(node, names, context)
    case 'loop':
    case 'while':
    case 'repeat':
      return analyzeLoop(node, inner(names), context)
    case 'iterate':
    case 'leave': {
      const label = names.labels.get(lower(node.label.value))
      if (label === undefined) throw new QueryError('NOT_FOUND', `Label not defined: ${spelling(node.label)}`, { at: node.label.at })
      return { kind: node.kind, label }
    }
  }
}

const inner = ({ variables, labels, next }: Names): Names => ({ variables: new Map(variables), labels: new Map(labels), next })

const analyzeList = (nodes: readonly ast.RoutineStatement[], names: Names, context: RoutineContext): readonly Routine[] =>
  nodes.map((node) => analyzeStatement(node, names, context))

function analyzeBlock(node: ast.RoutineBlock, names: Names, context: RoutineContext): Routine {
  const variables = node.declarations.flatMap((declaration) => {
    const type = context.type(declaration.type, declaration.at)
    const value: Expr =
      declaration.default === undefined
        ? { kind: 'literal', type, value: null }
        : typed(declaration.default, type, 'Value of DEFAULT', names, context)
    return declaration.names.map((name) => {
      const key = lower(name.value)
      if (names.variables.has(key))
        throw new QueryError('ALREADY_EXISTS', `Variable already declared in this scope: ${spelling(name)}`, { at: name.at })
      const variable = context.column(key, type)
      names.variables.set(key, variable)
      return { variable, value }
    })
  })
  return { kind: 'block', variables, body: analyzeList(node.body, names, context) }
}

function analyzeCase(node: Extract<ast.RoutineStatement, { kind: 'case' }>, names: Names, context: RoutineContext): Routine {
  const operand = node.operand && context.analyze(node.operand, names.variables)
  const name = operand && context.column('case', operand.type)
  const conditions = node.whens.map(({ when }): Expr => {
    if (name === undefined) return typed(when, BOOLEAN, 'Condition of WHEN clause', names, context)
    const value = context.analyze(when, names.variables)
    const type = commonType(name.type, value.type, positionOf(when))
    return comparison('=', coerce({ kind: 'lambda-ref', type: name.type, id: name.id, name: name.name }, type), coerce(value, type))
  })
  const branches = node.whens.map(({ body }, index) => ({ condition: conditions[index] as Expr, body: analyzeList(body, names, context) }))
  const otherwise = analyzeList(node.otherwise ?? [], names, context)
  return { kind: 'branch', operand: operand && name && { value: operand, name }, branches, otherwise }
}

function commonType(operand: Type, when: Type, at: Position): Type {
  try {
    return comparisonType('=', operand, when, at)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const message = `WHEN clause value must evaluate to CASE value type ${formatType(operand)} (actual: ${formatType(when)})`
    throw new QueryError('TYPE_MISMATCH', message, { at })
  }
}

function analyzeLoop(
  node: Extract<ast.RoutineStatement, { kind: 'loop' | 'while' | 'repeat' }>,
  names: Names,
  context: RoutineContext,
): Routine {
  const label = `${++names.next.label}`
  if (node.label !== undefined) {
    const key = lower(node.label.value)
    if (names.labels.has(key))
      throw new QueryError('ALREADY_EXISTS', `Label already declared in this scope: ${spelling(node.label)}`, { at: node.label.at })
    names.labels.set(key, label)
  }
  const condition: Expr =
    node.condition === undefined
      ? { kind: 'literal', type: BOOLEAN, value: true }
      : typed(node.condition, BOOLEAN, `Condition of ${node.kind.toUpperCase()} statement`, names, context)
  const test = node.kind === 'while' ? 'while' : node.kind === 'repeat' ? 'until' : undefined
  return { kind: 'loop', label, test, condition, body: analyzeList(node.body, names, context) }
}

function typed(node: ast.Expression, type: Type, what: string, names: Names, context: RoutineContext): Expr {
  const value = context.analyze(node, names.variables)
  if (canCoerce(value.type, type)) return coerce(value, type)
  const message = `${what} must evaluate to ${formatType(type)} (actual: ${formatType(value.type)})`
  throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(node) })
}
