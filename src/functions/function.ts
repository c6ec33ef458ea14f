/**
 * What the engine knows of a function. A definition is a row of the registry; binding a call to it gives a BoundFunction,
 * which is all that the plan and the kernel's printer need.
 */
import type { Type } from '#src/types/type'

export type FunctionKind = 'scalar' | 'aggregate' | 'window'

/** Text of a scalar call in the kernel's SQL; `args` are printed in their stored form (src/kernel/representation.ts). */
export type ScalarForm = (args: readonly string[], types: CallTypes) => string

export interface CallTypes {
  readonly arguments: readonly Type[]
  readonly result: Type
  /** The session's zone, for functions whose meaning depends on it. */
  readonly zone: string
}

/**
 * Text of an aggregate or window call. A form may use several kernel aggregates (avg of decimals = sum and count), so it
 * puts `distinct` and `orderBy` inside and `suffix` (FILTER and OVER clauses) behind each of them.
 */
export type AggregateForm = (args: readonly string[], types: CallTypes, clauses: AggregateClauses) => string

export interface AggregateClauses {
  /** `DISTINCT ` or empty. */
  readonly distinct: string
  /** ` ORDER BY …` or empty. */
  readonly orderBy: string
  /** ` FILTER (WHERE …) OVER (…)`, either or empty. */
  readonly suffix: string
  /** ` IGNORE NULLS` or empty: belongs behind the last argument inside the parentheses. */
  readonly nulls: string
}

/** A call whose signature has been chosen: arguments are coerced to `argumentTypes` by explicit casts. */
export type BoundFunction =
  | (BoundBase & { readonly kind: 'scalar'; readonly form: ScalarForm })
  | (BoundBase & { readonly kind: 'aggregate' | 'window'; readonly form: AggregateForm })

interface BoundBase {
  /** Lower case; operators have names too: add, subtract, multiply, divide, modulus, negate, concat, subscript. */
  readonly name: string
  readonly argumentTypes: readonly Type[]
  readonly type: Type
  readonly deterministic: boolean
  /** NULL in, NULL out for every argument: lets rules reason about it. */
  readonly strict: boolean
}
