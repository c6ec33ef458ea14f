/** One statement of the Trino protocol: its pages in order, the last of which can be fetched again. */
import { QueryError, toQueryError } from '#src/common/errors'
import type { QueryInfo, RunningQuery } from '#src/query/query'
import { updateHeaders } from './headers.ts'
import { columnDocuments, errorDocument, statsDocument, warningDocuments } from './mapping.ts'
import { codedPage, emptyPage, type Page, pageBytes, plainPage } from './pages.ts'
import { type Chunk, ResultBuffer, type Taken, within } from './result-buffer.ts'
import type { ResultSpool } from './result-spool.ts'
import type { RowCoding } from './row-coding.ts'

export interface StatementSource {
  readonly id: string
  /** What only the statement's client knows of its addresses. */
  readonly slug: string
  /** Whose it is. */
  readonly user: string
  readonly sql: string
  readonly parametricDatetime: boolean
  /** How the client wants its rows; undefined: as they are. */
  readonly coding: RowCoding | undefined
  readonly spool: ResultSpool
  readonly query: Promise<RunningQuery>
  readonly info: () => QueryInfo | undefined
  readonly abort: (reason: QueryError) => void
}

/** A client that ends a statement, or has its last page and still downloads spooled rows, asks again within this time. */
const PARTING_MS = 10_000

/** `gone`: a page that was there once; `unknown`: one that never was. */
export type PageAnswer = Page | 'gone' | 'unknown'

/** A client that still reads rows of a query that has failed learns of the failure, not of rows that are gone. */
const FAILED_GRACE_MS = 60_000

const NOTHING: Taken = { chunks: [], ended: false, error: undefined }

export class Statement {
  readonly id: string
  readonly slug: string
  readonly user: string
  readonly #source: StatementSource
  readonly #begun: Promise<void>
  #query: RunningQuery | undefined
  #buffer: ResultBuffer | undefined
  #failure: QueryError | undefined
  /** The client wants no more rows, but those that it has are its result. */
  #cut = false
  #token = 0
  #page: Page | undefined
  #pending: { readonly token: number; readonly page: Promise<Page> } | undefined
  #final = false
  #known: QueryInfo | undefined
  /** Told to the client last; it never goes back. */
  #completedSplits = 0
  #accessed = Date.now()

  constructor(source: StatementSource) {
    this.id = source.id
    this.slug = source.slug
    this.user = source.user
    this.#source = source
    this.#begun = source.query.then(
      (query) => {
        this.#query = query
        this.#buffer = new ResultBuffer(query.frames, { statement: source.id, spool: source.spool, coding: source.coding })
        // Canceled between the first rows and now.
        if (this.#failure !== undefined) void this.#leave()
      },
      (error: unknown) => {
        this.#failure ??= toQueryError(error)
      },
    )
  }

  /** No rows are to come: the last page has been made, or the client wants no more. */
  get ended(): boolean {
    return this.#final || this.#failure !== undefined || this.#cut
  }

