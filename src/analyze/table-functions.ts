/** `TABLE(sequence(1, 5))`, `TABLE(exclude_columns(TABLE(t), DESCRIPTOR(a)))`: the table functions that Trino has of its own. */
import { QueryError, unreachable } from '#src/common/errors'
import { tableSequence } from '#src/functions/table-sequence'
import { literal, passThrough } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import type { Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { canCoerce } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { array, BIGINT } from '#src/types/type'
import type { Analysis, Relation } from './analysis.ts'
import { analyzeExpression } from './expression.ts'
import { scalarCallsOnly } from './policy.ts'
import { positionOf } from './positions.ts'
import { analyzeRelation, oneRow } from './relation.ts'
import { lower, type Scope, spelling, visibleFields } from './scope.ts'

type Argument = ast.TableFunctionArgument
type Kind = Argument['value']['kind']

interface Parameter {
  readonly name: string
  readonly kind: Kind
  readonly optional?: boolean
}

const SEQUENCE: readonly Parameter[] = [
  { name: 'START', kind: 'expression', optional: true },
  { name: 'STOP', kind: 'expression' },
  { name: 'STEP', kind: 'expression', optional: true },
]
const EXCLUDE_COLUMNS: readonly Parameter[] = [
  { name: 'INPUT', kind: 'table' },
  { name: 'COLUMNS', kind: 'descriptor' },
]

/** @throws FUNCTION_NOT_FOUND for every other name, and what is wrong with the arguments */
export function analyzeTableFunction(node: ast.TableFunction, outer: Scope, analysis: Analysis): Relation {
  const { at, parts } = node.name
  const path = parts.map((part) => lower(part.value))
  if (path.length === 3 && path[0] !== 'system' && path[0] !== lower(analysis.context.catalogName)) {
    throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${path[0]}' not found`, { at })
  }
  const name = path.length === 3 && path[0] === 'system' && path[1] === 'builtin' ? path[2] : path.length === 1 ? path[0] : undefined
  if (name === 'sequence') return sequence(bindArguments(node, SEQUENCE), outer, analysis)
  if (name === 'exclude_columns') return excludeColumns(bindArguments(node, EXCLUDE_COLUMNS), outer, analysis)
  throw new QueryError('FUNCTION_NOT_FOUND', `Table function '${parts.map(spelling).join('.')}' not registered`, { at })
}

/** Arguments in the order of the parameters; undefined where one is left to its default. */
function bindArguments(node: ast.TableFunction, parameters: readonly Parameter[]): readonly (Argument | undefined)[] {
  const given = node.arguments
  const at = given[0]?.at ?? node.name.at
  if (given.length > parameters.length) {
    const message = `Too many arguments. Expected at most ${parameters.length} arguments, got ${given.length} arguments`
    throw new QueryError('INVALID_ARGUMENTS', message, { at })
  }
  const named = given.filter((argument) => argument.name !== undefined)
  if (named.length > 0 && named.length < given.length) {
    throw new QueryError('INVALID_ARGUMENTS', 'All arguments must be passed by name or all must be passed positionally', { at })
  }
  const byName = new Map<string, Argument>()
  for (const argument of named) {
    const name = nameOf(argument)
    if (byName.has(name)) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Duplicate argument name: ${name}`, { at: argument.at })
    byName.set(name, argument)
    if (!parameters.some((parameter) => parameter.name === name)) {
      throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Unexpected argument name: ${name}`, { at: argument.at })
    }
  }
  return parameters.map((parameter, index) => {
    const argument = named.length > 0 ? byName.get(parameter.name) : given[index]
    if (argument === undefined) {
      if (parameter.optional) return undefined
      throw new QueryError('MISSING_ARGUMENT', `Missing argument: ${parameter.name}`, { at })
    }
    checkCall(argument, parameter)
    if (argument.value.kind === parameter.kind) return argument
    const message = `Invalid argument ${parameter.name}. Expected ${parameter.kind}, got ${argument.value.kind}`
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', message, { at: argument.at })
  })
}

