/** Statements that mend a table. */
import { formatType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import type { Value } from '#src/types/value'
import { formatName, fullName, quote } from '../ddl.ts'
import type { Table } from '../model.ts'

/** At most so many partitions are named in a statement. */
const MOST_NAMED = 3

/** `only`: the partitions that are to be compacted; undefined: whichever need it. */
export function optimizeStatement(table: Table, only: readonly (readonly Value[])[] | undefined): string | undefined {
  const statement = `ALTER TABLE ${fullName(table)} EXECUTE optimize`
  if (only === undefined) return statement
  if (only.length > MOST_NAMED) return undefined
  const partitions = only.map((values) => table.partitionKeys.map((key, level) => comparison(key, values[level] ?? null)).join(' AND '))
  return `${statement} WHERE ${partitions.length === 1 ? partitions[0] : partitions.map((one) => `(${one})`).join(' OR ')}`
}

function comparison({ name, type }: Table['partitionKeys'][number], value: Value): string {
  if (value === null) return `${formatName(name)} IS NULL`
  const text = formatValue(value, type)
  const isNumber = /^(tinyint|smallint|integer|bigint)$/.test(type.kind)
  return `${formatName(name)} = ${isNumber ? text : type.kind === 'varchar' ? quote(text) : `CAST(${quote(text)} AS ${formatType(type)})`}`
}

/** A table of new files beside this one, by as many of its keys. */
export function rewriteStatement(table: Table, keys = table.partitionKeys.length): string {
  const names = table.partitionKeys.slice(0, keys).map(({ name }) => name)
  const partitioned = names.length === 0 ? '' : `, partitioned_by = ARRAY[${names.map(quote).join(', ')}]`
  // Keys come last, and those that are keys no more before them.
  const columns = [...table.columns, ...table.partitionKeys.slice(keys), ...table.partitionKeys.slice(0, keys)]
  const selected = keys === table.partitionKeys.length ? '*' : columns.map(({ name }) => formatName(name)).join(', ')
  const rewritten = fullName({ ...table, name: `${table.name}_rewritten` })
  return `CREATE TABLE ${rewritten} WITH (format = 'PARQUET'${partitioned}) AS SELECT ${selected} FROM ${fullName(table)}`
}
