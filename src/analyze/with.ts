/** WITH: named queries, recursive ones included. */
import { QueryError } from '#src/common/errors'
import type { Column } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import type * as ast from '#src/sql/ast'
import { canCoerce } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { checkAliases } from './aliases.ts'
import type { Analysis, Relation } from './analysis.ts'
import { recursiveBody } from './recursion.ts'
import { lower, type NamedQueries, type NamedQuery, type Scope, spelling, visibleFields } from './scope.ts'
import { analyzeBody, projectFields } from './set-operations.ts'

/** Trino's default. */
const MAX_RECURSION_DEPTH = 10

export interface Definition {
  readonly named: NamedQuery
  readonly plan: LogicalPlan
}

/** The queries in order of definition, and the names in force below: `outer`'s and these. */
export function analyzeWith(
  clause: ast.With | undefined,
  outer: Scope,
  analysis: Analysis,
): { readonly named: NamedQueries; readonly definitions: readonly Definition[] } {
  if (!clause) return { named: outer.named, definitions: [] }
  const named = new Map(outer.named)
  const defined = new Set<string>()
  const definitions: Definition[] = []
  for (const entry of clause.queries) {
    const key = lower(entry.name.value)
    if (defined.has(key)) {
      const message = `WITH query name '${spelling(entry.name)}' specified more than once`
      throw new QueryError('DUPLICATE_NAMED_QUERY', message, { at: entry.at })
    }
    defined.add(key)
    const scope: Scope = { ...outer, named: new Map(named) }
    const recursive = clause.recursive ? recursiveBody(entry) : undefined
    const definition = recursive ? analyzeRecursive(entry, recursive, scope, analysis) : analyzeNamed(entry, scope, analysis)
    named.set(key, definition.named)
    definitions.push(definition)
  }
  return { named, definitions }
}

/** Wraps `body` into the definitions that something refers to. */
export function planWith(body: LogicalPlan, definitions: readonly Definition[]): LogicalPlan {
  return definitions.reduceRight<LogicalPlan>(
    (plan, { named, plan: query }) =>
      named.references === 0 ? plan : { kind: 'with', cteId: named.cteId, name: named.name, query, body: plan },
    body,
  )
}

function analyzeNamed(entry: ast.WithQuery, scope: Scope, analysis: Analysis): Definition {
  const relation = analysis.subquery(entry.query, scope)
  const fields = visibleFields(relation.fields)
  if (entry.columns) checkAliases(entry.columns, fields.length)
  const named: NamedQuery = {
    cteId: analysis.ids.next(),
    name: spelling(entry.name),
    fields: fields.map((field, index) => ({ name: aliasOf(entry, index) ?? field.name, column: field.column })),
    references: 0,
  }
  return { named, plan: relation.plan }
}

function aliasOf(entry: ast.WithQuery, index: number): string | undefined {
  const name = entry.columns?.[index]
  return name && spelling(name)
}

function analyzeRecursive(entry: ast.WithQuery, body: ast.SetOperation, scope: Scope, analysis: Analysis): Definition {
  const key = lower(entry.name.value)
  const base = analyzeBody(body.left, scope, analysis)
  const baseFields = visibleFields(base.fields)
  checkAliases(entry.columns ?? [], baseFields.length)
  const cteId = analysis.ids.next()
  const columns = baseFields.map((field, index) => analysis.ids.column(aliasOf(entry, index) ?? field.column.name, field.column.type))
  const fields = columns.map((column, index) => ({ name: aliasOf(entry, index), column }))
  const name = spelling(entry.name)
  const inside: NamedQuery = { cteId, name, fields, references: 0 }
  const step = analyzeBody(body.right, { ...scope, named: new Map(scope.named).set(key, inside) }, analysis)

  const plan: LogicalPlan = {
    kind: 'recursive-cte',
    cteId,
    name,
    columns,
    base: projectFields(base, columns, analysis),
    recursive: projectFields(checkStep(step, columns, body), columns, analysis),
    distinct: !body.all,
    maxDepth: analysis.context.session.maxRecursionDepth ?? MAX_RECURSION_DEPTH,
  }
  return { named: { cteId, name, fields, references: 0 }, plan }
}

function checkStep(step: Relation, columns: readonly Column[], body: ast.SetOperation): Relation {
  const fields = visibleFields(step.fields)
  if (fields.length !== columns.length) {
    const message = `base and step relations of recursion have different number of fields: ${columns.length}, ${fields.length}`
    throw new QueryError('TYPE_MISMATCH', message, { at: body.right.at })
  }
  for (const [index, { column }] of fields.entries()) {
    const wanted = (columns[index] as Column).type
    if (canCoerce(column.type, wanted)) continue
    const message = `recursion step relation output type (${formatType(column.type)}) is not coercible to recursion base relation output type (${formatType(wanted)}) at column ${index + 1}`
    throw new QueryError('TYPE_MISMATCH', message, { at: body.right.at })
  }
  return step
}
