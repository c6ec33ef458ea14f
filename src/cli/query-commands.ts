/** `weir query` and `weir explain`: one statement, a file of statements, or a prompt. */

import { readFileSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
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
    .addOption(setting('--format <format>', `${FORMATS.join(', ')} (default: by --output's name, table on a terminal, csv else)`))
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
  const format = options.format ?? formatOfName(options.output) ?? (options.output === undefined && terminal.stdout.isTTY ? 'table' : 'csv')
  const known = FORMATS.find((candidate) => candidate === format)
  if (known === undefined) throw usage(`Unknown format '${format}'`, `Use one of ${FORMATS.join(', ')}.`)
  return known
}

/** `report.parquet` is not to hold CSV. */
function formatOfName(path: string | undefined): string | undefined {
  const ending = path === undefined ? '' : extname(path).slice(1).toLowerCase()
  if (ending === 'jsonl') return 'ndjson'
  return ending === 'table' || ending === 'vertical' ? undefined : FORMATS.find((format) => format === ending)
}

/** Ctrl-C cancels the statement that runs. */
function interruptible(): { readonly signal: AbortSignal; cancel(): void; done(): void } {
  const controller = new AbortController()
  const cancel = () => controller.abort(new QueryError('USER_CANCELED', 'Query was canceled'))
  process.once('SIGINT', cancel)
  return { signal: controller.signal, cancel, done: () => process.off('SIGINT', cancel) }
}

/** Runs one statement and writes its result; the statistics go to standard error. Throws what the query throws, with its text told. */
export async function runStatement(
  sql: string,
  format: OutputFormat,
  connection: Connection,
  options: QueryOptions,
  terminal: Terminal,
): Promise<void> {
  const { signal, cancel, done } = interruptible()
  const progress = createProgress(terminal.stderr)
  const query: CliQuery = { ...request(sql, options, signal), onProgress: progress.show }
  // Before the query runs: one whose result cannot be written is not worth starting.
  const output = await openOutput(options.output, terminal)
  try {
    if (query.dryRun || format === 'table' || format === 'vertical' || format === 'tsv' || format === 'json') {
      const result = await connection.query(query)
      progress.clear()
      if (query.dryRun && format !== 'json') terminal.stdout.write(`${JSON.stringify(result.stats, null, 2)}\n`)
      else if (result.updateType !== undefined) terminal.stderr.write(`${updateText(result.updateType, result.updateCount)}\n`)
      else await output.write([Buffer.from(formatResult(result, format as TextFormat))])
      terminal.stderr.write(`${summaryLine(result.stats)}\n`)
    } else {
      const { chunks, stats } = await connection.stream(query, format)
      if (!(await output.write(chunks))) cancel()
      progress.clear()
      const known = stats()
      if (known !== undefined) terminal.stderr.write(`${summaryLine(known)}\n`)
    }
  } catch (error) {
    cancel()
    progress.clear()
    const queryError = toQueryError(error)
    if (queryError.at === undefined) throw error
    terminal.stderr.write(errorText(queryError, sql))
    throw new ToldError(queryError)
  } finally {
    await output.close()
    done()
  }
}

/** `INSERT: 5 rows`, as Trino's command line says it. */
function updateText(type: string, count: number | undefined): string {
  return count === undefined ? type : `${type}: ${count} ${count === 1 ? 'row' : 'rows'}`
}

/** An error whose text has been printed already. */
export class ToldError extends Error {
  readonly error: QueryError

  constructor(error: QueryError) {
    super(error.message)
    this.error = error
  }
}

/** Where a result goes. */
interface Output {
  /** False when the reader went away before the end, as `head` does: there is nothing left to do. */
  write(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<boolean>
  /** Leaves nothing of a result that was not written whole. */
  close(): Promise<void>
}

async function openOutput(path: string | undefined, terminal: Terminal): Promise<Output> {
  return path === undefined ? standardOutput(terminal) : fileOutput(path)
}

function standardOutput(terminal: Terminal): Output {
  return {
    async write(chunks) {
      try {
        await pipeline(chunks, terminal.stdout, { end: false })
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false
        throw error
      }
    },
    async close() {},
  }
}

/**
 * By way of a temporary file, so that a failed query leaves no half result. What is no plain file (a device, a pipe) is
 * written to as it is: a rename would put a file in its place.
 */
async function fileOutput(path: string): Promise<Output> {
  const told = (error: unknown) => {
    const isSystemError = (error as NodeJS.ErrnoException).code !== undefined && !(error instanceof QueryError)
    return isSystemError ? usage(`Cannot write ${path}: ${(error as Error).message}`) : error
  }
  try {
    const known = statSync(path, { throwIfNoEntry: false })
    const part = known === undefined || known.isFile() ? `${path}.part-${process.pid}` : undefined
    const file = await open(part ?? path, 'w')
    return {
      async write(chunks) {
        try {
          await pipeline(chunks, file.createWriteStream())
          if (part !== undefined) await rename(part, path)
          return true
        } catch (error) {
          throw told(error)
        }
      },
      async close() {
        await file.close()
        if (part !== undefined) await rm(part, { force: true })
      },
    }
  } catch (error) {
    throw told(error)
  }
}
