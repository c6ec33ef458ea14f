/** Function calls: special forms (IF, COALESCE, NULLIF, TRY), scalar functions, aggregates, window functions, GROUPING. */
import { QueryError } from '#src/common/errors'
import { bindAmong, bindFunction } from '#src/functions/bind'
import { truncatedListagg } from '#src/functions/families/aggregate-collect'
import { formatKind } from '#src/functions/families/format'
import type { BoundAggregate } from '#src/functions/function'
import { definitionsOf, functionExists, isAggregate, isWindowFunction } from '#src/functions/registry'
import type { ArgumentType } from '#src/functions/signature'
import { caseBranch, columnRef, literal } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import { someExpr } from '#src/logical/expr-walk'
import type { Expr, Lambda } from '#src/logical/expression'
import type { AggregateCall, SortKey } from '#src/logical/plan'
import { referencedColumns } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { commonSuperType, isComparable } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { BIGINT, BOOLEAN, INTEGER, type Type, UNKNOWN } from '#src/types/type'
import type { ExprContext, InlineDefinition, LambdaScope } from './analysis.ts'
import type { Collector } from './collector.ts'
import { currentCall } from './current.ts'
import { analyzeExpression, coerceTo, commonType } from './expression.ts'
import { expressionText } from './expression-text.ts'
import { insideAggregate, insideWindow, scalarCallsOnly } from './policy.ts'
import { positionOf } from './positions.ts'
import { lower, ownColumns, spelling } from './scope.ts'
import { aggregateOrder } from './sort-keys.ts'
import { analyzeSpecification, checkFrameOf, checkWindowCall, resolveWindow, specificationKey } from './windows.ts'

/** The functions' own schema, which may be written in front of a name. */
const BUILTIN = 'system.builtin'

export function analyzeCall(node: ast.FunctionCall, context: ExprContext): Expr {
  const name = functionName(node)
  if (node.processing) {
    const message = `${node.processing.toUpperCase()} semantics is not supported out of pattern recognition context`
    throw new QueryError('INVALID_PROCESSING_MODE', message, { at: node.at })
  }
  const windowed = node.over !== undefined
  const inline = node.name.parts.length === 1 ? context.analysis.inline.get(name) : undefined
  if (inline) return analyzeInlineCall(name, inline, node, context)
  const special = windowed ? undefined : specialForm(name, node, context)
  if (special) return special
  if (isAggregate(name) || isWindowFunction(name)) {
    if (windowed) return analyzeWindowCall(name, node, context)
    if (isWindowFunction(name)) {
      if (context.calls.refuseWindow) throw context.calls.refuseWindow(node)
      throw new QueryError('MISSING_OVER', `Window function ${BUILTIN}.${name} requires an OVER clause`, { at: node.at })
    }
    return analyzeAggregate(name, node, context)
  }
  if (windowed && context.calls.refuseWindow) throw context.calls.refuseWindow(node)
  if (windowed && functionExists(name)) {
    refuseAggregateClauses(name, node)
    throw new QueryError('FUNCTION_NOT_WINDOW', `Not a window function: ${name}`, { at: context.collector?.at ?? node.at })
  }
  if (!windowed) refuseDistinct(node)
  const { args, bound } = bindArguments(name, node, context)
  if (bound.kind !== 'scalar') throw new QueryError('GENERIC_INTERNAL_ERROR', `${name} is not a scalar function`, { at: node.at })
  refuseAggregateClauses(name, node)
  return { kind: 'call', type: bound.type, function: bound, args, at: node.at }
}

function analyzeInlineCall(name: string, inline: readonly InlineDefinition[], node: ast.FunctionCall, context: ExprContext): Expr {
  if (node.over) throw new QueryError('FUNCTION_NOT_WINDOW', `Not a window function: ${name}`, { at: context.collector?.at ?? node.at })
  refuseDistinct(node)
  const { args, bound } = bindArguments(
    name,
    node,
    context,
    inline.map(({ definition }) => definition),
  )
  refuseAggregateClauses(name, node)
  const chosen = inline.find(({ definition }) => definition.form === bound.form)
  if (!chosen) throw new QueryError('GENERIC_INTERNAL_ERROR', `${name} was bound to another function`, { at: node.at })
  return chosen.call(args)
}

