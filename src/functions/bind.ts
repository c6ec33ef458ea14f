/** Chooses the signature that a call means. */
import { type Position, QueryError } from '#src/common/errors'
import { commonSuperType, isComparable, isOrderable } from '#src/types/coercion'
import { formatType, sameType } from '#src/types/format'
import type { Type } from '#src/types/type'
import type { FunctionDefinition } from './definition.ts'
import type { BoundFunction, BoundScalar } from './function.ts'
import { nearestNames } from './nearest.ts'
import { OPERATORS, type OperatorName } from './operators.ts'
import { definitionsOf, functionNames } from './registry.ts'
import { type ArgumentType, type BoundSignature, bindSignature } from './signature.ts'

interface Candidate {
  readonly definition: FunctionDefinition
  readonly bound: BoundSignature
}

/**
 * Resolves a call by name: a signature that fits as it is, else the most specific one that fits after implicit
 * conversions. The result's `argumentTypes` are what the arguments must be cast to.
 * @param name case-insensitive
 * @throws FUNCTION_NOT_FOUND for an unknown name or no fitting signature, AMBIGUOUS_FUNCTION_CALL
 */
export function bindFunction(name: string, args: readonly ArgumentType[], at?: Position): BoundFunction {
  return bindAmong(name, definitionsOf(name.toLowerCase()), args, at)
}

/** As bindFunction, among these definitions. */
export function bindAmong(
  name: string,
  candidates: readonly FunctionDefinition[],
  args: readonly ArgumentType[],
  at: Position | undefined,
): BoundFunction {
  const lower = name.toLowerCase()
  if (candidates.length === 0) {
    const near = nearestNames(lower, functionNames())
    throw new QueryError('FUNCTION_NOT_FOUND', `Function '${lower}' not registered`, {
      at,
      hint: near.length === 0 ? undefined : `Did you mean ${near.join(', ')}?`,
    })
  }
  const chosen = choose(candidates, args, at)
  if (chosen === undefined) throw new QueryError('FUNCTION_NOT_FOUND', unexpectedParameters(lower, args, candidates), { at })
  return toBound(chosen)
}

/** Comparison operators whose operands need an order, besides equality. */
const ORDER_OPERATORS = new Set(['<', '<=', '>', '>='])

const OPERATOR_SYMBOLS: Readonly<Record<OperatorName, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulus: '%',
  negate: '-',
  subscript: '[]',
}

/**
 * Resolves an arithmetic operator or a subscript.
 * @throws TYPE_MISMATCH `Cannot apply operator: date + integer`
 */
export function bindOperator(operator: OperatorName, args: readonly Type[], at?: Position): BoundScalar {
  const chosen = choose(OPERATORS.get(operator) ?? [], args, at)
  if (chosen === undefined) {
    const texts = args.map(formatType)
    const symbol = OPERATOR_SYMBOLS[operator]
    const call = operator === 'negate' ? `-${texts[0]}` : operator === 'subscript' ? `${texts[0]}[${texts[1]}]` : texts.join(` ${symbol} `)
    throw new QueryError('TYPE_MISMATCH', `Cannot apply operator: ${call}`, { at })
  }
  return toBound(chosen) as BoundScalar
}

/**
 * The type in which two values are compared.
 * @param operator as written: =, <>, <, <=, >, >=, IS DISTINCT FROM, BETWEEN …
 * @throws TYPE_MISMATCH `Cannot apply operator: varchar(1) = integer`
 */
export function comparisonType(operator: string, left: Type, right: Type, at?: Position): Type {
  const common = commonSuperType(left, right)
  const defined = common !== undefined && (ORDER_OPERATORS.has(operator) ? isOrderable(common) : isComparable(common))
  if (!defined) {
    throw new QueryError('TYPE_MISMATCH', `Cannot apply operator: ${formatType(left)} ${operator} ${formatType(right)}`, { at })
  }
  return common
}

