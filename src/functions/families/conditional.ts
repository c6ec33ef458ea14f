/** Functions over values of any type. COALESCE, IF, NULLIF and TRY are expressions of their own. */
import { ERRORS } from '#src/common/errors'
import { shownType } from '#src/types/format'
import type { Type } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { ScalarForm } from '../function.ts'
import { KERNEL_ERROR_MARK, quote } from '../kernel-error.ts'
import { holdsFloat, isNested, leastNaN } from '../least-nan.ts'

/** A column, a whole number or NULL. */
const PLAIN_ARGUMENT = /^(?:c\d+|-?\d+|NULL)$/

/** NULL when an argument is; NaN loses to every number, also inside arrays and rows. */
const extreme =
  (name: 'greatest' | 'least'): ScalarForm =>
  (args, types) => {
    const type = types.arguments[0] as Type
    // Trino computes all arguments: one that fails is not passed over for a NULL.
    const computed = args.filter((arg) => !PLAIN_ARGUMENT.test(arg))
    const given =
      computed.length > 1
        ? `NOT list_contains([${args.map((arg) => `${arg} IS NULL`).join(', ')}], true)`
        : [...computed, ...args.filter((arg) => !computed.includes(arg))].map((arg) => `${arg} IS NOT NULL`).join(' AND ')
    const list = `[${args.join(', ')}]`
    if (types.constants.includes(null)) return `list_filter(${list}, lambda x: false)[1]`
    const key = name === 'greatest' ? leastNaN('x', type, types.kernel) : types.kernel.orderKey('x', type)
    const best = name === 'greatest' ? 'max' : 'min'
    if (isNested(type) && holdsFloat(type)) {
      // Of equal ones the first; the kernel's own extreme would lose the sign of zeros.
      const places = `list_transform(l, lambda x, i: struct_pack(k := ${key}, i := ${name === 'greatest' ? '-i' : 'i'}))`
      return `CASE WHEN ${given} THEN list_transform([${list}], lambda l: l[abs((list_${best}(${places})).i)])[1] END`
    }
    if (key !== 'x') {
      const pairs = `list_transform(${list}, lambda x: struct_pack(k := ${key}, v := x))`
      return `CASE WHEN ${given} THEN (list_${best}(${pairs})).v END`
    }
    if (name === 'greatest' && (type.kind === 'double' || type.kind === 'real')) {
      return `CASE WHEN ${given} THEN coalesce(list_max(list_filter(${list}, lambda x: NOT isnan(x))), ${args[0]}) END`
    }
    // The kernel's least of reals takes -0.0 for 0.0.
    if (type.kind === 'real') return `CASE WHEN ${given} THEN list_min(${list}) END`
    return `CASE WHEN ${given} THEN ${name}(${args.join(', ')}) END`
  }

/** Trino gives each connector a range of its own from here on. */
const FIRST_CONNECTOR_CODE = 0x0100_0000

/** An error by its number; the text of every other number is Trino's, too. */
const failWith = (code: string, message: string): string => {
  const standard = Object.entries(ERRORS).filter(([, error]) => error.code < FIRST_CONNECTOR_CODE)
  const named = standard.map(([name, error]) => `WHEN ${error.code} THEN '${name}|' || ${message}`)
  return `CASE ${code} ${named.join(' ')} ELSE 'GENERIC_INTERNAL_ERROR|Unable to find error for code: ' || ${code} END`
}

/** Trino's type of what never is. */
const fail: ScalarForm = (args) => {
  const [first = '', second] = args
  const error = second === undefined ? `'GENERIC_USER_ERROR|' || ${first}` : failWith(first, second)
  return `CASE WHEN ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN CAST(error('${KERNEL_ERROR_MARK}' || ${error}) AS BOOLEAN) END`
}

export const conditionalFunctions = [
  scalar(['fail(varchar) -> unknown', 'fail(integer, varchar) -> unknown'], 'Fails with an error', fail, { hidden: true }),
  scalar('uuid() -> uuid', 'Random UUID', 'uuid()', { deterministic: false }),
  scalar('<E:orderable> greatest(E...) -> E', 'Greatest argument', extreme('greatest')),
  scalar('<E:orderable> least(E...) -> E', 'Least argument', extreme('least')),
  scalar(
    'typeof(T) -> varchar',
    'Type of an expression',
    ([arg = 'NULL'], { arguments: [type] }) => {
      const name = quote(type === undefined ? 'unknown' : shownType(type))
      // The argument is computed, and may fail.
      return PLAIN_ARGUMENT.test(arg) ? name : `CASE WHEN ${arg} IS NULL THEN ${name} ELSE ${name} END`
    },
    { strict: false },
  ),
].flat()
