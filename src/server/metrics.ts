/** Prometheus metrics of one server, in a registry of its own. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { QueryEngine } from '#src/query/engine'
import type { QueryInfo } from '#src/query/query'

export interface Metrics {
  readonly contentType: string
  observe(query: QueryInfo): void
  text(): Promise<string>
}

export function createMetrics(engine: QueryEngine): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'weir_' })
  const registers = [registry]
  const queries = new Counter({
    name: 'weir_queries_total',
    help: 'Queries ended, by state and error name',
    labelNames: ['state', 'error'],
    registers,
  })
  const seconds = new Histogram({
    name: 'weir_query_seconds',
    help: 'Time from arrival to end',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  })
  const bytes = new Counter({
    name: 'weir_scanned_bytes_total',
    help: 'Bytes of objects read by queries',
    labelNames: ['source'],
    registers,
  })
  const requests = new Counter({
    name: 'weir_store_requests_total',
    help: 'Requests sent to object stores by queries',
    labelNames: ['call'],
    registers,
  })
  const rows = new Counter({ name: 'weir_result_rows_total', help: 'Rows sent to clients', registers })
  new Gauge({
    name: 'weir_queries_running',
    help: 'Queries that hold a place',
    registers,
    collect() {
      this.set(engine.load().running)
    },
  })
  new Gauge({
    name: 'weir_queries_queued',
    help: 'Queries that wait for a place',
    registers,
    collect() {
      this.set(engine.load().queued)
    },
  })
  return {
    contentType: registry.contentType,
    observe({ state, error, stats }) {
      queries.inc({ state, error: error?.errorName ?? '' })
      seconds.observe(stats.elapsedMs / 1000)
      bytes.inc({ source: 'store' }, stats.bytes.fromStore)
      bytes.inc({ source: 'cache' }, stats.bytes.fromCache)
      requests.inc({ call: 'list' }, stats.requests.list)
      requests.inc({ call: 'head' }, stats.requests.head)
      requests.inc({ call: 'get' }, stats.requests.get)
      rows.inc(stats.rows)
    },
    text: () => registry.metrics(),
  }
}
