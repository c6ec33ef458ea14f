import { StoreError } from '#connectors/storage/object-store'
import { QueryError, unreachable } from '#src/common/errors'

/**
 * A store's fault while the catalog looked at a location, as the user's error: it says which call was refused, and where.
 * Anything else comes back unchanged.
 */
export function listingError(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error
  const { kind, message, call, location } = error
  const external = (text: string, hint?: string) => new QueryError('HIVE_FILESYSTEM_ERROR', text, { cause: error, hint })
  switch (kind) {
    case 'not-found':
      return new QueryError('HIVE_FILE_NOT_FOUND', message, { cause: error })
    case 'denied':
      return external(`Access denied: ${message}`, `Grant ${call} on ${location} to the identity that Weir runs as`)
    case 'unauthenticated':
      return external(`The store did not accept the credentials: ${message}`, 'Check the credentials of the process that runs Weir')
    case 'misconfigured':
      return external(message, 'Check the region and the endpoint of the store')
    case 'changed':
      return new QueryError('HIVE_CANNOT_OPEN_SPLIT', `${location} changed while it was read`, { cause: error, retryable: true })
    case 'unavailable':
      return new QueryError('HIVE_FILESYSTEM_ERROR', message, { cause: error, retryable: true })
    case 'exists':
    case 'failed':
      return external(message)
    case 'aborted':
      return new QueryError('USER_CANCELED', 'Query was canceled', { cause: error })
  }
  return unreachable(kind)
}
