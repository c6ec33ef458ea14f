/** Readable, SQL-like text of typed expressions and constants, for EXPLAIN, plan tests and messages. Not for the kernel. */
import { unreachable } from '#src/common/errors'
import { formatDate, formatTimeOfDay, formatTimestamp } from '#src/types/calendar'
import { formatType } from '#src/types/format'
import { formatDecimal } from '#src/types/format-value'
import type { Type } from '#src/types/type'
import type { MapValue, Value, ZonedValue } from '#src/types/value'
import type { ColumnId, Expr } from './expression.ts'
import type { AggregateCall, FrameBound, LogicalPlan, SortKey, WindowFrame } from './plan.ts'

/** How columns are called and where the plans of subqueries are put. */
export interface ExprNames {
  readonly column: (id: ColumnId, name: string) => string
  /** Gives the mark that stands for the plan in the text, e.g. `subquery#1`. */
  readonly subquery: (plan: LogicalPlan) => string
}

const plainNames: ExprNames = { column: (_id, name) => name, subquery: () => 'subquery' }

const OPERATORS: Readonly<Record<string, string>> = { add: '+', subtract: '-', multiply: '*', divide: '/', modulus: '%', concat: '||' }

/** One line. Nested operators stand in parentheses; casts show their type. */
export function printExpr(expr: Expr, names: ExprNames = plainNames): string {
  const print = (part: Expr): string => printExpr(part, names)
  const inner = (part: Expr): string => (needsParentheses(part) ? `(${print(part)})` : print(part))
  const list = (parts: readonly Expr[]): string => parts.map(print).join(', ')
  switch (expr.kind) {
    case 'literal':
      return printValue(expr.value, expr.type)
    case 'column':
      return names.column(expr.id, expr.name)
    case 'lambda-ref':
      return expr.name
    case 'call': {
      const operator = OPERATORS[expr.function.name]
      const [left, right] = expr.args
      if (operator && left && right && expr.args.length === 2) return `${inner(left)} ${operator} ${inner(right)}`
      if (expr.function.name === 'subscript' && left && right) return `${inner(left)}[${print(right)}]`
      if (expr.function.name === 'negate' && left) return `-${inner(left)}`
      return `${expr.function.name}(${list(expr.args)})`
    }
    case 'cast':
      return `${expr.safe ? 'TRY_CAST' : 'CAST'}(${print(expr.value)} AS ${formatType(expr.type)})`
    case 'comparison':
      return `${inner(expr.left)} ${expr.operator} ${inner(expr.right)}`
    case 'distinct-from':
      return `${inner(expr.left)} IS ${expr.negated ? 'NOT ' : ''}DISTINCT FROM ${inner(expr.right)}`
    case 'between':
      return `${inner(expr.value)} BETWEEN ${inner(expr.low)} AND ${inner(expr.high)}`
    case 'in-list':
      return `${inner(expr.value)} IN (${list(expr.items)})`
    case 'like':
      return `${inner(expr.value)} LIKE ${inner(expr.pattern)}${expr.escape ? ` ESCAPE ${inner(expr.escape)}` : ''}`
    case 'is-null':
      return `${inner(expr.value)} IS NULL`
    case 'logical':
      return expr.terms.map(inner).join(expr.operator === 'and' ? ' AND ' : ' OR ')
    case 'not':
      return `NOT ${inner(expr.value)}`
    case 'case': {
      const whens = expr.whens.map((branch) => ` WHEN ${print(branch.when)} THEN ${print(branch.then)}`).join('')
      return `CASE${expr.operand ? ` ${print(expr.operand)}` : ''}${whens} ELSE ${print(expr.otherwise)} END`
    }
    case 'coalesce':
      return `COALESCE(${list(expr.args)})`
    case 'nullif':
      return `NULLIF(${print(expr.left)}, ${print(expr.right)})`
    case 'try':
      return `TRY(${print(expr.value)})`
    case 'row':
      return `ROW(${list(expr.fields)})`
    case 'array':
      return `ARRAY[${list(expr.items)}]`
    case 'field':
      return `${inner(expr.base)}.${fieldName(expr.base.type, expr.index)}`
    case 'lambda':
      return `(${expr.parameters.map((parameter) => parameter.name).join(', ')}) -> ${print(expr.body)}`
    case 'scalar-subquery':
      return `(${names.subquery(expr.plan)})`
    case 'exists':
      return `EXISTS (${names.subquery(expr.plan)})`
    case 'in-subquery':
      return `${inner(expr.value)} IN (${names.subquery(expr.plan)})`
    case 'quantified':
      return `${inner(expr.value)} ${expr.operator} ${expr.quantifier.toUpperCase()} (${names.subquery(expr.plan)})`
    default:
      return unreachable(expr)
  }
}