/** What a call cannot stand for. */
function checkCall({ value, at }: Argument, { kind, name }: Parameter): void {
  if (value.kind !== 'expression' || value.value.kind !== 'call') return
  const called = value.value.name.parts.map((part) => lower(part.value)).join('.')
  if (kind === 'table') {
    const message = `Invalid table argument ${name}. Table functions are not allowed as table function arguments`
    throw new QueryError('NOT_SUPPORTED', message, { at })
  }
  if (called !== 'descriptor') return
  const message =
    kind === 'descriptor'
      ? `Invalid descriptor argument ${name}. Descriptors should be formatted as 'DESCRIPTOR(name [type], ...)'`
      : "'descriptor' function is not allowed as a table function argument"
  throw new QueryError('INVALID_FUNCTION_ARGUMENT', message, { at })
}

/** As standard SQL has it: what is not quoted is in capitals. */
const nameOf = ({ name }: Argument): string => (name === undefined ? '' : name.quoted ? name.value : name.value.toUpperCase())

function sequence([start, stop, step]: readonly (Argument | undefined)[], outer: Scope, analysis: Analysis): Relation {
  const args = [integer(start, 0n, outer, analysis), integer(stop, 0n, outer, analysis), integer(step, 1n, outer, analysis)]
  const numbers = tableSequence()
  const column = analysis.ids.column('sequential_number', BIGINT)
  const value: Expr = { kind: 'call', type: array(BIGINT), function: numbers, args }
  return {
    plan: { kind: 'unnest', input: oneRow(), items: [{ value, columns: [column] }], ordinality: undefined, outer: false },
    fields: [{ name: 'sequential_number', relation: undefined, column, hidden: false }],
  }
}

function integer(argument: Argument | undefined, otherwise: bigint, outer: Scope, analysis: Analysis): Expr {
  if (argument?.value.kind !== 'expression') return literal(BIGINT, otherwise)
  const node = argument.value.value
  const scope: Scope = { fields: [], parent: undefined, named: outer.named }
  const calls = scalarCallsOnly('Table function argument', node)
  refuseSubquery(node)
  const value = analyzeExpression(node, { analysis, scope, lambda: undefined, calls, collector: undefined })
  if (canCoerce(value.type, BIGINT)) return coerce(value, BIGINT)
  throw new QueryError('TYPE_MISMATCH', `Cannot cast type ${formatType(value.type)} to bigint`, { at: argument.at })
}

function refuseSubquery(node: ast.Expression): void {
  if (node.kind !== 'subquery') return
  throw new QueryError('EXPRESSION_NOT_CONSTANT', 'Constant expression cannot contain a subquery', { at: positionOf(node) })
}

function excludeColumns([input, columns]: readonly (Argument | undefined)[], outer: Scope, analysis: Analysis): Relation {
  if (input?.value.kind !== 'table' || columns?.value.kind !== 'descriptor') return unreachable(input as never)
  const relation = analyzeRelation(input.value.relation, outer, analysis)
  const descriptor = columns.value.columns
  const fail = (message: string): never => {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', message)
  }
  if (descriptor === undefined) return fail('COLUMNS descriptor is null')
  if (descriptor.some(({ type }) => type !== undefined)) return fail('COLUMNS descriptor contains types')
  const excluded = new Set(descriptor.map(({ name }) => lower(name.value)))
  const visible = visibleFields(relation.fields)
  const names = new Set(visible.map(({ name }) => lower(name ?? '')))
  const unknown = [...excluded].filter((name) => !names.has(name))
  if (unknown.length > 0) return fail(`Excluded columns: [${unknown.join(', ')}] not present in the table`)
  const kept = visible.filter(({ name }) => !excluded.has(lower(name ?? '')))
  if (kept.length === 0) return fail('All columns are excluded')
  const assignments = [...new Map(kept.map(({ column }) => [column.id, passThrough(column)])).values()]
  return {
    plan: { kind: 'project', input: relation.plan, assignments },
    fields: kept.map((field) => ({ ...field, relation: undefined })),
  }
}
