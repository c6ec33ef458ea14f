/** The verdict of dt-sql-parser's Trino grammar (ANTLR, made from Trino 450's): one statement up to the end of the text. */
import { BaseErrorListener, CharStreams, CommonTokenStream, PredictionMode } from 'antlr4ng'
import { TrinoSqlLexer } from 'dt-sql-parser/dist/lib/trino/TrinoSqlLexer.js'
import { TrinoSqlParser } from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js'

class Errors extends BaseErrorListener {
  count = 0
  override syntaxError(): void {
    this.count++
  }
}

export function grammarAccepts(text: string): boolean {
  // Full-context prediction is slow and rarely needed: only where the fast mode fails.
  return run(text, PredictionMode.SLL) || run(text, PredictionMode.LL)
}

function run(text: string, mode: PredictionMode): boolean {
  const errors = new Errors()
  const lexer = new TrinoSqlLexer(CharStreams.fromString(text))
  lexer.removeErrorListeners()
  lexer.addErrorListener(errors)
  const tokens = new CommonTokenStream(lexer)
  const parser = new TrinoSqlParser(tokens)
  parser.removeErrorListeners()
  parser.addErrorListener(errors)
  parser.interpreter.predictionMode = mode as never
  parser.singleStatement()
  return errors.count === 0 && tokens.LA(1) === -1
}
