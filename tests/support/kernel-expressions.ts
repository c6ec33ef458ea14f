/** Builds typed expressions by hand and runs their printed SQL on the kernel's engine. */

import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { QueryError } from '#src/common/errors'
import { bindFunction, bindOperator, comparisonType } from '#src/functions/bind'
import { COMPUTED_FUNCTIONS } from '#src/functions/computed/all'
import { MACROS } from '#src/functions/macros/index'
import type { OperatorName } from '#src/functions/operators'
import type { ArgumentType } from '#src/functions/signature'
import { kernelForms } from '#src/kernel/forms'
import { translateKernelError } from '#src/kernel/kernel-errors'
import { callTypes, printExpr } from '#src/kernel/print/expression'
import type { ExpressionContext } from '#src/kernel/print/expression-context'
import { registerComputedFunctions } from '#src/kernel/process/computed-functions'
import { jsonForm } from '#src/kernel/representation'
import type { Column, ComparisonOperator, Expr } from '#src/logical/expression'
import { formatType, parseType, sameType } from '#src/types/format'
import { decimalLiteral, parseLiteral, timestampLiteral } from '#src/types/literal'
import { array, BIGINT, BOOLEAN, DOUBLE, INTEGER, row, type Type, UNKNOWN, varchar } from '#src/types/type'

export interface LambdaInput {
  readonly kind: 'lambda-input'
  readonly body: (...parameters: Expr[]) => Expr
}
export type Input = Expr | LambdaInput | string | bigint | number | boolean | null

let nextId = 1000

/** Strings are varchar(n), bigints integer or bigint, numbers double, as their literals are in SQL. */
export function lit(input: Exclude<Input, LambdaInput>): Expr {
  if (input === null) return { kind: 'literal', type: UNKNOWN, value: null }
  if (typeof input === 'string') return { kind: 'literal', type: varchar([...input].length), value: input }
  if (typeof input === 'bigint') return { kind: 'literal', type: BigInt.asIntN(32, input) === input ? INTEGER : BIGINT, value: input }
  if (typeof input === 'number') return { kind: 'literal', type: DOUBLE, value: input }
  if (typeof input === 'boolean') return { kind: 'literal', type: BOOLEAN, value: input }
  return input
}

/** A constant by its type's text: `value('date', '2020-01-01')`. */
export function value(type: string, text: string | null): Expr {
  const parsed = parseType(type)
  return { kind: 'literal', type: parsed, value: text === null ? null : parseLiteral(text, parsed) }
}
/** `timestamp '…'`, with the precision and zone of its text. */
export const ts = (text: string): Expr => ({ kind: 'literal', ...timestampLiteral(text) })
/** `1.50`. */
export const dec = (text: string): Expr => ({ kind: 'literal', ...decimalLiteral(text) })
export const nul = (type: string): Expr => value(type, null)
export const lambda = (body: LambdaInput['body']): LambdaInput => ({ kind: 'lambda-input', body })

export function castTo(input: Exclude<Input, LambdaInput>, type: string | Type, safe = false): Expr {
  const expr = lit(input)
  const target = typeof type === 'string' ? parseType(type) : type
  return sameType(expr.type, target) ? expr : { kind: 'cast', type: target, value: expr, safe }
}
export const arr = (...items: Exclude<Input, LambdaInput>[]): Expr => {
  const exprs = items.map(lit)
  const typed = exprs.find((item) => item.type.kind !== 'unknown')
  const element = typed?.type.kind === 'varchar' ? varchar() : (typed?.type ?? UNKNOWN)
  return { kind: 'array', type: array(element), items: exprs.map((item) => castTo(item, element)) }
}
export const tuple = (...fields: Exclude<Input, LambdaInput>[]): Expr => {
  const exprs = fields.map(lit)
  return { kind: 'row', type: row(exprs.map((field) => ({ name: undefined, type: field.type }))), fields: exprs }
}

/** As the analyzer throws it. */
const wrongArity = (wanted: number, given: number) =>
  new QueryError('INVALID_PARAMETER_USAGE', `Expected a lambda that takes ${wanted} argument(s) but got ${given}`)

export function call(name: string, ...inputs: Input[]): Expr {
  const bodies = new Map<LambdaInput, { parameters: Column[]; body: Expr }>()
  const types = inputs.map((input): ArgumentType => {
    if (typeof input !== 'object' || input === null || input.kind !== 'lambda-input') return lit(input).type
    return {
      kind: 'lambda',
      analyze: (parameterTypes) => {
        if (parameterTypes.length !== input.body.length) throw wrongArity(parameterTypes.length, input.body.length)
        const parameters = parameterTypes.map((type): Column => ({ id: nextId++, name: 'x', type }))
        const body = input.body(...parameters.map((column): Expr => ({ kind: 'lambda-ref', type: column.type, id: column.id, name: 'x' })))
        bodies.set(input, { parameters, body })
        return body.type
      },
    }
  })
  const bound = bindFunction(name, types)
  if (bound.kind !== 'scalar') throw new TypeError(`${name} is not scalar`)
  const args = inputs.map((input, index): Expr => {
    const type = bound.argumentTypes[index] as Type
    if (typeof input !== 'object' || input === null || input.kind !== 'lambda-input') return castTo(input, type)
    const { parameters, body } = bodies.get(input) as { parameters: Column[]; body: Expr }
    const result = type.kind === 'function' ? type.result : body.type
    return { kind: 'lambda', type, parameters, body: castTo(body, result) }
  })
  return { kind: 'call', type: bound.type, function: bound, args }
}

