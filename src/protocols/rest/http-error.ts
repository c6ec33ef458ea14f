import type { QueryError } from '#src/common/errors'

/** An HTTP status that the error's own row does not give. */
export class HttpError extends Error {
  readonly status: number
  readonly error: QueryError

  constructor(status: number, error: QueryError) {
    super(error.message)
    this.status = status
    this.error = error
  }
}
