/**
 * EXPLAIN as text. One machine runs the whole plan, so a distributed plan is one fragment:
 *
 *   Fragment 0 [SINGLE]
 *       Output layout: [orderkey]
 *       Output partitioning: SINGLE []
 *       Output[orderkey]
 *       └─ TableScan[default.orders; orderkey, dt; predicate dt = DATE '2024-01-31']
 *              Layout: [orderkey:bigint, dt:date]
 *              Partitions: 1 of 365 (364 skipped by partition predicate)
 *              Files: 1 of 365 (364 skipped by partition predicate)
 */
import { type PrintedNode, printNodes } from '#src/logical/plan-print'
import { formatType } from '#src/types/format'
import type { PhysicalPlan } from './plan.ts'
import { formatBytes, summarizeScan } from './scan-summary.ts'

/** What a query did, for EXPLAIN ANALYZE; times in milliseconds. */
export interface RunStatistics {
  readonly rows: number
  readonly rejectedRows: number
  readonly bytes: { readonly fromStore: number; readonly fromCache: number }
  readonly requests: { readonly list: number; readonly head: number; readonly get: number }
  readonly queueMs: number
  readonly planMs: number
  readonly listMs: number
  readonly footerMs: number
  readonly fetchMs: number
  readonly kernelMs: number
  readonly elapsedMs: number
}

export function explainText(plan: PhysicalPlan, type: 'logical' | 'distributed', run?: RunStatistics): string {
  const root = printNodes({ root: plan.root, output: plan.output })
  const tree = treeOf(root, plan)
  const body =
    type === 'logical'
      ? tree
      : [
          'Fragment 0 [SINGLE]',
          ...[`Output layout: [${root.outputs.map(({ symbol }) => symbol).join(', ')}]`, 'Output partitioning: SINGLE []', ...tree].map(
            (line) => `    ${line}`,
          ),
        ]
  const hints = [...(plan.dynamicFilters ?? []).map((filter) => `Dynamic filter: ${filter}`), ...plan.hints.map((hint) => `Hint: ${hint}`)]
  return [...(run === undefined ? [] : runLines(run)), ...body, ...(hints.length > 0 ? ['', ...hints] : [])].join('\n')
}

function runLines(run: RunStatistics): readonly string[] {
  const ms = (value: number): string => `${value.toFixed(1)}ms`
  const { list, head, get } = run.requests
  return [
    `Queued: ${ms(run.queueMs)}, Planning: ${ms(run.planMs)} (listing: ${ms(run.listMs)}, footers: ${ms(run.footerMs)}), Fetching: ${ms(run.fetchMs)}, Execution: ${ms(run.kernelMs)}, Elapsed: ${ms(run.elapsedMs)}`,
    `Input: ${formatBytes(run.bytes.fromStore)} from the store, ${formatBytes(run.bytes.fromCache)} from the cache; requests: ${list} list, ${head} head, ${get} get`,
    `Output: ${run.rows} rows${run.rejectedRows > 0 ? `, ${run.rejectedRows} rows of files rejected` : ''}`,
  ]
}

/** A node's lines without indentation, then those of what is below it. */
function treeOf(node: PrintedNode, plan: PhysicalPlan): readonly string[] {
  const below = [
    ...node.subqueries.map(({ mark, root }) => [`${mark}:`, ...treeOf(root, plan).map((line) => `   ${line}`)]),
    ...node.children.map((child) => treeOf(child, plan)),
  ]
  const rail = below.length > 0 ? '│   ' : '    '
  return [
    `${node.name}[${node.detail}]`,
    ...detailsOf(node, plan).map((line) => rail + line),
    ...below.flatMap(([first = '', ...rest], place) => {
      const last = place === below.length - 1
      return [`${last ? '└─ ' : '├─ '}${first}`, ...rest.map((line) => `${last ? '   ' : '│  '}${line}`)]
    }),
  ]
}

function detailsOf(node: PrintedNode, plan: PhysicalPlan): readonly string[] {
  const layout = `Layout: [${node.outputs.map(({ symbol, type }) => `${symbol}:${formatType(type)}`).join(', ')}]`
  const scan = node.plan?.kind === 'scan' ? plan.scans.get(node.plan.id) : undefined
  return scan === undefined ? [layout] : [layout, ...summarizeScan(scan)]
}
