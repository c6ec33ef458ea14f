import { StoreError } from '#connectors/storage/object-store'
import { QueryError, unreachable } from '#src/common/errors'

/**
 * An object is no longer what the listing said: the query lists and plans once more. Thrown a second time it is the
 * user's error as it stands.
 */
export class ObjectChanged extends QueryError {
  constructor(error: StoreError) {
    const gone = error.kind === 'not-found'
    super(
      gone ? 'HIVE_FILE_NOT_FOUND' : 'HIVE_CANNOT_OPEN_SPLIT',
      gone
        ? `File ${error.location} was listed but is no longer there`
        : `File ${error.location} was replaced or changed while the query read it`,
      { cause: error, retryable: true, hint: 'A job is rewriting this table; run the query again.' },
    )
  }
}

/** A store's fault as the query's error; anything else unchanged. `aborted` becomes USER_CANCELED; the query layer knows better why. */
export function fromStoreError(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error
  const { kind, message } = error
  switch (kind) {
    case 'not-found':
    case 'changed':
      return new ObjectChanged(error)
    case 'denied':
      return external(error, `Access denied: ${message}`, `Grant this caller ${error.call} on ${error.location}.`)
    case 'unauthenticated':
      return external(error, `The store did not accept the credentials: ${message}`, 'Check the credentials of the process that runs Weir.')
    case 'misconfigured':
      return external(error, message, 'Check the region and the endpoint of the store.')
    case 'unavailable':
      return new QueryError('HIVE_FILESYSTEM_ERROR', message, { cause: error, retryable: true })
    case 'exists':
    case 'failed':
      return external(error, message)
    case 'aborted':
      return new QueryError('USER_CANCELED', 'Query was canceled', { cause: error })
    default:
      return unreachable(kind)
  }
}

function external(cause: StoreError, message: string, hint?: string): QueryError {
  return new QueryError('HIVE_FILESYSTEM_ERROR', message, { cause, hint })
}
