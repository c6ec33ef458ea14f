/** Typed expressions as the kernel's SQL. The text computes the stored form of the expression's type. */
import { type Position, QueryError, unreachable } from '#src/common/errors'
import type { CallTypes, LambdaForm } from '#src/functions/function'
import { forKernelTry, withoutErrors } from '#src/functions/macros/index'
import { comparison, nullOf } from '#src/logical/build'
import { hasSubquery, isDeterministic, mayFail } from '#src/logical/expr-properties'
import { someExpr, walkExpr } from '#src/logical/expr-walk'
import type {
  Between,
  Call,
  Case,
  Cast,
  ColumnRef,
  Comparison,
  DistinctFrom,
  Expr,
  FieldAccess,
  InList,
  Lambda,
  LambdaRef,
  Logical,
  NullIf,
  Try,
} from '#src/logical/expression'
import { sameType } from '#src/types/format'
import { canonicalJson } from '#src/types/json'
import type { Type } from '#src/types/type'
import { fieldName, literalText, storedType } from '../representation.ts'
import { bindOnce, isCostly, MAX_REPEATED_LENGTH } from './bind-once.ts'
import { printCast } from './cast.ts'
import { printComparison, printEqual, printIdentical } from './compare.ts'
import { constantOf } from './constant.ts'
import { isDecimalArithmetic, mostDigits, printDecimalOperation } from './decimal.ts'
import type { ExpressionContext } from './expression-context.ts'
import { printLike } from './like.ts'
import {
  askedNull,
  decidingArguments,
  decidingOperands,
  decidingTerms,
  holdsTry,
  mayBeNull,
  mayRaise,
  overflowsAlways,
  printKernelTry,
} from './operand-order.ts'
import { mayHaveLambda } from './outer-columns.ts'
import { printInSubquery, printQuantified } from './subquery.ts'
import { printWideComparison, wideDecimalSide } from './wide-decimal.ts'

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
      return printBetween(expr, context)
    case 'in-list':
      return printInList(expr, context)
    case 'like':
      return askedFirst([expr.value, expr.pattern], context, printLike(expr, print, constantOf))
    case 'is-null':
      return `(${print(expr.value)} IS NULL)`
    case 'logical':
      return printLogical(expr, context)
    case 'not':
      return `(NOT ${print(expr.value)})`
    case 'case':
      return printCase(expr, context)
    case 'coalesce':
      return printCoalesce(expr.args, context)
    case 'nullif':
      return printNullIf(expr, context)
    case 'try':
      return printTry(expr, context)
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
      return once([expr.value], context, ([value = '']) => printInSubquery(value, expr.value.type, context.printSubquery(expr.plan)))
    case 'quantified':
      return once([expr.value], context, ([value = '']) => printQuantified(expr, value, context.printSubquery(expr.plan)))
  }
  return unreachable(expr)
}

/**
 * The condition of a filter, whose terms keep a row only where they are true.
 * @param overJoin the kernel may make a hash join of the filter's equalities, which keep their form for it
 */
export function printPredicate(expr: Expr, context: ExpressionContext, overJoin = false): string {
  // The kernel computes a filter's terms only for rows that those before leave open.
  if (expr.kind === 'logical')
    return `(${expr.terms.map((term) => printPredicate(term, context, overJoin)).join(` ${expr.operator.toUpperCase()} `)})`
  if (expr.kind === 'comparison' && expr.operator === '=' && overJoin) return printCompared(expr, [], context)
  if (expr.kind !== 'in-subquery') return printExpr(expr, context)
  return once([expr.value], context, ([value = '']) => printInSubquery(value, expr.value.type, context.printSubquery(expr.plan), 'filter'))
}

function printCompared(expr: Comparison, asked: readonly number[], context: ExpressionContext): string {
  const { operator, left, right } = expr
  const constants = { left: constantOf(left), right: constantOf(right) }
  const wide = printWideComparison(expr, context, (inner) => printExpr(inner, context))
  if (wide !== undefined) return wide
  const compared = inOrder([left, right], asked, context, ([a = '', b = '']) => printComparison(operator, a, b, left.type, constants))
  return whereSidesAgree(expr, compared, context)
}

