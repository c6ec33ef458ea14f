import { randomInt } from 'node:crypto'

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Query ids in Trino's form `YYYYMMDD_HHMMSS_NNNNN_xxxxx` (UTC time, a counter, five characters drawn once per process). */
export function createQueryIds(now: () => Date = () => new Date()): () => string {
  const suffix = Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  let count = 0
  return () => {
    const time = now().toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)
    const number = String(count % 100_000).padStart(5, '0')
    count++
    return `${time}_${number}_${suffix}`
  }
}