/** Without the schema of Trino's own functions; a name of another schema, which no function has, as it is. */
function functionName(node: ast.FunctionCall): string {
  const parts = node.name.parts.map((part) => lower(part.value))
  const name = parts.at(-1) ?? ''
  const prefix = parts.slice(0, -1).join('.')
  if (prefix === '' || prefix === BUILTIN) return name
  if (parts.length > 3) throw new QueryError('FUNCTION_NOT_FOUND', `Invalid function name: ${parts.join('.')}`)
  return parts.join('.')
}

/** Before the function is looked for, and its arguments are looked at. */
function refuseDistinct({ distinct, at }: ast.FunctionCall): void {
  if (distinct) throw new QueryError('FUNCTION_NOT_AGGREGATE', 'DISTINCT is not supported for non-aggregation functions', { at })
}

function refuseAggregateClauses(name: string, node: ast.FunctionCall): void {
  const refuse = (message: string): never => {
    throw new QueryError('FUNCTION_NOT_AGGREGATE', message, { at: node.at })
  }
  if (node.filter) refuse('Filter is only valid for aggregation functions')
  if (node.orderBy.length > 0) refuse('ORDER BY is only valid for aggregation functions')
  if (node.nulls) {
    throw new QueryError('NULL_TREATMENT_NOT_ALLOWED', `Cannot specify null treatment clause for ${name} function`, { at: node.at })
  }
}

// ---------------------------------------------------------------- special forms

function specialForm(name: string, node: ast.FunctionCall, context: ExprContext): Expr | undefined {
  const analyze = (arg: ast.Expression): Expr => analyzeExpression(arg, context)
  const [first, second, third] = node.arguments
  const count = node.arguments.length
  const wrongCount = (): never => {
    throw new QueryError('SYNTAX_ERROR', `Invalid number of arguments for '${name}' function`, { at: node.at })
  }
  switch (name) {
    case 'if': {
      if (!first || !second || count > 3) return wrongCount()
      const when = coerceTo(analyze(first), BOOLEAN, 'IF condition', first)
      const then = analyze(second)
      const otherwise = third ? analyze(third) : literal(UNKNOWN, null)
      const type = third ? commonSuperType(then.type, otherwise.type) : then.type
      if (!type) {
        const message = `Result types for IF must be the same: ${formatType(then.type)} vs ${formatType(otherwise.type)}`
        throw new QueryError('TYPE_MISMATCH', message, { at: node.at })
      }
      return { kind: 'case', type, operand: undefined, whens: [caseBranch(when, coerce(then, type))], otherwise: coerce(otherwise, type) }
    }
    case 'coalesce': {
      if (count < 2) {
        throw new QueryError('SYNTAX_ERROR', "The 'coalesce' function must have at least two arguments", { at: node.at })
      }
      const args = node.arguments.map(analyze)
      const type = commonType('All COALESCE operands', args, node.arguments)
      return { kind: 'coalesce', type, args: args.map((arg) => coerce(arg, type)) }
    }
    case 'nullif': {
      if (!first || !second || count > 2) return wrongCount()
      const left = analyze(first)
      const right = analyze(second)
      const comparedAs = commonComparable(left.type, right.type, node)
      return { kind: 'nullif', type: left.type, left, right, comparedAs }
    }
    case 'try':
      if (!first || count > 1) return wrongCount()
      return tryExpression(analyze(first))
    default:
      return count === 0 ? currentCall(name, context.analysis.context.session) : undefined
  }
}

const tryExpression = (value: Expr): Expr => ({ kind: 'try', type: value.type, value })

function commonComparable(left: Type, right: Type, node: ast.FunctionCall): Type {
  const type = commonSuperType(left, right)
  if (type && isComparable(type)) return type
  throw new QueryError('TYPE_MISMATCH', `Types are not comparable with NULLIF: ${formatType(left)} vs ${formatType(right)}`, {
    at: node.at,
  })
}

// ---------------------------------------------------------------- arguments and lambdas

