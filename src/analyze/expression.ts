/** Expressions as written → typed expressions: names bound, signatures chosen, coercions explicit. One function a family. */
import { type Position, QueryError, unreachable } from '#src/common/errors'
import { bindFunction, bindOperator } from '#src/functions/bind'
import type { OperatorName } from '#src/functions/operators'
import { functionExists } from '#src/functions/registry'
import { isNull, literal, not } from '#src/logical/build'
import { coerce, observeCoercion } from '#src/logical/coerce'
import type { Call, Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { canCast, canCoerce, commonSuperType } from '#src/types/coercion'
import { formatType, sameType } from '#src/types/format'
import { array, BOOLEAN, row, type Type, UNKNOWN, VARBINARY } from '#src/types/type'
import type { ExprContext } from './analysis.ts'
import { analyzeCall, analyzeGrouping } from './calls.ts'
import { analyzeCase } from './case.ts'
import { currentValue } from './current.ts'
import { analyzeJson } from './json.ts'
import { genericLiteral, intervalLiteral, numberLiteral, stringLiteral } from './literals.ts'
import { analyzeDereference, analyzeIdentifier } from './names.ts'
import { positionOf } from './positions.ts'
import { analyzeBetween, analyzeComparison, analyzeDistinctFrom, analyzeInList, analyzeLike } from './predicates.ts'
import { refuseWindowPattern } from './row-patterns.ts'
import { spelling } from './scope.ts'
import { analyzeExists, analyzeInSubquery, analyzeQuantified, analyzeScalarSubquery } from './subqueries.ts'
import { analyzeSubscript } from './subscript.ts'
import { resolveType } from './type-name.ts'
import { resolveWindow } from './windows.ts'

/**
 * Deepest nesting of an expression. Everything behind the analyzer walks expressions by recursion; what is deeper would
 * end there, in the middle of its work.
 */
const MAX_DEPTH = 1000

export const tooDeep = (cause?: unknown): QueryError =>
  new QueryError('STACK_OVERFLOW', 'statement is too large (stack overflow during analysis)', { cause })

/** Binds and types an expression. Throws what Trino throws, with the position that Trino names. */
export function analyzeExpression(node: ast.Expression, context: ExprContext): Expr {
  const { analysis } = context
  if (analysis.depth >= MAX_DEPTH) throw tooDeep()
  analysis.depth++
  const expr = analyzeNode(node, context)
  analysis.depth--
  return expr
}

function analyzeNode(node: ast.Expression, context: ExprContext): Expr {
  switch (node.kind) {
    case 'identifier':
      return analyzeIdentifier(node, context)
    case 'dereference':
      return analyzeDereference(node, context)
    case 'null':
      return literal(UNKNOWN, null)
    case 'boolean-literal':
      return literal(BOOLEAN, node.value)
    case 'number':
      return numberLiteral(node)
    case 'string':
      return stringLiteral(node.value)
    case 'binary':
      return literal(VARBINARY, Uint8Array.from(Buffer.from(node.hex, 'hex')))
    case 'generic-literal':
      return genericLiteral(node, context.analysis.context.session)
    case 'interval':
      return intervalLiteral(node)
    case 'parameter':
      return analyzeParameter(node, context)
    case 'arithmetic':
      return analyzeArithmetic(node, context)
    case 'sign':
      return analyzeSign(node, context)
    case 'comparison':
      return analyzeComparison(node, context)
    case 'distinct-from':
      return analyzeDistinctFrom(node, context)
    case 'logical': {
      const terms = node.terms.map((term) => coerceTo(analyzeExpression(term, context), BOOLEAN, 'Logical expression term', term))
      return { kind: 'logical', type: BOOLEAN, operator: node.operator, terms }
    }
    case 'not':
      return not(coerceTo(analyzeExpression(node.value, context), BOOLEAN, 'Value of logical NOT expression', node.value))
    case 'between':
      return negate(analyzeBetween(node, context), node.negated)
    case 'in-list':
      return negate(analyzeInList(node, context), node.negated)
    case 'in-subquery':
      return negate(analyzeInSubquery(node, context), node.negated)
    case 'like':
      return negate(analyzeLike(node, context), node.negated)
    case 'is-null':
      return negate(isNull(analyzeExpression(node.value, context)), node.negated)
    case 'quantified':
      return analyzeQuantified(node, context)
    case 'exists':
      return analyzeExists(node, context)
    case 'subquery':
      return analyzeScalarSubquery(node, context)
    case 'case':
      return analyzeCase(node, context)
    case 'cast':
      return analyzeCast(node, context)
    case 'extract':
      return analyzeExtract(node, context)
    case 'at-time-zone':
      return analyzeAtTimeZone(node, context)
    case 'current':
      return currentValue(node, context.analysis.context)
    case 'call':
      return analyzeCall(node, context)
    case 'grouping':
      return analyzeGrouping(node, context)
    case 'row': {
      const fields = node.fields.map((field) => analyzeExpression(field.value, context))
      const type = row(fields.map((field, index) => ({ name: fieldName(node.fields[index]?.name), type: field.type })))
      return { kind: 'row', type, fields }
    }
    case 'array': {
      const items = node.items.map((item) => analyzeExpression(item, context))
      const element = commonType('All ARRAY elements', items, node.items)
      return { kind: 'array', type: array(element), items: items.map((item) => coerce(item, element)) }
    }
    case 'subscript':
      return analyzeSubscript(node, context)
    case 'trim': {
      const name = node.side === 'leading' ? 'ltrim' : node.side === 'trailing' ? 'rtrim' : 'trim'
      const value = analyzeExpression(node.value, context)
      const characters = node.characters ? [analyzeExpression(node.characters, context)] : []
      // Trino tells no place of a TRIM that fits no type.
      return scalarCall(name, [value, ...characters], undefined)
    }
    case 'lambda':
      throw new QueryError('TYPE_MISMATCH', 'Lambda expression should always be used inside a function', { at: node.at })
    case 'star':
      if (node.label) {
        const message = 'label.* syntax is only supported as the only argument of row pattern count function'
        throw new QueryError('INVALID_FUNCTION_ARGUMENT', message, { at: node.at })
      }
      throw new QueryError('NOT_SUPPORTED', '* is only supported as the argument of count', { at: node.at })
    case 'measure':
      if (context.collector) {
        const { frame } = resolveWindow(node.over, context.collector)
        if (frame?.pattern === undefined || frame.pattern.measures.length === 0) {
          const message = `Measure ${spelling(node.name)} is not defined in the corresponding window`
          throw new QueryError('INVALID_WINDOW_MEASURE', message, { at: node.at })
        }
        if (frame.pattern.pattern === undefined) refuseWindowPattern(frame.pattern, frame.at)
      }
      throw new QueryError('NOT_SUPPORTED', 'Row pattern measures are not supported', { at: node.at })
    case 'json':
      return analyzeJson(node, context)
    default:
      return unreachable(node)
  }
}

const fieldName = (name: ast.Identifier | undefined): string | undefined => name?.written ?? name?.value
const negate = (expr: Expr, negated: boolean): Expr => (negated ? not(expr) : expr)

/** @throws TYPE_MISMATCH `Logical expression term must evaluate to a boolean (actual: integer)` */
export function coerceTo(expr: Expr, type: Type, what: string, node: ast.Expression): Expr {
  if (sameType(expr.type, type)) return expr
  if (canCoerce(expr.type, type)) return coerce(expr, type)
  const message = `${what} must evaluate to a ${formatType(type)} (actual: ${formatType(expr.type)})`
  throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(node) })
}

