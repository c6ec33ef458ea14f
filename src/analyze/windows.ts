/** Window specifications: references to named windows, what functions demand of their window, frames. */
import { QueryError } from '#src/common/errors'
import { isAggregate } from '#src/functions/registry'
import { caseBranch, comparison, literal } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import type { ExprKeys } from '#src/logical/expr-key'
import type { Expr } from '#src/logical/expression'
import type { FrameBound, SortKey, WindowFrame } from '#src/logical/plan'
import type * as ast from '#src/sql/ast'
import { isComparable, isInteger, isNumeric } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { BIGINT, type Type } from '#src/types/type'
import type { ExprContext } from './analysis.ts'
import type { Collector } from './collector.ts'
import { analyzeExpression } from './expression.ts'
import { expressionText } from './expression-text.ts'
import { positionOf } from './positions.ts'
import { refuseWindowPattern } from './row-patterns.ts'
import { spelling } from './scope.ts'
import { windowOrder } from './sort-keys.ts'

export interface Specification {
  readonly partitionBy: readonly Expr[]
  readonly orderBy: readonly SortKey[]
  readonly frame: WindowFrame | undefined
}

/** Names of windows match as standard SQL has it: `w` is `"W"` and not `"w"`. */
const canonical = ({ value, quoted }: ast.Identifier): string => (quoted ? value : value.toUpperCase())

/** Takes over the WINDOW clause; later windows may extend earlier ones. @throws DUPLICATE_WINDOW_NAME */
export function defineWindows(windows: ast.Select['windows'], collector: Collector): void {
  for (const { name, window } of windows) {
    const key = canonical(name)
    if (collector.namedWindows.has(key)) {
      throw new QueryError('DUPLICATE_WINDOW_NAME', `WINDOW name '${spelling(name)}' specified more than once`, { at: name.at })
    }
    collector.namedWindows.set(key, resolveWindow(window, collector))
  }
}

/** The whole specification that a call's OVER means. */
export function resolveWindow(over: ast.WindowSpecification | ast.Identifier, collector: Collector): ast.WindowSpecification {
  if (over.kind === 'identifier') return namedWindow(over, collector)
  if (!over.base) return over
  const base = namedWindow(over.base, collector)
  const [partition] = over.partitionBy
  if (partition) {
    const message = 'WINDOW specification with named WINDOW reference cannot specify PARTITION BY'
    throw new QueryError('INVALID_PARTITION_BY', message, { at: positionOf(partition) })
  }
  const [order] = over.orderBy
  if (order && base.orderBy.length > 0) {
    const message = 'Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY'
    throw new QueryError('INVALID_ORDER_BY', message, { at: over.orderByAt ?? order.at })
  }
  if (base.frame) {
    throw new QueryError('INVALID_WINDOW_REFERENCE', 'Cannot reference named WINDOW containing frame specification', { at: over.base.at })
  }
  return {
    ...over,
    base: undefined,
    partitionBy: base.partitionBy,
    orderBy: order ? over.orderBy : base.orderBy,
    orderByAt: order ? over.orderByAt : base.orderByAt,
  }
}

function namedWindow(name: ast.Identifier, collector: Collector): ast.WindowSpecification {
  const window = collector.namedWindows.get(canonical(name))
  if (window) return window
  throw new QueryError('INVALID_WINDOW_REFERENCE', `Cannot resolve WINDOW name ${spelling(name)}`, { at: name.at })
}

const REFUSES_FRAME = new Set(['lead', 'lag', 'ntile', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'row_number'])
const TAKES_NULL_TREATMENT = new Set(['lag', 'lead', 'first_value', 'last_value', 'nth_value'])

