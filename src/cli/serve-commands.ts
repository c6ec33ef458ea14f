/** `weir serve` and `weir demo`. */
import { Command } from 'commander'
import { readToken } from './credentials.ts'
import { runDemo } from './demo/run-demo.ts'
import type { CommandContext, GlobalOptions, ServeOptions } from './program.ts'
import { byteCount, setting, usage, wholeNumber } from './settings.ts'

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1'])

const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  ...value.split(',').filter((part) => part !== ''),
]

export function serveCommands(context: CommandContext): Command[] {
  const serve = addServeOptions(new Command('serve').description('serve HTTP on one port until SIGTERM')).action(
    async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & ServeOptions>()
      await serveUntilTold(context, { ...options, allow: options.allow ?? [] })
    },
  )
  const demo = addServeOptions(
    new Command('demo')
      .description('build a small lake, register it, run the main job on it and print what was pruned')
      .option('--serve', 'leave a server running on the lake', false),
  ).action(async (_options: unknown, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & ServeOptions & { readonly serve: boolean }>()
    await runDemo(context, options)
    if (options.serve) await serveUntilTold(context, { ...options, allow: options.allow ?? [] })
  })
  return [serve, demo]
}

function addServeOptions(command: Command): Command {
  return command
    .addOption(setting('--host <address>', 'address to listen on').default('127.0.0.1'))
    .addOption(setting('--port <port>', 'port to listen on; 0 takes a free one').argParser(wholeNumber('--port', 0)).default(8080))
    .addOption(
      setting('--allow <prefix>', 'a location that REST and SQL may name (repeatable; comma-separated in the environment)').argParser(
        collect,
      ),
    )
    .addOption(setting('--insecure', 'listen on other addresses than loopback without authentication').default(false))
    .addOption(
      setting('--trust-proxy', 'believe X-Forwarded-Proto and X-Forwarded-Host: only a proxy that sets them reaches the server').default(
        false,
      ),
    )
    .addOption(
      setting(
        '--spool-size <bytes>',
        'disk for results that clients have not taken, e.g. 20GB (default: a tenth of the free disk, at most 10 GB)',
      ).argParser(byteCount('--spool-size')),
    )
    .addOption(
      setting(
        '--results-size <bytes>',
        'disk for results of asynchronous queries, e.g. 20GB (default: a tenth of the free disk, at most 10 GB)',
      ).argParser(byteCount('--results-size')),
    )
    .addOption(
      setting('--client-timeout <seconds>', 'end statements of the Trino protocol that no client asks for')
        .argParser(wholeNumber('--client-timeout', 1))
        .default(300),
    )
    .addOption(setting('--tls-cert <file>', 'certificate chain (PEM)'))
    .addOption(setting('--tls-key <file>', 'private key (PEM)'))
    .addOption(setting('--password-file <file>', 'users and their passwords as `htpasswd -B -C 10` writes them'))
    .addOption(
      setting('--jwt-keys <file or address>', 'key set (JWKS) that signs the JSON Web Tokens of users: a file or an https address'),
    )
    .addOption(setting('--jwt-issuer <issuer>', 'the issuer that tokens must name'))
    .addOption(setting('--jwt-audience <audience>', 'the audience that tokens must name'))
    .addOption(setting('--jwt-principal <claim>', 'the claim that names the user').default('sub'))
    .addOption(
      setting(
        '--impersonation <rule>',
        "PRINCIPAL:USER, two regular expressions: who may run queries for whom, e.g. 'dashboard:.*' (repeatable)",
      ).argParser((rule: string, rules: readonly string[] | undefined) => [...(rules ?? []), rule]),
    )
}

async function serveUntilTold(context: CommandContext, options: GlobalOptions & ServeOptions): Promise<void> {
  const token = readToken(options)
  if (options.server !== undefined) throw usage('--server names a server elsewhere; weir serve opens the data folder itself')
  const logins = options.passwordFile !== undefined || options.jwtKeys !== undefined
  if (token === undefined && !logins && !LOOPBACK.has(options.host) && !options.insecure) {
    throw usage(
      `Without authentication the server listens on loopback only, not on ${options.host}`,
      'Give --password-file, --jwt-keys or --token-file (or WEIR_TOKEN), or --insecure if the network in front of it does the access control.',
    )
  }
  if (logins && options.tlsCert === undefined && !options.trustProxy && !options.insecure && !LOOPBACK.has(options.host)) {
    throw usage(
      `Without TLS others could read the passwords and tokens that are sent to ${options.host}`,
      'Give --tls-cert and --tls-key, or --trust-proxy if a proxy in front does TLS.',
    )
  }
  if (!logins && (options.impersonation?.length ?? 0) > 0) throw usage('--impersonation needs --password-file or --jwt-keys')
  if (options.jwtKeys === undefined && (options.jwtIssuer ?? options.jwtAudience) !== undefined)
    throw usage('--jwt-issuer and --jwt-audience need --jwt-keys')
  if ((options.tlsCert === undefined) !== (options.tlsKey === undefined)) throw usage('--tls-cert and --tls-key go together')
  const server = await context.wiring.serve(options, token)
  context.terminal.stdout.write(`listening on ${server.url}\n`)
  await new Promise<void>((resolve, reject) => {
    let told = false
    const onSignal = () => {
      const ending = told ? server.stop() : server.drain()
      if (!told) context.terminal.stderr.write('draining: running queries may finish; signal again to stop at once\n')
      told = true
      ending.then(resolve, reject)
    }
    // Without TLS the signal keeps its meaning: the terminal is gone.
    if (server.reload !== undefined) process.on('SIGHUP', server.reload)
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
}
