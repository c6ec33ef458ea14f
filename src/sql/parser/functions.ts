/** WITH FUNCTION and CREATE FUNCTION: SQL routines, read for their syntax and kept as text. */
import type { FunctionBody, FunctionCharacteristic, FunctionParameter, InlineFunction, QualifiedName } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression, parseValue } from './expressions.ts'
import { parseString } from './literals.ts'
import { parseProperties } from './properties.ts'
import { parseTypeName } from './types.ts'

/** WITH FUNCTION begins routines; FUNCTION is a name as well: `WITH function AS (…)`. */
export function atInlineFunction(cursor: Cursor): boolean {
  if (cursor.token.type !== 'WITH' || cursor.peek(1) !== 'FUNCTION') return false
  return cursor.peekName(2)
}

export function parseInlineFunctions(cursor: Cursor): readonly InlineFunction[] {
  cursor.expect('WITH')
  return cursor.list(() => {
    const start = cursor.token
    const parsed = parseFunction(cursor)
    return { ...parsed, text: cursor.textFrom(start), at: start.at }
  })
}

/** FUNCTION name(parameters) RETURNS type characteristics statement | AS $$…$$ */
export function parseFunction(cursor: Cursor): Omit<InlineFunction, 'text' | 'at'> {
  cursor.expect('FUNCTION')
  const declaration = parseFunctionDeclaration(cursor)
  const returnsAt = cursor.token.at
  cursor.expect('RETURNS')
  const returns = parseTypeName(cursor)
  const characteristics: FunctionCharacteristic[] = []
  for (let next = parseCharacteristic(cursor); next; next = parseCharacteristic(cursor)) characteristics.push(next)
  const { at } = cursor.token
  if (!cursor.accept('AS')) return { ...declaration, returns, returnsAt, characteristics, body: parseBody(cursor) }
  parseDefinition(cursor)
  return { ...declaration, returns, returnsAt, characteristics, body: { kind: 'definition', at } }
}

export function parseFunctionDeclaration(cursor: Cursor): Pick<InlineFunction, 'name' | 'parameters'> {
  const name: QualifiedName = cursor.qualifiedName()
  cursor.expect('(')
  const parameters = cursor.at(')') ? [] : cursor.list(() => parseParameter(cursor))
  cursor.expect(')')
  return { name, parameters }
}

function parseBody(cursor: Cursor): FunctionBody {
  const { at } = cursor.token
  if (cursor.accept('RETURN')) return { kind: 'return', value: parseValue(cursor), at }
  if (cursor.at('BEGIN') && cursor.peek(1) === 'RETURN') {
    const level = cursor.enter()
    cursor.next()
    const inner = parseBody(cursor)
    cursor.expect(';')
    cursor.leave(level)
    if (cursor.accept('END')) return inner
    parseStatements(cursor)
    cursor.expect('END')
    return { kind: 'block', returns: false, at }
  }
  const block = cursor.at('BEGIN')
  parseStatement(cursor)
  return block ? { kind: 'block', returns: true, at } : { kind: 'other', at }
}

/** [name] type: a type alone if nothing that could be a type follows its first word. */
function parseParameter(cursor: Cursor): FunctionParameter {
  const { at } = cursor.token
  const next = cursor.peek(1)
  const typeAlone = next === ',' || next === ')' || next === '(' || next === '<' || (cursor.token.type === 'DOUBLE' && next === 'PRECISION')
  if (!typeAlone && cursor.token.name && !(cursor.token.type === 'TIMESTAMP' && next === 'WITH')) {
    return { name: cursor.identifier(), type: parseTypeName(cursor), at }
  }
  return { name: undefined, type: parseTypeName(cursor), at }
}

