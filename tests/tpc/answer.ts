/** Answers of different engines in one form, so that equal values are equal texts. */

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

/** JSON whose numbers stay as they are written: no digit of a bigint or a double is lost. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, (_key, value, context?: { readonly source?: string }) =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value,
  )
}

class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/**
 * One text a row. Decimals and integers are compared digit by digit without trailing zeros, doubles to 9 digits (engines
 * add them up in different orders), char without its padding.
 */
export function canonicalRows(answer: Answer, columns?: readonly number[]): readonly string[] {
  const taken = columns ?? answer.columns.map((_, index) => index)
  return answer.rows.map((row) => JSON.stringify(taken.map((index) => canonicalValue(row[index], answer.columns[index]?.type ?? ''))))
}

function canonicalValue(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null
  const text = String(value)
  if (/^(double|real|float)$/i.test(type)) return canonicalDouble(Number(text))
  if (/^(decimal|bigint|integer|smallint|tinyint|hugeint)/i.test(type)) return canonicalDecimal(text)
  return /^char/i.test(type) || /^varchar/i.test(type) ? text.replace(/ +$/, '') : text
}

function canonicalDecimal(text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Error(`Not a decimal: ${text}`)
  return text.includes('.') ? text.replace(/\.?0+$/, '').replace(/^-0$/, '0') : text
}

function canonicalDouble(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : String(value)
}

/** The answer with its numbers as texts, which JSON keeps to the last digit. */
export function plainNumbers(answer: Answer): Answer {
  return { columns: answer.columns, rows: answer.rows.map((row) => row.map((value) => (value instanceof NumberText ? value.text : value))) }
}
