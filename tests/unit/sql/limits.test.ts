import { describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import type { Expression } from '#src/sql/ast'
import { MAX_NESTING, MAX_TREE_HEIGHT } from '#src/sql/parser/cursor'
import { parseExpression, parseStatement, splitStatements } from '#src/sql/parser/parse'
import { printStatement } from '#src/sql/printer'
import { children, type Node } from '#src/sql/walk'

function verdict(text: string): string {
  try {
    parseStatement(text)
    return 'ok'
  } catch (error) {
    return error instanceof QueryError ? `${error.errorName} ${error.message}` : String(error)
  }
}

/** An operand of a chain, as deep as the chain is long. */
function height(node: Node): number {
  let tallest = 0
  const stack: { node: Node; depth: number }[] = [{ node, depth: 1 }]
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    tallest = Math.max(tallest, item.depth)
    for (const child of children(item.node)) stack.push({ node: child, depth: item.depth + 1 })
  }
  return tallest
}

const repeat = (before: string, times: number, middle: string, after = ''): string => before.repeat(times) + middle + after.repeat(times)

describe('the length of a statement', () => {
  it('is limited as in Trino', () => {
    const text = `SELECT ${'1,'.repeat(2_500_000)}1`
    expect(verdict(text)).toBe(`QUERY_TEXT_TOO_LARGE Query text length (${text.length}) exceeds the maximum length (1000000)`)
    expect(verdict(`SELECT '${'x'.repeat(999_991)}'`)).toBe('ok')
    expect(verdict(`SELECT '${'x'.repeat(999_992)}'`)).toContain('QUERY_TEXT_TOO_LARGE')
  })
})

