/** Weir's documents as Trino's: columns, statistics, errors, warnings. */
import type { QueryError } from '#src/common/errors'
import type { QueryInfo, QueryState, QueryStats, ResultColumn } from '#src/query/query'
import { type TypeSignature, typeSignature, wireType } from '#src/types/format'
import type { Type } from '#src/types/type'

/** The states that clients know. */
function stateName(state: QueryState): string {
  return state === 'CANCELED' ? 'FAILED' : state
}

/** `parametricDatetime` false: the client knows times and timestamps without a precision only. */
export function columnDocuments(columns: readonly ResultColumn[], parametricDatetime: boolean): readonly unknown[] {
  return columns.map(({ name, type }) => ({
    name,
    type: parametricDatetime ? wireType(type) : wireType(type).replaceAll(/\b(time|timestamp)\(3\)/g, '$1'),
    typeSignature: parametricDatetime ? typeSignature(type) : withoutPrecision(typeSignature(type)),
  }))
}

const DATETIMES: ReadonlySet<string> = new Set<Type['kind']>(['time', 'time with time zone', 'timestamp', 'timestamp with time zone'])

function withoutPrecision(signature: TypeSignature): TypeSignature {
  if (DATETIMES.has(signature.rawType)) return { rawType: signature.rawType, arguments: [] }
  return {
    rawType: signature.rawType,
    arguments: signature.arguments.map((argument) => {
      switch (argument.kind) {
        case 'LONG':
          return argument
        case 'TYPE':
          return { kind: 'TYPE', value: withoutPrecision(argument.value) }
        case 'NAMED_TYPE':
          return { kind: 'NAMED_TYPE', value: { ...argument.value, typeSignature: withoutPrecision(argument.value.typeSignature) } }
      }
      return argument
    }),
  }
}

export type StatsDocument = Readonly<Record<string, unknown>> & { readonly completedSplits: number }

/**
 * Row groups and files are the splits; how many of them are done is told by the bytes that have been read. What the kernel
 * does with them after that is the last split's work. `before` were done already: a plan that is made anew may have fewer.
 */
export function statsDocument(state: QueryState, stats: QueryStats, before = 0): StatsDocument {
  const ended = state === 'FINISHED' || state === 'FAILED' || state === 'CANCELED'
  const total = Math.max(ended ? before : before + 1, 1, stats.files.kept, stats.rowGroups.kept)
  const waiting = state === 'QUEUED' || state === 'PLANNING'
  const read = stats.bytes.fromStore + stats.bytes.fromCache
  const share = stats.bytes.kept === 0 ? 0 : Math.min(1, read / stats.bytes.kept)
  const completed = ended ? total : waiting ? before : Math.max(before, Math.min(total - 1, Math.floor(total * share)))
  const splits = {
    totalSplits: total,
    queuedSplits: waiting ? total - completed : 0,
    runningSplits: waiting ? 0 : total - completed,
    completedSplits: completed,
  }
  const work = {
    cpuTimeMillis: Math.round(stats.kernelMs),
    wallTimeMillis: Math.round(stats.kernelMs + stats.fetchMs),
    processedRows: stats.rows,
    processedBytes: read,
    physicalInputBytes: read,
  }
  return {
    state: stateName(state),
    queued: state === 'QUEUED',
    scheduled: state === 'RUNNING' || ended,
    ...(!waiting && { progressPercentage: (100 * completed) / total, runningPercentage: (100 * splits.runningSplits) / total }),
    nodes: 1,
    ...splits,
    planningTimeMillis: Math.round(stats.planMs),
    analysisTimeMillis: 0,
    ...work,
    queuedTimeMillis: Math.round(stats.queueMs),
    elapsedTimeMillis: Math.round(stats.elapsedMs),
    finishingTimeMillis: 0,
    physicalInputTimeMillis: Math.round(stats.fetchMs),
    physicalWrittenBytes: 0,
    internalNetworkInputBytes: 0,
    peakMemoryBytes: 0,
    spilledBytes: 0,
    rootStage: {
      stageId: '0',
      state: stateName(state),
      done: ended,
      nodes: 1,
      ...splits,
      ...work,
      failedTasks: 0,
      coordinatorOnly: false,
      subStages: [],
    },
  }
}

/** Hints of planning have a code of Weir's own, outside of the numbers that Trino gives. */
export function warningDocuments(hints: readonly string[]): readonly unknown[] {
  return hints.map((message) => ({ warningCode: { code: 0x0200_0000, name: 'WEIR_HINT' }, message }))
}

/** A place is told only when it lies inside the statement: clients draw a caret there. */
export function errorDocument(error: QueryError, sql: string): Readonly<Record<string, unknown>> {
  const location = locationIn(error, sql)
  const message = error.hint === undefined ? error.message : `${error.message}\n${error.hint}`
  const errorLocation = location && { errorLocation: location }
  return {
    message,
    errorCode: error.code,
    errorName: error.errorName,
    errorType: error.type,
    ...errorLocation,
    failureInfo: {
      // Of what the parser says some clients tell by its class.
      type: error.errorName === 'SYNTAX_ERROR' ? 'io.trino.sql.parser.ParsingException' : 'io.trino.spi.TrinoException',
      message,
      suppressed: [],
      stack: [],
      errorInfo: { code: error.code, name: error.errorName, type: error.type },
      ...errorLocation,
    },
  }
}

function locationIn({ at }: QueryError, sql: string): { readonly lineNumber: number; readonly columnNumber: number } | undefined {
  if (at === undefined) return undefined
  const line = sql.split('\n')[at.line - 1]
  if (line === undefined || at.column < 1 || at.column > line.length + 1) return undefined
  return { lineNumber: at.line, columnNumber: at.column }
}

/** The documents of `/v1/query`. */
export function queryDocument(info: QueryInfo, self: string): Readonly<Record<string, unknown>> {
  const { id, state, sql, user, created, ended, error, stats } = info
  return {
    queryId: id,
    session: { user, queryId: id },
    state: stateName(state),
    self,
    query: sql,
    queryStats: {
      createTime: new Date(created).toISOString(),
      ...(ended !== undefined && { endTime: new Date(ended).toISOString() }),
      elapsedTime: `${stats.elapsedMs.toFixed(2)}ms`,
      queuedTime: `${stats.queueMs.toFixed(2)}ms`,
      ...(({ rootStage: _, ...numbers }) => numbers)(statsDocument(state, stats)),
    },
    ...(error && {
      errorType: error.type,
      errorCode: { code: error.code, name: error.errorName, type: error.type },
      failureInfo: errorDocument(error, sql).failureInfo,
    }),
  }
}
