/** JSON texts of rows in one form: the same value is the same text, and no digit of a number is lost. */

/**
 * The elements of the array member `member` of a JSON document. Integers keep their digits, other numbers are written as
 * JavaScript does (a whole one beyond 2^53 with an exponent), -0.0 as such, the members of objects (maps) in the order of their texts.
 */
export function canonicalJson(document: string, member: string): readonly string[] {
  const parsed = parseNumbers(document) as Record<string, readonly unknown[]>
  return (parsed[member] ?? []).map(canonical)
}

class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

function parseNumbers(document: string): unknown {
  return JSON.parse(document, (_key, value, context?: { readonly source?: string }) =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value,
  )
}

function canonical(value: unknown): string {
  if (value instanceof NumberText) return numberText(value.text)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).map(([key, of]) => `${JSON.stringify(key)}:${canonical(of)}`)
  return `{${members.sort().join(',')}}`
}

function numberText(text: string): string {
  if (/^-?\d+$/.test(text)) return text
  const value = Number(text)
  if (Object.is(value, -0)) return '-0.0'
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value)
}

/** Whether two rows are equal but for doubles that differ by at most `tolerance` of their size. */
export function nearlyEqual(one: string, other: string, tolerance: number): boolean {
  const close = (a: unknown, b: unknown): boolean => {
    if (a instanceof NumberText && b instanceof NumberText) {
      const [x, y] = [Number(a.text), Number(b.text)]
      return a.text === b.text || Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y), 1e-6)
    }
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
    const [left, right] = [Object.entries(a), Object.entries(b)]
    return left.length === right.length && left.every(([key, value], index) => key === right[index]?.[0] && close(value, right[index]?.[1]))
  }
  if (!one.startsWith('[') || !other.startsWith('[')) return false
  return close(parseNumbers(one), parseNumbers(other))
}
