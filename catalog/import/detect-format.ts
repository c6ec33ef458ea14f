/** What kind of files a sample holds: by their names, and by the bytes of a few whose names say nothing. */
import { detectFormat, formatByName } from '#connectors/formats/detect'
import { formatLocation } from '#connectors/storage/location'
import type { ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import { listingError } from '../listing-error.ts'
import type { FileFormat } from '../model.ts'
import { type Sample, spread } from './sample-files.ts'

/** Files without a telling name that are looked into. */
const LOOKED_INTO = 3

/**
 * The one format of all files seen. Throws GENERIC_USER_ERROR naming a file of each where there are two,
 * HIVE_UNSUPPORTED_FORMAT for formats that Weir does not read.
 */
export async function detectTableFormat(sample: Sample, store: ObjectStore, signal?: AbortSignal): Promise<FileFormat> {
  const examples = new Map<FileFormat, ObjectInfo>()
  const unknown: ObjectInfo[] = []
  for (const info of sample.files) {
    const format = formatByName(info.key)
    if (format === undefined) unknown.push(info)
    else if (!examples.has(format)) examples.set(format, info)
  }
  if (examples.size < 2) {
    for (const info of spread(unknown, LOOKED_INTO)) {
      const format = await formatOf(info, store, signal)
      if (!examples.has(format)) examples.set(format, info)
    }
  }
  const [first, second] = [...examples]
  if (first === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A sample without files')
  if (second === undefined) return first[0]
  const folder = sample.location.key.lastIndexOf('/') + 1
  const say = ([format, info]: readonly [FileFormat, ObjectInfo]) => `'${info.key.slice(folder)}' is ${format.toUpperCase()}`
  throw new QueryError(
    'GENERIC_USER_ERROR',
    `Files under ${formatLocation(sample.location)} have different formats: ${say(first)}, ${say(second)}`,
    {
      hint: 'A table has one format: keep other files in another folder, or begin their names with _ or .',
    },
  )
}

async function formatOf(info: ObjectInfo, store: ObjectStore, signal: AbortSignal | undefined): Promise<FileFormat> {
  try {
    return await detectFormat(store, info, signal)
  } catch (error) {
    throw listingError(error)
  }
}
