import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExpression, parseStatement, parseType } from '#src/sql/parser/parse'
import { printExpression, printStatement, printTypeName } from '#src/sql/printer'
import { expression, query, typeName } from './arbitrary-trees.ts'
import { withoutPositions } from './tree.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 3_000)

/** Parameters are numbered by the parser, so their numbers depend on the whole text. */
const normal = (node: unknown): unknown =>
  JSON.parse(JSON.stringify(withoutPositions(node), (key, value) => (key === 'index' && typeof value === 'number' ? 0 : value)))

/** Parses, and names the text if that fails. */
function parsed<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text)
  } catch (error) {
    throw new Error(`${text}\n${error}`)
  }
}

describe('parsing what was printed gives the same tree', () => {
  it('for types', () => {
    fc.assert(
      fc.property(typeName, (tree) => {
        const text = printTypeName(tree)
        expect(normal(parsed(parseType, text)), text).toEqual(normal(tree))
      }),
      { numRuns: RUNS, seed: 1 },
    )
  })
  it('for expressions', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        const text = printExpression(tree)
        expect(normal(parsed(parseExpression, text)), text).toEqual(normal(tree))
      }),
      { numRuns: RUNS, seed: 12 },
    )
  })
  it('for queries', () => {
    fc.assert(
      fc.property(query, (tree) => {
        const text = printStatement({ kind: 'query-statement', session: [], query: tree, at: tree.at })
        const statement = parsed(parseStatement, text)
        expect(statement.kind === 'query-statement' && normal(statement.query), text).toEqual(normal(tree))
      }),
      { numRuns: RUNS, seed: 13 },
    )
  })
})