/** The type to which all convert. @throws TYPE_MISMATCH at the first that does not fit. */
export function commonType(what: string, exprs: readonly Expr[], nodes: readonly ast.Expression[]): Type {
  let common: Type = UNKNOWN
  const seen = new Map<string, number>()
  for (const [index, expr] of exprs.entries()) {
    const text = formatType(expr.type)
    if (seen.has(text)) continue
    seen.set(text, index)
    if (seen.size === 1) {
      common = expr.type
      continue
    }
    const next = commonSuperType(common, expr.type)
    if (!next) {
      const all = [...new Set(exprs.map((item) => formatType(item.type)))].join(', ')
      const message = `${what} must be the same type or coercible to a common type. Cannot find common type between ${formatType(common)} and ${text}, all types (without duplicates): [${all}]`
      const node = nodes[index]
      throw new QueryError('TYPE_MISMATCH', message, { at: node && positionOf(node) })
    }
    common = next
  }
  return common
}

/** A call of a scalar function whose arguments are typed already. */
function scalarCall(name: string, args: readonly Expr[], at: Position | undefined): Call {
  const bound = bindFunction(
    name,
    args.map((arg) => arg.type),
    at,
  )
  if (bound.kind !== 'scalar') throw new QueryError('GENERIC_INTERNAL_ERROR', `${name} is not a scalar function`, { at })
  return {
    kind: 'call',
    type: bound.type,
    function: bound,
    args: coerceAll(args, bound.argumentTypes),
    ...(at === undefined ? {} : { at }),
  }
}

