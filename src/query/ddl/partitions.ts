/** ALTER TABLE ADD, DROP and RENAME PARTITION, SET LOCATION of a partition, MSCK REPAIR TABLE. */
import type { Table } from '#catalog/model'
import type { RepairOptions } from '#catalog/partitions/repair'
import { partitionSource } from '#catalog/partitions/table-files'

import { type Position, QueryError } from '#src/common/errors'
import type { AlterAction, CatalogStatement, PartitionSpec } from '#src/sql/ast'
import { type Ddl, type DdlContext, lakeName, placed, tableText } from './context.ts'
import { partitionMatcher, type WholePartition, wholePartition } from './partition-spec.ts'
import { existingTable } from './relations.ts'

type Alter = Extract<CatalogStatement, { kind: 'alter' }>
type Action<K extends AlterAction['kind']> = Extract<AlterAction, { kind: K }>
export type PartitionAction = Action<'add-partitions' | 'drop-partitions' | 'rename-partition' | 'set-location'>

export function alterPartitions(statement: Alter, action: PartitionAction, context: DdlContext): Ddl {
  const { at } = statement
  const name = lakeName(statement.name, at, context)
  return {
    updateType: UPDATE_TYPES[action.kind],
    run: () =>
      placed(at, async () => {
        const table = await existingTable(name, at, context)
        if (table.partitionKeys.length === 0) throw new QueryError('NOT_SUPPORTED', `Table '${tableText(table)}' is not partitioned`)
        if (partitionSource(table) === 'projection')
          throw new QueryError(
            'NOT_SUPPORTED',
            `The partitions of '${tableText(table)}' are projected: its properties tell which there are`,
          )
        switch (action.kind) {
          case 'add-partitions':
            return addPartitions(action, table, context)
          case 'drop-partitions':
            return dropPartitions(action, table, context)
          case 'rename-partition':
            return renamePartition(action, table, context)
          case 'set-location':
            return setLocation(action, table, context)
        }
      }),
  }
}

const UPDATE_TYPES: Readonly<Record<PartitionAction['kind'], string>> = {
  'add-partitions': 'ADD PARTITION',
  'drop-partitions': 'DROP PARTITION',
  'rename-partition': 'RENAME PARTITION',
  'set-location': 'ALTER TABLE',
}

async function addPartitions(
  { ifNotExists, partitions }: Action<'add-partitions'>,
  table: Table,
  context: DdlContext,
): Promise<readonly string[]> {
  const wanted = partitions.map(({ spec, location }) => ({ ...wholePartition(spec, table, context.session), location }))
  const existing = await context.catalog.addPartitions(table, wanted)
  if (existing.length === 0 || ifNotExists) return []
  throw new QueryError('ALREADY_EXISTS', `Partition already exists: ${existing[0]}`)
}

async function dropPartitions(
  { ifExists, partitions }: Action<'drop-partitions'>,
  table: Table,
  context: DdlContext,
): Promise<readonly string[]> {
  const matchers = partitions.map((spec) => partitionMatcher(spec, table, context.session))
  const registered = await context.catalog.registeredPartitions(table)
  const matches = matchers.map((matches) => registered.filter(({ values }) => matches(values)).map(({ name }) => name))
  const unmatched = partitions.find((_spec, place) => matches[place]?.length === 0)
  if (unmatched !== undefined && !ifExists) throw notRegistered(unmatched, table)
  await context.catalog.dropPartitions(table, [...new Set(matches.flat())])
  return []
}

async function renamePartition({ from, to }: Action<'rename-partition'>, table: Table, context: DdlContext): Promise<readonly string[]> {
  const old = await registeredAs(from, table, context)
  const next = wholePartition(to, table, context.session)
  const taken = await context.catalog.findRegistered(table, next.values)
  if (taken.length > 0 && taken.some(({ name }) => name !== old.name))
    throw new QueryError('ALREADY_EXISTS', `Partition already exists: ${next.name}`)
  // The files stay where they are.
  const location = old.location ?? `${table.location}${old.name}/`
  if (!(await context.catalog.replacePartition(table, old.name, { name: next.name, location }))) throw notRegistered(from, table)
  return []
}

async function setLocation({ partition, location }: Action<'set-location'>, table: Table, context: DdlContext): Promise<readonly string[]> {
  if (partition === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'The location of a table reached its partitions')
  const old = await registeredAs(partition, table, context)
  if (!(await context.catalog.replacePartition(table, old.name, { name: old.name, location }))) throw notRegistered(partition, table)
  return []
}

async function registeredAs(spec: PartitionSpec, table: Table, context: DdlContext) {
  const whole = wholePartition(spec, table, context.session)
  const [found] = await context.catalog.findRegistered(table, whole.values)
  if (found === undefined) throw notRegistered(spec, table, whole)
  return found
}

function notRegistered(spec: PartitionSpec, table: Table, whole?: WholePartition): QueryError {
  const name = whole?.name ?? spec.values.map(({ key }) => key.value).join(', ')
  const listed = partitionSource(table) === 'auto'
  return new QueryError('NOT_FOUND', `Partition '${name}' of '${tableText(table)}' is not registered`, {
    hint: listed
      ? `The table finds its partitions by listing; to decide yourself: ALTER TABLE ${tableText(table)} SET TBLPROPERTIES ('partition_discovery' = 'registered'), then MSCK REPAIR TABLE`
      : undefined,
  })
}

/** MSCK REPAIR TABLE t [ADD | DROP | SYNC PARTITIONS] [PARTITION (dt >= '2024-01-01')] */
export function repairTable(
  { table: spelled, mode, partition, at }: Extract<CatalogStatement, { kind: 'msck-repair' }>,
  context: DdlContext,
): Ddl {
  const name = lakeName(spelled, at, context)
  return {
    updateType: 'MSCK REPAIR TABLE',
    run: (signal) =>
      placed(at, async () => {
        const table = await existingTable(name, at, context)
        const matches = partition && partitionMatcher(partition, table, context.session)
        return repair(table, mode, at, context, { matches, signal })
      }),
  }
}

export async function repair(
  table: Table,
  mode: 'add' | 'drop' | 'sync',
  at: Position | undefined,
  context: DdlContext,
  options: RepairOptions,
): Promise<readonly string[]> {
  if (table.partitionKeys.length === 0) throw new QueryError('NOT_SUPPORTED', `Table '${tableText(table)}' is not partitioned`, { at })
  switch (partitionSource(table)) {
    case 'auto':
      return [`${tableText(table)} finds its partitions by listing: there is nothing to repair`]
    case 'projection':
      return [`The partitions of ${tableText(table)} are projected: there is nothing to repair`]
    case 'registered': {
      const { added, dropped } = await context.catalog.repairPartitions(table, mode, options)
      const count = (what: string, partitions: number): string[] =>
        partitions === 0 ? [] : [`${what} ${partitions.toLocaleString('en-US')} ${partitions === 1 ? 'partition' : 'partitions'}`]
      return [...count('Added', added), ...count('Dropped', dropped)]
    }
  }
}
