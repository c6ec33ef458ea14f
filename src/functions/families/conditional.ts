/** Functions over values of any type. COALESCE, IF, NULLIF and TRY are expressions of their own. */
import { shownType } from '#src/types/format'
import type { Type } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { ScalarForm } from '../function.ts'
import { quote } from '../kernel-error.ts'

/** NULL when an argument is; NaN loses to every number. */
const extreme =
  (name: 'greatest' | 'least'): ScalarForm =>
  (args, types) => {
    const type = types.arguments[0] as Type
    // What is computed comes first: Trino computes all arguments, so that one that fails is not passed over for a NULL.
    const computed = (arg: string): number => (/^(?:c\d+|NULL)$/.test(arg) ? 1 : 0)
    const given = [...args]
      .sort((one, other) => computed(one) - computed(other))
      .map((arg) => `${arg} IS NOT NULL`)
      .join(' AND ')
    const list = `[${args.join(', ')}]`
    if (types.constants.includes(null)) return `list_filter(${list}, lambda x: false)[1]`
    const key = types.kernel.orderKey('x', type)
    const best = name === 'greatest' ? 'max' : 'min'
    if (key !== 'x') {
      const pairs = `list_transform(${list}, lambda x: struct_pack(k := ${key}, v := x))`
      return `CASE WHEN ${given} THEN (list_${best}(${pairs})).v END`
    }
    if (name === 'greatest' && (type.kind === 'double' || type.kind === 'real')) {
      return `CASE WHEN ${given} THEN coalesce(list_max(list_filter(${list}, lambda x: NOT isnan(x))), ${args[0]}) END`
    }
    return `CASE WHEN ${given} THEN ${name}(${args.join(', ')}) END`
  }

export const conditionalFunctions = [
  scalar('uuid() -> uuid', 'Random UUID', 'uuid()', { deterministic: false }),
  scalar('<E:orderable> greatest(E...) -> E', 'Greatest argument', extreme('greatest')),
  scalar('<E:orderable> least(E...) -> E', 'Least argument', extreme('least')),
  scalar(
    'typeof(T) -> varchar',
    'Type of an expression',
    (_args, { arguments: [type] }) => quote(type === undefined ? 'unknown' : shownType(type)),
    { strict: false },
  ),
].flat()