/** Types the arguments, chooses the signature and coerces the arguments to it. */
function bindArguments(name: string, node: ast.FunctionCall, context: ExprContext, among = definitionsOf(name)) {
  const lambdas = new Map<number, Map<string, Lambda>>()
  const exprs: (Expr | undefined)[] = []
  const types: ArgumentType[] = []
  const [only] = node.arguments
  const items = only?.kind === 'star' && node.arguments.length === 1 && !only.label ? [] : node.arguments
  for (const [index, argument] of items.entries()) {
    if (argument.kind === 'lambda') {
      const bodies = new Map<string, Lambda>()
      lambdas.set(index, bodies)
      exprs.push(undefined)
      types.push({
        kind: 'lambda',
        analyze: (parameterTypes) => {
          const lambda = analyzeLambda(argument, parameterTypes, context)
          bodies.set(parameterTypes.map(formatType).join(', '), lambda)
          return lambda.body.type
        },
      })
    } else {
      const expr = analyzeExpression(argument, context)
      exprs.push(expr)
      types.push(expr.type)
    }
  }
  if (name === 'format') checkFormatArguments(items, types)
  const bound = among.length === 0 ? bindFunction(name, types, node.at) : bindAmong(name, among, types, node.at)
  const args = exprs.map((expr, index) => {
    const type = bound.argumentTypes[index]
    if (!type) throw new QueryError('GENERIC_INTERNAL_ERROR', `${name} was bound without its argument ${index + 1}`, { at: node.at })
    return expr ? coerce(expr, type) : finishLambda(lambdas.get(index), type)
  })
  return { args, bound }
}

/** Trino names the place of the argument that format() does not take. */
function checkFormatArguments(nodes: readonly ast.Expression[], types: readonly ArgumentType[]): void {
  for (const [index, type] of types.entries()) {
    const at = positionOf(nodes[index] as ast.Expression)
    if (type.kind === 'lambda') continue
    if (index === 0) {
      if (type.kind === 'varchar' || type.kind === 'unknown' || type.kind === 'char') continue
      throw new QueryError('TYPE_MISMATCH', `Type of first argument to format() must be VARCHAR (actual: ${formatType(type)})`, { at })
    }
    if (formatKind(type) === undefined)
      throw new QueryError('NOT_SUPPORTED', `Type not supported for formatting: ${formatType(type)}`, { at })
  }
}

function analyzeLambda(node: ast.Lambda, types: readonly Type[], context: ExprContext): Lambda {
  if (node.parameters.length !== types.length) {
    const message = `Expected a lambda that takes ${types.length} argument(s) but got ${node.parameters.length}`
    throw new QueryError('INVALID_PARAMETER_USAGE', message, { at: node.at })
  }
  const parameters = node.parameters.map((parameter, index) => {
    const type = types[index]
    if (!type) throw new QueryError('GENERIC_INTERNAL_ERROR', 'Lambda parameter without a type', { at: parameter.at })
    return context.analysis.ids.column(spelling(parameter), type)
  })
  const scope: LambdaScope = {
    parameters: new Map(parameters.map((parameter) => [lower(parameter.name), parameter])),
    parent: context.lambda,
  }
  const calls = scalarCallsOnly('Lambda expression', node.body)
  const body = analyzeExpression(node.body, { ...context, lambda: scope, calls })
  return { kind: 'lambda', type: { kind: 'function', parameters: types, result: body.type }, parameters, body }
}

function finishLambda(bodies: ReadonlyMap<string, Lambda> | undefined, type: Type): Lambda {
  const lambda = type.kind === 'function' ? bodies?.get(type.parameters.map(formatType).join(', ')) : undefined
  if (!lambda || type.kind !== 'function')
    throw new QueryError('GENERIC_INTERNAL_ERROR', `No lambda body was analyzed for ${formatType(type)}`)
  return { ...lambda, type, body: coerce(lambda.body, type.result) }
}

// ---------------------------------------------------------------- aggregates

