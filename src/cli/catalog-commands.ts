/** `weir catalog add|list|show|refresh|drop` and `weir cache stats|clear`. */
import { Command } from 'commander'
import { formatName } from '#catalog/ddl'
import type { TableDocument } from '#catalog/document'
import type { Connection, CreateTableCommand } from './connection.ts'
import { alignedText } from './layout.ts'
import { formatBytes } from './output.ts'
import type { CommandContext, GlobalOptions } from './program.ts'
import { usage } from './settings.ts'

type ShowFormat = { readonly format: 'table' | 'json' }

const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [...(previous ?? []), value]

/** `[schema.]table`, with double quotes around parts that need them. */
export function tableName(text: string, defaultSchema: string): { readonly schema: string; readonly name: string } {
  const parts = [...text.matchAll(/"((?:[^"]|"")+)"|([^."]+)/g)].map((match) =>
    (match[1] === undefined ? (match[2] as string) : match[1].replaceAll('""', '"')).toLowerCase(),
  )
  const plain = text.replace(/"(?:[^"]|"")+"|[^."]+/g, 'x')
  if (plain !== 'x' && plain !== 'x.x') throw usage(`'${text}' is not a table name`, 'Write table or schema.table.')
  return parts.length === 2
    ? { schema: parts[0] as string, name: parts[1] as string }
    : { schema: defaultSchema.toLowerCase(), name: parts[0] as string }
}

/** `'dt date'` → name and type. */
function nameAndType(text: string, flag: string): { readonly name: string; readonly type: string } {
  const match = /^\s*(?:"([^"]+)"|(\S+))\s+(\S.*?)\s*$/.exec(text)
  if (match === null) throw usage(`${flag} takes a name and a type such as 'dt date', not '${text}'`)
  return { name: (match[1] ?? match[2]) as string, type: match[3] as string }
}

interface Named {
  readonly schema: string
  readonly name: string
}
const byName = (a: Named, b: Named): number => order(a.schema, b.schema) || order(a.name, b.name)
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function keyAndValue(text: string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals <= 0) throw usage(`--property takes key=value, not '${text}'`)
  return [text.slice(0, equals), text.slice(equals + 1)]
}