export function op(name: OperatorName, ...inputs: Exclude<Input, LambdaInput>[]): Expr {
  const exprs = inputs.map(lit)
  const bound = bindOperator(
    name,
    exprs.map((expr) => expr.type),
  )
  return {
    kind: 'call',
    type: bound.type,
    function: bound,
    args: exprs.map((expr, index) => castTo(expr, bound.argumentTypes[index] as Type)),
  }
}

export function cmp(operator: ComparisonOperator, a: Exclude<Input, LambdaInput>, b: Exclude<Input, LambdaInput>): Expr {
  const [left, right] = [lit(a), lit(b)]
  const type = comparisonType(operator, left.type, right.type)
  return { kind: 'comparison', type: BOOLEAN, operator, left: castTo(left, type), right: castTo(right, type) }
}

export const column = (id: number, type: string): Expr => ({ kind: 'column', type: parseType(type), id, name: `c${id}` })

export interface AggregateOptions {
  readonly distinct?: boolean
  readonly orderBy?: string
  /** Further arguments, which are literals. */
  readonly literals?: readonly Expr[]
}

export interface ExpressionKernel {
  /** The value as clients get it in JSON; throws the QueryError that a user would see. */
  run(expr: Expr): Promise<unknown>
  /** The result's type and JSON text. */
  typed(expr: Expr): Promise<string>
  /** An aggregate over rows of arguments, grouped as a whole; `clauses` are DISTINCT and ORDER BY over `c1`, `c2` …. */
  aggregate(
    name: string,
    types: readonly string[],
    rows: readonly (readonly (string | null)[])[],
    clauses?: AggregateOptions,
  ): Promise<unknown>
  sql(text: string): Promise<unknown[][]>
  context: ExpressionContext
}

export async function openExpressionKernel(zone = 'UTC'): Promise<ExpressionKernel> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  registerComputedFunctions(
    (connection as unknown as { readonly connection: Parameters<typeof registerComputedFunctions>[0] }).connection,
    COMPUTED_FUNCTIONS,
  )
  for (const macro of MACROS) await connection.run(macro)
  const context: ExpressionContext = {
    zone,
    now: 1_577_880_000_123_456n,
    forms: kernelForms({ zone, now: 0n }),
    printSubquery: () => {
      throw new TypeError('no subqueries here')
    },
  }
  const ask = (sql: string) => askJson(connection, sql)
  return {
    context,
    run: (expr) => ask(`SELECT CAST(to_json(${jsonForm(printExpr(expr, context), expr.type)}) AS VARCHAR)`),
    typed: async (expr) =>
      `${formatType(expr.type)} ${JSON.stringify(await ask(`SELECT CAST(to_json(${jsonForm(printExpr(expr, context), expr.type)}) AS VARCHAR)`))}`,
    aggregate: async (name, types, rows, clauses = {}) => {
      const parsed = types.map((type) => parseType(type))
      const literals = clauses.literals ?? []
      const bound = bindFunction(name, [...parsed, ...literals.map((expr) => expr.type)])
      if (bound.kind === 'scalar') throw new TypeError(`${name} is scalar`)
      const constant = (text: string | null, type: Type) => ({
        kind: 'literal' as const,
        type,
        value: text === null ? null : parseLiteral(text, type),
      })
      const values = rows.map(
        (cells) => `(${cells.map((cell, index) => printExpr(constant(cell, parsed[index] as Type), context)).join(', ')})`,
      )
      const columns = parsed.map((type, index): Expr => ({ kind: 'column', type, id: index + 1, name: '' }))
      const args = [...columns, ...literals].map((arg, index) => castTo(arg, bound.argumentTypes[index] as Type))
      const texts = args.map((arg) => printExpr(arg, context))
      const form = bound.form(texts, callTypes(args, bound.type, undefined, context), {
        distinct: clauses.distinct ? 'DISTINCT ' : '',
        orderBy: clauses.orderBy === undefined ? '' : ` ORDER BY ${clauses.orderBy}`,
        suffix: '',
        nulls: '',
      })
      const names = parsed.map((_, index) => `c${index + 1}`)
      const from =
        types.length === 0
          ? `(VALUES ${rows.map(() => '(1)').join(', ')}) AS t(c1)`
          : `(VALUES ${values.join(', ')}) AS t(${names.join(', ')})`
      return ask(
        `SELECT CAST(to_json(${jsonForm('r', bound.type)}) AS VARCHAR) FROM (SELECT ${form} AS r FROM ${rows.length === 0 ? `(SELECT ${parsed.map((type, index) => `${printExpr(constant(null, type), context)} AS c${index + 1}`).join(', ')} WHERE false)` : from})`,
      )
    },
    sql: async (text) => (await connection.runAndReadAll(text)).getRowsJson(),
  }
}

/** The only value of a query as JSON, with integers beyond 2^53 as text. */
async function askJson(connection: DuckDBConnection, sql: string): Promise<unknown> {
  try {
    const reader = await connection.runAndReadAll(sql)
    const text = reader.getRows()[0]?.[0] as string | null
    if (text === null) return null
    return JSON.parse(text, (_key, parsed, context?: { source?: string }) =>
      typeof parsed === 'number' && context?.source !== undefined && !Number.isSafeInteger(parsed) && /^-?\d+$/.test(context.source)
        ? context.source
        : parsed,
    )
  } catch (error) {
    if (process.env.SHOW_KERNEL_SQL) console.error(sql, error)
    throw translateKernelError(error instanceof Error ? error.message : String(error))
  }
}

/** `NAME: message` of the error an expression fails with. */
export async function failureOf(run: () => unknown): Promise<string> {
  try {
    const result = await run()
    return `no error: ${JSON.stringify(result)}`
  } catch (error) {
    const { errorName, message } = error as QueryError
    return `${errorName}: ${message}`
  }
}