function needsParentheses(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call':
      return expr.args.length === 2 && OPERATORS[expr.function.name] !== undefined
    case 'comparison':
    case 'distinct-from':
    case 'between':
    case 'in-list':
    case 'like':
    case 'is-null':
    case 'logical':
    case 'not':
    case 'in-subquery':
    case 'quantified':
    case 'lambda':
      return true
    default:
      return false
  }
}

function fieldName(type: Type, index: number): string {
  const name = type.kind === 'row' ? type.fields[index]?.name : undefined
  return name ?? `field${index}`
}

/** `a DESC NULLS FIRST`. */
export function printSortKey(key: SortKey, names: ExprNames = plainNames): string {
  return `${printExpr(key.value, names)} ${key.descending ? 'DESC' : 'ASC'} NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`
}

/** `sum(DISTINCT x ORDER BY y ASC NULLS LAST) FILTER (WHERE z)`. */
export function printCall(call: AggregateCall, names: ExprNames = plainNames): string {
  const args = call.args.length === 0 && call.function.name === 'count' ? '*' : call.args.map((arg) => printExpr(arg, names)).join(', ')
  const order = call.orderBy.length === 0 ? '' : ` ORDER BY ${call.orderBy.map((key) => printSortKey(key, names)).join(', ')}`
  const filter = call.filter ? ` FILTER (WHERE ${printExpr(call.filter, names)})` : ''
  return `${call.function.name}(${call.distinct ? 'DISTINCT ' : ''}${args}${order})${filter}`
}

/** `ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`. */
export function printFrame(frame: WindowFrame, names: ExprNames = plainNames): string {
  const bound = ({ kind, value }: FrameBound): string => (value ? `${printExpr(value, names)} ` : '') + kind.toUpperCase()
  const exclusion = frame.exclusion ? ` EXCLUDE ${frame.exclusion.toUpperCase()}` : ''
  return `${frame.unit.toUpperCase()} BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}${exclusion}`
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A constant as SQL text: `5`, `'it''s'`, `DATE '2024-01-31'`, `1.50`, `NULL`. Types that a bare literal does not show are named: `BIGINT '5'`. */
export function printValue(value: Value, type: Type): string {
  if (value === null) return type.kind === 'unknown' ? 'NULL' : `CAST(NULL AS ${formatType(type)})`
  switch (type.kind) {
    case 'boolean':
      return value ? 'true' : 'false'
    case 'integer':
      return String(value)
    case 'tinyint':
    case 'smallint':
    case 'bigint':
      return `${type.kind.toUpperCase()} '${value}'`
    case 'real':
    case 'double':
      return `${type.kind.toUpperCase()} '${printNumber(value as number)}'`
    case 'decimal':
      return formatDecimal(value as bigint, type.scale)
    case 'varchar':
      return quote(value as string)
    case 'char':
    case 'json':
    case 'uuid':
    case 'ipaddress':
      return `${formatType(type).toUpperCase()} ${quote(value as string)}`
    case 'varbinary':
      return `X'${Buffer.from(value as Uint8Array)
        .toString('hex')
        .toUpperCase()}'`
    case 'date':
      return `DATE '${formatDate(value as bigint)}'`
    case 'time':
      return `TIME '${formatTimeOfDay(value as bigint, type.precision)}'`
    case 'time with time zone': {
      const zoned = value as ZonedValue
      return `TIME '${formatTimeOfDay(zoned.micros, type.precision)}${zoned.zone}'`
    }
    case 'timestamp':
      return `TIMESTAMP '${formatTimestamp(value as bigint, type.precision)}'`
    case 'timestamp with time zone': {
      const zoned = value as ZonedValue
      const zone = zoned.zone === 'UTC' ? '' : ` AT TIME ZONE '${zoned.zone}'`
      return `TIMESTAMP '${formatTimestamp(zoned.micros, type.precision)} UTC'${zone}`
    }
    case 'interval day to second':
      return `INTERVAL '${value}' MILLISECOND`
    case 'interval year to month':
      return `INTERVAL '${value}' MONTH`
    case 'array':
      return `ARRAY[${(value as readonly Value[]).map((item) => printValue(item, type.element)).join(', ')}]`
    case 'row':
      return `ROW(${(value as readonly Value[]).map((item, index) => printValue(item, type.fields[index]?.type ?? type)).join(', ')})`
    case 'map': {
      const { entries } = value as MapValue
      return `MAP {${entries.map(([key, item]) => `${printValue(key, type.key)}: ${printValue(item, type.value)}`).join(', ')}}`
    }
    case 'unknown':
    case 'function':
      return String(value)
    default:
      return unreachable(type)
  }
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return Object.is(value, -0) ? '-0' : String(value)
}
