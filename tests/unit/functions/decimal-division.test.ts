/** Quotients and averages of decimals of all types, compared with whole numbers of any length. */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimalAverage, decimalDivision } from '#src/functions/decimal-form'
import { openExpressionKernel } from '#tests/support/kernel-expressions'

const kernel = await openExpressionKernel()

interface Form {
  readonly precision: number
  readonly scale: number
}

const types: fc.Arbitrary<Form> = fc
  .integer({ min: 1, max: 38 })
  .chain((precision) => fc.record({ precision: fc.constant(precision), scale: fc.integer({ min: 0, max: precision }) }))

/** Often the largest ones, and few digits. */
const valuesOf = ({ precision }: Form): fc.Arbitrary<bigint> => {
  const end = 10n ** BigInt(precision) - 1n
  return fc.oneof(
    fc.bigInt({ min: -end, max: end }),
    fc.integer({ min: 1, max: precision }).chain((digits) => fc.bigInt({ min: 1n, max: 10n ** BigInt(digits) - 1n })),
    fc.constantFrom(end, -end, 1n, -1n),
  )
}

const cases = fc.tuple(types, types).chain(([a, b]) =>
  fc.record({
    a: fc.constant(a),
    b: fc.constant(b),
    pairs: fc.array(
      fc.tuple(
        valuesOf(a),
        valuesOf(b).filter((value) => value !== 0n),
      ),
      { minLength: 20, maxLength: 20 },
    ),
    nonZero: fc.boolean(),
  }),
)

function textOf(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  const at = digits.length - scale
  return `${value < 0n ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}`
}

const size = (value: bigint): bigint => (value < 0n ? -value : value)

function halfUp(dividend: bigint, divisor: bigint): bigint {
  const rounded = (2n * size(dividend) + size(divisor)) / (2n * size(divisor))
  return dividend < 0n !== divisor < 0n ? -rounded : rounded
}

const constant = (value: bigint, { precision, scale }: Form) => `CAST('${textOf(value, scale)}' AS DECIMAL(${precision}, ${scale}))`

/** Each value at the scale, compared as whole numbers: the kernel writes no zero before the point. */
async function asked(sql: string, scale: number): Promise<readonly bigint[]> {
  const rows = await kernel.sql(sql)
  return rows.map(([text]) => {
    const [whole = '', part = ''] = String(text).split('.')
    expect(part).toHaveLength(scale)
    return BigInt(`${whole}${part}`.replace(/^-$/, '0'))
  })
}

it('divides as whole numbers do', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ a, b, pairs, nonZero }) => {
      const scale = Math.max(a.scale, b.scale)
      const precision = Math.min(38, a.precision + b.scale + Math.max(b.scale - a.scale, 0))
      const shift = scale - a.scale + b.scale
      // Trino shifts by 37 digits at most.
      fc.pre(shift <= 37)
      const form = decimalDivision({ sql: 'a', ...a }, { sql: 'b', ...b }, { precision, scale }, nonZero)
      const quotients = pairs.map(([x, y]) => halfUp(x * 10n ** BigInt(shift), y))
      const fits = (quotient: bigint) => size(quotient) < 10n ** BigInt(precision)
      const select = (rows: readonly (readonly [bigint, bigint])[]) =>
        `SELECT CAST(${form} AS VARCHAR) FROM (VALUES ${rows.map(([x, y]) => `(${constant(x, a)}, ${constant(y, b)})`).join(', ')}) AS t(a, b)`
      const inside = pairs.filter((_, at) => fits(quotients[at] as bigint))
      if (inside.length > 0) expect(await asked(select(inside), scale)).toEqual(quotients.filter(fits))
      const beyond = pairs.find((_, at) => !fits(quotients[at] as bigint))
      if (beyond !== undefined) await expect(kernel.sql(select([beyond]))).rejects.toThrow(/overflow|Could not cast/i)
    }),
    { numRuns: 150 },
  )
})

it('averages as whole numbers do', async () => {
  const sums = fc
    .tuple(
      fc.integer({ min: 0, max: 20 }).chain((scale) => fc.record({ precision: fc.constant(38), scale: fc.constant(scale) })),
      fc.integer({ min: 1, max: 38 }),
    )
    .chain(([type, digits]) =>
      fc.tuple(fc.constant(type), fc.constant(digits), valuesOf({ precision: digits, scale: 0 }), fc.integer({ min: 1 })),
    )
  await fc.assert(
    fc.asyncProperty(sums, async ([type, digits, sum, count]) => {
      const form = decimalAverage('a', 'n', digits, type)
      expect(await asked(`SELECT CAST(${form} AS VARCHAR) FROM (SELECT ${constant(sum, type)} AS a, ${count} AS n)`, type.scale)).toEqual([
        halfUp(sum, BigInt(count)),
      ])
    }),
    { numRuns: 100 },
  )
})
