/** A whole query for the kernel process: set-up statements, the SELECT in the client's format, what is asked afterwards. */
import { randomUUID } from 'node:crypto'
import { quote } from '#src/functions/kernel-error'
import type { KernelQuery } from '../kernel.ts'
import type { RunRequest } from '../process/protocol.ts'
import { createPlanPrinter } from './printer.ts'
import { rejectKey } from './rejects.ts'
import { printResult } from './result.ts'

/** `file` is where a Parquet result may be made. Throws NOT_SUPPORTED for what has no form in the kernel. */
export function printKernelQuery(query: KernelQuery, file: string): RunRequest {
  // Runs of one query (waves of its files) count their rejects apart.
  const runId = randomUUID()
  const now = query.startMicros ?? BigInt(Date.now()) * 1000n
  const printer = createPlanPrinter({ queryId: runId, zone: query.zone, now, scans: query.scans, stored: query.stored })
  const { sql, encoding } = printResult(printer.query(query.plan.root), query.output, query.format, file)
  const after = printer.printed.rejects.map(({ scan, group, errors, scans }) =>
    printRejectSummary(rejectKey(runId, scan, group), errors, scans),
  )
  return { queryId: runId, setup: printer.printed.setup, sql, encoding, after }
}

/** One JSON object: how many malformed records, and where the first is. */
function printRejectSummary(key: string, errors: string, scans: string): string {
  const records = `SELECT e.file_id, e.line, min(e.line_byte_position) AS byte, any_value(s.file_path) AS path, min(CAST(e.error_type AS VARCHAR) || ' ' || e.error_message) AS message FROM ${errors} e JOIN ${scans} s ON s.scan_id = e.scan_id AND s.file_id = e.file_id GROUP BY e.scan_id, e.file_id, e.line`
  const place = '{f: file_id, l: line}'
  return `SELECT CAST(json_object('key', ${quote(key)}, 'count', count(*), 'path', arg_min(path, ${place}), 'byte', arg_min(byte, ${place}), 'message', arg_min(message, ${place})) AS VARCHAR) FROM (${records})`
}
