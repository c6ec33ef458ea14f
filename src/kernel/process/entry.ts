/**
 * The kernel process: one database in memory, one unix socket. It runs only what the server sends, opens only files of
 * the cache folder, and ends when the server does.
 */
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import duckdb from '@duckdb/node-bindings'

import { COMPUTED_FUNCTIONS } from '#src/functions/computed/all'
import { registerComputedFunctions } from './computed-functions.ts'
import type { RunRequest } from './protocol.ts'
import { FrameKind, FrameParser, frameHeader } from './protocol.ts'
import { QueryRun } from './query-run.ts'
import { RejectCounter } from './rejects.ts'
import type { KernelBoot } from './start.ts'

/** Bytes of a result that wait for the server while the next ones are made: two to four frames. */
const SEND_AHEAD_BYTES = 4 * 1024 * 1024

/** Opens the database with its configuration locked: no file outside the allowed folders, no extension, no SET. */
async function openDatabase(boot: KernelBoot, rejects: RejectCounter): Promise<duckdb.Database> {
  const config = duckdb.create_config()
  for (const [name, value] of Object.entries(boot.settings)) duckdb.set_config(config, name, value)
  const database = await duckdb.open(':memory:', config)
  const connection = await duckdb.connect(database)
  rejects.register(connection)
  registerComputedFunctions(connection, COMPUTED_FUNCTIONS)
  const folders = boot.allowedFolders.map((folder) => `'${folder.replaceAll("'", "''")}'`).join(', ')
  await duckdb.query(connection, "SET GLOBAL TimeZone = 'UTC'")
  await duckdb.query(connection, "SET GLOBAL Calendar = 'gregorian'")
  await duckdb.query(connection, `SET allowed_directories = [${folders}]`)
  // One text and one transaction: hundreds of macros take 60 ms so, and 100 ms one by one.
  if (boot.statements.length > 0) await duckdb.query(connection, ['BEGIN', ...boot.statements, 'COMMIT'].join(';\n'))
  await duckdb.query(connection, 'SET enable_external_access = false')
  await duckdb.query(connection, 'SET lock_configuration = true')
  duckdb.disconnect_sync(connection)
  return database
}

async function main(): Promise<void> {
  const boot = await new Promise<KernelBoot>((resolve) => process.once('message', (message) => resolve(message as KernelBoot)))
  // The channel closes when the server is gone, however it went.
  process.on('disconnect', () => {
    rmSync(boot.socketFolder, { recursive: true, force: true })
    // An orderly exit would wait for the threads, and so for the queries that still run on them.
    process.kill(process.pid, 'SIGKILL')
  })
  const rejects = new RejectCounter()
  const database = await openDatabase(boot, rejects)
  const server = createServer({ allowHalfOpen: true, highWaterMark: SEND_AHEAD_BYTES }, (socket) => {
    const run = new QueryRun(database, rejects, socket)
    const parser = new FrameParser()
    socket.write(frameHeader(FrameKind.hello, 0, 0))
    socket.on('error', () => run.cancel())
    socket.on('close', () => run.cancel())
    socket.on('end', () => run.cancel())
    socket.on('data', (bytes) => {
      for (const frame of parser.push(bytes)) {
        if (frame.kind === FrameKind.run) void run.run(JSON.parse(frame.payload.toString('utf8')) as RunRequest)
        else run.cancel()
      }
    })
  })
  server.listen(boot.socketPath, () => process.send?.('ready'))
}

// A signal meant for the server reaches its whole group; the server decides when the kernel ends.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
await main()
