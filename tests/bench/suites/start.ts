/** How soon a server answers, and what it holds while nobody asks. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSqliteStore } from '#catalog/store/sqlite'
import { BIGINT } from '#src/types/type'
import { sampleLake } from '#tests/support/sample-lake'
import { startWeir } from '#tests/support/weir'
import { memoryOf } from '../process-memory.ts'
import { type Measure, median } from '../report.ts'
import type { Suite } from '../suite.ts'

const TABLES = 10_000
const IDLE_MS = 5000

export const start: Suite = {
  name: 'start',
  scale: 1,
  slice: 0.1,
  repeats: 7,
  engines: [],
  async run({ scale, repeats }) {
    const lake = await sampleLake()
    const folder = mkdtempSync(join(tmpdir(), 'weir-bench-start-'))
    try {
      const [small, large] = [join(folder, 'small'), join(folder, 'large')]
      await fill(small, lake.folder, 1)
      await fill(large, lake.folder, Math.round(TABLES * scale))
      const first: number[] = []
      const firstOfMany: number[] = []
      const idle: number[] = []
      for (let run = 0; run < repeats; run++) {
        first.push(await firstAnswer(small, lake.folder))
        firstOfMany.push(await firstAnswer(large, lake.folder))
        if (run < 3) idle.push(await idleMemory(small, lake.folder))
      }
      return {
        measures: [
          { target: 'start-first-answer', what: 'start to first answer over files, p50', value: median(first), unit: 'ms' },
          ...(scale === 1 ? [tenThousand(firstOfMany)] : []),
          {
            target: 'idle-memory',
            what: 'idle memory of server and kernel after a query',
            value: Math.round(median(idle) / 1e6),
            unit: 'MB',
          },
        ],
      }
    } finally {
      lake.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

const tenThousand = (values: readonly number[]): Measure => ({
  target: 'start-10k-tables',
  what: 'the same with a catalog of 10,000 tables, p50',
  value: median(values),
  unit: 'ms',
})

async function fill(data: string, lake: string, tables: number): Promise<void> {
  mkdirSync(data, { recursive: true })
  const store = await openSqliteStore(join(data, 'catalog.db'))
  for (let index = 0; index < tables; index++) {
    await store.createTable(
      {
        schema: 'default',
        name: index === 0 ? 'trips' : `table_${index}`,
        format: 'parquet',
        location: `file://${lake}/trips/`,
        columns: [{ name: 'id', type: BIGINT }],
        partitionKeys: [
          { name: 'year', type: BIGINT },
          { name: 'month', type: BIGINT },
        ],
        properties: {},
      },
      { replace: false, createSchema: true },
    )
  }
  await store.close()
}

const SQL = 'SELECT count(*), sum(id) FROM trips WHERE year = 2023'

/** From starting the process to the last byte of its first answer over files. */
async function firstAnswer(data: string, lake: string): Promise<number> {
  const started = performance.now()
  const weir = await startWeir({ data, args: ['--allow', `${lake}/`] })
  try {
    const { json } = await weir.sql(SQL)
    if (json.rows[0]?.[0] !== 600) throw new Error(`a wrong answer: ${JSON.stringify(json)}`)
    return performance.now() - started
  } finally {
    await weir.stop()
  }
}

async function idleMemory(data: string, lake: string): Promise<number> {
  const weir = await startWeir({ data, args: ['--allow', `${lake}/`] })
  try {
    await weir.sql(SQL)
    await sleep(IDLE_MS)
    return memoryOf(weir.process.pid as number)
  } finally {
    await weir.stop()
  }
}
