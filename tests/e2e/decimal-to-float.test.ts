/** CAST(decimal AS double): Trino divides the digits, as a double, by the power of ten; JavaScript's numbers are the oracle. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'

let weir: WeirServer

beforeAll(async () => {
  weir = await startWeir()
})

afterAll(async () => {
  await weir?.stop()
})

/** Numbers of 18 digits that look like chance, the same each time. */
function digits(count: number): readonly bigint[] {
  let state = 88172645463325252n
  return Array.from({ length: count }, (_, index) => {
    state ^= (state << 13n) & 0xffff_ffff_ffff_ffffn
    state ^= state >> 7n
    state ^= (state << 17n) & 0xffff_ffff_ffff_ffffn
    return (state % 10n ** BigInt(1 + (index % 18))) * (index % 2 === 0 ? 1n : -1n)
  })
}

it.each([1, 4, 9])('scale %i', async (scale) => {
  const unscaled = digits(300)
  const literal = (value: bigint): string => {
    const text = `${value < 0n ? -value : value}`.padStart(scale + 1, '0')
    return `${value < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`
  }
  const values = unscaled.map((value) => `DECIMAL '${literal(value)}'`).join(', ')
  const { json } = await weir.sql(`SELECT CAST(CAST(d AS decimal(18, ${scale})) AS double) FROM (VALUES ${values}) t(d)`)
  expect(json.error).toBeUndefined()
  const sorted = (numbers: readonly number[]): readonly number[] => numbers.map((number) => number + 0).toSorted((a, b) => a - b)
  expect(sorted(json.rows.map(([value]) => value as number))).toEqual(sorted(unscaled.map((value) => Number(value) / 10 ** scale)))
})
