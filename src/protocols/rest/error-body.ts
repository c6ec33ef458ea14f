import type { QueryError } from '#src/common/errors'

/** The error document of the HTTP contract. */
export interface ErrorBody {
  readonly name: string
  readonly code: number
  readonly type: string
  readonly message: string
  readonly line?: number
  readonly column?: number
  readonly hint?: string
  readonly queryId?: string
}

export function errorBody(error: QueryError, queryId: string | undefined = error.queryId): ErrorBody {
  return {
    name: error.errorName,
    code: error.code,
    type: error.type,
    message: error.message,
    ...(error.at && { line: error.at.line, column: error.at.column }),
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(queryId !== undefined && { queryId }),
  }
}
