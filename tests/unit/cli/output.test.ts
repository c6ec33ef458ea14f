import { describe, expect, it } from 'vitest'
import type { TableResult } from '#src/cli/connection'
import { parseExactJson } from '#src/cli/json-rows'
import { displayWidth, formatBytes, formatResult } from '#src/cli/output'

const result = (columns: readonly (readonly [string, string])[], rows: string): TableResult => ({
  columns: columns.map(([name, type]) => ({ name, type })),
  rows: parseExactJson(rows) as unknown[][],
  updateType: undefined,
  updateCount: undefined,
  stats: { queryId: 'q' } as TableResult['stats'],
})

const sample = result(
  [
    ['id', 'bigint'],
    ['name', 'varchar'],
    ['tags', 'array(integer)'],
  ],
  '[[9007199254740993,"a\\tb",[1,2]],[-1,null,null],[10,"日本\\nx",[]]]',
)

describe('result layouts', () => {
  it('table: numbers right, all digits, NULL told, control characters escaped, lines kept, wide characters counted', () => {
    expect(formatResult(sample, 'table')).toBe(
      [
        '        id        |   name   | tags'.replace('        id        ', ' id               ').replace('   name   ', ' name     '),
        '------------------+----------+-------',
        ' 9007199254740993 | a\\u0009b | [1,2]',
        '               -1 | NULL     | NULL',
        '               10 | 日本     | []',
        '                  | x        |',
        '(3 rows)',
        '',
      ].join('\n'),
    )
  })

  it('vertical', () => {
    expect(
      formatResult(
        result(
          [
            ['a', 'integer'],
            ['long name', 'varchar'],
          ],
          '[[1,"x"]]',
        ),
        'vertical',
      ),
    ).toBe('-[ RECORD 1 ]\na         | 1\nlong name | x\n')
  })

  it('tsv: escapes and empty NULLs', () => {
    expect(formatResult(sample, 'tsv')).toBe('id\tname\ttags\n9007199254740993\ta\\tb\t[1,2]\n-1\t\t\n10\t日本\\nx\t[]\n')
  })

  it('json keeps digits', () => {
    expect(formatResult(sample, 'json')).toContain('[9007199254740993,"a\\tb",[1,2]]')
  })
})

describe('widths and sizes', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['😀', 2],
  ])('%s is %d wide', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1_234_567, '1.2 MB'],
    [999_999, '1.0 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})
