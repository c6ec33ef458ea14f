/**
 * Keeps functions that fail from seeing values that are not in any row. The kernel calls a function of one dictionary-encoded
 * column once for each entry of the dictionary, also those that a filter has thrown out, unless the function may fail; it does
 * not know that of lambdas' bodies and of functions in JavaScript. An argument that is volatile is never taken for a dictionary.
 *
 *   list_transform(l, lambda x: 1 // x)  →  list_transform(CASE WHEN random() < 0 THEN NULL ELSE l END, lambda x: 1 // x)
 */
import { COMPUTED_FUNCTIONS } from './computed/all.ts'

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*|[(),[\]]|[^'"A-Za-z_(),[\]]+/y
const LIST_FUNCTIONS: ReadonlySet<string> = new Set(['list_transform', 'list_filter', 'list_reduce'])
const COMPUTED: ReadonlySet<string> = new Set(COMPUTED_FUNCTIONS.map(({ name }) => name))
const NONE: ReadonlySet<string> = new Set()
/** What may fail: our own errors and macros, casts, arithmetic. */
const MAY_FAIL = /\berror\(|\bweir_|\bCAST\(|[-+*/%]/

/** The SQL of an expression. */
export function guardCalls(sql: string): string {
  return guard(sql, MAY_FAIL, COMPUTED)
}

/** The body of a macro that raises; calls of functions in JavaScript stay, since macros without twins stand inside TRY too. */
export function guardRaisingLambdas(sql: string): string {
  return guard(sql, /\berror\(/, NONE)
}

function guard(sql: string, mayFail: RegExp, computed: ReadonlySet<string>): string {
  if (!sql.includes('lambda') && !sql.includes('weir_')) return sql
  let guarded = ''
  let at = 0
  while (at < sql.length) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(sql)?.[0] ?? sql.slice(at)
    at += token.length
    guarded += token
    if (sql[at] !== '(') continue
    if (LIST_FUNCTIONS.has(token)) {
      const [comma, end] = boundsOf(sql, at + 1)
      const list = guard(sql.slice(at + 1, comma), mayFail, computed)
      const rest = sql.slice(comma, end)
      guarded += mayFail.test(rest) ? `(${volatile(list)}${rest}` : `(${list}${rest}`
      at = end
    } else if (computed.has(token)) {
      const [comma] = boundsOf(sql, at + 1)
      const argument = sql.slice(at + 1, comma)
      guarded += argument.trim() === '' ? `(${argument}` : `(${volatile(guard(argument, mayFail, computed))}`
      at = comma
    } else if (token === 'TRY') {
      // What fails there gives NULL, and the kernel wants nothing volatile there.
      const [, end] = boundsOf(sql, at + 1)
      guarded += sql.slice(at, end)
      at = end
    }
  }
  return guarded
}

const volatile = (sql: string): string => `CASE WHEN random() < 0 THEN NULL ELSE ${sql} END`

/** Of a call whose arguments begin at `start`: where the first one ends, and where the call's `)` stands. */
function boundsOf(sql: string, start: number): readonly [first: number, end: number] {
  let depth = 0
  let first: number | undefined
  let at = start
  while (at < sql.length) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(sql)?.[0] ?? sql.slice(at)
    if (token === '(' || token === '[') depth++
    else if (depth === 0 && token === ')') return [first ?? at, at]
    else if (token === ')' || token === ']') depth--
    else if (token === ',' && depth === 0) first ??= at
    at += token.length
  }
  return [first ?? at, at]
}
