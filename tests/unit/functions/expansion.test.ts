import { describe, expect, it } from 'vitest'
import { expansionOf } from '#src/functions/macros/expansion'
import { ALL_MACROS } from '#src/functions/macros/index'

/** Puts bodies in place of calls as the kernel does, by substitution of whole texts. */
function expand(sql: string): string {
  const call = /\b(weir_\w+)\(/.exec(sql)
  if (call === null) return sql
  const found = ALL_MACROS.find(({ name }) => name === call[1])
  if (found === undefined) throw new Error(`No macro ${call[1]}`)
  const args: string[] = []
  let depth = 0
  let start = call.index + call[0].length
  for (let at = start; ; at++) {
    const next = sql[at]
    if (depth === 0 && (next === ',' || next === ')')) {
      args.push(sql.slice(start, at))
      start = at + 1
      if (next === ')') break
    }
    if (next === '(') depth++
    if (next === ')') depth--
  }
  const body = found.parameters.reduce((text, name, index) => text.replace(new RegExp(`\\b${name}\\b`, 'g'), `<${index}>`), found.body)
  const filled = args.reduce((text, argument, index) => text.replaceAll(`<${index}>`, () => argument), body)
  return expand(sql.slice(0, call.index) + filled + sql.slice(start))
}

describe('expansionOf', () => {
  it.each([
    'MARK + 1',
    'weir_mod_by_shifted(MARK, MARK, 1)',
    'weir_mod_shifted(c1, weir_38_digits(MARK), 100)',
    'weir_mod_by_shifted(weir_unscaled(MARK, 1), weir_38_digits(weir_unscaled(MARK, 2)), 1) + abs(MARK)',
  ])('counts as substitution does: %s', (sql) => {
    const expanded = expand(sql)
    const uses = expanded.split('MARK').length - 1
    expect(expansionOf(sql, ['MARK'])).toEqual({ length: expanded.length - uses * 'MARK'.length, uses: [uses] })
  })

  it('leaves texts in quotes alone', () => {
    const sql = `'weir_mod_by_shifted(MARK' || "MARK" || MARK`
    expect(expansionOf(sql, ['MARK'])).toEqual({ length: sql.length - 'MARK'.length, uses: [1] })
  })

  it('grows with every level of nesting', () => {
    const nested = (depth: number): string => (depth === 0 ? 'c1' : `weir_mod_shifted(c2, ${nested(depth - 1)}, 10)`)
    expect(expansionOf(nested(4)).length).toBeGreaterThan(6 * expansionOf(nested(3)).length - 1000)
  })
})