function printDistinctFrom(expr: DistinctFrom, context: ExpressionContext): string {
  const { left, right, negated } = expr
  const wide = printWideComparison(expr, context, (inner) => printExpr(inner, context))
  if (wide !== undefined) return wide
  const compared = once([left, right], context, ([a = '', b = '']) => {
    const identical = printIdentical(a, b, left.type)
    return negated ? identical : `(NOT ${identical})`
  })
  return whereSidesAgree(expr, compared, context)
}

/** As whereAllAgree, of a comparison, `sql`, one of whose sides is a CASE. */
function whereSidesAgree(expr: Comparison | DistinctFrom, sql: string, context: ExpressionContext): string {
  if (context.order !== 'any') return sql
  const { left, right } = expr
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (side.kind !== 'case' || holdsTry(other)) continue
    const branches = branchesOf(side).map((branch) => ({ ...expr, ...(side === left ? { left: branch } : { right: branch }) }))
    return whereAllAgree(side, branches, sql, context)
  }
  return sql
}

const branchesOf = ({ whens, otherwise }: Case): readonly Expr[] => [...whens.map(({ then }) => then), otherwise]

/**
 * Over VALUES the conditions of a searched CASE are not computed where all its branches give the same truth, which Trino
 * sees when it plans.
 */
function whereAllAgree(expr: Case, branches: readonly Expr[], sql: string, context: ExpressionContext): string {
  const raising = expr.operand === undefined && expr.whens.some(({ when }) => mayRaise(when, context))
  if (context.order !== 'any' || !raising || !isDeterministic(expr) || hasSubquery(expr) || branches.some(holdsTry)) return sql
  const [first = '', ...others] = branches.map((branch) => printExpr(branch, context))
  const agree = printKernelTry(forKernelTry(`(${others.map((other) => `${first} = ${other}`).join(' AND ')})`))
  return `CASE WHEN ${agree} THEN ${first} ELSE ${sql} END`
}

const lambdaName = (id: number) => `p${id}`

/** Prints with arguments that `form` may repeat: what is random, runs a subquery or is long gets a name. */
function once(args: readonly Expr[], context: ExpressionContext, form: (texts: readonly string[]) => string): string {
  const texts = args.map((arg) => printExpr(arg, context))
  return bindOnce(
    texts,
    args.map((arg, index) => isCostly(arg, texts[index] as string)),
    form,
  )
}

/** Over VALUES longer texts are bound before they are asked, as everywhere else. */
const MAX_ASKED_LENGTH = 8 * MAX_REPEATED_LENGTH

/** As `once`, where the arguments with these indices are asked for NULL, which makes the whole NULL, before the others are computed. */
function inOrder(
  args: readonly Expr[],
  asked: readonly number[],
  context: ExpressionContext,
  form: (texts: readonly string[]) => string,
): string {
  if (asked.length === 0) return once(args, context, form)
  const texts = args.map((arg) => printExpr(arg, context))
  const costly = args.map((arg, index) => isCostly(arg, texts[index] as string))
  // Over VALUES, whose rows are few, what is asked for may fail, and is not computed before the others are asked.
  const bound = costly.map((bind, index) => bind && (context.order !== 'any' || (texts[index] as string).length > MAX_ASKED_LENGTH))
  const inner = (given: readonly string[]): string => {
    const all = texts.map((text, index) => given[asked.indexOf(index)] ?? text)
    const rest = costly.map((bind, index) => bind && !(bound[index] && asked.includes(index)))
    const nulls = asked.map((index, place) => {
      const text = given[place] as string
      return bound[index] ? `${text} IS NULL` : askedNull(args[index] as Expr, text, context)
    })
    return nullWhere(nulls, bindOnce(all, rest, form, texts))
  }
  return bindOnce(
    asked.map((index) => texts[index] as string),
    asked.map((index) => bound[index] as boolean),
    inner,
    texts,
    1,
  )
}

/** NULL where one of the conditions holds, which are asked in their order. */
function nullWhere(asked: readonly string[], sql: string): string {
  return asked.length === 0 ? sql : `CASE ${asked.map((condition) => `WHEN ${condition} THEN NULL`).join(' ')} ELSE ${sql} END`
}

/** NULL where an operand that decides is NULL, else `sql`, which computes all. */
function askedFirst(args: readonly Expr[], context: ExpressionContext, sql: string): string {
  const texts = decidingOperands(args, context).map((index) => {
    const arg = args[index] as Expr
    const text = printExpr(arg, context)
    return isCostly(arg, text) ? undefined : askedNull(arg, text, context)
  })
  return nullWhere(
    texts.filter((text) => text !== undefined),
    sql,
  )
}

