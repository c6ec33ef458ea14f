/** Typed expressions as the kernel's SQL. The text computes the stored form of the expression's type. */
import { type Position, QueryError, unreachable } from '#src/common/errors'
import type { CallTypes, LambdaForm } from '#src/functions/function'
import { expansionOf } from '#src/functions/macros/expansion'
import { forKernelTry, withoutErrors } from '#src/functions/macros/index'
import { hasSubquery, isDeterministic, mayFail } from '#src/logical/expr-properties'
import { walkExpr } from '#src/logical/expr-walk'
import type { Call, Case, Cast, ColumnRef, Expr, InList, Lambda, LambdaRef, NullIf, Try } from '#src/logical/expression'
import { sameType } from '#src/types/format'
import { formatDecimal } from '#src/types/format-value'
import { canonicalJson } from '#src/types/json'
import { tryParseLiteral } from '#src/types/literal'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { fieldName, literalText, storedType } from '../representation.ts'
import { printCast } from './cast.ts'
import { printComparison, printEqual, printIdentical } from './compare.ts'
import { isDecimalArithmetic, printDecimal } from './decimal.ts'
import type { ExpressionContext } from './expression-context.ts'
import { printLike } from './like.ts'
import { printInSubquery, printQuantified } from './subquery.ts'

/** @throws NOT_SUPPORTED with the call's position for what the kernel has no right form of */
export function printExpr(expr: Expr, context: ExpressionContext): string {
  const print = (inner: Expr) => printExpr(inner, context)
  switch (expr.kind) {
    case 'literal':
      return literalText(expr.value, expr.type)
    case 'column':
      return context.parameters?.get(expr.id) ?? `c${expr.id}`
    case 'lambda-ref':
      return context.parameters?.get(expr.id) ?? lambdaName(expr.id)
    case 'call':
      return isDecimalArithmetic(expr) ? printDecimal(expr, context, print).sql : printCall(expr, context)
    case 'cast':
      return printCastExpr(expr, context)
    case 'comparison':
      return once([expr.left, expr.right], context, ([left = '', right = '']) =>
        printComparison(expr.operator, left, right, expr.left.type, { left: constantOf(expr.left), right: constantOf(expr.right) }),
      )
    case 'distinct-from':
      return once([expr.left, expr.right], context, ([left = '', right = '']) => {
        const identical = printIdentical(left, right, expr.left.type)
        return expr.negated ? identical : `(NOT ${identical})`
      })
    case 'between':
      return once([expr.value, expr.low, expr.high], context, ([value = '', low = '', high = '']) => {
        const { type } = expr.value
        const from = printComparison('>=', value, low, type, { left: constantOf(expr.value), right: constantOf(expr.low) })
        const to = printComparison('<=', value, high, type, { left: constantOf(expr.value), right: constantOf(expr.high) })
        return `(${from} AND ${to})`
      })
    case 'in-list':
      return printInList(expr, context)
    case 'like':
      return printLike(expr, print, constantOf)
    case 'is-null':
      return `(${print(expr.value)} IS NULL)`
    case 'logical':
      return `(${expr.terms.map(print).join(` ${expr.operator.toUpperCase()} `)})`
    case 'not':
      return `(NOT ${print(expr.value)})`
    case 'case':
      return printCase(expr, context)
    case 'coalesce':
      return `coalesce(${expr.args.map(print).join(', ')})`
    case 'nullif':
      return printNullIf(expr, context)
    case 'try':
      return printTry(expr, context)
    case 'row':
      return `struct_pack(${expr.fields.map((field, index) => `${fieldName(index)} := ${print(field)}`).join(', ')})`
    case 'array':
      return `CAST([${expr.items.map(print).join(', ')}] AS ${storedType(expr.type)})`
    case 'field':
      return `(${print(expr.base)}).${fieldName(expr.index)}`
    case 'lambda':
      return printLambda(expr, context)
    case 'scalar-subquery':
      return `(${context.printSubquery(expr.plan)})`
    case 'exists':
      return `EXISTS (${context.printSubquery(expr.plan)})`
    case 'in-subquery':
      return once([expr.value], context, ([value = '']) => printInSubquery(value, expr.value.type, context.printSubquery(expr.plan)))
    case 'quantified':
      return once([expr.value], context, ([value = '']) => printQuantified(expr, value, context.printSubquery(expr.plan)))
  }
  return unreachable(expr)
}

