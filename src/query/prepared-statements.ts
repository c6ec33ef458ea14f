/** Prepared statements: their text comes with each request; `?` gets its value from USING. */
import type { AnalysisContext, TypedParameter } from '#src/analyze/context'
import { positionOf } from '#src/analyze/positions'
import { analyzeQuery } from '#src/analyze/query'
import { type Position, QueryError } from '#src/common/errors'
import type { Expr } from '#src/logical/expression'
import { optimize } from '#src/optimize/optimizer'
import type * as ast from '#src/sql/ast'
import { parseStatement } from '#src/sql/parser/parse'
import { BIGINT, type Type, UNKNOWN } from '#src/types/type'
import type { ClientSession } from './client-session.ts'

/** The session inside of a prepared statement: without it, for one that named itself would never end. */
export function sessionInside(name: ast.Identifier, session: ClientSession): ClientSession {
  return { ...session, prepared: new Map([...session.prepared].filter(([other]) => other !== name.value)) }
}

/** @throws NOT_FOUND, and what the parser throws of its text */
export function preparedStatement(name: ast.Identifier, session: ClientSession): ast.Statement {
  const text = session.prepared.get(name.value)
  if (text === undefined) throw new QueryError('NOT_FOUND', `Prepared statement not found: ${name.value}`)
  const statement = parseStatement(text)
  // The text is the client's: nothing says that PREPARE has seen it.
  checkPreparable(statement)
  return statement
}

/** The statement that EXECUTE IMMEDIATE holds, its places those in the whole text. @throws what the parser throws of it */
export function immediateStatement({ text }: Extract<ast.Statement, { kind: 'execute-immediate' }>): ast.Statement {
  const statement = parseInside(text)
  checkPreparable(statement)
  return moved(statement, text.at) as ast.Statement
}

function parseInside({ value, at: base }: ast.StringLiteral): ast.Statement {
  try {
    return parseStatement(value)
  } catch (error) {
    if (!(error instanceof QueryError) || error.at === undefined) throw error
    // As Trino has it: all lines are moved to the right where the text begins on the first one, none elsewhere.
    const at = { line: error.at.line + base.line - 1, column: error.at.column + (base.line === 1 ? base.column : 0) }
    throw new QueryError(error.errorName, error.withoutPlace().message, { at, hint: error.hint, cause: error })
  }
}

/** The place of what stands at `inner` in a string literal at `base`, as long as the literal has no doubled quotes before. */
const place = (inner: Position, base: Position): Position => ({
  line: inner.line + base.line - 1,
  column: inner.line === 1 ? inner.column + base.column : inner.column,
})

function moved(node: unknown, base: Position): unknown {
  if (Array.isArray(node)) return node.map((item) => moved(item, base))
  if (typeof node !== 'object' || node === null) return node
  const { line, column } = node as Partial<Position>
  if (line !== undefined && column !== undefined) return place({ line, column }, base)
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, moved(part, base)]))
}

/** @throws NOT_SUPPORTED for statements about prepared statements, which cannot be prepared themselves */
export function checkPreparable(statement: ast.Statement): void {
  switch (statement.kind) {
    case 'prepare':
    case 'execute':
    case 'execute-immediate':
    case 'deallocate': {
      const name = statement.kind.replace('-', ' ').toUpperCase()
      throw new QueryError('NOT_SUPPORTED', `Invalid statement type for prepared statement: ${name}`)
    }
  }
}

/** A statement with values for its `?`. */
export interface BoundStatement {
  readonly statement: ast.Statement
  readonly parameters: readonly TypedParameter[]
}

/**
 * Gives the `?` of a statement what USING says. Constants become values; what is no constant before the query runs (an
 * array of calls, say) takes the place of its `?` as it is written.
 * @throws INVALID_PARAMETER_USAGE when their number differs, and what the analysis says of an argument
 */
export function bindParameters(
  statement: ast.Statement,
  given: readonly ast.Expression[],
  at: Position,
  session: AnalysisContext['session'],
): BoundStatement {
  const expected = parametersOf(statement).length
  if (expected !== given.length) {
    throw new QueryError('INVALID_PARAMETER_USAGE', `Incorrect number of parameters: expected ${expected} but found ${given.length}`, {
      at,
    })
  }
  const values = given.map((argument) => constantOf(argument, session))
  const bound = values.includes(undefined) ? (replaceParameters(statement, given, values) as ast.Statement) : statement
  return { statement: bound, parameters: values.map((value) => value ?? { type: UNKNOWN, value: null }) }
}

