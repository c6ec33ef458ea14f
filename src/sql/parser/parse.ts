/** The parser's entry points. */
import type { Expression, QualifiedName, Statement, TypeName } from '../ast.ts'
import { parseText } from './cursor.ts'
import { parseExpression as expression } from './expressions.ts'
import { parsePathList } from './session.ts'
import { parseStatement as statement } from './statements.ts'
import { parseTypeName } from './types.ts'

/**
 * One statement of Trino's SQL or Athena's Hive DDL; a semicolon may end it.
 * Throws SYNTAX_ERROR, STACK_OVERFLOW and NOT_SUPPORTED with the position, QUERY_TEXT_TOO_LARGE.
 */
export function parseStatement(text: string): Statement {
  return parseText(text, statement)
}

/** One expression. Throws as parseStatement does. */
export function parseExpression(text: string): Expression {
  return parseText(text, (cursor) => expression(cursor))
}

/** The value of X-Trino-Path, as SET PATH lists it: `a, b.c`. Throws as parseStatement does. */
export function parsePath(text: string): readonly QualifiedName[] {
  return parseText(text, parsePathList)
}

/** One type name: `array(decimal(10, 2))`. Throws as parseStatement does. */
export function parseType(text: string): TypeName {
  return parseText(text, parseTypeName)
}

/**
 * Where a semicolon means nothing, and the semicolon. An open quote or comment reaches to the end; a doubled quote reads as the end of
 * one string and the beginning of the next, which splits the same.
 */
const SPLIT = /'[^']*(?:'|$)|"[^"]*(?:"|$)|`[^`]*(?:`|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|;/g
const COMMENTS = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g

/** The statements of a script, without their semicolons; pieces of only space and comments are left out. Throws nothing. */
export function splitStatements(text: string): readonly string[] {
  const statements: string[] = []
  const add = (piece: string): void => {
    if (piece.replace(COMMENTS, '').trim() !== '') statements.push(piece.trim())
  }
  let start = 0
  for (const match of text.matchAll(SPLIT)) {
    if (match[0] !== ';') continue
    add(text.slice(start, match.index))
    start = match.index + 1
  }
  add(text.slice(start))
  return statements
}
