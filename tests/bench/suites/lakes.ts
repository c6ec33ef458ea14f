/** Suites in which engines take turns on the same queries over the same files. */
import { gzippedLines, smallFiles, tpchMonths, wideEvents } from '#tests/support/bench-lakes'
import { type TpcQuery, tpcQueries } from '#tests/support/tpc-queries'
import { TPCDS_LAKE_TABLES, tpcdsLake } from '#tests/support/tpcds-data'
import { TPCH_TABLES, tpchLake } from '#tests/support/tpch-data'
import { readTinyRecording } from '#tests/tpc/recorded'
import { compareEngines } from '../compare-engines.ts'
import { type Measure, ratioMeasure } from '../report.ts'
import type { Suite } from '../suite.ts'
import type { Workload } from '../workload.ts'

const named = (queries: Readonly<Record<string, string>>): readonly TpcQuery[] =>
  Object.entries(queries).map(([name, sql]) => ({ name, sql }))
const count = (what: string, value: number, target?: string): Measure => ({
  what,
  value,
  unit: 'queries',
  ...(target !== undefined && { target }),
})

export const tpch: Suite = {
  name: 'tpch',
  scale: 1,
  slice: 0.01,
  repeats: 5,
  engines: ['duckdb', 'chdb', 'pyarrow'],
  async run(options) {
    const workload: Workload = {
      schema: 'tpch',
      folder: await tpchLake(options.scale),
      tables: TPCH_TABLES,
      queries: await tpcQueries('tpch', 'tpch'),
      cold: true,
    }
    const { samples, failed } = await compareEngines(workload, options)
    return {
      samples,
      measures: [
        ...ratioMeasure('tpch-warm-duckdb', samples, 'weir warm', 'duckdb local'),
        ...ratioMeasure('tpch-warm-trino', samples, 'weir warm', 'trino 476'),
        ...ratioMeasure('tpch-cold-chdb', samples, 'weir cold', 'chdb s3()'),
        ...ratioMeasure('tpch-cold-pyarrow', samples, 'weir cold', 'duckdb pyarrow'),
        count('queries that failed', failed.size),
      ],
    }
  },
}

/** 4 GB for everything: 2 GB of files (the page cache of which is the system's), 1.5 GB for the kernel, the rest for the server. */
const SF10_LIMITS = ['--cache-size', '2GB', '--memory', '1.5GB'] as const

export const tpchSf10: Suite = {
  name: 'tpch-sf10',
  scale: 10,
  slice: 0.01,
  repeats: 1,
  engines: [],
  async run(options) {
    const workload: Workload = {
      schema: 'tpch',
      folder: await tpchMonths(options.scale),
      tables: TPCH_TABLES,
      queries: await tpcQueries('tpch', 'tpch'),
      serverArgs: SF10_LIMITS,
      cold: true,
    }
    const { samples, failed, memory } = await compareEngines(workload, options)
    const cold = samples.find(({ engine }) => engine === 'weir cold')
    return {
      samples,
      measures: [
        {
          target: 'sf10-answered',
          what: 'queries that answer with empty caches',
          value: Object.keys(cold?.ms ?? {}).length,
          unit: 'of 22',
        },
        { target: 'sf10-rss', what: 'most memory of server and kernel', value: Math.round(memory / 1e6), unit: 'MB' },
        count('runs that failed', failed.size),
      ],
    }
  },
}

export const tpcds: Suite = {
  name: 'tpcds',
  scale: 1,
  slice: 0.01,
  repeats: 3,
  engines: ['duckdb'],
  async run(options) {
    const workload: Workload = {
      schema: 'tpcds',
      folder: await tpcdsLake(options.scale),
      tables: [...TPCDS_LAKE_TABLES.keys()],
      definitions: TPCDS_LAKE_TABLES,
      queries: await tpcQueries('tpcds', 'tpcds'),
      cold: false,
    }
    const { samples, failed } = await compareEngines(workload, options)
    const warm = samples.find(({ engine }) => engine === 'weir warm')
    // Some of the queries divide by zero on some data; Trino ends them so, too.
    const recorded = readTinyRecording('tpcds').answers
    const rightly = [...failed].filter(([place, message]) => {
      const answer = place.startsWith('weir warm ') ? recorded[place.slice('weir warm '.length)] : undefined
      return answer !== undefined && 'error' in answer && message.startsWith(answer.error)
    })
    const answered = Object.keys(warm?.ms ?? {}).length + rightly.length
    return {
      samples,
      measures: [
        {
          ...(options.queries.length === 0 && options.sample === undefined && { target: 'tpcds-answered' }),
          what: 'queries answered, or ended as Trino ends them',
          value: answered,
          unit: 'of 99',
        },
        ...ratioMeasure('tpcds-warm-trino', samples, 'weir warm', 'trino 476'),
        ...ratioMeasure(undefined, samples, 'weir warm', 'duckdb local'),
      ],
    }
  },
}

