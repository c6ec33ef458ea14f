/**
 * Plan tests as text, `tests/plans/<rule>.plan`. Lines before the first title may name the rules that run (`rules: a, b`;
 * all of them otherwise). Then blocks:
 *
 *   -- what the rule does here
 *   SELECT …
 *   before
 *   Output[…]
 *   after
 *   Output[…]
 *
 *   -- same-plan: two ways to say it
 *   SELECT …
 *   =
 *   SELECT …
 */

export interface PlanFile {
  readonly header: readonly string[]
  /** Undefined: all. */
  readonly rules: readonly string[] | undefined
  readonly blocks: readonly PlanBlock[]
}
export type PlanBlock =
  | { readonly kind: 'rewrite'; readonly title: string; readonly sql: string; readonly before: string; readonly after: string }
  | { readonly kind: 'same-plan'; readonly title: string; readonly queries: readonly string[] }

const SAME = 'same-plan: '

export function parsePlanFile(text: string): PlanFile {
  const [head = '', ...parts] = text.split(/^-- /m)
  const header = head.trim() === '' ? [] : head.trim().split('\n')
  const rules = header.find((line) => line.startsWith('rules: '))?.slice('rules: '.length)
  return { header, rules: rules?.split(',').map((rule) => rule.trim()), blocks: parts.map(parseBlock) }
}

function parseBlock(text: string): PlanBlock {
  const [title = '', ...lines] = text.split('\n')
  const body = lines.join('\n').trim()
  if (title.startsWith(SAME))
    return { kind: 'same-plan', title: title.slice(SAME.length), queries: body.split(/^=$/m).map((sql) => sql.trim()) }
  const [sql = '', rest = ''] = body.split(/^before$/m)
  const [before = '', after = ''] = rest.split(/^after$/m)
  return { kind: 'rewrite', title, sql: sql.trim(), before: before.trim(), after: after.trim() }
}

export function printPlanFile(file: PlanFile): string {
  const header = file.header.length > 0 ? `${file.header.join('\n')}\n\n` : ''
  return `${header}${file.blocks.map(printBlock).join('\n')}`
}

function printBlock(block: PlanBlock): string {
  if (block.kind === 'same-plan') return `-- ${SAME}${block.title}\n${block.queries.join('\n=\n')}\n`
  return `-- ${block.title}\n${block.sql}\nbefore\n${block.before}\nafter\n${block.after}\n`
}
