/**
 * WITH FUNCTION: functions of SQL that a query brings along. One whose body is a single RETURN is put in the place of its
 * calls: each call analyzes the body anew, with the function's parameters standing as those of a lambda, and then replaces
 * them by the arguments.
 */
import { QueryError } from '#src/common/errors'
import type { FunctionDefinition } from '#src/functions/definition'
import type { ScalarForm } from '#src/functions/function'
import { caseBranch, literal } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import { mapExpr, planOfExpr, someExpr, walkExpr } from '#src/logical/expr-walk'
import type { Column, Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { canCoerce } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { BOOLEAN, type Type } from '#src/types/type'
import type { Analysis, ExprContext } from './analysis.ts'
import { analyzeExpression } from './expression.ts'
import { scalarCallsOnly } from './policy.ts'
import { positionOf } from './positions.ts'
import { lower, spelling } from './scope.ts'
import { resolveType } from './type-name.ts'

/** Makes a function known to the rest of the query. @throws what Trino throws for one that is not right */
export function defineFunction(node: ast.InlineFunction, analysis: Analysis): void {
  const [simple, ...more] = node.name.parts
  if (!simple || more.length > 0) {
    const written = node.name.parts.map(spelling).join('.')
    throw new QueryError('SYNTAX_ERROR', `Inline function names cannot be qualified: ${written}`, { at: node.at })
  }
  const name = lower(simple.value)
  const value = returnedValue(node)
  const parameters = parametersOf(node)
  const returns = typeOf(node.returns, node.returnsAt)
  const before = analysis.inline.get(name) ?? []
  const body = (): { readonly columns: readonly Column[]; readonly expr: Expr } => {
    const columns = parameters.map((parameter) => analysis.ids.column(parameter.name, parameter.type))
    return { columns, expr: analyzeBody(node, value, columns, returns, analysis) }
  }
  const checked = body().expr
  checkDeterminism(node, checked)
  const skipsNull = node.characteristics.some((item) => item.kind === 'null input' && !item.called)
  const form: ScalarForm = () => {
    throw new QueryError('GENERIC_INTERNAL_ERROR', `The function ${name} was not put in place`, { at: node.at })
  }
  const types = parameters.map(({ type }) => type)
  analysis.inline.set(name, [
    ...before,
    { definition: definitionOf(name, types, returns, form), call: (args) => inlined(body(), args, skipsNull, node) },
  ])
}

function returnedValue({ body, characteristics }: ast.InlineFunction): ast.Expression {
  const language = characteristics.find((item) => item.kind === 'language')?.language
  if (body.kind === 'definition') {
    const named = language ? spelling(language) : 'SQL'
    throw new QueryError('NOT_SUPPORTED', `Unsupported function language: ${named}`, { at: language?.at ?? body.at })
  }
  if (language && lower(language.value) !== 'sql') {
    throw new QueryError('SYNTAX_ERROR', "Only functions using language 'SQL' may be defined using SQL", { at: body.at })
  }
  const security = characteristics.find((item) => item.kind === 'security')
  if (security) throw new QueryError('NOT_SUPPORTED', 'Security mode not supported for inline functions', { at: security.at })
  switch (body.kind) {
    case 'return':
      return body.value
    case 'other':
      throw new QueryError('SYNTAX_ERROR', 'Function body must start with RETURN or BEGIN', { at: body.at })
    case 'block':
      throw new QueryError('NOT_SUPPORTED', 'Functions of more than one RETURN are not supported', { at: body.at })
  }
}

interface Parameter {
  readonly name: string
  readonly type: Type
}

function parametersOf(node: ast.InlineFunction): readonly Parameter[] {
  const known = new Set<string>()
  return node.parameters.map(({ name, type, at }) => {
    if (!name) throw new QueryError('INVALID_ARGUMENTS', 'Function parameters must have a name', { at })
    const parameter = lower(name.value)
    if (known.has(parameter)) throw new QueryError('INVALID_ARGUMENTS', `Duplicate function parameter name: ${parameter}`, { at })
    known.add(parameter)
    return { name: parameter, type: typeOf(type, at) }
  })
}

function typeOf(written: ast.TypeName, at: ast.InlineFunction['at']): Type {
  try {
    return resolveType(written, at)
  } catch (error) {
    if (!(error instanceof QueryError) || error.errorName !== 'TYPE_NOT_FOUND') throw error
    throw new QueryError('TYPE_MISMATCH', error.message.replace(/^line \d+:\d+: /, ''), { at })
  }
}

function analyzeBody(node: ast.InlineFunction, value: ast.Expression, columns: readonly Column[], returns: Type, analysis: Analysis): Expr {
  const context: ExprContext = {
    analysis: {
      ...analysis,
      subquery: () => {
        throw new QueryError('NOT_SUPPORTED', 'Queries are not allowed in functions', { at: positionOf(value) })
      },
    },
    scope: { fields: [], parent: undefined, named: new Map() },
    lambda: { parameters: new Map(columns.map((column) => [column.name, column])), parent: undefined },
    calls: scalarCallsOnly('Function', value),
    collector: undefined,
  }
  const expr = analyze(node, value, context)
  if (!canCoerce(expr.type, returns)) {
    const message = `Value of RETURN must evaluate to ${formatType(returns)} (actual: ${formatType(expr.type)})`
    throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(value) })
  }
  return coerce(expr, returns)
}

