/** Errors that printed SQL raises on single rows. The kernel's error() carries the name and the text through the kernel. */
import type { ErrorName } from '#src/common/errors'

export const KERNEL_ERROR_MARK = 'WEIR|'

/** SQL that fails with a row of ERRORS and a fixed message. */
export function raise(name: ErrorName, message: string): string {
  return `error('${KERNEL_ERROR_MARK}${name}|${message.replaceAll("'", "''")}')`
}

/** A string as an SQL literal. A literal cannot hold NUL: it is put in by chr(0). */
export function quote(text: string): string {
  return text.includes('\0')
    ? `(${text
        .split('\0')
        .map((part) => `'${part.replaceAll("'", "''")}'`)
        .join(' || chr(0) || ')})`
    : `'${text.replaceAll("'", "''")}'`
}
