/**
 * Expressions as canonical text: keywords in capitals, one space between words, parentheses only where precedence needs them. Parsing
 * the text gives the same tree, positions apart.
 */
import { unreachable } from '#src/common/errors'
import type { CurrentValue, Expression, IntervalLiteral, SortItem } from '../ast.ts'
import { printCall } from './calls.ts'
import { printJson } from './json.ts'
import { printIdentifier, printList, printString, printTypeName } from './names.ts'
import { printQuery } from './queries.ts'
import { printOver } from './windows.ts'

/** How tightly the outermost operator binds; an operand that binds looser than its place asks for gets parentheses. */
const ANY = 0
const OR = 1
const AND = 2
const NOT = 3
const PREDICATE = 4
const CONCAT = 5
const SUM = 6
const PRODUCT = 7
const SIGN = 8
const ZONE = 9
const PRIMARY = 10

const ARITHMETIC: Readonly<Record<string, number>> = { '||': CONCAT, '+': SUM, '-': SUM, '*': PRODUCT, '/': PRODUCT, '%': PRODUCT }

function precedence(expression: Expression): number {
  switch (expression.kind) {
    case 'lambda':
      return ANY
    case 'logical':
      return expression.operator === 'or' ? OR : AND
    case 'not':
      return NOT
    case 'comparison':
    case 'quantified':
    case 'between':
    case 'in-list':
    case 'in-subquery':
    case 'like':
    case 'is-null':
    case 'distinct-from':
      return PREDICATE
    case 'arithmetic':
      return ARITHMETIC[expression.operator] ?? CONCAT
    case 'sign':
      return SIGN
    case 'at-time-zone':
      return ZONE
  }
  return PRIMARY
}

/** Canonical text of an expression. */
export function printExpression(expression: Expression): string {
  return print(expression, ANY)
}

/** Trino's valueExpression, as in `TRIM(value)` or an index: predicates and logic get parentheses. */
export function printValue(expression: Expression): string {
  return print(expression, CONCAT)
}

export const printExpressions = (expressions: readonly Expression[]): string => printList(expressions, printExpression)

function print(expression: Expression, minimum: number): string {
  const text = printBare(expression)
  return precedence(expression) < minimum ? `(${text})` : text
}

function printBare(expression: Expression): string {
  switch (expression.kind) {
    case 'identifier':
      return printIdentifier(expression)
    case 'null':
      return 'NULL'
    case 'boolean-literal':
      return expression.value ? 'TRUE' : 'FALSE'
    case 'number':
      return expression.text
    case 'string':
      return printString(expression.value)
    case 'binary':
      return `X'${expression.hex}'`
    case 'generic-literal':
      return `${printTypeName(expression.type)} ${printString(expression.value)}`
    case 'interval':
      return printInterval(expression)
    case 'parameter':
      return '?'
    case 'dereference':
      return `${printBase(expression.base)}.${printIdentifier(expression.field)}`
    case 'subscript':
      return `${printBase(expression.base)}[${printValue(expression.index)}]`
    case 'star':
      return expression.label === undefined ? '*' : `${printIdentifier(expression.label)}.*`
    case 'measure':
      return `${printIdentifier(expression.name)} ${printOver(expression.over)}`
    case 'arithmetic': {
      const level = precedence(expression)
      return `${print(expression.left, level)} ${expression.operator} ${print(expression.right, level + 1)}`
    }
    case 'sign':
      return printSign(expression.sign, print(expression.value, SIGN))
    case 'logical': {
      const level = precedence(expression) + 1
      return expression.terms.map((term) => print(term, level)).join(expression.operator === 'or' ? ' OR ' : ' AND ')
    }
    case 'not':
      return `NOT ${print(expression.value, NOT)}`
    case 'comparison':
    case 'quantified':
    case 'between':
    case 'in-list':
    case 'in-subquery':
    case 'like':
    case 'is-null':
    case 'distinct-from':
      return printPredicate(expression)
    case 'exists':
      return `EXISTS (${printQuery(expression.query)})`
    case 'subquery':
      return `(${printQuery(expression.query)})`
    case 'case':
      return printCase(expression)
    case 'cast':
      return `${expression.safe ? 'TRY_CAST' : 'CAST'}(${printExpression(expression.value)} AS ${printTypeName(expression.type)})`
    case 'extract':
      return `EXTRACT(${printIdentifier(expression.field)} FROM ${printValue(expression.value)})`
    case 'at-time-zone':
      return `${print(expression.value, ZONE)} AT TIME ZONE ${print(expression.zone, PRIMARY)}`
    case 'current':
      return printCurrent(expression)
    case 'call':
      return printCall(expression)
    case 'lambda':
      return printLambda(expression)
    case 'row':
      return `ROW(${printList(expression.fields, (field) => printExpression(field.value) + (field.name === undefined ? '' : ` AS ${printIdentifier(field.name)}`))})`
    case 'array':
      return `ARRAY[${printExpressions(expression.items)}]`
    case 'trim':
      return printTrim(expression)
    case 'json':
      return printJson(expression)
    case 'grouping':
      return `GROUPING(${printList(expression.columns, printColumnName)})`
  }
  return unreachable(expression)
}

