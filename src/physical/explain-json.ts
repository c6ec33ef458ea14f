/** EXPLAIN (FORMAT JSON) in the shape of Trino's nodes, with the scan's I/O beside them; and FORMAT GRAPHVIZ. */
import { type PrintedNode, printNodes } from '#src/logical/plan-print'
import { wireType } from '#src/types/format'
import type { PhysicalPlan, ScanPlan } from './plan.ts'
import { keptRows, summarizeScan } from './scan-summary.ts'

/** Numbers that are not known are the text `NaN`, as in Trino's JSON. */
export const NOT_KNOWN = 'NaN'

interface JsonNode {
  readonly id: string
  readonly name: string
  readonly descriptor: Readonly<Record<string, string>>
  readonly outputs: readonly { readonly symbol: string; readonly type: string }[]
  readonly details: readonly string[]
  readonly estimates: readonly unknown[]
  /** Only of table scans. */
  readonly io?: unknown
  readonly children: readonly JsonNode[]
}

/** LOGICAL: the tree; DISTRIBUTED: fragments by number, of which there is one. */
export function explainJson(plan: PhysicalPlan, type: 'logical' | 'distributed'): string {
  let id = 0
  const root = toJson(printNodes({ root: plan.root, output: plan.output }), plan, () => String(id++))
  return JSON.stringify(type === 'logical' ? root : { '0': root }, undefined, 2)
}

function toJson(node: PrintedNode, plan: PhysicalPlan, nextId: () => string): JsonNode {
  const scan = node.plan?.kind === 'scan' ? plan.scans.get(node.plan.id) : undefined
  return {
    id: nextId(),
    name: node.name,
    descriptor: {
      ...(node.plan?.kind === 'scan' ? { table: `${node.plan.table.schema}.${node.plan.table.name}` } : {}),
      detail: node.detail,
    },
    outputs: node.outputs.map(({ symbol, type }) => ({ symbol, type: wireType(type) })),
    details: [...(scan === undefined ? [] : summarizeScan(scan)), ...node.subqueries.map(({ mark }) => `${mark} is a child`)],
    estimates: [estimateOf(scan)],
    ...(scan === undefined ? {} : { io: { ...scan.totals, skipped: scan.skipped, method: scan.method } }),
    children: [...node.subqueries.map(({ root }) => root), ...node.children].map((child) => toJson(child, plan, nextId)),
  }
}

function estimateOf(scan: ScanPlan | undefined) {
  return {
    outputRowCount: (scan && keptRows(scan)) ?? NOT_KNOWN,
    outputSizeInBytes: scan?.totals.bytes.kept ?? NOT_KNOWN,
    cpuCost: scan?.totals.bytes.kept ?? NOT_KNOWN,
    memoryCost: scan === undefined ? NOT_KNOWN : 0,
    networkCost: scan === undefined ? NOT_KNOWN : 0,
  }
}

/** A digraph of the nodes for Graphviz' dot. */
export function explainGraph(plan: PhysicalPlan): string {
  const lines: string[] = []
  const draw = (node: PrintedNode): string => {
    const id = `node_${lines.length}`
    const scan = node.plan?.kind === 'scan' ? plan.scans.get(node.plan.id) : undefined
    const label = [`${node.name}[${node.detail}]`, ...(scan === undefined ? [] : summarizeScan(scan))].join('\n')
    lines.push(`  ${id} [shape=box, label=${JSON.stringify(label)}];`)
    for (const child of [...node.subqueries.map(({ root }) => root), ...node.children]) lines.push(`  ${id} -> ${draw(child)};`)
    return id
  }
  draw(printNodes({ root: plan.root, output: plan.output }))
  return ['digraph logical_plan {', ...lines, '}'].join('\n')
}
