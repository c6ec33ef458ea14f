/** The parts of a pattern of Joda-Time. */

/** `text` is written as it is; `letters` is a run of one letter. */
export type PatternToken = { readonly text: string } | { readonly letters: string }

/** Splits at quotes and at changes of the letter; '' is a quote, inside quotes and outside. */
export function patternTokens(pattern: string): readonly PatternToken[] {
  const tokens: PatternToken[] = []
  for (const [token, quoted, letters] of pattern.matchAll(/'((?:[^']|'')*)(?:'|$)|(([A-Za-z])\3*)|[^A-Za-z']+/g)) {
    if (letters !== undefined) tokens.push({ letters })
    else tokens.push({ text: quoted === undefined ? token : quoted === '' ? "'" : quoted.replaceAll("''", "'") })
  }
  return tokens
}
