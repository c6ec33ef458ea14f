import { describe, expect, it } from 'vitest'
import { tokenize } from '#src/sql/lexer'

const tokens = (text: string) => tokenize(text).map(({ type, start, end }) => `${type}:${text.slice(start, end)}`)

describe('the longest match wins', () => {
  it.each([
    ['1e5 1e5x 1.5e 1.2.3', ['double:1e5', 'digit-identifier:1e5x', 'decimal:1.5', 'identifier:e', 'decimal:1.2', 'decimal:.3']],
    [
      '1_000 1__0 1_ 0x1F 0x 0b102',
      ['integer:1_000', 'digit-identifier:1__0', 'digit-identifier:1_', 'integer:0x1F', 'digit-identifier:0x', 'digit-identifier:0b102'],
    ],
    ['a.1 .5e-3 1.', ['identifier:a', 'decimal:.1', 'double:.5e-3', 'decimal:1.']],
    [
      "x'00' X 'a' U&'b' u&c",
      ["binary:x'00'", 'identifier:X', "string:'a'", "unicode-string:U&'b'", 'identifier:u', 'unrecognized:&', 'identifier:c'],
    ],
    [
      'a<>b!=c<=d=>e->f||g',
      [
        'identifier:a',
        '<>:<>',
        'identifier:b',
        '<>:!=',
        'identifier:c',
        '<=:<=',
        'identifier:d',
        '=>:=>',
        'identifier:e',
        '->:->',
        'identifier:f',
        '||:||',
        'identifier:g',
      ],
    ],
    ['{-a-}$$x$$ $ !', ['{-:{-', 'identifier:a', '-}:-}', 'dollar-string:$$x$$', '$:$', 'unrecognized:!']],
    ['a--b\n/* c */d/*e', ['identifier:a', 'identifier:d', '/:/', '*:*', 'identifier:e']],
    [
      "'it''s' \"a\"\"b\" `c``d` 'open",
      ["string:'it''s'", 'quoted-identifier:"a""b"', 'backquoted-identifier:`c``d`', "unrecognized:'", 'identifier:open'],
    ],
    ['Select _a1 été', ['SELECT:Select', 'identifier:_a1', 'unrecognized:é', 'identifier:t', 'unrecognized:é']],
  ])('%s', (text, expected) => {
    expect(tokens(text)).toEqual([...expected, 'end:'])
  })
})

describe('names', () => {
  it('are words that are not reserved, quoted or not', () => {
    const named = tokenize('a date select "b" `c` 1d table auto').filter((token) => token.name)
    expect(named.map((token) => token.type)).toEqual([
      'identifier',
      'DATE',
      'quoted-identifier',
      'backquoted-identifier',
      'digit-identifier',
      'AUTO',
    ])
  })
})