function analyzeAggregate(name: string, node: ast.FunctionCall, context: ExprContext): Expr {
  const refusal = context.calls.refuseAggregate
  if (refusal) throw refusal(node)
  const { collector } = context
  if (!collector) throw new QueryError('GENERIC_INTERNAL_ERROR', 'An aggregate where none is collected', { at: node.at })
  if (node.nulls) {
    throw new QueryError('NULL_TREATMENT_NOT_ALLOWED', `Cannot specify null treatment clause for ${name} function`, { at: node.at })
  }
  const scope = context.outputScope ? { ...context.scope, refused: collector.refused } : context.scope
  const inner = { ...context, scope, calls: insideAggregate(name, node.at) }
  if (name === 'listagg') requireText(node, inner)
  const call = aggregateCall(name, node, inner)
  refuseOuterAggregate(call, collector, context)
  return collectAggregate(call, collector, context)
}

/** An aggregate of an enclosing query's columns alone: the kernel would take it for one of that query. */
function refuseOuterAggregate({ args }: AggregateCall, collector: Collector, { scope, outputScope }: ExprContext): void {
  const named = args.flatMap((arg) => [...referencedColumns(arg)])
  const own = ownColumns(scope)
  // In ORDER BY the innermost scope is the select list.
  const below = scope.parent ? ownColumns(scope.parent) : new Set<number>()
  if (named.length === 0 || named.some((id) => own.has(id)) || (outputScope && named.some((id) => below.has(id)))) return
  throw new QueryError('NOT_SUPPORTED', 'Given correlated subquery is not supported', { at: collector.at })
}

/** Trino tells listagg's type errors by the expression. */
function requireText(node: ast.FunctionCall, inner: ExprContext): void {
  const [value] = node.arguments
  if (!value) return
  const { type } = analyzeExpression(value, inner)
  if (type.kind === 'varchar') return
  const message = `Expected expression of varchar, but '${expressionText(value)}' has ${formatType(type)} type`
  throw new QueryError('TYPE_MISMATCH', message, { at: node.at })
}

/** Arguments, FILTER and ORDER BY of an aggregate or window call, with the rules that they share. */
function aggregateCall(name: string, node: ast.FunctionCall, inner: ExprContext): AggregateCall {
  const { args, bound } = bindArguments(name, node, inner)
  if (bound.kind === 'scalar') throw new QueryError('GENERIC_INTERNAL_ERROR', `${name} is not an aggregate`, { at: node.at })
  const filter = node.filter && coerceTo(analyzeExpression(node.filter, inner), BOOLEAN, 'Filter expression', node.filter)
  const orderBy = node.orderBy.map((item) => aggregateOrder(analyzeExpression(item.value, inner), item, node.at))
  if (node.distinct) {
    for (const arg of args) {
      if (isComparable(arg.type)) continue
      const message = `DISTINCT can only be applied to comparable types (actual: ${formatType(arg.type)})`
      throw new QueryError('TYPE_MISMATCH', message, { at: node.at })
    }
    const { keys } = inner.analysis
    const known = new Set(args.map(keys))
    const unknown = node.orderBy.find((_item, index) => !known.has(keys((orderBy[index] as SortKey).value)))
    if (unknown) {
      const message = 'For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments'
      throw new QueryError('EXPRESSION_NOT_IN_DISTINCT', message, { at: positionOf(unknown.value) })
    }
  }
  return { function: withOverflow(bound, node), args, distinct: node.distinct, filter, orderBy, at: node.at }
}

/** listagg's ON OVERFLOW. What another clause makes another function has another name, for calls are told apart by it. */
function withOverflow(bound: BoundAggregate, node: ast.FunctionCall): BoundAggregate {
  if (node.overflow?.kind !== 'truncate') return bound
  const { filler = '...', withCount } = node.overflow
  return { ...bound, name: `listagg truncated ${withCount} ${filler}`, form: truncatedListagg(filler, withCount) }
}

const isDeterministic = (expr: Expr): boolean => !someExpr(expr, (part) => part.kind === 'call' && !part.function.deterministic)

function callKey(call: AggregateCall, context: ExprContext): string | undefined {
  const parts = [...call.args, ...(call.filter ? [call.filter] : []), ...call.orderBy.map((key) => key.value)]
  if (!parts.every(isDeterministic)) return undefined
  const { keys } = context.analysis
  const order = call.orderBy.map((key) => `${keys(key.value)} ${key.descending} ${key.nullsFirst}`).join(', ')
  const filter = call.filter ? keys(call.filter) : ''
  return `${call.function.name}:${formatType(call.function.type)}(${call.distinct} ${call.args.map(keys).join(', ')} | ${order} | ${filter})`
}

