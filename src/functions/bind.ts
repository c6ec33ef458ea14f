/** Chooses the signature that a call means. */
import { type Position, QueryError } from '#src/common/errors'
import { commonSuperType, isComparable, isOrderable } from '#src/types/coercion'
import { formatType, sameType } from '#src/types/format'
import type { Type } from '#src/types/type'
import type { FunctionDefinition } from './definition.ts'
import type { BoundFunction, BoundScalar } from './function.ts'
import { nearestNames } from './nearest.ts'
import { OPERATORS, type OperatorName } from './operators.ts'
import { definitionsOf, functionNames } from './registry.ts'
import { type ArgumentType, type BoundSignature, bindSignature } from './signature.ts'

interface Candidate {
  readonly definition: FunctionDefinition
  readonly bound: BoundSignature
}

/**
 * Resolves a call by name: a signature that fits as it is, else the most specific one that fits after implicit
 * conversions. The result's `argumentTypes` are what the arguments must be cast to.
 * @param name case-insensitive
 * @throws FUNCTION_NOT_FOUND for an unknown name or no fitting signature, AMBIGUOUS_FUNCTION_CALL, NOT_SUPPORTED for a function of Trino
 *   that needs what is not there
 */
export function bindFunction(name: string, args: readonly ArgumentType[], at?: Position): BoundFunction {
  return bindAmong(name, definitionsOf(name.toLowerCase()), args, at)
}

/** As bindFunction, among these definitions. */
export function bindAmong(
  name: string,
  candidates: readonly FunctionDefinition[],
  args: readonly ArgumentType[],
  at: Position | undefined,
): BoundFunction {
  const lower = name.toLowerCase()
  if (candidates.length === 0) {
    const needs = MISSING_SUBSYSTEMS.get(lower)
    if (needs !== undefined) throw new QueryError('NOT_SUPPORTED', `Function '${lower}' is not supported: it needs ${needs}`, { at })
    const near = nearestNames(lower, functionNames())
    throw new QueryError('FUNCTION_NOT_FOUND', `Function '${lower}' not registered`, {
      at,
      hint: near.length === 0 ? undefined : `Did you mean ${near.join(', ')}?`,
    })
  }
  const chosen = choose(candidates, args, at)
  if (chosen === undefined) throw new QueryError('FUNCTION_NOT_FOUND', unexpectedParameters(lower, args, candidates), { at })
  try {
    return toBound(chosen)
  } catch (error) {
    // A result of a type that there is not, such as char(65537).
    if (!(error instanceof QueryError) || error.errorName !== 'TYPE_NOT_FOUND') throw error
    throw new QueryError(error.errorName, error.message, { at })
  }
}

const refused = (needs: string, names: string): [string, string][] => names.split(' ').map((name) => [name, needs])

/** Functions of Trino that are refused by name, with what they would need. */
const MISSING_SUBSYSTEMS: ReadonlyMap<string, string> = new Map([
  ...refused('terminal colors', 'bar color render rgb'),
  ...refused('HyperLogLog sketches', 'approx_set empty_approx_set merge'),
  ...refused('quantile digests', 'qdigest_agg quantile_at_value tdigest_agg value_at_quantile values_at_quantiles'),
  ...refused('set digests', 'hash_counts intersection_cardinality jaccard_index make_set_digest merge_set_digest'),
  ...refused('times finer than microseconds', 'from_iso8601_timestamp_nanos from_unixtime_nanos'),
  ...refused(
    'machine learning',
    'classify features learn_classifier learn_libsvm_classifier learn_libsvm_regressor learn_regressor regress',
  ),
  ...refused('Teradata compatibility', 'char2hexint index to_char to_date to_timestamp'),
  ...refused(
    'geospatial types',
    'bing_tile bing_tile_at bing_tile_coordinates bing_tile_polygon bing_tile_quadkey bing_tile_zoom_level bing_tiles_around from_encoded_polyline from_geojson_geometry geometry_from_hadoop_shape geometry_invalid_reason geometry_nearest_points geometry_to_bing_tiles geometry_union geometry_union_agg convex_hull_agg great_circle_distance line_interpolate_point line_interpolate_points line_locate_point simplify_geometry spatial_partitioning spatial_partitions st_area st_asbinary st_astext st_boundary st_buffer st_centroid st_contains st_convexhull st_coorddim st_crosses st_difference st_dimension st_disjoint st_distance st_endpoint st_envelope st_envelopeaspts st_equals st_exteriorring st_geometries st_geometryfromtext st_geometryn st_geometrytype st_geomfrombinary st_geomfromkml st_interiorringn st_interiorrings st_intersection st_intersects st_isclosed st_isempty st_isring st_issimple st_isvalid st_length st_linefromtext st_linestring st_multipoint st_numgeometries st_numinteriorring st_numpoints st_overlaps st_point st_pointn st_points st_polygon st_relate st_startpoint st_symdifference st_touches st_union st_within st_x st_xmax st_xmin st_y st_ymax st_ymin to_encoded_polyline to_geojson_geometry to_geometry to_spherical_geography',
  ),
])

/** Comparison operators whose operands need an order, besides equality. */
const ORDER_OPERATORS = new Set(['<', '<=', '>', '>='])

const OPERATOR_SYMBOLS: Readonly<Record<OperatorName, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulus: '%',
  negate: '-',
  subscript: '[]',
}

