/** A Trino client reduced to what the protocol says: POST, then GET until there is no `nextUri`. */
import { jsonOf } from '#tests/support/weir'

// biome-ignore lint/suspicious/noExplicitAny: documents are compared with literals
export type Page = any

export interface StatementResult {
  readonly pages: readonly Page[]
  readonly rows: readonly (readonly unknown[])[]
  /** The last page. */
  readonly last: Page
  /** `x-trino-…` headers of the last page. */
  readonly headers: Readonly<Record<string, string>>
}

export const CLIENT = { 'x-trino-user': 'alice', 'x-trino-client-capabilities': 'PATH,PARAMETRIC_DATETIME,SESSION_AUTHORIZATION' }

export function postStatement(url: string, sql: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${url}/v1/statement`, { method: 'POST', headers: { 'content-type': 'text/plain', ...CLIENT, ...headers }, body: sql })
}

/** Runs a statement to its end. */
export async function trinoStatement(url: string, sql: string, headers: Readonly<Record<string, string>> = {}): Promise<StatementResult> {
  let response = await postStatement(url, sql, headers)
  const pages: Page[] = [await jsonOf(response)]
  while (pages.at(-1).nextUri !== undefined) {
    // Clients need not send their headers again.
    response = await fetch(pages.at(-1).nextUri)
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
    pages.push(await jsonOf(response))
  }
  return {
    pages,
    rows: pages.flatMap((page) => page.data ?? []),
    last: pages.at(-1),
    headers: Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-trino-'))),
  }
}