/** A function knows those before it, not itself. */
function analyze(node: ast.InlineFunction, value: ast.Expression, context: ExprContext): Expr {
  const [name] = node.name.parts
  try {
    return analyzeExpression(value, context)
  } catch (error) {
    const own = error instanceof QueryError && name && error.message.includes(`Function '${lower(name.value)}' not registered`)
    if (!own) throw error
    throw new QueryError('NOT_SUPPORTED', `Recursive language functions are not supported: ${lower(name.value)}`, { at: node.at })
  }
}

const isDeterministic = (expr: Expr): boolean => !someExpr(expr, (part) => part.kind === 'call' && !part.function.deterministic)

function checkDeterminism(node: ast.InlineFunction, body: Expr): void {
  const declared = node.characteristics.find((item) => item.kind === 'deterministic')
  if (!declared || declared.deterministic === isDeterministic(body)) return
  const message = declared.deterministic
    ? 'Non-deterministic function declared DETERMINISTIC'
    : 'Deterministic function declared NOT DETERMINISTIC'
  throw new QueryError('INVALID_ARGUMENTS', message, { at: node.at })
}

function definitionOf(name: string, types: readonly Type[], returns: Type, form: ScalarForm): FunctionDefinition {
  return {
    name,
    kind: 'scalar',
    description: '',
    signature: {
      name,
      constraints: new Map(),
      parameters: types.map((type) => ({ kind: 'type', type })),
      variadic: false,
      generic: false,
      result: { kind: 'type', type: returns },
      parameterTexts: types.map(formatType),
      resultText: formatType(returns),
    },
    resultType: undefined,
    deterministic: true,
    strict: false,
    form,
  }
}

function inlined(
  { columns, expr }: { readonly columns: readonly Column[]; readonly expr: Expr },
  args: readonly Expr[],
  skipsNull: boolean,
  node: ast.InlineFunction,
): Expr {
  const byId = new Map(columns.map((column, index) => [column.id, args[index] as Expr]))
  const uses = new Map<number, number>()
  walkExpr(expr, (part) => {
    if (part.kind === 'lambda-ref') uses.set(part.id, (uses.get(part.id) ?? 0) + 1)
  })
  for (const { id } of columns) {
    const arg = byId.get(id) as Expr
    // Put in twice it would be drawn twice, and a subquery run twice.
    const repeated = (uses.get(id) ?? 0) + (skipsNull ? 1 : 0) > 1
    if (repeated && (!isDeterministic(arg) || someExpr(arg, (part) => planOfExpr(part) !== undefined))) {
      throw new QueryError('NOT_SUPPORTED', 'A function that uses a parameter twice is not supported over random values and subqueries', {
        at: node.at,
      })
    }
  }
  const body = mapExpr(expr, (part) => (part.kind === 'lambda-ref' ? (byId.get(part.id) ?? part) : part))
  if (!skipsNull || args.length === 0) return body
  const missing: Expr[] = args.map((value) => ({ kind: 'is-null', type: BOOLEAN, value }))
  const anyMissing: Expr = missing.length === 1 ? (missing[0] as Expr) : { kind: 'logical', type: BOOLEAN, operator: 'or', terms: missing }
  return { kind: 'case', type: body.type, operand: undefined, whens: [caseBranch(anyMissing, literal(body.type, null))], otherwise: body }
}