describe('depth', () => {
  const tooDeep = /^STACK_OVERFLOW line \d+:\d+: statement is too large \(stack overflow while parsing\)$/
  it.each([
    ['parentheses', `SELECT ${repeat('(', 20_000, '1', ')')}`],
    ['parentheses that are never closed', `SELECT ${'('.repeat(20_000)}`],
    ['parentheses around a query', repeat('(', 20_000, 'SELECT 1', ')')],
    ['parentheses around a relation', `SELECT * FROM ${repeat('(', 20_000, 't', ')')}`],
    ['relations that are never closed', `SELECT * FROM ${'('.repeat(20_000)}SELECT 1`],
    ['subqueries', `SELECT ${repeat('(SELECT ', 20_000, '1', ')')}`],
    ['derived tables', `SELECT * FROM ${repeat('(SELECT * FROM ', 20_000, 't', ')')}`],
    ['calls', `SELECT ${repeat('f(', 20_000, '1', ')')}`],
    ['brackets', `SELECT ${'['.repeat(20_000)}`],
    ['indexes', `SELECT ${repeat('a[', 20_000, '1', ']')}`],
    ['CASE', `SELECT ${repeat('CASE WHEN ', 20_000, '1', ' THEN 1 END')}`],
    ['TRIM', `SELECT ${repeat('TRIM(', 20_000, 'a', ')')}`],
    ['lambdas', `SELECT ${'x -> '.repeat(20_000)}1`],
    ['NOT', `SELECT ${'NOT '.repeat(50_000)}a`],
    ['signs', `SELECT ${'- '.repeat(50_000)}a`],
    ['operators', `SELECT 1${'+1'.repeat(50_000)}`],
    ['concatenations', `SELECT a${"||'b'".repeat(50_000)}`],
    ['fields', `SELECT a${'.b'.repeat(50_000)}`],
    ['unions', `SELECT 1${' UNION SELECT 1'.repeat(50_000)}`],
    ['joins', `SELECT * FROM t${' JOIN t ON a'.repeat(50_000)}`],
    ['joins without a condition', `SELECT * FROM t${' JOIN t'.repeat(50_000)}`],
    ['commas', `SELECT * FROM t${', t'.repeat(50_000)}`],
    ['types', `SELECT CAST(a AS ${repeat('array(', 20_000, 'bigint', ')')})`],
    ['types behind each other', `SELECT CAST(a AS bigint${' array'.repeat(50_000)})`],
    ['EXPLAIN', `${'EXPLAIN '.repeat(20_000)}SELECT 1`],
    ['PREPARE', `${'PREPARE p FROM '.repeat(20_000)}SELECT 1`],
    ['row patterns', `SELECT * FROM t MATCH_RECOGNIZE (PATTERN (${repeat('(', 20_000, 'A', ')')}) DEFINE A AS true)`],
    ['routines', `WITH FUNCTION f() RETURNS int ${'LOOP '.repeat(20_000)}`],
    ['CTEs', `${repeat('WITH a AS (', 20_000, 'SELECT 1', ') SELECT 1')}`],
  ])('of %s is limited', (_, text) => {
    expect(verdict(text)).toMatch(tooDeep)
  })

  it.each([
    ['AND', `SELECT a${' AND a = 1'.repeat(50_000)}`],
    ['OR', `SELECT a${' OR a = 1'.repeat(50_000)}`],
    ['IN', `SELECT a IN (1${',1'.repeat(50_000)})`],
    ['VALUES', `VALUES (1+1)${',(1+1)'.repeat(50_000)}`],
    ['columns', `SELECT a*2+b-c${',a*2+b-c'.repeat(50_000)}`],
    ['CASE branches', `SELECT CASE${' WHEN a = 1 THEN 2'.repeat(30_000)} END`],
    ['terms of sums', `SELECT 1 WHERE a+1>b${' AND a+1>b'.repeat(50_000)}`],
  ])('is not used up by a flat list: %s', (_, text) => {
    expect(verdict(text)).toBe('ok')
  })

  it('allows what people write', () => {
    expect(verdict(`SELECT ${repeat('(', MAX_NESTING - 10, '1', ')')}`)).toBe('ok')
    expect(verdict(`SELECT a${"||'b'".repeat(MAX_TREE_HEIGHT - 10)}`)).toBe('ok')
    expect(verdict(`SELECT 1${' UNION ALL SELECT 1'.repeat(MAX_TREE_HEIGHT - 10)}`)).toBe('ok')
  })

  it('never gives a taller tree than promised', () => {
    for (const text of [
      `1${'+1'.repeat(1_400)}`,
      repeat('(1+', 300, '1', ')'),
      `${repeat('(', 400, `1${'+1'.repeat(1_000)}`, ')')}`,
      `a${' AND NOT NOT (b + 1 + 2 = 3 OR c)'.repeat(500)}`,
      `f(${repeat('g(a.b.c, ', 100, '- - 1', ')')})`,
    ]) {
      expect(height(parseExpression(text))).toBeLessThanOrEqual(MAX_TREE_HEIGHT)
    }
    const nested = repeat(`(${'1+'.repeat(100)}`, 200, '1', ')')
    expect(verdict(`SELECT ${nested}`)).toContain('STACK_OVERFLOW')
  })

  it('leaves the printer and the walker far from the end of the stack', () => {
    const text = `SELECT ${'CASE WHEN '.repeat(240)}1${' THEN 1 END'.repeat(240)}${"||'b'".repeat(700)}`
    expect(verdict(printStatement(parseStatement(text)))).toBe('ok')
    const count = (node: Node): number => children(node).reduce((sum, child) => sum + count(child), 1)
    expect(count(parseExpression(`1${'+1'.repeat(1_400)}`) as Expression)).toBe(2_801)
  })
})

describe('splitStatements', () => {
  it('splits at semicolons outside strings, names and comments', () => {
    const script = `SELECT 'a;b', "c;d", \`e;f\` -- g;h\n;; /* i;j */ ;SELECT 'it''s;'; -- the end`
    expect(splitStatements(script)).toEqual([`SELECT 'a;b', "c;d", \`e;f\` -- g;h`, `SELECT 'it''s;'`])
  })
  it('keeps what is open in one piece', () => {
    expect(splitStatements("SELECT 'a; b")).toEqual(["SELECT 'a; b"])
    expect(splitStatements('SELECT 1; SELECT /* a; b')).toEqual(['SELECT 1', 'SELECT /* a; b'])
  })
  it('is fast on long texts', () => {
    expect(splitStatements(`${"SELECT 'x''y';".repeat(200_000)}`)).toHaveLength(200_000)
    expect(splitStatements(`SELECT '${"''".repeat(1_000_000)}`)).toHaveLength(1)
  })
})
