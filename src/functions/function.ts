/**
 * What the engine knows of a function. A definition is a row of the registry; binding a call to it gives a BoundFunction,
 * which is all that the plan and the kernel's printer need.
 */
import type { Position } from '#src/common/errors'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

export type FunctionKind = 'scalar' | 'aggregate' | 'window'

/** Text of a scalar call in the kernel's SQL; `args` are printed in their stored form (src/kernel/representation.ts). */
export type ScalarForm = (args: readonly string[], types: CallTypes) => string

/** What a form may ask about its call. */
export interface CallTypes {
  readonly arguments: readonly Type[]
  readonly result: Type
  /** The session's zone, for functions whose meaning depends on it. */
  readonly zone: string
  /** The session's start, microseconds since the epoch, for functions whose meaning depends on it. */
  readonly now: bigint
  /** The value of each argument that is a literal; undefined for the others (NULL is null). */
  readonly constants: readonly (Value | undefined)[]
  /** The lambda of each argument that is one. */
  readonly lambdas: readonly (LambdaForm | undefined)[]
  /** Decimal digits that an argument's values have at most, as the bounds of its columns tell; undefined where they do not. */
  readonly digitsOf: (index: number) => number | undefined
  readonly at: Position | undefined
  readonly kernel: KernelForms
}

/** A lambda argument, printed by the caller. */
export interface LambdaForm {
  /** The body's text with the parameters, and what it captures if given, replaced by texts. */
  readonly body: (parameters: readonly string[], captures?: readonly string[]) => string
  /** Texts of the columns and of outer lambdas' parameters that the body reads. */
  readonly captures: readonly string[]
  /** Ends the names that the form gives to the kernel's own lambdas around the body: no other lambda's names end so. */
  readonly suffix: string
}

/** What the kernel's representation of types gives to forms; implemented in src/kernel. All texts are SQL. */
export interface KernelForms {
  /** The kernel's name of the type a value is stored as. */
  stored(type: Type): string
  /** Trino's `=`: NULL when either is NULL, or when rows or arrays cannot be told apart for a NULL inside. */
  equal(left: string, right: string, type: Type): string
  /** Trino's `IS NOT DISTINCT FROM`: never NULL. */
  identical(left: string, right: string, type: Type): string
  /** Trino's `<`; fails where a NULL inside rows or arrays decides. */
  less(left: string, right: string, type: Type): string
  /** Values that Trino groups together have the same key, and only those. */
  equalityKey(value: string, type: Type): string
  /** Sorts natively as Trino sorts the values. */
  orderKey(value: string, type: Type): string
  /** Whether the stored value is its own equality key and order key. */
  isNative(type: Type): boolean
  /** CAST, failing as Trino does; `safe` gives NULL instead. */
  cast(value: string, from: Type, to: Type, safe?: boolean): string
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
export type BoundFunction = BoundScalar | BoundAggregate
export type BoundScalar = BoundBase & { readonly kind: 'scalar'; readonly form: ScalarForm }
export type BoundAggregate = BoundBase & { readonly kind: 'aggregate' | 'window'; readonly form: AggregateForm }

interface BoundBase {
  /** Lower case; operators have names too: add, subtract, multiply, divide, modulus, negate, concat, subscript. */
  readonly name: string
  /** A lambda's is a function type. */
  readonly argumentTypes: readonly Type[]
  readonly type: Type
  readonly deterministic: boolean
  /** NULL in, NULL out for every argument: lets rules reason about it. */
  readonly strict: boolean
}
