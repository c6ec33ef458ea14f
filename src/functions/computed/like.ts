/** LIKE with an ESCAPE that the kernel has not: one beyond ASCII, one that is no constant, and malformed patterns. */
import { computed, fail } from './computed-function.ts'

const KEPT_PATTERNS = 256
const patterns = new Map<string, RegExp>()

function compile(pattern: string, escaping: string): RegExp {
  const key = `${escaping.length}:${escaping}${pattern}`
  const known = patterns.get(key)
  if (known !== undefined) return known
  if ([...escaping].length !== 1) fail('Escape string must be a single character')
  let source = ''
  const characters = [...pattern]
  for (let index = 0; index < characters.length; index++) {
    let character = characters[index] as string
    if (character === escaping) {
      character = characters[++index] ?? ''
      if (character !== '%' && character !== '_' && character !== escaping) {
        fail("Escape character must be followed by '%', '_' or the escape character itself")
      }
      source += literal(character)
    } else source += character === '%' ? '[^]*' : character === '_' ? '[^]' : literal(character)
  }
  // Neighbouring wildcards mean one.
  const compiled = new RegExp(`^${source.replace(/(?:\[\^\]\*)+/g, '[^]*')}$`, 'u')
  if (patterns.size >= KEPT_PATTERNS) patterns.clear()
  patterns.set(key, compiled)
  return compiled
}

const literal = (character: string): string => (/[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character)

export const LIKES = [
  computed('weir_like', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'BOOLEAN', (text, pattern, escaping) => compile(pattern, escaping).test(text)),
]
