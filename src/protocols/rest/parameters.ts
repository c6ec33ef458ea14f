/** Parameters of `POST /api/v1/sql` as typed literals (CONTRACT: null, boolean, string, integer, number, or {type, value}). */
import { QueryError } from '#src/common/errors'
import type { TypedParameter } from '#src/query/query'
import { parseType } from '#src/types/format'
import { parseLiteral } from '#src/types/literal'
import { BIGINT, BOOLEAN, DOUBLE, INTEGER, UNKNOWN, varchar } from '#src/types/type'

export type JsonParameter = null | boolean | string | number | { readonly type: string; readonly value: string | number | boolean | null }

const MAX_INTEGER = 2_147_483_647

/** Throws INVALID_PARAMETER_USAGE naming the parameter (counted from 1) when a typed value does not fit its type. */
export function typedParameters(parameters: readonly JsonParameter[]): TypedParameter[] {
  return parameters.map((parameter, index) => {
    if (parameter === null) return { type: UNKNOWN, value: null }
    if (typeof parameter === 'boolean') return { type: BOOLEAN, value: parameter }
    if (typeof parameter === 'string') return { type: varchar([...wellFormed(parameter, index)].length), value: parameter }
    if (typeof parameter === 'number') {
      if (!Number.isInteger(parameter)) return { type: DOUBLE, value: parameter }
      return { type: parameter > MAX_INTEGER || parameter < -MAX_INTEGER - 1 ? BIGINT : INTEGER, value: BigInt(parameter) }
    }
    return typedParameter(parameter.type, parameter.value, index)
  })
}

function typedParameter(typeText: string, value: string | number | boolean | null, index: number): TypedParameter {
  try {
    const type = parseType(typeText)
    return { type, value: value === null ? null : parseLiteral(wellFormed(String(value), index), type) }
  } catch (error) {
    if (error instanceof QueryError && error.errorName === 'INVALID_PARAMETER_USAGE') throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new QueryError('INVALID_PARAMETER_USAGE', `Parameter ${index + 1}: ${why}`, { cause: error })
  }
}

/** JSON can escape half a surrogate pair, which is no text. */
function wellFormed(text: string, index: number): string {
  if (text.isWellFormed()) return text
  throw new QueryError('INVALID_PARAMETER_USAGE', `Parameter ${index + 1}: a surrogate stands alone, which is no valid text`)
}

/**
 * JSON.parse that loses nothing of the parameters' numbers: in arrays integers beyond 2^53 become bigint literals, and
 * `1.0` or `1e3` stay doubles; as a typed `value` a number that is no safe integer becomes its text. Throws SyntaxError as
 * JSON.parse does.
 */
export function parseSqlBody(text: string): unknown {
  return JSON.parse(text, function (this: unknown, key: string, value: unknown, context?: { readonly source?: string }) {
    if (typeof value !== 'number' || context?.source === undefined) return value
    if (!Array.isArray(this)) return key === 'value' && !Number.isSafeInteger(value) ? context.source : value
    if (/[.eE]/.test(context.source)) return Number.isInteger(value) ? { type: 'double', value: context.source } : value
    return Number.isSafeInteger(value) ? value : { type: 'bigint', value: context.source }
  } as (this: unknown, key: string, value: unknown) => unknown)
}