/** The condition of a filter, whose terms keep a row only where they are true. */
export function printPredicate(expr: Expr, context: ExpressionContext): string {
  if (expr.kind === 'logical' && expr.operator === 'and')
    return `(${expr.terms.map((term) => printPredicate(term, context)).join(' AND ')})`
  if (expr.kind !== 'in-subquery') return printExpr(expr, context)
  return once([expr.value], context, ([value = '']) => printInSubquery(value, expr.value.type, context.printSubquery(expr.plan), 'filter'))
}

const lambdaName = (id: number) => `p${id}`

/**
 * Texts that are longer than this, macros expanded, are bound to a name instead of being repeated: forms and macros repeat
 * their arguments, and calls nest.
 */
const MAX_REPEATED_LENGTH = 2000

/**
 * Prints with arguments that `form` may repeat. What is random, runs a subquery or is long gets a name by a list of one;
 * columns and short texts are repeated, and the kernel computes equal texts once.
 */
function once(args: readonly Expr[], context: ExpressionContext, form: (texts: readonly string[]) => string): string {
  const texts = args.map((arg) => printExpr(arg, context))
  const mustBind = args.map((arg, index) => arg.kind !== 'lambda' && isCostly(arg, texts[index] as string))
  if (!mustBind.includes(true)) return form(texts)
  // A form that uses its arguments once needs no names.
  const marks = texts.map((_, index) => `weir_arg_${index}_`)
  const marked = form(texts.map((text, index) => (mustBind[index] ? (marks[index] as string) : text)))
  const { uses } = expansionOf(marked, marks)
  const repeated = mustBind.map((bind, index) => bind && (uses[index] as number) > 1)
  if (!repeated.includes(true)) return texts.reduce((sql, text, index) => sql.replaceAll(marks[index] as string, () => text), marked)
  const name = `o${nextName(texts)}`
  const packed = texts.flatMap((text, index) => (repeated[index] ? [`a${index} := ${text}`] : []))
  const body = texts.reduce(
    (sql, text, index) => sql.replaceAll(marks[index] as string, () => (repeated[index] ? `(${name}.a${index})` : text)),
    marked,
  )
  return `list_transform([struct_pack(${packed.join(', ')})], lambda ${name}: ${body})[1]`
}

/** One more than the deepest name inside, so that names of nested bindings differ. */
function nextName(texts: readonly string[]): number {
  let deepest = 0
  for (const text of texts) for (const match of text.matchAll(/\blambda o(\d+):/g)) deepest = Math.max(deepest, Number(match[1]))
  return deepest + 1
}