function printBetween(expr: Between, context: ExpressionContext): string {
  const { value, low, high } = expr
  const raises = context.order !== 'none' && (mayRaise(low, context) || mayRaise(high, context))
  const constant = value.kind === 'literal' || (context.order === 'any' && !holdsTry(value) && !isCostly(value, printExpr(value, context)))
  if (raises && constant) return printLogical(asLogical(expr), context)
  return once([value, low, high], context, ([value = '', low = '', high = '']) => {
    const { type } = expr.value
    const from = printComparison('>=', value, low, type, { left: constantOf(expr.value), right: constantOf(expr.low) })
    const to = printComparison('<=', value, high, type, { left: constantOf(expr.value), right: constantOf(expr.high) })
    if (!raises || context.order === 'any') return `(${from} AND ${to})`
    return `CASE WHEN ${value} IS NULL THEN NULL WHEN NOT ${from} THEN false ELSE (${from} AND ${to}) END`
  })
}

/** The two comparisons of BETWEEN; those of constants decide first. */
function asLogical({ type, value, low, high }: Between): Logical {
  const terms = [comparison('<=', low, value), comparison('<=', value, high)]
  const isConstant = ({ left, right }: Comparison): boolean => left.kind === 'literal' && right.kind === 'literal'
  return { kind: 'logical', type, operator: 'and', terms: [...terms.filter(isConstant), ...terms.filter((term) => !isConstant(term))] }
}

/** A term that decides keeps those behind it from being computed. */
function printLogical(expr: Logical, context: ExpressionContext): string {
  const { any, terms } = decidingTerms(expr, context)
  const raising = terms.map((term) => context.order !== 'none' && mayRaise(term, context))
  const [joint, decided, decides] = expr.operator === 'and' ? [' AND ', 'false', 'NOT '] : [' OR ', 'true', '']
  const from = (start: number): string => {
    // One that may fail is computed before those behind it, of which the kernel may know the answer without it.
    const next = raising[start] ? start + 1 : raising.indexOf(true, start + 1)
    const end = next < 0 || next >= terms.length ? terms.length : next
    const first = `(${terms
      .slice(start, end)
      .map((term) => printExpr(term, context))
      .join(joint)})`
    if (end === terms.length) return first
    const rest = from(end)
    const costly = terms.slice(start, end).some((term) => isCostly(term, first))
    return bindOnce([first], [costly], ([text = '']) => `CASE WHEN ${decides}${text} THEN ${decided} ELSE (${text}${joint}${rest}) END`, [
      first,
      rest,
    ])
  }
  const asked = any.map((term) => printKernelTry(forKernelTry(`(${decides}${printExpr(term, context)})`)))
  return asked.length === 0 ? from(0) : `CASE ${asked.map((sql) => `WHEN ${sql} THEN ${decided}`).join(' ')} ELSE ${from(0)} END`
}

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
    const sql = inOrder(expr.args, asked, context, (texts) => expr.function.form(texts, types))
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

