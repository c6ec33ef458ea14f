/** The pages of a result: JSON documents around rows that pass through as the kernel encoded them. */
import type { KernelFrame } from '#src/kernel/kernel'

/** Rows are gathered until a page has about so many bytes. */
export const PAGE_BYTES = 1024 * 1024

/** How long a page that has rows waits for more, in ms. */
const GATHER_MS = 10

export interface Page {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** What has come: frames, whether more may follow, and what the query failed with. */
export interface Gathered {
  readonly frames: readonly KernelFrame[]
  readonly ended: boolean
  readonly error: unknown
}

/** Reads frames for one page after the other, always one ahead, so that the kernel works while the client reads. */
export class FrameReader {
  readonly #frames: AsyncIterator<KernelFrame>
  #next: Promise<IteratorResult<KernelFrame>>

  constructor(frames: AsyncIterable<KernelFrame>) {
    this.#frames = frames[Symbol.asyncIterator]()
    this.#next = this.#advance()
  }

  #advance(): Promise<IteratorResult<KernelFrame>> {
    const next = this.#frames.next()
    // Whoever gathers next is told; until then nobody listens.
    next.catch(() => undefined)
    return next
  }

  /** Waits up to `waitMs` for a first frame, then takes what is there, a page's worth at most. */
  async gather(waitMs: number): Promise<Gathered> {
    const frames: KernelFrame[] = []
    let bytes = 0
    while (bytes < PAGE_BYTES) {
      try {
        const next = await within(this.#next, frames.length === 0 ? waitMs : GATHER_MS)
        if (next === undefined) break
        if (next.done === true) return { frames, ended: true, error: undefined }
        if (next.value.bytes.length > 0) {
          if (frames.length > 0 && bytes + next.value.bytes.length > 2 * PAGE_BYTES) break
          frames.push(next.value)
          bytes += next.value.bytes.length
        }
        this.#next = this.#advance()
      } catch (error) {
        // Rows that came before the failure are given first; the failure is still there for the next page.
        if (frames.length > 0) break
        return { frames, ended: true, error }
      }
    }
    return { frames, ended: false, error: undefined }
  }

  /** Leaves the result, which ends the query. */
  async leave(): Promise<void> {
    await this.#frames.return?.()
  }
}

/** The promise's value, or undefined when it takes longer. Throws what it throws. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A document with `"data":[rows]` in it when there are rows. */
export function pageBody(document: Readonly<Record<string, unknown>>, frames: readonly KernelFrame[]): Buffer {
  const text = JSON.stringify(document)
  if (frames.length === 0) return Buffer.from(text)
  const parts: Uint8Array[] = [Buffer.from(`${text.slice(0, -1)},"data":[`)]
  for (const [index, frame] of frames.entries()) {
    if (index > 0) parts.push(Buffer.from(','))
    parts.push(frame.bytes)
  }
  parts.push(Buffer.from(']}'))
  return Buffer.concat(parts)
}
