/** Weir as its users run it: a real server process, and the command line as a process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const LAUNCHER = join(import.meta.dirname, '../../bin/weir.mjs')

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly input?: string
}

/** Runs one `weir …` command to its end. The environment holds nothing but PATH, HOME and what `env` gives. */
export function weir(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd: options.cwd, env: environment(options.env) })
  child.stdin.end(options.input ?? '')
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  // No machine-wide credentials: what a test needs it says.
  return { PATH, HOME, AWS_EC2_METADATA_DISABLED: 'true', ...extra }
}

export interface SqlAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of a JSON answer. */
  readonly json: {
    readonly queryId: string
    readonly columns: readonly { readonly name: string; readonly type: string }[]
    readonly rows: readonly (readonly unknown[])[]
    readonly updateType?: string
    readonly dryRun?: boolean
    // biome-ignore lint/suspicious/noExplicitAny: documents are compared with literals
    readonly stats: any
    readonly error?: {
      readonly name: string
      readonly code: number
      readonly type: string
      readonly message: string
      readonly line?: number
      readonly column?: number
      readonly hint?: string
    }
  }
}

/** A JSON answer, to be compared with literals. */
// biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about
export async function jsonOf(response: Response): Promise<any> {
  return response.json()
}

export interface WeirServer {
  readonly url: string
  readonly data: string
  readonly process: ChildProcess
  /** What it wrote to standard error. */
  readonly log: () => string
  sql(sql: string, body?: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>): Promise<SqlAnswer>
  request(path: string, init?: RequestInit): Promise<Response>
  /** Runs a command on the server's own data folder, without --server. */
  command(args: readonly string[]): Promise<CommandResult>
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Default: a new folder that `stop` removes. */
  readonly data?: string
}

/** Starts `weir serve` on a free port of the loopback and waits until it listens. */
export async function startWeir(options: ServerOptions = {}): Promise<WeirServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'weir-test-'))
  const child = spawn(process.execPath, [LAUNCHER, 'serve', '--port', '0', '--data', data, ...(options.args ?? [])], {
    env: environment(options.env),
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const url = await new Promise<string>((resolve, reject) => {
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const match = /listening on (\S+)/.exec(out)
      if (match !== null) resolve(match[1] as string)
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`weir serve ended with ${code}: ${log}`)))
  })
  const request = (path: string, init?: RequestInit): Promise<Response> => fetch(`${url}${path}`, init)
  return {
    url,
    data,
    process: child,
    log: () => log,
    request,
    async sql(sql, body = {}, headers = {}) {
      const response = await request('/api/v1/sql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ sql, ...body }),
      })
      const text = await response.text()
      const json = response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : undefined
      return { status: response.status, headers: response.headers, text, json }
    },
    command: (args) => weir([...args, '--data', data], options.env === undefined ? {} : { env: options.env }),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.on('exit', resolve))
        child.kill('SIGTERM')
        // The second one ends what a test has left unfetched.
        const timers = [setTimeout(() => child.kill('SIGTERM'), 1000), setTimeout(() => child.kill('SIGKILL'), 10_000)]
        await ended
        for (const timer of timers) clearTimeout(timer)
      }
      if (options.data === undefined) rmSync(data, { recursive: true, force: true })
    },
  }
}
