/** Statements changed by chance, the same ones for the same seed: for fuzzing the parser and for comparing it with another one. */
import { KEYWORDS } from '#src/sql/keywords'

const TOKEN = /'(?:[^']|'')*'|"[^"]*"|\$\$[\s\S]*?\$\$|[A-Za-z_]\w*|\d+(?:\.\d+)?|<>|<=|>=|\|\||=>|->|\S/g

const INSERTED: readonly string[] = [
  ...KEYWORDS.keys(),
  ...'( ) , . [ ] * + - / % = < > ? ; : <> || -> => { } ^ $ | @ !'.split(' '),
].concat(['a', 'b', '1', '2.5', "'x'", '"q"', '1e3', "'", '"', '--', '/*', '\u0000', '\u00e9', '\u{1F600}', '1a', '`b`'])

/** Numbers in [0, 1), the same sequence for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

const tokensOf = (text: string): string[] => text.match(TOKEN) ?? []

/** `text` with one to three tokens dropped, doubled, swapped, replaced, inserted or taken from `other`, or cut off. */
function mutate(text: string, other: string, random: () => number): string {
  const tokens = tokensOf(text)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const changes = random() < 0.7 ? 1 : random() < 0.7 ? 2 : 3
  for (let change = 0; change < changes && tokens.length > 0; change++) {
    const at = Math.floor(random() * tokens.length)
    const kind = Math.floor(random() * 8)
    if (kind <= 1) tokens.splice(at, 1)
    else if (kind === 2) tokens.splice(at, 0, pick(INSERTED))
    else if (kind === 3) tokens[at] = pick(INSERTED)
    else if (kind === 4) tokens.splice(at, 0, tokens[at] ?? '')
    else if (kind === 5) tokens.splice(at, 2, tokens[at + 1] ?? '', tokens[at] ?? '')
    else if (kind === 6) tokens.length = at
    else {
      const donor = tokensOf(other)
      const from = Math.floor(random() * donor.length)
      tokens.splice(at, 1, ...donor.slice(from, from + 1 + Math.floor(random() * 6)))
    }
  }
  return tokens.join(' ')
}

/** `count` mutated statements, drawn from `corpus`. */
export function* mutations(corpus: readonly string[], count: number, seed: number): Generator<string> {
  const random = seeded(seed)
  const pick = (): string => corpus[Math.floor(random() * corpus.length)] ?? ''
  for (let made = 0; made < count; made++) yield mutate(pick(), pick(), random)
}