/**
 * Resolves an arithmetic operator or a subscript.
 * @throws TYPE_MISMATCH `Cannot apply operator: date + integer`
 */
export function bindOperator(operator: OperatorName, args: readonly Type[], at?: Position): BoundScalar {
  // Trino tells no place of an operator that NULLs make ambiguous.
  const chosen = choose(OPERATORS.get(operator) ?? [], args, undefined)
  if (chosen === undefined) {
    const texts = args.map(formatType)
    const symbol = OPERATOR_SYMBOLS[operator]
    const call = operator === 'negate' ? `-${texts[0]}` : operator === 'subscript' ? `${texts[0]}[${texts[1]}]` : texts.join(` ${symbol} `)
    throw new QueryError('TYPE_MISMATCH', `Cannot apply operator: ${call}`, { at })
  }
  return toBound(chosen) as BoundScalar
}

/**
 * The type in which two values are compared.
 * @param operator as written: =, <>, <, <=, >, >=, IS DISTINCT FROM, BETWEEN …
 * @throws TYPE_MISMATCH `Cannot apply operator: varchar(1) = integer`
 */
export function comparisonType(operator: string, left: Type, right: Type, at?: Position): Type {
  const common = commonSuperType(left, right)
  const defined = common !== undefined && (ORDER_OPERATORS.has(operator) ? isOrderable(common) : isComparable(common))
  if (!defined) {
    throw new QueryError('TYPE_MISMATCH', `Cannot apply operator: ${formatType(left)} ${operator} ${formatType(right)}`, { at })
  }
  return common
}

function choose(candidates: readonly FunctionDefinition[], args: readonly ArgumentType[], at: Position | undefined): Candidate | undefined {
  for (const generic of [false, true]) {
    const exact = applicable(
      candidates.filter((definition) => definition.signature.generic === generic),
      args,
      false,
    )
    if (exact.length > 0) return only(exact, at)
  }
  const coerced = mostSpecific(applicable(candidates, args, true), args)
  if (coerced.length <= 1) return coerced[0]
  const hasNull = args.some((arg) => arg.kind === 'unknown')
  if (hasNull) {
    const onlyNulls = coerced.filter(({ bound }) =>
      args.every((arg, index) => arg.kind === 'unknown' || arg.kind === 'lambda' || sameType(arg, bound.arguments[index] as Type)),
    )
    const remaining = onlyNulls.length > 0 ? onlyNulls : coerced
    const results = new Set(remaining.map(({ bound }) => formatType(bound.result)))
    if (
      remaining.length === 1 ||
      (results.size === 1 && remaining.every(({ definition }) => definition.strict || definition.kind !== 'scalar'))
    ) {
      return remaining[0]
    }
    return only(remaining, at)
  }
  return only(coerced, at)
}

function applicable(candidates: readonly FunctionDefinition[], args: readonly ArgumentType[], coerce: boolean): Candidate[] {
  return candidates.flatMap((definition) => {
    const bound = bindSignature(definition.signature, args, coerce)
    return bound === undefined ? [] : [{ definition, bound }]
  })
}

/** Those that no other candidate undercuts: one is more specific when its bound arguments also fit the other's signature. */
function mostSpecific(candidates: readonly Candidate[], args: readonly ArgumentType[]): Candidate[] {
  const fits = (from: Candidate, to: Candidate) =>
    bindSignature(
      to.definition.signature,
      from.bound.arguments.map((type, index) => (type.kind === 'function' ? (args[index] as ArgumentType) : type)),
      true,
    ) !== undefined
  return candidates.filter(
    (candidate) => !candidates.some((other) => other !== candidate && fits(other, candidate) && !fits(candidate, other)),
  )
}

function only(candidates: readonly Candidate[], at: Position | undefined): Candidate {
  if (candidates.length === 1) return candidates[0] as Candidate
  const lines = candidates.map(
    ({ definition, bound }) => `\t * ${definition.name}(${bound.arguments.map(formatType).join(',')}):${formatType(bound.result)}`,
  )
  throw new QueryError(
    'AMBIGUOUS_FUNCTION_CALL',
    `Could not choose a best candidate operator. Explicit type casts must be added.\nCandidates are:\n${lines.join('\n')}`,
    { at },
  )
}

function toBound({ definition, bound }: Candidate): BoundFunction {
  return {
    name: definition.name,
    kind: definition.kind,
    argumentTypes: bound.arguments,
    type: definition.resultType === undefined ? bound.result : definition.resultType(bound.arguments),
    deterministic: definition.deterministic,
    strict: definition.strict,
    form: definition.form,
  } as BoundFunction
}

function unexpectedParameters(name: string, args: readonly ArgumentType[], candidates: readonly FunctionDefinition[]): string {
  const actual = args.map((arg) => (arg.kind === 'lambda' ? '<function>' : formatType(arg))).join(', ')
  const expected = [...new Set(candidates.map(describe))].sort().join(', ')
  return `Unexpected parameters (${actual}) for function ${name}. Expected: ${expected}`
}

/** `concat(char(x), char(y))`, with ` T:comparable` behind it for each constrained variable. */
function describe({ name, signature }: FunctionDefinition): string {
  const constraints = [...signature.constraints].map(([variable, constraint]) => `${variable}:${constraint}`)
  const parameters = signature.variadic ? `${signature.parameterTexts.join(', ')}...` : signature.parameterTexts.join(', ')
  return `${name}(${parameters})${constraints.length === 0 ? '' : ` ${constraints.join(', ')}`}`
}
