/**
 * Pieces of SQL that forms call by name, so that printed queries stay short. The kernel creates them once at its start.
 *
 * A macro that raises has a twin with the prefix `try_` that gives NULL instead: TRY(…) and TRY_CAST print the twins.
 * The kernel's own TRY cannot do it, since it refuses error().
 */

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
  const all: Macro[] = [NULL_MACRO]
  for (const item of macros) {
    all.push(item)
    if (!/\berror\(/.test(item.body) && !callsOneOf(item.body, raising)) continue
    raising.add(item.name)
    all.push({ ...item, name: `try_${item.name}`, body: giveNull(item.body, raising) })
  }
  return all
}

/** Stands for error() in the twins. */
const NULL_MACRO: Macro = { name: 'weir_null', parameters: ['message'], body: 'NULL' }

function callsOneOf(body: string, names: ReadonlySet<string>): boolean {
  return (body.match(/\bweir_\w+/g) ?? []).some((name) => names.has(name))
}

/** The same SQL with NULL where it would raise. Texts in quotes are left alone. */
export function giveNull(sql: string, raising: ReadonlySet<string>): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\berror\(|\bweir_\w+/g, (token) => {
    if (token === 'error(') return 'weir_null('
    return raising.has(token) ? `try_${token}` : token
  })
}

export function createMacro({ name, parameters, body }: Macro): string {
  return `CREATE MACRO ${name}(${parameters.join(', ')}) AS (${body})`
}
