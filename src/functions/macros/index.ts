/** All macros, with the statements that create them. */
import { COMPUTED_FUNCTIONS } from '../computed/all.ts'
import { COLLECTION_MACROS } from './collection.ts'
import { CORE_MACROS } from './core.ts'
import { DATETIME_MACROS } from './datetime.ts'
import { JSON_MACROS } from './json.ts'
import { createMacro, giveNull, raisePurely, withTwins } from './macro.ts'
import { NETWORK_MACROS } from './network.ts'
import { SCALAR_MACROS } from './scalar.ts'

/** In an order that creates each before its users. */
export const ALL_MACROS = withTwins([
  ...CORE_MACROS,
  ...DATETIME_MACROS,
  ...NETWORK_MACROS,
  ...SCALAR_MACROS,
  ...COLLECTION_MACROS,
  ...JSON_MACROS,
])

/** Run once, in this order, on a kernel instance before its first query. */
export const MACROS: readonly string[] = ALL_MACROS.map(createMacro)

const RAISING_MACROS = new Set(ALL_MACROS.filter(({ name }) => name.startsWith('try_')).map(({ name }) => name.slice('try_'.length)))
const RAISING = new Set([...RAISING_MACROS, ...COMPUTED_FUNCTIONS.map(({ name }) => name)])

/** The SQL of an expression with NULL in place of each error that it would raise itself. */
export function withoutErrors(sql: string): string {
  return giveNull(sql, RAISING)
}

/** The SQL of an expression as the kernel's TRY takes it. */
export function forKernelTry(sql: string): string {
  return raisePurely(sql, RAISING_MACROS)
}
