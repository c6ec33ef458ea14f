/** JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT, JSON_ARRAY: paths are read and checked here, and run in the kernel. */
import { type Position, QueryError } from '#src/common/errors'
import type { BoundScalar } from '#src/functions/function'
import { analyzePath } from '#src/functions/json-path/path-analysis'
import { PathSyntaxError } from '#src/functions/json-path/path-lexer'
import type { JsonPath } from '#src/functions/json-path/path-node'
import { parseJsonPath } from '#src/functions/json-path/path-parser'
import type {
  ExistsSpec,
  JsonInput,
  MembersSpec,
  PathSpec,
  PathVariableSpec,
  QuerySpec,
  ValueSpec,
} from '#src/functions/json-path/query-spec'
import {
  type JsonOutput,
  jsonArrayFunction,
  jsonExistsFunction,
  jsonInputOf,
  jsonObjectFunction,
  jsonQueryFunction,
  jsonValueFunction,
} from '#src/functions/sql-json'
import { literal } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import type { Call, Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { canCast, isNumeric } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { type Type, VARCHAR } from '#src/types/type'
import type { ExprContext } from './analysis.ts'
import { analyzeExpression, coerceTo } from './expression.ts'
import { positionOf } from './positions.ts'
import { resolveType } from './type-name.ts'

type Named<N extends ast.JsonFunction['name']> = Extract<ast.JsonFunction, { name: N }>

export function analyzeJson(node: ast.JsonFunction, context: ExprContext): Expr {
  switch (node.name) {
    case 'json_exists':
      return analyzeExists(node, context)
    case 'json_value':
      return analyzeValue(node, context)
    case 'json_query':
      return analyzeQuery(node, context)
    case 'json_object':
      return analyzeObject(node, context)
    case 'json_array':
      return analyzeArray(node, context)
  }
}

function analyzeExists(node: Named<'json_exists'>, context: ExprContext): Expr {
  const call = analyzeCall(node, context)
  const spec: ExistsSpec = { ...call.spec, onError: node.onError ?? 'false' }
  return toCall(jsonExistsFunction(call.types, call.input.type), [call.input, specification(spec), ...call.variables], node.at)
}

function analyzeValue(node: Named<'json_value'>, context: ExprContext): Expr {
  const call = analyzeCall(node, context)
  const { spec, returning, defaults } = analyzeValueClauses(node, call, 'null', () => context)
  const bound = jsonValueFunction(spec, call.types, call.input.type, returning)
  return toCall(bound, [call.input, specification(spec), ...defaults, ...call.variables], node.at)
}

/** What JSON_VALUE is told beside its input: the specification, and the values of the defaults that it tells of. */
export function analyzeValueClauses(
  node: Pick<Named<'json_value'>, 'returning' | 'onEmpty' | 'onError' | 'at'>,
  call: Pick<PathCall, 'spec' | 'result'>,
  onError: 'null' | 'error',
  contextOf: (value: ast.Expression) => ExprContext,
): { readonly spec: ValueSpec; readonly returning: Type; readonly defaults: readonly Expr[] } {
  const returning = node.returning ? returnedType(node.returning, node.at) : VARCHAR
  if (!isScalarType(returning)) {
    throw mismatch(`Invalid return type of function JSON_VALUE: ${formatType(returning)}`, node.at)
  }
  if (call.result !== undefined && !canCast(call.result, returning)) {
    const message = `Return type of JSON path: ${formatType(call.result)} incompatible with return type of function JSON_VALUE: ${formatType(returning)}`
    throw mismatch(message, node.at)
  }
  const instead = (behaviour: ast.JsonValueBehaviour | undefined, when: string): readonly Expr[] => {
    if (behaviour?.kind !== 'default') return []
    const value = analyzeExpression(behaviour.value, contextOf(behaviour.value))
    return [coerceTo(value, returning, `Function JSON_VALUE default ON ${when} result`, behaviour.value)]
  }
  const defaults = [...instead(node.onEmpty, 'EMPTY'), ...instead(node.onError, 'ERROR')]
  const spec: ValueSpec = {
    ...call.spec,
    returning: formatType(returning),
    onEmpty: node.onEmpty?.kind ?? 'null',
    onError: node.onError?.kind ?? onError,
  }
  return { spec, returning, defaults }
}

function analyzeQuery(node: Named<'json_query'>, context: ExprContext): Expr {
  const call = analyzeCall(node, context)
  const { spec, returning } = analyzeQueryClauses(node, call.spec, 'null')
  const bound = jsonQueryFunction(call.types, call.input.type, returning)
  return toCall(bound, [call.input, specification(spec), ...call.variables], node.at)
}

/** What JSON_QUERY is told beside its input. */
export function analyzeQueryClauses(
  node: Omit<Named<'json_query'>, 'name' | keyof ast.JsonPathCall> & { readonly at: Position },
  path: PathSpec,
  onError: 'null' | 'error',
): { readonly spec: QuerySpec; readonly returning: JsonOutput } {
  const wrapper = node.wrapper ?? 'without'
  if (wrapper !== 'without' && node.quotes !== undefined) {
    const message = `${node.quotes.toUpperCase()} QUOTES behavior specified with WITH ${wrapper.toUpperCase()} ARRAY WRAPPER behavior`
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', message, { at: node.at })
  }
  const returning = outputType(node)
  const spec: QuerySpec = {
    ...path,
    wrapper,
    omitQuotes: node.quotes === 'omit',
    onEmpty: node.onEmpty ?? 'null',
    onError: node.onError ?? onError,
  }
  return { spec, returning }
}

function analyzeObject(node: Named<'json_object'>, context: ExprContext): Expr {
  const keys: Expr[] = []
  const values = node.members.map((member) => {
    const key = analyzeExpression(member.key, context)
    if (key.type.kind !== 'varchar' && key.type.kind !== 'char') {
      throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid type of JSON object key: ${formatType(key.type)}`, {
        at: positionOf(member.key),
      })
    }
    keys.push(key)
    const format = member.format ?? implicitFormat(member.value)
    const value = analyzeExpression(member.value, context)
    if (format !== undefined && node.uniqueKeys) {
      const message = 'WITH UNIQUE KEYS behavior is not supported for JSON_OBJECT function when input expression has FORMAT'
      throw new QueryError('NOT_SUPPORTED', message, { at: node.at })
    }
    return passedValue(value, member.value, format, 'JSON_OBJECT', node.at)
  })
  const returning = outputType(node)
  const spec: MembersSpec = { values: values.map(({ spec }) => spec), nulls: node.nulls ?? 'null', uniqueKeys: node.uniqueKeys }
  const bound = jsonObjectFunction(
    keys.map((key) => key.type),
    values.map(({ expr }) => expr.type),
    returning,
  )
  return toCall(bound, [specification(spec), ...keys, ...values.map(({ expr }) => expr)], node.at)
}

function analyzeArray(node: Named<'json_array'>, context: ExprContext): Expr {
  const values = node.items.map((item) =>
    passedValue(analyzeExpression(item.value, context), item.value, item.format ?? implicitFormat(item.value), 'JSON_ARRAY', node.at),
  )
  const returning = outputType(node)
  const spec: MembersSpec = { values: values.map(({ spec }) => spec), nulls: node.nulls ?? 'absent', uniqueKeys: false }
  const bound = jsonArrayFunction(
    values.map(({ expr }) => expr.type),
    returning,
  )
  return toCall(bound, [specification(spec), ...values.map(({ expr }) => expr)], node.at)
}

// ---------------------------------------------------------------- parts

export const specification = (spec: PathSpec | MembersSpec): Expr => literal(VARCHAR, JSON.stringify(spec))

/** NULL input gives NULL; that is true of all arguments where the others are constants. */
export function toCall(bound: BoundScalar, args: readonly Expr[], at: Position): Call {
  const strict = args.slice(1).every((arg) => arg.kind === 'literal' && arg.value !== null)
  return { kind: 'call', type: bound.type, function: { ...bound, strict }, args, at }
}

const mismatch = (message: string, at: Position) => new QueryError('TYPE_MISMATCH', message, { at })

interface PathCall {
  readonly input: Expr
  readonly spec: PathSpec
  readonly variables: readonly Expr[]
  readonly types: readonly Type[]
  readonly result: Type | undefined
}

function analyzeCall(node: ast.JsonPathCall & { readonly name: string }, context: ExprContext): PathCall {
  const name = node.name.toUpperCase()
  if (node.pathName) throw new QueryError('INVALID_PATH', `JSON path name is not allowed in ${name} function`, { at: node.pathName.at })
  return analyzePathCall(node, context)
}

/** `passing`: where the path's parameters stand. */
export function analyzePathCall(
  node: ast.JsonPathCall,
  context: ExprContext,
  passing: (value: ast.Expression) => ExprContext = () => context,
): PathCall {
  const input = jsonInput(analyzeExpression(node.input, context), node.input, node.inputFormat ?? 'json')
  const variables: Expr[] = []
  const specs: PathVariableSpec[] = []
  for (const { value, format, name: given } of node.passing) {
    // Names that are not quoted are in upper case to paths.
    const variable = given.quoted ? given.value : given.value.toUpperCase()
    if (specs.some((other) => other.name === variable)) {
      throw new QueryError('DUPLICATE_PARAMETER_NAME', `${variable} JSON path parameter is specified more than once`, { at: given.at })
    }
    const passed = passedVariable(analyzeExpression(value, passing(value)), value, format ?? implicitFormat(value), node.at)
    variables.push(passed.expr)
    specs.push({ name: variable, ...passed.spec })
  }
  const path = readPath(node.path, node.pathAt)
  const result = checkPath(path, new Set(specs.map((spec) => spec.name)), node.pathAt)
  return {
    input: input.expr,
    spec: { path: node.path, input: input.form, variables: specs },
    variables,
    types: variables.map((variable) => variable.type),
    result,
  }
}

/** @throws SYNTAX_ERROR at the place inside the path's literal */
export function readPath(path: string, pathAt: Position): JsonPath {
  try {
    return parseJsonPath(path)
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error
    const before = path.slice(0, error.at).split('\n')
    const { line, column } = pathAt
    const at =
      before.length === 1
        ? { line, column: column + 1 + error.at }
        : { line: line + before.length - 1, column: (before.at(-1) as string).length + 1 }
    throw new QueryError('SYNTAX_ERROR', error.message, { at })
  }
}

export function checkPath({ root }: JsonPath, names: ReadonlySet<string>, at: Position): Type | undefined {
  try {
    return analyzePath(root, names)
  } catch (error) {
    if (error instanceof QueryError && error.at === undefined) throw new QueryError(error.errorName, error.message, { at, cause: error })
    throw error
  }
}

function jsonInput(expr: Expr, node: ast.Expression, format: ast.JsonFormat): { readonly expr: Expr; readonly form: JsonInput } {
  const form = jsonInputOf(expr.type, format)
  if (form === undefined) {
    const message = `Cannot read input of type ${formatType(expr.type)} as JSON using formatting ${format.toUpperCase()}`
    throw mismatch(message, positionOf(node))
  }
  return { expr: expr.type.kind === 'varbinary' ? expr : coerce(expr, VARCHAR), form }
}

/** Functions that give JSON are read as JSON. */
function implicitFormat(node: ast.Expression): ast.JsonFormat | undefined {
  const givesJson = node.kind === 'json' && (node.name === 'json_query' || node.name === 'json_object' || node.name === 'json_array')
  return givesJson ? 'json' : undefined
}

interface Passed {
  readonly expr: Expr
  readonly spec: { readonly type?: string; readonly input?: JsonInput }
}

function passedVariable(expr: Expr, node: ast.Expression, format: ast.JsonFormat | undefined, at: Position): Passed {
  if (format !== undefined) {
    const { expr: input, form } = jsonInput(expr, node, format)
    return { expr: input, spec: { input: form } }
  }
  if (expr.type.kind === 'varbinary') {
    throw new QueryError('NOT_SUPPORTED', `Unsupported type of JSON path parameter: ${formatType(expr.type)}`, { at: positionOf(node) })
  }
  if (isScalarType(expr.type)) return { expr, spec: { type: formatType(expr.type) } }
  return asVarchar(expr, `Unsupported type of JSON path parameter: ${formatType(expr.type)}`, at)
}

/** Numbers, texts and truth values as they are, all others as text. */
function passedValue(expr: Expr, node: ast.Expression, format: ast.JsonFormat | undefined, name: string, at: Position): Passed {
  if (format !== undefined) {
    const { expr: input, form } = jsonInput(expr, node, format)
    return { expr: input, spec: { input: form } }
  }
  const { type } = expr
  const unsupported = `Unsupported type of value passed to ${name} function: ${formatType(type)}`
  if (type.kind === 'varbinary') throw new QueryError('NOT_SUPPORTED', unsupported, { at: positionOf(node) })
  if (type.kind === 'varchar' || type.kind === 'char' || type.kind === 'boolean' || isNumeric(type)) {
    return { expr, spec: { type: formatType(type) } }
  }
  return asVarchar(expr, unsupported, at)
}

function asVarchar(expr: Expr, unsupported: string, at: Position): Passed {
  if (!canCast(expr.type, VARCHAR)) throw new QueryError('NOT_SUPPORTED', unsupported, { at })
  return { expr: { kind: 'cast', type: VARCHAR, value: expr, safe: false }, spec: { type: formatType(VARCHAR) } }
}

function isScalarType(type: Type): boolean {
  switch (type.kind) {
    case 'varchar':
    case 'char':
    case 'boolean':
    case 'date':
    case 'time':
    case 'time with time zone':
    case 'timestamp':
    case 'timestamp with time zone':
      return true
    default:
      return isNumeric(type)
  }
}

function returnedType(name: ast.TypeName, at: Position): Type {
  try {
    return resolveType(name, at)
  } catch (error) {
    if (!(error instanceof QueryError) || error.errorName !== 'TYPE_NOT_FOUND') throw error
    throw mismatch(error.withoutPlace().message, at)
  }
}

/** The declared type of a function that gives JSON: texts, or bytes. */
function outputType(node: Pick<Named<'json_query'>, 'returning' | 'returningFormat' | 'at'>): JsonOutput {
  const type = node.returning ? returnedType(node.returning, node.at) : VARCHAR
  const format = node.returningFormat ?? 'json'
  const isText = type.kind === 'varchar' || type.kind === 'char'
  if (type.kind !== 'varbinary' && !(isText && format === 'json')) {
    throw mismatch(`Cannot output JSON value as ${formatType(type)} using formatting ${format.toUpperCase()}`, node.at)
  }
  return { type, encoding: format }
}
