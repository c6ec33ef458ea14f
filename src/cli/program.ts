/** The command line: what commands there are, their flags, and how they end (0 ok, 1 the query or input, 2 infrastructure). */
import { Command, CommanderError } from 'commander'
import { type QueryError, toQueryError } from '#src/common/errors'
import { catalogCommands } from './catalog-commands.ts'
import type { Connection } from './connection.ts'
import { credentialHeaders } from './credentials.ts'
import { lintCommand } from './lint-command.ts'
import { queryCommands, ToldError } from './query-commands.ts'
import { serveCommands } from './serve-commands.ts'
import { applyConfigFile, byteCount, postgresUrl, refusePassword, setting, wholeNumber } from './settings.ts'
import { errorText, InfrastructureError } from './user-errors.ts'

export interface GlobalOptions {
  readonly data: string
  readonly server?: string
  readonly schema: string
  readonly tokenFile?: string
  /** To a server; embedded there are no users. */
  readonly user?: string
  readonly config?: string
  readonly warehouse?: string
  /** URL of a PostgreSQL database; undefined: a file in the data folder. */
  readonly catalogStore?: string
  readonly cacheSize?: number
  /** Bytes of memory for results of earlier queries; 0: every query is computed. */
  readonly resultCacheSize: number
  readonly memory?: number
  readonly maxQueries: number
  readonly maxQueuedQueries: number
  /** Bytes on disk of results of asynchronous queries. */
  readonly resultsSize?: number
  /** Seconds that replaced files stay for readers that began before. */
  readonly writeGrace: number
}

export interface ServeOptions {
  readonly host: string
  readonly port: number
  readonly allow: readonly string[]
  readonly insecure: boolean
  readonly trustProxy: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly passwordFile?: string
  /** A file or an address. */
  readonly jwtKeys?: string
  readonly jwtIssuer?: string
  readonly jwtAudience?: string
  readonly jwtPrincipal: string
  readonly impersonation?: readonly string[]
  /** Bytes on disk of results that clients of the statement protocol have not taken. */
  readonly spoolSize?: number
  /** Seconds. */
  readonly clientTimeout: number
}

/** A server that listens. */
export interface ListeningServer {
  readonly url: string
  /** Waits for running queries; resolves when everything is closed. */
  drain(): Promise<void>
  /** Ends running queries. */
  stop(): Promise<void>
  /** Reads certificate and key again; only with TLS. */
  readonly reload?: () => void
}

/** What main.ts wires: the command line constructs nothing itself. */
export interface Wiring {
  /** Weir in this process, on the data folder. */
  embedded(options: GlobalOptions): Promise<Connection>
  /** A server elsewhere. */
  remote(url: string, headers: Readonly<Record<string, string>>): Promise<Connection>
  serve(options: GlobalOptions & ServeOptions, token: string | undefined): Promise<ListeningServer>
}

export interface Terminal {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly stdin: NodeJS.ReadStream
}

export interface CommandContext {
  readonly wiring: Wiring
  readonly terminal: Terminal
  connect(options: GlobalOptions): Promise<Connection>
}

/** Runs one command line; returns the exit code. */
export async function runCommandLine(argv: readonly string[], version: string, wiring: Wiring, terminal: Terminal): Promise<number> {
  const program = createProgram(version, {
    wiring,
    terminal,
    async connect(options) {
      const { server } = options
      return server === undefined ? wiring.embedded(options) : wiring.remote(server, credentialHeaders(server, options))
    },
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return reportFailure(error, terminal)
  }
}

function createProgram(version: string, context: CommandContext): Command {
  const program = new Command('weir')
    .description('SQL over data lakes: Trino SQL on Parquet, CSV and JSON in S3, GCS or a folder')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(weir --help lists the commands)')
    .enablePositionalOptions()
  for (const command of [...serveCommands(context), ...catalogCommands(context), ...queryCommands(context), lintCommand(context)])
    program.addCommand(command)
  const known = new Set<string>()
  visit(program, (command) => {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => context.terminal.stdout.write(text), writeErr: (text) => context.terminal.stderr.write(text) })
    if (command.commands.length === 0) addGlobalOptions(command)
    for (const option of command.options) known.add(option.attributeName())
  })
  known.delete('config')
  known.delete('version')
  program.hook('preAction', (_program, action) => {
    applyConfigFile(action, known)
    if (action.getOptionValueSource('catalogStore') === 'cli') refusePassword(String(action.getOptionValue('catalogStore')))
  })
  return program
}

function visit(command: Command, action: (command: Command) => void): void {
  action(command)
  for (const child of command.commands) visit(child, action)
}

function addGlobalOptions(command: Command): void {
  command
    .addOption(setting('--data <folder>', 'catalog, caches and results of this installation').default('./weir-data'))
    .addOption(setting('--server <url>', 'talk to this server instead of opening the data folder'))
    .addOption(setting('--schema <name>', 'schema of unqualified names').default('default'))
    .addOption(setting('--user <name>', 'who asks the server; the password in WEIR_PASSWORD'))
    .addOption(setting('--token-file <file>', "file with the server's token (or WEIR_TOKEN)"))
    .addOption(setting('--config <file>', 'settings file (default: ./weir.yaml when it is there)'))
    .addOption(
      setting(
        '--catalog-store <url>',
        'postgres://user@host/database for several servers on one catalog (default: a file in the data folder)',
      ).argParser(postgresUrl),
    )
    .addOption(setting('--warehouse <location>', 'where managed tables live (default: warehouse/ in the data folder)'))
    .addOption(
      setting('--cache-size <bytes>', 'budget of the block cache, e.g. 20GB (default: a fifth of the free disk, at most 50 GB)').argParser(
        byteCount('--cache-size'),
      ),
    )
    .addOption(
      setting('--result-cache-size <bytes>', 'memory for results of earlier queries over unchanged objects; 0: compute every query')
        .argParser(byteCount('--result-cache-size'))
        .default(64 * 1024 * 1024, '64MB'),
    )
    .addOption(
      setting('--memory <bytes>', "the kernel's memory limit, e.g. 4GB (default: 80 % of what the machine has beyond 2 GB)").argParser(
        byteCount('--memory'),
      ),
    )
    .addOption(
      setting('--write-grace <seconds>', 'how long replaced files stay for queries of other processes that began before')
        .argParser(wholeNumber('--write-grace', 0))
        .default(600),
    )
    .addOption(setting('--max-queries <n>', 'queries that run at once').argParser(wholeNumber('--max-queries', 1)).default(16))
    .addOption(setting('--max-queued-queries <n>', 'queries that may wait').argParser(wholeNumber('--max-queued-queries', 0)).default(1000))
}

function reportFailure(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.excessArguments' && /'(query|explain)'/.test(error.message))
      terminal.stderr.write('Hint: A shell splits at spaces: put SQL between quotes.\n')
    return error.exitCode === 0 ? 0 : 1
  }
  if (error instanceof ToldError) return exitCode(error.error)
  if (error instanceof InfrastructureError) {
    terminal.stderr.write(`${error.message}\n`)
    return 2
  }
  const queryError: QueryError = toQueryError(error)
  terminal.stderr.write(errorText(queryError))
  return exitCode(queryError)
}

/** 1: the query or its input is wrong; 2: something around it is. */
function exitCode(error: QueryError): number {
  return error.type === 'USER_ERROR' ? 1 : 2
}
