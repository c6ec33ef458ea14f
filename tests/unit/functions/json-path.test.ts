/** Paths over documents; the expected items are Trino's answers to JSON_QUERY … WITH ARRAY WRAPPER. */
import { describe, expect, test } from 'vitest'
import { parseJson, writeJson } from '#src/functions/json/json-node'
import { nodeOf } from '#src/functions/json-path/item-cast'
import { analyzePath } from '#src/functions/json-path/path-analysis'
import { evaluatePath } from '#src/functions/json-path/path-evaluator'
import { PathEvaluationError } from '#src/functions/json-path/path-item'
import type { PathSyntaxError } from '#src/functions/json-path/path-lexer'
import { parseJsonPath } from '#src/functions/json-path/path-parser'

function items(document: string, path: string): string {
  const result = evaluatePath(parseJsonPath(path), parseJson(document), new Map())
  return writeJson(result.map((item) => nodeOf(item) ?? null))
}

describe('items', () => {
  test.each([
    ['{"a":{"b":[1,{"c":2}]}}', 'lax $.a.b[1].c', '[2]'],
    ['{"a":{"b":1},"c":{"b":2}}', 'lax $.*.b', '[1,2]'],
    ['{"a":{"b":1},"c":{"b":2}}', 'lax $..b', '[1,2]'],
    ['[{"b":1},{"b":2},3]', 'lax $.b', '[1,2]'],
    ['{"a\\"b":1}', 'lax $."a""b"', '[1]'],
    ['[1,2,3,4,5]', 'lax $[1 to 3]', '[2,3,4]'],
    ['[1,2,3,4,5]', 'lax $[0, 2, last]', '[1,3,5]'],
    ['[1,2,3]', 'lax $[2 to 0]', '[]'],
    ['[1,2,3]', 'lax $[-1 to 1]', '[1,2]'],
    ['5', 'lax $[last]', '[5]'],
    ['[1,2,3,4]', 'lax $ ? (@ > 1 && @ < 4)', '[2,3]'],
    ['[1,2,3,4]', 'lax $ ? (!(@ == 2))', '[1,3,4]'],
    ['[1,"a"]', 'lax $ ? ((@ > 0) is unknown)', '["a"]'],
    ['[1,"a",null,true]', 'lax $ ? (@ == null)', '[null]'],
    ['["abc","xbc",1]', 'lax $ ? (@ starts with "a")', '["abc"]'],
    ['{"a":[{"p":5,"n":"x"},{"p":15,"n":"y"}],"m":7}', 'lax $.a[*] ? (@.p > $.m).n', '["y"]'],
    ['{"a":1,"b":[2]}', 'lax $.keyvalue()', '[{"name":"a","value":1,"id":0},{"name":"b","value":[2],"id":0}]'],
    ['5', 'lax 1 + 2 * 3', '[7]'],
    ['5', 'lax 10.0 / 3', '[3.3]'],
    ['5', 'lax 1.5 + 2.25', '[3.75]'],
    ['[-1]', 'lax $.abs()', '[1]'],
    ['1.2', 'lax $.ceiling()', '[2.0]'],
    ['"1.5"', 'lax $.double()', '[1.5]'],
  ])('%s %s', (document, path, expected) => {
    expect(items(document, path)).toBe(expected)
  })
})

test.each([
  ['{"a":1}', 'strict $.b', "missing member 'b' in JSON object"],
  ['5', 'strict $[0]', 'ARRAY expected, but was NUMBER'],
  ['5', 'strict $.size()', 'ARRAY expected, but was NUMBER'],
  ['"x"', 'lax $ + 1', 'NUMBER expected, but was STRING'],
  ['5', 'lax $ / 0', 'Division by zero'],
  ['9223372036854775807', 'lax $ + 1', 'number out of range'],
  ['[1,2]', 'lax $ + 1', 'arithmetic binary expression requires singleton operands'],
])('%s %s fails', (document, path, message) => {
  expect(() => items(document, path)).toThrow(new PathEvaluationError(message))
})

test.each([
  ['$', 0],
  ['lax', 3],
  ['lax $.', 6],
  ['lax $ +', 7],
  ['LAX $', 0],
  ['lax $#', 5],
])('%s is no path', (path, at) => {
  try {
    parseJsonPath(path)
    expect.unreachable()
  } catch (error) {
    expect((error as PathSyntaxError).at).toBe(at)
  }
})

test('names that were not passed are told', () => {
  expect(() => analyzePath(parseJsonPath('lax $x').root, new Set(['X']))).toThrow('Try quoting "x" in the PASSING clause to match case')
  expect(analyzePath(parseJsonPath('lax $.a.size()').root, new Set())).toEqual({ kind: 'integer' })
})
