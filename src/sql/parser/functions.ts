/** WITH FUNCTION and CREATE FUNCTION: SQL routines, read for their syntax and kept as text. */
import type { Position } from '#src/common/errors'
import type {
  Expression,
  FunctionBody,
  FunctionCharacteristic,
  FunctionParameter,
  Identifier,
  InlineFunction,
  QualifiedName,
  RoutineBlock,
  RoutineStatement,
} from '../ast.ts'
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
  for (let next = parseNewCharacteristic(cursor, characteristics); next; next = parseNewCharacteristic(cursor, characteristics)) {
    characteristics.push(next)
  }
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
  const statement = parseStatement(cursor)
  return statement.kind === 'return' || statement.kind === 'block' ? statement : { kind: 'other', at }
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

/** The kinds that may stand once, by Trino's words for them. */
const SINGLE: Readonly<Partial<Record<FunctionCharacteristic['kind'], string>>> = {
  language: 'language',
  deterministic: 'deterministic',
  'null input': 'null-call',
  comment: 'comment',
}

function parseNewCharacteristic(cursor: Cursor, before: readonly FunctionCharacteristic[]): FunctionCharacteristic | undefined {
  const { at } = cursor.token
  const characteristic = parseCharacteristic(cursor)
  if (characteristic && SINGLE[characteristic.kind] !== undefined && before.some(({ kind }) => kind === characteristic.kind)) {
    throw cursor.error(`Multiple ${SINGLE[characteristic.kind]} clauses specified`, at)
  }
  return characteristic
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

function parseStatement(cursor: Cursor): RoutineStatement {
  const level = cursor.enter()
  const { at } = cursor.token
  let label: Identifier | undefined
  if (cursor.token.name && cursor.peek(1) === ':') {
    label = cursor.identifier()
    cursor.next()
  }
  const statement =
    label === undefined ? parsePlainStatement(cursor) : parseLoop(cursor, cursor.expectAny('LOOP', 'WHILE', 'REPEAT'), label, at)
  cursor.leave(level)
  return statement
}

function parsePlainStatement(cursor: Cursor): RoutineStatement {
  const { at } = cursor.token
  const word = cursor.expectAny('RETURN', 'SET', 'CASE', 'IF', 'ITERATE', 'LEAVE', 'BEGIN', 'LOOP', 'WHILE', 'REPEAT')
  switch (word) {
    case 'RETURN':
      return { kind: 'return', value: parseValue(cursor), at }
    case 'SET': {
      const name = cursor.identifier()
      cursor.expect('=')
      return { kind: 'set', name, value: parseExpression(cursor), at }
    }
    case 'CASE':
      return parseCaseStatement(cursor, at)
    case 'IF':
      return parseIf(cursor, at)
    case 'ITERATE':
    case 'LEAVE':
      return { kind: word === 'LEAVE' ? 'leave' : 'iterate', label: cursor.identifier(), at }
    case 'BEGIN':
      return parseBlock(cursor, at)
    case 'LOOP':
    case 'WHILE':
    case 'REPEAT':
      return parseLoop(cursor, word, undefined, at)
  }
}

function parseCaseStatement(cursor: Cursor, at: Position): RoutineStatement {
  const operand = cursor.at('WHEN') ? undefined : parseExpression(cursor)
  const whens: { when: Expression; body: readonly RoutineStatement[] }[] = []
  do {
    cursor.expect('WHEN')
    const when = parseExpression(cursor)
    cursor.expect('THEN')
    whens.push({ when, body: parseStatements(cursor) })
  } while (cursor.at('WHEN'))
  const otherwise = cursor.accept('ELSE') ? parseStatements(cursor) : undefined
  cursor.expect('END')
  cursor.expect('CASE')
  return { kind: 'case', operand, whens, otherwise, at }
}

function parseIf(cursor: Cursor, at: Position): RoutineStatement {
  const branches: { condition: Expression; body: readonly RoutineStatement[] }[] = []
  do {
    const condition = parseExpression(cursor)
    cursor.expect('THEN')
    branches.push({ condition, body: parseStatements(cursor) })
  } while (cursor.accept('ELSEIF'))
  const otherwise = cursor.accept('ELSE') ? parseStatements(cursor) : undefined
  cursor.expect('END')
  cursor.expect('IF')
  return { kind: 'if', branches, otherwise, at }
}

function parseBlock(cursor: Cursor, at: Position): RoutineBlock {
  const declarations: RoutineBlock['declarations'][number][] = []
  for (let declared = cursor.token.at; cursor.accept('DECLARE'); declared = cursor.token.at) {
    const names = cursor.list(() => cursor.identifier())
    const type = parseTypeName(cursor)
    declarations.push({ names, type, default: cursor.accept('DEFAULT') ? parseValue(cursor) : undefined, at: declared })
    cursor.expect(';')
  }
  const body = cursor.at('END') ? [] : parseStatements(cursor)
  cursor.expect('END')
  return { kind: 'block', declarations, body, at }
}

function parseLoop(cursor: Cursor, word: 'LOOP' | 'WHILE' | 'REPEAT', label: Identifier | undefined, at: Position): RoutineStatement {
  let condition: Expression | undefined
  if (word === 'WHILE') {
    condition = parseExpression(cursor)
    cursor.expect('DO')
  }
  const body = parseStatements(cursor)
  if (word === 'REPEAT') {
    cursor.expect('UNTIL')
    condition = parseExpression(cursor)
  }
  cursor.expect('END')
  cursor.expect(word)
  return { kind: word.toLowerCase() as 'loop' | 'while' | 'repeat', label, condition, body, at }
}

/** One or more, each with its semicolon; ends before a word that no statement begins with. */
function parseStatements(cursor: Cursor): readonly RoutineStatement[] {
  const statements: RoutineStatement[] = []
  do {
    statements.push(parseStatement(cursor))
    cursor.expect(';')
  } while (!ENDS_LIST.some((word) => cursor.at(word)))
  return statements
}

const ENDS_LIST = ['END', 'ELSE', 'ELSEIF', 'WHEN', 'UNTIL']
