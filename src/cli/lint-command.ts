/** `weir lint`: what is wrong with a table's files, what mending it would save, and the statements that mend it. */
import { Command } from 'commander'
import { formatName } from '#catalog/ddl'
import { tableName } from './catalog-commands.ts'
import { cellText, exactJson } from './json-rows.ts'
import { formatBytes } from './output.ts'
import type { CommandContext, GlobalOptions } from './program.ts'

export function lintCommand(context: CommandContext): Command {
  return new Command('lint')
    .description("look at a table's files: what makes its queries slow or wrong, and the statements that mend it")
    .argument('<table>', '[schema.]table')
    .option('--json', 'findings as a JSON document', false)
    .action(async (text: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { readonly json: boolean }>()
      const table = tableName(text, options.schema)
      const connection = await context.connect(options)
      try {
        // A table that is not there is told as such, not as one without findings.
        await connection.getTable(table.schema, table.name)
        const { columns, rows } = await connection.query({
          sql: `SELECT * FROM lake.${formatName(table.schema)}."${table.name.replaceAll('"', '""')}$lint"`,
          schema: options.schema,
          zone: 'UTC',
          dryRun: false,
          maxBytes: undefined,
          signal: new AbortController().signal,
        })
        const named = rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])))
        const full = `${table.schema}.${table.name}`
        context.terminal.stdout.write(options.json ? `${exactJson({ table: full, findings: named })}\n` : report(full, named))
      } finally {
        await connection.close()
      }
    })
}

type Named = Readonly<Record<string, unknown>>

function report(table: string, findings: readonly Named[]): string {
  if (findings.length === 0) return `${table}: nothing found\n`
  const blocks = findings.map((found) => {
    const lines = [`${cellText(found.finding)}: ${cellText(found.detail)}`]
    const saved = savings(found)
    if (saved !== '') lines.push(`  saves ${saved}`)
    if (found.statement !== null) lines.push(`  ${cellText(found.statement)};`)
    return lines.join('\n')
  })
  return `${table}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}\n\n${blocks.join('\n\n')}\n`
}

/** `398 requests, about 0.4 s`: of a query that reads the whole table. */
function savings({ saved_bytes: bytes, saved_requests: requests, saved_ms: ms }: Named): string {
  const number = (value: unknown): number => Number(cellText(value))
  const parts = [
    ...(bytes === null ? [] : [formatBytes(number(bytes))]),
    ...(requests === null ? [] : [`${number(requests).toLocaleString('en-US')} requests`]),
    ...(ms === null ? [] : [`about ${number(ms) < 1000 ? `${Math.ceil(number(ms))} ms` : `${(number(ms) / 1000).toFixed(1)} s`}`]),
  ]
  return parts.length === 0 ? '' : `${parts.join(', ')} of a query of the whole table`
}
