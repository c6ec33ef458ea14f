import { describe, expect, it } from 'vitest'
import type { Expression } from '#src/sql/ast'
import { parseExpression, parseType } from '#src/sql/parser/parse'

/** A tree in brackets, each operator before its operands: what binds how is seen at a glance. */
function shape(node: Expression): string {
  switch (node.kind) {
    case 'identifier':
      return node.value
    case 'number':
      return node.text
    case 'string':
      return `'${node.value}'`
    case 'arithmetic':
      return `(${node.operator} ${shape(node.left)} ${shape(node.right)})`
    case 'comparison':
      return `(${node.operator} ${shape(node.left)} ${shape(node.right)})`
    case 'logical':
      return `(${node.operator} ${node.terms.map(shape).join(' ')})`
    case 'not':
      return `(not ${shape(node.value)})`
    case 'sign':
      return `(${node.sign} ${shape(node.value)})`
    case 'between':
      return `(${node.negated ? 'not-' : ''}between ${shape(node.value)} ${shape(node.low)} ${shape(node.high)})`
    case 'at-time-zone':
      return `(zone ${shape(node.value)} ${shape(node.zone)})`
    case 'dereference':
      return `(. ${shape(node.base)} ${node.field.value})`
    case 'subscript':
      return `([] ${shape(node.base)} ${shape(node.index)})`
    case 'lambda':
      return `(-> ${node.parameters.map((parameter) => parameter.value).join(' ')} ${shape(node.body)})`
    case 'call':
      return `(${node.name.parts.map((part) => part.value).join('.')} ${node.arguments.map(shape).join(' ')})`
    default:
      return node.kind
  }
}

describe('what binds how', () => {
  it.each([
    ['a OR b AND NOT c = d', '(or a (and b (not (= c d))))'],
    ['a AND b AND c OR d OR e', '(or (and a b c) d e)'],
    ['(a AND b) AND c', '(and (and a b) c)'],
    ['NOT NOT a', '(not (not a))'],
    ['a + b * c - d', '(- (+ a (* b c)) d)'],
    ['a || b + c || d', '(|| (|| a (+ b c)) d)'],
    ['a / b % c', '(% (/ a b) c)'],
    ['-a * b', '(* (- a) b)'],
    ['- -1', '(- -1)'],
    ['-1 + 2', '(+ -1 2)'],
    ['1 -2', '(- 1 2)'],
    ['-(1)', '(- 1)'],
    ["-a AT TIME ZONE 'x'", "(- (zone a 'x'))"],
    ["a * b AT TIME ZONE 'x'", "(* a (zone b 'x'))"],
    ['a + 1 = b * 2', '(= (+ a 1) (* b 2))'],
    ['a BETWEEN b AND c AND d', '(and (between a b c) d)'],
    ['NOT a NOT BETWEEN 1 AND 2 OR b', '(or (not (not-between a 1 2)) b)'],
    ['a.b.c[1].d', '(. ([] (. (. a b) c) 1) d)'],
    ['x -> y -> x + y', '(-> x (-> y (+ x y)))'],
    ['() -> 1', '(->  1)'],
    ['a.b.f(c).d', '(. (a.b.f c) d)'],
    ['POSITION(a IN b)', '(strpos b a)'],
    ['SUBSTRING(a FROM 2 FOR 3)', '(substr a 2 3)'],
    ['NORMALIZE(a)', "(normalize a 'NFC')"],
    ["date '2024-01-01' + interval '1' day", '(+ generic-literal interval)'],
    ['((SELECT 1) + 1) * 2', '(* (+ subquery 1) 2)'],
  ])('%s', (text, expected) => {
    expect(shape(parseExpression(text))).toBe(expected)
  })
})

describe('positions', () => {
  const at = (column: number) => ({ line: 1, column })
  it('of a binary node are its left operand and its operator', () => {
    expect(parseExpression('a + b * c')).toMatchObject({ at: at(1), operatorAt: at(3), right: { at: at(5), operatorAt: at(7) } })
    expect(parseExpression('(a) = b')).toMatchObject({ at: at(2), operatorAt: at(5) })
    expect(parseExpression('a NOT IN (1)')).toMatchObject({ at: at(1), operatorAt: at(3), negated: true, items: [{ at: at(11) }] })
    expect(parseExpression('a IS NOT NULL')).toMatchObject({ operatorAt: at(3), negated: true })
  })
  it('of a call and a field are where they begin', () => {
    expect(parseExpression('  a.f(b)')).toMatchObject({ at: at(3), arguments: [{ at: at(7) }] })
    expect(parseExpression('RUNNING last(x)')).toMatchObject({ at: at(1), processing: 'running' })
    expect(parseExpression('a.b')).toMatchObject({ at: at(1), field: { at: at(3) } })
    expect(parseExpression('CASE WHEN a THEN b END')).toMatchObject({ at: at(1), whens: [{ at: at(6), when: { at: at(11) } }] })
  })
  it('count lines', () => {
    expect(parseExpression('a\n  +\n b')).toMatchObject({ operatorAt: { line: 2, column: 3 }, right: { at: { line: 3, column: 2 } } })
  })
})

