import { createReadStream } from 'node:fs'

const NEWLINE = 10

/** The number, from 1, of the line that holds the byte (from 1) of a text file. */
export async function lineAt(path: string, byte: number): Promise<number> {
  let line = 1
  if (byte <= 1) return line
  for await (const bytes of createReadStream(path, { end: byte - 2, highWaterMark: 1 << 20 }))
    for (const value of bytes as Uint8Array) if (value === NEWLINE) line++
  return line
}
