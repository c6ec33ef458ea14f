/** Writes the demo's lake: raw CSV.gz as it would land, and the same trips as Parquet, partitioned by year, month and day. */

import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from '../connection.ts'
import { DEMO_DAYS, type DemoDay, demoDay, zonesCsv } from './trips.ts'

export interface DemoLake {
  readonly root: string
  readonly raw: string
  readonly trips: string
  readonly zones: string
}

const SCHEMA = 'demo'
const STAGING = 'trips_staging'

/**
 * Builds the lake below `root` unless a complete one is there. Parquet is written by Weir itself: each day's CSV is
 * registered, selected in typed form and saved as the Parquet result.
 */
export async function buildDemoLake(root: string, connection: Connection, signal: AbortSignal): Promise<DemoLake> {
  const lake: DemoLake = { root, raw: join(root, 'raw/trips/'), trips: join(root, 'trips/'), zones: join(root, 'zones/') }
  const complete = join(root, '_COMPLETE')
  if (existsSync(complete)) return lake
  rmSync(root, { recursive: true, force: true })
  mkdirSync(lake.raw, { recursive: true })
  mkdirSync(lake.zones, { recursive: true })
  writeFileSync(join(lake.zones, 'zones.csv'), zonesCsv())
  for (let index = 0; index < DEMO_DAYS; index++) await writeDay(demoDay(index), lake, connection, signal)
  await connection.dropTable(SCHEMA, STAGING)
  writeFileSync(complete, '')
  return lake
}

async function writeDay(day: DemoDay, lake: DemoLake, connection: Connection, signal: AbortSignal): Promise<void> {
  const csv = join(lake.raw, `trips-${day.date}.csv.gz`)
  writeFileSync(csv, day.csvGz)
  await connection.createTable({
    schema: SCHEMA,
    name: STAGING,
    location: csv,
    format: 'csv',
    partitionKeys: [],
    columns: [],
    properties: {},
    replace: true,
    dryRun: false,
  })
  const folder = join(lake.trips, `year=${day.year}/month=${day.month}/day=${day.day}`)
  mkdirSync(folder, { recursive: true })
  const sql = `SELECT trip_id, pickup_at, dropoff_at, CAST(pickup_zone AS integer) pickup_zone, CAST(dropoff_zone AS integer) dropoff_zone,
    CAST(passengers AS tinyint) passengers, CAST(distance_km AS decimal(6, 2)) distance_km, CAST(fare AS decimal(8, 2)) fare,
    CAST(tip AS decimal(8, 2)) tip, payment FROM ${SCHEMA}.${STAGING} ORDER BY pickup_at`
  const { chunks } = await connection.stream({ sql, schema: SCHEMA, zone: 'UTC', dryRun: false, maxBytes: undefined, signal }, 'parquet')
  const file = createWriteStream(join(folder, `trips-${day.date}.parquet`))
  for await (const chunk of chunks) if (!file.write(chunk)) await once(file, 'drain')
  file.end()
  await once(file, 'close')
}

export const DEMO_SCHEMA = SCHEMA
