/** The stem of an English word, by the Snowball project's English ("Porter2") algorithm. */

const VOWEL = '[aeiouy]'
const DOUBLES = /(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/
const EXCEPTIONS: Readonly<Record<string, string>> = {
  skis: 'ski',
  skies: 'sky',
  dying: 'die',
  lying: 'lie',
  tying: 'tie',
  idly: 'idl',
  gently: 'gentl',
  ugly: 'ugli',
  early: 'earli',
  only: 'onli',
  singly: 'singl',
  sky: 'sky',
  news: 'news',
  howe: 'howe',
  atlas: 'atlas',
  cosmos: 'cosmos',
  bias: 'bias',
  andes: 'andes',
}
const LEFT_AFTER_STEP_1A = new Set(['inning', 'outing', 'canning', 'herring', 'earring', 'proceed', 'exceed', 'succeed'])

const STEP_2: readonly (readonly [suffix: string, replacement: string])[] = [
  ['ization', 'ize'],
  ['ational', 'ate'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['tional', 'tion'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['entli', 'ent'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ousli', 'ous'],
  ['iviti', 'ive'],
  ['fulli', 'ful'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['izer', 'ize'],
  ['ator', 'ate'],
  ['alli', 'al'],
  ['bli', 'ble'],
]
const STEP_3: readonly (readonly [suffix: string, replacement: string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]
const STEP_4 = ['ement', 'ance', 'ence', 'able', 'ible', 'ment', 'ant', 'ent', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize', 'al', 'er', 'ic']

/** Words in lower case; others are left as they are but for what the rules take for consonants. */
export function englishStem(word: string): string {
  if (word.length < 3) return word
  const exception = EXCEPTIONS[word]
  if (exception !== undefined) return exception
  let text = word.replace(/^'/, '')
  // A y that is a consonant.
  text = text.replace(/^y/, 'Y').replace(/([aeiouy])y/g, '$1Y')
  const marked = text !== word.replace(/^'/, '')
  const unmarked = (result: string) => (marked ? result.replaceAll('Y', 'y') : result)
  const r1 = regionOne(text)
  const r2 = region(text, r1)
  text = text.replace(/'s'$|'s$|'$/, '')
  text = stepPlural(text)
  if (LEFT_AFTER_STEP_1A.has(text)) return unmarked(text)
  text = stepPast(text, r1)
  text = text.replace(/(.[^aeiouy])[yY]$/, '$1i')
  text = replaceSuffix(text, r1, STEP_2, [
    [/logi$/, 'log'],
    [/(?<=[cdeghkmnrt])li$/, ''],
  ])
  text = replaceSuffix(text, r1, STEP_3, [])
  if (/ative$/.test(text) && text.length - 5 >= r2) text = text.slice(0, -5)
  text = stepFour(text, r2)
  text = stepLast(text, r1, r2)
  return unmarked(text)
}

function regionOne(text: string): number {
  const prefix = /^(?:gener|commun|arsen)/.exec(text)
  return prefix === null ? region(text, 0) : prefix[0].length
}

/** Behind the first consonant that follows a vowel. */
function region(text: string, from: number): number {
  const match = new RegExp(`${VOWEL}[^aeiouy]`).exec(text.slice(from))
  return match === null ? text.length : from + match.index + 2
}

function stepPlural(text: string): string {
  if (text.endsWith('sses')) return text.slice(0, -2)
  if (/ie[ds]$/.test(text)) return text.length > 4 ? text.slice(0, -2) : text.slice(0, -1)
  if (/(?:us|ss)$/.test(text)) return text
  return new RegExp(`${VOWEL}.+s$`).test(text) ? text.slice(0, -1) : text
}

const isShortSyllableEnd = (text: string): boolean => /[^aeiouy][aeiouy][^aeiouywxY]$/.test(text) || /^[aeiouy][^aeiouy]$/.test(text)

function stepPast(text: string, r1: number): string {
  const eed = /(?:eedly|eed)$/.exec(text)
  if (eed !== null) return eed.index >= r1 ? `${text.slice(0, eed.index)}ee` : text
  const suffix = /(?:ingly|edly|ing|ed)$/.exec(text)
  if (suffix === null) return text
  const stem = text.slice(0, suffix.index)
  if (!new RegExp(VOWEL).test(stem)) return text
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`
  if (DOUBLES.test(stem)) return stem.slice(0, -1)
  return isShortSyllableEnd(stem) && r1 >= stem.length ? `${stem}e` : stem
}

/** The longest suffix is the only one tried; it is replaced where it lies in the region. */
function replaceSuffix(
  text: string,
  r1: number,
  suffixes: readonly (readonly [string, string])[],
  others: readonly (readonly [RegExp, string])[],
): string {
  const found = suffixes.find(([suffix]) => text.endsWith(suffix))
  if (found !== undefined) return text.length - found[0].length >= r1 ? text.slice(0, -found[0].length) + found[1] : text
  for (const [pattern, replacement] of others) {
    const match = pattern.exec(text)
    if (match === null) continue
    return match.index >= r1 ? text.slice(0, match.index) + replacement : text
  }
  return text
}

function stepFour(text: string, r2: number): string {
  const suffix = STEP_4.find((candidate) => text.endsWith(candidate))
  if (suffix !== undefined) return text.length - suffix.length >= r2 ? text.slice(0, -suffix.length) : text
  return /[st]ion$/.test(text) && text.length - 3 >= r2 ? text.slice(0, -3) : text
}

function stepLast(text: string, r1: number, r2: number): string {
  const stem = text.slice(0, -1)
  if (text.endsWith('e')) return stem.length >= r2 || (stem.length >= r1 && !isShortSyllableEnd(stem)) ? stem : text
  if (text.endsWith('ll') && stem.length >= r2) return stem
  return text
}
