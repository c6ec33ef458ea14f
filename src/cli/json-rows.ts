/** JSON values of results as text, without losing what a JavaScript number cannot hold. */

/** A JSON number kept as it was written. */
export class JsonNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toJSON(): number {
    return Number(this.text)
  }
}

/** JSON.parse that keeps every number's own digits. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, ((_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? new JsonNumber(context.source) : value) as (
    key: string,
    value: unknown,
  ) => unknown)
}

/** JSON text of a value that parseExactJson gave, with the numbers' own digits. */
export function exactJson(value: unknown): string {
  if (value instanceof JsonNumber) return value.text
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${exactJson(item)}`)
      .join(',')}}`
  }
  return JSON.stringify(value)
}

/** A cell for people: text bare, NULL as 'NULL', nested values as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return value
  return exactJson(value)
}
