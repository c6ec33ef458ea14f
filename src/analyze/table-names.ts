/** The tables that a statement names, so that the engine can look them up before the analysis, which waits for nothing. */
import type { QualifiedName, Query, QueryBody, Relation, Statement } from '#src/sql/ast'

/** Names of WITH queries that hide a table of the same name. */
type Hidden = ReadonlySet<string>

/** Every name that means a table or view, each once, in order of first mention; names of WITH queries are left out where they hide one. */
export function collectTableNames(statement: Statement | Query): readonly QualifiedName[] {
  const found = new Map<string, QualifiedName>()
  visit(statement, new Set(), found)
  return [...found.values()]
}

const key = (name: QualifiedName): string => name.parts.map((part) => part.value.toLowerCase()).join('\u0000')

function add(name: QualifiedName, hidden: Hidden, found: Map<string, QualifiedName>): void {
  const [only, ...more] = name.parts
  if (only && more.length === 0 && hidden.has(only.value.toLowerCase())) return
  const id = key(name)
  if (!found.has(id)) found.set(id, name)
}

/**
 * Walks any node. Only queries and table references matter, so the rest is walked by its shape: a node is an object with
 * `kind`, and everything that a node holds is a node, a list or a plain value.
 */
function visit(node: unknown, hidden: Hidden, found: Map<string, QualifiedName>): void {
  const pending: unknown[] = [node]
  while (pending.length > 0) {
    const current = pending.pop()
    if (Array.isArray(current)) {
      for (let index = current.length - 1; index >= 0; index--) pending.push(current[index])
      continue
    }
    if (typeof current !== 'object' || current === null) continue
    const { kind } = current as { readonly kind?: string }
    if (kind === 'query') visitQuery(current as Query, hidden, found)
    else {
      const name = tableOf(current as Relation | QueryBody | Statement)
      if (name) add(name, hidden, found)
      const values = Object.values(current)
      for (let index = values.length - 1; index >= 0; index--) pending.push(values[index])
    }
  }
}

function tableOf(node: Relation | QueryBody | Statement): QualifiedName | undefined {
  switch (node.kind) {
    case 'table-reference':
    case 'table':
      return node.name
    case 'show-columns':
    case 'show-partitions':
    case 'show-tblproperties':
      return node.table
    case 'show-create':
      return node.object === 'schema' || node.object === 'function' ? undefined : node.name
    case 'show-stats':
      return 'parts' in node.target ? node.target : undefined
    default:
      return undefined
  }
}

function visitQuery(query: Query, hidden: Hidden, found: Map<string, QualifiedName>): void {
  const inner = new Set(hidden)
  // Before its definition the name of a recursive query around may mean a table: one that is hidden so is no recursion.
  for (const entry of query.with?.queries ?? []) inner.delete(entry.name.value.toLowerCase())
  for (const entry of query.with?.queries ?? []) {
    const name = entry.name.value.toLowerCase()
    if (query.with?.recursive) inner.add(name)
    visit(entry.query, new Set(inner), found)
    inner.add(name)
  }
  visit([query.body, query.orderBy, query.offset, query.limit], inner, found)
}