/** Rules that depend on the function: order for lag and lead, null treatment, DISTINCT. */
export function checkWindowCall(name: string, node: ast.FunctionCall, window: ast.WindowSpecification, collector: Collector): void {
  if (node.filter) throw new QueryError('NOT_SUPPORTED', 'FILTER is not yet supported for window functions', { at: collector.at })
  if (node.distinct && !isAggregate(name)) {
    const message = `Only aggregation window functions with DISTINCT are supported: ${expressionText(node)}`
    throw new QueryError('NOT_SUPPORTED', message, { at: collector.at })
  }
  if (node.orderBy.length > 0 && !isAggregate(name)) {
    throw new QueryError('NOT_SUPPORTED', 'Only aggregation window functions with ORDER BY are supported', { at: node.at })
  }
  if (node.nulls && !TAKES_NULL_TREATMENT.has(name)) {
    throw new QueryError('NULL_TREATMENT_NOT_ALLOWED', `Cannot specify null treatment clause for ${name} function`, { at: node.at })
  }
  if ((name === 'lag' || name === 'lead') && window.orderBy.length === 0) {
    throw new QueryError('MISSING_ORDER_BY', `${name} function requires an ORDER BY window clause`, { at: node.over?.at })
  }
}

/** Called once the frame itself is known to be right. */
export function checkFrameOf(name: string, window: ast.WindowSpecification): void {
  if (window.frame && REFUSES_FRAME.has(name)) {
    throw new QueryError('INVALID_WINDOW_FRAME', `Cannot specify window frame for ${name} function`, { at: window.frame.at })
  }
}

export function analyzeSpecification(window: ast.WindowSpecification, context: ExprContext): Specification {
  const analyze = (node: ast.Expression): Expr => analyzeExpression(node, contextOf(node, context))
  const partitionBy = window.partitionBy.map((node) => {
    const expr = analyze(node)
    if (isComparable(expr.type)) return expr
    const message = `${formatType(expr.type)} is not comparable, and therefore cannot be used in window function PARTITION BY`
    throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(node) })
  })
  const orderBy = window.orderBy.map((item) => windowOrder(analyze(item.value), item))
  const frame = window.frame && analyzeFrame(window.frame, window, orderBy, context)
  return { partitionBy, orderBy, frame }
}

/** What stands in the WINDOW clause means FROM's columns, also where a call of ORDER BY, which sees the output's first, refers to it. */
function contextOf(node: ast.Expression, context: ExprContext): ExprContext {
  const { parent } = context.scope
  if (!context.outputScope || parent === undefined) return context
  const windows = [...(context.collector?.namedWindows.values() ?? [])]
  const named = windows.some((window) => window.partitionBy.includes(node) || window.orderBy.some(({ value }) => value === node))
  return named ? { ...context, scope: parent, outputScope: false } : context
}

/** Same text = same specification. */
export function specificationKey({ partitionBy, orderBy, frame }: Specification, keys: ExprKeys): string {
  const order = orderBy.map((key) => `${keys(key.value)} ${key.descending} ${key.nullsFirst}`)
  const bound = (side: FrameBound): string => `${side.kind} ${side.value ? keys(side.value) : ''}`
  const framed = frame ? `${frame.unit} ${bound(frame.start)} ${bound(frame.end)} ${frame.exclusion ?? ''}` : ''
  return `${partitionBy.map(keys).join(', ')} | ${order.join(', ')} | ${framed}`
}

function analyzeFrame(
  frame: ast.WindowFrame,
  window: ast.WindowSpecification,
  orderBy: readonly SortKey[],
  context: ExprContext,
): WindowFrame {
  if (frame.pattern) refuseWindowPattern(frame.pattern, frame.at)
  const end: ast.FrameBound = frame.end ?? { kind: 'current row', value: undefined, at: frame.at }
  checkBounds(frame.start.kind, end.kind, frame)
  const bound = (side: ast.FrameBound, name: string): FrameBound => {
    if (!side.value) return { kind: side.kind, value: undefined }
    if (frame.unit === 'range') return { kind: side.kind, value: rangeOffset(side.value, window, orderBy, context) }
    if (frame.unit === 'groups' && orderBy.length === 0) {
      throw new QueryError('MISSING_ORDER_BY', 'Window frame of type GROUPS PRECEDING or FOLLOWING requires ORDER BY', { at: window.at })
    }
    return { kind: side.kind, value: rowOffset(side.value, `Window frame ${frame.unit.toUpperCase()} ${name} value`, context) }
  }
  const start = bound(frame.start, 'start')
  const exclusion = frame.exclusion === 'no others' ? undefined : frame.exclusion
  return { unit: frame.unit, start, end: bound(end, 'end'), exclusion }
}