/** Functions in JavaScript and macros whose expansion is long: repeating their calls is slow. */
const LONG_MACROS = /weir_(?:json_|is_json|instant|text_to_zoned|text_to_timestamp)\w*\(/

function isCostly(arg: Expr, text: string): boolean {
  return (
    LONG_MACROS.test(text) ||
    text.length > MAX_REPEATED_LENGTH ||
    !isDeterministic(arg) ||
    hasSubquery(arg) ||
    expansionOf(text).length > MAX_REPEATED_LENGTH
  )
}

function printCall(expr: Call, context: ExpressionContext): string {
  const types = callTypes(expr.args, expr.type, expr.at, context)
  try {
    return once(expr.args, context, (texts) => expr.function.form(texts, types))
  } catch (error) {
    throw located(error, expr.at)
  }
}

/** An error of a form, at the call's place. */
function located(error: unknown, at: Position | undefined): unknown {
  if (!(error instanceof QueryError) || error.at !== undefined || at === undefined) return error
  return new QueryError(error.errorName, error.message, { at, hint: error.hint, cause: error })
}

/** What the form of a scalar, aggregate or window call may know of it. */
export function callTypes(args: readonly Expr[], result: Type, at: Position | undefined, context: ExpressionContext): CallTypes {
  return {
    arguments: args.map((arg) => arg.type),
    result,
    zone: context.zone,
    now: context.now,
    constants: args.map(constantOf),
    lambdas: args.map((arg) => (arg.kind === 'lambda' ? lambdaForm(arg, context) : undefined)),
    at,
    kernel: context.forms,
  }
}

function lambdaForm(lambda: Lambda, context: ExpressionContext): LambdaForm {
  const captured = captures(lambda)
  return {
    body: (texts, capturedTexts) => {
      const parameters = new Map(context.parameters)
      lambda.parameters.forEach((parameter, index) => {
        parameters.set(parameter.id, texts[index] ?? 'NULL')
      })
      captured.forEach((reference, index) => {
        const text = capturedTexts?.[index]
        if (text !== undefined) parameters.set(reference.id, text)
      })
      return printExpr(lambda.body, { ...context, parameters })
    },
    captures: captured.map((reference) => printExpr(reference, context)),
    suffix: String(lambda.parameters[0]?.id ?? ''),
  }
}

/** The columns and the parameters of outer lambdas that a lambda's body reads. */
function captures(lambda: Lambda): readonly (ColumnRef | LambdaRef)[] {
  const inside = new Set<number>()
  const found = new Map<number, ColumnRef | LambdaRef>()
  walkExpr(lambda, (part) => {
    if (part.kind === 'lambda') for (const { id } of part.parameters) inside.add(id)
    if (part.kind === 'column' || part.kind === 'lambda-ref') found.set(part.id, part)
  })
  return [...found.values()].filter(({ id }) => !inside.has(id))
}

function printLambda(lambda: Lambda, context: ExpressionContext): string {
  return `lambda ${lambda.parameters.map(({ id }) => lambdaName(id)).join(', ')}: ${printExpr(lambda.body, context)}`
}

/** The value of a literal or an array of literals, through casts that can be told here; undefined for everything else. */
function constantOf(expr: Expr): Value | undefined {
  if (expr.kind === 'literal') return expr.value
  if (expr.kind === 'array') {
    const items = expr.items.map(constantOf)
    return items.includes(undefined) ? undefined : (items as Value[])
  }
  if (expr.kind !== 'cast') return undefined
  const value = constantOf(expr.value)
  return value === undefined ? undefined : castConstant(value, expr.value.type, expr.type)
}

function castConstant(value: Value, from: Type, to: Type): Value | undefined {
  if (value === null) return null
  if (from.kind === 'varchar') return parsedConstant(value as string, to)
  if (from.kind === 'array' && to.kind === 'array') {
    const items = (value as readonly Value[]).map((item) =>
      sameType(from.element, to.element) ? item : castConstant(item, from.element, to.element),
    )
    return items.includes(undefined) ? undefined : (items as Value[])
  }
  if (from.kind === 'decimal' && to.kind === 'double') return Number(formatDecimal(value as bigint, from.scale))
  if (isIntegerType(from) && to.kind === 'decimal') {
    const unscaled = (value as bigint) * 10n ** BigInt(to.scale)
    return unscaled < 10n ** BigInt(to.precision) && -unscaled < 10n ** BigInt(to.precision) ? unscaled : undefined
  }
  return isIntegerType(from) && isIntegerType(to) && BigInt.asIntN(bitsOf(to), value as bigint) === value ? value : undefined
}

const INTEGER_BITS = new Map([
  ['tinyint', 8],
  ['smallint', 16],
  ['integer', 32],
  ['bigint', 64],
])
const isIntegerType = (type: Type) => INTEGER_BITS.has(type.kind)
const bitsOf = (type: Type) => INTEGER_BITS.get(type.kind) ?? 0

/** Types whose literals are worth reading here: a failing cast of a constant would keep the kernel from pruning by it. */
function parsedConstant(text: string, to: Type): Value | undefined {
  switch (to.kind) {
    case 'varchar':
    case 'char':
    case 'date':
    case 'timestamp':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'double':
      return tryParseLiteral(text, to)
    default:
      return undefined
  }
}

function printCastExpr(expr: Cast, context: ExpressionContext): string {
  const constant = constantOf(expr)
  if (constant !== undefined && constant !== null) return literalText(constant, expr.type)
  const parsed = parsedJson(expr)
  try {
    return once([parsed ?? expr.value], context, ([value = '']) => printCast(value, expr.value.type, expr.type, context, expr.safe))
  } catch (error) {
    throw located(error, expr.at)
  }
}

/**
 * The text below `CAST(json_parse(text) AS array(…))`: such a cast reads it itself, and fails as a cast. A constant is
 * parsed here where it can be.
 */
function parsedJson({ value, type }: Cast): Expr | undefined {
  if (value.kind !== 'call' || value.function.name !== 'json_parse') return undefined
  if (type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'row') return undefined
  const text = value.args[0]
  return text?.kind === 'literal' && canonicalJson(String(text.value)) !== undefined ? undefined : text
}

/** Types that the kernel's IN and simple CASE compare as Trino does. */
function comparesNatively(type: Type): boolean {
  return printEqual('a', 'b', type) === '(a = b)'
}

function printInList(expr: InList, context: ExpressionContext): string {
  const { type } = expr.value
  const numbers = (type.kind === 'double' || type.kind === 'real') && expr.items.every((item) => constantOf(item) !== undefined)
  if (comparesNatively(type) || numbers) {
    return `(${printExpr(expr.value, context)} IN (${expr.items.map((item) => printExpr(item, context)).join(', ')}))`
  }
  return once(
    [expr.value, ...expr.items],
    context,
    ([value = '', ...items]) => `(${items.map((item) => printEqual(value, item, type)).join(' OR ')})`,
  )
}

function printCase(expr: Case, context: ExpressionContext): string {
  const print = (inner: Expr) => printExpr(inner, context)
  const { operand } = expr
  if (operand === undefined) {
    const whens = expr.whens.map(({ when, then }) => `WHEN ${print(when)} THEN ${print(then)}`)
    return `CASE ${whens.join(' ')} ELSE ${print(expr.otherwise)} END`
  }
  return once([operand], context, ([value = '']) => {
    const whens = expr.whens.map(({ when, then }) => `WHEN ${printEqual(value, print(when), operand.type)} THEN ${print(then)}`)
    return `CASE ${whens.join(' ')} ELSE ${print(expr.otherwise)} END`
  })
}

function printNullIf(expr: NullIf, context: ExpressionContext): string {
  return once([expr.left, expr.right], context, ([left = '', right = '']) => {
    const as = (text: string, type: Type) =>
      sameType(type, expr.comparedAs) ? text : printCast(text, type, expr.comparedAs, context, false)
    const equal = printEqual(as(left, expr.left.type), as(right, expr.right.type), expr.comparedAs)
    return `CASE WHEN ${equal} THEN NULL ELSE ${left} END`
  })
}

/**
 * TRY: where NULL passes through to the top, every error that our SQL raises gives NULL instead, and the kernel's own TRY
 * takes what the kernel raises. Elsewhere the kernel's takes all, which it does row by row once a batch has failed.
 */
function printTry(expr: Try, context: ExpressionContext): string {
  // A subquery is evaluated before the expression that it stands in; its errors are not TRY's.
  if (!mayFail(expr.value) || expr.value.kind === 'scalar-subquery') return printExpr(expr.value, context)
  if (!isDeterministic(expr.value) || hasSubquery(expr.value)) {
    throw new QueryError('NOT_SUPPORTED', 'TRY over this expression is not supported')
  }
  const sql = printExpr(expr.value, context)
  return `TRY(${passesNull(expr.value) ? withoutErrors(sql) : forKernelTry(sql)})`
}

/** Whether a NULL in place of any part that may fail makes the whole NULL. */
function passesNull(expr: Expr): boolean {
  const harmless = (inner: Expr) => !mayFail(inner) || passesNull(inner)
  switch (expr.kind) {
    case 'call':
      return expr.function.strict && expr.args.every((arg) => arg.kind !== 'lambda' && harmless(arg))
    case 'cast':
    case 'field':
      return harmless(expr.kind === 'cast' ? expr.value : expr.base)
    case 'comparison':
      return harmless(expr.left) && harmless(expr.right)
    case 'not':
      return harmless(expr.value)
    case 'case': {
      const conditions = [...(expr.operand === undefined ? [] : [expr.operand]), ...expr.whens.map((when) => when.when)]
      return !conditions.some(mayFail) && [...expr.whens.map((when) => when.then), expr.otherwise].every(harmless)
    }
    default:
      return !mayFail(expr)
  }
}
