/** Session properties as statements name and set them: SET SESSION, RESET SESSION and WITH SESSION. */
import type { AnalysisContext } from '#src/analyze/context'
import { expressionText } from '#src/analyze/expression-text'
import { positionOf } from '#src/analyze/positions'
import { type Position, QueryError } from '#src/common/errors'
import type { Expression, QualifiedName, QueryStatement } from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { normalizeZone } from '#src/types/zone'
import { constantOf } from './prepared-statements.ts'
import type { StatementSession, TypedParameter } from './query.ts'
import { checkSessionProperty, sessionPropertyType, TIME_ZONE_PROPERTY } from './session-properties.ts'
import { hasCatalog } from './table-lookup.ts'

/**
 * The name, in lower case. `nameAt` is told for a name that can be none, `at` for one that is unknown.
 * @throws INVALID_SESSION_PROPERTY when there is no such property, CATALOG_NOT_FOUND when it is one of no catalog
 */
export function propertyName({ parts }: QualifiedName, at: Position, nameAt: Position | undefined): string {
  const name = parts.map((part) => part.value.toLowerCase()).join('.')
  if (name === TIME_ZONE_PROPERTY || sessionPropertyType(name) !== undefined) return name
  if (parts.length > 2) throw new QueryError('INVALID_SESSION_PROPERTY', `Invalid session property '${name}'`, { at: nameAt })
  const catalog = parts.length === 2 ? parts[0]?.value.toLowerCase() : undefined
  if (catalog !== undefined && !hasCatalog(catalog)) throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${catalog}' not found`, { at })
  throw new QueryError('INVALID_SESSION_PROPERTY', `Session property '${name}' does not exist`, { at })
}

/**
 * A property's value as text. An expression of another type has no position in its error, a value that does not fit has: as in Trino.
 * @throws INVALID_SESSION_PROPERTY
 */
export function propertyValue(name: string, value: Expression, analysis: AnalysisContext['session']): string {
  const type = name === TIME_ZONE_PROPERTY ? 'varchar' : sessionPropertyType(name)
  const unable = (problem: string): QueryError =>
    new QueryError('INVALID_SESSION_PROPERTY', `Unable to set session property '${name}' to '${expressionText(value)}': ${problem}`)
  const constant = constantValue(value, analysis, unable)
  if (constant === undefined) throw unable('it is no constant')
  if (constant.value === null) throw unable('Session property value must not be null')
  if (constant.type.kind !== type) throw unable(`Cannot cast type ${formatType(constant.type)} to ${type}`)
  const text = String(constant.value)
  const at = positionOf(value)
  if (name !== TIME_ZONE_PROPERTY) checkSessionProperty(name, text, at)
  else if (normalizeZone(text) === undefined)
    throw new QueryError('INVALID_SESSION_PROPERTY', text === '' ? 'Zone id is an empty string' : `Time zone not supported: ${text}`, {
      at,
    })
  return text
}

function constantValue(
  value: Expression,
  analysis: AnalysisContext['session'],
  unable: (problem: string) => QueryError,
): TypedParameter | undefined {
  try {
    return constantOf(value, analysis)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    throw unable(error.message)
  }
}

/** WITH SESSION's properties, each set once; undefined when there are none. @throws INVALID_SESSION_PROPERTY, CATALOG_NOT_FOUND */
export function statementSession(settings: QueryStatement['session'], analysis: AnalysisContext['session']): StatementSession | undefined {
  if (settings.length === 0) return undefined
  const properties = new Map<string, string>()
  for (const { name: given, value } of settings) {
    const name = propertyName(given, positionOf(value), given.at)
    if (properties.has(name)) throw new QueryError('INVALID_SESSION_PROPERTY', `Session property '${name}' already set`, { at: given.at })
    properties.set(name, propertyValue(name, value, analysis))
  }
  const zone = properties.get(TIME_ZONE_PROPERTY)
  return { properties, zone: zone === undefined ? undefined : normalizeZone(zone) }
}
