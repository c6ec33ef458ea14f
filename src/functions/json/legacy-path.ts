/** The paths of json_extract and its like: names and places only. */
import { QueryError } from '#src/common/errors'
import { JsonScanner, JsonSyntaxError } from './json-scanner.ts'

/**
 * The steps of `$.a["b"][0]`; a number may be a place in an array or a name.
 * @throws INVALID_FUNCTION_ARGUMENT `Invalid JSON path: '$[*]'`
 */
export function parseLegacyPath(path: string): readonly string[] {
  const steps: string[] = []
  const step = /\.([\p{L}\p{Nd}_:]+)|\["((?:[^"\\]|\\["\\])*)"\]|\[([\p{L}\p{Nd}_]+)\]/uy
  let at = path.startsWith('$') ? 1 : -1
  while (at >= 0 && at < path.length) {
    step.lastIndex = at
    const match = step.exec(path)
    if (match === null) at = -1
    else {
      steps.push(match[1] ?? match[2]?.replace(/\\(.)/gs, '$1') ?? (match[3] as string))
      at += match[0].length
    }
  }
  if (at < 0) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid JSON path: '${path}'`)
  return steps
}

/**
 * What `read` makes of the value at a path; null where there is none, or the JSON up to there is malformed. `read` is called
 * with the scanner at the value's first token.
 */
export function extractAt<T>(json: string, steps: readonly string[], read: (scanner: JsonScanner) => T | null): T | null {
  const scanner = new JsonScanner(json)
  try {
    if (scanner.next() === undefined) return null
    return steps.every((step) => enter(scanner, step)) ? read(scanner) : null
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null
    throw error
  }
}

/** Moves from a structure's first token to that of the member or element; false where there is none. */
function enter(scanner: JsonScanner, step: string): boolean {
  if (scanner.token === '{') {
    while (scanner.next() === 'name') {
      const found = scanner.text === step
      scanner.next()
      if (found) return true
      scanner.skipChildren()
    }
    return false
  }
  if (scanner.token !== '[') return false
  const wanted = /^[+-]?\d+$/.test(step) ? Number(step) : -1
  for (let index = 0; scanner.next() !== ']'; index++) {
    if (index === wanted) return true
    scanner.skipChildren()
  }
  return false
}
