/**
 * Pieces of SQL that forms call by name, so that printed queries stay short. The kernel creates them once at its start.
 *
 * A macro that raises has two twins. The one with the prefix `try_` gives NULL instead: TRY_CAST and simple TRYs print it.
 * The one with the prefix `pure_` raises by weir_error: the kernel's own TRY refuses error(), which it takes to be random.
 */
import { guardRaisingLambdas } from '../guard-calls.ts'

export interface Macro {
  readonly name: string
  readonly parameters: readonly string[]
  readonly body: string
}

/** `weir_half(x) := x / 2`. */
export function macro(text: string): Macro {
  const match = /^(\w+)\(([^)]*)\) := ([\s\S]+)$/.exec(text.trim())
  if (match === null) throw new TypeError(`Malformed macro: ${text}`)
  const [, name = '', parameters = '', body = ''] = match
  return { name, parameters: parameters.split(',').map((part) => part.trim()), body: body.trim() }
}

/** The macros and the twins of those that raise, in an order that creates each before its users. */
export function withTwins(macros: readonly Macro[]): readonly Macro[] {
  const raising = new Set<string>()
  const all: Macro[] = [NULL_MACRO, ERROR_MACRO]
  for (const item of macros) {
    all.push(item)
    if (!/\berror\(/.test(item.body) && !callsOneOf(item.body, raising)) continue
    raising.add(item.name)
    all.push({ ...item, name: `try_${item.name}`, body: giveNull(item.body, raising) })
    all.push({ ...item, name: `pure_${item.name}`, body: raisePurely(item.body, raising) })
  }
  return all
}

/** Stands for error() in the twins. */
const NULL_MACRO: Macro = { name: 'weir_null', parameters: ['message'], body: 'NULL' }

/**
 * Raises like error(), and may stand inside the kernel's TRY. Its type is that of NULL, which it takes from the field of a
 * struct: the condition of a CASE would be computed when the query is planned.
 */
const ERROR_MACRO: Macro = {
  name: 'weir_error',
  parameters: ['message'],
  body: '(struct_pack(given := NULL, raised := weir_raise(message))).given',
}

function callsOneOf(body: string, names: ReadonlySet<string>): boolean {
  return (body.match(/\bweir_\w+/g) ?? []).some((name) => names.has(name))
}

/** The same SQL with NULL where it would raise. Texts in quotes are left alone. */
export function giveNull(sql: string, raising: ReadonlySet<string>): string {
  return withTwinCalls(sql, raising, 'weir_null(', 'try_')
}

/** The same SQL as the kernel's TRY takes it. `raising` are macros; functions in JavaScript raise purely. */
export function raisePurely(sql: string, raising: ReadonlySet<string>): string {
  return withTwinCalls(sql, raising, 'weir_error(', 'pure_')
}

function withTwinCalls(sql: string, raising: ReadonlySet<string>, error: string, prefix: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\berror\(|\bweir_\w+/g, (token) => {
    if (token === 'error(') return error
    return raising.has(token) ? `${prefix}${token}` : token
  })
}

export function createMacro({ name, parameters, body }: Macro): string {
  // The twins stand inside TRY, which takes nothing volatile.
  const guarded = /^(?:try|pure)_/.test(name) ? body : guardRaisingLambdas(body)
  return `CREATE MACRO ${name}(${parameters.join(', ')}) AS (${guarded})`
}
