/**
 * The name of a result: two queries with the same key have the same rows. It covers the typed plan (constants such as now()
 * are in it), the session's user and zone, the encoding, and the version of every object that is read.
 */
import { createHash, type Hash } from 'node:crypto'
import { someExpr } from '#src/logical/expr-walk'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import { expressionsOf, walkPlan } from '#src/logical/plan-walk'
import type { PhysicalPlan, ScanPlan } from '#src/physical/plan'
import type { QueryRequest } from './query.ts'

/** Undefined for plans whose rows may differ from run to run, or that read what has no version: system tables. */
export function resultKey(plan: PhysicalPlan, request: Pick<QueryRequest, 'format' | 'user' | 'zone'>): string | undefined {
  if (!isRepeatable(plan.root)) return undefined
  const hash = createHash('sha256')
  write(hash, [request.format, request.user, request.zone, plan.output, plan.root])
  for (const scan of plan.scans.values()) writeScan(hash, scan)
  return hash.digest('base64')
}

function isRepeatable(root: LogicalPlan): boolean {
  let repeatable = true
  walkPlan(root, (node) => {
    if (node.kind === 'system-scan' || node.kind === 'sample') repeatable = false
    else if (repeatable && expressionsOf(node).some(hasRandomCall)) repeatable = false
  })
  return repeatable
}

/** `walkPlan` visits the plans inside expressions too. */
const hasRandomCall = (expr: Expr): boolean => someExpr(expr, (node) => node.kind === 'call' && !node.function.deterministic)

/** Footers are left out: they are part of their object's version. */
function writeScan(hash: Hash, { id, table, bucket, partitions, files }: ScanPlan): void {
  write(hash, [id, table.schema, table.name, table.version, bucket])
  for (const { info, partition, parquet } of files) {
    hash.update(`${partition}\0${info.key}\0${info.version}\0${info.size}\0${info.modified}\0${parquet?.rowGroups.join() ?? ''}\n`)
  }
  write(hash, partitions)
}

/** Positions in the text do not matter, and functions are named by name and types beside them. */
const OMITTED: ReadonlySet<string> = new Set(['at', 'form', 'footer'])

/** Every value by its type and content, so that 1 and 1n and '1' differ. */
function write(hash: Hash, value: unknown): void {
  if (value === null || value === undefined) hash.update('_')
  else if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
    hash.update('[')
    for (const item of value) write(hash, item)
    hash.update(']')
  } else if (value instanceof Uint8Array) {
    hash.update(`x${value.length}:`)
    hash.update(value)
  } else if (typeof value === 'object') {
    hash.update('{')
    for (const [name, item] of Object.entries(value)) {
      if (OMITTED.has(name) || item === undefined) continue
      if (name === 'table') writeTable(hash, item as Parameters<typeof writeTable>[1])
      else {
        hash.update(`${name}:`)
        write(hash, item)
      }
    }
    hash.update('}')
  } else {
    const text = Object.is(value, -0) ? '-0' : String(value)
    hash.update(`${(typeof value)[0]}${text.length}:${text}`)
  }
}

/** A definition is known by its version; one of hundreds of columns need not be read for it. */
function writeTable(hash: Hash, table: { readonly schema: string; readonly name: string; readonly version: number }): void {
  write(hash, [table.schema, table.name, table.version])
}
