import { describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import { parseStatement } from '#src/sql/parser/parse'
import { readCorpus } from './corpus.ts'

function errorOf(text: string): QueryError {
  try {
    parseStatement(text)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
  throw new Error(`parsed: ${text}`)
}

describe("messages of Trino 476's parser", () => {
  const cases = readCorpus('invalid').map((line) => line.split('\t') as [string, string])
  it.each(cases)('%s', (text, message) => {
    const error = errorOf(text)
    expect(error.message).toBe(message)
    expect(error.errorName).toBe('SYNTAX_ERROR')
  })
})

describe('positions', () => {
  it('count lines at line feeds and columns in code points', () => {
    expect(errorOf('SELECT a\n  FROM t\r\n  WHERE').at).toEqual({ line: 3, column: 8 })
    expect(errorOf("SELECT '\u{1F600}', \u00e9").at).toEqual({ line: 1, column: 13 })
    expect(errorOf("SELECT 'a\n\u{1F600}b' #").at).toEqual({ line: 2, column: 5 })
    expect(errorOf('SELECT /* \u{1F600}\n */ -- \u{1F600}\n  #').at).toEqual({ line: 3, column: 3 })
  })
  it('are those of the end for a text that breaks off', () => {
    expect(errorOf('').at).toEqual({ line: 1, column: 1 })
    expect(errorOf('SELECT 1 +\n').at).toEqual({ line: 2, column: 1 })
  })
})

describe('hints', () => {
  it.each([
    ['selct 1', 'Did you mean SELECT?'],
    ['SELECT a FORM t', 'Did you mean FROM in place of FORM?'],
    ['SELECT a FROM t WHER a = 1', 'Did you mean WHERE in place of WHER?'],
    ['SELECT a FROM t GROPU BY a', 'Did you mean GROUP in place of GROPU?'],
    ['SHOW TABELS', 'Did you mean TABLES?'],
    ["SELECT 'abc", 'The string that begins here is never closed; a quote inside a string is written twice'],
    ['SELECT "abc', 'The quoted name that begins here is never closed'],
    ['SELECT 1 /* abc', 'The comment that begins here is never closed'],
    ['SELECT\u00a0a', 'This is a non-breaking space; use a plain one'],
    ['SELECT \u2018a\u2019', 'Typographic quotes are not SQL: use \' for strings and " for names'],
    ['SELECT 1; SELECT 2', 'One statement at a time: send what follows the semicolon on its own'],
    ['SELECT a AS table', 'TABLE is a reserved word; as a name it needs double quotes'],
  ])('%s', (text, hint) => {
    expect(errorOf(text).hint).toBe(hint)
  })
  it('are left out where nothing comes to mind', () => {
    expect(errorOf('SELECT a b c').hint).toBeUndefined()
  })
})

describe('text that is no text', () => {
  it.each([
    ['SELECT \u0000', "line 1:8: mismatched input '\u0000'. Expecting: '*', 'ALL', 'DISTINCT', <expression>"],
    ['SELECT \ud800', 'line 1:8: Invalid text: the surrogate U+D800 stands alone'],
    ["SELECT\n '\u{1F600}\udc00'", 'line 2:4: Invalid text: the surrogate U+DC00 stands alone'],
  ])('is a syntax error with its place: %j', (text, message) => {
    const error = errorOf(text)
    expect(error.message).toBe(message)
    expect(error.errorName).toBe('SYNTAX_ERROR')
  })
  it('may hold a NUL inside a string, as in Trino', () => {
    expect(parseStatement("SELECT '\u0000'").kind).toBe('query-statement')
  })
})

describe('names of Hive in statements of Trino', () => {
  const backquoted = (at: string) => `line ${at}: backquoted identifiers are not supported; use double quotes to quote identifiers`
  it.each([
    ['SELECT `a` FROM t', backquoted('1:8')],
    ['CREATE TABLE `t` (a int)', backquoted('1:14')],
    ['CREATE TABLE `t` AS SELECT 1', backquoted('1:14')],
    ['ALTER TABLE `t` ADD COLUMN a int', backquoted('1:13')],
    ['INSERT INTO `t` SELECT 1', backquoted('1:13')],
    ['INSERT OVERWRITE `t` SELECT `a`', backquoted('1:29')],
    ['CREATE TABLE t (`a` struct<b:int>)', backquoted('1:17')],
    ['CREATE TABLE t (a struct<b:int>)', 'line 1:19: struct<…> is a type of Hive; write row(…)'],
  ])('%s', (text, message) => {
    expect(errorOf(text).message).toBe(message)
  })
})

describe('what has no place in the syntax tree', () => {
  it.each([
    ['CREATE TABLE t (a.b int)', 'line 1:17: Fields of a column cannot be defined on their own'],
    ['SELECT CAST(a AS bigint array[3])', 'line 1:30: Explicit array size not supported'],
  ])('is refused as NOT_SUPPORTED: %s', (text, message) => {
    expect(errorOf(text).message).toBe(message)
    expect(errorOf(text).errorName).toBe('NOT_SUPPORTED')
  })
})
