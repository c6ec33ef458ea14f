/** Headers as text: of names beyond ASCII they carry the UTF-8 bytes, of which Node makes a character each. */
import type { IncomingHttpHeaders } from 'node:http'

/** Repeated headers are joined by commas; undefined when there is none, or one of spaces only. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  const text = fromHeader((Array.isArray(value) ? value.join(',') : value)?.trim())
  return text === '' ? undefined : text
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What is no UTF-8 is what it looks like. */
function fromHeader(text: string | undefined): string | undefined {
  if (text === undefined || !/[\u0080-\u00ff]/.test(text)) return text
  try {
    return utf8.decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

export const toHeader = (text: string): string =>
  Buffer.from(text.replace(/\p{Cc}/gu, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)).toString(
    'latin1',
  )