/** Tables of no name: an argument of USING is a constant expression. */
const NO_TABLES: AnalysisContext['tables'] = {
  find: () => undefined,
  hasCatalog: () => false,
  hasSchema: () => false,
  tableNames: () => [],
}

/** The value of an expression that names no column; undefined when it cannot be told without running it. */
export function constantOf(argument: ast.Expression, session: AnalysisContext['session']): TypedParameter | undefined {
  const at = positionOf(argument)
  const query: ast.Query = {
    kind: 'query',
    functions: [],
    with: undefined,
    // Within a row, or an argument that is one would be taken for the row of the table.
    body: { kind: 'values', rows: [{ kind: 'row', fields: [{ name: undefined, value: argument }], at }], at },
    orderBy: [],
    offset: undefined,
    limit: undefined,
    at,
  }
  const context: AnalysisContext = { tables: NO_TABLES, catalogName: '', defaultSchema: undefined, session, parameters: [] }
  const { root } = optimize(analyzeConstant(query, context, at)).plan
  const value = root.kind === 'values' && root.rows.length === 1 ? root.rows[0]?.[0] : undefined
  return value === undefined ? undefined : constantValue(value)
}

function analyzeConstant(query: ast.Query, context: AnalysisContext, at: Position): ReturnType<typeof analyzeQuery> {
  try {
    return analyzeQuery(query, context)
  } catch (error) {
    if (!(error instanceof QueryError) || error.errorName !== 'COLUMN_NOT_FOUND') throw error
    throw new QueryError('EXPRESSION_NOT_CONSTANT', 'Constant expression cannot contain column references', { at, cause: error })
  }
}

/** A literal, an array of literals, or a map of two such arrays. */
function constantValue(expr: Expr): TypedParameter | undefined {
  if (expr.kind === 'literal') return { type: expr.type, value: expr.value }
  if (expr.kind === 'call' && expr.function.name === 'map') return constantMap(expr)
  if (expr.kind !== 'array') return undefined
  const items = expr.items.map(constantValue)
  return items.includes(undefined) ? undefined : { type: expr.type, value: items.map((item) => item?.value ?? null) }
}

function constantMap({ type, args }: Extract<Expr, { kind: 'call' }>): TypedParameter | undefined {
  const [keys, values] = args.map((argument) => constantValue(argument)?.value)
  if (!Array.isArray(keys) || !Array.isArray(values) || keys.length !== values.length) return undefined
  const texts = new Set(keys.map(String))
  // Keys that are NULL or come twice are an error of the map's own.
  if (keys.includes(null) || texts.size < keys.length) return undefined
  return { type, value: { entries: keys.map((key, index) => [key, values[index] ?? null]) } }
}

function replaceParameters(node: unknown, given: readonly ast.Expression[], values: readonly (TypedParameter | undefined)[]): unknown {
  if (Array.isArray(node)) return node.map((item) => replaceParameters(item, given, values))
  if (typeof node !== 'object' || node === null) return node
  const { kind, index } = node as { readonly kind?: string; readonly index?: number }
  if (kind === 'parameter' && index !== undefined) return values[index] === undefined ? given[index] : node
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, replaceParameters(part, given, values)]))
}

/** Types of the `?` in the order of the text, as far as their place alone tells them: counts of rows are bigint. */
export function parameterTypes(statement: ast.Statement): readonly Type[] {
  return parametersOf(statement)
    .toSorted((a, b) => a.index - b.index)
    .map(({ countsRows }) => (countsRows ? BIGINT : UNKNOWN))
}

/** Stand-ins for values that are not known yet, so that types of the output can be told. */
export function unknownParameters(statement: ast.Statement): readonly TypedParameter[] {
  return parameterTypes(statement).map((type) => ({ type, value: type === BIGINT ? 1n : null }))
}

interface FoundParameter {
  readonly index: number
  readonly countsRows: boolean
}

function parametersOf(node: unknown, countsRows = false): readonly FoundParameter[] {
  if (Array.isArray(node)) return node.flatMap((item) => parametersOf(item))
  if (typeof node !== 'object' || node === null) return []
  const { kind, index } = node as { readonly kind?: string; readonly index?: number }
  if (kind === 'parameter' && index !== undefined) return [{ index, countsRows }]
  const isLimit = kind === 'limit' || kind === 'fetch'
  return Object.entries(node).flatMap(([key, part]) =>
    parametersOf(part, (isLimit && key === 'count') || (kind === 'query' && key === 'offset')),
  )
}