export const coerceAll = (args: readonly Expr[], types: readonly Type[]): readonly Expr[] =>
  args.map((arg, index) => coerce(arg, types[index] ?? arg.type))

function operatorCall(name: OperatorName, args: readonly Expr[], at: Position): Call {
  const bound = bindOperator(
    name,
    args.map((arg) => arg.type),
    at,
  )
  return { kind: 'call', type: bound.type, function: bound, args: coerceAll(args, bound.argumentTypes), at }
}

/** A TYPE_MISMATCH of `action` in the words that Trino has for this operator. */
export function retold<T>(message: string, at: Position, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof QueryError && error.errorName === 'TYPE_MISMATCH') throw new QueryError('TYPE_MISMATCH', message, { at })
    throw error
  }
}

function analyzeParameter(node: ast.Parameter, context: ExprContext): Expr {
  const { parameters } = context.analysis.context
  const parameter = parameters[node.index]
  if (parameter) {
    const value = literal(parameter.type, parameter.value)
    if (parameter.onCoerce !== undefined) observeCoercion(value, parameter.onCoerce)
    return value
  }
  throw new QueryError('INVALID_PARAMETER_USAGE', `Incorrect number of parameters: no value for parameter ${node.index + 1}`, {
    at: node.at,
  })
}

const ARITHMETIC = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'modulus' } as const

function analyzeArithmetic(node: ast.Arithmetic, context: ExprContext): Expr {
  // A chain such as `a + b + c + …` leans to the left: walked in a loop, so that its length costs no stack.
  const chain: ast.Arithmetic[] = []
  let first: ast.Expression = node
  while (first.kind === 'arithmetic') {
    chain.push(first)
    first = first.left
  }
  if (context.analysis.depth + chain.length > MAX_DEPTH) throw tooDeep()
  let left = analyzeExpression(first, context)
  for (const link of chain.reverse()) {
    const right = analyzeExpression(link.right, context)
    const args = [left, right]
    left =
      link.operator === '||' ? scalarCall('concat', args, link.operatorAt) : operatorCall(ARITHMETIC[link.operator], args, link.operatorAt)
  }
  return left
}

function analyzeSign(node: ast.Sign, context: ExprContext): Expr {
  const value = analyzeExpression(node.value, context)
  if (node.sign === '-') {
    return retold(`Cannot negate ${formatType(value.type)}`, node.at, () => operatorCall('negate', [value], node.at))
  }
  switch (value.type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal':
    case 'unknown':
      return value
    default:
      throw new QueryError('TYPE_MISMATCH', `Unary '+' operator cannot by applied to ${formatType(value.type)} type`, { at: node.at })
  }
}