describe('names', () => {
  it('are folded unless quoted, and keep their spelling', () => {
    expect(parseExpression('Foo')).toMatchObject({ value: 'foo', written: 'Foo', quoted: false })
    expect(parseExpression('foo')).not.toHaveProperty('written')
    expect(parseExpression('"Foo""x"')).toMatchObject({ value: 'Foo"x', quoted: true })
  })
})

describe('literals', () => {
  it.each([
    ["'it''s'", { kind: 'string', value: "it's" }],
    ["U&'\\0041\\+01F600\\\\'", { kind: 'string', value: 'A\u{1F600}\\' }],
    ["U&'d!0061t!!' UESCAPE '!'", { kind: 'string', value: 'dat!' }],
    ["X'0a 1B'", { kind: 'binary', hex: '0A1B' }],
    ['1_000', { kind: 'number', form: 'integer', text: '1_000' }],
    ['0x1F', { kind: 'number', form: 'integer', text: '0x1F' }],
    ['-9223372036854775808', { kind: 'number', form: 'integer', text: '-9223372036854775808' }],
    ['1.', { kind: 'number', form: 'decimal', text: '1.' }],
    ['.5', { kind: 'number', form: 'decimal', text: '.5' }],
    ['1.5E-3', { kind: 'number', form: 'double', text: '1.5E-3' }],
    ["interval -'1-2' year to month", { kind: 'interval', sign: '-', value: '1-2', from: 'year', to: 'month' }],
    ["double precision '1'", { kind: 'generic-literal', type: { kind: 'generic-type', name: 'double' }, value: '1' }],
    ["timestamp 'x'", { kind: 'generic-literal', type: { kind: 'datetime-type', base: 'timestamp', withTimeZone: false }, value: 'x' }],
    ['current_timestamp(6)', { kind: 'current', name: 'current_timestamp', precision: 6 }],
  ])('%s', (text, expected) => {
    expect(parseExpression(text)).toMatchObject(expected)
  })
  it('numbers parameters in the order of the text', () => {
    expect(parseExpression('? + f(?, ?)')).toMatchObject({ left: { index: 0 }, right: { arguments: [{ index: 1 }, { index: 2 }] } })
  })
})

describe('types', () => {
  const bigint = { kind: 'generic-type', name: 'bigint', arguments: [] }
  it.each([
    ['decimal(10, 2)', { kind: 'generic-type', name: 'decimal', arguments: [10, 2] }],
    ['double precision', { kind: 'generic-type', name: 'double', arguments: [] }],
    ['bigint array', { kind: 'generic-type', name: 'array', arguments: [bigint] }],
    ['array<bigint>', { kind: 'generic-type', name: 'array', arguments: [bigint] }],
    ['time', { kind: 'datetime-type', base: 'time', precision: undefined, withTimeZone: false }],
    ['timestamp(3) with time zone', { kind: 'datetime-type', base: 'timestamp', precision: 3, withTimeZone: true }],
    ['timestamp without time zone', { kind: 'datetime-type', base: 'timestamp', withTimeZone: false }],
    ['interval day to second', { kind: 'interval-type', from: 'day', to: 'second' }],
    [
      'row(a bigint, bigint)',
      {
        kind: 'row-type',
        fields: [
          { name: { value: 'a' }, type: bigint },
          { name: undefined, type: bigint },
        ],
      },
    ],
    ['row(time time)', { kind: 'row-type', fields: [{ name: { value: 'time' }, type: { kind: 'datetime-type' } }] }],
    ['row(bigint array)', { kind: 'row-type', fields: [{ name: undefined, type: { name: 'array' } }] }],
  ])('%s', (text, expected) => {
    expect(parseType(text)).toMatchObject(expected)
  })
})
