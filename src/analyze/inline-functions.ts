/**
 * WITH FUNCTION: functions of SQL that a query brings along. They are put in the place of their calls: each call analyzes the
 * body anew, with the function's parameters standing as those of a lambda, and then replaces them by the arguments. Bodies of
 * more than one RETURN become an expression first (routine-expression.ts).
 */
import { QueryError } from '#src/common/errors'
import type { FunctionDefinition } from '#src/functions/definition'
import type { ScalarForm } from '#src/functions/function'
import { letFunction } from '#src/functions/routine'
import { caseBranch, literal } from '#src/logical/build'
import { mapExpr, planOfExpr, someExpr, walkExpr } from '#src/logical/expr-walk'
import type { Column, Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { BOOLEAN, type Type } from '#src/types/type'
import type { Analysis, ExprContext } from './analysis.ts'
import { analyzeExpression } from './expression.ts'
import { scalarCallsOnly } from './policy.ts'
import { positionOf } from './positions.ts'
import { analyzeRoutine } from './routine.ts'
import { routineExpression } from './routine-expression.ts'
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
  const written = checkedBody(node)
  const parameters = parametersOf(node)
  const returns = typeOf(node.returns, node.returnsAt)
  const before = analysis.inline.get(name) ?? []
  const body = (): { readonly columns: readonly Column[]; readonly expr: Expr } => {
    const columns = parameters.map((parameter) => analysis.ids.column(parameter.name, parameter.type))
    return { columns, expr: analyzeBody(node, written, columns, returns, analysis) }
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
    { definition: definitionOf(name, types, returns, form), call: (args) => inlined(body(), args, skipsNull) },
  ])
}

function checkedBody({ body, characteristics }: ast.InlineFunction): ast.RoutineReturn | ast.RoutineBlock {
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
    case 'block':
      return body
    case 'other':
      throw new QueryError('SYNTAX_ERROR', 'Function body must start with RETURN or BEGIN', { at: body.at })
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
    throw new QueryError('TYPE_MISMATCH', error.withoutPlace().message, { at })
  }
}

function analyzeBody(
  node: ast.InlineFunction,
  body: ast.RoutineReturn | ast.RoutineBlock,
  parameters: readonly Column[],
  returns: Type,
  analysis: Analysis,
): Expr {
  const column = analysis.ids.column
  const routine = analyzeRoutine(body, parameters, {
    returns,
    analyze: (value, variables) => {
      const context: ExprContext = {
        analysis: {
          ...analysis,
          subquery: () => {
            throw new QueryError('NOT_SUPPORTED', 'Queries are not allowed in functions', { at: positionOf(value) })
          },
        },
        scope: { fields: [], parent: undefined, named: new Map() },
        lambda: { parameters: variables, parent: undefined },
        calls: scalarCallsOnly('Function', value),
        collector: undefined,
      }
      return analyze(node, value, context)
    },
    type: typeOf,
    column,
  })
  const values = new Map(parameters.map(({ id, name, type }): [number, Expr] => [id, { kind: 'lambda-ref', type, id, name }]))
  return routineExpression(routine, values, returns, column)
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
  const declared = node.characteristics.find((item) => item.kind === 'deterministic')?.deterministic ?? true
  if (declared === isDeterministic(body)) return
  const message = declared ? 'Non-deterministic function declared DETERMINISTIC' : 'Deterministic function declared NOT DETERMINISTIC'
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
    hidden: false,
    form,
  }
}

function inlined(
  { columns, expr }: { readonly columns: readonly Column[]; readonly expr: Expr },
  args: readonly Expr[],
  skipsNull: boolean,
): Expr {
  const byId = new Map(columns.map((column, index) => [column.id, args[index] as Expr]))
  const uses = new Map<number, number>()
  walkExpr(expr, (part) => {
    if (part.kind === 'lambda-ref') uses.set(part.id, (uses.get(part.id) ?? 0) + 1)
  })
  const named: { readonly column: Column; readonly value: Expr }[] = []
  for (const column of columns) {
    const value = byId.get(column.id) as Expr
    // Put in twice it would be drawn twice, and a subquery run twice.
    const repeated = (uses.get(column.id) ?? 0) + (skipsNull ? 1 : 0) > 1
    if (!repeated || (isDeterministic(value) && !someExpr(value, (part) => planOfExpr(part) !== undefined))) continue
    named.push({ column, value })
    byId.delete(column.id)
  }
  const put = (part: Expr): Expr => (part.kind === 'lambda-ref' ? (byId.get(part.id) ?? part) : part)
  const refs = columns.map(({ id, name, type }): Expr => put({ kind: 'lambda-ref', type, id, name }))
  const body = withNulls(mapExpr(expr, put), skipsNull ? refs : [])
  return named.reduceRight(
    (inside, { column, value }): Expr => ({
      kind: 'call',
      type: inside.type,
      function: letFunction(value.type, inside.type),
      args: [
        value,
        { kind: 'lambda', type: { kind: 'function', parameters: [value.type], result: inside.type }, parameters: [column], body: inside },
      ],
    }),
    body,
  )
}

/** NULL where one of `args` is. */
function withNulls(body: Expr, args: readonly Expr[]): Expr {
  if (args.length === 0) return body
  const missing: Expr[] = args.map((value) => ({ kind: 'is-null', type: BOOLEAN, value }))
  const anyMissing: Expr = missing.length === 1 ? (missing[0] as Expr) : { kind: 'logical', type: BOOLEAN, operator: 'or', terms: missing }
  return { kind: 'case', type: body.type, operand: undefined, whens: [caseBranch(anyMissing, literal(body.type, null))], otherwise: body }
}
