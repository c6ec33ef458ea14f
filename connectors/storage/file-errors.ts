import { QueryError } from '#src/common/errors'
import { StoreError, type StoreErrorKind } from './object-store.ts'

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '')
}

/** What the file system answered as a StoreError; access rules (QueryError) and StoreErrors pass as they are. */
export function fileError(error: unknown, call: string, location: string): unknown {
  if (error instanceof StoreError || error instanceof QueryError || !(error instanceof Error)) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const [kind, detail] = REASONS[code] ?? ['failed', code === '' ? error.message : code]
  return new StoreError(kind, call, location, detail, { cause: error })
}

const REASONS: Readonly<Record<string, readonly [StoreErrorKind, string]>> = {
  ENOENT: ['not-found', 'no such file or folder'],
  ENOTDIR: ['not-found', 'a part of the path is not a folder'],
  EISDIR: ['not-found', 'it is a folder'],
  ELOOP: ['failed', 'too many symbolic links'],
  EACCES: ['denied', 'permission denied by the file system'],
  EPERM: ['denied', 'operation not permitted by the file system'],
  EROFS: ['denied', 'the file system is read-only'],
  ENOSPC: ['failed', 'no space left on the device'],
  EDQUOT: ['failed', 'the disk quota is used up'],
  EMFILE: ['unavailable', 'too many open files'],
  ENFILE: ['unavailable', 'too many open files'],
  EIO: ['failed', 'the device reported an input/output error'],
  ENAMETOOLONG: ['failed', 'the name is too long for the file system'],
}
