/** `weir query` and `weir explain`: one statement, a file of statements, or a prompt. */

import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { Command } from 'commander'
import { QueryError, toQueryError } from '#src/common/errors'
import { splitStatements } from '#src/sql/parser/parse'
import type { BytesFormat, CliQuery, Connection } from './connection.ts'
import { formatResult, type TextFormat } from './output.ts'
import type { CommandContext, GlobalOptions, Terminal } from './program.ts'
import { createProgress } from './progress.ts'
import { runPrompt } from './prompt.ts'
import { byteCount, setting, usage } from './settings.ts'
import { summaryLine } from './summary.ts'
import { errorText } from './user-errors.ts'

export type OutputFormat = TextFormat | BytesFormat

const FORMATS: readonly OutputFormat[] = ['table', 'vertical', 'csv', 'tsv', 'json', 'ndjson', 'arrow', 'parquet']

export interface QueryOptions extends GlobalOptions {
  readonly file?: string
  readonly format?: string
  readonly output?: string
  readonly dryRun: boolean
  readonly maxBytes?: number
  readonly timeZone: string
}

export function queryCommands(context: CommandContext): Command[] {
  const query = new Command('query')
    .description('run SQL; without any on a terminal: a prompt')
    .argument('[sql]')
    .option('-f, --file <file>', 'read the statements from a file (- is standard input)')
    .addOption(setting('--format <format>', `${FORMATS.join(', ')} (default: table on a terminal, csv else)`))
    .option('-o, --output <file>', 'write the result to a file')
    .option('--dry-run', 'plan and price without reading object data', false)
    .addOption(setting('--max-bytes <bytes>', 'refuse a query that would read more, e.g. 10GB').argParser(byteCount('--max-bytes')))
    .addOption(setting('--time-zone <zone>', "the session's time zone").default('UTC'))
    .action(async (sql: string | undefined, _options: unknown, command: Command) =>
      runQueryCommand(sql, command.optsWithGlobals<QueryOptions>(), context),
    )
  const explain = new Command('explain')
    .description('show how a statement would run: partitions, files, row groups, bytes')
    .argument('<sql>')
    .addOption(setting('--time-zone <zone>', "the session's time zone").default('UTC'))
    .action(async (sql: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<QueryOptions>()
      await withConnection(context, options, async (connection) => {
        const result = await connection.query(request(`EXPLAIN ${sql}`, options, new AbortController().signal))
        for (const row of result.rows) context.terminal.stdout.write(`${String(row[0])}\n`)
      })
    })
  return [query, explain]
}

async function withConnection(
  context: CommandContext,
  options: GlobalOptions,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await context.connect(options)
  try {
    await work(connection)
  } finally {
    await connection.close()
  }
}

function request(sql: string, options: QueryOptions, signal: AbortSignal): CliQuery {
  return { sql, schema: options.schema, zone: options.timeZone, dryRun: options.dryRun ?? false, maxBytes: options.maxBytes, signal }
}

async function runQueryCommand(sql: string | undefined, options: QueryOptions, context: CommandContext): Promise<void> {
  const { terminal } = context
  const text = statementText(sql, options, terminal)
  const format = outputFormat(options, terminal)
  if (text === undefined) {
    await withConnection(context, options, (connection) => runPrompt(connection, options, terminal))
    return
  }
  const statements = splitStatements(text)
  if (statements.length === 0) throw usage('There is no statement to run')
  if (statements.length > 1 && options.output !== undefined) throw usage('--output takes one statement')
  await withConnection(context, options, async (connection) => {
    for (const statement of statements) await runStatement(statement, format, connection, options, terminal)
  })
}

function statementText(sql: string | undefined, options: QueryOptions, terminal: Terminal): string | undefined {
  if (sql !== undefined && options.file !== undefined) throw usage('Give the SQL or --file, not both')
  if (sql !== undefined) return sql
  if (options.file === undefined && terminal.stdin.isTTY) return undefined
  const path = options.file === undefined || options.file === '-' ? 0 : options.file
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    throw usage(`Cannot read ${path === 0 ? 'standard input' : path}: ${(error as Error).message}`)
  }
}

function outputFormat(options: QueryOptions, terminal: Terminal): OutputFormat {
  const format = options.format ?? (options.output === undefined && terminal.stdout.isTTY ? 'table' : 'csv')
  const known = FORMATS.find((candidate) => candidate === format)
  if (known === undefined) throw usage(`Unknown format '${format}'`, `Use one of ${FORMATS.join(', ')}.`)
  return known
}

/** Ctrl-C cancels the statement that runs. */
function interruptible(): { readonly signal: AbortSignal; done(): void } {
  const controller = new AbortController()
  const onInterrupt = () => controller.abort(new QueryError('USER_CANCELED', 'Query was canceled'))
  process.once('SIGINT', onInterrupt)
  return { signal: controller.signal, done: () => process.off('SIGINT', onInterrupt) }
}

/** Runs one statement and writes its result; the statistics go to standard error. Throws what the query throws, with its text told. */
export async function runStatement(
  sql: string,
  format: OutputFormat,
  connection: Connection,
  options: QueryOptions,
  terminal: Terminal,
): Promise<void> {
  const { signal, done } = interruptible()
  const progress = createProgress(terminal.stderr)
  const query: CliQuery = { ...request(sql, options, signal), onProgress: progress.show }
  try {
    if (query.dryRun || format === 'table' || format === 'vertical' || format === 'tsv' || format === 'json') {
      const result = await connection.query(query)
      progress.clear()
      if (query.dryRun && format !== 'json') terminal.stdout.write(`${JSON.stringify(result.stats, null, 2)}\n`)
      else if (result.updateType !== undefined) terminal.stderr.write(`${result.updateType}\n`)
      else await writeOut([Buffer.from(formatResult(result, format as TextFormat))], options.output, terminal)
      terminal.stderr.write(`${summaryLine(result.stats)}\n`)
    } else {
      const { chunks, stats } = await connection.stream(query, format)
      await writeOut(chunks, options.output, terminal)
      progress.clear()
      const known = stats()
      if (known !== undefined) terminal.stderr.write(`${summaryLine(known)}\n`)
    }
  } catch (error) {
    progress.clear()
    const queryError = toQueryError(error)
    if (queryError.at === undefined) throw error
    terminal.stderr.write(errorText(queryError, sql))
    throw new ToldError(queryError)
  } finally {
    done()
  }
}

/** An error whose text has been printed already. */
export class ToldError extends Error {
  readonly error: QueryError

  constructor(error: QueryError) {
    super(error.message)
    this.error = error
  }
}

/** To the file by way of a temporary one, so that a failed query leaves no half result under the name that was asked for. */
async function writeOut(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  path: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (path === undefined) {
    for await (const chunk of chunks) await write(terminal.stdout, chunk)
    return
  }
  const part = `${path}.part-${process.pid}`
  const file = createWriteStream(part)
  try {
    await once(file, 'open')
    for await (const chunk of chunks) await write(file, chunk)
    file.end()
    await once(file, 'close')
    await rename(part, path)
  } catch (error) {
    file.destroy()
    await rm(part, { force: true })
    if ((error as NodeJS.ErrnoException).code !== undefined && !(error instanceof QueryError))
      throw usage(`Cannot write ${path}: ${(error as Error).message}`)
    throw error
  }
}

async function write(stream: Writable, chunk: Uint8Array): Promise<void> {
  if (!stream.write(chunk)) await once(stream, 'drain')
}
