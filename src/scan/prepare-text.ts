import { open } from 'node:fs/promises'
import { CODEC_BYTES, detectCodec } from '#connectors/formats/codec'
import { HEAD_BYTES, readHead } from '#connectors/formats/csv/head'
import { type CsvOptions, csvOptions } from '#connectors/formats/csv/options'
import { type HiveText, hiveText } from '#connectors/formats/text-serde'
import { formatLocation } from '#connectors/storage/location'
import type { FileScan, ScanPlan } from '#src/physical/plan'
import type { CachedUnit, TextHead } from './cached-unit.ts'
import { fillText, markLength } from './fill-text.ts'
import { TextGroups } from './group-units.ts'
import { Limiter } from './limiter.ts'
import { linkUnit } from './link-unit.ts'
import { fillSound, objectKeys, type Pins } from './pins.ts'
import { allOrFirstError, type ScanRun } from './scan-run.ts'
import type { UnitGroup } from './units.ts'

/** Files that are downloaded or linked at once; each download has several requests of its own. */
const FILES = 16

interface Slot {
  readonly file: number
  readonly scan: FileScan
  readonly object: string
  readonly location: string
  unit: CachedUnit
}

/** How a CSV table's files are read. */
interface Reading {
  readonly options: CsvOptions
  readonly columns: readonly string[]
  key: string
}

export async function prepareText(run: ScanRun, plan: ScanPlan, pins: Pins): Promise<readonly UnitGroup[]> {
  const hive = plan.format === 'csv' ? hiveText(plan.table.properties) : undefined
  const csv = plan.format === 'csv' && hive === undefined ? csvOptions(plan.table.properties) : undefined
  const reading = csv && { options: csv, columns: plan.table.columns.map((column) => column.name), key: '' }
  if (reading !== undefined) reading.key = JSON.stringify([reading.options, reading.columns])
  const linking = { possible: run.store.localPath !== undefined }
  const objects = objectKeys(plan)
  const slots = plan.files.map((scan, file): Slot => {
    const object = objects[file] as string
    return {
      file,
      scan,
      object,
      location: formatLocation({ bucket: plan.bucket, key: scan.info.key }),
      unit: acquire(run, pins, object, linking.possible),
    }
  })
  const isDone = (unit: CachedUnit) => unit.state === 'ready' && (reading === undefined || unit.head?.reading === reading.key)
  const unfinished = slots.filter(({ unit }) => !isDone(unit))
  for (const { unit } of slots) if (isDone(unit)) run.bytes.fromCache += unit.end
  run.cache.extend(
    run.reservation,
    unfinished.reduce((sum, { unit, scan }) => sum + (unit.state === 'new' && unit.name === 'text' ? scan.info.size : 0), 0),
  )
  const limiter = new Limiter(FILES)
  await allOrFirstError(unfinished.map((slot) => limiter.run(() => fillSlot(run, slot, pins, linking, reading))))
  return group(plan, slots, reading, hive)
}

/** A local text that was decompressed before is found as such; else it is linked if it can be. */
function acquire(run: ScanRun, pins: Pins, object: string, linkable: boolean): CachedUnit {
  return pins.acquire(object, linkable && !run.cache.object(object).units.has('text') ? 'link' : 'text')
}

async function fillSlot(run: ScanRun, slot: Slot, pins: Pins, linking: { possible: boolean }, reading: Reading | undefined): Promise<void> {
  try {
    run.signal.throwIfAborted()
    if (slot.unit.name === 'link' && !(await linkText(run, slot, linking))) {
      slot.unit = pins.acquire(slot.object, 'text')
      if (slot.unit.state === 'new') run.cache.extend(run.reservation, slot.scan.info.size)
    }
    if (slot.unit.name === 'text')
      slot.unit = await fillSound(
        run,
        slot.unit,
        () => pins.acquire(slot.object, 'text'),
        (unit) => fillText(run, unit),
      )
    if (reading !== undefined && slot.unit.head?.reading !== reading.key) slot.unit.head = await readTextHead(slot, reading)
  } catch (error) {
    run.fail(error)
    throw error
  }
}

/** Plain UTF-8 text can be read where it is; anything else is written anew. */
async function linkText(run: ScanRun, slot: Slot, linking: { possible: boolean }): Promise<boolean> {
  const { unit, scan, location } = slot
  if (unit.state === 'ready') {
    run.bytes.fromCache += unit.end
    return true
  }
  if (!linking.possible) return false
  const { bytes } = await run.store.get({
    key: scan.info.key,
    range: { start: 0, length: Math.min(CODEC_BYTES, scan.info.size) },
    ifVersion: scan.info.version,
    signal: run.signal,
  })
  if (detectCodec(bytes, location) !== 'plain' || markLength(bytes, location) > 0) return false
  if (!(await linkUnit(run, unit))) {
    linking.possible = false
    return false
  }
  run.bytes.fromStore += unit.end
  return true
}

async function readTextHead(slot: Slot, reading: Reading): Promise<TextHead> {
  await using file = await open(slot.unit.path, 'r')
  const bytes = Buffer.alloc(Math.min(HEAD_BYTES, slot.unit.end))
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
  const head = readHead(bytes.toString('utf8', 0, bytesRead), bytesRead === slot.unit.end, reading.options, reading.columns, slot.location)
  return { reading: reading.key, ...(head ?? { columns: [], skip: 0 }) }
}

function group(plan: ScanPlan, slots: readonly Slot[], reading: Reading | undefined, hive: HiveText | undefined): readonly UnitGroup[] {
  const groups = new TextGroups(plan)
  for (const { file, unit } of slots) {
    if (hive !== undefined) groups.hiveGroup(hive).units.push({ path: unit.path, file })
    else if (reading === undefined) groups.jsonGroup().units.push({ path: unit.path, file })
    else if (unit.head !== undefined && unit.head.columns.length > 0) {
      const { columns, skip } = unit.head
      const { delimiter, quote, escape: escaping, nullText } = reading.options
      groups.csvGroup(columns, { delimiter, quote, escape: escaping, nullText, skip }).units.push({ path: unit.path, file })
    }
  }
  return groups.all()
}
