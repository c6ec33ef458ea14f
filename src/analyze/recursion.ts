/** What a query of WITH RECURSIVE must look like: `base UNION [ALL] step`, where only the FROM of the step names it, once. */
import { type Position, QueryError } from '#src/common/errors'
import type * as ast from '#src/sql/ast'
import { lower } from './scope.ts'

/** The body of a query that is recursive; undefined for one that is like any other. @throws what Trino throws for other shapes */
export function recursiveBody(entry: ast.WithQuery): ast.SetOperation | undefined {
  if (!entry.columns) {
    throw new QueryError('MISSING_COLUMN_ALIASES', 'missing column aliases in recursive WITH query', { at: entry.at })
  }
  const { query } = entry
  const nested = find(query, ({ kind, recursive }) => kind === undefined && recursive === true)[0]
  if (nested) throw new QueryError('NESTED_RECURSIVE', 'nested recursive WITH query', { at: nested })
  const name = lower(entry.name.value)
  const { body } = query
  const inStep = body.kind === 'set-operation' && body.operator === 'union' ? referencesOf(body, name) : []
  if (body.kind === 'set-operation' && inStep.length > 0) {
    checkFrom(body.right, name, inStep)
    checkClauses(query)
    return body
  }
  const [reference] = references(query, name)
  if (reference) refuse('recursive reference not allowed in this context', reference)
  return undefined
}

function refuse(message: string, at: Position): never {
  throw new QueryError('INVALID_RECURSIVE_REFERENCE', message, { at })
}

/** Of the step. */
function referencesOf(body: ast.SetOperation, name: string): readonly Position[] {
  const [inBase] = references(body.left, name)
  if (inBase) refuse('WITH table name is referenced in the base relation of recursion', inBase)
  const inStep = references(body.right, name)
  const [, second] = inStep
  if (second) refuse('multiple recursive references in the step relation of recursion', second)
  return inStep
}

function checkFrom(step: ast.QueryBody, name: string, [reference]: readonly Position[]): void {
  let select = step
  while (select.kind === 'subquery-body') {
    const { limit, body } = select.query
    // That of a SELECT belongs to it.
    if (limit && body.kind !== 'select')
      throw new QueryError('INVALID_LIMIT_CLAUSE', 'FETCH FIRST / LIMIT clause in the step relation of recursion', { at: limit.at })
    select = body
  }
  const from = select.kind === 'select' ? select.from : undefined
  if (from === undefined || references(from, name).length === 0)
    refuse('recursive reference outside of FROM clause of the step relation of recursion', reference as Position)
  else checkRelations(from, name)
}

/** Sides whose rows may be missing, or must be known as a whole, cannot be recursive. */
function checkRelations(from: ast.Relation, name: string): void {
  each(from, (node) => {
    if (node.kind === 'join') {
      const join = node as unknown as ast.Join
      const [inLeft] = references(join.left, name)
      const [inRight] = references(join.right, name)
      const type = join.type.toUpperCase()
      if (inLeft && (join.type === 'right' || join.type === 'full')) refuse(`recursive reference in left source of ${type} join`, inLeft)
      if (inRight && (join.type === 'left' || join.type === 'full')) refuse(`recursive reference in right source of ${type} join`, inRight)
    }
    if (node.kind === 'set-operation') checkSetOperation(node as unknown as ast.SetOperation, name)
    return true
  })
}

function checkSetOperation(node: ast.SetOperation, name: string): void {
  const [inLeft] = references(node.left, name)
  const [inRight] = references(node.right, name)
  if (node.operator === 'intersect' && node.all && (inLeft ?? inRight))
    refuse('recursive reference in INTERSECT ALL', (inLeft ?? inRight) as Position)
  if (node.operator !== 'except') return
  if (inRight) refuse(`recursive reference in right relation of EXCEPT ${node.all ? 'ALL' : 'DISTINCT'}`, inRight)
  if (node.all && inLeft) refuse('recursive reference in left relation of EXCEPT ALL', inLeft)
}

function checkClauses(query: ast.Query): void {
  const refuseClause = (clause: string, at: Position | undefined): never => {
    throw new QueryError('NOT_SUPPORTED', `immediate ${clause} clause in recursive query`, { at })
  }
  if (query.with) refuseClause('WITH', query.with.at)
  if (query.orderBy.length > 0) refuseClause('ORDER BY', query.orderByAt ?? query.orderBy[0]?.at)
  if (query.offset) refuseClause('OFFSET', query.offsetAt ?? query.offset.at)
  if (query.limit) {
    const message = 'immediate FETCH FIRST / LIMIT clause in recursive query'
    throw new QueryError('INVALID_LIMIT_CLAUSE', message, { at: query.limit.at })
  }
}

interface AnyNode {
  readonly kind?: string
  readonly at?: Position
  readonly recursive?: boolean
  readonly name?: unknown
  readonly with?: ast.With
}

/** Visits what the node holds in the text's order, as far as the fields' order is that; `visit` says where to go deeper. */
function each(node: unknown, visit: (node: AnyNode) => boolean): void {
  const pending: unknown[] = [node]
  while (pending.length > 0) {
    const current = pending.pop()
    if (typeof current !== 'object' || current === null) continue
    if (!Array.isArray(current) && !visit(current as AnyNode)) continue
    const values = Array.isArray(current) ? current : Object.values(current)
    for (let index = values.length - 1; index >= 0; index--) pending.push(values[index])
  }
}

function find(node: unknown, test: (node: AnyNode) => boolean): readonly Position[] {
  const found: Position[] = []
  each(node, (part) => {
    if (test(part) && part.at) found.push(part.at)
    return true
  })
  return found
}

/** Where a table of this name is named, but for queries that give the name to another one. */
function references(node: unknown, name: string): readonly Position[] {
  const found: Position[] = []
  each(node, (part) => {
    if (part.kind === 'query' && part.with?.queries.some((query) => lower(query.name.value) === name)) return false
    if (part.kind === 'table' || part.kind === 'table-reference') {
      const { parts } = part.name as ast.QualifiedName
      if (parts.length === 1 && lower(parts[0]?.value ?? '') === name && part.at) found.push(part.at)
    }
    return true
  })
  return found
}
