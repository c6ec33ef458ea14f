/** EXPLAIN and EXPLAIN ANALYZE in all types and formats, from the physical plan. */
import { unreachable } from '#src/common/errors'
import { explainIo } from './explain-io.ts'
import { explainGraph, explainJson } from './explain-json.ts'
import { explainText, type RunStatistics } from './explain-text.ts'
import type { PhysicalPlan } from './plan.ts'

export interface ExplainOptions {
  /** VALIDATE needs no physical plan: its answer is the boolean column `Valid`. */
  readonly type: 'logical' | 'distributed' | 'io'
  readonly format: 'text' | 'json' | 'graphviz'
  /** What the query did, for EXPLAIN ANALYZE. */
  readonly run?: RunStatistics | undefined
}

/** The text of the column `Query Plan`. TYPE IO is JSON whatever the format, as in Trino. */
export function explainPlan(plan: PhysicalPlan, options: ExplainOptions): string {
  if (options.type === 'io') return explainIo(plan)
  switch (options.format) {
    case 'text':
      return explainText(plan, options.type, options.run)
    case 'json':
      return explainJson(plan, options.type)
    case 'graphviz':
      return explainGraph(plan)
    default:
      return unreachable(options.format)
  }
}
