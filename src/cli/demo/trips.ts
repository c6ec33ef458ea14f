/** The demo's raw data: taxi trips that come out the same on every machine. */
import { gzipSync } from 'node:zlib'

export const DEMO_DAYS = 60
export const TRIPS_PER_DAY = 5000
const FIRST_DAY = Date.UTC(2024, 0, 15)
const DAY_MS = 86_400_000

const ZONES: readonly (readonly [number, string, string])[] = [
  [1, 'Airport', 'East'],
  [2, 'Harbour', 'South'],
  [3, 'Old Town', 'Centre'],
  [4, 'University', 'North'],
  [5, 'Central Station', 'Centre'],
  [6, 'Stadium', 'West'],
  [7, 'Botanical Garden', 'North'],
  [8, 'Exhibition Grounds', 'West'],
  [9, 'Riverside', 'South'],
  [10, 'Technology Park', 'East'],
]

/** Marsaglia's xorshift32: small, fast and the same everywhere. Numbers in [0, 1). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}

export interface DemoDay {
  readonly year: number
  readonly month: number
  readonly day: number
  /** `2024-02-14`. */
  readonly date: string
  /** gzip of the day's CSV, trips in order of pickup. */
  readonly csvGz: Uint8Array
}

const two = (value: number): string => String(value).padStart(2, '0')

export function demoDay(index: number): DemoDay {
  const start = FIRST_DAY + index * DAY_MS
  const random = createRandom(index + 1)
  const lines = ['trip_id,pickup_at,dropoff_at,pickup_zone,dropoff_zone,passengers,distance_km,fare,tip,payment']
  for (let trip = 0; trip < TRIPS_PER_DAY; trip++) {
    const pickup = start + Math.floor(((trip + random()) / TRIPS_PER_DAY) * DAY_MS)
    const minutes = 3 + random() ** 2 * 60
    const distance = minutes * (0.25 + random() * 0.5)
    const fare = 3.5 + distance * 1.9 + minutes * 0.3
    const card = random() < 0.72
    lines.push(
      [
        index * TRIPS_PER_DAY + trip + 1,
        stamp(pickup),
        stamp(pickup + Math.floor(minutes * 60_000)),
        1 + Math.floor(random() * ZONES.length),
        1 + Math.floor(random() * ZONES.length),
        1 + Math.floor(random() ** 3 * 5),
        distance.toFixed(2),
        fare.toFixed(2),
        card ? (fare * random() * 0.3).toFixed(2) : '0.00',
        card ? 'card' : 'cash',
      ].join(','),
    )
  }
  const date = new Date(start)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    date: isoDay(start),
    csvGz: gzipSync(`${lines.join('\n')}\n`, { level: 6 }),
  }
}

/** `2024-02-14 08:05:09`: of the day, or of the one after it. */
function stamp(ms: number): string {
  return `${isoDay(ms - (ms % DAY_MS))} ${two(Math.floor(ms / 3_600_000) % 24)}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}`
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export function zonesCsv(): string {
  return `zone_id,zone,borough\n${ZONES.map((zone) => zone.join(',')).join('\n')}\n`
}
