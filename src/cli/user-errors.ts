import type { QueryError } from '#src/common/errors'

/** No server there, or not one of ours: exit code 2. */
export class InfrastructureError extends Error {}

/** `Query 2026… failed: line 1:8: …` as Trino's CLI prints it, then the hint; with the statement, its line and a caret. */
export function errorText(error: QueryError, sql?: string): string {
  const query = error.queryId === undefined ? '' : `Query ${error.queryId} failed: `
  const lines = [`${query}${error.message}`]
  const source = error.at === undefined ? undefined : sql?.split('\n')[error.at.line - 1]
  if (error.at !== undefined && source !== undefined) lines.push(source, `${source.slice(0, error.at.column - 1).replace(/[^\t]/g, ' ')}^`)
  if (error.hint !== undefined) lines.push(`Hint: ${error.hint}`)
  if (error.type === 'INTERNAL_ERROR' && error.cause instanceof Error && process.env.WEIR_DEBUG)
    lines.push(error.cause.stack ?? error.cause.message)
  return `${lines.join('\n')}\n`
}