/** An unknown type is a TYPE_MISMATCH of the CAST. */
function castType(node: ast.Cast): Type {
  try {
    return resolveType(node.type, node.at)
  } catch (error) {
    if (!(error instanceof QueryError) || error.errorName !== 'TYPE_NOT_FOUND') throw error
    throw new QueryError('TYPE_MISMATCH', error.withoutPlace().message, { at: node.at })
  }
}

function analyzeCast(node: ast.Cast, context: ExprContext): Expr {
  const type = castType(node)
  if (type.kind === 'unknown') throw new QueryError('TYPE_MISMATCH', 'UNKNOWN is not a valid type', { at: node.at })
  const value = analyzeExpression(node.value, context)
  if (!canCast(value.type, type)) {
    throw new QueryError('TYPE_MISMATCH', `Cannot cast ${formatType(value.type)} to ${formatType(type)}`, { at: node.at })
  }
  if (sameType(value.type, type)) return value
  if (value.kind === 'literal' && value.value === null) return literal(type, null)
  return { kind: 'cast', type, value, safe: node.safe, at: node.at }
}

/** Fields that a date and a time without zone would only have by way of a conversion, which EXTRACT does not do. */
function lacksField(type: Type, field: string): boolean {
  switch (field) {
    case 'hour':
    case 'minute':
    case 'second':
      return type.kind === 'date' || type.kind === 'unknown'
    case 'timezone_hour':
    case 'timezone_minute':
      return type.kind !== 'timestamp with time zone' && type.kind !== 'time with time zone'
    default:
      return type.kind === 'unknown'
  }
}

/** EXTRACT's fields are functions of the same name; their short forms are these. */
const EXTRACT_FIELDS: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  day_of_month: 'day',
  day_of_week: 'day_of_week',
  dow: 'day_of_week',
  day_of_year: 'day_of_year',
  doy: 'day_of_year',
  year_of_week: 'year_of_week',
  yow: 'year_of_week',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  timezone_hour: 'timezone_hour',
  timezone_minute: 'timezone_minute',
}

function analyzeExtract(node: ast.Extract, context: ExprContext): Expr {
  const field = EXTRACT_FIELDS[node.field.value.toLowerCase()]
  const written = node.field.written ?? node.field.value
  if (!field) throw new QueryError('SYNTAX_ERROR', `Invalid EXTRACT field: ${written}`, { at: node.field.at })
  const value = analyzeExpression(node.value, context)
  const mismatch = (): QueryError =>
    new QueryError('TYPE_MISMATCH', `Cannot extract ${written.toUpperCase()} from ${formatType(value.type)}`, {
      at: positionOf(node.value),
    })
  if (lacksField(value.type, field)) throw mismatch()
  try {
    return scalarCall(field, [value], node.at)
  } catch (error) {
    if (!(error instanceof QueryError) || error.errorName !== 'FUNCTION_NOT_FOUND' || !functionExists(field)) throw error
    throw mismatch()
  }
}

function analyzeAtTimeZone(node: ast.AtTimeZone, context: ExprContext): Expr {
  const value = analyzeExpression(node.value, context)
  switch (value.type.kind) {
    case 'time':
    case 'time with time zone':
    case 'timestamp':
    case 'timestamp with time zone':
      return scalarCall('at_timezone', [value, analyzeExpression(node.zone, context)], node.at)
    default: {
      const message = `Type of value must be a time or timestamp with or without time zone (actual ${formatType(value.type)})`
      throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(node.value) })
    }
  }
}

/** A clause's condition: boolean, or NULL. `clause` is as Trino names it. */
export function analyzeCondition(node: ast.Expression, context: ExprContext, clause: string): Expr {
  const condition = analyzeExpression(node, context)
  if (condition.type.kind === 'boolean' || condition.type.kind === 'unknown') return coerce(condition, BOOLEAN)
  const message = `${clause} must evaluate to a boolean: actual type ${formatType(condition.type)}`
  throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(node) })
}
