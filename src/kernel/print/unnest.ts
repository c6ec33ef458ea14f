/**
 * UNNEST: arrays are expanded side by side, the shorter ones padded with NULL; a map gives two columns, an array of rows
 * one a field. With `outer` an input row without elements stays, its columns NULL.
 */
import { QueryError } from '#src/common/errors'
import type { Unnest } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { columnName, type PlanPrinter } from './context.ts'

interface Expansion {
  /** The list that is expanded, over the column that holds the item's value. */
  readonly list: (value: string) => string
  /** The item's columns over the expanded element. */
  readonly columns: (element: string) => readonly string[]
}

export function printUnnest(plan: Unnest, printer: PlanPrinter): string {
  const input = outputOf(plan.input).map(columnName)
  const stem = printer.unique('u')
  const values = plan.items.map((item, index) => `${printer.expr(item.value)} AS ${stem}v${index}`)
  const lists = plan.items.flatMap((item, index) => expand(item, `${stem}v${index}`))
  const lengths = plan.items.map(
    (item, index) => `coalesce(${item.value.type.kind === 'map' ? 'cardinality' : 'len'}(${stem}v${index}), 0)`,
  )
  const longest = `greatest(${[...lengths, '0'].join(', ')})`
  // One element more where there is none, so that the row stays.
  const list = (text: string) => (plan.outer ? `CASE WHEN ${stem}n = 0 THEN [NULL] ELSE ${text} END` : text)
  const position = plan.outer ? `CASE WHEN ${stem}n = 0 THEN [NULL] ELSE range(1, ${stem}n + 1) END` : `range(1, ${stem}n + 1)`
  const expanded = [
    ...input,
    ...lists.map((entry, index) => `unnest(${list(entry.list)}) AS ${stem}e${index}`),
    ...(plan.ordinality ? [`unnest(${position}) AS ${stem}o`] : []),
  ]
  const out = [
    ...input,
    ...lists.flatMap((entry, index) => entry.columns(`${stem}e${index}`)),
    ...(plan.ordinality ? [`CAST(${stem}o AS BIGINT) AS ${columnName(plan.ordinality)}`] : []),
  ]
  const evaluated = `SELECT ${[...input, ...values].join(', ')} FROM ${printer.relation(plan.input)}`
  const measured = `SELECT *, CAST(${longest} AS BIGINT) AS ${stem}n FROM (${evaluated})`
  return `SELECT ${out.length === 0 ? 'NULL AS none' : out.join(', ')} FROM (SELECT ${expanded.join(', ')} FROM (${measured}))`
}

function expand(item: Unnest['items'][number], value: string): { readonly list: string; readonly columns: Expansion['columns'] }[] {
  const { type } = item.value
  const names = item.columns.map(columnName)
  if (type.kind === 'map')
    return [
      { list: `map_keys(${value})`, columns: (element) => [`${element} AS ${names[0]}`] },
      { list: `map_values(${value})`, columns: (element) => [`${element} AS ${names[1]}`] },
    ]
  if (type.kind !== 'array') throw new QueryError('NOT_SUPPORTED', `Cannot unnest type: ${type.kind}`)
  if (type.element.kind === 'row')
    return [
      {
        list: value,
        columns: (element) => names.map((name, index) => `struct_extract_at(${element}, ${index + 1}) AS ${name}`),
      },
    ]
  return [{ list: value, columns: (element) => [`${element} AS ${names[0]}`] }]
}
