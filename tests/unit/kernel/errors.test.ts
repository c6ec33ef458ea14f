/** The kernel's failures as users see them, and TRY, which gives NULL for them. */
import { describe, expect, test } from 'vitest'
import { translateKernelError } from '#src/kernel/kernel-errors'
import type { Expr } from '#src/logical/expression'
import { call, castTo, lit, op, openExpressionKernel } from '#tests/support/kernel-expressions'

const kernel = await openExpressionKernel()

const tried = (value: Expr): Expr => ({ kind: 'try', type: value.type, value })

describe('texts of the kernel', () => {
  test.each([
    [
      'SELECT x FROM (VALUES (1)) t(x) WHERE x = (SELECT y FROM (VALUES (1), (2)) s(y))',
      'SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows',
    ],
    ["SELECT error('WEIR|DIVISION_BY_ZERO|Division by zero')", 'DIVISION_BY_ZERO: Division by zero'],
    ["SELECT error('WEIR|INVALID_FUNCTION_ARGUMENT|a|b')", 'INVALID_FUNCTION_ARGUMENT: a|b'],
    ['SELECT CAST(200 AS TINYINT)', 'NUMERIC_VALUE_OUT_OF_RANGE: Out of range for tinyint: 200'],
    ['SELECT CAST(9223372036854775808 AS BIGINT)', 'NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow'],
    ["SELECT timezone('Mars/Base', TIMESTAMP '2020-01-01 00:00:00')", "INVALID_FUNCTION_ARGUMENT: 'Mars/Base' is not a valid time zone"],
    ["SELECT TIMESTAMP '294247-01-10 00:00:00' + to_days(1)", 'INVALID_FUNCTION_ARGUMENT: Date or timestamp is out of range'],
    ["SELECT decode(from_hex('61FF'))", 'NOT_SUPPORTED: Text of bytes that are not valid UTF-8 is not supported'],
    ['SELECT map([1, 1], [2, 3])', 'INVALID_FUNCTION_ARGUMENT: Duplicate map keys are not allowed'],
  ])('%s', async (sql, expected) => {
    const translated = await kernel.sql(sql).then(
      () => undefined,
      (error: Error) => translateKernelError(error.message),
    )
    expect(`${translated?.errorName}: ${translated?.message}`).toBe(expected)
  })

  test.each([
    ['INTERRUPT Error: Interrupted!', 'USER_CANCELED'],
    ['Out of Memory Error: failed to allocate data of size 1.0 MiB', 'EXCEEDED_LOCAL_MEMORY_LIMIT'],
  ])('%s', (text, name) => {
    expect(translateKernelError(text).errorName).toBe(name)
  })

  test('what is not known stays inside', () => {
    const error = translateKernelError('Binder Error: Referenced column "secret" not found')
    expect(error.errorName).toBe('GENERIC_INTERNAL_ERROR')
    expect(error.message).not.toContain('secret')
    expect((error.cause as Error).message).toContain('secret')
  })
})

describe('TRY', () => {
  test.each([
    ['division by zero', tried(op('divide', 1n, 0n)), null],
    ['a cast', tried(castTo(call('lower', 'x'), 'integer')), null],
    ['an overflow of the kernel', tried(op('add', 2147483647n, 1n)), null],
    ['no failure', tried(op('divide', 6n, 3n)), 2],
    [
      'a message that looks like a call',
      tried(call('concat', castTo(op('divide', 6n, 3n), 'varchar'), " error('x') weir_38_digits(")),
      "2 error('x') weir_38_digits(",
    ],
  ])('%s', async (_title, expr, expected) => {
    expect(await kernel.run(expr)).toEqual(expected)
  })

  test('gives NULL for the whole, also where NULL would be caught inside', async () => {
    const caught: Expr = { kind: 'coalesce', type: { kind: 'integer' }, args: [op('divide', 1n, 0n), lit(5n)] }
    expect(await kernel.run(tried(caught))).toBe(null)
  })
})
