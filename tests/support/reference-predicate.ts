/** A second, plain evaluator of predicates over one row, to hold the pruner against. Knows only what the property tests generate. */
import type { ColumnId, Expr } from '#src/logical/expression'
import type { Value } from '#src/types/value'

type Truth = boolean | null
export type Row = ReadonlyMap<ColumnId, Value>

/** Thrown for arithmetic beyond the type: a row on which the predicate fails. */
export class EvaluationFailed extends Error {}

function evaluate(expr: Expr, row: Row): Value {
  switch (expr.kind) {
    case 'literal':
      return expr.value
    case 'column':
      return row.get(expr.id) ?? null
    case 'not': {
      const value = truth(expr.value, row)
      return value === null ? null : !value
    }
    case 'logical': {
      const values = expr.terms.map((term) => truth(term, row))
      const decisive = expr.operator === 'or'
      if (values.includes(decisive)) return decisive
      return values.includes(null) ? null : !decisive
    }
    case 'comparison':
      return compare(expr.operator, evaluate(expr.left, row), evaluate(expr.right, row))
    case 'between': {
      const value = evaluate(expr.value, row)
      const low = compare('>=', value, evaluate(expr.low, row))
      const high = compare('<=', value, evaluate(expr.high, row))
      if (low === false || high === false) return false
      return low === null || high === null ? null : true
    }
    case 'in-list': {
      const matches = expr.items.map((item) => compare('=', evaluate(expr.value, row), evaluate(item, row)))
      return matches.includes(true) ? true : matches.includes(null) ? null : false
    }
    case 'is-null':
      return evaluate(expr.value, row) === null
    case 'distinct-from': {
      const [left, right] = [evaluate(expr.left, row), evaluate(expr.right, row)]
      const same = left === null || right === null ? left === right : (Number.isNaN(left) && Number.isNaN(right)) || left === right
      return expr.negated ? same : !same
    }
    case 'like': {
      const value = evaluate(expr.value, row)
      const pattern = evaluate(expr.pattern, row)
      if (value === null || pattern === null) return null
      const source = [...(pattern as string)].map((symbol) =>
        symbol === '%' ? '.*' : symbol === '_' ? '.' : symbol.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      )
      return new RegExp(`^${source.join('')}$`, 'su').test(value as string)
    }
    case 'cast':
      return castFrom(evaluate(expr.value, row), expr)
    case 'call':
      return call(
        expr.function.name,
        expr.args.map((arg) => evaluate(arg, row)),
      )
    default:
      throw new Error(`The reference does not know ${expr.kind}`)
  }
}

export const truth = (expr: Expr, row: Row): Truth => evaluate(expr, row) as Truth

function compare(operator: string, left: Value, right: Value): Truth {
  if (left === null || right === null) return null
  if (Number.isNaN(left) || Number.isNaN(right)) return operator === '<>'
  const order =
    typeof left === 'string' ? Buffer.compare(Buffer.from(left), Buffer.from(right as string)) : left < right ? -1 : left > right ? 1 : 0
  switch (operator) {
    case '=':
      return order === 0
    case '<>':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    default:
      return order >= 0
  }
}

function castFrom(value: Value, expr: Extract<Expr, { kind: 'cast' }>): Value {
  if (value === null) return null
  switch (expr.type.kind) {
    case 'double':
      return Number(value)
    case 'bigint':
      return value
    case 'tinyint':
      if ((value as bigint) >= -128n && (value as bigint) <= 127n) return value
      if (expr.safe) return null
      throw new EvaluationFailed()
    case 'varchar':
      return expr.type.length === undefined ? value : [...(value as string)].slice(0, expr.type.length).join('')
    default:
      throw new Error(`The reference does not cast to ${expr.type.kind}`)
  }
}

function call(name: string, args: readonly Value[]): Value {
  if (args.includes(null)) return null
  const [left = 0n, right = 0n] = args as bigint[]
  switch (name) {
    case 'add':
      return left + right
    case 'subtract':
      return left - right
    case 'multiply':
      return left * right
    case 'negate':
      return -left
    default:
      throw new Error(`The reference does not know ${name}`)
  }
}
