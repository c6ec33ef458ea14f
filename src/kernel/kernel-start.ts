/** What a kernel process runs before its first query. */
import { MACROS } from '#src/functions/macros/index'

export const KERNEL_START_STATEMENTS: readonly string[] = MACROS
