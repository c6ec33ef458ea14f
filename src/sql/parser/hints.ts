/** What a user can do about a syntax error, beside Trino's message: misspelled keywords, open quotes, habits of other dialects. */
import type { Cursor } from './cursor.ts'

/** Words that begin a clause: a misspelled one is often taken for an alias, and the error falls on what follows it. */
const CLAUSE_WORDS: ReadonlySet<string> = new Set(
  'SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET UNION INTERSECT EXCEPT JOIN LEFT RIGHT INNER CROSS NATURAL WINDOW FETCH WITH BETWEEN'.split(
    ' ',
  ),
)

/** What a query may begin with, which the list of candidates names as a whole. */
const QUERY_WORDS = ['SELECT', 'VALUES', 'WITH']

/** The keyword among `candidates` that `word` most likely stands for. */
export function nearestKeyword(word: string, candidates: Iterable<string>): string | undefined {
  if (!/^[a-z_]{3,}$/i.test(word)) return undefined
  const upper = word.toUpperCase()
  const limit = upper.length < 5 ? 1 : 2
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of [...candidates].flatMap((name) => (name === '<query>' ? QUERY_WORDS : name))) {
    if (!/^[A-Z_]{2,}$/.test(candidate) || candidate === upper) continue
    const distance = editDistance(upper, candidate)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The hint for an error at the current token, or none. `keyword` is what the token itself may have been meant to be. */
export function syntaxHint(cursor: Cursor, keyword: string | undefined): string | undefined {
  const { token, text } = cursor
  if (token.type === 'unrecognized') return unrecognizedHint(text.slice(token.start, token.end))
  if (keyword !== undefined) return `Did you mean ${keyword}?`
  const previous = cursor.tokens[cursor.index - 1]
  if (previous?.type === 'identifier') {
    const meant = nearestKeyword(cursor.textOf(previous), CLAUSE_WORDS)
    if (meant !== undefined) return `Did you mean ${meant} in place of ${cursor.textOf(previous)}?`
  }
  const slash = token.type === '*' ? previous : token
  if (slash?.type === '/' && text.startsWith('/*', slash.start)) return 'The comment that begins here is never closed'
  if (token.type === ';') return 'One statement at a time: send what follows the semicolon on its own'
  if (token.name || !/^[A-Z]/.test(token.type)) return undefined
  return `${token.type} is a reserved word; as a name it needs double quotes`
}

function unrecognizedHint(character: string): string | undefined {
  switch (character) {
    case "'":
      return 'The string that begins here is never closed; a quote inside a string is written twice'
    case '"':
    case '`':
      return 'The quoted name that begins here is never closed'
    case '\u00a0':
      return 'This is a non-breaking space; use a plain one'
    case '\u2018':
    case '\u2019':
    case '\u201c':
    case '\u201d':
      return 'Typographic quotes are not SQL: use \' for strings and " for names'
  }
  return undefined
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + (same ? 0 : 1))
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1)
      }
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
