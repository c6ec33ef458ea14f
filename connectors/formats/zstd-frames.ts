/**
 * Finds where the frames of a zstd stream end (RFC 8878, section 3.1). Node's decompressor stops after the first frame
 * without a word, and files of several are common (pzstd, `cat a.zst b.zst`): each frame gets a decompressor of its own.
 *
 *     magic 4 | descriptor 1 | window 0-1 | dictionary id 0-4 | content size 0-8 | blocks… | checksum 0-4
 *     block: 3 bytes little-endian: last 1 bit, type 2 bits, size 21 bits; then size bytes (1 for a run)
 *     skippable: magic 0x184D2A50-5F | size 4 | size bytes
 */

/** The stream is not zstd (any more). */
export class ZstdError extends Error {}

export interface FramePiece {
  readonly bytes: Uint8Array
  /** The frame's last piece. */
  readonly last: boolean
}

const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const DICTIONARY_ID_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
const RUN_BLOCK = 1
const RESERVED_BLOCK = 3

type State = 'magic' | 'descriptor' | 'block' | 'skip-size'

export class ZstdFrames {
  #state: State = 'magic'
  /** Header bytes gathered so far, and how many the state needs. */
  readonly #head = Buffer.alloc(8)
  #have = 0
  #need = 4
  /** Bytes to pass over before the state's header. */
  #body = 0
  #checksum = false
  #skipping = false
  #endsAfterBody = false

  /** Pieces of frames, skippable ones left out. */
  push(next: Uint8Array): FramePiece[] {
    // Whether a frame is to be skipped is known with its magic: until then its bytes are kept back.
    const chunk = this.#state === 'magic' && this.#have > 0 ? Buffer.concat([this.#head.subarray(0, this.#have), next]) : next
    if (chunk !== next) this.#have = 0
    const pieces: FramePiece[] = []
    let start = 0
    let at = 0
    while (at < chunk.length) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, chunk.length - at)
        at += taken
        this.#body -= taken
      } else {
        this.#head[this.#have++] = chunk[at++] as number
        if (this.#have === this.#need) this.#header()
      }
      if (this.#body > 0 || !this.#endsAfterBody) continue
      if (!this.#skipping) pieces.push({ bytes: chunk.subarray(start, at), last: true })
      start = at
      this.#begin()
    }
    if (start < chunk.length && !this.#skipping && this.#state !== 'magic') pieces.push({ bytes: chunk.subarray(start), last: false })
    return pieces
  }

  /** Call at the stream's end. Throws ZstdError when a frame is not complete. */
  end(): void {
    if (this.#state !== 'magic' || this.#have > 0) throw new ZstdError('unexpected end of file')
  }

  #begin(): void {
    this.#next('magic', 4)
    this.#checksum = false
    this.#skipping = false
    this.#endsAfterBody = false
  }

  #next(state: State, need: number): void {
    this.#state = state
    this.#need = need
    this.#have = 0
  }

  #header(): void {
    switch (this.#state) {
      case 'magic': {
        const magic = this.#head.readUInt32LE(0)
        if (magic === MAGIC) this.#next('descriptor', 1)
        else if (magic >= SKIPPABLE && magic <= SKIPPABLE + 15) {
          this.#skipping = true
          this.#next('skip-size', 4)
        } else throw new ZstdError('unknown frame')
        return
      }
      case 'descriptor': {
        const descriptor = this.#head[0] as number
        const single = (descriptor & 0x20) !== 0
        this.#checksum = (descriptor & 0x04) !== 0
        const size = descriptor >> 6
        const sizeBytes = size === 0 && single ? 1 : (CONTENT_SIZE_BYTES[size] as number)
        this.#body = (single ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] as number) + sizeBytes
        this.#next('block', 3)
        return
      }
      case 'block': {
        const header = this.#head.readUIntLE(0, 3)
        const type = (header >> 1) & 3
        if (type === RESERVED_BLOCK) throw new ZstdError('unknown block type')
        this.#body = type === RUN_BLOCK ? 1 : header >> 3
        this.#endsAfterBody = (header & 1) === 1
        if (this.#endsAfterBody && this.#checksum) this.#body += 4
        this.#next('block', 3)
        return
      }
      case 'skip-size':
        this.#body = this.#head.readUInt32LE(0)
        this.#endsAfterBody = true
        this.#next('skip-size', 4)
        return
    }
  }
}
