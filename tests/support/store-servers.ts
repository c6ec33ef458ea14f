/** Real object store servers for the heavier suites: MinIO and fake-gcs-server, built by `go install` into `.cache/`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CACHE, MissingTool, retried, runTool } from './tools.ts'

/** Pinned, so that a suite means the same next month. */
const MODULES = {
  minio: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c',
  'fake-gcs-server': 'github.com/fsouza/fake-gcs-server@v1.56.1',
} as const

export type ServerName = keyof typeof MODULES

const BIN = join(CACHE, 'stores/bin')
const BUILD_MS = 1_200_000
/** Of a machine that has much else to do. */
const START_MS = 120_000
const PORTS_TRIED = 5

export interface StoreServer {
  /** Variables that lead a client here. */
  readonly env: Record<string, string>
  readonly url: string
  /** Multipart uploads begun and not ended, where they can be seen from outside. */
  openUploads?(): Promise<number>
  close(): Promise<void>
}

/** Path of the server's program, built where it is missing (minutes), or why there is none. */
export async function installServer(name: ServerName): Promise<{ readonly path: string } | { readonly reason: string }> {
  const path = join(BIN, name)
  if (existsSync(path)) return { path }
  await mkdir(BIN, { recursive: true })
  try {
    await retried(() => runTool('go', ['install', MODULES[name]], { timeoutMs: BUILD_MS, env: { ...process.env, GOBIN: BIN } }))
    return { path }
  } catch (error) {
    if (error instanceof MissingTool) return { reason: `${name} is built by 'go install', and there is no 'go' on the PATH` }
    return { reason: (error as Error).message.slice(-700) }
  }
}

/** MinIO with these buckets on a free port of 127.0.0.1, over a temporary folder. */
export async function startMinio(path: string, buckets: readonly string[]): Promise<StoreServer> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-minio-'))
  for (const bucket of buckets) await mkdir(join(folder, bucket))
  const keys = { AWS_ACCESS_KEY_ID: 'weir-test', AWS_SECRET_ACCESS_KEY: 'weir-test-secret' }
  const { child, url } = await startOnFreePort((port) => {
    const started = spawn(path, ['server', folder, '--address', `127.0.0.1:${port}`, '--quiet'], {
      env: {
        ...process.env,
        MINIO_ROOT_USER: keys.AWS_ACCESS_KEY_ID,
        MINIO_ROOT_PASSWORD: keys.AWS_SECRET_ACCESS_KEY,
        MINIO_BROWSER: 'off',
      },
      stdio: 'ignore',
    })
    return { child: started, ready: '/minio/health/ready' }
  })
  return {
    url,
    env: { ...keys, AWS_ENDPOINT_URL_S3: url, AWS_REGION: 'us-east-1' },
    async openUploads() {
      // A folder an object, in it a folder an upload.
      const found = await readdir(join(folder, '.minio.sys/multipart'), { recursive: true })
      return found.filter((path) => path.split('/').length === 2).length
    },
    async close() {
      await stop(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** fake-gcs-server with these buckets in memory. */
export async function startFakeGcs(path: string, buckets: readonly string[]): Promise<StoreServer> {
  const { child, url } = await startOnFreePort((port) => {
    const address = `127.0.0.1:${port}`
    const place = [
      '-scheme',
      'http',
      '-host',
      '127.0.0.1',
      '-port',
      String(port),
      '-public-host',
      address,
      '-external-url',
      `http://${address}`,
    ]
    const started = spawn(path, [...place, '-backend', 'memory', '-log-level', 'error'], { stdio: 'ignore' })
    return { child: started, ready: '/storage/v1/b?project=test' }
  })
  for (const name of buckets) {
    const answer = await fetch(`${url}/storage/v1/b?project=test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
    if (!answer.ok) throw new Error(`the bucket could not be made: ${await answer.text()}`)
  }
  return { url, env: { STORAGE_EMULATOR_HOST: new URL(url).host }, close: () => stop(child) }
}

interface StartedServer {
  readonly child: ChildProcess
  readonly url: string
}

/** Starts a server that takes its port from its command line; `ready` is a path that it answers when it is. */
async function startOnFreePort(
  spawned: (port: number) => { readonly child: ChildProcess; readonly ready: string },
): Promise<StartedServer> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const { child, ready } = spawned(port)
    const url = `http://127.0.0.1:${port}`
    try {
      await answering(child, `${url}${ready}`)
      return { child, url }
    } catch (error) {
      // Between the look for a free port and the server's start another program may take it.
      if (child.exitCode === null || attempt === PORTS_TRIED) throw error
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function answering(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with exit code ${child.exitCode}`)
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    await sleep(100)
  }
  child.kill('SIGKILL')
  throw new Error(`the server did not answer within ${START_MS} ms`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}
