/** Overload resolution and its errors, with the texts of Trino 476. */
import { describe, expect, test } from 'vitest'
import { bindFunction, bindOperator, comparisonType } from '#src/functions/bind'
import { functionExists, isAggregate, isWindowFunction, listFunctions } from '#src/functions/registry'
import { formatType, parseType } from '#src/types/format'
import { failureOf } from '#tests/support/kernel-expressions'

const AT = { line: 1, column: 8 }
const bound = (name: string, ...types: string[]) => {
  const { argumentTypes, type } = bindFunction(
    name,
    types.map((text) => parseType(text)),
    AT,
  )
  return `(${argumentTypes.map(formatType).join(', ')}) -> ${formatType(type)}`
}
const operator = (name: Parameters<typeof bindOperator>[0], ...types: string[]) =>
  formatType(
    bindOperator(
      name,
      types.map((text) => parseType(text)),
      AT,
    ).type,
  )

describe('operators', () => {
  test.each([
    ['add', 'integer', 'integer', 'integer'],
    ['add', 'smallint', 'smallint', 'smallint'],
    ['add', 'integer', 'decimal(12,2)', 'decimal(13,2)'],
    ['add', 'bigint', 'decimal(12,2)', 'decimal(22,2)'],
    ['add', 'bigint', 'real', 'real'],
    ['add', 'integer', 'double', 'double'],
    ['add', 'unknown', 'integer', 'integer'],
    ['add', 'timestamp(0)', 'interval day to second', 'timestamp(3)'],
    ['add', 'interval year to month', 'date', 'date'],
    ['subtract', 'decimal(15,2)', 'decimal(10,0)', 'decimal(16,2)'],
    ['subtract', 'timestamp(6)', 'date', 'interval day to second'],
    ['multiply', 'integer', 'decimal(10,2)', 'decimal(20,2)'],
    ['multiply', 'decimal(15,2)', 'decimal(16,2)', 'decimal(31,4)'],
    ['multiply', 'decimal(38,10)', 'decimal(38,10)', 'decimal(38,20)'],
    ['divide', 'decimal(10,2)', 'decimal(10,2)', 'decimal(12,2)'],
    ['divide', 'decimal(2,1)', 'integer', 'decimal(2,1)'],
    ['modulus', 'decimal(5,2)', 'decimal(3,2)', 'decimal(3,2)'],
    ['subscript', 'array(varchar)', 'integer', 'varchar'],
    ['subscript', 'map(varchar(3), double)', 'varchar(5)', 'double'],
  ] as const)('%s(%s, %s) is %s', (name, a, b, expected) => {
    expect(operator(name, a, b)).toBe(expected)
  })

  test('errors', async () => {
    expect(await failureOf(() => operator('add', 'date', 'integer'))).toBe('TYPE_MISMATCH: line 1:8: Cannot apply operator: date + integer')
    expect(await failureOf(() => operator('add', 'varchar(1)', 'integer'))).toBe(
      'TYPE_MISMATCH: line 1:8: Cannot apply operator: varchar(1) + integer',
    )
    expect(await failureOf(() => comparisonType('=', parseType('varchar(1)'), parseType('integer'), AT))).toBe(
      'TYPE_MISMATCH: line 1:8: Cannot apply operator: varchar(1) = integer',
    )
    expect(await failureOf(() => comparisonType('=', parseType('interval year to month'), parseType('interval day to second'), AT))).toBe(
      'TYPE_MISMATCH: line 1:8: Cannot apply operator: interval year to month = interval day to second',
    )
    expect(await failureOf(() => comparisonType('<', parseType('map(varchar, integer)'), parseType('map(varchar, integer)'), AT))).toBe(
      'TYPE_MISMATCH: line 1:8: Cannot apply operator: map(varchar, integer) < map(varchar, integer)',
    )
  })
})

describe('functions', () => {
  test.each([
    ['sum', ['integer'], '(bigint) -> bigint'],
    ['sum', ['decimal(12,2)'], '(decimal(12,2)) -> decimal(38,2)'],
    ['sum', ['real'], '(real) -> real'],
    ['avg', ['integer'], '(bigint) -> double'],
    ['avg', ['decimal(10,2)'], '(decimal(10,2)) -> decimal(10,2)'],
    ['count', [], '() -> bigint'],
    ['COUNT', ['varchar(3)'], '(varchar(3)) -> bigint'],
    ['max', ['unknown'], '(unknown) -> unknown'],
    ['substr', ['varchar(5)', 'integer'], '(varchar(5), bigint) -> varchar(5)'],
    ['lower', ['varchar'], '(varchar) -> varchar'],
    ['concat', ['varchar(1)', 'varchar(2)'], '(varchar, varchar) -> varchar'],
    ['concat', ['array(integer)', 'array(bigint)'], '(array(bigint), array(bigint)) -> array(bigint)'],
    ['concat', ['array(integer)', 'integer'], '(array(integer), integer) -> array(integer)'],
    ['concat', ['char(4)', 'char(1)'], '(char(4), char(1)) -> char(5)'],
    ['round', ['decimal(5,2)'], '(decimal(5,2)) -> decimal(4,0)'],
    ['round', ['decimal(3,2)', 'integer'], '(decimal(3,2), integer) -> decimal(4,2)'],
    ['greatest', ['integer', 'double'], '(double, double) -> double'],
    ['contains', ['array(integer)', 'bigint'], '(array(bigint), bigint) -> boolean'],
    ['lag', ['varchar(3)', 'integer', 'varchar(5)'], '(varchar(5), bigint, varchar(5)) -> varchar(5)'],
    ['replace', ['varchar(3)', 'varchar(1)'], '(varchar(3), varchar(1)) -> varchar(3)'],
    ['mod', ['decimal(2,1)', 'integer'], '(decimal(2,1), decimal(10,0)) -> decimal(2,1)'],
    ['json_extract_scalar', ['varchar(9)', 'varchar(3)'], '(varchar(9), varchar) -> varchar(9)'],
  ])('%s(%s)', (name, types, expected) => {
    expect(bound(name, ...types)).toBe(expected)
  })

  test('errors', async () => {
    expect(await failureOf(() => bound('cuont', 'integer'))).toBe("FUNCTION_NOT_FOUND: line 1:8: Function 'cuont' not registered")
    expect(await failureOf(() => bound('ends_with', 'varchar', 'varchar'))).toBe(
      "FUNCTION_NOT_FOUND: line 1:8: Function 'ends_with' not registered",
    )
    expect(await failureOf(() => bound('sum', 'varchar(1)'))).toBe(
      'FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (varchar(1)) for function sum. Expected: sum(bigint), sum(decimal(p,s)), sum(double), sum(interval day to second), sum(interval year to month), sum(real)',
    )
    expect(await failureOf(() => bound('concat', 'varchar(1)', 'integer'))).toContain(
      'FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (varchar(1), integer) for function concat. Expected: concat(',
    )
    expect(await failureOf(() => bound('array_max', 'array(map(varchar, integer))'))).toContain('Expected: array_max(array(T)) T:orderable')
  })

  test('kinds', () => {
    expect([
      isAggregate('SUM'),
      isAggregate('abs'),
      isWindowFunction('rank'),
      isWindowFunction('sum'),
      functionExists('date_trunc'),
    ]).toEqual([true, false, true, false, true])
  })

  test('every signature is listed once, with a description', () => {
    const listed = listFunctions()
    const keys = listed.map(({ name, argumentTypes }) => `${name}(${argumentTypes})`)
    expect(keys.length - new Set(keys).size).toBe(0)
    expect(listed.filter(({ description }) => description === '')).toEqual([])
  })
})
