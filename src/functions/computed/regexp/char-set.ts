/** Sets of code points: ranges, Unicode's properties, POSIX classes, and what classes make of them. */
import { fail } from '../computed-function.ts'
import type { CharSet } from './pattern.ts'

const ASCII = 128

/** Answers for ASCII are computed once. */
export function charSet(has: (code: number) => boolean): CharSet {
  const ascii = new Uint8Array(ASCII)
  for (let code = 0; code < ASCII; code++) ascii[code] = has(code) ? 1 : 0
  return { has: (code) => (code < ASCII ? ascii[code] === 1 : has(code)) }
}

export const rangeSet = (low: number, high: number): CharSet => charSet((code) => code >= low && code <= high)
export const negatedSet = (set: CharSet): CharSet => charSet((code) => !set.has(code))
export const unionSet = (sets: readonly CharSet[]): CharSet => charSet((code) => sets.some((set) => set.has(code)))
export const intersectionSet = (sets: readonly CharSet[]): CharSet => charSet((code) => sets.every((set) => set.has(code)))

/** The set, and whatever differs from a member only by its case. */
export const foldedSet = (set: CharSet): CharSet =>
  charSet((code) => set.has(code) || caseVariants(code).some((variant) => set.has(variant)))

const isDigit = (code: number) => code >= 0x30 && code <= 0x39
const isLetter = (code: number) => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)

/** \d \w \s are ASCII's. */
export const DIGITS = charSet(isDigit)
export const WORDS = charSet((code) => isDigit(code) || isLetter(code) || code === 0x5f)
export const SPACES = charSet((code) => code === 0x20 || (code >= 0x09 && code <= 0x0d))
export const ANY = charSet(() => true)
export const NOT_NEWLINE = charSet((code) => code !== 0x0a)

/** \b takes Unicode's words. */
const WORD_CHARACTER = /^[\p{L}\p{M}\p{Nd}\p{Pc}]$/u
export const UNICODE_WORDS = cached((code) => WORD_CHARACTER.test(String.fromCodePoint(code)))

function cached(has: (code: number) => boolean): CharSet {
  const known = new Map<number, boolean>()
  return charSet((code) => {
    const before = known.get(code)
    if (before !== undefined) return before
    const answer = has(code)
    if (known.size < 10_000) known.set(code, answer)
    return answer
  })
}

const expression = (source: string): CharSet => {
  const tester = new RegExp(`^${source}$`, 'u')
  return cached((code) => tester.test(String.fromCodePoint(code)))
}

/** POSIX names, which are Unicode-aware, also as \p{Alpha}. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: '[\\p{L}\\p{M}\\p{Nd}]',
  alpha: '\\p{Alphabetic}',
  ascii: '[\\0-\\x7f]',
  blank: '[\\p{Zs}\\t]',
  cntrl: '[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Co}\\p{Cs}]',
  digit: '\\p{Nd}',
  graph: '[^\\p{White_Space}\\p{Cc}\\p{Cn}\\p{Cs}]',
  lower: '\\p{Lowercase}',
  print: '[^\\p{Cc}\\p{Cn}\\p{Cs}]',
  punct: '\\p{P}',
  space: '\\p{White_Space}',
  upper: '\\p{Uppercase}',
  xdigit: '[0-9A-Fa-f]',
  word: '[\\p{L}\\p{M}\\p{Nd}\\p{Pc}]',
}

export function posixSet(name: string): CharSet | undefined {
  const source = POSIX[name.toLowerCase()]
  return source === undefined ? undefined : expression(source)
}

const properties = new Map<string, CharSet>()

/** \p{name}: a POSIX class, a general category, a script or a binary property. Throws for any other name. */
export function propertySet(written: string): CharSet {
  const name = written.replace(/[\s_-]/g, '').toLowerCase()
  const known = properties.get(name)
  if (known !== undefined) return known
  const found = posixSet(name) ?? unicodeProperty(name)
  if (found === undefined) fail(`invalid character property name <${written}>`)
  properties.set(name, found)
  return found
}

