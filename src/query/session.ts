import { QueryError } from '#src/common/errors'

/**
 * A session's time zone in the spelling that the engine uses: an IANA name (`Asia/Tokyo`), `UTC`, or an offset `±HH:MM`.
 * Throws INVALID_SESSION_PROPERTY with Trino's text for anything else.
 */
export function sessionZone(text: string): string {
  const offset = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text)
  if (offset !== null) {
    const hours = Number(offset[2])
    const minutes = Number(offset[3] ?? '0')
    // Trino's zones reach from -14:00 to +14:00.
    if (hours * 60 + minutes > 14 * 60 || minutes > 59) throw unknownZone(text)
    if (hours === 0 && minutes === 0) return 'UTC'
    return `${offset[1]}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
  }
  if (/^(utc|z|gmt|ut|zulu|etc\/utc)$/i.test(text)) return 'UTC'
  try {
    // Keeps the name as asked for (aliases stay), but in its canonical case.
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw unknownZone(text)
  }
}

function unknownZone(text: string): QueryError {
  return new QueryError('INVALID_SESSION_PROPERTY', `Time zone not supported: ${text}`, {
    hint: 'Use an IANA name such as Europe/Paris, or an offset such as +05:30.',
  })
}
