/** Generators of predicates and rows over three columns: small domains, so that bounds meet, overlap and miss often. */
import fc from 'fast-check'
import type { BoundScalar } from '#src/functions/function'
import { and, columnRef, comparison, isNull, literal, not, or } from '#src/logical/build'
import type { Column, ComparisonOperator, Expr } from '#src/logical/expression'
import { BIGINT, BOOLEAN, DOUBLE, INTEGER, TINYINT, type Type, varchar } from '#src/types/type'
import type { Value } from '#src/types/value'

export const A: Column = { id: 1, name: 'a', type: INTEGER }
export const B: Column = { id: 2, name: 'b', type: DOUBLE }
export const S: Column = { id: 3, name: 's', type: varchar() }
export const COLUMNS = [A, B, S] as const

const integers = fc.constantFrom<Value[]>(-200n, -1n, 0n, 1n, 2n, 3n, 300n)
const doubles = fc.constantFrom<Value[]>(-1.5, -0, 0, 1, 2.5, Number.NaN, Number.POSITIVE_INFINITY)
/** U+FF5E sorts above U+1F600 in UTF-16 units, below it in code points. */
const strings = fc.constantFrom<Value[]>('', 'a', 'ab', 'abc', 'b', 'ba', '\uff5e', '\u{1f600}')
const domain = (type: Type): fc.Arbitrary<Value> => (type.kind === 'double' ? doubles : type.kind === 'varchar' ? strings : integers)
const orNull = (values: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 5, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) })

export const rows: fc.Arbitrary<readonly (readonly Value[])[]> = fc.array(fc.tuple(orNull(integers), orNull(doubles), orNull(strings)), {
  minLength: 0,
  maxLength: 5,
})

export const scalarFunction = (name: string, argumentTypes: readonly Type[], type: Type): BoundScalar => ({
  kind: 'scalar',
  name,
  argumentTypes,
  type,
  deterministic: true,
  strict: true,
  form: () => name,
})

const constant = (type: Type): fc.Arbitrary<Expr> => orNull(domain(type)).map((value) => literal(type, value))

const integerOperand: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Expr>(columnRef(A)) },
  { weight: 2, arbitrary: constant(INTEGER) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('add', 'subtract', 'multiply'), constant(INTEGER), fc.boolean()).map(
      ([name, value, flipped]): Expr => ({
        kind: 'call',
        type: INTEGER,
        function: scalarFunction(name, [INTEGER, INTEGER], INTEGER),
        args: flipped ? [value, columnRef(A)] : [columnRef(A), value],
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Expr>({
      kind: 'call',
      type: INTEGER,
      function: scalarFunction('negate', [INTEGER], INTEGER),
      args: [columnRef(A)],
    }),
  },
)
const cast = (value: Expr, type: Type, safe = false): Expr => ({ kind: 'cast', type, value, safe })

/** Two operands of one type. */
const pair: fc.Arbitrary<readonly [Expr, Expr, Type]> = fc.oneof(
  fc.tuple(integerOperand, integerOperand, fc.constant<Type>(INTEGER)),
  fc.tuple(
    fc.oneof(
      fc.constant<Expr>(columnRef(B)),
      constant(DOUBLE),
      integerOperand.map((value) => cast(value, DOUBLE)),
    ),
    constant(DOUBLE),
    fc.constant<Type>(DOUBLE),
  ),
  fc.tuple(fc.constant<Expr>(columnRef(S)), constant(varchar()), fc.constant<Type>(varchar())),
  fc.tuple(fc.constant<Expr>(cast(columnRef(S), varchar(1))), constant(varchar(1)), fc.constant<Type>(varchar(1))),
  fc.tuple(
    integerOperand.map((value) => cast(value, BIGINT)),
    constant(BIGINT),
    fc.constant<Type>(BIGINT),
  ),
  fc.tuple(
    fc.tuple(integerOperand, fc.boolean()).map(([value, safe]) => cast(value, TINYINT, safe)),
    constant(TINYINT),
    fc.constant<Type>(TINYINT),
  ),
)

const OPERATORS: readonly ComparisonOperator[] = ['=', '<>', '<', '<=', '>', '>=']
const leaf: fc.Arbitrary<Expr> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...OPERATORS), pair, fc.boolean())
    .map(([operator, [left, right], flipped]) => (flipped ? comparison(operator, right, left) : comparison(operator, left, right))),
  fc.tuple(pair, fc.boolean()).map(([[left, right], negated]): Expr => ({ kind: 'distinct-from', type: BOOLEAN, left, right, negated })),
  pair.chain(([value, , type]) =>
    fc.array(constant(type), { minLength: 1, maxLength: 4 }).map((items): Expr => ({ kind: 'in-list', type: BOOLEAN, value, items })),
  ),
  pair.chain(([value, , type]) =>
    fc.tuple(constant(type), constant(type)).map(([low, high]): Expr => ({ kind: 'between', type: BOOLEAN, value, low, high })),
  ),
  pair.map(([value]) => isNull(value)),
  fc.constantFrom('a%', 'ab', '%', 'a_', '', 'b%a', '\u{1f600}%').map(
    (pattern): Expr => ({
      kind: 'like',
      type: BOOLEAN,
      value: columnRef(S),
      pattern: literal(varchar(), pattern),
      escape: undefined,
    }),
  ),
  fc.constantFrom(true, false, null).map((value) => literal(BOOLEAN, value)),
)

export const predicates: fc.Arbitrary<Expr> = fc.letrec<{ predicate: Expr }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: tie('predicate').map(not) },
    { weight: 2, arbitrary: fc.array(tie('predicate'), { minLength: 2, maxLength: 3 }).map((terms) => and(...terms)) },
    { weight: 2, arbitrary: fc.array(tie('predicate'), { minLength: 2, maxLength: 3 }).map((terms) => or(...terms)) },
  ),
})).predicate
