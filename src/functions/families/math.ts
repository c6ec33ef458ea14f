import { scalar } from '../definition.ts'

const NUMBERS = ['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double', 'decimal(p,s)']

export const mathFunctions = [
  scalar(
    NUMBERS.map((type) => `abs(${type}) -> ${type}`),
    'Absolute value',
    'abs($1)',
  ),
].flat()