function checkBounds(start: ast.FrameBound['kind'], end: ast.FrameBound['kind'], frame: ast.WindowFrame): void {
  const fail = (message: string): never => {
    throw new QueryError('INVALID_WINDOW_FRAME', message, { at: frame.at })
  }
  if (start === 'unbounded following') fail('Window frame start cannot be UNBOUNDED FOLLOWING')
  if (end === 'unbounded preceding') fail('Window frame end cannot be UNBOUNDED PRECEDING')
  if (start === 'current row' && end === 'preceding') fail('Window frame starting from CURRENT ROW cannot end with PRECEDING')
  if (start === 'following' && end === 'preceding') fail('Window frame starting from FOLLOWING cannot end with PRECEDING')
  if (start === 'following' && end === 'current row') fail('Window frame starting from FOLLOWING cannot end with CURRENT ROW')
}

const MOST_ROWS = 2n ** 62n

function rowOffset(node: ast.Expression, what: string, context: ExprContext): Expr {
  const value = analyzeExpression(node, context)
  const exact = isInteger(value.type) || (value.type.kind === 'decimal' && value.type.scale === 0)
  if (!exact) {
    const message = `${what} type must be exact numeric type with scale 0 (actual ${formatType(value.type)})`
    throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(node) })
  }
  if (value.type.kind !== 'decimal') return coerce(value, BIGINT)
  // What is no bigint is farther than any row.
  const rows: Expr = { kind: 'cast', type: BIGINT, value, safe: true, at: positionOf(node) }
  const far: Expr = {
    kind: 'case',
    type: BIGINT,
    operand: undefined,
    whens: [caseBranch(comparison('>', value, literal(value.type, 0n)), literal(BIGINT, MOST_ROWS))],
    otherwise: literal(BIGINT, null),
  }
  return value.type.precision < 19 ? rows : { kind: 'coalesce', type: BIGINT, args: [rows, far] }
}

const isMoment = (type: Type): boolean =>
  type.kind === 'date' ||
  type.kind === 'time' ||
  type.kind === 'time with time zone' ||
  type.kind === 'timestamp' ||
  type.kind === 'timestamp with time zone'
const isInterval = (type: Type): boolean => type.kind === 'interval day to second' || type.kind === 'interval year to month'

function rangeOffset(node: ast.Expression, window: ast.WindowSpecification, orderBy: readonly SortKey[], context: ExprContext): Expr {
  const what = 'Window frame of type RANGE PRECEDING or FOLLOWING requires'
  const [key, ...more] = orderBy
  const [item] = window.orderBy
  if (!key || !item) throw new QueryError('MISSING_ORDER_BY', `${what} ORDER BY`, { at: window.at })
  if (more.length > 0) {
    throw new QueryError('INVALID_ORDER_BY', `${what} single sort item in ORDER BY (actual: ${orderBy.length})`, {
      at: window.orderByAt ?? item.at,
    })
  }
  const { type } = key.value
  if (!isNumeric(type) && !isMoment(type) && !isInterval(type)) {
    const message = `${what} that sort item type be numeric, datetime or interval (actual: ${formatType(type)})`
    throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(item.value) })
  }
  const value = analyzeExpression(node, context)
  const months = value.type.kind === 'interval year to month' && (type.kind === 'time' || type.kind === 'time with time zone')
  const fits = isNumeric(type) ? isNumeric(value.type) : isMoment(type) ? isInterval(value.type) && !months : value.type.kind === type.kind
  if (!fits) {
    const message = `Window frame RANGE value type (${formatType(value.type)}) not compatible with sort item type (${formatType(type)})`
    throw new QueryError('TYPE_MISMATCH', message, { at: positionOf(node) })
  }
  return value
}
