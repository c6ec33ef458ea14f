/** PLAN of JSON_TABLE: how the rows of nested paths are put beside those of the path around them. */
import { type Position, QueryError } from '#src/common/errors'
import type { TableChild, TableColumn, TableNode } from '#src/functions/json-path/query-spec'
import type * as ast from '#src/sql/ast'

export type NestedColumns = Extract<ast.JsonTableColumn, { kind: 'nested' }>

/** The columns of one path, analyzed, and the paths nested in it. */
export interface PathColumns {
  readonly own: readonly TableColumn[]
  readonly nested: readonly { readonly node: NestedColumns; readonly columns: PathColumns }[]
}

/** Names that are not quoted are in upper case to JSON_TABLE. */
export const canonical = ({ value, quoted }: ast.Identifier): string => (quoted ? value : value.toUpperCase())

/** @throws MISSING_PATH_NAME, INVALID_PLAN */
export function planJsonTable({ call, plan }: ast.JsonTable, columns: PathColumns): TableNode {
  if (plan === undefined) return byDefault(columns, 'outer', 'union')
  if (plan.kind === 'default') {
    requireNames(columns, 'All nested JSON paths must be named when default plan is given', 'all levels')
    return byDefault(columns, plan.parentChild ?? 'outer', plan.siblings ?? 'union')
  }
  const unnamed = 'All JSON paths must be named when specific plan is given'
  if (call.pathName === undefined) throw new QueryError('MISSING_PATH_NAME', unnamed, { at: call.at })
  if (plan.kind === 'union' || plan.kind === 'cross') {
    const message = 'JSON_TABLE plan must either be a single path name or it must be rooted in parent-child relationship (OUTER or INNER)'
    throw new QueryError('INVALID_PLAN', message, { at: plan.at })
  }
  requireSame([canonical(call.pathName)], [...siblings(plan).keys()], plan.at)
  return specific(columns, plan, plan.at, unnamed)
}

function byDefault({ own, nested }: PathColumns, parentChild: 'outer' | 'inner', kind: 'union' | 'cross'): TableNode {
  const parts = nested.map(
    ({ node, columns }): TableChild => ({ kind: 'nested', path: node.path, node: byDefault(columns, parentChild, kind) }),
  )
  const [only] = parts
  return { columns: own, child: parts.length > 1 ? { kind, parts } : only, outer: parentChild === 'outer' }
}

function specific({ own, nested }: PathColumns, plan: ast.JsonTablePlan, rootAt: Position, unnamed: string): TableNode {
  requireNames({ own, nested }, unnamed, 'this level')
  const below = plan.kind === 'outer' || plan.kind === 'inner' ? plan.right : undefined
  const plans = below === undefined ? new Map<string, ast.JsonTablePlan>() : siblings(below)
  const names = nested.map(({ node }) => canonical(node.pathName as ast.Identifier))
  requireSame(names, [...plans.keys()], rootAt)
  const nodes = new Map<string, TableChild>()
  for (const [index, { node, columns }] of nested.entries()) {
    const name = names[index] as string
    const inner = specific(columns, plans.get(name) as ast.JsonTablePlan, rootAt, unnamed)
    nodes.set(name, { kind: 'nested', path: node.path, node: inner })
  }
  return { columns: own, child: below && combined(below, nodes), outer: plan.kind === 'outer' }
}

/** The plans that stand side by side, by the name of their paths. @throws INVALID_PLAN for a name that comes twice */
function siblings(plan: ast.JsonTablePlan, found = new Map<string, ast.JsonTablePlan>()): Map<string, ast.JsonTablePlan> {
  if (plan.kind === 'union' || plan.kind === 'cross') return siblings(plan.right, siblings(plan.left, found))
  const name = plan.kind === 'outer' || plan.kind === 'inner' ? plan.left : plan
  if (name.kind !== 'name') return found
  const key = canonical(name.name)
  if (found.has(key)) throw new QueryError('INVALID_PLAN', `Duplicate reference to JSON path name in sibling plan: ${key}`, { at: name.at })
  return found.set(key, plan)
}

function combined(plan: ast.JsonTablePlan, nodes: ReadonlyMap<string, TableChild>): TableChild {
  switch (plan.kind) {
    case 'union':
    case 'cross': {
      const [left, right] = [combined(plan.left, nodes), combined(plan.right, nodes)]
      // a UNION b UNION c is one list.
      return { kind: plan.kind, parts: left.kind === plan.kind ? [...left.parts, right] : [left, right] }
    }
    case 'outer':
    case 'inner':
      return combined(plan.left, nodes)
    case 'name':
      return nodes.get(canonical(plan.name)) as TableChild
    case 'default':
      throw new QueryError('GENERIC_INTERNAL_ERROR', 'PLAN DEFAULT inside of a plan')
  }
}

function requireNames({ nested }: PathColumns, message: string, where: 'this level' | 'all levels'): void {
  for (const { node } of nested) if (node.pathName === undefined) throw new QueryError('MISSING_PATH_NAME', message, { at: node.pathAt })
  if (where === 'all levels') for (const { columns } of nested) requireNames(columns, message, where)
}

function requireSame(actual: readonly string[], planned: readonly string[], at: Position): void {
  const missing = actual.filter((name) => !planned.includes(name))
  if (missing.length > 0) {
    const message = `JSON_TABLE plan should contain all JSON paths available at each level of nesting. Paths not included: ${missing.join(', ')}`
    throw new QueryError('INVALID_PLAN', message, { at })
  }
  const unknown = planned.filter((name) => !actual.includes(name))
  if (unknown.length > 0)
    throw new QueryError('INVALID_PLAN', `JSON_TABLE plan includes unavailable JSON path names: ${unknown.join(', ')}`, { at })
}