export function catalogCommands(context: CommandContext): Command[] {
  const using = async (options: GlobalOptions, work: (connection: Connection) => Promise<void>): Promise<void> => {
    const connection = await context.connect(options)
    try {
      await work(connection)
    } finally {
      await connection.close()
    }
  }
  const print = (text: string): void => {
    context.terminal.stdout.write(text)
  }
  const printTable = (table: TableDocument, format: 'table' | 'json') =>
    print(format === 'json' ? `${JSON.stringify(table, null, 2)}\n` : `${table.ddl}\n`)

  const catalog = new Command('catalog').description('tables of the lake')
  catalog
    .command('add')
    .description('register a table over files that are there; format, columns, types and partition keys are inferred')
    .argument('<table>', '[schema.]table')
    .argument('<location>', 's3://bucket/prefix/, gs://bucket/prefix/, a folder or a single file')
    .option('--format <format>', 'auto, parquet, csv or json', 'auto')
    .option('--partition <key>', "a partition key and its type, e.g. 'dt date' (repeatable)", collect)
    .option('--column <column>', "a column and its type, e.g. 'x bigint' (repeatable)", collect)
    .option('--property <k=v>', 'a table property, e.g. csv.delimiter=; (repeatable)', collect)
    .option('--replace', 'replace the definition of an existing table', false)
    .option('--dry-run', 'print what would be registered', false)
    .action(async (table: string, location: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & AddOptions>()
      await using(options, async (connection) => {
        const created = await connection.createTable(createCommand(table, location, options))
        print(`${created.ddl}\n`)
        context.terminal.stderr.write(
          `${options.dryRun ? 'Would register' : 'Registered'} ${created.schema}.${created.name}: ${counted(created.columns.length, 'column')}, ${counted(created.partitionKeys.length, 'partition key')}\n`,
        )
      })
    })
  catalog
    .command('list')
    .description('all tables and views')
    .option('--format <format>', 'table or json', 'table')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & ShowFormat>()
      await using(options, async (connection) => {
        const views = (await connection.listViews()).map((view) => ({ ...view, format: 'view', location: null }))
        const tables = [...(await connection.listTables()), ...views].sort(byName)
        if (checkFormat(options.format) === 'json') print(`${JSON.stringify(tables, null, 2)}\n`)
        else
          print(
            alignedText(
              ['Schema', 'Table', 'Format', 'Location'],
              tables.map((table) => [table.schema, table.name, table.format, table.location ?? '']),
            ),
          )
      })
    })
  catalog
    .command('show')
    .description("a table's or view's definition")
    .argument('<table>', '[schema.]table')
    .option('--format <format>', 'table (its DDL) or json', 'table')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & ShowFormat>()
      const table = tableName(name, options.schema)
      await using(options, async (connection) => {
        const format = checkFormat(options.format)
        const isView = (await connection.listViews()).some(({ schema, name }) => schema === table.schema && name === table.name)
        if (!isView) return printTable(await connection.getTable(table.schema, table.name), format)
        const ddl = await viewDdl(connection, table)
        print(format === 'json' ? `${JSON.stringify({ ...table, format: 'view', ddl }, null, 2)}\n` : `${ddl}\n`)
      })
    })
  catalog
    .command('refresh')
    .description("infer a table's columns and keys again from its files")
    .argument('<table>', '[schema.]table')
    .option('--format <format>', 'table (its DDL) or json', 'table')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & ShowFormat>()
      const table = tableName(name, options.schema)
      await using(options, async (connection) =>
        printTable(await connection.refreshTable(table.schema, table.name), checkFormat(options.format)),
      )
    })
  catalog
    .command('drop')
    .description('forget a table; its files stay')
    .argument('<table>', '[schema.]table')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      const table = tableName(name, options.schema)
      await using(options, async (connection) => {
        await connection.dropTable(table.schema, table.name)
        context.terminal.stderr.write(`Dropped ${table.schema}.${table.name}; its files were not touched\n`)
      })
    })

  const cache = new Command('cache').description('blocks, footers, listings and results kept on disk')
  cache
    .command('stats')
    .description('what the caches hold')
    .option('--format <format>', 'table or json', 'table')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & ShowFormat>()
      await using(options, async (connection) => {
        const stats = await connection.cacheStats()
        if (checkFormat(options.format) === 'json') print(`${JSON.stringify(stats, null, 2)}\n`)
        else
          print(
            alignedText(
              ['Cache', 'Entries', 'Size'],
              Object.entries(stats).map(([name, { entries, bytes }]) => [name, String(entries), formatBytes(bytes)]),
            ),
          )
      })
    })
  cache
    .command('clear')
    .description('empty all caches')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      await using(options, async (connection) => {
        await connection.clearCache()
        context.terminal.stderr.write('Caches cleared\n')
      })
    })
  return [catalog, cache]
}

async function viewDdl(connection: Connection, { schema, name }: Named): Promise<string> {
  const { rows } = await connection.query({
    sql: `SHOW CREATE VIEW lake.${formatName(schema)}.${formatName(name)}`,
    schema,
    zone: 'UTC',
    dryRun: false,
    maxBytes: undefined,
    signal: new AbortController().signal,
  })
  return String(rows[0]?.[0])
}

interface AddOptions {
  readonly format: string
  readonly partition?: readonly string[]
  readonly column?: readonly string[]
  readonly property?: readonly string[]
  readonly replace: boolean
  readonly dryRun: boolean
}

function createCommand(table: string, location: string, options: GlobalOptions & AddOptions): CreateTableCommand {
  const { format } = options
  if (format !== 'auto' && format !== 'parquet' && format !== 'csv' && format !== 'json')
    throw usage(`Unknown format '${format}'`, 'Use auto, parquet, csv or json.')
  return {
    ...tableName(table, options.schema),
    location,
    format,
    partitionKeys: (options.partition ?? []).map((text) => nameAndType(text, '--partition')),
    columns: (options.column ?? []).map((text) => nameAndType(text, '--column')),
    properties: Object.fromEntries((options.property ?? []).map(keyAndValue)),
    replace: options.replace,
    dryRun: options.dryRun,
  }
}

function checkFormat(format: string): 'table' | 'json' {
  if (format !== 'table' && format !== 'json') throw usage(`Unknown format '${format}'`, 'Use table or json.')
  return format
}