/** GROUPING takes names only. */
function printColumnName(column: Expression): string {
  if (column.kind !== 'dereference') return printExpression(column)
  return `${printColumnName(column.base)}.${printIdentifier(column.field)}`
}

/** `1.x` would read as a number and a name, `array[1]` as an array. */
function printBase(base: Expression): string {
  const text = print(base, PRIMARY)
  return base.kind === 'number' || (base.kind === 'identifier' && text.toLowerCase() === 'array') ? `(${text})` : text
}

/** `--` begins a comment, and a minus before digits belongs to the literal. */
function printSign(sign: '+' | '-', operand: string): string {
  if (sign === '-' && /^[\d.]/.test(operand)) return `-(${operand})`
  return /^[+-]/.test(operand) ? `${sign} ${operand}` : sign + operand
}

function printInterval({ sign, value, from, to }: IntervalLiteral): string {
  const units = to === undefined ? from : `${from} TO ${to}`
  return `INTERVAL ${sign === '-' ? '-' : ''}${printString(value)} ${units.toUpperCase()}`
}

type Kind<K extends Expression['kind']> = Extract<Expression, { kind: K }>
type Predicate = Kind<'comparison' | 'quantified' | 'between' | 'in-list' | 'in-subquery' | 'like' | 'is-null' | 'distinct-from'>

function printPredicate(expression: Predicate): string {
  const not = 'negated' in expression && expression.negated ? 'NOT ' : ''
  switch (expression.kind) {
    case 'comparison':
      return `${printValue(expression.left)} ${expression.operator} ${printValue(expression.right)}`
    case 'quantified':
      return `${printValue(expression.value)} ${expression.operator} ${expression.quantifier.toUpperCase()} (${printQuery(expression.query)})`
    case 'between':
      return `${printValue(expression.value)} ${not}BETWEEN ${printValue(expression.low)} AND ${printValue(expression.high)}`
    case 'in-list':
      return `${printValue(expression.value)} ${not}IN (${printExpressions(expression.items)})`
    case 'in-subquery':
      return `${printValue(expression.value)} ${not}IN (${printQuery(expression.query)})`
    case 'like': {
      const suffix = expression.escape === undefined ? '' : ` ESCAPE ${printValue(expression.escape)}`
      return `${printValue(expression.value)} ${not}LIKE ${printValue(expression.pattern)}${suffix}`
    }
    case 'is-null':
      return `${printValue(expression.value)} IS ${not}NULL`
    case 'distinct-from':
      return `${printValue(expression.left)} IS ${not}DISTINCT FROM ${printValue(expression.right)}`
  }
  return unreachable(expression)
}

function printCase(expression: Kind<'case'>): string {
  const operand = expression.operand === undefined ? '' : ` ${printExpression(expression.operand)}`
  const whens = expression.whens.map((item) => ` WHEN ${printExpression(item.when)} THEN ${printExpression(item.then)}`)
  const otherwise = expression.otherwise === undefined ? '' : ` ELSE ${printExpression(expression.otherwise)}`
  return `CASE${operand}${whens.join('')}${otherwise} END`
}

function printCurrent({ name, precision }: CurrentValue): string {
  return name.toUpperCase() + (precision === undefined ? '' : `(${precision})`)
}

function printLambda({ parameters, body }: Kind<'lambda'>): string {
  const [only] = parameters
  const names = only !== undefined && parameters.length === 1 ? printIdentifier(only) : `(${printList(parameters, printIdentifier)})`
  return `${names} -> ${printExpression(body)}`
}

function printTrim({ side, characters, value }: Kind<'trim'>): string {
  if (characters === undefined && side === 'both') return `TRIM(${printValue(value)})`
  const what = characters === undefined ? '' : `${printValue(characters)} `
  return `TRIM(${side.toUpperCase()} ${what}FROM ${printValue(value)})`
}

/** ALL at the beginning of a list that may have a quantifier would be read as that. */
export function printAfterQuantifier(expressions: readonly Expression[]): string {
  const text = printExpressions(expressions)
  return /^all\b/i.test(text) && text.length > 3 ? `ALL ${text}` : text
}

/** ` ORDER BY …` without the leading space; nothing for no items. */
export function printOrderBy(items: readonly SortItem[]): string {
  return items.length === 0 ? '' : `ORDER BY ${printList(items, printSortItem)}`
}

export function printSortItem(item: SortItem): string {
  const nulls = item.nulls === undefined ? '' : ` NULLS ${item.nulls.toUpperCase()}`
  return printExpression(item.value) + (item.descending ? ' DESC' : '') + nulls
}