const events = '"lake"."wide".events'

export const wide: Suite = {
  name: 'wide',
  scale: 4_000_000,
  slice: 20_000,
  repeats: 5,
  engines: ['duckdb', 'chdb', 'pyarrow'],
  async run(options) {
    const folder = await wideEvents(options.scale)
    const workload: Workload = {
      schema: 'wide',
      folder,
      tables: ['events'],
      queries: named({
        'a column': `SELECT sum(n0) FROM ${events}`,
        'two keys': `SELECT kind, customer % 10 AS c, count(*), avg(x1) FROM ${events} GROUP BY kind, customer % 10`,
        'few of many': `SELECT s2, max(n4), min(d3) FROM ${events} WHERE customer = 7 GROUP BY s2`,
        'ten columns': `SELECT sum(n0), sum(n4), sum(n8), sum(n12), sum(n16), sum(x1), sum(x5), sum(x9), count(s2), count(d3) FROM ${events} WHERE kind = 'buy'`,
        'one row': `SELECT * FROM ${events} WHERE id = 12345`,
        top: `SELECT id, kind, n4 FROM ${events} ORDER BY n4 DESC, id LIMIT 10`,
      }),
      duckdbSource: () => `read_parquet('${folder}/events/*/*.parquet', hive_partitioning = true)`,
      cold: true,
    }
    const { samples } = await compareEngines(workload, options)
    return {
      samples,
      measures: [
        ...ratioMeasure(undefined, samples, 'weir warm', 'duckdb local'),
        ...ratioMeasure(undefined, samples, 'weir cold', 'chdb s3()'),
      ],
    }
  },
}

const lines = '"lake"."csv".lines'

export const csvGz: Suite = {
  name: 'csv-gz',
  scale: 1,
  slice: 0.01,
  repeats: 3,
  engines: ['duckdb'],
  async run(options) {
    const folder = await gzippedLines(options.scale)
    const workload: Workload = {
      schema: 'csv',
      folder,
      tables: ['lines'],
      queries: named({
        'two columns': `SELECT linestatus, sum(quantity) FROM ${lines} GROUP BY linestatus`,
        'a filter': `SELECT sum(extendedprice * discount) FROM ${lines} WHERE quantity < 24`,
        rows: `SELECT count(*) FROM ${lines} WHERE comment LIKE '%fluff%'`,
      }),
      duckdbSource: (table) => `read_csv('${folder}/${table}/*.csv.gz')`,
      cold: true,
    }
    const { samples } = await compareEngines(workload, options)
    return {
      samples,
      measures: [
        ...ratioMeasure('csv-gz-cold', samples, 'weir cold', 'duckdb local'),
        ...ratioMeasure(undefined, samples, 'weir warm', 'duckdb local'),
      ],
    }
  },
}

const files = '"lake"."small".files'

export const manyFiles: Suite = {
  name: 'small-files',
  scale: 20_000,
  slice: 300,
  repeats: 3,
  engines: ['duckdb', 'chdb', 'pyarrow'],
  async run(options) {
    const folder = await smallFiles(options.scale)
    const workload: Workload = {
      schema: 'small',
      folder,
      tables: ['files'],
      queries: named({
        all: `SELECT kind, count(*), max(id) FROM ${files} GROUP BY kind`,
        text: `SELECT count(*) FROM ${files} WHERE text LIKE 'ab%'`,
        'one day': `SELECT count(*), sum(id) FROM ${files} WHERE day = 7 AND kind = 3`,
        count: `SELECT count(*) FROM ${files}`,
        limit: `SELECT * FROM ${files} LIMIT 10`,
      }),
      duckdbSource: (table) => `read_parquet('${folder}/${table}/*/*.parquet', hive_partitioning = true)`,
      cold: true,
    }
    const { samples } = await compareEngines(workload, options)
    return {
      samples,
      measures: [
        ...ratioMeasure(undefined, samples, 'weir cold', 'duckdb pyarrow'),
        ...ratioMeasure(undefined, samples, 'weir warm', 'duckdb local'),
      ],
    }
  },
}
