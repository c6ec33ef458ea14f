/**
 * A TCP proxy that makes the loopback as slow as a network: half a round trip each way for every byte, and so many bytes a
 * second on each connection. `node shaping-proxy.ts <port> <rtt ms> <bytes/s>` is one in a process of its own, whose first
 * line is its port.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

export interface Shape {
  readonly rttMs: number
  /** Of one connection, each way. */
  readonly bytesPerSecond: number
}

/** Passes bytes on when they would have arrived: after the ones before them at the given rate, and half a round trip. */
function pipeShaped(from: Socket, to: Socket, { rttMs, bytesPerSecond }: Shape): void {
  const queue: { readonly due: number; readonly chunk: Buffer | undefined }[] = []
  let free = 0
  let pending = 0
  let isTimed = false
  const pass = (): void => {
    isTimed = false
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      const wait = head.due - performance.now()
      if (wait > 0.5) {
        isTimed = true
        setTimeout(pass, wait)
        return
      }
      queue.shift()
      pending -= head.chunk?.length ?? 0
      if (to.destroyed) continue
      if (head.chunk === undefined) to.end()
      else to.write(head.chunk)
    }
    if (pending <= MOST_PENDING && from.isPaused()) from.resume()
  }
  const send = (chunk: Buffer | undefined): void => {
    free = Math.max(free, performance.now()) + ((chunk?.length ?? 0) / bytesPerSecond) * 1000
    pending += chunk?.length ?? 0
    queue.push({ due: free + rttMs / 2, chunk })
    if (pending > MOST_PENDING) from.pause()
    if (isTimed) return
    isTimed = true
    setTimeout(pass, rttMs / 2)
  }
  from.on('data', send)
  from.on('end', () => send(undefined))
  from.on('error', () => to.destroy())
}

/** More than a connection's rate times its round trip is under way at no time. */
const MOST_PENDING = 16 * 1024 * 1024

function serve(target: number, shape: Shape): void {
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true })
    pipeShaped(client, upstream, shape)
    pipeShaped(upstream, client, shape)
  })
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
  process.stdin.on('end', () => process.exit(0)).resume()
}

/** A proxy in its own process in front of a port of 127.0.0.1. */
export async function startShapingProxy(target: number, shape: Shape): Promise<{ readonly port: number; close(): Promise<void> }> {
  const child: ChildProcess = spawn(
    process.execPath,
    [import.meta.filename, String(target), String(shape.rttMs), String(shape.bytesPerSecond)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  if (child.stdout === null) throw new Error('The proxy has no output')
  const [line] = (await createInterface({ input: child.stdout })
    [Symbol.asyncIterator]()
    .next()
    .then(({ value }) => [value])) as [string]
  return {
    port: Number(line),
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.stdin?.end()
      await ended
    },
  }
}

if (process.argv[1] === import.meta.filename) {
  const [target, rttMs, bytesPerSecond] = process.argv.slice(2).map(Number) as [number, number, number]
  serve(target, { rttMs, bytesPerSecond })
}
