import { describe, expect, it } from 'vitest'
import { parseStatement } from '#src/sql/parser/parse'
import { printStatement } from '#src/sql/printer'
import { readCorpus } from './corpus.ts'
import { withoutPositions } from './tree.ts'

describe('printed statements parse to the same tree', () => {
  for (const file of ['expressions', 'queries', 'statements', 'hive'] as const) {
    it.each(readCorpus(file).map((text) => [text]))(`${file}: %s`, (text) => {
      const statement = parseStatement(text)
      const printed = printStatement(statement)
      const again = parseStatement(printed)
      expect(withoutPositions(again), printed).toEqual(withoutPositions(statement))
      expect(printStatement(again)).toBe(printed)
    })
  }
})