function choose(candidates: readonly FunctionDefinition[], args: readonly ArgumentType[], at: Position | undefined): Candidate | undefined {
  for (const generic of [false, true]) {
    const exact = applicable(
      candidates.filter((definition) => definition.signature.generic === generic),
      args,
      false,
    )
    if (exact.length > 0) return only(exact, at)
  }
  const coerced = mostSpecific(applicable(candidates, args, true), args)
  if (coerced.length <= 1) return coerced[0]
  const hasNull = args.some((arg) => arg.kind === 'unknown')
  if (hasNull) {
    const onlyNulls = coerced.filter(({ bound }) =>
      args.every((arg, index) => arg.kind === 'unknown' || arg.kind === 'lambda' || sameType(arg, bound.arguments[index] as Type)),
    )
    const remaining = onlyNulls.length > 0 ? onlyNulls : coerced
    const results = new Set(remaining.map(({ bound }) => formatType(bound.result)))
    if (
      remaining.length === 1 ||
      (results.size === 1 && remaining.every(({ definition }) => definition.strict || definition.kind !== 'scalar'))
    ) {
      return remaining[0]
    }
    return only(remaining, at)
  }
  return only(coerced, at)
}

function applicable(candidates: readonly FunctionDefinition[], args: readonly ArgumentType[], coerce: boolean): Candidate[] {
  return candidates.flatMap((definition) => {
    const bound = bindSignature(definition.signature, args, coerce)
    return bound === undefined ? [] : [{ definition, bound }]
  })
}

/** Those that no other candidate undercuts: one is more specific when its bound arguments also fit the other's signature. */
function mostSpecific(candidates: readonly Candidate[], args: readonly ArgumentType[]): Candidate[] {
  const fits = (from: Candidate, to: Candidate) =>
    bindSignature(
      to.definition.signature,
      from.bound.arguments.map((type, index) => (type.kind === 'function' ? (args[index] as ArgumentType) : type)),
      true,
    ) !== undefined
  return candidates.filter(
    (candidate) => !candidates.some((other) => other !== candidate && fits(other, candidate) && !fits(candidate, other)),
  )
}

function only(candidates: readonly Candidate[], at: Position | undefined): Candidate {
  if (candidates.length === 1) return candidates[0] as Candidate
  const lines = candidates.map(
    ({ definition, bound }) => `\t * ${definition.name}(${bound.arguments.map(formatType).join(',')}):${formatType(bound.result)}`,
  )
  throw new QueryError(
    'AMBIGUOUS_FUNCTION_CALL',
    `Could not choose a best candidate operator. Explicit type casts must be added.\nCandidates are:\n${lines.join('\n')}`,
    { at },
  )
}

function toBound({ definition, bound }: Candidate): BoundFunction {
  return {
    name: definition.name,
    kind: definition.kind,
    argumentTypes: bound.arguments,
    type: definition.resultType === undefined ? bound.result : definition.resultType(bound.arguments),
    deterministic: definition.deterministic,
    strict: definition.strict,
    form: definition.form,
  } as BoundFunction
}

function unexpectedParameters(name: string, args: readonly ArgumentType[], candidates: readonly FunctionDefinition[]): string {
  const actual = args.map((arg) => (arg.kind === 'lambda' ? '<function>' : formatType(arg))).join(', ')
  const expected = [...new Set(candidates.map(describe))].sort().join(', ')
  return `Unexpected parameters (${actual}) for function ${name}. Expected: ${expected}`
}

/** `concat(char(x), char(y))`, with ` T:comparable` behind it for each constrained variable. */
function describe({ name, signature }: FunctionDefinition): string {
  const constraints = [...signature.constraints].map(([variable, constraint]) => `${variable}:${constraint}`)
  const parameters = signature.variadic ? `${signature.parameterTexts.join(', ')}...` : signature.parameterTexts.join(', ')
  return `${name}(${parameters})${constraints.length === 0 ? '' : ` ${constraints.join(', ')}`}`
}
