/** One statement of the Trino protocol: its pages in order, the last of which can be fetched again. */
import { QueryError, toQueryError } from '#src/common/errors'
import type { QueryInfo, RunningQuery } from '#src/query/query'
import { updateHeaders } from './headers.ts'
import { columnDocuments, errorDocument, statsDocument, warningDocuments } from './mapping.ts'
import { FrameReader, type Gathered, type Page, pageBody, within } from './pages.ts'

export interface StatementSource {
  readonly id: string
  /** What only the statement's client knows of its addresses. */
  readonly slug: string
  readonly sql: string
  readonly parametricDatetime: boolean
  readonly query: Promise<RunningQuery>
  readonly info: () => QueryInfo | undefined
  readonly abort: (reason: QueryError) => void
}

/** `gone`: a page that was there once; `unknown`: one that never was. */
export type PageAnswer = Page | 'gone' | 'unknown'

const NOTHING: Gathered = { frames: [], ended: false, error: undefined }

export class Statement {
  readonly id: string
  readonly slug: string
  readonly #source: StatementSource
  readonly #begun: Promise<void>
  #query: RunningQuery | undefined
  #reader: FrameReader | undefined
  #failure: QueryError | undefined
  /** The client wants no more rows, but those that it has are its result. */
  #cut = false
  #token = 0
  #page: Page | undefined
  #pending: { readonly token: number; readonly page: Promise<Page> } | undefined
  #final = false
  #known: QueryInfo | undefined
  #accessed = Date.now()

  constructor(source: StatementSource) {
    this.id = source.id
    this.slug = source.slug
    this.#source = source
    this.#begun = source.query.then(
      (query) => {
        this.#query = query
        this.#reader = new FrameReader(query.frames)
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

  /** Milliseconds since a client last asked; 0 while one waits for its answer. */
  get idleMs(): number {
    return this.#pending === undefined ? Date.now() - this.#accessed : 0
  }

  get heldBytes(): number {
    return this.#page?.body.length ?? 0
  }

  /** The answer to the POST: always the promise of a page, never the page. */
  first(base: string): Buffer {
    return pageBody(this.#document('QUEUED', base, 1), [])
  }

  /** Waits up to `waitMs` for something new. */
  async page(token: number, waitMs: number, base: string): Promise<PageAnswer> {
    this.#accessed = Date.now()
    if (token === this.#token && this.#page !== undefined) return this.#page
    if (token <= this.#token) return 'gone'
    if (token !== this.#token + 1 || this.#final) return 'unknown'
    this.#pending ??= { token, page: this.#make(token, waitMs, base) }
    return this.#pending.page
  }

  /** Ends the query; what has ended stays as it is. */
  cancel(reason = new QueryError('USER_CANCELED', 'Query was canceled')): void {
    if (this.#final || this.#failure !== undefined || this.#cut) return
    reason.queryId ??= this.id
    this.#failure = reason
    this.#page = undefined
    this.#source.abort(reason)
    void this.#leave()
  }

  /** Ends the query, with the rows so far as its result. */
  finishEarly(): void {
    if (this.#final || this.#failure !== undefined) return
    if (this.#reader === undefined) {
      this.cancel()
      return
    }
    this.#cut = true
    this.#source.abort(new QueryError('USER_CANCELED', 'Query was canceled'))
    void this.#leave()
  }

  async #leave(): Promise<void> {
    // Its failure is the one that ended it.
    await this.#reader?.leave().catch(() => undefined)
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
    const gathered = this.#reader === undefined || this.#failure !== undefined ? NOTHING : await this.#reader.gather(left)
    // A cancel while waiting outweighs rows that came.
    const failure = this.#failure ?? (gathered.error === undefined || this.#cut ? undefined : toQueryError(gathered.error))
    if (failure !== undefined) {
      this.#final = true
      this.#reader = undefined
      const failed = { ...this.#document('FAILED', base, undefined), error: errorDocument(failure, this.#source.sql) }
      return { body: pageBody(failed, []), headers: {} }
    }
    if (!gathered.ended && !this.#cut) {
      const state = this.#query === undefined ? undefined : 'RUNNING'
      return { body: pageBody(this.#document(state, base, token + 1), gathered.frames), headers: {} }
    }
    this.#final = true
    this.#reader = undefined
    const updateType = this.#query?.updateType
    const document = { ...this.#document('FINISHED', base, undefined), ...(updateType !== undefined && { updateType }) }
    return { body: pageBody(document, gathered.frames), headers: updateHeaders(this.#query?.sessionUpdate) }
  }

  #document(state: QueryInfo['state'] | undefined, base: string, next: number | undefined): Readonly<Record<string, unknown>> {
    const { id, slug, info, parametricDatetime } = this.#source
    // The history may have forgotten a query whose rows are still being fetched.
    const known = info() ?? this.#known
    this.#known = known
    const phase = this.#query === undefined ? 'queued' : 'executing'
    return {
      id,
      infoUri: `${base}/ui/query.html?${id}`,
      ...(next !== undefined &&
        this.#query !== undefined && { partialCancelUri: `${base}/v1/statement/executing/partialCancel/${id}/0/${slug}/${next}` }),
      ...(next !== undefined && { nextUri: `${base}/v1/statement/${phase}/${id}/${slug}/${next}` }),
      ...(this.#query !== undefined && { columns: columnDocuments(this.#query.columns, parametricDatetime) }),
      ...(known !== undefined && {
        stats: statsDocument(state ?? known.state, known.stats),
        warnings: warningDocuments(known.stats.hints),
      }),
    }
  }
}
