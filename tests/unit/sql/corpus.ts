/** The statements of tests/sql/corpus, one a line, `#` before a comment, `\n` for a line break. */
import { readFileSync } from 'node:fs'

export type CorpusFile = 'expressions' | 'queries' | 'statements' | 'hive' | 'invalid'

export function readCorpus(name: CorpusFile): readonly string[] {
  const lines = readFileSync(new URL(`../../sql/corpus/${name}.sql`, import.meta.url), 'utf8').split('\n')
  const texts = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.replaceAll('\\n', '\n'))
  return name === 'expressions' ? texts.map((text) => `SELECT ${text}`) : texts
}