  /** Somebody may still be fetching what it gave, or has not been told how it ended. */
  get wanted(): boolean {
    if (!this.ended) return true
    return this.idleMs < PARTING_MS && (!this.#final || this.#source.spool.holds(this.id))
  }

  /** Milliseconds since a client last asked; 0 while one waits for its answer. */
  get idleMs(): number {
    return this.#pending === undefined ? Date.now() - this.#accessed : 0
  }

  get heldBytes(): number {
    return this.#page === undefined ? 0 : pageBytes(this.#page.body)
  }

  /** The answer to the POST: always the promise of a page, never the page. */
  first(base: string): Page['body'] {
    return emptyPage(this.#document('QUEUED', base, 1))
  }

  /** Waits up to `waitMs` for something new. */
  async page(token: number, waitMs: number, base: string): Promise<PageAnswer> {
    const known = this.knows(token)
    if (known !== 'later') return known
    this.#pending ??= { token, page: this.#make(token, waitMs, base) }
    return this.#pending.page
  }

  /** A client is there, though it asks for no page now: it reads what the last one told of. */
  touch(): void {
    this.#accessed = Date.now()
  }

  /** Whether the page is there or may be asked for; it is not made. */
  knows(token: number): PageAnswer | 'later' {
    this.touch()
    if (token === this.#token && this.#page !== undefined) return this.#page
    if (token <= this.#token) return 'gone'
    return token === this.#token + 1 && !this.#final ? 'later' : 'unknown'
  }

  /** Ends the query; what has ended stays as it is. */
  cancel(reason = new QueryError('USER_CANCELED', 'Query was canceled')): void {
    if (this.#final || this.#failure !== undefined || this.#cut) return
    reason.queryId ??= this.id
    this.#failure = reason
    this.#page = undefined
    this.#source.abort(reason)
    void this.#leave()
    this.#source.spool.removeStatement(this.id)
  }

  /** Ends the query, with the rows so far as its result. */
  finishEarly(): void {
    if (this.#final || this.#failure !== undefined) return
    if (this.#buffer === undefined) {
      this.cancel()
      return
    }
    this.#cut = true
    this.#source.abort(new QueryError('USER_CANCELED', 'Query was canceled'))
    void this.#leave()
  }

  async #leave(): Promise<void> {
    // Its failure is the one that ended it.
    await this.#buffer?.leave().catch(() => undefined)
  }

  async #make(token: number, waitMs: number, base: string): Promise<Page> {
    try {
      const page = await this.#build(token, waitMs, base)
      this.#token = token
      this.#page = page
      return page
    } finally {
      this.#pending = undefined
      this.#accessed = Date.now()
    }
  }

  async #build(token: number, waitMs: number, base: string): Promise<Page> {
    const started = performance.now()
    await within(this.#begun, waitMs)
    const left = Math.max(0, waitMs - (performance.now() - started))
    const taken = this.#buffer === undefined || this.#failure !== undefined ? NOTHING : await this.#buffer.take(left)
    // A cancel while waiting outweighs rows that came.
    const failure = this.#failure ?? (taken.error === undefined || this.#cut ? undefined : toQueryError(taken.error))
    if (failure !== undefined) return this.#failed(failure, base)
    const last = taken.ended || this.#cut
    const state = last ? 'FINISHED' : this.#query === undefined ? undefined : 'RUNNING'
    const updateType = last ? this.#query?.updateType : undefined
    const updateCount = last ? this.#query?.updateCount : undefined
    const document = {
      ...this.#document(state, base, last ? undefined : token + 1),
      ...(updateType !== undefined && { updateType }),
      ...(updateCount !== undefined && { updateCount }),
    }
    let body: Page['body']
    try {
      body = await this.#body(document, taken.chunks, base)
    } catch (error) {
      // Rows that cannot be read from the spool: canceled meanwhile, or a disk that fails.
      this.cancel(toQueryError(error))
      return this.#failed(this.#failure ?? toQueryError(error), base)
    }
    if (!last) return { body, headers: {} }
    this.#final = true
    this.#buffer = undefined
    return { body, headers: updateHeaders(this.#query?.sessionUpdate) }
  }

  #failed(failure: QueryError, base: string): Page {
    this.#final = true
    this.#buffer = undefined
    this.#source.spool.removeStatement(this.id, FAILED_GRACE_MS)
    const document = { ...this.#document('FAILED', base, undefined), error: errorDocument(failure, this.#source.sql) }
    return { body: emptyPage(document), headers: {} }
  }

  async #body(document: Readonly<Record<string, unknown>>, chunks: readonly Chunk[], base: string): Promise<Page['body']> {
    const { coding, spool } = this.#source
    if (coding !== undefined) return codedPage(document, chunks, coding, base)
    const body = await plainPage(document, chunks)
    for (const { content } of chunks) if (content.kind === 'file') spool.remove(content.segment)
    return body
  }

  #document(state: QueryInfo['state'] | undefined, base: string, next: number | undefined): Readonly<Record<string, unknown>> {
    const { id, slug, info, parametricDatetime } = this.#source
    // The history may have forgotten a query whose rows are still being fetched.
    const known = info() ?? this.#known
    this.#known = known
    const stats = known && statsDocument(state ?? known.state, known.stats, this.#completedSplits)
    this.#completedSplits = stats?.completedSplits ?? this.#completedSplits
    const phase = this.#query === undefined ? 'queued' : 'executing'
    return {
      id,
      infoUri: `${base}/ui/query.html?${id}`,
      ...(next !== undefined &&
        this.#query !== undefined && { partialCancelUri: `${base}/v1/statement/executing/partialCancel/${id}/0/${slug}/${next}` }),
      ...(next !== undefined && { nextUri: `${base}/v1/statement/${phase}/${id}/${slug}/${next}` }),
      ...(this.#query !== undefined && { columns: columnDocuments(this.#query.columns, parametricDatetime) }),
      ...(known !== undefined && {
        stats,
        warnings: warningDocuments(known.stats.hints),
      }),
    }
  }
}
