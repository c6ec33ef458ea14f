/** The interactive prompt: statements over several lines until `;`, a history that survives, USE and SET TIME ZONE kept. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { toQueryError } from '#src/common/errors'
import { splitStatements } from '#src/sql/parser/parse'
import type { Connection } from './connection.ts'
import type { Terminal } from './program.ts'
import { type OutputFormat, type QueryOptions, runStatement, ToldError } from './query-commands.ts'
import { errorText } from './user-errors.ts'

const HISTORY_LINES = 1000

/** Also the answer to other prompts' commands (`\d`, `.tables`), which would wait for a `;` that does not come. */
const HELP = `SHOW SCHEMAS;  SHOW TABLES;  DESCRIBE table;  SHOW CREATE TABLE table;  SHOW FUNCTIONS LIKE 'date%';
USE schema;    EXPLAIN SELECT …;   EXPLAIN ANALYZE SELECT …;
Ctrl-C drops what was typed or ends the statement that runs; quit or Ctrl-D leaves.
`

export async function runPrompt(connection: Connection, options: QueryOptions, terminal: Terminal): Promise<void> {
  const history = openHistory()
  const lines = createInterface({
    input: terminal.stdin,
    output: terminal.stderr,
    terminal: true,
    history: history.entries,
    historySize: HISTORY_LINES,
  })
  const format = (options.format ?? 'table') as OutputFormat
  let schema = options.schema
  let pending = ''
  const prompt = () => {
    lines.setPrompt(pending === '' ? `weir:${schema}> ` : `${' '.repeat(`weir:${schema}`.length - 2)}-> `)
    lines.prompt()
  }
  terminal.stderr.write("Statements end with ';'. help tells more, quit or Ctrl-D leaves.\n")
  lines.on('SIGINT', () => {
    pending = ''
    terminal.stderr.write('\n')
    prompt()
  })
  prompt()
  for await (const line of lines) {
    if (pending === '' && /^\s*(quit|exit|\\q)\s*;?\s*$/i.test(line)) break
    if (pending === '' && /^\s*(help\s*;?\s*$|[?\\.])/i.test(line)) {
      terminal.stderr.write(HELP)
      prompt()
      continue
    }
    pending = pending === '' ? line : `${pending}\n${line}`
    if (/^\s*$/.test(pending)) pending = ''
    if (pending !== '' && endsStatement(pending)) {
      const text = pending
      pending = ''
      history.add(text)
      lines.pause()
      // Out of raw mode Ctrl-C is a signal again, and ends the statement that runs.
      terminal.stdin.setRawMode?.(false)
      for (const statement of splitStatements(text)) {
        const use = /^\s*use\s+(?:"?lake"?\s*\.\s*)?(?:"([^"]+)"|([a-z_][a-z0-9_]*))\s*$/i.exec(statement)
        try {
          await runStatement(statement, format, connection, { ...options, schema }, terminal)
          if (use !== null) schema = (use[1] ?? use[2] ?? schema).toLowerCase()
        } catch (error) {
          if (!(error instanceof ToldError)) terminal.stderr.write(errorText(toQueryError(error)))
        }
      }
      terminal.stdin.setRawMode?.(true)
      lines.resume()
    }
    prompt()
  }
  lines.close()
}

/** True when the text's last `;` ends a statement, outside quotes and comments. */
function endsStatement(text: string): boolean {
  return splitStatements(`${text}\nselect`).at(-1)?.trim() === 'select'
}

function openHistory(): { readonly entries: string[]; add(text: string): void } {
  const path = join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'weir', 'history')
  const entries = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .slice(-HISTORY_LINES)
        .reverse()
    : []
  return {
    entries,
    add(text) {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        appendFileSync(path, `${text.replaceAll('\n', ' ')}\n`, { mode: 0o600 })
      } catch {
        // A history that cannot be kept must not keep anyone from querying.
      }
    },
  }
}
