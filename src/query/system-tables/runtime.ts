/** `system.runtime`: what the server is doing, in the columns of Trino 476. */
import { TRINO_VERSION } from '#src/common/trino-version'
import { array, timestampWithTimeZone, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { QueryInfo, QueryState } from '../query.ts'
import { bigint, boolean, type Definitions, type Row, text } from './source.ts'

const time = (name: string) => ({ name, type: timestampWithTimeZone(3) })

export const RUNTIME: Definitions = {
  nodes: {
    columns: [...['node_id', 'http_uri', 'node_version'].map(text), boolean('coordinator'), text('state')],
    // Under which address clients reach this process is not known here.
    rows: () => [['weir', null, TRINO_VERSION, true, 'active']],
  },
  queries: {
    columns: [
      ...['query_id', 'state', 'user', 'source', 'query'].map(text),
      { name: 'resource_group_id', type: array(VARCHAR) },
      ...['queued_time_ms', 'analysis_time_ms', 'planning_time_ms'].map(bigint),
      ...['created', 'started', 'last_heartbeat', 'end'].map(time),
      ...['error_type', 'error_code'].map(text),
    ],
    rows: (sources) => sources.queries().map(queryRow),
  },
  tasks: {
    columns: [
      ...['node_id', 'task_id', 'stage_id', 'query_id', 'state'].map(text),
      ...['splits', 'queued_splits', 'running_splits', 'completed_splits'].map(bigint),
      ...['split_scheduled_time_ms', 'split_cpu_time_ms', 'split_blocked_time_ms'].map(bigint),
      ...['raw_input_bytes', 'raw_input_rows', 'processed_input_bytes', 'processed_input_rows'].map(bigint),
      ...['output_bytes', 'output_rows', 'physical_input_bytes', 'physical_written_bytes'].map(bigint),
      ...['created', 'start', 'last_heartbeat', 'end'].map(time),
    ],
  },
  transactions: {
    columns: [
      ...['transaction_id', 'isolation_level'].map(text),
      ...['read_only', 'auto_commit_context'].map(boolean),
      time('create_time'),
      bigint('idle_time_secs'),
      text('written_catalog'),
      { name: 'catalogs', type: array(VARCHAR) },
    ],
  },
}

/** Trino has no state CANCELED: such a query has failed with USER_CANCELED. */
const stateOf = (state: QueryState): string => (state === 'CANCELED' ? 'FAILED' : state)

const instant = (milliseconds: number | undefined): Value =>
  milliseconds === undefined ? null : { micros: BigInt(Math.trunc(milliseconds)) * 1000n, zone: 'UTC' }

function queryRow({ id, state, user, sql, created, ended, error, stats }: QueryInfo): Row {
  const started = state === 'QUEUED' ? undefined : created + stats.queueMs
  return [
    id,
    stateOf(state),
    user,
    null,
    sql,
    null,
    BigInt(Math.round(stats.queueMs)),
    null,
    BigInt(Math.round(stats.planMs)),
    instant(created),
    instant(started),
    null,
    instant(ended),
    error?.type ?? null,
    error?.errorName ?? null,
  ]
}
