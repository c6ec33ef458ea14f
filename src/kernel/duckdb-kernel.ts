/** The execution kernel: printed plans run in a child process, results come back as frames. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'

import type { QueryError } from '#src/common/errors'
import type { Column, Expr } from '#src/logical/expression'
import type { Value } from '#src/types/value'
import { kernelFailure, type Locate, summarizeRejects } from './bad-data.ts'
import type { Kernel, KernelFrame, KernelQuery, KernelResult, StoredResult } from './kernel.ts'
import { translateKernelError } from './kernel-errors.ts'
import type { KernelOptions } from './kernel-options.ts'
import { KERNEL_START_STATEMENTS } from './kernel-start.ts'
import { columnName } from './print/context.ts'
import { createPlanPrinter, type QueryPrinter } from './print/printer.ts'
import { printKernelQuery } from './print/query.ts'
import { printResult, printStored, storedOutput } from './print/result.ts'
import { printCopy, printPartitions } from './print/table-files.ts'
import { printValueTable } from './print/value-table.ts'
import type { RunRequest } from './process/protocol.ts'
import { QueryChannel } from './process/query-channel.ts'
import { KernelSupervisor } from './supervisor.ts'
import type { CopyRequest, PartitionRequest, RowsOfPartition } from './table-files.ts'

const DEFAULT_STALL_MS = 60_000
const DEFAULT_CANCEL_MS = 2_000
/** A query whose process is gone before it was reached is sent to the next one. */
const CONNECT_ATTEMPTS = 3
const UNREACHABLE_MS = 1_000

/** Starts the kernel process; its first query waits until it answers. */
export function createKernel(options: KernelOptions): Kernel {
  return new DuckDbKernel(options)
}

class DuckDbKernel implements Kernel {
  readonly #options: KernelOptions
  readonly #supervisor: KernelSupervisor

  constructor(options: KernelOptions) {
    this.#options = options
    this.#supervisor = new KernelSupervisor(options, KERNEL_START_STATEMENTS)
  }

  async execute(query: KernelQuery): Promise<KernelResult> {
    const printed = printKernelQuery(query, query.file ?? this.#resultFile())
    const locate: Locate = ({ sql, setup }) => this.#answer(sql, query.signal, setup)
    const channel = await this.#open(printed, query.signal, (text) => kernelFailure(text, query, locate))
    return { frames: frames(channel), rejects: () => summarizeRejects(channel.end, query, locate) }
  }

  async read({ files, columns, format, signal }: StoredResult): Promise<Pick<KernelResult, 'frames'>> {
    const printed = printResult(printStored({ files, columns }), storedOutput(columns), format, this.#resultFile())
    const request: RunRequest = { queryId: randomUUID(), setup: [], ...printed, after: [] }
    return { frames: frames(await this.#open(request, signal, async (text) => translateKernelError(text))) }
  }

  async evaluate(
    predicate: Expr,
    columns: readonly Column[],
    rows: readonly (readonly Value[])[],
    signal: AbortSignal,
  ): Promise<readonly boolean[]> {
    const printer: QueryPrinter = createPlanPrinter({
      queryId: randomUUID(),
      zone: 'UTC',
      now: BigInt(Date.now()) * 1000n,
      scans: new Map(),
    })
    const table = printValueTable(
      columns.map((column, at) => ({ name: columnName(column), type: column.type, values: rows.map((row) => row[at] ?? null) })),
      rows.length,
      printer,
    )
    const answer = await this.#answer(`SELECT CAST(row_index AS VARCHAR) || ',' FROM (${table}) WHERE ${printer.expr(predicate)}`, signal)
    const kept = new Array<boolean>(rows.length).fill(false)
    for (const index of answer.split(',')) if (index !== '') kept[Number(index)] = true
    return kept
  }

  async partitionRows(request: PartitionRequest): Promise<readonly RowsOfPartition[]> {
    const { copy, counts } = printPartitions(request)
    await this.#statement(copy, request.signal)
    const lines = await this.#answer(counts, request.signal)
    return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RowsOfPartition]))
  }

  copyFiles(request: CopyRequest): Promise<number> {
    return this.#statement(printCopy(request), request.signal)
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.#answer("SELECT '1'", signal)
  }

  async close(): Promise<void> {
    await this.#supervisor.close()
  }

  #resultFile(): string {
    return join(this.#options.spillFolder, `result-${randomUUID()}.parquet`)
  }

  /** All rows of a query with one text column, put together. */
  async #answer(sql: string, signal: AbortSignal, setup: readonly string[] = []): Promise<string> {
    const request: RunRequest = { queryId: randomUUID(), setup, sql, encoding: { kind: 'text', trim: 0 }, after: [] }
    const channel = await this.#open(request, signal, async (text) => translateKernelError(text))
    try {
      const parts: Uint8Array[] = []
      for (let frame = await channel.next(); frame !== undefined; frame = await channel.next()) parts.push(frame.payload)
      return Buffer.concat(parts).toString('utf8')
    } finally {
      await channel.leave()
    }
  }

  /** Runs a statement without a result; resolves to the number of rows that it wrote. */
  async #statement(sql: string, signal: AbortSignal): Promise<number> {
    const request: RunRequest = { queryId: randomUUID(), setup: [], sql, encoding: { kind: 'statement' }, after: [] }
    const channel = await this.#open(request, signal, async (text) => translateKernelError(text))
    try {
      while ((await channel.next()) !== undefined);
      return channel.end?.rows ?? 0
    } finally {
      await channel.leave()
    }
  }

  async #open(request: RunRequest, signal: AbortSignal, translate: (text: string) => Promise<QueryError>): Promise<QueryChannel> {
    const { stallMs = DEFAULT_STALL_MS, cancelMs = DEFAULT_CANCEL_MS } = this.#options
    for (let attempt = 1; ; attempt++) {
      const process = await this.#supervisor.process()
      const channel = new QueryChannel(process, request, { signal, stallMs, cancelMs, translate })
      if ((await channel.connected()) || attempt === CONNECT_ATTEMPTS) return channel
      // A process that lives and cannot be reached has lost its socket's file.
      const unreachable = setTimeout(() => process.kill(), UNREACHABLE_MS)
      await process.exited
      clearTimeout(unreachable)
    }
  }
}

/** The channel's frames; leaving early, also before the first one, ends the query. */
function frames(channel: QueryChannel): AsyncIterable<KernelFrame> {
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const frame = await channel.next()
          if (frame !== undefined) return { done: false as const, value: { bytes: frame.payload, rows: frame.rows } }
        } catch (error) {
          await channel.leave()
          throw error
        }
        await channel.leave()
        return { done: true as const, value: undefined }
      },
      async return() {
        await channel.leave()
        return { done: true as const, value: undefined }
      },
    }),
  }
}
