/** Results for clients that know times and timestamps of three digits only: the output's columns are cast. */
import { cast, columnRef, createIds, passThrough } from '#src/logical/build'
import type { ColumnId } from '#src/logical/expression'
import type { Assignment, QueryPlan } from '#src/logical/plan'
import { highestId } from '#src/logical/plan-walk'
import { sameType } from '#src/types/format'
import type { Type } from '#src/types/type'

export function withMillisecondDatetimes(plan: QueryPlan): QueryPlan {
  if (plan.output.every(({ column }) => sameType(column.type, inMilliseconds(column.type)))) return plan
  const ids = createIds(highestId(plan.root))
  // A column that is shown twice has one id, and one assignment.
  const assignments = new Map<ColumnId, Assignment>()
  for (const { column } of plan.output) {
    const type = inMilliseconds(column.type)
    const same = sameType(type, column.type)
    if (assignments.has(column.id)) continue
    assignments.set(column.id, same ? passThrough(column) : { column: ids.column(column.name, type), value: cast(columnRef(column), type) })
  }
  return {
    root: { kind: 'project', input: plan.root, assignments: [...assignments.values()] },
    output: plan.output.map(({ name, column }) => ({ name, column: assignments.get(column.id)?.column ?? column })),
  }
}

function inMilliseconds(type: Type): Type {
  switch (type.kind) {
    case 'time':
    case 'time with time zone':
    case 'timestamp':
    case 'timestamp with time zone':
      return { ...type, precision: 3 } as Type
    case 'array':
      return { kind: 'array', element: inMilliseconds(type.element) }
    case 'map':
      return { kind: 'map', key: inMilliseconds(type.key), value: inMilliseconds(type.value) }
    case 'row':
      return { kind: 'row', fields: type.fields.map((field) => ({ ...field, type: inMilliseconds(field.type) })) }
    default:
      return type
  }
}