function parseCharacteristic(cursor: Cursor): FunctionCharacteristic | undefined {
  const { at } = cursor.token
  if (cursor.accept('LANGUAGE')) return { kind: 'language', language: cursor.identifier() }
  if (cursor.accept('NOT')) {
    cursor.expect('DETERMINISTIC')
    return { kind: 'deterministic', deterministic: false }
  }
  if (cursor.accept('DETERMINISTIC')) return { kind: 'deterministic', deterministic: true }
  if (cursor.accept('RETURNS')) {
    for (const word of ['NULL', 'ON', 'NULL', 'INPUT']) cursor.expect(word)
    return { kind: 'null input', called: false }
  }
  if (cursor.accept('CALLED')) {
    for (const word of ['ON', 'NULL', 'INPUT']) cursor.expect(word)
    return { kind: 'null input', called: true }
  }
  if (cursor.accept('SECURITY')) {
    cursor.expectAny('DEFINER', 'INVOKER')
    return { kind: 'security', at }
  }
  if (cursor.accept('COMMENT')) {
    parseString(cursor)
    return { kind: 'comment' }
  }
  if (cursor.accept('WITH')) {
    parseProperties(cursor)
    return { kind: 'properties' }
  }
  return undefined
}

/** $$ … $$: the body begins on a line of its own. */
function parseDefinition(cursor: Cursor): void {
  const token = cursor.expect('dollar-string')
  if (!/^\$\$[ \t]*\r?\n/.test(cursor.textOf(token))) {
    throw cursor.error('Function definition must start with a newline after opening quotes', token.at)
  }
}

function parseStatement(cursor: Cursor): void {
  const level = cursor.enter()
  if (cursor.token.name && cursor.peek(1) === ':') {
    cursor.identifier()
    cursor.next()
    parseLoop(cursor, cursor.expectAny('LOOP', 'WHILE', 'REPEAT'))
  } else {
    parsePlainStatement(cursor)
  }
  cursor.leave(level)
}

function parsePlainStatement(cursor: Cursor): void {
  const word = cursor.expectAny('RETURN', 'SET', 'CASE', 'IF', 'ITERATE', 'LEAVE', 'BEGIN', 'LOOP', 'WHILE', 'REPEAT')
  switch (word) {
    case 'RETURN':
      parseValue(cursor)
      return
    case 'SET':
      cursor.identifier()
      cursor.expect('=')
      parseExpression(cursor)
      return
    case 'CASE':
      parseCaseStatement(cursor)
      return
    case 'IF':
      parseIf(cursor)
      return
    case 'ITERATE':
    case 'LEAVE':
      cursor.identifier()
      return
    case 'BEGIN':
      parseBlock(cursor)
      return
    case 'LOOP':
    case 'WHILE':
    case 'REPEAT':
      parseLoop(cursor, word)
      return
  }
}

function parseCaseStatement(cursor: Cursor): void {
  if (!cursor.at('WHEN')) parseExpression(cursor)
  do {
    cursor.expect('WHEN')
    parseExpression(cursor)
    cursor.expect('THEN')
    parseStatements(cursor)
  } while (cursor.at('WHEN'))
  if (cursor.accept('ELSE')) parseStatements(cursor)
  cursor.expect('END')
  cursor.expect('CASE')
}

function parseIf(cursor: Cursor): void {
  do {
    parseExpression(cursor)
    cursor.expect('THEN')
    parseStatements(cursor)
  } while (cursor.accept('ELSEIF'))
  if (cursor.accept('ELSE')) parseStatements(cursor)
  cursor.expect('END')
  cursor.expect('IF')
}

function parseBlock(cursor: Cursor): void {
  while (cursor.accept('DECLARE')) {
    cursor.list(() => cursor.identifier())
    parseTypeName(cursor)
    if (cursor.accept('DEFAULT')) parseValue(cursor)
    cursor.expect(';')
  }
  if (!cursor.at('END')) parseStatements(cursor)
  cursor.expect('END')
}

function parseLoop(cursor: Cursor, word: 'LOOP' | 'WHILE' | 'REPEAT'): void {
  if (word === 'WHILE') {
    parseExpression(cursor)
    cursor.expect('DO')
  }
  parseStatements(cursor)
  if (word === 'REPEAT') {
    cursor.expect('UNTIL')
    parseExpression(cursor)
  }
  cursor.expect('END')
  cursor.expect(word)
}

/** One or more, each with its semicolon; ends before a word that no statement begins with. */
function parseStatements(cursor: Cursor): void {
  do {
    parseStatement(cursor)
    cursor.expect(';')
  } while (!ENDS_LIST.some((word) => cursor.at(word)))
}

const ENDS_LIST = ['END', 'ELSE', 'ELSEIF', 'WHEN', 'UNTIL']
