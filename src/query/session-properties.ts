/** Session properties: those that act, with their defaults; every other name is refused, as a typing error would be. */
import { CATALOG_NAME } from '#catalog/catalog'
import { type Position, QueryError } from '#src/common/errors'

/** What the properties of a session mean for one statement. */
export interface SessionLimits {
  readonly timeoutMs: number | undefined
  readonly maxBytes: number | undefined
}

interface SessionProperty {
  readonly type: 'varchar' | 'boolean' | 'integer'
  readonly description: string
  /** '' = none */
  readonly default?: string
  readonly limits: (value: number) => Partial<SessionLimits>
  readonly parse: (text: string) => number | undefined
}

const DURATION_UNITS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40, PB: 2 ** 50 }

/** `2s`, `1.5 m`: a number and a unit (airlift's Duration and DataSize); undefined when it is no such text. */
function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*$/.exec(text)
  if (match === null || !Object.hasOwn(units, match[2] as string)) return undefined
  return Number(match[1]) * (units[match[2] as string] as number)
}

const duration = (text: string): number | undefined => quantity(text, DURATION_UNITS)
const timeLimit = (description: string): SessionProperty => ({
  type: 'varchar',
  description,
  parse: duration,
  // A limit below a millisecond is still a limit.
  limits: (value) => ({ timeoutMs: Math.max(1, Math.round(value)) }),
})

/** The key under which a statement that writes is run once. */
export const IDEMPOTENCY_PROPERTY = 'idempotency_key'
const LONGEST_KEY = 255

const truth = (text: string): number | undefined => ({ true: 1, false: 0 })[text.toLowerCase()]

/** On unless a session says otherwise. */
const feature = (description: string): SessionProperty => ({
  type: 'boolean',
  description,
  default: 'true',
  parse: truth,
  limits: () => ({}),
})

/** What a query does beside computing its rows; none of it changes a row. */
export const DYNAMIC_FILTERING_PROPERTY = 'enable_dynamic_filtering'
export const REUSE_PROPERTY = 'reuse_results'

/** Whether a boolean property of this name is on. */
export function isEnabled(properties: ReadonlyMap<string, string>, name: string): boolean {
  return truth(properties.get(name) ?? PROPERTIES[name]?.default ?? '') === 1
}

const RECURSION_PROPERTY = 'max_recursion_depth'

/** As Trino's Hive connector has it. */
const EXISTING_PARTITIONS_PROPERTY = `${CATALOG_NAME}.insert_existing_partitions_behavior`
const EXISTING_PARTITIONS = ['APPEND', 'OVERWRITE']

/** Whether INSERT INTO replaces the partitions that its rows are for. Tables without keys are only added to, as in Trino. */
export function overwritesPartitions(properties: ReadonlyMap<string, string> | undefined): boolean {
  return properties?.get(EXISTING_PARTITIONS_PROPERTY)?.toUpperCase() === 'OVERWRITE'
}

/** How many steps of a recursive query may give rows. */
export function maxRecursionDepth(properties: ReadonlyMap<string, string>): number {
  return Number(properties.get(RECURSION_PROPERTY) ?? PROPERTIES[RECURSION_PROPERTY]?.default)
}

const PROPERTIES: Readonly<Record<string, SessionProperty>> = {
  [DYNAMIC_FILTERING_PROPERTY]: feature('Let what the small side of a join holds prune the partitions and row groups of the other side'),
  [REUSE_PROPERTY]: feature('Answer a query with the rows of an earlier one over the same objects'),
  [IDEMPOTENCY_PROPERTY]: {
    type: 'varchar',
    description: 'A statement that writes is run once under the same key; sent again it is told the first outcome',
    parse: (text) => (text.length <= LONGEST_KEY ? text.length : undefined),
    limits: () => ({}),
  },
  [RECURSION_PROPERTY]: {
    type: 'integer',
    description: 'Maximum number of steps of a recursive query that give rows',
    default: '10',
    parse: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
    limits: () => ({}),
  },
  [EXISTING_PARTITIONS_PROPERTY]: {
    type: 'varchar',
    description: 'What INSERT INTO does to existing partitions of a table: APPEND or OVERWRITE',
    default: 'APPEND',
    parse: (text) => (EXISTING_PARTITIONS.includes(text.toUpperCase()) ? EXISTING_PARTITIONS.indexOf(text.toUpperCase()) : undefined),
    limits: () => ({}),
  },
  query_max_execution_time: timeLimit('Maximum time that a query may take, as query_max_run_time'),
  query_max_run_time: timeLimit('Maximum time from the arrival of a query to its end, waiting included'),
  query_max_scan_physical_bytes: {
    type: 'varchar',
    description: 'Maximum bytes of objects that a query may read',
    parse: (text) => quantity(text, SIZE_UNITS),
    limits: (value) => ({ maxBytes: Math.round(value) }),
  },
}

/** Set by SET TIME ZONE; it travels with the properties, but only that statement names it. */
export const TIME_ZONE_PROPERTY = 'time_zone_id'

/** @throws INVALID_SESSION_PROPERTY for a name that is none or a value that does not fit */
export function checkSessionProperty(name: string, value: string, at?: Position): void {
  limitsOf(name, value, at)
}

/** Undefined when there is no such property. */
export function sessionPropertyType(name: string): SessionProperty['type'] | undefined {
  return Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name]?.type : undefined
}

/**
 * The smallest limit of each sort.
 * @throws INVALID_SESSION_PROPERTY for a name that is none or a value that does not fit
 */
export function sessionLimits(properties: ReadonlyMap<string, string>): SessionLimits {
  let limits: SessionLimits = { timeoutMs: undefined, maxBytes: undefined }
  for (const [name, value] of properties) {
    if (name === TIME_ZONE_PROPERTY) continue
    limits = stricter(limits, limitsOf(name, value))
  }
  return limits
}

/** The smaller limit of each sort. */
export function stricter(a: SessionLimits, b: Partial<SessionLimits>): SessionLimits {
  return { timeoutMs: least(a.timeoutMs, b.timeoutMs), maxBytes: least(a.maxBytes, b.maxBytes) }
}

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b)

function limitsOf(name: string, value: string, at?: Position): Partial<SessionLimits> {
  const property = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined
  if (property === undefined) throw new QueryError('INVALID_SESSION_PROPERTY', `Session property '${name}' does not exist`)
  const parsed = property.parse(value)
  if (parsed === undefined)
    throw new QueryError('INVALID_SESSION_PROPERTY', `Value '${value}' of session property '${name}' is not valid`, { at })
  return property.limits(parsed)
}

export interface SessionPropertyRow {
  readonly name: string
  readonly value: string
  readonly default: string
  readonly type: string
  readonly description: string
}

/** What SHOW SESSION lists; no limit by default. */
export function listSessionProperties(properties: ReadonlyMap<string, string>): readonly SessionPropertyRow[] {
  return Object.entries(PROPERTIES).map(([name, { type, description, default: preset = '' }]) => ({
    name,
    value: properties.get(name) ?? preset,
    default: preset,
    type,
    description,
  }))
}
