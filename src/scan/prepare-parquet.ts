import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { spliceFooter } from '#connectors/formats/parquet/splice'
import { formatLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'
import type { ScanPlan } from '#src/physical/plan'
import { rangeSpace, unitSpace } from './cache-need.ts'
import type { CachedUnit } from './cached-unit.ts'
import { fillUnit, isFilled } from './fill-unit.ts'
import { type OpenGroup, ParquetGroups } from './group-units.ts'
import { Limiter } from './limiter.ts'
import { linkUnit } from './link-unit.ts'
import { type UnitSpec, unitsOf } from './parquet-units.ts'
import { fillSound, objectKeys, type Pins } from './pins.ts'
import { allOrFirstError, type ScanRun } from './scan-run.ts'
import type { UnitGroup } from './units.ts'

/** Units that are made or filled at once; the requests among them are limited apart. */
const UNITS = 64

/** A unit of the scan, in the plan's order; `unit` is replaced when it proves wrong on disk. */
interface Slot {
  readonly file: number
  readonly object: string
  readonly footer: ParquetFooter
  readonly group: OpenGroup
  readonly spec: UnitSpec
  unit: CachedUnit
}

export async function prepareParquet(run: ScanRun, plan: ScanPlan, pins: Pins): Promise<readonly UnitGroup[]> {
  const groups = new ParquetGroups(plan)
  const objects = objectKeys(plan)
  const linking = { possible: run.store.localPath !== undefined }
  const slots: Slot[] = []
  for (const [file, scan] of plan.files.entries()) {
    const { parquet } = scan
    if (parquet === undefined)
      throw new QueryError(
        'GENERIC_INTERNAL_ERROR',
        `The plan has no row groups for ${formatLocation({ bucket: plan.bucket, key: scan.info.key })}`,
      )
    const object = objects[file] as string
    for (const spec of unitsOf(parquet)) {
      const unit = pins.acquire(object, linking.possible && spec.name === 'all' ? 'link' : spec.name)
      slots.push({ file, object, footer: parquet.footer, group: groups.groupOf(scan, parquet), spec, unit })
    }
  }
  const unfinished = slots.filter((slot) => {
    const done = slot.unit.name === 'link' ? slot.unit.state === 'ready' : isFilled(slot.unit, slot.spec.ranges)
    if (done) run.bytes.fromCache += lengthOf(slot.spec)
    return !done
  })
  run.cache.extend(run.reservation, spaceFor(unfinished))
  const limiter = new Limiter(UNITS)
  await allOrFirstError(unfinished.map((slot) => limiter.run(() => fillSlot(run, slot, pins, linking))))
  for (const { group, unit, file } of slots) group.units.push({ path: unit.path, file })
  return groups.all()
}

async function fillSlot(run: ScanRun, slot: Slot, pins: Pins, linking: { possible: boolean }): Promise<void> {
  try {
    run.signal.throwIfAborted()
    if (slot.unit.name === 'link') {
      if (linking.possible && (await linkUnit(run, slot.unit))) {
        run.bytes.fromStore += lengthOf(slot.spec)
        return
      }
      linking.possible = false
      slot.unit = pins.acquire(slot.object, slot.spec.name)
      run.cache.extend(run.reservation, spaceFor([slot]))
    }
    const acquire = () => pins.acquire(slot.object, slot.spec.name)
    const { footer, spec } = slot
    const end = footer.fileSize - footer.footerSize
    slot.unit = await fillSound(run, slot.unit, acquire, (unit) =>
      fillUnit(run, unit, end, () => spliceFooter(footer, spec.rowGroups), spec.ranges),
    )
  } catch (error) {
    run.fail(error)
    throw error
  }
}

function lengthOf(spec: UnitSpec): number {
  return spec.ranges.reduce((sum, range) => sum + range.length, 0)
}

/** What the units still need on disk, in whole blocks: an upper bound. */
function spaceFor(slots: readonly Slot[]): number {
  let space = 0
  for (const { unit, spec, footer } of slots) {
    if (unit.name === 'link') continue
    if (unit.state === 'new') space += unitSpace(footer.footerSize)
    space += rangeSpace(spec.ranges.filter(({ start }) => !unit.chunks.has(start)))
  }
  return space
}