function collectAggregate(call: AggregateCall, collector: Collector, context: ExprContext): Expr {
  const key = callKey(call, context)
  const known = key === undefined ? undefined : collector.known.get(key)
  if (known) return columnRef(known)
  const column = context.analysis.ids.column(call.function.name, call.function.type)
  collector.aggregates.push({ column, call })
  if (key !== undefined) collector.known.set(key, column)
  return columnRef(column)
}

// ---------------------------------------------------------------- windows

function analyzeWindowCall(name: string, node: ast.FunctionCall, context: ExprContext): Expr {
  const refusal = context.calls.refuseWindow
  if (refusal) throw refusal(node)
  const { collector } = context
  if (!collector || !node.over) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A window call where none is collected', { at: node.at })
  const window = resolveWindow(node.over, collector)
  checkWindowCall(name, node, window, collector)
  const specification = analyzeSpecification(window, { ...context, calls: insideWindow('specification') })
  checkFrameOf(name, window)
  const call = aggregateCall(name, node, { ...context, calls: insideWindow('arguments') })
  const ignoreNulls = node.nulls === 'ignore'
  const identity = callKey(call, context)
  const place = specificationKey(specification, context.analysis.keys)
  const key = identity === undefined ? undefined : `${identity} ${ignoreNulls} OVER ${place}`
  const known = key === undefined ? undefined : collector.known.get(key)
  if (known) return columnRef(known)
  const column = context.analysis.ids.column(name, call.function.type)
  collector.windows.push({ column, call, ignoreNulls, ...specification, node, specification: window })
  if (key !== undefined) collector.known.set(key, column)
  return columnRef(column)
}

// ---------------------------------------------------------------- GROUPING

const MAX_GROUPING_ARGUMENTS = 63
const MAX_INTEGER_GROUPING_ARGUMENTS = 31

const isOutput = (name: ast.Identifier, { scope }: ExprContext): boolean =>
  scope.fields.some((field) => field.name !== undefined && lower(field.name) === lower(name.value))

export function analyzeGrouping(node: ast.Grouping, context: ExprContext): Expr {
  // Trino's grammar lets the columns be missing, and its syntax tree does not.
  if (node.columns.length === 0) throw new QueryError('GENERIC_INTERNAL_ERROR', 'grouping operation columns cannot be empty')
  const refusal = context.calls.refuseGrouping
  if (refusal) throw refusal(node)
  const { collector } = context
  if (!collector) throw new QueryError('GENERIC_INTERNAL_ERROR', 'GROUPING where none is collected', { at: node.at })
  if (node.columns.length > MAX_GROUPING_ARGUMENTS) {
    throw new QueryError('TOO_MANY_ARGUMENTS', `GROUPING supports up to ${MAX_GROUPING_ARGUMENTS} column arguments`, { at: node.at })
  }
  if (context.outputScope && collector.grouped) {
    const output = node.columns.some((column) => column.kind === 'identifier' && isOutput(column, context))
    if (output) {
      throw new QueryError('INVALID_ARGUMENTS', 'Invalid reference to output of SELECT clause from grouping() expression in ORDER BY')
    }
  }
  const of = node.columns.map((column) => ({ value: groupingColumn(column, context), node: column }))
  const key = `grouping(${of.map(({ value }) => context.analysis.keys(value)).join(', ')})`
  const known = collector.known.get(key)
  if (known) return columnRef(known)
  const type = node.columns.length <= MAX_INTEGER_GROUPING_ARGUMENTS ? INTEGER : BIGINT
  const column = context.analysis.ids.column('grouping', type)
  collector.groupings.push({ at: node.at, column, of })
  collector.known.set(key, column)
  return columnRef(column)
}

/** Trino tells no place of a column that is missing. */
function groupingColumn(column: ast.Expression, context: ExprContext): Expr {
  try {
    return analyzeExpression(column, context)
  } catch (error) {
    if (!(error instanceof QueryError) || error.errorName !== 'COLUMN_NOT_FOUND') throw error
    throw error.withoutPlace()
  }
}
