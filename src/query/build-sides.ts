/** Small sides of joins, read for dynamic filters: rows of one column from the kernel, as values. */
import { parseKeyValue } from '#catalog/partitions/key-types'
import { QueryError } from '#src/common/errors'
import type { KernelFrame } from '#src/kernel/kernel'
import type { BuildSideReader } from '#src/physical/dynamic-filters'
import type { PhysicalPlan } from '#src/physical/plan'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

/** @param execute runs a plan and gives its rows as `json-rows` frames */
export function buildSideReader(execute: (plan: PhysicalPlan) => AsyncIterable<KernelFrame>): BuildSideReader {
  return {
    async read(plan) {
      const type = plan.output[0]?.column.type as Type
      const values: Value[] = []
      for await (const { bytes, rows } of execute(plan)) if (rows > 0) values.push(...valuesOf(bytes, type))
      return values
    },
  }
}

function valuesOf(bytes: Uint8Array, type: Type): readonly Value[] {
  const text = `[${Buffer.from(bytes).toString('utf8')}]`
  // Numbers keep all their digits.
  const exact = ((_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? context?.source : value) as (key: string, value: unknown) => unknown
  return (JSON.parse(text, exact) as readonly (readonly [string | null])[]).map(([item]) => {
    if (item === null) return null
    const value = parseKeyValue(type, item)
    if (value === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `'${item}' cannot be read as a value of a dynamic filter`)
    return value
  })
}
