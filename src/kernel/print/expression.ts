/** Typed expressions as the kernel's SQL. The text computes the stored form of the expression's type. */
import { type Position, QueryError, unreachable } from '#src/common/errors'
import type { CallTypes, LambdaForm } from '#src/functions/function'
import { forKernelTry } from '#src/functions/macros/index'
import { hasSubquery, isDeterministic } from '#src/logical/expr-properties'
import type {
  Call,
  Cast,
  Comparison,
  DistinctFrom,
  Expr,
  FieldAccess,
  InSubquery,
  Lambda,
  QuantifiedComparison,
} from '#src/logical/expression'
import { canonicalJson } from '#src/types/json'
import type { Type } from '#src/types/type'
import { fieldName, literalText, storedType } from '../representation.ts'
import { askedFirst, inOrder, nullWhere, once } from './argument-order.ts'
import { printCast } from './cast.ts'
import { printComparison, printIdentical } from './compare.ts'
import { printCase, printCoalesce, printNullIf, whereSidesAgree } from './conditional.ts'
import { constantOf } from './constant.ts'
import { isDecimalArithmetic, mostDigits, printDecimalOperation } from './decimal.ts'
import type { ExpressionContext } from './expression-context.ts'
import { freeReferences } from './free-references.ts'
import { printInList } from './in-list.ts'
import { printLike } from './like.ts'
import { printBetween, printLogical } from './logical.ts'
import { askedNull, decidingArguments, decidingOperands, mayRaise, overflowsAlways, printKernelTry } from './operand-order.ts'
import { mayHaveLambda } from './outer-columns.ts'
import { printInSubquery, printQuantified, type SubqueryUse } from './subquery.ts'
import { printTry } from './try.ts'
import { printWideComparison } from './wide-decimal.ts'

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
      return printCall(expr, context)
    case 'cast':
      return printCastExpr(expr, context)
    case 'comparison':
      return printCompared(expr, decidingOperands([expr.left, expr.right], context), context)
    case 'distinct-from':
      return printDistinctFrom(expr, context)
    case 'between':
      return printBetween(expr, context, printExpr)
    case 'in-list':
      return printInList(expr, context, printExpr)
    case 'like':
      return askedFirst([expr.value, expr.pattern], context, printExpr, printLike(expr, print, constantOf))
    case 'is-null':
      return `(${print(expr.value)} IS NULL)`
    case 'logical':
      return printLogical(expr, context, printExpr)
    case 'not':
      return `(NOT ${print(expr.value)})`
    case 'case':
      return printCase(expr, context, printExpr)
    case 'coalesce':
      return printCoalesce(expr.args, context, printExpr)
    case 'nullif':
      return printNullIf(expr, context, printExpr)
    case 'try':
      return printTry(expr, context, printExpr)
    case 'row': {
      const fields = expr.fields.map(print)
      // Below a subquery the kernel forgets the names of arguments when it binds a lambda a second time.
      if (fields.some(mayHaveLambda)) return `CAST(row(${fields.join(', ')}) AS ${storedType(expr.type)})`
      return `struct_pack(${fields.map((field, index) => `${fieldName(index)} := ${field}`).join(', ')})`
    }
    case 'array':
      return `CAST([${expr.items.map(print).join(', ')}] AS ${storedType(expr.type)})`
    case 'field':
      return printField(expr, context)
    case 'lambda':
      return printLambda(expr, context)
    case 'scalar-subquery':
      return `(${context.printSubquery(expr.plan)})`
    case 'exists':
      return `EXISTS (${context.printSubquery(expr.plan)})`
    case 'in-subquery':
    case 'quantified':
      return printLookup(expr, 'value', context)
  }
  return unreachable(expr)
}

/**
 * The condition of a filter, whose terms keep a row only where they are true.
 * @param overJoin the kernel may make a hash join of the filter's equalities, which keep their form for it
 * @param use what `expr` is: a condition of its own, or a value that others decide with
 */
export function printPredicate(expr: Expr, context: ExpressionContext, overJoin = false, use: SubqueryUse = 'filter'): string {
  switch (expr.kind) {
    case 'logical': {
      // The kernel computes a filter's terms only for rows that those before leave open.
      const terms = expr.terms.map((term) => printPredicate(term, context, overJoin, expr.operator === 'and' ? use : 'value'))
      return `(${terms.join(` ${expr.operator.toUpperCase()} `)})`
    }
    case 'in-subquery':
    case 'quantified':
      return printLookup(expr, use, context)
    case 'comparison':
      return expr.operator === '=' && overJoin ? printCompared(expr, [], context) : printExpr(expr, context)
    default:
      return printExpr(expr, context)
  }
}