/** The columns and the parameters of outer lambdas that an expression reads. */
function freeReferences(expr: Expr): readonly (ColumnRef | LambdaRef)[] {
  const inside = new Set<number>()
  const found = new Map<number, ColumnRef | LambdaRef>()
  walkExpr(expr, (part) => {
    if (part.kind === 'lambda') for (const { id } of part.parameters) inside.add(id)
    if (part.kind === 'column' || part.kind === 'lambda-ref') found.set(part.id, part)
  })
  return [...found.values()].filter(({ id }) => !inside.has(id))
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
    return once([parsed ?? expr.value], context, ([value = '']) => printCast(value, expr.value.type, expr.type, context, expr.safe))
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

/** Types that the kernel's IN and simple CASE compare as Trino does. */
function comparesNatively(type: Type): boolean {
  return printEqual('a', 'b', type) === '(a = b)'
}

function printInList(expr: InList, context: ExpressionContext): string {
  const sql = printInItems(expr, context)
  // Over VALUES a list of NULLs decides before the value is computed.
  const decides = (item: Expr): boolean => mayBeNull(item) && !holdsTry(item) && isDeterministic(item) && !hasSubquery(item)
  if (context.order !== 'any' || !mayRaise(expr.value, context) || !expr.items.every(decides)) return sql
  const nulls = expr.items.map((item) => askedNull(item, printExpr(item, context), context))
  return nullWhere([nulls.join(' AND ')], sql)
}

function printInItems(expr: InList, context: ExpressionContext): string {
  const { type } = expr.value
  const numbers = (type.kind === 'double' || type.kind === 'real') && expr.items.every((item) => constantOf(item) !== undefined)
  const raising = expr.items.filter((item) => context.order !== 'none' && mayRaise(item, context))
  if ((comparesNatively(type) || numbers) && raising.length === 0) {
    return `(${printExpr(expr.value, context)} IN (${expr.items.map((item) => printExpr(item, context)).join(', ')}))`
  }
  if (raising.length > 0 && expr.items.every((item) => isDeterministic(item) && !hasSubquery(item)))
    return printRaisingInList(expr, raising, context)
  return once([expr.value, ...expr.items], context, ([value = '', ...items]) => {
    const found = `(${items.map((item) => printEqual(value, item, type)).join(' OR ')})`
    return raising.length > 0 ? nullWhere([`${value} IS NULL`], found) : found
  })
}

/** Trino asks constants first, then the other items from the last to the first; over VALUES it computes all. */
function printRaisingInList(expr: InList, raising: readonly Expr[], context: ExpressionContext): string {
  const { type } = expr.value
  return once([expr.value], context, ([value = '']) => {
    const equal = (item: Expr): string => printEqual(value, printExpr(item, context), type)
    const constants = expr.items.filter((item) => item.kind === 'literal')
    const others = expr.items.filter((item) => item.kind !== 'literal').reverse()
    const joined = (items: readonly Expr[]): string => `(${items.map(equal).join(' OR ')})`
    const from = (groups: readonly (readonly Expr[])[]): string => {
      const [first = [], ...rest] = groups
      return rest.length === 0 ? joined(first) : `CASE WHEN ${joined(first)} THEN true ELSE (${joined(first)} OR ${from(rest)}) END`
    }
    const found =
      context.order === 'any'
        ? `CASE WHEN list_contains([${raising.map(equal).join(', ')}], true) THEN true ELSE ${joined(expr.items)} END`
        : from([...(constants.length > 0 ? [constants] : []), ...others.map((item) => [item])])
    return nullWhere([`${value} IS NULL`], found)
  })
}

function printCase(expr: Case, context: ExpressionContext): string {
  const print = (inner: Expr) => printExpr(inner, context)
  const { operand } = expr
  if (operand === undefined) {
    const whens = expr.whens.map(({ when, then }) => `WHEN ${print(when)} THEN ${print(then)}`)
    const sql = `CASE ${whens.join(' ')} ELSE ${printOtherwise(expr, context)} END`
    return expr.type.kind === 'boolean' ? whereAllAgree(expr, branchesOf(expr), sql, context) : sql
  }
  // Compared with nothing but NULL it is computed nevertheless.
  if (expr.whens.every(({ when }) => constantOf(when) === null) && context.order !== 'none' && mayRaise(operand, context))
    return `CASE WHEN ${print(operand)} IS NULL THEN ${print(expr.otherwise)} ELSE ${print(expr.otherwise)} END`
  return once([operand], context, ([value = '']) => {
    const whens = expr.whens.map(({ when, then }) => {
      const equal = printEqual(value, print(when), operand.type)
      const raising = context.order !== 'none' && mayRaise(when, context)
      return `WHEN ${raising ? nullWhere([`${value} IS NULL`], equal) : equal} THEN ${print(then)}`
    })
    return `CASE ${whens.join(' ')} ELSE ${printOtherwise(expr, context)} END`
  })
}

/**
 * The last branch. Where all are constants, the kernel would compute what stands around the CASE for each of them, and no
 * condition where that gives the same: one that may fail keeps it from that by a branch that names a column.
 */
function printOtherwise(expr: Case, context: ExpressionContext): string {
  const sql = printExpr(expr.otherwise, context)
  const conditions = [...(expr.operand === undefined ? [] : [expr.operand]), ...expr.whens.map(({ when }) => when)]
  if (context.order === 'none' || branchesOf(expr).some((branch) => constantOf(branch) === undefined)) return sql
  const raising = conditions.find((condition) => mayRaise(condition, context))
  const column = raising && freeReferences(raising)[0]
  return column === undefined ? sql : `([struct_pack(v := ${sql}, w := ${printExpr(column, context)})][1]).v`
}

/**
 * The kernel computes what several arguments of its own coalesce hold in common before all of them: one that may fail stands
 * in a CASE.
 */
function printCoalesce([first, ...others]: readonly Expr[], context: ExpressionContext): string {
  const raising = context.order !== 'none' && others.some((arg) => mayRaise(arg, context))
  if (first === undefined || !raising)
    return `coalesce(${[...(first === undefined ? [] : [first]), ...others].map((arg) => printExpr(arg, context)).join(', ')})`
  const rest = printCoalesce(others, context)
  const text = printExpr(first, context)
  return bindOnce([text], [isCostly(first, text)], ([value = '']) => `CASE WHEN ${value} IS NOT NULL THEN ${value} ELSE ${rest} END`, [
    text,
    rest,
  ])
}

function printNullIf(expr: NullIf, context: ExpressionContext): string {
  const raising = context.order !== 'none' && mayRaise(expr.right, context)
  const computesBoth = context.order === 'any' && holdsTry(expr.left)
  const as = (text: string, type: Type) => (sameType(type, expr.comparedAs) ? text : printCast(text, type, expr.comparedAs, context, false))
  const equal = (left: string, right: string) => printEqual(as(left, expr.left.type), as(right, expr.right.type), expr.comparedAs)
  const coercionRaises = context.order === 'any' && mayFail({ ...expr, left: nullOf(expr.left.type), right: nullOf(expr.right.type) })
  const args = [expr.left, expr.right]
  if (coercionRaises && !holdsTry(expr.right) && !computesBoth)
    return once(args, context, ([left = '', right = '']) => {
      const asked = [askedNull(expr.right, right, context), `${left} IS NULL`]
      return `CASE WHEN ${nullWhere(asked, equal(left, right))} THEN NULL ELSE ${left} END`
    })
  if (raising && computesBoth)
    return once(args, context, ([left = '', right = '']) => {
      return `CASE WHEN ${right} IS NULL THEN ${left} WHEN ${equal(left, right)} THEN NULL ELSE ${left} END`
    })
  return inOrder(
    args,
    raising ? [0] : [],
    context,
    ([left = '', right = '']) => `CASE WHEN ${equal(left, right)} THEN NULL ELSE ${left} END`,
  )
}

/**
 * TRY: where NULL passes through to the top, every error that our SQL raises gives NULL instead, and the kernel's own TRY
 * takes what the kernel raises. Elsewhere the kernel's takes all, which it does row by row once a batch has failed.
 */
function printTry(expr: Try, context: ExpressionContext): string {
  // Trino computes it in its turn; the kernel would know a constant before it computes what fails beside it.
  if (expr.value.kind === 'literal') return `CASE WHEN random() >= 0 THEN ${printExpr(expr.value, context)} END`
  // A subquery is evaluated before the expression that it stands in; its errors are not TRY's.
  if (!mayFail(expr.value) || expr.value.kind === 'scalar-subquery') return printExpr(expr.value, context)
  if (isFailure(expr.value)) return printExpr(expr.value, context)
  if (!isDeterministic(expr.value) || hasSubquery(expr.value) || someExpr(expr.value, isFailure)) {
    throw new QueryError('NOT_SUPPORTED', 'TRY over this expression is not supported')
  }
  const strict = passesNull(expr.value)
  const sql = printExpr(expr.value, strict ? { ...context, order: 'none' } : context)
  return printKernelTry(strict ? withoutErrors(sql) : forKernelTry(sql))
}

/** What fails on purpose is not TRY's, either. */
const isFailure = (expr: Expr): boolean => expr.kind === 'call' && expr.function.name === 'fail'

const isNested = ({ kind }: Type): boolean => kind === 'array' || kind === 'map' || kind === 'row'

/** Whether a NULL in place of any part that may fail makes the whole NULL. */
function passesNull(expr: Expr): boolean {
  const harmless = (inner: Expr) => !mayFail(inner) || passesNull(inner)
  switch (expr.kind) {
    case 'call':
      return expr.function.strict && expr.args.every((arg) => arg.kind !== 'lambda' && harmless(arg))
    case 'cast':
      // A part of an array, map or row that fails would be NULL alone.
      return harmless(expr.value) && !isNested(expr.value.type)
    case 'field':
      return harmless(expr.base)
    case 'comparison':
      return wideDecimalSide(expr) === undefined && harmless(expr.left) && harmless(expr.right)
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
