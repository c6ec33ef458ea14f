/**
 * Statements and what a real Trino answers to them, as text that people read and diff (`tests/sql/**\/*.slt`):
 *
 *     # A comment stands anywhere between statements.
 *     @timezone Asia/Tokyo        a directive of its own holds from here to the end of the file
 *
 *     @tolerance 1e-12            above a statement: of this statement only
 *     SELECT id, name FROM t ORDER BY id
 *     ---- ordered                `----` alone: rows in any order; nothing yet recorded: no such line
 *     id integer | name varchar(5)
 *     [1,"one"]
 *     [2,null]
 *
 *     SELECT 1 / 0
 *     ----
 *     error DIVISION_BY_ZERO: Division by zero
 *
 * Paragraphs are separated by empty lines; so a statement has none inside. An error names its place: `error X 1:8: message`.
 * Directives: `@timezone Z`, `@catalog C`, `@schema S`, `@session name=value`, `@prepare name=sql`, `@tolerance relative`.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Settings {
  readonly timezone: string
  readonly catalog?: string
  readonly schema?: string
  readonly session: Readonly<Record<string, string>>
  readonly prepared: Readonly<Record<string, string>>
  /** Doubles may differ by so much of their size; 0: not at all. */
  readonly tolerance: number
}

/** One statement of a file. */
export interface SltStatement {
  readonly kind: 'statement'
  /** Where its text begins in the file. */
  readonly line: number
  readonly sql: string
  readonly settings: Settings
  /** Lines above its text that belong to it: comments and directives. */
  readonly head: readonly string[]
  readonly expected: SltExpectation | undefined
}

export interface SltExpectation {
  /** The rows stand in the order of the answer. */
  readonly ordered: boolean
  readonly lines: readonly string[]
}

/** Lines that are not of a statement: comments and directives for the rest of the file. */
interface SltText {
  readonly kind: 'text'
  readonly lines: readonly string[]
}

export type SltBlock = SltStatement | SltText

const MARK = /^----( ordered)?$/

export const NO_SETTINGS: Settings = { timezone: 'UTC', session: {}, prepared: {}, tolerance: 0 }

/** Throws Error that names the line of a directive that does not exist. */
export function parseSlt(text: string): readonly SltBlock[] {
  const blocks: SltBlock[] = []
  let settings = NO_SETTINGS
  let paragraph: string[] = []
  let start = 1
  const close = (): void => {
    if (paragraph.length === 0) return
    const above = paragraph.findIndex((line) => !/^[#@]/.test(line))
    const head = above < 0 ? paragraph : paragraph.slice(0, above)
    const mine = head.reduce((before, line, index) => (line.startsWith('@') ? directive(before, line, start + index) : before), settings)
    if (above < 0) {
      settings = mine
      blocks.push({ kind: 'text', lines: paragraph })
    } else {
      const mark = paragraph.findIndex((line) => MARK.test(line))
      const sql = paragraph.slice(above, mark < 0 ? undefined : mark).join('\n')
      const expected = mark < 0 ? undefined : { ordered: paragraph[mark] !== '----', lines: paragraph.slice(mark + 1) }
      blocks.push({ kind: 'statement', line: start + above, sql, settings: mine, head, expected })
    }
    paragraph = []
  }
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') close()
    else {
      if (paragraph.length === 0) start = index + 1
      paragraph.push(line)
    }
  }
  close()
  return blocks
}

export function printSlt(blocks: readonly SltBlock[]): string {
  return `${blocks.map((block) => (block.kind === 'text' ? block.lines : statementLines(block)).join('\n')).join('\n\n')}\n`
}

function statementLines({ head, sql, expected }: SltStatement): readonly string[] {
  return [...head, sql, ...(expected === undefined ? [] : [expected.ordered ? '---- ordered' : '----', ...expected.lines])]
}

function directive(settings: Settings, line: string, at: number): Settings {
  const [, name, value = ''] = /^@(\w+)\s*(.*)$/.exec(line) ?? []
  const pair = (): Readonly<Record<string, string>> => {
    const split = value.indexOf('=')
    if (split < 1) throw new Error(`Line ${at}: ${line}: expected name=value`)
    return { [value.slice(0, split)]: value.slice(split + 1) }
  }
  switch (name) {
    case 'timezone':
      return { ...settings, timezone: value }
    case 'catalog':
      return { ...settings, catalog: value }
    case 'schema':
      return { ...settings, schema: value }
    case 'session':
      return { ...settings, session: { ...settings.session, ...pair() } }
    case 'prepare':
      return { ...settings, prepared: { ...settings.prepared, ...pair() } }
    case 'tolerance':
      return { ...settings, tolerance: Number(value) }
    default:
      throw new Error(`Line ${at}: ${line}: there is no such directive`)
  }
}

/** Paths of all `.slt` files below a folder, or the path itself. */
export function sltFiles(path: string): readonly string[] {
  if (path.endsWith('.slt')) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.slt'))
    .sort()
    .map((name) => join(path, name))
}