function printLookup(expr: InSubquery | QuantifiedComparison, use: SubqueryUse, context: ExpressionContext): string {
  return once([expr.value], context, printExpr, ([value = '']) => {
    const select = context.printSubquery(expr.plan)
    return expr.kind === 'quantified' ? printQuantified(expr, value, select, use) : printInSubquery(value, expr.value.type, select, use)
  })
}

function printCompared(expr: Comparison, asked: readonly number[], context: ExpressionContext): string {
  const { operator, left, right } = expr
  const constants = { left: constantOf(left), right: constantOf(right) }
  const wide = printWideComparison(expr, context, (inner) => printExpr(inner, context))
  if (wide !== undefined) return wide
  const compared = inOrder([left, right], asked, context, printExpr, ([a = '', b = '']) =>
    printComparison(operator, a, b, left.type, constants),
  )
  return whereSidesAgree(expr, compared, context, printExpr)
}

function printDistinctFrom(expr: DistinctFrom, context: ExpressionContext): string {
  const { left, right, negated } = expr
  const wide = printWideComparison(expr, context, (inner) => printExpr(inner, context))
  if (wide !== undefined) return wide
  const compared = once([left, right], context, printExpr, ([a = '', b = '']) => {
    const identical = printIdentical(a, b, left.type)
    return negated ? identical : `(NOT ${identical})`
  })
  return whereSidesAgree(expr, compared, context, printExpr)
}

const lambdaName = (id: number) => `p${id}`

function printCall(expr: Call, context: ExpressionContext): string {
  const types = callTypes(expr.args, expr.type, expr.at, context)
  try {
    const asked = decidingArguments(expr, context)
    if (isDecimalArithmetic(expr)) {
      const { sql } = printDecimalOperation(expr, context, (inner) => printExpr(inner, context))
      return nullWhere(
        asked.map((index) => askedNull(expr.args[index] as Expr, printExpr(expr.args[index] as Expr, context), context)),
        sql,
      )
    }
    const sql = inOrder(expr.args, asked, context, printExpr, (texts) => expr.function.form(texts, types))
    // The kernel would compute it before all rows, also where none of them asks for it.
    return overflowsAlways(expr) ? `CASE WHEN random() >= 0 THEN ${sql} END` : sql
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
    digitsOf: (index) => mostDigits(args[index] as Expr, context),
    at,
    kernel: context.forms,
  }
}

function lambdaForm(lambda: Lambda, context: ExpressionContext): LambdaForm {
  const captured = freeReferences(lambda)
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

/** Of a row of constants that is cast Trino computes all fields, but where one of them fails before it is cast. */
function printField(expr: FieldAccess, context: ExpressionContext): string {
  const { base, index, type } = expr
  const sql = `(${printExpr(base, context)}).${fieldName(index)}`
  if (base.kind !== 'cast' || base.safe || base.value.kind !== 'row') return sql
  const row = base.value
  if (!isDeterministic(row) || hasSubquery(row) || !row.fields.some((field) => mayRaise(field, context))) return sql
  const alone = printExpr({ ...base, value: row.fields[index] as Expr, type }, context)
  return `CASE WHEN ${printKernelTry(forKernelTry(printExpr(row, context)))} IS NULL THEN ${alone} ELSE ${sql} END`
}

function printLambda(lambda: Lambda, context: ExpressionContext): string {
  return `lambda ${lambda.parameters.map(({ id }) => lambdaName(id)).join(', ')}: ${printExpr(lambda.body, context)}`
}

function printCastExpr(expr: Cast, context: ExpressionContext): string {
  const constant = constantOf(expr)
  if (constant !== undefined && constant !== null) return literalText(constant, expr.type)
  const parsed = parsedJson(expr)
  try {
    return once([parsed ?? expr.value], context, printExpr, ([value = '']) =>
      printCast(value, expr.value.type, expr.type, context, expr.safe),
    )
  } catch (error) {
    throw located(error, expr.at)
  }
}

/**
 * The text below `CAST(json_parse(text) AS array(…))`: such a cast reads it itself, and fails as a cast. A constant is
 * parsed here where it can be.
 */
function parsedJson({ value, type, safe }: Cast): Expr | undefined {
  // TRY_CAST does not take what json_parse fails at.
  if (safe) return undefined
  if (value.kind !== 'call' || value.function.name !== 'json_parse') return undefined
  if (type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'row') return undefined
  const text = value.args[0]
  return text?.kind === 'literal' && canonicalJson(String(text.value)) !== undefined ? undefined : text
}