const BLOCKS: Readonly<Record<string, readonly [number, number]>> = {
  inbasiclatin: [0, 0x7f],
  inlatin1supplement: [0x80, 0xff],
  inlatinextendeda: [0x100, 0x17f],
  inlatinextendedb: [0x180, 0x24f],
  ingreekandcoptic: [0x370, 0x3ff],
  incyrillic: [0x400, 0x4ff],
  inhebrew: [0x590, 0x5ff],
  inarabic: [0x600, 0x6ff],
  inhiragana: [0x3040, 0x309f],
  inkatakana: [0x30a0, 0x30ff],
  incjkunifiedideographs: [0x4e00, 0x9fff],
  inhangulsyllables: [0xac00, 0xd7af],
}

const CATEGORIES =
  'L LC Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn Letter Cased_Letter Uppercase_Letter Lowercase_Letter Titlecase_Letter Modifier_Letter Other_Letter Mark Nonspacing_Mark Spacing_Mark Enclosing_Mark Number Decimal_Number Letter_Number Other_Number Punctuation Connector_Punctuation Dash_Punctuation Open_Punctuation Close_Punctuation Initial_Punctuation Final_Punctuation Other_Punctuation Symbol Math_Symbol Currency_Symbol Modifier_Symbol Other_Symbol Separator Space_Separator Line_Separator Paragraph_Separator Other Control Format Surrogate Private_Use Unassigned'.split(
    ' ',
  )
const SCRIPTS =
  'Latin Greek Cyrillic Armenian Hebrew Arabic Syriac Thaana Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Hangul Ethiopic Cherokee Ogham Runic Khmer Mongolian Hiragana Katakana Bopomofo Han Yi Old_Italic Gothic Deseret Inherited Common Coptic Braille'.split(
    ' ',
  )
const BINARY =
  'Alphabetic Ideographic Uppercase Lowercase White_Space Hex_Digit ASCII_Hex_Digit Cased Math Dash Diacritic Extender ID_Start ID_Continue XID_Start XID_Continue Quotation_Mark Noncharacter_Code_Point Emoji'.split(
    ' ',
  )

function unicodeProperty(name: string): CharSet | undefined {
  if (name === 'any') return ANY
  if (name === 'javalowercase') return expression('\\p{Lowercase}')
  if (name === 'javauppercase') return expression('\\p{Uppercase}')
  const block = BLOCKS[name]
  if (block !== undefined) return rangeSet(...block)
  const same = (candidate: string) => candidate.replaceAll('_', '').toLowerCase() === name
  const category = CATEGORIES.find(same)
  if (category !== undefined) return expression(`\\p{${category}}`)
  const script = SCRIPTS.find(same)
  if (script !== undefined) return expression(`\\p{Script=${script}}`)
  const binary = BINARY.find(same)
  return binary === undefined ? undefined : expression(`\\p{${binary}}`)
}

// ---------------------------------------------------------------- case

const folds = new Map<number, number>()
/** Folds to two letters, so it equals no single one. */
const CAPITAL_SHARP_S = 0x1e9e

/** Code points that differ by case only have the same. Foldings to several characters are not among them. */
export function foldCase(code: number): number {
  if (code < ASCII) return code >= 0x41 && code <= 0x5a ? code + 0x20 : code
  const known = folds.get(code)
  if (known !== undefined) return known
  const single = (text: string, otherwise: number) => {
    const point = text.codePointAt(0) as number
    return text.length === (point > 0xffff ? 2 : 1) ? point : otherwise
  }
  const upper = single(String.fromCodePoint(code).toUpperCase(), code)
  const folded = code === CAPITAL_SHARP_S ? code : single(String.fromCodePoint(upper).toLowerCase(), upper)
  folds.set(code, folded)
  return folded
}

function caseVariants(code: number): number[] {
  const folded = foldCase(code)
  const variants = [folded, String.fromCodePoint(folded).toUpperCase().codePointAt(0) as number]
  if (folded === 0x73) variants.push(0x17f)
  if (folded === 0x6b) variants.push(0x212a)
  if (folded === 0xe5) variants.push(0x212b)
  return variants.filter((variant) => variant !== code && foldCase(variant) === folded)
}
