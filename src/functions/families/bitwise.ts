/** Bits. Shifts work on the type's own width, beyond which nothing is left; the right shift fills with zeros. */
import { scalar } from '../definition.ts'

const WIDTHS = [
  ['tinyint', 8],
  ['smallint', 16],
  ['integer', 32],
  ['bigint', 64],
] as const

export const bitwiseFunctions = [
  scalar('bitwise_and(bigint, bigint) -> bigint', 'Bits that both have', '($1 & $2)'),
  scalar('bitwise_or(bigint, bigint) -> bigint', 'Bits that either has', '($1 | $2)'),
  scalar('bitwise_xor(bigint, bigint) -> bigint', 'Bits that one has', 'xor($1, $2)'),
  scalar('bitwise_not(bigint) -> bigint', 'Inverted bits', '(~$1)'),
  scalar('bit_count(bigint, bigint) -> bigint', 'Number of ones in the first bits of a two-complement number', 'weir_bit_count($1, $2)'),
  ...WIDTHS.map(([type, bits]) => [
    scalar(
      `bitwise_left_shift(${type}, integer) -> ${type}`,
      'Shifts to the left',
      ([value, shift], { result, kernel }) => `CAST(weir_left_shift(${value}, ${shift}, ${bits}) AS ${kernel.stored(result)})`,
    ),
    scalar(
      `bitwise_right_shift(${type}, integer) -> ${type}`,
      'Shifts to the right, filling with zeros',
      ([value, shift], { result, kernel }) => `CAST(weir_right_shift(${value}, ${shift}, ${bits}) AS ${kernel.stored(result)})`,
    ),
    scalar(
      `bitwise_right_shift_arithmetic(${type}, integer) -> ${type}`,
      'Shifts to the right, filling with the sign',
      ([value, shift], { result, kernel }) =>
        `CAST(CASE WHEN weir_shift(${shift}) >= ${bits} THEN CASE WHEN ${value} < 0 THEN -1 ELSE ${value} & 0 END ELSE ${value} >> CAST(weir_shift(${shift}) AS INTEGER) END AS ${kernel.stored(result)})`,
    ),
  ]),
].flat(2)
